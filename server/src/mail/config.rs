//! How mail leaves: by which server, and in whose name.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use lettre::message::Mailbox;
use url::{Host, Url};

use crate::config::Secret;

/// The settings of mail.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// Where mail goes.
    pub transport: Transport,
    /// Who it comes from.
    pub from: Sender,
}

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Into `.eml` files in this folder; nothing leaves the machine.
    Folder(PathBuf),
    /// To a mail server.
    Smtp(SmtpUrl),
}

/// `smtp://user:password@host:587` or `smtps://user:password@host:465`.
///
/// `smtp://` means STARTTLS or nothing, except to this very machine. `?tls=none` sends in clear to a server without
/// TLS, and `?ca=/path.pem` trusts a private authority besides the public ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpUrl {
    /// How the connection is protected.
    pub security: Security,
    /// Host name or address, an IPv6 address without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// User and password, if the server wants them.
    pub credentials: Option<(String, Secret)>,
    /// A PEM file of certificates to trust as well.
    pub ca: Option<PathBuf>,
}

/// How a connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Implicit,
    /// TLS after `STARTTLS`; a server that does not offer it is not used.
    StartTls,
    /// In clear.
    None,
}

/// The `From:` of every mail, such as `TempLog <no-reply@home.example>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

impl Sender {
    /// The address alone, without a name.
    pub fn address(&self) -> String {
        self.0.email.to_string()
    }
}

/// One wrong variable. Never holds the value: it may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {problem} (example: {example})")]
pub struct Wrong {
    /// Its name.
    pub variable: &'static str,
    /// What is wrong, in words for the operator.
    pub problem: &'static str,
    /// A right value.
    pub example: &'static str,
}

const SMTP_URL: &str = "TEMPLOG_SMTP_URL";
const SMTP_EXAMPLE: &str = "smtps://user:password@mail.example:465";
const MAIL_FROM: &str = "TEMPLOG_MAIL_FROM";
const FROM_EXAMPLE: &str = "TempLog <no-reply@home.example>";

impl MailConfig {
    /// From the values of `TEMPLOG_SMTP_URL` and `TEMPLOG_MAIL_FROM`; without a server, mail goes into
    /// `outbox/` in the data folder.
    ///
    /// # Errors
    /// The first of the two that cannot be used.
    pub fn parse(smtp_url: Option<&str>, mail_from: Option<&str>, data_dir: &Path) -> Result<Self, Wrong> {
        let wrong_from = |problem| Wrong {
            variable: MAIL_FROM,
            problem,
            example: FROM_EXAMPLE,
        };
        let transport = match smtp_url {
            None => Transport::Folder(data_dir.join("outbox")),
            Some(url) => {
                let url = SmtpUrl::parse(url);
                let wrong_url = |problem| Wrong {
                    variable: SMTP_URL,
                    problem,
                    example: SMTP_EXAMPLE,
                };
                Transport::Smtp(url.map_err(wrong_url)?)
            }
        };
        let from = match (mail_from, &transport) {
            (Some(from), _) => Sender::parse(from).map_err(wrong_from)?,
            (None, Transport::Folder(_)) => Sender::local(),
            (None, Transport::Smtp(_)) => return Err(wrong_from("must be set when TEMPLOG_SMTP_URL is")),
        };
        Ok(Self { transport, from })
    }
}

impl Sender {
    /// Reads `name <address>` or a bare address.
    ///
    /// # Errors
    /// What is wrong, in words for the operator.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.contains(char::is_control) {
            return Err("must be one line");
        }
        let mailbox = Mailbox::from_str(text).map_err(|_| "is not a mail address")?;
        if AsRef::<str>::as_ref(&mailbox.email).is_ascii() {
            Ok(Self(mailbox))
        } else {
            Err("must be an ASCII address")
        }
    }

    fn local() -> Self {
        Self::parse("TempLog <templog@localhost>").expect("a constant, and a test reads it")
    }

    /// As the mail library knows it.
    pub(super) fn mailbox(&self) -> &Mailbox {
        &self.0
    }

    /// What follows the `@`.
    pub fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

impl SmtpUrl {
    /// Reads the address; percent-encoding in user and password is undone.
    ///
    /// # Errors
    /// What is wrong, in words for the operator.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "is not an address")?;
        let host = url.host().ok_or("names no host")?.to_owned();
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err("must not hold a path");
        }
        let loopback = is_loopback(&host);
        let security = security_of(&url, loopback)?;
        let credentials = credentials_of(&url)?;
        if security == Security::None && credentials.is_some() && !loopback {
            return Err("would send the password in clear: leave out tls=none");
        }
        let port = match security {
            Security::Implicit => 465,
            Security::StartTls => 587,
            Security::None => 25,
        };
        Ok(Self {
            security,
            host: host.to_string().trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(port),
            credentials,
            ca: parameter(&url, "ca").map(PathBuf::from),
        })
    }
}

fn security_of(url: &Url, loopback: bool) -> Result<Security, &'static str> {
    if url.query_pairs().any(|(name, _)| name != "tls" && name != "ca") {
        return Err("knows only the parameters tls and ca");
    }
    match (url.scheme(), parameter(url, "tls").as_deref()) {
        ("smtps", None) => Ok(Security::Implicit),
        ("smtp", Some("starttls")) => Ok(Security::StartTls),
        ("smtp", Some("none")) => Ok(Security::None),
        ("smtp", None) => Ok(if loopback { Security::None } else { Security::StartTls }),
        ("smtp", Some(_)) => Err("tls must be starttls or none"),
        ("smtps", Some(_)) => Err("smtps:// takes no tls parameter"),
        _ => Err("must begin with smtp:// or smtps://"),
    }
}

fn credentials_of(url: &Url) -> Result<Option<(String, Secret)>, &'static str> {
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err("must hold both a user and a password, or neither"),
        (user, Some(password)) => Ok(Some((decode(user)?, Secret::new(decode(password)?)))),
    }
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// `smtp` is no special scheme of the URL standard, so an address may come as a mere name.
fn is_loopback(host: &Host<String>) -> bool {
    match host {
        Host::Domain(name) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

fn decode(text: &str) -> Result<String, &'static str> {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| "holds a user or password that is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(smtp_url: Option<&str>, mail_from: Option<&str>) -> Result<MailConfig, Wrong> {
        MailConfig::parse(smtp_url, mail_from, Path::new("./data"))
    }

    #[test]
    fn without_a_server_mail_goes_into_the_data_folder() {
        let config = parse(None, None).unwrap();
        assert!(matches!(config.transport, Transport::Folder(folder) if folder == Path::new("./data/outbox")));
        assert_eq!(config.from.domain(), "localhost");
    }

    #[test]
    fn a_server_address_is_taken_apart_and_its_password_hidden() {
        let url = SmtpUrl::parse("smtps://me:p%40ss@mail.example").unwrap();
        assert_eq!(
            (url.security, url.host.as_str(), url.port),
            (Security::Implicit, "mail.example", 465)
        );
        assert_eq!(url.credentials.as_ref().unwrap().1.expose(), "p@ss");
        assert!(!format!("{url:?}").contains("p@ss"));
    }

    #[test]
    fn mail_travels_in_clear_only_inside_this_machine_or_when_told_so() {
        let security = |text: &str| SmtpUrl::parse(text).map(|url| (url.security, url.port));
        assert_eq!(security("smtp://mail.example"), Ok((Security::StartTls, 587)));
        assert_eq!(security("smtp://mail.example?tls=none"), Ok((Security::None, 25)));
        assert_eq!(security("smtp://localhost:1025"), Ok((Security::None, 1025)));
        assert_eq!(security("smtp://127.0.0.1"), Ok((Security::None, 25)));
        assert_eq!(security("smtp://[::1]"), Ok((Security::None, 25)));
        assert_eq!(security("smtp://localhost?tls=starttls"), Ok((Security::StartTls, 587)));
        assert!(security("smtp://me:pw@mail.example?tls=none").is_err());
    }

    #[test]
    fn a_wrong_value_is_one_line_naming_variable_problem_and_example() {
        let from = Some(FROM_EXAMPLE);
        let wrong = [
            (SMTP_URL, Some("http://me:hunter2@mail.example"), from),
            (SMTP_URL, Some("smtp://me:hunter2@mail.example?tls=none"), from),
            (SMTP_URL, Some("smtp://me@mail.example"), from),
            (SMTP_URL, Some("smtp://mail.example/path"), from),
            (SMTP_URL, Some("smtp://mail.example?TLS=none"), from),
            (SMTP_URL, Some("smtps://mail.example?tls=none"), from),
            (SMTP_URL, Some("mail.example"), from),
            (MAIL_FROM, Some("smtp://mail.example"), None),
            (MAIL_FROM, None, Some("nobody")),
            (MAIL_FROM, None, Some("a <a@b.example>\r\nBcc: c@d.example")),
        ];
        for (variable, smtp_url, mail_from) in wrong {
            let line = parse(smtp_url, mail_from).unwrap_err().to_string();
            assert!(
                line.starts_with(&format!("{variable}: ")) && line.contains("(example: "),
                "{line}"
            );
            assert!(!line.contains('\n') && !line.contains("hunter2"), "{line}");
        }
    }

    #[test]
    fn the_examples_are_right_values() {
        assert!(parse(Some(SMTP_EXAMPLE), Some(FROM_EXAMPLE)).is_ok());
    }
}
