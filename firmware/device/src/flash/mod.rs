//! Readings and starts in flash memory, so that a power cut costs nothing.
//!
//! Flash is written in words, bits only from 1 to 0, and erased in sectors of 4 KiB, each some 100,000 times. Both
//! records are therefore written one after the other in a ring of sectors (`track`), and what changes later in a
//! reading is a word of its own whose bits are cleared. With a reading a minute and 16 sectors each is erased every
//! 34 hours: 100,000 of that are four centuries.

pub mod blob;
mod chip;
mod memory;
mod readings;
mod starts;
mod track;

pub use chip::{Chip, NoPower};
pub use memory::{FlashMemory, SECTOR, SECTORS_OF_STARTS};
