//! Which passwords people may choose, and how good one is, in words.
//!
//! Length decides first. Then the password is taken apart the way a cracker would (by the `zxcvbn` estimator, whose
//! lists hold the 30 000 most common passwords, names and words): what falls within a million guesses is refused,
//! and so is everything on the list of the most common passwords, which falls much sooner.

use zxcvbn::{Score, zxcvbn};

/// Shortest password somebody may choose.
pub const MIN_CHARS: usize = 10;
/// Longest one.
pub const MAX_CHARS: usize = 128;

/// Why a password cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Shorter than [`MIN_CHARS`].
    TooShort,
    /// Longer than [`MAX_CHARS`].
    TooLong,
    /// Many people use it, or it follows from what everybody knows.
    Guessable,
}

/// How good an accepted password is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Holds as long as guessing is slow.
    Fair,
    /// Holds.
    Good,
    /// Holds even if our database were stolen.
    Strong,
}

impl Strength {
    /// Its name among the page's texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fair => "fair",
            Self::Good => "good",
            Self::Strong => "strong",
        }
    }
}

/// Hands the password back if its owner may choose it. Taking a long one apart lasts some milliseconds, so it does not
/// hold up others.
pub(super) async fn judge(password: String, email: &str) -> Result<(String, Strength), Weakness> {
    let email = email.to_owned();
    let judging = tokio::task::spawn_blocking(move || {
        let strength = judge_blocking(&password, &email)?;
        Ok((password, strength))
    });
    judging.await.expect("judging a password does not panic")
}

fn judge_blocking(password: &str, email: &str) -> Result<Strength, Weakness> {
    match password.chars().count() {
        ..MIN_CHARS => return Err(Weakness::TooShort),
        MIN_CHARS..=MAX_CHARS => {}
        _ => return Err(Weakness::TooLong),
    }
    let mut known: Vec<&str> = email.split(['@', '.', '+', '-', '_']).collect();
    known.extend([email, "templog"]);
    match zxcvbn(password, &known).score() {
        Score::Three => Ok(Strength::Good),
        Score::Four => Ok(Strength::Strong),
        Score::Two => Ok(Strength::Fair),
        _ => Err(Weakness::Guessable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(password: &str) -> Result<Strength, Weakness> {
        judge_blocking(password, "mina.kim@home.example")
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(judged("nine-char"), Err(Weakness::TooShort));
        assert_eq!(judged("집은괜찮아요정말"), Err(Weakness::TooShort));
        assert!(judged("집은정말로괜찮아요오늘도").is_ok());
        let longest: String = ('a'..='z').cycle().step_by(7).take(MAX_CHARS).collect();
        assert!(judged(&longest).is_ok());
        assert_eq!(judged(&format!("{longest}x")), Err(Weakness::TooLong));
    }

    #[test]
    fn what_many_people_use_is_refused() {
        let common = [
            "1234567890",
            "0987654321",
            "qwertyuiop",
            "1q2w3e4r5t",
            "password123",
            "Password123",
            "p@ssw0rd123",
            "iloveyou123",
            "abcdefghij",
            "aaaaaaaaaa",
            "abcabcabcabc",
            "passwordpassword",
            "9876543210",
        ];
        for password in common {
            assert_eq!(judged(password), Err(Weakness::Guessable), "{password}");
        }
    }

    #[test]
    fn what_follows_from_the_address_is_refused() {
        for password in ["mina.kim@home.example", "templogmina"] {
            assert_eq!(judged(password), Err(Weakness::Guessable), "{password}");
        }
    }

    #[test]
    fn a_few_words_of_ones_own_are_good() {
        assert_eq!(judged("correct horse battery"), Ok(Strength::Strong));
        assert_eq!(judged("kW3-tulip-91-oven"), Ok(Strength::Strong));
    }
}
