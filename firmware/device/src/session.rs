//! What a device knows of MQTT 5: how it introduces itself, when it must speak, and what a refusal means.

use crate::backoff::Cause;
use crate::uptime::Uptime;

/// The broker cuts a connection after one and a half of this in silence, seconds.
pub const KEEP_ALIVE_S: u16 = 30;
/// Nothing of an old session is wanted: readings wait in the ring until the server has them, whatever a broker
/// remembers, and a command for a device that was away is the server's to repeat, if it still means it.
pub const CLEAN_START: bool = true;
/// For the same reason the broker may forget the session with the connection, seconds.
pub const SESSION_EXPIRY_S: u32 = 0;
/// The broker says the will at once: whether it is believed is the server's decision.
pub const WILL_DELAY_S: u32 = 0;
/// Largest message taken, bytes: a command is smaller, an ack of 32 ranges too. It is announced, so a broker never
/// sends what would not fit.
pub const MAX_PACKET_BYTES: u32 = 4 * 1024;

/// What a reason code of CONNACK or DISCONNECT means for the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How soon to try again.
    pub cause: Cause,
    /// For the log and the lamp, in words.
    pub words: &'static str,
}

/// Explains a reason code (MQTT 5, section 2.4). Asking again soon helps against a broker in trouble; against a wrong
/// password, a ban, or somebody else with this device's name it only makes noise.
pub const fn verdict(reason: u8) -> Verdict {
    let (cause, words) = match reason {
        0x00 => (Cause::Lost, "the broker ended the connection"),
        0x81 => (Cause::Lost, "the broker could not read the packet"),
        0x82 => (Cause::Lost, "the broker found a protocol error"),
        0x84 => (Cause::Refused, "the broker does not speak MQTT 5"),
        0x85 => (Cause::Refused, "the broker does not accept this client id"),
        0x86 => (Cause::Refused, "the name or the password is wrong"),
        0x87 => (Cause::Refused, "this device may not connect"),
        0x88 => (Cause::Lost, "the broker is not available"),
        0x89 => (Cause::Lost, "the broker is busy"),
        0x8a => (Cause::Refused, "this device is banned"),
        0x8b => (Cause::Lost, "the broker is shutting down"),
        0x8c => (Cause::Refused, "the broker wants another way to sign in"),
        0x8d => (Cause::Lost, "the broker heard nothing for too long"),
        0x8e => (Cause::Refused, "another device uses the same credentials"),
        0x93 => (Cause::Lost, "more messages were under way than the broker takes"),
        0x95 => (Cause::Lost, "a message was larger than the broker takes"),
        0x97 => (Cause::Lost, "the broker's quota is used up"),
        0x98 => (Cause::Lost, "the broker's operator ended the connection"),
        0x9c | 0x9d => (Cause::Refused, "the broker has moved: set its new address"),
        0x9f => (Cause::Lost, "this device connects too often"),
        _ => (Cause::Lost, "the broker refused without a reason this firmware knows"),
    };
    Verdict { cause, words }
}

/// When to ping, and when the other side must be taken for dead.
#[derive(Clone, Copy, Debug)]
pub struct KeepAlive {
    interval_ms: u64,
    sent: Uptime,
    heard: Uptime,
}

/// What the keep-alive asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alive {
    /// Nothing before that moment.
    Until(Uptime),
    /// A PINGREQ, now.
    Ping,
    /// The connection is dead, although nobody said so.
    Dead,
}

impl KeepAlive {
    /// A connection that was just accepted; the broker may have set another interval than was asked for.
    pub fn new(now: Uptime, server_keep_alive_s: Option<u16>) -> Self {
        let interval_s = server_keep_alive_s.unwrap_or(KEEP_ALIVE_S).max(1);
        Self {
            interval_ms: u64::from(interval_s) * 1000,
            sent: now,
            heard: now,
        }
    }

    /// A packet was sent.
    pub const fn on_sent(&mut self, now: Uptime) {
        self.sent = now;
    }

    /// A packet came in.
    pub const fn on_heard(&mut self, now: Uptime) {
        self.heard = now;
    }

    /// What is to be done now. A ping leaves at three quarters of the interval, so that one slow packet is no offence.
    pub fn check(&self, now: Uptime) -> Alive {
        let dead_at = self.heard.plus_millis(self.interval_ms * 3 / 2);
        let ping_at = self.sent.plus_millis(self.interval_ms * 3 / 4);
        if now >= dead_at {
            Alive::Dead
        } else if now >= ping_at {
            Alive::Ping
        } else {
            Alive::Until(ping_at.min(dead_at))
        }
    }
}
