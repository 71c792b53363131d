//! Signing in with Kakao: our keys there, and where Kakao is.

use url::Url;

use super::Secret;

/// Where people sign in.
pub(super) const AUTH_BASE: &str = "https://kauth.kakao.com";
/// Where their name and address are read.
pub(super) const API_BASE: &str = "https://kapi.kakao.com";

/// What Kakao's developer console gave us.
#[derive(Clone, Debug)]
pub struct KakaoConfig {
    /// The REST API key.
    pub client_id: String,
    /// The client secret, if the console demands one (new apps do).
    pub client_secret: Option<Secret>,
    /// `https://kauth.kakao.com` unless a test stands in.
    pub auth_base: String,
    /// `https://kapi.kakao.com` unless a test stands in.
    pub api_base: String,
}

/// An `http` or `https` address, without its final slash.
pub(super) fn parse_base(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let fits = matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.query().is_none();
    fits.then(|| text.trim_end_matches('/').to_owned())
}
