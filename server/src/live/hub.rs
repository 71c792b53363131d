//! Who watches which device, and what they were last told.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use domain::presence::Presence;
use domain::time::Timestamp;

use tokio::sync::broadcast;

use super::mailbox::Mailbox;
use super::{DeviceView, Glimpse};
use crate::clock::Clock;
use crate::db::{DeviceId, UserId};
use crate::listening::Listening;

/// How many changes a socket may fall behind before it must look for itself.
const MOVES_BACKLOG: usize = 256;

/// Devices of these people are no longer the same.
#[derive(Clone, Debug)]
pub enum Move {
    /// This instance made it so, and the others must be told.
    Here(Arc<[UserId]>),
    /// Another instance made it so.
    Elsewhere(Arc<[UserId]>),
}

impl Move {
    /// Whose devices they are.
    pub fn people(&self) -> &[UserId] {
        match self {
            Self::Here(people) | Self::Elsewhere(people) => people,
        }
    }
}

/// Cheap to clone. Holds only devices that somebody is watching.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    clock: Clock,
    listening: Listening,
    watched: Mutex<HashMap<DeviceId, Watched>>,
    /// Tells sockets whose devices are no longer the same.
    moves: broadcast::Sender<Move>,
    /// Number of entries in `watched`: lets the intake pass by without the lock while nobody looks.
    count: AtomicUsize,
}

#[derive(Default)]
struct Watched {
    /// `None` until the first socket has read the store, or a reading arrived meanwhile.
    view: Option<DeviceView>,
    /// What the readers were last told.
    told: Option<Presence>,
    readers: Vec<Arc<Mailbox>>,
}

impl Watched {
    fn tell(&mut self, device: DeviceId, glimpse: Glimpse) {
        self.told = Some(glimpse.presence);
        for reader in &self.readers {
            reader.put(device, glimpse);
        }
    }
}

impl Hub {
    /// A hub that nobody watches.
    pub fn new(clock: Clock, listening: Listening) -> Self {
        Self(Arc::new(Inner {
            clock,
            listening,
            watched: Mutex::default(),
            moves: broadcast::Sender::new(MOVES_BACKLOG),
            count: AtomicUsize::new(0),
        }))
    }

    /// Since when devices can be heard.
    pub fn listening(&self) -> &Listening {
        &self.0.listening
    }

    fn look(&self, view: &DeviceView, now: Timestamp) -> Glimpse {
        view.glimpse(self.0.listening.since(), now)
    }

    /// A reader that watches nothing yet.
    pub fn subscribe(&self) -> Subscription {
        Subscription {
            hub: self.clone(),
            mailbox: Arc::default(),
            devices: HashSet::new(),
        }
    }

    /// Number of devices somebody is watching.
    pub fn watched_devices(&self) -> usize {
        self.0.count.load(Ordering::Relaxed)
    }

    /// Passes on what was committed; called by the intake, so it must not wait for anybody.
    pub fn tell(&self, views: impl IntoIterator<Item = (DeviceId, DeviceView)>) {
        if self.watched_devices() == 0 {
            return;
        }
        let now = self.0.clock.now();
        let mut watched = self.lock();
        for (device, view) in views {
            if let Some(entry) = watched.get_mut(&device) {
                entry.view = Some(view);
                entry.tell(device, self.look(&view, now));
            }
        }
    }

    /// Passes on what another instance or the store knows, if it is news here: several instances may commit readings
    /// of one device, and what they tell may cross.
    pub fn renew(&self, views: impl IntoIterator<Item = (DeviceId, DeviceView)>) {
        if self.watched_devices() == 0 {
            return;
        }
        let now = self.0.clock.now();
        let mut watched = self.lock();
        for (device, view) in views {
            let Some(entry) = watched.get_mut(&device) else {
                continue;
            };
            if entry.view.is_none_or(|known| known != view && known.at <= view.at) {
                entry.view = Some(view);
                entry.tell(device, self.look(&view, now));
            }
        }
    }

    /// The devices somebody is watching here.
    pub fn watched(&self) -> Vec<DeviceId> {
        self.lock().keys().copied().collect()
    }

    /// Changes what is known of a device beside its reading, and tells if its presence changed by it.
    pub fn adjust(&self, device: DeviceId, change: impl FnOnce(&mut DeviceView)) {
        if self.watched_devices() == 0 {
            return;
        }
        let now = self.0.clock.now();
        let mut watched = self.lock();
        let Some(entry) = watched.get_mut(&device) else { return };
        let Some(view) = entry.view.as_mut() else { return };
        change(view);
        let glimpse = view.glimpse(self.0.listening.since(), now);
        if entry.told != Some(glimpse.presence) {
            entry.tell(device, glimpse);
        }
    }

    /// These people's devices are no longer the same: their sockets look again, at once.
    pub fn moved(&self, people: impl Into<Arc<[UserId]>>) {
        // Nobody listening is not a fault: there may be no open socket at all.
        let _ = self.0.moves.send(Move::Here(people.into()));
    }

    /// The same, said by another instance.
    pub fn hear_moved(&self, people: impl Into<Arc<[UserId]>>) {
        let _ = self.0.moves.send(Move::Elsewhere(people.into()));
    }

    /// Hears of people whose devices have changed.
    pub fn moves(&self) -> broadcast::Receiver<Move> {
        self.0.moves.subscribe()
    }

    /// A device has left its household: what it said there is told to nobody any more.
    pub fn forget(&self, device: DeviceId) {
        if let Some(entry) = self.lock().get_mut(&device) {
            entry.view = None;
            entry.told = None;
        }
    }

    /// Tells of every device that has become late or offline by silence alone.
    pub fn sweep(&self) {
        let now = self.0.clock.now();
        for (device, entry) in self.lock().iter_mut() {
            let Some(view) = entry.view else { continue };
            let glimpse = self.look(&view, now);
            if entry.told.is_some_and(|told| told != glimpse.presence) {
                entry.tell(*device, glimpse);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<DeviceId, Watched>> {
        self.0.watched.lock().expect("no panic under this lock")
    }
}

/// One socket's place in the hub; leaves it when dropped.
pub struct Subscription {
    hub: Hub,
    mailbox: Arc<Mailbox>,
    devices: HashSet<DeviceId>,
}

impl Subscription {
    /// Watches exactly these devices from now on and returns those it did not watch before. Read
    /// the state of these afterwards and [`seed`](Self::seed) with it: so nothing committed in
    /// between is missed.
    pub fn watch(&mut self, devices: &HashSet<DeviceId>) -> Vec<DeviceId> {
        let joined: Vec<_> = devices.difference(&self.devices).copied().collect();
        let mut watched = self.hub.lock();
        for device in self.devices.difference(devices) {
            leave(&mut watched, *device, &self.mailbox);
        }
        for device in &joined {
            watched
                .entry(*device)
                .or_default()
                .readers
                .push(Arc::clone(&self.mailbox));
        }
        self.hub.0.count.store(watched.len(), Ordering::Relaxed);
        self.devices.clone_from(devices);
        joined
    }

    /// Adds what the store knew, unless something newer has arrived since, and queues the state of
    /// each device for this reader.
    pub fn seed(&self, stored: impl IntoIterator<Item = (DeviceId, DeviceView)>, now: Timestamp) {
        let mut watched = self.hub.lock();
        for (device, stored) in stored {
            if !self.devices.contains(&device) {
                continue;
            }
            let Some(entry) = watched.get_mut(&device) else {
                continue;
            };
            let view = match entry.view {
                Some(known) if known.at >= stored.at => known,
                _ => stored,
            };
            entry.view = Some(view);
            let glimpse = self.hub.look(&view, now);
            entry.told.get_or_insert(glimpse.presence);
            self.mailbox.put(device, glimpse);
        }
    }

    /// Waits for news; everything that came since the last call, one glimpse per device.
    pub async fn next(&self) -> Vec<Glimpse> {
        self.mailbox.take().await
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.watch(&HashSet::new());
    }
}

fn leave(watched: &mut HashMap<DeviceId, Watched>, device: DeviceId, mailbox: &Arc<Mailbox>) {
    mailbox.forget(device);
    if let Some(entry) = watched.get_mut(&device) {
        entry.readers.retain(|reader| !Arc::ptr_eq(reader, mailbox));
        if entry.readers.is_empty() {
            watched.remove(&device);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::clock::ManualClock;
    use domain::serial::Serial;

    const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);
    const ONE: DeviceId = DeviceId(1);
    const TWO: DeviceId = DeviceId(2);

    fn hub() -> (Hub, ManualClock) {
        let (clock, hand) = Clock::manual(NOW);
        (Hub::new(clock, Listening::from(NOW)), hand)
    }

    fn watching(hub: &Hub, devices: &[DeviceId]) -> Subscription {
        let mut subscription = hub.subscribe();
        subscription.watch(&devices.iter().copied().collect());
        subscription
    }

    fn view(at: Timestamp, t: f64) -> DeviceView {
        DeviceView {
            serial: Serial::from_bits(7),
            at: Some(at),
            t: Some(t),
            h: Some(50.0),
            interval_s: 60,
            will_offline: false,
        }
    }

    fn temperatures(news: Option<Vec<Glimpse>>) -> Vec<f64> {
        news.unwrap_or_default()
            .iter()
            .filter_map(|glimpse| glimpse.t)
            .collect()
    }

    #[test]
    fn a_reader_hears_of_its_devices_only() {
        let (hub, _) = hub();
        let reader = watching(&hub, &[ONE]);

        hub.tell([(ONE, view(NOW, 21.0)), (TWO, view(NOW, 99.0))]);

        assert_eq!(temperatures(reader.next().now_or_never()), [21.0]);
        assert!(reader.next().now_or_never().is_none(), "and nothing twice");
    }

    #[test]
    fn a_slow_reader_gets_the_latest_and_holds_one_glimpse_per_device() {
        let (hub, _) = hub();
        let slow = watching(&hub, &[ONE]);
        for n in 0..10_000 {
            hub.tell([(ONE, view(NOW.plus_millis(n), f64::from(u16::try_from(n).unwrap())))]);
        }
        assert_eq!(temperatures(slow.next().now_or_never()), [9_999.0]);
    }

    #[test]
    fn a_device_that_falls_silent_becomes_late_and_then_offline_once_each() {
        let (hub, hand) = hub();
        let reader = watching(&hub, &[ONE]);
        hub.tell([(ONE, view(NOW, 21.0))]);
        reader.next().now_or_never().unwrap();

        for (ms, expected) in [(151_000, Presence::Late), (300_000, Presence::Offline)] {
            hand.advance(ms);
            hub.sweep();
            let news = reader.next().now_or_never().unwrap();
            assert_eq!(news[0].presence, expected);
            hub.sweep();
            assert!(reader.next().now_or_never().is_none(), "told once");
        }
    }

    #[test]
    fn a_device_is_called_offline_only_after_we_have_listened_long_enough() {
        let (hub, hand) = hub();
        let reader = watching(&hub, &[ONE]);
        reader.seed([(ONE, view(NOW.plus_millis(-7_200_000), 21.0))], NOW);
        assert_eq!(reader.next().now_or_never().unwrap()[0].presence, Presence::Late);
        hand.advance(300_000);
        hub.sweep();
        assert!(reader.next().now_or_never().is_none(), "its time is not over");
        hub.listening().heard_nothing(NOW.plus_millis(300_000));
        hand.advance(300_000);
        hub.sweep();
        assert!(reader.next().now_or_never().is_none(), "the broker was away meanwhile");
        hand.advance(1);
        hub.sweep();
        assert_eq!(reader.next().now_or_never().unwrap()[0].presence, Presence::Offline);
    }

    #[test]
    fn a_will_shows_at_once_and_its_return_too() {
        let (hub, _) = hub();
        let reader = watching(&hub, &[ONE]);
        hub.tell([(ONE, view(NOW, 21.0))]);
        reader.next().now_or_never().unwrap();

        hub.adjust(ONE, |view| view.will_offline = true);
        assert_eq!(reader.next().now_or_never().unwrap()[0].presence, Presence::Late);
        hub.adjust(ONE, |view| view.will_offline = false);
        assert_eq!(reader.next().now_or_never().unwrap()[0].presence, Presence::Online);
    }

    #[test]
    fn what_was_committed_while_the_store_was_read_wins_over_the_store() {
        let (hub, _) = hub();
        let reader = watching(&hub, &[ONE]);
        hub.tell([(ONE, view(NOW, 22.0))]);

        reader.seed([(ONE, view(NOW.plus_millis(-60_000), 21.0))], NOW);

        assert_eq!(temperatures(reader.next().now_or_never()), [22.0]);
    }

    #[test]
    fn what_another_instance_tells_is_told_once_and_never_turns_back() {
        let (hub, _) = hub();
        let reader = watching(&hub, &[ONE]);
        hub.tell([(ONE, view(NOW, 22.0))]);
        reader.next().now_or_never().unwrap();

        hub.renew([(ONE, view(NOW, 22.0))]);
        hub.renew([(ONE, view(NOW.plus_millis(-60_000), 21.0))]);
        assert!(reader.next().now_or_never().is_none(), "known, and older");

        hub.renew([(ONE, view(NOW.plus_millis(60_000), 23.0))]);
        assert_eq!(temperatures(reader.next().now_or_never()), [23.0]);
    }

    #[test]
    fn a_device_that_leaves_the_household_leaves_the_socket() {
        let (hub, _) = hub();
        let mut reader = watching(&hub, &[ONE, TWO]);
        hub.tell([(ONE, view(NOW, 21.0))]);

        reader.watch(&HashSet::from([TWO]));
        hub.tell([(ONE, view(NOW, 22.0))]);

        assert!(reader.next().now_or_never().is_none());
        reader.seed([(ONE, view(NOW, 23.0))], NOW);
        assert!(reader.next().now_or_never().is_none(), "nor through the store");
    }

    #[test]
    fn a_closed_socket_leaves_nothing_behind() {
        let (hub, _) = hub();
        let (one, other) = (watching(&hub, &[ONE]), watching(&hub, &[ONE, TWO]));
        drop(other);
        assert_eq!(hub.watched_devices(), 1);
        drop(one);
        assert_eq!(hub.watched_devices(), 0);
    }
}
