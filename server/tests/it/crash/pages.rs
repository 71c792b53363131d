//! How long pages take while everything else happens.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::time::Timestamp;
use server::clock::Clock;
use tokio::time::{MissedTickBehavior, interval};

use crate::harness::browser::Browser;
use crate::harness::test_app::PASSWORD;

/// How often somebody looks.
const EVERY: Duration = Duration::from_millis(100);

/// A page that came.
#[derive(Clone, Copy, Debug)]
pub struct Looked {
    /// When it was asked for.
    pub at: Timestamp,
    /// How long it took.
    pub ms: i64,
}

/// Somebody who looks at home.
pub struct Probe {
    browser: Browser,
    clock: Clock,
    looked: Mutex<Vec<Looked>>,
}

impl Probe {
    /// Mina, at one instance.
    pub async fn sign_in(instance: SocketAddr, clock: Clock) -> Self {
        let browser = Browser::new(instance);
        let answer = browser.sign_in("mina@home.example", PASSWORD).await;
        assert_eq!(answer.headers()["location"], "/");
        Self {
            browser,
            clock,
            looked: Mutex::default(),
        }
    }

    /// Looks until it is stopped. Only pages that came are counted: an instance that is killed shows none.
    pub async fn look_again_and_again(&self) {
        let mut timer = interval(EVERY);
        timer.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            timer.tick().await;
            let at = self.clock.now();
            let request = self
                .browser
                .request(reqwest::Method::GET, "/")
                .header("accept", "text/html");
            let Ok(answer) = request.send().await else { continue };
            if answer.status().is_success() && answer.text().await.is_ok() {
                let ms = self.clock.now().since(at);
                self.looked
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(Looked { at, ms });
            }
        }
    }

    /// Everything up to now.
    pub fn looked(&self) -> Vec<Looked> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The value that `percent` of them do not exceed; 0 if there are none.
pub fn percentile(values: &mut [i64], percent: usize) -> f64 {
    values.sort_unstable();
    let index = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values.get(index).map_or(0.0, |value| *value as f64)
}
