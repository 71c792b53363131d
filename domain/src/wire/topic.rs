//! Topics: one device, one subtree.

use core::fmt;

use crate::serial::Serial;

const ROOT: &str = "templog/v1/";
const LONGEST_COMMAND: usize = 32;

/// Every device's telemetry.
pub const TELEMETRY_FILTER: &str = "templog/v1/+/telemetry";
/// Every device's status.
pub const STATUS_FILTER: &str = "templog/v1/+/status";
/// Every device's replies to commands.
pub const REPLY_FILTER: &str = "templog/v1/+/reply";

/// A topic of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Topic<'a> {
    /// Whose subtree.
    pub serial: Serial,
    /// Where in it.
    pub leaf: Leaf<'a>,
}

/// The part of a topic below the serial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leaf<'a> {
    /// Readings, device to server.
    Telemetry,
    /// Presence and self-description, device to server, retained; also the will.
    Status,
    /// Which readings are stored, server to device.
    Ack,
    /// A command by its name, server to device.
    Command(&'a str),
    /// The answer to a command, device to server.
    Reply,
}

/// Not a topic of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a topic of the form templog/v1/{{serial}}/…")]
pub struct BadTopic;

impl<'a> Topic<'a> {
    /// The topic of `serial` at `leaf`.
    pub const fn new(serial: Serial, leaf: Leaf<'a>) -> Self {
        Self { serial, leaf }
    }

    /// Reads a topic name; filters with wildcards and other spellings of a serial are no topics.
    pub fn parse(topic: &'a str) -> Result<Self, BadTopic> {
        let rest = topic.strip_prefix(ROOT).ok_or(BadTopic)?;
        let (serial, leaf) = rest.split_once('/').ok_or(BadTopic)?;
        let serial = Serial::from_canonical(serial).map_err(|_| BadTopic)?;
        let leaf = match leaf {
            "telemetry" => Leaf::Telemetry,
            "status" => Leaf::Status,
            "ack" => Leaf::Ack,
            "reply" => Leaf::Reply,
            _ => Leaf::Command(leaf.strip_prefix("cmd/").filter(is_command).ok_or(BadTopic)?),
        };
        Ok(Self { serial, leaf })
    }

    /// The filter under which a device receives all its commands.
    pub fn command_filter(serial: Serial) -> impl fmt::Display {
        Topic::new(serial, Leaf::Command("#"))
    }
}

fn is_command(name: &&str) -> bool {
    let letters = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
    (1..=LONGEST_COMMAND).contains(&name.len()) && name.bytes().all(letters)
}

impl fmt::Display for Topic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ROOT}{}/", self.serial)?;
        match self.leaf {
            Leaf::Telemetry => f.write_str("telemetry"),
            Leaf::Status => f.write_str("status"),
            Leaf::Ack => f.write_str("ack"),
            Leaf::Command(name) => write!(f, "cmd/{name}"),
            Leaf::Reply => f.write_str("reply"),
        }
    }
}
