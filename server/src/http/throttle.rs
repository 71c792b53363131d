//! How often one may change something or ask for something expensive: per address and per person.
//!
//! Far above what people and their scripts do, and far below what would hurt others. Guessing passwords and codes has
//! much tighter limits of its own, in `auth`.

use std::sync::Arc;

use app::error::AppError;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use domain::time::Timestamp;

use super::client::ClientIp;
use super::{AppState, refusal};
use crate::auth::{Identity, network_of};
use crate::db::UserId;
use crate::limits::{Limit, Quota, RetryAfter, Shared};

/// 600 at once from one address, then ten a second: a whole office may be behind it.
const PER_ADDRESS: Quota = Quota::new(600, 100);
/// 300 at once by one person, then five a second.
const PER_PERSON: Quota = Quota::new(300, 200);

/// What one request costs, in changes.
const CHANGE: i64 = 1;
/// Reads as much as a year of raw readings.
const EXPENSIVE: i64 = 5;

/// Counts what was asked. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Throttle(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    addresses: Limit,
    people: Limit,
}

impl Throttle {
    /// Counts together with other instances, if there are any.
    pub fn new(shared: &Shared) -> Self {
        Self(Arc::new(Inner {
            addresses: Limit::new("requests:address", PER_ADDRESS, shared),
            people: Limit::new("requests:person", PER_PERSON, shared),
        }))
    }

    /// Counts a request of somebody who has proven nothing.
    ///
    /// # Errors
    /// When to come back.
    pub async fn count_stranger(&self, from: ClientIp, now: Timestamp) -> Result<(), RetryAfter> {
        self.take(from, None, CHANGE, now).await
    }

    async fn take(&self, from: ClientIp, person: Option<UserId>, cost: i64, now: Timestamp) -> Result<(), RetryAfter> {
        if let Some(person) = person {
            self.0.people.take(&person.0.to_string(), cost, now).await?;
        }
        let network = network_of(from.0).to_string();
        self.0.addresses.take(&network, cost, now).await
    }
}

/// Middleware, inside the session: refuses what is too much with 429 and the time to come back.
pub async fn limit(State(state): State<AppState>, from: ClientIp, request: Request, next: Next) -> Response {
    let identity = request.extensions().get::<Identity>();
    let cost = cost_of(request.method(), request.uri().path());
    // The shop's own system makes thousands of products, and holds a secret nobody guesses.
    if cost == 0 || matches!(identity, Some(Identity::Shop)) {
        return next.run(request).await;
    }
    let person = identity.and_then(Identity::person).map(|person| person.id);
    match state.throttle.take(from, person, cost, state.clock.now()).await {
        Ok(()) => next.run(request).await,
        Err(RetryAfter(retry_after)) => {
            metrics::counter!("templog_http_throttled_total").increment(1);
            refusal::answer(
                &state,
                request,
                AppError::RateLimited { retry_after },
                "too many requests",
            )
            .await
        }
    }
}

fn cost_of(method: &Method, path: &str) -> i64 {
    if !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        CHANGE
    } else if (path.starts_with("/api/") && path.ends_with("/history")) || path.contains("/export") {
        EXPENSIVE
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);
    const MINA: Option<UserId> = Some(UserId(1));

    fn address(last: u8) -> ClientIp {
        ClientIp([192, 0, 2, last].into())
    }

    #[tokio::test]
    async fn a_person_is_stopped_at_every_address_and_others_are_not() {
        let throttle = Throttle::new(&Shared::default());
        for n in 0..300 {
            let from = address(u8::try_from(n % 200).unwrap());
            assert_eq!(throttle.take(from, MINA, CHANGE, NOW).await, Ok(()));
        }
        assert_eq!(throttle.take(address(250), MINA, CHANGE, NOW).await, Err(RetryAfter(1)));
        assert_eq!(throttle.take(address(250), Some(UserId(2)), CHANGE, NOW).await, Ok(()));
        assert_eq!(
            throttle.take(address(250), MINA, CHANGE, NOW.plus_millis(200)).await,
            Ok(())
        );
    }

    #[tokio::test]
    async fn strangers_share_the_limit_of_their_address() {
        let throttle = Throttle::new(&Shared::default());
        for _ in 0..600 {
            assert_eq!(throttle.take(address(1), None, CHANGE, NOW).await, Ok(()));
        }
        assert_eq!(throttle.take(address(1), None, CHANGE, NOW).await, Err(RetryAfter(1)));
        assert_eq!(throttle.take(address(2), None, CHANGE, NOW).await, Ok(()));
    }

    #[test]
    fn what_is_expensive_counts_more_and_pages_count_nothing() {
        let cost = |method, path| cost_of(&method, path);
        assert_eq!(cost(Method::GET, "/api/v1/devices/TL-7K3F9Q2M/history"), EXPENSIVE);
        assert_eq!(cost(Method::GET, "/settings/account/export"), EXPENSIVE);
        assert_eq!(cost(Method::POST, "/language"), CHANGE);
        assert_eq!(cost(Method::DELETE, "/api/v1/session"), CHANGE);
        assert_eq!(cost(Method::GET, "/"), 0);
        assert_eq!(cost(Method::GET, "/ws/live"), 0);
    }
}
