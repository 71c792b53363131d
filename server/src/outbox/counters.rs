//! The names of everything this module counts, in one place.

use metrics::counter;

/// What came of an attempt.
#[derive(Clone, Copy, Debug)]
pub(super) enum Came {
    Accepted,
    Postponed,
    Dead,
}

/// An attempt ended.
pub(super) fn attempted(kind: &str, came: Came) {
    let outcome = match came {
        Came::Accepted => "accepted",
        Came::Postponed => "postponed",
        Came::Dead => "dead",
    };
    counter!("templog_outbox_attempts_total", "kind" => kind.to_owned(), "outcome" => outcome).increment(1);
}
