//! The device's memory over a board's flash.

use domain::time::Timestamp;
use embedded_storage::nor_flash::MultiwriteNorFlash;

use super::readings::Readings;
use super::starts::{self, Starts};
use crate::kept::Kept;
use crate::memory::{Memory, Start};

/// What is erased at once.
pub const SECTOR: u32 = 4096;
/// Sectors at the beginning of the area that count starts.
pub const SECTORS_OF_STARTS: u32 = starts::SECTORS;

/// Starts and readings in an area of flash.
#[derive(Debug)]
pub struct FlashMemory<F> {
    flash: F,
    starts: Starts,
    readings: Readings,
    boot: u32,
    next_seq: u32,
    failures: u32,
}

impl<F: MultiwriteNorFlash> FlashMemory<F> {
    /// Counts a start. The area begins at `first`, a multiple of 4096, and holds [`SECTORS_OF_STARTS`] sectors for
    /// starts and `sectors` for readings, at least two: one of them is always being written anew.
    ///
    /// # Errors
    /// If the start cannot be counted: without a number of its own a life must not name readings.
    pub fn open(mut flash: F, first: u32, sectors: u32) -> Result<Self, F::Error> {
        let starts = Starts::new(first);
        let readings = Readings::new(first + SECTORS_OF_STARTS * SECTOR, sectors.max(2));
        let boot = starts.count(&mut flash)?;
        let next_seq = readings.next(&mut flash);
        Ok(Self {
            flash,
            starts,
            readings,
            boot,
            next_seq,
            failures: 0,
        })
    }

    /// Writes that failed: such readings are safe only as long as there is power.
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Gives the flash back.
    pub fn into_flash(self) -> F {
        self.flash
    }

    fn count_failure(&mut self, outcome: &Result<(), F::Error>) {
        self.failures = self.failures.saturating_add(u32::from(outcome.is_err()));
    }
}

impl<F: MultiwriteNorFlash> Memory for FlashMemory<F> {
    fn start(&self) -> Start {
        Start {
            boot: u64::from(self.boot),
            next_seq: u64::from(self.next_seq),
        }
    }

    /// A reading whose time nobody can know any more is left out: it would be filed under a time that is not true.
    fn recall(&mut self, take: &mut dyn FnMut(u64, u64, Kept)) {
        let origins = self.starts.origins(&mut self.flash);
        for number in self.readings.numbers(self.next_seq) {
            let Some(found) = self.readings.read(&mut self.flash, number) else {
                continue;
            };
            let mut kept = found.kept;
            if let Some((_, origin)) = origins.iter().find(|(boot, _)| *boot == found.boot) {
                kept.date(*origin);
            }
            if !found.stored && kept.is_dated() {
                take(u64::from(found.boot), u64::from(number), kept);
            }
        }
    }

    fn keep(&mut self, _: u64, seq: u64, kept: &Kept) {
        let Ok(number) = u32::try_from(seq) else { return };
        let written = self.readings.write(&mut self.flash, number, self.boot, kept);
        self.count_failure(&written);
    }

    fn on_stored(&mut self, seq: u64) {
        let Ok(number) = u32::try_from(seq) else { return };
        let written = self.readings.mark_stored(&mut self.flash, number);
        self.count_failure(&written);
    }

    fn on_origin(&mut self, _: u64, origin: Timestamp) {
        let written = self.starts.note(&mut self.flash, self.boot, origin);
        self.count_failure(&written);
    }
}
