//! One HTTP request, as far as a page with one form needs it.

use alloc::borrow::ToOwned;
use alloc::string::String;

/// The longest request taken, bytes: a phone's headers and the form, filled to the limits of its fields.
pub const MAX_REQUEST_BYTES: usize = 6 * 1024;
const MOST_HEADERS: usize = 40;

/// A request that was read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Whether it brings a form.
    pub is_post: bool,
    /// Path and query.
    pub target: String,
    /// Whom the phone believes to talk to.
    pub host: String,
    /// The languages it likes, best first.
    pub languages: String,
    /// The form.
    pub body: String,
}

/// Not a request, or one too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl Request {
    /// Reads what has come so far; `None` if it is not whole yet.
    ///
    /// # Errors
    /// If it will never become one.
    pub fn read(bytes: &[u8]) -> Result<Option<Self>, Unreadable> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        let head = match parsed.parse(bytes) {
            Ok(httparse::Status::Complete(head)) => head,
            Ok(httparse::Status::Partial) if bytes.len() < MAX_REQUEST_BYTES => return Ok(None),
            _ => return Err(Unreadable),
        };
        let header = |name: &str| {
            let found = parsed
                .headers
                .iter()
                .find(|header| header.name.eq_ignore_ascii_case(name));
            found
                .and_then(|header| core::str::from_utf8(header.value).ok())
                .unwrap_or("")
        };
        let is_post = match parsed.method {
            Some("POST") => true,
            Some("GET" | "HEAD") => false,
            _ => return Err(Unreadable),
        };
        let length = match header("content-length") {
            "" => 0,
            length => length.trim().parse::<usize>().map_err(|_| Unreadable)?,
        };
        if head.saturating_add(length) > MAX_REQUEST_BYTES {
            return Err(Unreadable);
        }
        let Some(body) = bytes.get(head..head + length) else {
            return Ok(None);
        };
        Ok(Some(Self {
            is_post,
            target: parsed.path.unwrap_or("/").to_owned(),
            host: header("host").to_owned(),
            languages: header("accept-language").to_owned(),
            body: core::str::from_utf8(body).map_err(|_| Unreadable)?.to_owned(),
        }))
    }
}
