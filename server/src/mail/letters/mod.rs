//! Everything people are ever told by mail: one variant per folder under `templates/`.

mod account;
mod home;
mod paper;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::{Language, WayChange};

/// A mail before it is put into words. Not `Debug`: codes and links must not reach a log.
#[derive(Clone, Copy)]
pub enum Mail<'a> {
    /// Proves that an address is the asker's.
    VerifyAddress {
        /// What to type into the page that is waiting.
        code: &'a str,
        /// How long the code lives.
        minutes: u32,
    },
    /// Somebody tried to sign up with an address that has an account.
    AddressTaken {
        /// Where to sign in.
        sign_in_url: &'a str,
        /// Where to begin if the password is forgotten.
        reset_url: &'a str,
    },
    /// Lets somebody who forgot the password choose a new one.
    ResetPassword {
        /// What to type into the page that is waiting.
        code: &'a str,
        /// The same in one tap.
        link: &'a str,
        /// How long both live.
        minutes: u32,
    },
    /// The password was changed.
    PasswordChanged {
        /// The browser it was done with, in words.
        device: &'a str,
        /// What to do if it was somebody else.
        reset_url: &'a str,
    },
    /// The account has another address now; goes to both.
    AddressChanged {
        /// The address it had.
        old: &'a str,
        /// The address it has.
        new: &'a str,
        /// The browser it was done with, in words.
        device: &'a str,
        /// Where it can be changed back.
        account_url: &'a str,
    },
    /// A refresh token was used a second time: one of two holders is a thief.
    SessionReuse {
        /// The browser that was signed out, in words.
        device: &'a str,
        /// Where to change the password.
        password_url: &'a str,
    },
    /// A way in besides the password was added or taken away.
    SignInWayChanged {
        /// Which, and how.
        change: WayChange,
        /// The browser it was done with, in words.
        device: &'a str,
        /// Where to see all ways in.
        settings_url: &'a str,
    },
    /// Asks somebody into a household.
    Invite {
        /// The address of whoever asks.
        inviter: &'a str,
        /// What the household is called.
        household: &'a str,
        /// Where to accept.
        link: &'a str,
        /// How long that works.
        days: u32,
    },
    /// Something happens at home.
    Alert {
        /// In a few words.
        headline: &'a str,
        /// Each a whole sentence.
        sentences: &'a [String],
        /// Where one says that one knows.
        ack_url: &'a str,
        /// Where everything that happened is told.
        log_url: &'a str,
    },
    /// It is over.
    AlertOver {
        /// In a few words.
        headline: &'a str,
        /// Each a whole sentence.
        sentences: &'a [String],
        /// Where everything that happened is told.
        log_url: &'a str,
    },
    /// Shows its reader that alerts would arrive.
    AlertTest {
        /// Where to choose how to be told.
        settings_url: &'a str,
    },
}

/// A mail in words. Not `Debug`, as [`Mail`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// Language tag of what follows.
    pub language: String,
    /// One line.
    pub subject: String,
    /// For readers without HTML.
    pub text: String,
    /// A whole HTML document.
    pub html: String,
}

impl Mail<'_> {
    /// Its name in lists and counters, and of its folder.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::VerifyAddress { .. } => "verify-address",
            Self::AddressTaken { .. } => "address-taken",
            Self::ResetPassword { .. } => "reset-password",
            Self::PasswordChanged { .. } => "password-changed",
            Self::AddressChanged { .. } => "address-changed",
            Self::SessionReuse { .. } => "session-reuse",
            Self::SignInWayChanged { .. } => "sign-in-way-changed",
            Self::Invite { .. } => "invite",
            Self::Alert { .. } => "alert",
            Self::AlertOver { .. } => "alert-over",
            Self::AlertTest { .. } => "alert-test",
        }
    }

    /// After how many minutes it is not worth sending any more.
    pub const fn worth_minutes(&self) -> Option<u32> {
        match self {
            Self::VerifyAddress { minutes, .. } | Self::ResetPassword { minutes, .. } => Some(*minutes),
            Self::Invite { days, .. } => Some(*days * 24 * 60),
            Self::AddressTaken { .. }
            | Self::PasswordChanged { .. }
            | Self::AddressChanged { .. }
            | Self::SessionReuse { .. }
            | Self::SignInWayChanged { .. }
            | Self::Alert { .. }
            | Self::AlertOver { .. }
            | Self::AlertTest { .. } => None,
        }
    }

    /// Puts it into words.
    pub fn render(&self, language: Language) -> Rendered {
        match *self {
            Self::VerifyAddress { code, minutes } => account::verify_address(language, code, minutes),
            Self::AddressTaken { sign_in_url, reset_url } => account::address_taken(language, sign_in_url, reset_url),
            Self::ResetPassword { code, link, minutes } => account::reset_password(language, code, link, minutes),
            Self::PasswordChanged { device, reset_url } => account::password_changed(language, device, reset_url),
            Self::AddressChanged {
                old,
                new,
                device,
                account_url,
            } => account::address_changed(language, old, new, device, account_url),
            Self::SessionReuse { device, password_url } => account::session_reuse(language, device, password_url),
            Self::SignInWayChanged {
                change,
                device,
                settings_url,
            } => account::sign_in_way_changed(language, change, device, settings_url),
            Self::Invite {
                inviter,
                household,
                link,
                days,
            } => home::invite(language, inviter, household, link, days),
            Self::Alert {
                headline,
                sentences,
                ack_url,
                log_url,
            } => home::alert(language, headline, sentences, ack_url, log_url),
            Self::AlertOver {
                headline,
                sentences,
                log_url,
            } => home::alert_over(language, headline, sentences, log_url),
            Self::AlertTest { settings_url } => home::alert_test(language, settings_url),
        }
    }
}
