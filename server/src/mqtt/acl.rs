//! What a device may say and hear: its own subtree and nothing else.
//!
//! Pure, so that one table tests it; the embedded broker asks it for every publish, subscribe and will. An outside
//! broker enforces the same rule by its own ACL (`pattern readwrite templog/v1/%u/#`).

use domain::serial::Serial;
use domain::wire::topic::{Leaf, Topic};

/// What a device may publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upward {
    /// Readings.
    Telemetry,
    /// Its word about itself, and its will.
    Status,
    /// The answer to a command.
    Reply,
}

/// What `serial` says by publishing to `topic`; `None` if it must not.
pub fn published(serial: Serial, topic: &str) -> Option<Upward> {
    let topic = Topic::parse(topic).ok().filter(|topic| topic.serial == serial)?;
    match topic.leaf {
        Leaf::Telemetry => Some(Upward::Telemetry),
        Leaf::Status => Some(Upward::Status),
        Leaf::Reply => Some(Upward::Reply),
        Leaf::Ack | Leaf::Command(_) => None,
    }
}

/// Whether a topic lies below `serial` and means nothing here: firmware of others keeps its own words there, Tasmota its
/// will. Such a will is no reason to send a device away; nobody hears it.
pub fn is_unheard(serial: Serial, topic: &str) -> bool {
    may_subscribe(serial, topic) && !topic.contains(['+', '#']) && Topic::parse(topic).is_err()
}

/// Whether `serial` may subscribe to `filter`: anything below its own serial, wildcards included, nothing beside it.
pub fn may_subscribe(serial: Serial, filter: &str) -> bool {
    let Some((slash, _)) = filter.match_indices('/').nth(2) else {
        return false;
    };
    // The levels above the subtree are judged by the one parser of topics: a wildcard, `$share` or another spelling
    // of the serial in them makes it fail.
    let (root, below) = (&filter[..slash], &filter[slash + 1..]);
    let probe = format!("{root}/telemetry");
    !below.is_empty() && Topic::parse(&probe).is_ok_and(|topic| topic.serial == serial)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "TL-7K3F9Q2M";

    fn own() -> Serial {
        OWN.parse().unwrap()
    }

    #[test]
    fn a_device_publishes_telemetry_status_and_reply_of_its_own_and_nothing_else() {
        let table = [
            ("templog/v1/TL-7K3F9Q2M/telemetry", Some(Upward::Telemetry)),
            ("templog/v1/TL-7K3F9Q2M/status", Some(Upward::Status)),
            ("templog/v1/TL-7K3F9Q2M/reply", Some(Upward::Reply)),
            ("templog/v1/TL-7K3F9Q2M/ack", None),
            ("templog/v1/TL-7K3F9Q2M/cmd/restart", None),
            ("templog/v1/TL-7K3F9Q2M/telemetry/", None),
            ("templog/v1/TL-7K3F9Q2M/telemetry/x", None),
            ("templog/v1/TL-7K3F9Q2M/", None),
            ("templog/v1/TL-7K3F9Q2M", None),
            ("/templog/v1/TL-7K3F9Q2M/telemetry", None),
            ("templog/v2/TL-7K3F9Q2M/telemetry", None),
            ("templog/v1/tl-7k3f9q2m/telemetry", None),
            ("templog/v1/TL-7K3F9Q2N/telemetry", None),
            ("templog/v1/TL-7K3F9Q2MX/telemetry", None),
            ("templog/v1/+/telemetry", None),
            ("$SYS/broker/uptime", None),
            ("", None),
        ];
        for (topic, expected) in table {
            assert_eq!(published(own(), topic), expected, "{topic}");
        }
    }

    #[test]
    fn only_what_is_below_the_device_and_none_of_ours_goes_unheard() {
        for topic in ["templog/v1/TL-7K3F9Q2M/tele/LWT", "templog/v1/TL-7K3F9Q2M/telemetry/x"] {
            assert!(is_unheard(own(), topic), "{topic}");
        }
        for topic in [
            "templog/v1/TL-7K3F9Q2M/telemetry",
            "templog/v1/TL-7K3F9Q2M/ack",
            "templog/v1/TL-7K3F9Q2M/cmd/restart",
            "templog/v1/TL-7K3F9Q2M/+",
            "templog/v1/TL-7K3F9Q2N/tele/LWT",
            "tele/TL-7K3F9Q2M/LWT",
            "",
        ] {
            assert!(!is_unheard(own(), topic), "{topic}");
        }
    }

    #[test]
    fn a_device_hears_its_own_subtree_and_nothing_else() {
        let table = [
            ("templog/v1/TL-7K3F9Q2M/ack", true),
            ("templog/v1/TL-7K3F9Q2M/cmd/#", true),
            ("templog/v1/TL-7K3F9Q2M/cmd/+", true),
            ("templog/v1/TL-7K3F9Q2M/cmd/restart", true),
            ("templog/v1/TL-7K3F9Q2M/#", true),
            ("templog/v1/TL-7K3F9Q2M/+", true),
            ("templog/v1/TL-7K3F9Q2M", false),
            ("templog/v1/TL-7K3F9Q2M/", false),
            ("templog/v1/TL-7K3F9Q2N/ack", false),
            ("templog/v1/TL-7K3F9Q2N/#", false),
            ("templog/v1/TL-7K3F9Q2MX/ack", false),
            ("templog/v1/tl-7k3f9q2m/ack", false),
            ("templog/v1/+/ack", false),
            ("templog/v1/+/#", false),
            ("templog/v1/#", false),
            ("templog/+/TL-7K3F9Q2M/ack", false),
            ("+/v1/TL-7K3F9Q2M/ack", false),
            ("#", false),
            ("+", false),
            ("+/+/+/+", false),
            ("$share/templog/templog/v1/TL-7K3F9Q2M/ack", false),
            ("$share/x/#", false),
            ("$SYS/#", false),
            ("", false),
        ];
        for (filter, expected) in table {
            assert_eq!(may_subscribe(own(), filter), expected, "{filter}");
        }
    }
}
