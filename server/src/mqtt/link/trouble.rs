//! What went wrong with the connection, sorted by what to do about it.

use rumqttc::v5::mqttbytes::v5::{ConnectReturnCode, DisconnectReasonCode};
use rumqttc::v5::{ConnectionError, StateError};

/// A reason to reconnect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There is no broker at the address, or it does not answer.
    Unreachable,
    /// The broker does not accept our credentials.
    Refused,
    /// Another process has connected with our client id.
    TakenOver,
    /// The connection broke.
    Lost,
}

impl Trouble {
    /// Sorts an error of the crate; `connected` tells whether the connection stood.
    pub(super) fn of(error: &ConnectionError, connected: bool) -> Self {
        match error {
            ConnectionError::ConnectionRefused(
                ConnectReturnCode::BadUserNamePassword
                | ConnectReturnCode::NotAuthorized
                | ConnectReturnCode::Banned
                | ConnectReturnCode::ClientIdentifierNotValid
                | ConnectReturnCode::BadAuthenticationMethod,
            ) => Self::Refused,
            ConnectionError::MqttState(StateError::ServerDisconnect {
                reason_code: DisconnectReasonCode::SessionTakenOver,
                ..
            }) => Self::TakenOver,
            _ if connected => Self::Lost,
            _ => Self::Unreachable,
        }
    }

    /// For the metrics.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::TakenOver => "taken_over",
            Self::Lost => "lost",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn errors_are_sorted_by_what_to_do_about_them() {
        let refused = ConnectionError::ConnectionRefused(ConnectReturnCode::NotAuthorized);
        assert_eq!(Trouble::of(&refused, false), Trouble::Refused);

        let busy = ConnectionError::ConnectionRefused(ConnectReturnCode::ServerBusy);
        assert_eq!(Trouble::of(&busy, false), Trouble::Unreachable);

        let taken_over = ConnectionError::MqttState(StateError::ServerDisconnect {
            reason_code: DisconnectReasonCode::SessionTakenOver,
            reason_string: None,
        });
        assert_eq!(Trouble::of(&taken_over, true), Trouble::TakenOver);

        let reset = || ConnectionError::Io(io::ErrorKind::ConnectionReset.into());
        assert_eq!(Trouble::of(&reset(), true), Trouble::Lost);
        assert_eq!(Trouble::of(&reset(), false), Trouble::Unreachable);
    }
}
