//! Flash memory on a desk, with the manners of the real one: bits go from 1 to 0 only, and the power may go in the
//! middle. Tests and simulators keep readings in it; no board links it.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;

use embedded_storage::nor_flash::{
    ErrorType, MultiwriteNorFlash, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};

/// What is on the chip, and how much longer there is power.
#[derive(Debug)]
struct State {
    bytes: Vec<u8>,
    /// Bytes that may still be programmed or erased; then everything fails.
    power: Option<usize>,
    erases: usize,
}

/// One chip; clones are the same one.
#[derive(Clone, Debug)]
pub struct Chip(Rc<RefCell<State>>);

/// The power is gone.
#[derive(Debug)]
pub struct NoPower;

impl NorFlashError for NoPower {
    fn kind(&self) -> NorFlashErrorKind {
        NorFlashErrorKind::Other
    }
}

impl Chip {
    /// A new chip of so many sectors, erased.
    pub fn new(sectors: usize) -> Self {
        let bytes = alloc::vec![0xff; sectors * 4096];
        Self(Rc::new(RefCell::new(State {
            bytes,
            power: None,
            erases: 0,
        })))
    }

    /// The power goes after so many more bytes.
    pub fn cut_after(&self, bytes: usize) {
        self.0.borrow_mut().power = Some(bytes);
    }

    /// Whether the power went.
    pub fn is_dead(&self) -> bool {
        self.0.borrow().power == Some(0)
    }

    /// The power is back.
    pub fn restore_power(&self) {
        self.0.borrow_mut().power = None;
    }

    /// How many sectors were erased so far.
    pub fn erases(&self) -> usize {
        self.0.borrow().erases
    }

    /// A cosmic ray, or a worn cell.
    pub fn damage(&self, address: usize) {
        self.0.borrow_mut().bytes[address] ^= 0x10;
    }

    fn change(&self, address: u32, count: usize, new: impl Fn(usize, u8) -> u8) -> Result<(), NoPower> {
        let mut state = self.0.borrow_mut();
        let able = state.power.map_or(count, |power| power.min(count));
        for i in 0..able {
            let cell = &mut state.bytes[address as usize + i];
            *cell = new(i, *cell);
        }
        if let Some(power) = &mut state.power {
            *power -= able;
        }
        if able == count && state.power != Some(0) {
            Ok(())
        } else {
            Err(NoPower)
        }
    }
}

impl ErrorType for Chip {
    type Error = NoPower;
}

impl ReadNorFlash for Chip {
    const READ_SIZE: usize = 4;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NoPower> {
        assert!(offset.is_multiple_of(4) && bytes.len().is_multiple_of(4));
        let from = offset as usize;
        bytes.copy_from_slice(&self.0.borrow().bytes[from..from + bytes.len()]);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.0.borrow().bytes.len()
    }
}

impl NorFlash for Chip {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = 4096;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NoPower> {
        assert!(from.is_multiple_of(4096) && to.is_multiple_of(4096) && from < to);
        self.0.borrow_mut().erases += 1;
        self.change(from, (to - from) as usize, |_, _| 0xff)
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NoPower> {
        assert!(offset.is_multiple_of(4) && bytes.len().is_multiple_of(4));
        self.change(offset, bytes.len(), |i, old| old & bytes[i])
    }
}

impl MultiwriteNorFlash for Chip {}
