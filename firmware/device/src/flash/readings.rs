//! Readings in flash, 32 bytes each: number, start, the packed reading, a sum, and whether the server has it.

use embedded_storage::nor_flash::MultiwriteNorFlash;

use super::track::Track;
use crate::kept::{Kept, PACKED};

const SIZE: usize = 32;
const SEALED: usize = 28;
/// The last word; its bits are cleared once the server has the reading.
const MARK: u32 = 28;
const STORED: [u8; 4] = [0; 4];

/// One reading, read back.
pub struct Found {
    pub boot: u32,
    pub kept: Kept,
    /// The server has it.
    pub stored: bool,
}

/// The readings' track.
#[derive(Clone, Copy, Debug)]
pub struct Readings(Track<SIZE, SEALED>);

impl Readings {
    pub const fn new(first: u32, sectors: u32) -> Self {
        Self(Track::new(first, sectors))
    }

    pub fn next<F: MultiwriteNorFlash>(self, flash: &mut F) -> u32 {
        self.0.next(flash)
    }

    /// Numbers that can still be there when `next` is the next one.
    pub fn numbers(self, next: u32) -> core::ops::Range<u32> {
        next.saturating_sub(self.0.len())..next
    }

    pub fn write<F: MultiwriteNorFlash>(
        self,
        flash: &mut F,
        number: u32,
        boot: u32,
        kept: &Kept,
    ) -> Result<(), F::Error> {
        let mut content = [0; 4 + PACKED];
        content[..4].copy_from_slice(&boot.to_le_bytes());
        content[4..].copy_from_slice(&kept.pack());
        self.0.write(flash, number, &content)
    }

    pub fn read<F: MultiwriteNorFlash>(self, flash: &mut F, number: u32) -> Option<Found> {
        let record = self.0.read(flash, number)?;
        let boot = u32::from_le_bytes(record[4..8].try_into().ok()?);
        let packed = record[8..8 + PACKED].try_into().ok()?;
        let mark = &record[SEALED..];
        Some(Found {
            boot,
            kept: Kept::unpack(packed),
            // A mark that a power cut tore still says that somebody began to clear it.
            stored: mark != [0xff; 4],
        })
    }

    pub fn mark_stored<F: MultiwriteNorFlash>(self, flash: &mut F, number: u32) -> Result<(), F::Error> {
        flash.write(self.0.address(number) + MARK, &STORED)
    }
}
