//! One open connection to the mail server, and the sending of a mail over it (RFC 5321 §3.3).

use std::fmt;
use std::time::Duration;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};

use super::Patience;
use super::fault::{Fault, Stage, within};
use crate::mail::message::Message822;

/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_millis(250);

pub(super) struct Line {
    connection: AsyncSmtpConnection,
    patience: Patience,
}

impl Line {
    pub fn new(connection: AsyncSmtpConnection, patience: Patience) -> Self {
        Self { connection, patience }
    }

    /// After an error the connection must not be used for another mail.
    pub async fn send(&mut self, message: &Message822) -> Result<(), Fault> {
        let Patience { step, verdict } = self.patience;
        let line = &mut self.connection;
        let from = Mail::new(Some(message.from.clone()), Vec::new());
        let to = Rcpt::new(message.to.clone(), Vec::new());
        within(step, Stage::Sender, line.command(from)).await?;
        within(step, Stage::Recipient, line.command(to)).await?;
        within(step, Stage::Recipient, line.command(Data)).await?;
        within(verdict, Stage::Content, line.command(Content(&message.bytes))).await?;
        Ok(())
    }

    pub async fn quit(mut self) {
        // Whether the server says goodbye, too, changes nothing.
        let _ = tokio::time::timeout(GOODBYE, self.connection.abort()).await;
    }
}

/// A mail as it goes over the line: dots at the start of a line doubled, a lone dot at the end (RFC 5321 §4.5.2).
/// Written as one piece: a second small one would wait for the first to be acknowledged, 40 ms on many systems.
struct Content<'a>(&'a str);

impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.0.split_inclusive("\r\n") {
            if line.starts_with('.') {
                f.write_str(".")?;
            }
            f.write_str(line)?;
        }
        f.write_str(if self.0.ends_with("\r\n") { ".\r\n" } else { "\r\n.\r\n" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_in_the_mail_never_ends_it() {
        assert_eq!(Content("a\r\n.\r\n..b\r\n").to_string(), "a\r\n..\r\n...b\r\n.\r\n");
        assert_eq!(Content("a").to_string(), "a\r\n.\r\n");
    }
}
