//! Who is on the other side of a request, as far as one can tell without proof: what is written down beside every
//! change of an account, and what its owner is told.

use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;

use super::SessionId;
use super::device::device_words;
use crate::mail::Language;

/// The circumstances of a request.
#[derive(Clone, Debug)]
pub struct Asker {
    /// Where it came from.
    pub ip: IpAddr,
    /// The browser, as it names itself.
    pub user_agent: String,
    /// The session it was made in.
    pub session: Option<SessionId>,
    /// What the pages it sees are written in.
    pub language: Language,
}

impl Asker {
    /// From a request's address and headers, outside of any session.
    pub fn new(ip: IpAddr, headers: &HeaderMap, language: Language) -> Self {
        let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Self {
            ip: ip.to_canonical(),
            user_agent: user_agent.unwrap_or_default().to_owned(),
            session: None,
            language,
        }
    }

    /// The browser in words, as in `Chrome · Windows`.
    pub fn device(&self) -> Option<String> {
        device_words(&self.user_agent)
    }
}
