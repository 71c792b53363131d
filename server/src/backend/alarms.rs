//! Alerts that are not over, as the sentence for the whole home speaks of them: one of each room.

use std::collections::HashMap;

use app::api::rooms::{Alarm, Concern};
use domain::alert::{Metric, Rule};

use crate::db::alerts::{Alert, list_open};
use crate::db::{Db, DeviceId};
use crate::error::Result;

/// The most urgent alert of each of these devices that has one.
pub(super) async fn find_alarms(db: &Db, devices: &[DeviceId]) -> Result<HashMap<DeviceId, Alarm>> {
    let mut alarms: HashMap<DeviceId, Alarm> = HashMap::new();
    for alert in list_open(db, devices).await? {
        let Some(alarm) = alarm(&alert) else { continue };
        let known = alarms.entry(alert.device).or_insert(alarm);
        if known.weight() < alarm.weight() {
            *known = alarm;
        }
    }
    Ok(alarms)
}

/// Nothing of an alert over the brightness: that it is dark is no news about a home.
fn alarm(alert: &Alert) -> Option<Alarm> {
    let rising = alert.from.zip(alert.value).is_none_or(|(from, to)| to > from.value);
    let (concern, limit) = match alert.rule {
        Rule::Above { metric, limit, .. } => (too_much(metric)?, Some(limit)),
        Rule::Below { metric, limit, .. } => (too_little(metric)?, Some(limit)),
        Rule::Change { metric: Metric::T, .. } if rising => (Concern::Heating, None),
        Rule::Change { metric: Metric::T, .. } => (Concern::Cooling, None),
        Rule::Change { metric, .. } if rising => (too_much(metric)?, None),
        Rule::Change { metric, .. } => (too_little(metric)?, None),
        Rule::Offline { .. } => (Concern::Silent, None),
        Rule::Fault {} => (Concern::Broken, None),
    };
    let is_course = matches!(concern, Concern::Heating | Concern::Cooling);
    Some(Alarm {
        concern,
        limit,
        from: alert.from.filter(|_| is_course).map(|from| from.value),
        danger: alert.danger,
        known: alert.acked_at.is_some(),
    })
}

const fn too_much(metric: Metric) -> Option<Concern> {
    match metric {
        Metric::T => Some(Concern::Warm),
        Metric::H => Some(Concern::Humid),
        Metric::Light => None,
    }
}

const fn too_little(metric: Metric) -> Option<Concern> {
    match metric {
        Metric::T => Some(Concern::Cold),
        Metric::H => Some(Concern::Dry),
        Metric::Light => None,
    }
}
