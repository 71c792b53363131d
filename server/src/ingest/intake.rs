//! The way in: a cheap handle that any number of doors may hold.

use std::sync::Arc;

use bytes::Bytes;
use domain::serial::Serial;
use domain::time::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::health::IntakeHealth;
use super::message::{Body, Message};
use super::{PendingReceipt, Receipt};
use crate::clock::Clock;

/// Readings that may wait or be in the making. A door that finds no room waits as well.
pub(super) const ROOM: usize = 8192;

/// Hands messages to the committer. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Intake {
    queue: mpsc::UnboundedSender<Message>,
    /// Bounds the queue: by readings and not by messages, because one may hold five hundred.
    health: IntakeHealth,
    clock: Clock,
}

impl Intake {
    pub(super) const fn new(queue: mpsc::UnboundedSender<Message>, health: IntakeHealth, clock: Clock) -> Self {
        Self { queue, health, clock }
    }

    /// How it is.
    pub fn health(&self) -> IntakeHealth {
        self.health.clone()
    }

    /// Takes a telemetry payload and resolves after COMMIT.
    pub async fn telemetry(&self, serial: Serial, payload: Bytes, received: Timestamp) -> Receipt {
        self.submit(serial, payload, received).await.await
    }

    /// Takes a telemetry payload and resolves as soon as there is room for it in the queue.
    pub async fn submit(&self, serial: Serial, payload: Bytes, received: Timestamp) -> PendingReceipt {
        self.enqueue(serial, received, Body::telemetry(&payload)).await
    }

    /// Takes a status payload and resolves after COMMIT. `retained`: the broker had kept it for us.
    pub async fn status(&self, serial: Serial, payload: Bytes, retained: bool) -> Receipt {
        self.submit_status(serial, payload, retained).await.await
    }

    /// Takes a status payload and resolves as soon as there is room for it in the queue.
    pub async fn submit_status(&self, serial: Serial, payload: Bytes, retained: bool) -> PendingReceipt {
        self.enqueue(serial, self.clock.now(), Body::status(&payload, retained))
            .await
    }

    async fn enqueue(&self, serial: Serial, received: Timestamp, body: Body) -> PendingReceipt {
        let room = Arc::clone(self.health.room());
        let room = room.acquire_many_owned(body.weight()).await.ok();
        let (reply, receipt) = oneshot::channel();
        let queued = self.queue.send(Message {
            serial,
            received,
            body,
            reply,
            room,
        });
        PendingReceipt(queued.is_ok().then_some(receipt))
    }
}
