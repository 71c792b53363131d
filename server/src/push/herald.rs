//! Hands messages to push services: no redirects, not for long, and only to public hosts.

use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};

use super::encrypt::encrypt;
use super::network::Guard;
use super::{Address, Envelope, Vapid};
use crate::config::PushHosts;
use crate::error::{Error, Result};

const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
/// For a whole answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// A push service that wants to be left alone for longer is asked again all the same: an alert is worth little by then.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// Why a message was not taken. The text is for the operator and for the browser's owner; it holds nothing of the
/// message and nothing of the endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// There is no such browser any more.
    Gone(String),
    /// Worth trying again, not before the push service allows it.
    Later(String, Option<Duration>),
    /// This message will never be taken.
    Never(String),
}

/// Delivers; cheap to clone.
#[derive(Clone)]
pub struct Herald(Arc<Inner>);

struct Inner {
    client: Client,
    vapid: Vapid,
    hosts: PushHosts,
}

impl Herald {
    /// Connects to nobody yet.
    ///
    /// # Errors
    /// [`Error::Config`] if no HTTPS client can be made here.
    pub fn new(vapid: Vapid, hosts: PushHosts) -> Result<Self> {
        let client = Client::builder()
            .redirect(Policy::none())
            // A proxy would resolve names by itself, past our guard.
            .no_proxy()
            .dns_resolver(Arc::new(Guard(hosts)))
            .connect_timeout(CONNECT_PATIENCE)
            .timeout(PATIENCE)
            .user_agent("TempLog")
            .build()
            .map_err(|error| Error::Config(format!("no HTTPS client can be made: {error}")))?;
        Ok(Self(Arc::new(Inner { client, vapid, hosts })))
    }

    /// What browsers are told to trust.
    pub fn public_key(&self) -> &str {
        self.0.vapid.public_key()
    }

    /// Where push services may be.
    pub fn hosts(&self) -> PushHosts {
        self.0.hosts
    }

    /// Delivers a message that is worth something for `ttl` from `now`.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn deliver(
        &self,
        to: &Address,
        envelope: &Envelope,
        ttl: Duration,
        now: Timestamp,
    ) -> Result<(), Undelivered> {
        let body = encrypt(&to.key, &to.auth, &envelope.message.fitted())
            .map_err(|_| Undelivered::Never("cannot be encrypted for this browser".to_owned()))?;
        let request = self
            .0
            .client
            .post(to.endpoint.clone())
            .header(AUTHORIZATION, self.0.vapid.authorization(&to.endpoint, now))
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_ENCODING, "aes128gcm")
            .header("TTL", ttl.as_secs())
            .header("Urgency", envelope.urgency.as_str())
            .header("Topic", &envelope.message.tag)
            .body(body);
        let answer = request.send().await.map_err(|error| unreached(&error))?;
        judge(answer.status(), answer.headers(), now)
    }
}

/// RFC 8030 §5, §7.3 and §8.4, and what push services answer in practice.
fn judge(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Result<(), Undelivered> {
    let reason = format!("the push service answered {}", status.as_u16());
    match status.as_u16() {
        200..=299 => Ok(()),
        404 | 410 => Err(Undelivered::Gone(format!("{reason}: the browser has gone"))),
        408 | 425 | 429 | 500..=599 => Err(Undelivered::Later(reason, retry_after(headers, now))),
        _ => Err(Undelivered::Never(reason)),
    }
}

/// Seconds, or a date (RFC 9110 §10.2.3).
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if let Ok(seconds) = text.parse() {
        Duration::from_secs(seconds)
    } else {
        let at = DateTimeParser::new().parse_timestamp(text).ok()?;
        let wait = at.as_millisecond().saturating_sub(now.as_millis()).max(0);
        Duration::from_millis(wait.unsigned_abs())
    };
    Some(wait.min(LONGEST_WAIT))
}

/// The endpoint is a secret of the browser's, so it stays out of the reason.
fn unreached(error: &reqwest::Error) -> Undelivered {
    let reason = if error.is_timeout() {
        "the push service takes too long"
    } else if error.is_connect() {
        "the push service is not reached"
    } else {
        "the push service broke off"
    };
    Undelivered::Later(reason.to_owned(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

    fn judged(status: u16, retry_after: Option<&'static str>) -> Result<(), Undelivered> {
        let mut headers = HeaderMap::new();
        if let Some(text) = retry_after {
            headers.insert(RETRY_AFTER, text.parse().unwrap());
        }
        judge(StatusCode::from_u16(status).unwrap(), &headers, NOW)
    }

    #[test]
    fn an_answer_says_whether_to_come_again() {
        for taken in [200, 201, 202, 204] {
            assert_eq!(judged(taken, None), Ok(()));
        }
        for gone in [404, 410] {
            assert!(matches!(judged(gone, None), Err(Undelivered::Gone(_))), "{gone}");
        }
        for later in [408, 425, 429, 500, 502, 503] {
            assert!(
                matches!(judged(later, None), Err(Undelivered::Later(_, None))),
                "{later}"
            );
        }
        for never in [301, 400, 401, 403, 413] {
            assert!(matches!(judged(never, None), Err(Undelivered::Never(_))), "{never}");
        }
    }

    #[test]
    fn a_push_service_says_when_to_come_again_in_seconds_or_by_a_date() {
        let wait = |text| match judged(429, Some(text)) {
            Err(Undelivered::Later(_, wait)) => wait.map(|wait| wait.as_secs()),
            other => panic!("{other:?}"),
        };
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait("Fri, 20 Nov 2026 08:02:00 GMT"), Some(120));
        assert_eq!(wait("Thu, 19 Nov 2026 08:00:00 GMT"), Some(0));
        assert_eq!(wait("999999"), Some(3600), "nobody waits for ever");
        assert_eq!(wait("soon"), None);
    }
}
