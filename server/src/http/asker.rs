//! Reads from a request who is asking, before anything is proven: address, browser, language.

use std::convert::Infallible;
use std::net::Ipv4Addr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use super::client::ClientIp;
use crate::auth::{Asker, Identity, Via};
use crate::mail::Language;

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(asker_of(&parts.extensions, &parts.headers))
    }
}

/// The circumstances of a request; with its session, if that has been resolved.
pub fn asker_of(extensions: &Extensions, headers: &HeaderMap) -> Asker {
    let person = extensions.get::<Identity>().and_then(Identity::person);
    let known = person.and_then(|person| person.locale.as_deref());
    let language = Language::of(Some(app::platform::locale_of(headers, known).as_ref()));
    let session = person.and_then(|person| match person.via {
        Via::Session(session) => Some(session),
        Via::Token(_) => None,
    });
    // A request that came by no socket has no address.
    let ip = extensions
        .get()
        .map_or(Ipv4Addr::UNSPECIFIED.into(), |ClientIp(ip)| *ip);
    Asker {
        session,
        ..Asker::new(ip, headers, language)
    }
}
