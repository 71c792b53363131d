//! What went wrong with the connection, sorted by what to do about it.

use rumqttc::v5::mqttbytes::v5::{ConnectReturnCode, DisconnectReasonCode};

use super::wire::WireError;

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
    /// Sorts an error; `connected` tells whether the connection stood.
    pub(super) fn of(error: &WireError, connected: bool) -> Self {
        match error {
            WireError::Refused(
                ConnectReturnCode::BadUserNamePassword
                | ConnectReturnCode::NotAuthorized
                | ConnectReturnCode::Banned
                | ConnectReturnCode::ClientIdentifierNotValid
                | ConnectReturnCode::BadAuthenticationMethod,
            ) => Self::Refused,
            WireError::Dismissed(DisconnectReasonCode::SessionTakenOver) => Self::TakenOver,
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
        let refused = WireError::Refused(ConnectReturnCode::NotAuthorized);
        assert_eq!(Trouble::of(&refused, false), Trouble::Refused);
        let busy = WireError::Refused(ConnectReturnCode::ServerBusy);
        assert_eq!(Trouble::of(&busy, false), Trouble::Unreachable);
        let taken_over = WireError::Dismissed(DisconnectReasonCode::SessionTakenOver);
        assert_eq!(Trouble::of(&taken_over, true), Trouble::TakenOver);
        let reset = || WireError::Io(io::ErrorKind::ConnectionReset.into());
        assert_eq!(Trouble::of(&reset(), true), Trouble::Lost);
        assert_eq!(Trouble::of(&reset(), false), Trouble::Unreachable);
    }
}
