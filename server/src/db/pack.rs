//! Packs a row of optional numbers into one binary column.
//!
//! For what only this program reads, and reads and writes with every reading: a column of its own for each of thirty
//! numbers doubled the work of both databases. Layout: version, a bit for each number that is there, the numbers as
//! eight bytes each, little-endian.

use crate::error::{Error, Result};

/// Bytes before the numbers: the version and 64 bits of presence.
const HEAD: usize = 1 + 8;

/// Writes numbers one after the other, at most 64.
#[derive(Debug)]
pub(super) struct Packer {
    version: u8,
    present: u64,
    next: u32,
    bytes: Vec<u8>,
}

impl Packer {
    pub(super) fn new(version: u8) -> Self {
        Self {
            version,
            present: 0,
            next: 0,
            bytes: vec![0; HEAD],
        }
    }

    pub(super) fn int(&mut self, value: Option<i64>) {
        self.put(value.map(i64::to_le_bytes));
    }

    pub(super) fn float(&mut self, value: Option<f64>) {
        self.put(value.map(f64::to_le_bytes));
    }

    fn put(&mut self, value: Option<[u8; 8]>) {
        if let Some(value) = value {
            self.present |= 1 << self.next;
            self.bytes.extend_from_slice(&value);
        }
        self.next += 1;
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes[0] = self.version;
        self.bytes[1..HEAD].copy_from_slice(&self.present.to_le_bytes());
        self.bytes
    }
}

/// Reads numbers in the order in which they were written.
#[derive(Debug)]
pub(super) struct Unpacker<'b> {
    pub(super) version: u8,
    present: u64,
    rest: &'b [u8],
}

impl<'b> Unpacker<'b> {
    /// Fails if the numbers said to be there are not.
    pub(super) fn new(what: &'static str, bytes: &'b [u8]) -> Result<Self> {
        let corrupt = || Error::Corrupt {
            what,
            detail: format!("{} bytes", bytes.len()),
        };
        let (head, rest) = bytes.split_first_chunk::<HEAD>().ok_or_else(corrupt)?;
        let [version, present @ ..] = *head;
        let present = u64::from_le_bytes(present);
        if rest.len() != 8 * present.count_ones() as usize {
            return Err(corrupt());
        }
        Ok(Self { version, present, rest })
    }

    pub(super) fn int(&mut self) -> Option<i64> {
        self.take().map(i64::from_le_bytes)
    }

    pub(super) fn float(&mut self) -> Option<f64> {
        self.take().map(f64::from_le_bytes)
    }

    fn take(&mut self) -> Option<[u8; 8]> {
        let is_there = self.present & 1 == 1;
        self.present >>= 1;
        if !is_there {
            return None;
        }
        let (value, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_out_bit_for_bit_as_they_went_in() {
        let mut packer = Packer::new(3);
        packer.int(Some(i64::MIN));
        packer.float(None);
        packer.float(Some(0.1 + 0.2));
        packer.int(None);
        packer.int(Some(-1));
        let bytes = packer.finish();
        let mut unpacker = Unpacker::new("x", &bytes).unwrap();
        assert_eq!(unpacker.version, 3);
        assert_eq!((unpacker.int(), unpacker.float()), (Some(i64::MIN), None));
        assert_eq!(unpacker.float().map(f64::to_bits), Some((0.1_f64 + 0.2).to_bits()));
        assert_eq!((unpacker.int(), unpacker.int(), unpacker.int()), (None, Some(-1), None));
    }

    #[test]
    fn a_cut_column_is_called_corrupt() {
        let mut packer = Packer::new(1);
        packer.int(Some(7));
        let bytes = packer.finish();
        for length in 0..bytes.len() {
            assert!(Unpacker::new("x", &bytes[..length]).is_err());
        }
    }
}
