//! An MQTT client that sees every byte: what a picky device would trip over, it notices.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The protocol level in CONNECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// MQTT 3.1.1.
    V4 = 4,
    /// MQTT 5.
    V5 = 5,
}

pub const BOTH: [Level; 2] = [Level::V4, Level::V5];

/// What a will says.
#[derive(Clone, Debug)]
pub struct Will<'a> {
    pub topic: &'a str,
    pub payload: &'a str,
    pub retain: bool,
}

/// How to introduce oneself.
#[derive(Clone, Debug)]
pub struct Hello<'a> {
    pub level: Level,
    pub client_id: &'a str,
    pub user: Option<(&'a str, &'a str)>,
    pub will: Option<Will<'a>>,
    pub clean: bool,
}

impl<'a> Hello<'a> {
    /// As a well-behaved device does.
    pub fn device(level: Level, serial: &'a str, password: &'a str) -> Self {
        Self {
            level,
            client_id: serial,
            user: Some((serial, password)),
            will: None,
            clean: true,
        }
    }
}

/// A packet as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Type and flags.
    pub first: u8,
    /// Everything after the length.
    pub body: Vec<u8>,
}

impl Packet {
    /// The type, 1 to 15.
    pub fn kind(&self) -> u8 {
        self.first >> 4
    }

    /// The packet id of an acknowledgement.
    pub fn id(&self) -> u16 {
        u16::from_be_bytes([self.body[0], self.body[1]])
    }
}

pub const PUBLISH: u8 = 3;
pub const PUBACK: u8 = 4;
pub const PUBREC: u8 = 5;
pub const PUBCOMP: u8 = 7;
pub const SUBACK: u8 = 9;
pub const PINGRESP: u8 = 13;

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A packet.
    Packet(Packet),
    /// The other side has closed.
    Closed,
    /// Nothing, for as long as one was ready to wait.
    Silence,
}

/// A connection.
pub struct Raw {
    pub level: Level,
    stream: TcpStream,
    received: Vec<u8>,
}

impl Raw {
    /// Connects and returns the server's answer, which may be a refusal.
    pub fn try_connect(address: SocketAddr, hello: &Hello<'_>) -> std::io::Result<(Self, Heard)> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let mut client = Self {
            level: hello.level,
            stream,
            received: Vec::new(),
        };
        client.stream.write_all(&connect(hello))?;
        let answer = client.hear(PATIENCE);
        Ok((client, answer))
    }

    /// Connects, and expects to be let in.
    pub fn connect(address: SocketAddr, hello: &Hello<'_>) -> Self {
        let (client, answer) = Self::try_connect(address, hello).expect("the broker listens");
        let Heard::Packet(Packet { first: 0x20, body }) = answer else {
            panic!("{hello:?} is not answered: {answer:?}")
        };
        assert_eq!(body[1], 0, "{hello:?} is refused");
        client
    }

    /// Connects, and returns the code it is refused with.
    pub fn refusal(address: SocketAddr, hello: &Hello<'_>) -> u8 {
        let (mut client, answer) = Self::try_connect(address, hello).expect("the broker listens");
        let Heard::Packet(Packet { first: 0x20, body }) = answer else {
            panic!("{hello:?} is not answered: {answer:?}")
        };
        assert_eq!(client.hear(PATIENCE), Heard::Closed, "a refused connection is closed");
        body[1]
    }

    /// Publishes, without waiting. `id` is needed above `QoS` 0.
    pub fn publish(&mut self, topic: &str, payload: &[u8], qos: u8, id: u16, retain: bool) {
        let packet = publish(self.level, topic, payload, qos, id, retain);
        self.send(&packet);
    }

    /// Publishes at `QoS` 1 and returns the acknowledgement.
    pub fn publish_and_wait(&mut self, topic: &str, payload: &[u8], id: u16) -> Packet {
        self.publish(topic, payload, 1, id, false);
        let answer = self.expect(PUBACK);
        assert_eq!(answer.id(), id);
        answer
    }

    /// Subscribes at `QoS` 1 and returns the code of the answer.
    pub fn subscribe(&mut self, filter: &str) -> u8 {
        self.send(&subscribe(self.level, filter));
        *self.expect(SUBACK).body.last().expect("a SUBACK holds a code")
    }

    /// Whether the connection still works.
    pub fn answers_ping(&mut self) -> bool {
        self.send(&[0xC0, 0]);
        matches!(self.hear(PATIENCE), Heard::Packet(answer) if answer.kind() == PINGRESP)
    }

    /// Sends bytes as they are. If the other side is gone, reading will tell.
    pub fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// The next packet, which must be of this kind.
    pub fn expect(&mut self, kind: u8) -> Packet {
        match self.hear(PATIENCE) {
            Heard::Packet(packet) if packet.kind() == kind => packet,
            other => panic!("expected a packet of type {kind}, heard {other:?}"),
        }
    }

    /// The topic and payload of a message.
    pub fn open(&self, packet: &Packet) -> (String, Vec<u8>) {
        let (length, rest) = packet.body.split_at(2);
        let (topic, mut rest) = rest.split_at(usize::from(u16::from_be_bytes([length[0], length[1]])));
        if packet.first & 0b110 != 0 {
            rest = &rest[2..];
        }
        if self.level == Level::V5 {
            assert!(rest[0] < 128, "no long properties are expected");
            rest = &rest[1 + usize::from(rest[0])..];
        }
        (
            String::from_utf8(topic.to_vec()).expect("topics are UTF-8"),
            rest.to_vec(),
        )
    }

    /// The next packet, or that there is none.
    pub fn hear(&mut self, patience: Duration) -> Heard {
        self.stream
            .set_read_timeout(Some(patience))
            .expect("a timeout can be set");
        let mut chunk = [0; 4096];
        loop {
            if let Some(packet) = self.take() {
                return Heard::Packet(packet);
            }
            match self.stream.read(&mut chunk) {
                Ok(0) => return Heard::Closed,
                Ok(read) => self.received.extend_from_slice(&chunk[..read]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    return Heard::Silence;
                }
                Err(_) => return Heard::Closed,
            }
        }
    }

    fn take(&mut self) -> Option<Packet> {
        let mut length = 0_usize;
        for (index, byte) in self.received.iter().skip(1).take(4).enumerate() {
            length |= usize::from(byte & 0x7F) << (7 * index);
            if byte & 0x80 == 0 {
                let start = index + 2;
                let body = self.received.get(start..start + length)?.to_vec();
                let first = self.received[0];
                self.received.drain(..start + length);
                return Some(Packet { first, body });
            }
        }
        None
    }
}

/// A whole packet.
pub fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    let mut length = body.len();
    loop {
        let low = u8::try_from(length & 0x7F).expect("seven bits fit");
        length >>= 7;
        bytes.push(if length > 0 { low | 0x80 } else { low });
        if length == 0 {
            break;
        }
    }
    bytes.extend_from_slice(body);
    bytes
}

/// A PUBLISH packet.
pub fn publish(level: Level, topic: &str, payload: &[u8], qos: u8, id: u16, retain: bool) -> Vec<u8> {
    let mut body = Vec::new();
    text(&mut body, topic);
    if qos > 0 {
        body.extend_from_slice(&id.to_be_bytes());
    }
    if level == Level::V5 {
        body.push(0);
    }
    body.extend_from_slice(payload);
    packet(0x30 | qos << 1 | u8::from(retain), &body)
}

/// A SUBSCRIBE packet with id 9, at `QoS` 1.
pub fn subscribe(level: Level, filter: &str) -> Vec<u8> {
    let mut body = vec![0, 9];
    if level == Level::V5 {
        body.push(0);
    }
    text(&mut body, filter);
    body.push(1);
    packet(0x82, &body)
}

fn connect(hello: &Hello<'_>) -> Vec<u8> {
    let mut body = Vec::new();
    text(&mut body, "MQTT");
    let mut flags = u8::from(hello.clean) << 1;
    if let Some(will) = &hello.will {
        flags |= 0b0000_1100 | u8::from(will.retain) << 5;
    }
    if hello.user.is_some() {
        flags |= 0b1100_0000;
    }
    body.extend_from_slice(&[hello.level as u8, flags, 0, 60]);
    let v5 = hello.level == Level::V5;
    if v5 {
        // Session expiry: an hour.
        body.extend_from_slice(&[5, 0x11, 0, 0, 0x0E, 0x10]);
    }
    text(&mut body, hello.client_id);
    if let Some(will) = &hello.will {
        if v5 {
            body.push(0);
        }
        text(&mut body, will.topic);
        text(&mut body, will.payload);
    }
    if let Some((user, password)) = hello.user {
        text(&mut body, user);
        text(&mut body, password);
    }
    packet(0x10, &body)
}

fn text(body: &mut Vec<u8>, text: &str) {
    let length = u16::try_from(text.len()).expect("a text in MQTT is short");
    body.extend_from_slice(&length.to_be_bytes());
    body.extend_from_slice(text.as_bytes());
}
