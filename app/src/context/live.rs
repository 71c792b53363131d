//! What the live socket has said since the page was rendered, and whether it is there.

use domain::presence::{Presence, presence};
use domain::time::Timestamp;
use leptos::prelude::*;

use crate::api::live::LiveEvent;

/// The state of the live socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not needed yet, or the page runs without script.
    Idle,
    /// Opening for the first time.
    Connecting,
    /// Readings arrive as they are stored.
    Open,
    /// It was there or could not be reached; the next attempt is planned.
    Lost,
}

/// The newest reading of a device as the socket told it.
#[derive(Clone, Debug, PartialEq)]
pub struct Latest {
    /// When it was measured, Unix ms.
    pub at: i64,
    /// Temperature, °C.
    pub t: Option<f64>,
    /// Relative humidity, %.
    pub h: Option<f64>,
    /// The device's presence as the server saw it.
    pub presence: String,
}

/// Live state of the page.
#[derive(Clone, Copy)]
pub struct Live {
    link: RwSignal<Link>,
    /// Devices in the order they were first asked for; a home has so few that a list beats a map.
    devices: StoredValue<Vec<(String, ArcRwSignal<Option<Latest>>)>>,
    /// Grows when rendered data may be out of date and should be fetched anew.
    epoch: RwSignal<u32>,
}

impl Default for Live {
    /// Nothing heard yet.
    fn default() -> Self {
        Self {
            link: RwSignal::new(Link::Idle),
            devices: StoredValue::new(Vec::new()),
            epoch: RwSignal::new(0),
        }
    }
}

impl Live {
    /// The state of the socket.
    pub fn link(self) -> Link {
        self.link.get()
    }

    /// Records a new state of the socket. When it is back after a loss, pages fetch what they missed.
    pub fn set_link(self, link: Link) {
        let before = self.link.get_untracked();
        if before != link {
            self.link.set(link);
        }
        if before == Link::Lost && link == Link::Open {
            self.refresh();
        }
    }

    /// Asks the pages to fetch their data anew.
    pub fn refresh(self) {
        self.epoch.update(|epoch| *epoch += 1);
    }

    /// Changes whenever pages should fetch their data anew.
    pub fn epoch(self) -> u32 {
        self.epoch.get()
    }

    /// The newest reading of a device.
    pub fn device(self, serial: &str) -> ArcRwSignal<Option<Latest>> {
        let known = |devices: &Vec<(String, ArcRwSignal<Option<Latest>>)>| {
            devices
                .iter()
                .find(|(name, _)| name == serial)
                .map(|(_, signal)| signal.clone())
        };
        self.devices.with_value(known).unwrap_or_else(|| {
            let signal = ArcRwSignal::new(None);
            self.devices
                .update_value(|devices| devices.push((serial.to_owned(), signal.clone())));
            signal
        })
    }

    /// Takes in what the socket said; a reading older than the one shown is ignored.
    pub fn apply(self, event: LiveEvent) {
        let Some(at) = event.at else { return };
        let device = self.device(&event.serial);
        let outdated = |shown: &Option<Latest>| shown.as_ref().is_some_and(|shown| shown.at > at);
        if !device.with_untracked(outdated) {
            device.set(Some(Latest {
                at,
                t: event.t,
                h: event.h,
                presence: event.presence,
            }));
        }
    }
}

impl Latest {
    /// Whether the server knew more than the reading's age tells: that the connection broke.
    pub fn will_offline(&self, interval_s: u32, heard_at: i64) -> bool {
        let by_age = presence(
            Some(Timestamp::from_millis(self.at)),
            interval_s,
            false,
            Timestamp::from_millis(heard_at),
        );
        match self.presence.as_str() {
            "offline" => by_age != Presence::Offline,
            "late" => by_age == Presence::Online,
            _ => false,
        }
    }
}

/// Live state of the page.
pub fn use_live() -> Live {
    expect_context()
}
