//! Readings in order of their number, until the server has them or the room runs out.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::kept::{Kept, State};

/// The ring buffer: position and number differ by `first_seq`.
#[derive(Debug)]
pub struct Ring {
    entries: VecDeque<Kept>,
    /// Number of the oldest entry.
    first_seq: u64,
    capacity: usize,
    /// Entries that wait to be sent: most polls end with a look at this.
    waiting: usize,
}

impl Ring {
    pub const fn new(capacity: usize) -> Self {
        let capacity = if capacity == 0 { 1 } else { capacity };
        Self {
            entries: VecDeque::new(),
            first_seq: 0,
            capacity,
            waiting: 0,
        }
    }

    /// Takes all the memory it will ever need: a heap that is short of it is to say so at once, and not in a week.
    pub fn reserve(&mut self) {
        self.entries.reserve_exact(self.capacity - self.entries.len());
    }

    /// Adds a reading; returns what had to make room for it.
    pub fn push(&mut self, kept: Kept) -> Option<Kept> {
        let overwritten = if self.entries.len() == self.capacity {
            self.pop_oldest()
        } else {
            None
        };
        self.waiting += usize::from(kept.state.is_waiting());
        self.entries.push_back(kept);
        overwritten
    }

    /// Puts a reading of an earlier life back; they come in order, and what is missing among them stays empty.
    pub fn restore(&mut self, seq: u64, kept: Kept) {
        if self.entries.is_empty() {
            self.first_seq = seq;
        }
        self.skip_to(seq);
        self.push(kept);
    }

    /// The next reading will be number `seq`.
    pub fn skip_to(&mut self, seq: u64) {
        if seq.saturating_sub(self.end_seq()) >= self.capacity as u64 {
            self.entries.clear();
            (self.first_seq, self.waiting) = (seq, 0);
        }
        while self.end_seq() < seq {
            self.push(Kept::tombstone());
        }
        self.forget_stored();
    }

    fn pop_oldest(&mut self) -> Option<Kept> {
        let oldest = self.entries.pop_front()?;
        self.first_seq += 1;
        self.waiting -= usize::from(oldest.state.is_waiting());
        Some(oldest)
    }

    pub fn get(&self, seq: u64) -> Option<&Kept> {
        self.entries.get(self.position(seq)?)
    }

    /// Moves a reading to another state and returns the one it was in.
    pub fn set_state(&mut self, seq: u64, state: State) -> Option<State> {
        let position = self.position(seq)?;
        let kept = self.entries.get_mut(position)?;
        let before = core::mem::replace(&mut kept.state, state);
        self.waiting -= usize::from(before.is_waiting());
        self.waiting += usize::from(state.is_waiting());
        Some(before)
    }

    /// Forgets the oldest readings as far as the server has them.
    pub fn forget_stored(&mut self) {
        while self.entries.front().is_some_and(|oldest| oldest.state == State::Stored) {
            self.pop_oldest();
        }
    }

    /// Puts readings in flight back among the waiting: all, or those of one flight.
    pub fn requeue(&mut self, flight: Option<u8>) {
        for kept in &mut self.entries {
            if let State::InFlight(id) = kept.state
                && flight.is_none_or(|flight| flight == id)
            {
                kept.state = State::Again;
                self.waiting += 1;
            }
        }
    }

    /// The number of the newest reading, if it was never sent.
    pub fn fresh_newest(&self) -> Option<u64> {
        let newest = self.entries.back()?;
        (newest.state == State::Fresh).then(|| self.end_seq() - 1)
    }

    /// The numbers of the newest waiting readings, newest first, at most `most`; those without a time only if asked for.
    pub fn newest_waiting(&self, most: usize, undated: bool) -> Vec<u64> {
        let numbered = (0..self.end_seq()).rev().zip(self.entries.iter().rev());
        let waiting = numbered.filter(|(_, kept)| kept.state.is_waiting() && (undated || kept.is_dated()));
        waiting.map(|(seq, _)| seq).take(most.min(self.waiting)).collect()
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Kept> {
        self.entries.iter_mut()
    }

    pub const fn waiting(&self) -> usize {
        self.waiting
    }

    /// Readings the server is not known to have.
    pub fn unstored(&self) -> usize {
        self.entries.iter().filter(|kept| kept.state != State::Stored).count()
    }

    /// The numbers of the readings that are kept.
    pub fn seqs(&self) -> core::ops::Range<u64> {
        self.first_seq..self.end_seq()
    }

    fn end_seq(&self) -> u64 {
        self.first_seq + self.entries.len() as u64
    }

    fn position(&self, seq: u64) -> Option<usize> {
        usize::try_from(seq.checked_sub(self.first_seq)?).ok()
    }
}
