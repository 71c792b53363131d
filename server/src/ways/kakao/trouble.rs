//! Everything that can go wrong on the way over Kakao, as a closed list: each has a page that says what to do.

use oauth2::{ErrorResponse, RequestTokenError};
use serde::{Deserialize, Serialize};

use super::wire::WireError;

/// Why somebody did not get in over Kakao.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// They said no at Kakao.
    Cancelled,
    /// Begun in another browser, too long ago, or used already.
    Expired,
    /// This site is not set up right at Kakao; its operator needs the code.
    Setup(String),
    /// The app is not open to everybody yet.
    NotTester,
    /// Kakao wants a guardian's consent.
    TooYoung,
    /// The Kakao account sleeps or is not usable.
    Dormant,
    /// They did not agree to what we must know.
    NoConsent,
    /// Kakao tells no mail address.
    NoMail,
    /// Kakao has not verified the mail address.
    MailUnproven,
    /// Too many asked at once, of Kakao or of us.
    Busy,
    /// Kakao cannot be reached or is being repaired.
    Away,
    /// The answer is not one that Kakao gives to us.
    Unbelievable,
    /// That Kakao account opens another account here.
    TakenByAnother,
    /// Whoever began to connect is not signed in any more.
    SignedOut,
}

impl Trouble {
    /// Its name in the address of the page that explains it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Setup(_) => "setup",
            Self::NotTester => "not-tester",
            Self::TooYoung => "too-young",
            Self::Dormant => "dormant",
            Self::NoConsent => "no-consent",
            Self::NoMail => "no-mail",
            Self::MailUnproven => "mail-unproven",
            Self::Busy => "busy",
            Self::Away => "away",
            Self::Unbelievable => "unbelievable",
            Self::TakenByAnother => "taken",
            Self::SignedOut => "signed-out",
        }
    }

    /// Kakao's own code, for the operator.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Setup(code) => Some(code),
            _ => None,
        }
    }

    /// What Kakao's login answers instead of a code or tokens. `code` is like `KOE006` and more precise.
    pub fn of_login(error: &str, code: Option<&str>) -> Self {
        let code = code.filter(|code| code.len() <= 12 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        match code {
            Some("KOE320") => return Self::Expired,
            Some("KOE005") => return Self::NotTester,
            Some("KOE237") => return Self::Busy,
            Some("KOE003") => return Self::Away,
            // Not enabled, wrong address, wrong key or secret, unknown consent item: only the operator can help.
            Some(code) if code.starts_with("KOE") => return Self::Setup(code.to_owned()),
            _ => {}
        }
        match error {
            "access_denied" => Self::Cancelled,
            "login_required" | "interaction_required" | "consent_required" => Self::NoConsent,
            "auto_login" | "invalid_grant" => Self::Expired,
            "temporarily_unavailable" | "server_error" => Self::Away,
            "invalid_client"
            | "unauthorized_client"
            | "invalid_scope"
            | "unsupported_response_type"
            | "misconfigured" => Self::Setup(error.to_owned()),
            _ => Self::Unbelievable,
        }
    }

    /// What Kakao's API answers instead of a person.
    pub fn of_api(code: i64) -> Self {
        match code {
            -402 => Self::NoConsent,
            -406 => Self::TooYoung,
            -101 | -103 => Self::Dormant,
            -10 => Self::Busy,
            -1 | -7 | -603 | -9798 => Self::Away,
            -401 => Self::Expired,
            -2 | -3 | -4 | -5 | -8 | -9 => Self::Setup(code.to_string()),
            _ => Self::Unbelievable,
        }
    }
}

/// Kakao's word for "no" where tokens are given.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LoginRefusal {
    error: String,
    #[serde(default)]
    error_code: Option<String>,
}

impl std::fmt::Display for LoginRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.error, self.error_code.as_deref().unwrap_or_default())
    }
}

impl ErrorResponse for LoginRefusal {}

impl From<RequestTokenError<WireError, LoginRefusal>> for Trouble {
    fn from(error: RequestTokenError<WireError, LoginRefusal>) -> Self {
        match error {
            RequestTokenError::ServerResponse(no) => Self::of_login(&no.error, no.error_code.as_deref()),
            RequestTokenError::Request(error) => error.into(),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Self::Unbelievable,
        }
    }
}

impl From<WireError> for Trouble {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Away => Self::Away,
            WireError::Busy => Self::Busy,
            WireError::TooLarge => Self::Unbelievable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_kakaos_list_leads_to_what_somebody_can_do() {
        let setup = |code: &str| Trouble::Setup(code.to_owned());
        for (error, code, trouble) in [
            ("access_denied", None, Trouble::Cancelled),
            ("server_error", Some("KOE003"), Trouble::Away),
            ("invalid_request", Some("KOE001"), setup("KOE001")),
            ("invalid_client", Some("KOE010"), setup("KOE010")),
            ("misconfigured", Some("KOE004"), setup("KOE004")),
            ("access_denied", Some("KOE005"), Trouble::NotTester),
            ("misconfigured", Some("KOE006"), setup("KOE006")),
            ("misconfigured", Some("KOE007"), setup("KOE007")),
            ("invalid_request", Some("KOE008"), setup("KOE008")),
            ("invalid_client", Some("KOE101"), setup("KOE101")),
            ("unsupported_response_type", Some("KOE201"), setup("KOE201")),
            ("invalid_scope", Some("KOE205"), setup("KOE205")),
            ("invalid_grant", Some("KOE303"), setup("KOE303")),
            ("invalid_grant", Some("KOE320"), Trouble::Expired),
            ("invalid_grant", None, Trouble::Expired),
            ("server_error", None, Trouble::Away),
            ("temporarily_unavailable", None, Trouble::Away),
            ("what?", None, Trouble::Unbelievable),
            ("access_denied", Some("<script>"), Trouble::Cancelled),
        ] {
            assert_eq!(Trouble::of_login(error, code), trouble, "{error} {code:?}");
        }
        for (code, trouble) in [
            (-401, Trouble::Expired),
            (-402, Trouble::NoConsent),
            (-101, Trouble::Dormant),
            (-103, Trouble::Dormant),
            (-406, Trouble::TooYoung),
            (-10, Trouble::Busy),
            (-9798, Trouble::Away),
            (-5, setup("-5")),
            (-77, Trouble::Unbelievable),
        ] {
            assert_eq!(Trouble::of_api(code), trouble, "{code}");
        }
    }
}
