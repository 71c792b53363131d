//! People's passwords: argon2id, slow on purpose, so never on an async thread and never many at once.

use std::sync::Arc;

use argon2::password_hash::{self, SaltString};
use argon2::{Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

/// One hash takes 19 MiB and a core; more at once would only make everybody wait and the memory grow.
const AT_ONCE: usize = 2;

/// Shortest password a new account may have (OWASP ASVS 6.2.1).
pub const MIN_CHARS: usize = 8;
/// Longest one: more is not safer, only a way to make us work.
pub const MAX_CHARS: usize = 256;

/// Hashes and compares passwords with the parameters OWASP advises (19 MiB, 2 passes, 1 lane).
#[derive(Clone)]
pub struct Passwords {
    /// Permits to hash; see [`AT_ONCE`].
    permits: Arc<Semaphore>,
    /// What an unknown account's password is compared with, so that it takes as long as a known one's.
    decoy: Arc<str>,
}

impl Passwords {
    /// Makes the decoy, which costs one hash.
    pub fn new() -> Self {
        let decoy = hash_blocking(&format!("{:x}", rand::random::<u128>()));
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            decoy: decoy.expect("fixed parameters and a fresh salt are valid").into(),
        }
    }

    /// A PHC string to store, with a salt of its own; `None` if the length is not acceptable.
    pub async fn hash(&self, password: String) -> Option<String> {
        if !(MIN_CHARS..=MAX_CHARS).contains(&password.chars().count()) {
            return None;
        }
        self.work(move || hash_blocking(&password).ok()).await
    }

    /// Whether the password is the one behind `stored`. Without a stored hash the answer is no, and
    /// takes just as long.
    pub async fn verify(&self, password: String, stored: Option<String>) -> bool {
        if password.chars().count() > MAX_CHARS {
            return false;
        }
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_string());
        self.work(move || verify_blocking(&password, &stored)).await && known
    }

    async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> T {
        metrics::counter!("templog_password_hashes_total").increment(1);
        let _permit = self.permits.acquire().await.expect("the semaphore is never closed");
        tokio::task::spawn_blocking(job).await.expect("hashing does not panic")
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

fn hash_blocking(password: &str) -> password_hash::Result<String> {
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())?;
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt)?.to_string())
}

fn verify_blocking(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let passwords = Passwords::new();
        let stored = passwords.hash("correct horse".to_owned()).await.unwrap();

        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.verify("correct horse".to_owned(), Some(stored.clone())).await);
        assert!(!passwords.verify("Correct horse".to_owned(), Some(stored)).await);
    }

    #[tokio::test]
    async fn an_unknown_account_never_opens_whatever_the_password() {
        let passwords = Passwords::new();
        assert!(!passwords.verify("anything at all".to_owned(), None).await);
    }

    #[tokio::test]
    async fn equal_passwords_do_not_look_equal_at_rest() {
        let passwords = Passwords::new();
        let one = passwords.hash("correct horse".to_owned()).await;
        let two = passwords.hash("correct horse".to_owned()).await;
        assert_ne!(one, two);
    }

    #[tokio::test]
    async fn lengths_outside_the_policy_are_refused_and_unicode_counts_by_character() {
        let passwords = Passwords::new();
        assert!(passwords.hash("short77".to_owned()).await.is_none());
        assert!(passwords.hash("x".repeat(MAX_CHARS + 1)).await.is_none());
        assert!(passwords.hash("집은괜찮아요정말".to_owned()).await.is_some());
    }
}
