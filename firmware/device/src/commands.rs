//! Requests from the server: each is done once and answered once, however often it is delivered.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use domain::wire::command::{Command, Reply};

use crate::kept::Kept;
use crate::reading::Reading;
use crate::uptime::Uptime;

/// Requests remembered, so that a redelivered one is recognised.
const REMEMBERED: usize = 16;
/// Requests and replies that may wait at once; beyond it the oldest is dropped.
const MOST_WAITING: usize = 8;
/// The board has this long to measure after a `read_now`, ms.
const READ_WITHIN_MS: u64 = 8_000;

/// A command as it came in.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// The last level of its topic.
    pub name: &'a str,
    /// JSON.
    pub payload: &'a [u8],
    /// Correlation data (MQTT 5).
    pub correlation: Option<&'a [u8]>,
}

/// What the board has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Measure at once and hand in the sample.
    Measure,
    /// Blink.
    Identify,
    /// Take a sample every so many seconds from now on.
    SetInterval(u32),
    /// Switch the lamp.
    Led(bool),
    /// Start anew, after everything that `poll` still yields is sent.
    Restart,
}

/// Whom to answer, and how they will recognise the answer.
#[derive(Clone, Debug, Default)]
struct Sender {
    correlation: Option<Vec<u8>>,
    id: Option<String>,
}

/// The desk where commands come in and replies go out.
#[derive(Debug, Default)]
pub struct Desk {
    seen: VecDeque<Vec<u8>>,
    /// Who waits for a measurement, and since when.
    readers: VecDeque<(Uptime, Sender)>,
    replies: VecDeque<(Reply, Option<Vec<u8>>)>,
}

impl Desk {
    /// Takes a command in; `None` if it is refused or was seen before.
    pub fn receive(&mut self, now: Uptime, incoming: Incoming<'_>) -> Option<Action> {
        let request = Command::parse(incoming.name, incoming.payload);
        let id = request.as_ref().ok().and_then(|request| request.id.clone());
        let correlation = incoming.correlation.map(<[u8]>::to_vec);
        let key = correlation.clone().or_else(|| id.clone().map(String::into_bytes));
        if key.is_some_and(|key| self.is_repeated(key)) {
            return None;
        }
        let sender = Sender { correlation, id };
        let command = match request {
            Ok(request) => request.command,
            Err(malformed) => {
                self.reply(Reply::failed(sender.id, malformed.reason), sender.correlation);
                return None;
            }
        };
        let action = match command {
            Command::ReadNow => {
                push_bounded(&mut self.readers, (now, sender), MOST_WAITING);
                return Some(Action::Measure);
            }
            Command::Identify => Action::Identify,
            Command::Set { interval_s } => Action::SetInterval(interval_s),
            Command::Led { on } => Action::Led(on),
            Command::Restart => Action::Restart,
        };
        self.reply(Reply::done(sender.id), sender.correlation);
        Some(action)
    }

    /// Tells everyone who asked for it what was measured.
    pub fn measured(&mut self, reading: &Reading, kept: &Kept) {
        while let Some((_, sender)) = self.readers.pop_front() {
            let reply = match reading.values {
                Err(failure) => Reply::failed(sender.id, failure.as_str()),
                Ok(values) => {
                    let number = |reply: Reply, name, value: Option<f64>| match value {
                        Some(value) => reply.with(name, value),
                        None => reply,
                    };
                    let reply = number(Reply::done(sender.id), "t", values.t);
                    let reply = number(reply, "h", values.h);
                    match kept.at() {
                        Some(at) => reply.with("at", at.as_millis()),
                        None => reply,
                    }
                }
            };
            self.reply(reply, sender.correlation);
        }
    }

    /// The next reply to send, with its correlation data.
    pub fn next_reply(&mut self, now: Uptime) -> Option<(Reply, Option<Vec<u8>>)> {
        if self.next_deadline().is_some_and(|deadline| deadline <= now)
            && let Some((_, sender)) = self.readers.pop_front()
        {
            self.reply(
                Reply::failed(sender.id, "the sensor did not answer"),
                sender.correlation,
            );
        }
        self.replies.pop_front()
    }

    /// When the first who waits for a measurement will be told that there is none.
    pub fn next_deadline(&self) -> Option<Uptime> {
        self.readers.front().map(|(since, _)| since.plus_millis(READ_WITHIN_MS))
    }

    fn reply(&mut self, reply: Reply, correlation: Option<Vec<u8>>) {
        push_bounded(&mut self.replies, (reply, correlation), MOST_WAITING);
    }

    fn is_repeated(&mut self, key: Vec<u8>) -> bool {
        let repeated = self.seen.contains(&key);
        if !repeated {
            push_bounded(&mut self.seen, key, REMEMBERED);
        }
        repeated
    }
}

fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, most: usize) {
    if queue.len() == most {
        queue.pop_front();
    }
    queue.push_back(item);
}
