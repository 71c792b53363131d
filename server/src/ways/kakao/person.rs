//! What Kakao tells of a person (`GET /v2/user/me`), reduced to what we need.

use serde::Deserialize;

use crate::mail::is_address;

/// Somebody with a Kakao account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KakaoPerson {
    /// Kakao's number of them: all else may change.
    pub subject: String,
    /// What they call themselves.
    pub name: String,
    /// Their mail address, as far as Kakao vouches for it.
    pub address: Address,
}

/// How much a mail address from Kakao is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// Kakao has verified it, and it is still theirs.
    Proven(String),
    /// There is one, but nobody vouches for it.
    Unproven,
    /// They have none, or did not agree to tell it.
    Missing,
}

/// Kakao's own shape.
#[derive(Deserialize)]
pub(super) struct Me {
    id: i64,
    #[serde(default)]
    kakao_account: Option<Account>,
}

#[derive(Deserialize)]
struct Account {
    #[serde(default)]
    profile: Option<Profile>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    is_email_valid: bool,
    #[serde(default)]
    is_email_verified: bool,
}

#[derive(Deserialize)]
struct Profile {
    #[serde(default)]
    nickname: Option<String>,
}

/// Kakao's API says no.
#[derive(Deserialize)]
pub(super) struct ApiRefusal {
    /// Negative; the words beside it are not for programs.
    pub code: i64,
}

impl From<Me> for KakaoPerson {
    fn from(me: Me) -> Self {
        let (name, address) = match me.kakao_account {
            Some(account) => {
                let name = account.profile.and_then(|profile| profile.nickname);
                let vouched = account.is_email_valid && account.is_email_verified;
                (name, Address::of(account.email, vouched))
            }
            None => (None, Address::Missing),
        };
        Self {
            subject: me.id.to_string(),
            name: name.unwrap_or_default(),
            address,
        }
    }
}

impl Address {
    fn of(email: Option<String>, vouched: bool) -> Self {
        let email = email.map(|email| email.trim().to_lowercase());
        match email.filter(|email| !email.is_empty()) {
            None => Self::Missing,
            Some(email) if vouched && is_address(&email) => Self::Proven(email),
            Some(_) => Self::Unproven,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(account: &serde_json::Value) -> KakaoPerson {
        let me: Me = serde_json::from_value(serde_json::json!({"id": 7, "kakao_account": account})).unwrap();
        me.into()
    }

    #[test]
    fn only_an_address_that_is_valid_and_verified_is_worth_something() {
        for (valid, verified, worth) in [
            (true, true, Address::Proven("mina@home.example".to_owned())),
            (true, false, Address::Unproven),
            (false, true, Address::Unproven),
            (false, false, Address::Unproven),
        ] {
            let account = serde_json::json!({
                "email": " Mina@Home.Example ", "is_email_valid": valid, "is_email_verified": verified,
            });
            assert_eq!(person(&account).address, worth);
        }
    }

    #[test]
    fn whoever_tells_nothing_still_has_a_number() {
        let bare: Me = serde_json::from_str(r#"{"id": 7, "connected_at": "2026-11-20T00:00:00Z"}"#).unwrap();
        let person = KakaoPerson::from(bare);
        assert_eq!((person.subject.as_str(), person.name.as_str()), ("7", ""));
        assert_eq!(person.address, Address::Missing);
    }

    #[test]
    fn an_address_that_is_none_is_not_believed_though_it_is_verified() {
        let account = serde_json::json!({"email": "x", "is_email_valid": true, "is_email_verified": true});
        assert_eq!(person(&account).address, Address::Unproven);
    }
}
