//! How often the device has started, and when each start was, 16 bytes an entry.

use alloc::vec::Vec;

use domain::time::Timestamp;
use embedded_storage::nor_flash::NorFlash;

use super::track::Track;
use crate::kept::read_48;

const SIZE: usize = 16;
/// Two sectors hold 512 entries: while one is erased the other still knows the last count.
pub const SECTORS: u32 = 2;

/// The starts' track.
#[derive(Clone, Copy, Debug)]
pub struct Starts(Track<SIZE, SIZE>);

/// One entry: a start, or what uptime 0 of it was.
struct Entry {
    boot: u32,
    origin_ms: i64,
}

impl Starts {
    pub const fn new(first: u32) -> Self {
        Self(Track::new(first, SECTORS))
    }

    /// Counts this start; returns its number.
    pub fn count<F: NorFlash>(self, flash: &mut F) -> Result<u32, F::Error> {
        let newest = self.0.newest(flash).and_then(|number| self.read(flash, number));
        let boot = newest.map_or(1, |entry| entry.boot + 1);
        self.append(flash, boot, 0)?;
        Ok(boot)
    }

    /// Notes when uptime 0 of a start was.
    pub fn note<F: NorFlash>(self, flash: &mut F, boot: u32, origin: Timestamp) -> Result<(), F::Error> {
        self.append(flash, boot, origin.as_millis())
    }

    /// When uptime 0 of each start was, as far as it became known.
    pub fn origins<F: NorFlash>(self, flash: &mut F) -> Vec<(u32, Timestamp)> {
        let next = self.0.next(flash);
        let mut origins = Vec::new();
        for number in next.saturating_sub(self.0.len())..next {
            if let Some(Entry { boot, origin_ms }) = self.read(flash, number)
                && origin_ms != 0
            {
                origins.push((boot, Timestamp::from_millis(origin_ms)));
            }
        }
        origins
    }

    fn append<F: NorFlash>(self, flash: &mut F, boot: u32, origin_ms: i64) -> Result<(), F::Error> {
        let mut content = [0; 10];
        content[..4].copy_from_slice(&boot.to_le_bytes());
        content[4..].copy_from_slice(&origin_ms.to_le_bytes()[..6]);
        let number = self.0.next(flash);
        self.0.write(flash, number, &content)
    }

    fn read<F: NorFlash>(self, flash: &mut F, number: u32) -> Option<Entry> {
        let record = self.0.read(flash, number)?;
        let [_, _, _, _, b0, b1, b2, b3, origin @ .., _, _] = record;
        Some(Entry {
            boot: u32::from_le_bytes([b0, b1, b2, b3]),
            origin_ms: read_48(origin),
        })
    }
}
