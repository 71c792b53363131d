//! Owns every background task: who runs, who is told to stop, who is waited for.
//!
//! A task that panics stops the whole server in an orderly way: a half-dead process that still answers is worse than
//! one that its supervisor starts again.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Cheap to clone; all clones from [`Lifecycle::new`] belong to the same server.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// Cancelled once, when the server is to stop.
    token: CancellationToken,
    /// Counts the tasks that [`Lifecycle::drain`] waits for.
    tracker: TaskTracker,
}

impl Lifecycle {
    /// A lifecycle with no tasks yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs a task that [`Lifecycle::drain`] will wait for. `name` appears in the log if it panics.
    pub fn spawn<F>(&self, name: &'static str, task: F) -> JoinHandle<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let token = self.token.clone();
        self.tracker.spawn(async move {
            if let Err(panic) = AssertUnwindSafe(task).catch_unwind().await {
                tracing::error!(
                    task = name,
                    panic = panic_text(panic.as_ref()),
                    "a task panicked: stopping"
                );
                token.cancel();
            }
        })
    }

    /// Asks everybody to stop, without waiting.
    pub fn stop(&self) {
        self.token.cancel();
    }

    /// Resolves when the server is to stop.
    pub async fn cancelled(&self) {
        self.token.cancelled().await;
    }

    /// Whether the server is to stop.
    pub fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }

    /// A token that ends with the server, and may be cancelled alone.
    pub fn child(&self) -> CancellationToken {
        self.token.child_token()
    }

    /// Asks everybody to stop and waits until they have. `false` if `patience` ran out first.
    pub async fn drain(&self, patience: Duration) -> bool {
        self.token.cancel();
        self.tracker.close();
        tokio::time::timeout(patience, self.tracker.wait()).await.is_ok()
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn draining_waits_for_the_tasks_to_end() {
        let lifecycle = Lifecycle::new();
        let (sent, mut got) = tokio::sync::mpsc::channel(1);
        let inner = lifecycle.clone();
        lifecycle.spawn("worker", async move {
            inner.cancelled().await;
            tokio::task::yield_now().await;
            sent.send("last words").await.expect("the receiver lives");
        });
        assert!(lifecycle.drain(Duration::from_secs(5)).await);
        assert_eq!(got.try_recv(), Ok("last words"));
    }

    #[tokio::test]
    async fn a_stuck_task_does_not_hold_the_shutdown_for_ever() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn("stuck", std::future::pending());
        assert!(!lifecycle.drain(Duration::from_millis(10)).await);
    }

    #[tokio::test]
    async fn a_panicking_task_stops_the_server() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn("careless", async { panic!("boom") });
        tokio::time::timeout(Duration::from_secs(5), lifecycle.cancelled())
            .await
            .expect("the panic is noticed");
        assert!(lifecycle.is_cancelled());
    }
}
