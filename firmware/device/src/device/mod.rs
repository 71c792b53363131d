//! The device itself: everything that happens to it is a method here, everything it wants is `poll` (`messages`).

mod messages;

use domain::time::Timestamp;
use domain::wire::{Malformed, ack};

use crate::backoff::{Backoff, Cause};
use crate::calendar;
use crate::chapters::Chapters;
use crate::commands::{Action, Desk, Incoming};
use crate::config::Config;
use crate::flights::Flights;
use crate::kept::{Kept, State};
use crate::memory::{Memory, Start, Volatile};
use crate::reading::Reading;
use crate::ring::Ring;
use crate::uptime::Uptime;

/// A clock that is behind the newest reading by less than this did not go back: readings come faster than it ticks.
const BURST_MS: i64 = 1_000;

/// A device between two starts; `M` is what outlives a power cut.
#[derive(Debug)]
pub struct Device<M = Volatile> {
    config: Config,
    boot: u64,
    memory: M,
    ring: Ring,
    chapters: Chapters,
    /// When the newest reading was taken.
    newest_taken: Uptime,
    has_calendar: bool,
    flights: Flights,
    desk: Desk,
    backoff: Backoff,
    connected_since: Option<Uptime>,
    status_due: bool,
    newest_at: Option<Timestamp>,
    overwritten: u64,
}

impl Device {
    /// A device that has just started for the `boot`-th time and remembers nothing.
    pub fn new(config: Config, boot: u64) -> Self {
        Self::resume(config, Volatile::new(boot))
    }
}

impl<M: Memory> Device<M> {
    /// A device that has just started and still has what earlier lives could not get rid of.
    pub fn resume(config: Config, mut memory: M) -> Self {
        let Start { boot, next_seq } = memory.start();
        let (mut ring, mut chapters) = (Ring::new(config.capacity), Chapters::default());
        if config.reserve {
            ring.reserve();
        }
        memory.recall(&mut |boot, seq, kept| {
            chapters.begin(seq, boot);
            ring.restore(seq, kept);
        });
        chapters.begin(next_seq, boot);
        ring.skip_to(next_seq);
        chapters.forget_before(ring.seqs().start);
        Self {
            flights: Flights::new(config.live_in_flight, config.backfill_in_flight, config.resend_after_ms),
            desk: Desk::default(),
            backoff: Backoff::default(),
            connected_since: None,
            status_due: false,
            newest_at: None,
            newest_taken: Uptime::default(),
            has_calendar: false,
            overwritten: 0,
            ring,
            chapters,
            config,
            boot,
            memory,
        }
    }

    /// Keeps a reading, taken now, and returns its number; `at` is the calendar's time if known. A time that cannot be
    /// the present (a board starts in 1970) is none.
    pub fn on_sample(&mut self, now: Uptime, at: Option<Timestamp>, reading: Reading) -> u64 {
        let at = at.filter(|at| calendar::is_plausible(*at)).map(|at| self.distinct(at));
        self.newest_at = at.or(self.newest_at);
        self.newest_taken = now;
        self.has_calendar |= at.is_some();
        let kept = Kept::new(now, at, reading);
        let seq = self.ring.seqs().end;
        self.memory.keep(self.boot, seq, &kept);
        self.desk.measured(&reading, &kept);
        if let Some(lost) = self.ring.push(kept) {
            self.overwritten += u64::from(lost.state != State::Stored);
            self.land(lost.state);
            self.chapters.forget_before(self.ring.seqs().start);
        }
        seq
    }

    /// The calendar became known: readings that wait without a time get theirs.
    pub fn on_clock(&mut self, now: Uptime, wall: Timestamp) {
        if !calendar::is_plausible(wall) {
            return;
        }
        self.has_calendar = true;
        let mut learnt = false;
        for kept in self.ring.iter_mut() {
            learnt |= kept.learn_calendar(now, wall);
        }
        if learnt {
            let uptime_ms = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
            self.memory.on_origin(self.boot, wall.plus_millis(-uptime_ms));
        }
    }

    /// The broker accepted the connection and the subscriptions are made.
    pub fn on_connected(&mut self, now: Uptime) {
        self.connected_since = Some(now);
        self.status_due = true;
    }

    /// There is no connection (any more). Returns how long to wait before the next attempt, ms;
    /// `random` is any number, evenly distributed.
    pub fn on_disconnected(&mut self, now: Uptime, cause: Cause, random: u32) -> u64 {
        self.flights.clear();
        self.ring.requeue(None);
        let connected_since = self.connected_since.take();
        self.backoff.delay_ms(cause, connected_since, now, random)
    }

    /// The server has readings: forgets them, and returns how many of them were still kept.
    pub fn on_ack(&mut self, payload: &[u8]) -> Result<usize, Malformed> {
        let ack = ack::decode(payload)?;
        let mut forgotten = 0;
        for (first, last) in ack.stored {
            let kept = self.ring.seqs();
            for seq in first.max(kept.start)..last.saturating_add(1).min(kept.end) {
                forgotten += usize::from(self.is_of(seq, ack.boot) && self.settle(seq));
            }
        }
        self.ring.forget_stored();
        self.chapters.forget_before(self.ring.seqs().start);
        Ok(forgotten)
    }

    /// A command came in; the reply is sent by `poll`, the rest is the board's to do.
    pub fn on_command(&mut self, now: Uptime, incoming: Incoming<'_>) -> Option<Action> {
        let action = self.desk.receive(now, incoming);
        if let Some(Action::SetInterval(interval_s)) = action {
            self.config.interval_s = interval_s;
            self.status_due = true;
        }
        action
    }

    /// Seconds between two readings.
    pub const fn interval_s(&self) -> u32 {
        self.config.interval_s
    }

    /// How often it has started.
    pub const fn boot(&self) -> u64 {
        self.boot
    }

    /// What outlives a power cut.
    pub const fn memory(&self) -> &M {
        &self.memory
    }

    /// Pulls the plug: only what outlives a power cut is left.
    pub fn into_memory(self) -> M {
        self.memory
    }

    /// Readings the server is not known to have.
    pub fn unstored(&self) -> usize {
        self.ring.unstored()
    }

    /// Readings that were overwritten before the server had them.
    pub const fn overwritten(&self) -> u64 {
        self.overwritten
    }

    /// Two readings of one millisecond would be one and the same to the server: a burst is spread out.
    fn distinct(&self, at: Timestamp) -> Timestamp {
        let crowded = |newest: &Timestamp| (0..BURST_MS).contains(&newest.since(at));
        self.newest_at
            .filter(crowded)
            .map_or(at, |newest| newest.plus_millis(1))
    }

    fn is_of(&self, seq: u64, boot: u64) -> bool {
        self.chapters.of(seq).is_some_and(|(of, _)| of == boot)
    }

    /// The server has a reading; whether that is news.
    fn settle(&mut self, seq: u64) -> bool {
        let before = self.ring.set_state(seq, State::Stored).unwrap_or(State::Stored);
        let is_news = before != State::Stored;
        if is_news {
            self.memory.on_stored(seq);
            self.land(before);
        }
        is_news
    }

    /// A reading leaves its flight, if it is in one.
    fn land(&mut self, before: State) {
        if let State::InFlight(flight) = before {
            self.flights.one_landed(flight);
        }
    }
}
