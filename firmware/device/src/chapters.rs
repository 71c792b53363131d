//! Which start of the device a reading belongs to.
//!
//! Numbers go on over a power cut, so the ring is one row; where a new life begins in it is written down here, once
//! instead of with each reading.

use alloc::collections::VecDeque;

/// Starts whose readings are kept, in order.
#[derive(Debug, Default)]
pub struct Chapters {
    /// The number of its first reading, and the start's.
    starts: VecDeque<(u64, u64)>,
}

impl Chapters {
    /// From `first_seq` on readings belong to `boot`.
    pub fn begin(&mut self, first_seq: u64, boot: u64) {
        match self.starts.back_mut() {
            Some((_, last)) if *last == boot => {}
            Some((first, last)) if *first == first_seq => *last = boot,
            _ => self.starts.push_back((first_seq, boot)),
        }
    }

    /// The start a reading belongs to, and the first number of it.
    pub fn of(&self, seq: u64) -> Option<(u64, u64)> {
        let chapter = self.starts.iter().rev().find(|(first, _)| *first <= seq);
        chapter.map(|(first, boot)| (*boot, *first))
    }

    /// Nothing before `seq` is kept any more.
    pub fn forget_before(&mut self, seq: u64) {
        while self.starts.get(1).is_some_and(|(first, _)| *first <= seq) {
            self.starts.pop_front();
        }
    }
}
