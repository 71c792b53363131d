//! Whether readings can come in at all: what `/readyz` says about the door.

use domain::time::Timestamp;
use tokio::sync::watch;

/// The state of the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorState {
    /// Whether devices' messages reach us.
    pub ready: bool,
    /// Since when.
    pub since: Timestamp,
    /// Why it was lost, or cannot be reached; kept after a reconnect. For operators, never for browsers.
    pub last_error: Option<String>,
}

/// Reads the state of the door; cheap to clone.
#[derive(Clone, Debug)]
pub struct Health(watch::Receiver<DoorState>);

impl Health {
    /// The state now.
    pub fn state(&self) -> DoorState {
        self.0.borrow().clone()
    }
}

/// The door's own end.
#[derive(Debug)]
pub(super) struct Report(watch::Sender<DoorState>);

impl Report {
    /// A door that has not opened yet.
    pub(super) fn new(now: Timestamp) -> (Self, Health) {
        let (sender, receiver) = watch::channel(DoorState {
            ready: false,
            since: now,
            last_error: None,
        });
        (Self(sender), Health(receiver))
    }

    /// The door is open.
    pub(super) fn up(&self, now: Timestamp) {
        self.0.send_modify(|state| {
            if !state.ready {
                state.ready = true;
                state.since = now;
            }
        });
    }

    /// The door is shut.
    pub(super) fn down(&self, now: Timestamp, error: String) {
        self.0.send_modify(|state| {
            if state.ready {
                state.ready = false;
                state.since = now;
            }
            state.last_error = Some(error);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_failures_do_not_move_the_moment_the_door_was_lost() {
        let at = Timestamp::from_millis;
        let (report, health) = Report::new(at(0));
        assert!(!health.state().ready);

        report.up(at(10));
        report.up(at(20));
        assert_eq!(
            health.state(),
            DoorState {
                ready: true,
                since: at(10),
                last_error: None
            }
        );

        report.down(at(30), "reset".to_owned());
        report.down(at(40), "refused".to_owned());
        let lost = DoorState {
            ready: false,
            since: at(30),
            last_error: Some("refused".to_owned()),
        };
        assert_eq!(health.state(), lost);
    }
}
