//! Signing in with Kakao: OAuth 2.0 authorization code with PKCE, and `OpenID` Connect's nonce.
//!
//! A trip has three parts: [`depart`](super::Ways::depart) remembers what only this browser can know and sends it to
//! Kakao; [`arrive`](super::Ways::arrive) takes what Kakao sends back, once; and where a Kakao account meets an
//! account that has been here before, [`prove`](super::Ways::prove) lets its owner in only with that account's own
//! password or a code by mail. Kakao's tokens are used for two questions and then forgotten; what is stored is
//! Kakao's number of the person.

mod client;
mod decision;
mod id_token;
mod person;
mod proof;
mod trip;
mod trouble;
mod wire;

pub(super) use client::Kakao;
pub use proof::{PendingProof, Proof, ProofError};
pub use trip::{Arrival, Callback};
pub use trouble::Trouble;

/// The `provider` of its identities.
pub(crate) const PROVIDER: &str = "kakao";
