//! What went wrong on a line, and what that means for the mail.

use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;

use crate::mail::Refusal;

/// How far the exchange had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Connection, TLS, password: nothing to do with any one mail.
    Connect,
    /// `MAIL FROM`: our own address, the same for every mail.
    Sender,
    /// `RCPT TO` and `DATA`.
    Recipient,
    /// The mail itself; whether it was taken is not known unless the server said so.
    Content,
}

impl Stage {
    const fn words(self) -> &'static str {
        match self {
            Self::Connect => "no connection to the mail server",
            Self::Sender => "the mail server does not take mail from us",
            Self::Recipient => "the mail server does not take mail to this address",
            Self::Content => "the mail server did not take this mail",
        }
    }
}

/// What went wrong.
#[derive(Debug)]
pub(super) struct Fault {
    stage: Stage,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Slow,
    Smtp(SmtpError),
}

/// 421: the server is closing the line.
const CLOSING: u16 = 421;
/// Password wanted, too weak or wrong, encryption wanted (RFC 4954 §6): our settings are wrong, not the mail.
const OUR_SETTINGS: [u16; 4] = [530, 534, 535, 538];

impl Fault {
    /// Whether the line had died while it waited: nothing was said about this mail yet, so a new line may be tried.
    pub fn is_stale_line(&self) -> bool {
        let gone = match &self.cause {
            Cause::Slow => false,
            Cause::Smtp(error) => reply(error).is_none_or(|code| code == CLOSING),
        };
        self.stage == Stage::Sender && gone
    }

    /// Whether the server itself said no, so that the line still works.
    pub fn is_reply(&self) -> bool {
        matches!(&self.cause, Cause::Smtp(error) if reply(error).is_some_and(|code| code != CLOSING))
    }

    fn is_final(&self) -> bool {
        let about_this_mail = matches!(self.stage, Stage::Recipient | Stage::Content);
        let permanent = matches!(&self.cause, Cause::Smtp(error) if error.is_permanent()
            && reply(error).is_some_and(|code| !OUR_SETTINGS.contains(&code)));
        about_this_mail && permanent
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        let stage = fault.stage.words();
        let reason = match &fault.cause {
            Cause::Slow => format!("{stage}: no answer in time"),
            Cause::Smtp(error) => super::super::template::single_line(&format!("{stage}: {error}")),
        };
        if fault.is_final() {
            Self::Never(reason)
        } else {
            Self::Later(reason)
        }
    }
}

fn reply(error: &SmtpError) -> Option<u16> {
    error.status().map(u16::from)
}

/// Waits for one step, and no longer than `patience`.
pub(super) async fn within<T>(
    patience: Duration,
    stage: Stage,
    step: impl Future<Output = Result<T, SmtpError>>,
) -> Result<T, Fault> {
    match tokio::time::timeout(patience, step).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Fault {
            stage,
            cause: Cause::Smtp(error),
        }),
        Err(_) => Err(Fault {
            stage,
            cause: Cause::Slow,
        }),
    }
}
