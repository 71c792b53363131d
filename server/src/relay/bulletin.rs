//! What is said on the channel.

use domain::serial::Serial;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{DeviceId, UserId};
use crate::ingest::PresenceHint;
use crate::live::{DeviceView, Hub};
use crate::replies::{Answer, Replies, Told};

/// An instance for the time of its life: how it knows its own words when it hears them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Name(u64);

impl Name {
    /// One that nobody else has.
    pub(super) fn new() -> Self {
        Self(rand::random())
    }
}

/// One message.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Bulletin {
    pub(super) from: Name,
    pub(super) news: News,
}

/// What happened.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum News {
    /// Readings were committed.
    Values(Vec<Value>),
    /// A device said something of itself, or the broker of it.
    Presence {
        device: i64,
        interval_s: u32,
        will_offline: bool,
    },
    /// These people's devices are no longer the same.
    Moved(Vec<i64>),
    /// A device has answered something that nobody here has asked.
    Answered(Told),
}

/// The newest reading of a device.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Value {
    device: i64,
    serial: Serial,
    at: Option<i64>,
    t: Option<f64>,
    h: Option<f64>,
    interval_s: u32,
    will_offline: bool,
}

impl Value {
    pub(super) fn of(device: DeviceId, view: &DeviceView) -> Self {
        Self {
            device: device.0,
            serial: view.serial,
            at: view.at.map(Timestamp::as_millis),
            t: view.t,
            h: view.h,
            interval_s: view.interval_s,
            will_offline: view.will_offline,
        }
    }

    fn view(&self) -> (DeviceId, DeviceView) {
        let view = DeviceView {
            serial: self.serial,
            at: self.at.map(Timestamp::from_millis),
            t: self.t,
            h: self.h,
            interval_s: self.interval_s,
            will_offline: self.will_offline,
        };
        (DeviceId(self.device), view)
    }
}

impl News {
    pub(super) fn of_presence(hint: &PresenceHint) -> Self {
        Self::Presence {
            device: hint.device.0,
            interval_s: hint.interval_s,
            will_offline: hint.will_offline,
        }
    }

    pub(super) fn of_moved(people: &[UserId]) -> Self {
        Self::Moved(people.iter().map(|person| person.0).collect())
    }

    pub(super) fn of_answer(answer: &Answer) -> Self {
        Self::Answered(Told::from(answer))
    }

    /// Tells it to the sockets of this instance, and to whoever waits here.
    pub(super) fn tell(self, hub: &Hub, replies: &Replies) {
        match self {
            Self::Values(values) => hub.renew(values.iter().map(Value::view)),
            Self::Presence {
                device,
                interval_s,
                will_offline,
            } => hub.adjust(DeviceId(device), |view| {
                view.interval_s = interval_s;
                view.will_offline = will_offline;
            }),
            Self::Answered(told) => replies.hear(told),
            Self::Moved(people) => hub.hear_moved(people.into_iter().map(UserId).collect::<Vec<_>>()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_same_on_the_other_side() {
        let view = DeviceView {
            serial: Serial::from_bits(7),
            at: Some(Timestamp::from_millis(1_795_161_600_000)),
            t: Some(21.5),
            h: None,
            interval_s: 60,
            will_offline: true,
        };
        let bulletin = Bulletin {
            from: Name(1),
            news: News::Values(vec![Value::of(DeviceId(3), &view)]),
        };
        let heard: Bulletin = serde_json::from_slice(&serde_json::to_vec(&bulletin).unwrap()).unwrap();
        assert_eq!(heard, bulletin);
        let News::Values(values) = heard.news else {
            panic!("values were sent")
        };
        assert_eq!(values[0].view(), (DeviceId(3), view));
    }
}
