//! How the installation is, for the page of its operators.

use app::api::health::{HealthView, LettersView, OthersStanding, PresencesView, WeightView};

use super::ServerBackend;
use crate::db::usage::Weight;
use crate::error::Result;
use crate::relay::Standing;
use crate::vitals::Stored;

impl ServerBackend {
    pub(super) async fn health_view(&self) -> Result<HealthView> {
        let vitals = &self.vitals;
        let Stored {
            backlog,
            presences,
            bytes,
        } = vitals.stored().await?;
        let heaviest = vitals.heaviest().await?;
        Ok(HealthView {
            door_open: vitals.door.state().ready,
            broker: self.broker_standing(),
            intake_stuck: vitals.intake.is_stuck(),
            intake_waiting: vitals.intake.waiting(),
            others: match vitals.relay.standing() {
                Standing::Alone => OthersStanding::Alone,
                Standing::Connected => OthersStanding::Connected,
                Standing::Unreachable => OthersStanding::Unreachable,
            },
            letters: LettersView {
                waiting: backlog.waiting,
                oldest_ms: backlog.oldest.map(|oldest| self.clock.now().since(oldest)),
                dead: backlog.dead,
            },
            devices: PresencesView {
                online: presences.online,
                late: presences.late,
                offline: presences.offline,
                never_seen: presences.never_seen,
            },
            watched: vitals.hub.watched_devices(),
            store_bytes: bytes,
            heaviest: heaviest.map(|heaviest| heaviest.into_iter().map(weight_view).collect()),
        })
    }
}

fn weight_view(weight: Weight) -> WeightView {
    WeightView {
        serial: weight.serial,
        readings: weight.usage.readings,
        slots: weight.usage.slots,
        bytes: weight.usage.bytes(),
    }
}
