//! Opens a connection to the mail server: greeting, TLS, password.

use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

use super::Patience;
use super::fault::{Fault, Stage, within};
use super::line::Line;
use crate::mail::config::{Security, SmtpUrl};

/// Knows how to reach one mail server.
pub(super) struct Dialer {
    url: SmtpUrl,
    tls: Option<TlsParameters>,
    /// Our name in `EHLO`.
    hello: ClientId,
    patience: Patience,
}

impl Dialer {
    pub fn new(url: SmtpUrl, patience: Patience) -> Result<Self, String> {
        let tls = match url.security {
            Security::None => None,
            Security::Implicit | Security::StartTls => Some(tls_to(&url)?),
        };
        Ok(Self {
            url,
            tls,
            hello: ClientId::default(),
            patience,
        })
    }

    pub async fn dial(&self) -> Result<Line, Fault> {
        let step = self.patience.step;
        let mut connection = within(step, Stage::Connect, self.connect(step)).await?;
        if let (Security::StartTls, Some(tls)) = (self.url.security, &self.tls) {
            within(step, Stage::Connect, connection.starttls(tls.clone(), &self.hello)).await?;
        }
        if let Some((user, password)) = &self.url.credentials {
            let credentials = Credentials::new(user.clone(), password.expose().to_owned());
            within(step, Stage::Connect, connection.auth(DEFAULT_MECHANISMS, &credentials)).await?;
        }
        Ok(Line::new(connection, self.patience))
    }

    async fn connect(&self, step: Duration) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
        let server = (self.url.host.as_str(), self.url.port);
        let at_once = if self.url.security == Security::Implicit {
            self.tls.clone()
        } else {
            None
        };
        AsyncSmtpConnection::connect_tokio1(server, Some(step), &self.hello, at_once, None).await
    }
}

fn tls_to(url: &SmtpUrl) -> Result<TlsParameters, String> {
    let mut tls = TlsParameters::builder(url.host.clone());
    if let Some(file) = &url.ca {
        let problem = |what: String| {
            format!(
                "TEMPLOG_SMTP_URL: cannot use the certificates in {}: {what} (example: ?ca=/etc/ssl/our-ca.pem)",
                file.display()
            )
        };
        let pem = std::fs::read(file).map_err(|error| problem(error.to_string()))?;
        let certificate = Certificate::from_pem(&pem).map_err(|error| problem(error.to_string()))?;
        tls = tls.add_root_certificate(certificate);
    }
    tls.build()
        .map_err(|error| format!("TEMPLOG_SMTP_URL: cannot prepare TLS: {error}"))
}
