//! The cookies of this site: which names, which attributes, and how to read them back.
//!
//! Over https those that matter carry the `__Host-` prefix, which makes browsers refuse them unless they are
//! Secure, for the whole site and for this very host (no subdomain can plant them).

use std::borrow::Cow;

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

use super::jwt;
use super::refresh::RefreshToken;
use super::sessions;
use super::steps::{self, Ticket};

/// <https://www.w3.org/TR/clear-site-data/>
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Writes and reads the cookies of this site.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    secure: bool,
}

/// The two tokens of a session as they go to the browser.
pub struct Tokens {
    /// See [`jwt`].
    pub access: String,
    /// See [`RefreshToken`].
    pub refresh: RefreshToken,
}

impl Cookies {
    /// `secure` follows the public address: a browser drops Secure cookies of a plain one.
    pub fn new(secure: bool) -> Self {
        Self { secure }
    }

    fn access_name(self) -> &'static str {
        if self.secure {
            "__Host-templog-access"
        } else {
            "templog-access"
        }
    }

    fn refresh_name(self) -> &'static str {
        if self.secure {
            "__Host-templog-refresh"
        } else {
            "templog-refresh"
        }
    }

    /// The access token that came with a request.
    pub fn access(self, headers: &HeaderMap) -> Option<String> {
        find(headers, self.access_name())
    }

    /// The refresh token that came with a request, unchecked.
    pub fn refresh(self, headers: &HeaderMap) -> Option<String> {
        find(headers, self.refresh_name())
    }

    /// Hands a session's tokens to the browser.
    pub fn set(self, headers: &mut HeaderMap, tokens: &Tokens) {
        let access = self.cookie(self.access_name(), tokens.access.clone(), jwt::LIFETIME_MS);
        let refresh = self.cookie(self.refresh_name(), tokens.refresh.text(), sessions::LIFETIME_MS);
        append(headers, &access);
        append(headers, &refresh);
    }

    /// Makes the browser forget the session, and what it keeps of this site for when the server is gone. Only over
    /// https: elsewhere browsers refuse to keep anything of that kind, or the page's script clears it.
    pub fn clear(self, headers: &mut HeaderMap) {
        if self.secure {
            headers.insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"storage\""));
        }
        append(headers, &self.cookie(self.access_name(), String::new(), 0));
        append(headers, &self.cookie(self.refresh_name(), String::new(), 0));
    }

    /// A harmless choice such as the language, readable by the page's own code, kept for a year.
    pub fn set_preference(self, headers: &mut HeaderMap, name: &'static str, value: &'static str) {
        const YEAR_MS: i64 = 365 * 24 * 3600 * 1000;
        let name = if self.secure {
            Cow::Owned(format!("__Host-{name}"))
        } else {
            Cow::Borrowed(name)
        };
        let mut cookie = self.cookie(name, value.to_owned(), YEAR_MS);
        cookie.set_http_only(false);
        append(headers, &cookie);
    }

    fn answer_name(self) -> &'static str {
        if self.secure {
            "__Host-templog-answer"
        } else {
            "templog-answer"
        }
    }

    /// What a form is told, as it came with a request, unchecked.
    pub fn answer(self, headers: &HeaderMap) -> Option<String> {
        find(headers, self.answer_name())
    }

    /// Carries what a form is told to the next page; base64url.
    pub fn set_answer(self, headers: &mut HeaderMap, text: String) {
        const A_MINUTE_MS: i64 = 60_000;
        append(headers, &self.cookie(self.answer_name(), text, A_MINUTE_MS));
    }

    /// The page has shown it.
    pub fn clear_answer(self, headers: &mut HeaderMap) {
        append(headers, &self.cookie(self.answer_name(), String::new(), 0));
    }

    fn ticket_name(self) -> &'static str {
        if self.secure {
            "__Host-templog-ticket"
        } else {
            "templog-ticket"
        }
    }

    /// What ties a code that was sent by mail to the browser that asked for it; unchecked.
    pub fn ticket(self, headers: &HeaderMap) -> Option<String> {
        find(headers, self.ticket_name())
    }

    /// Gives the asking browser its half of a code.
    pub fn set_ticket(self, headers: &mut HeaderMap, text: String) {
        const AN_HOUR_MS: i64 = 3_600_000;
        append(headers, &self.cookie(self.ticket_name(), text, AN_HOUR_MS));
    }

    /// The code has been used.
    pub fn clear_ticket(self, headers: &mut HeaderMap) {
        append(headers, &self.cookie(self.ticket_name(), String::new(), 0));
    }

    fn step_name(self) -> &'static str {
        if self.secure {
            "__Host-templog-step"
        } else {
            "templog-step"
        }
    }

    /// What ties a step on the way in to the browser that began it; unchecked.
    pub fn step(self, headers: &HeaderMap) -> Option<String> {
        find(headers, self.step_name())
    }

    /// Gives the browser its half of a step.
    pub fn set_step(self, headers: &mut HeaderMap, ticket: &Ticket) {
        append(
            headers,
            &self.cookie(self.step_name(), ticket.text().to_owned(), steps::LIFETIME_MS),
        );
    }

    /// The step is over.
    pub fn clear_step(self, headers: &mut HeaderMap) {
        append(headers, &self.cookie(self.step_name(), String::new(), 0));
    }

    fn cookie(self, name: impl Into<Cow<'static, str>>, value: String, lifetime_ms: i64) -> Cookie<'static> {
        Cookie::build((name.into(), value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .max_age(Duration::milliseconds(lifetime_ms))
            .build()
    }
}

fn append(headers: &mut HeaderMap, cookie: &Cookie<'_>) {
    let value = HeaderValue::try_from(cookie.to_string()).expect("our tokens are visible ASCII");
    headers.append(SET_COOKIE, value);
}

fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::SessionId;
    use crate::auth::refresh::RefreshTokens;
    use crate::config::SecretKey;

    fn set(secure: bool) -> Vec<String> {
        let tokens = Tokens {
            access: "a.b.c".to_owned(),
            refresh: RefreshTokens::new(&SecretKey::generate()).first(SessionId(1)),
        };
        let mut headers = HeaderMap::new();
        Cookies::new(secure).set(&mut headers, &tokens);
        let values = headers.get_all(SET_COOKIE).iter();
        values.map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn cookies_are_out_of_reach_for_scripts_and_other_sites() {
        for cookie in set(false) {
            assert!(
                cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
                "{cookie}"
            );
            assert!(cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
            assert!(
                !cookie.contains("Secure"),
                "a plain address cannot set Secure cookies: {cookie}"
            );
        }
    }

    #[test]
    fn over_https_cookies_are_secure_and_bound_to_the_host() {
        for cookie in set(true) {
            assert!(
                cookie.starts_with("__Host-templog-") && cookie.contains("Secure"),
                "{cookie}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_cookie_header_holds_it_is_read_without_harm(header in "\\PC{0,200}") {
            let Ok(value) = HeaderValue::from_bytes(header.as_bytes()) else { return Ok(()) };
            let mut headers = HeaderMap::new();
            headers.append(COOKIE, value);
            headers.append(COOKIE, HeaderValue::from_static("templog-refresh=1.x"));
            let cookies = Cookies::new(false);
            let refresh = cookies.refresh(&headers).expect("the second line is whole");
            proptest::prop_assert!(refresh == "1.x" || header.contains("templog-refresh"));
            proptest::prop_assert!(Cookies::new(true).access(&headers).is_none() || header.contains("__Host-"));
        }
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("theme=dark; templog-access=a.b.c"));
        headers.append(COOKIE, HeaderValue::from_static("templog-refresh=1.x; bad"));

        let cookies = Cookies::new(false);

        assert_eq!(cookies.access(&headers).as_deref(), Some("a.b.c"));
        assert_eq!(cookies.refresh(&headers).as_deref(), Some("1.x"));
        assert_eq!(Cookies::new(true).access(&headers), None);
    }

    #[test]
    fn whoever_leaves_leaves_nothing_in_the_browser() {
        let mut headers = HeaderMap::new();
        Cookies::new(true).clear(&mut headers);
        assert_eq!(headers[CLEAR_SITE_DATA], "\"storage\"");
        let mut plain = HeaderMap::new();
        Cookies::new(false).clear(&mut plain);
        assert!(!plain.contains_key(CLEAR_SITE_DATA));
    }
}
