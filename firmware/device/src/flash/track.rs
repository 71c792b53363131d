//! A ring of numbered records in flash: the number says where a record lies, so nothing has to be searched.

use embedded_storage::nor_flash::NorFlash;

use super::memory::SECTOR;

/// CRC-16/CCITT-FALSE, four bits at a time: a table of 256 entries would be more flash than it saves time.
pub fn crc16(bytes: &[u8]) -> u16 {
    const STEPS: [u16; 16] = [
        0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50a5, 0x60c6, 0x70e7, 0x8108, 0x9129, 0xa14a, 0xb16b, 0xc18c, 0xd1ad,
        0xe1ce, 0xf1ef,
    ];
    let mut crc = 0xffff_u16;
    for byte in bytes {
        for half in [byte >> 4, byte & 0xf] {
            crc = crc << 4 ^ STEPS[usize::from(crc >> 12) ^ usize::from(half)];
        }
    }
    crc
}

/// Where records lie. `SIZE` bytes each, the first `SEALED` under a checksum: number, content, sum; whatever follows
/// may be cleared later.
#[derive(Clone, Copy, Debug)]
pub struct Track<const SIZE: usize, const SEALED: usize> {
    first: u32,
    sectors: u32,
}

impl<const SIZE: usize, const SEALED: usize> Track<SIZE, SEALED> {
    #[expect(clippy::cast_possible_truncation, reason = "a record is far smaller than a sector")]
    const BYTES: u32 = SIZE as u32;
    const PER_SECTOR: u32 = SECTOR / Self::BYTES;

    /// A track from the byte address `first` on.
    pub const fn new(first: u32, sectors: u32) -> Self {
        Self { first, sectors }
    }

    /// Records that fit, of which up to a sector's are being erased at any time.
    pub const fn len(self) -> u32 {
        self.sectors * Self::PER_SECTOR
    }

    pub const fn address(self, number: u32) -> u32 {
        self.first + number % self.len() * Self::BYTES
    }

    /// Reads a record; `None` if there is none of that number, or only part of one.
    pub fn read<F: NorFlash>(self, flash: &mut F, number: u32) -> Option<[u8; SIZE]> {
        let (found, record) = self.read_any(flash, number)?;
        (found == number).then_some(record)
    }

    /// The newest number there is, whole.
    pub fn newest<F: NorFlash>(self, flash: &mut F) -> Option<u32> {
        let place = |place| self.read_any(flash, place).map(|(number, _)| number);
        (0..self.len()).filter_map(place).max()
    }

    /// The number to write next. A record that a power cut tore is passed over: what is half programmed cannot be
    /// programmed again. The first of a sector is never in the way, it comes after an erasure.
    pub fn next<F: NorFlash>(self, flash: &mut F) -> u32 {
        let Some(newest) = self.newest(flash) else {
            return 0;
        };
        let next_sector = (newest + 1).next_multiple_of(Self::PER_SECTOR);
        (newest + 1..next_sector)
            .find(|number| self.is_blank(flash, *number))
            .unwrap_or(next_sector)
    }

    /// Writes a record; entering a sector erases what was there a whole round ago.
    pub fn write<F: NorFlash>(self, flash: &mut F, number: u32, content: &[u8]) -> Result<(), F::Error> {
        let address = self.address(number);
        if number.is_multiple_of(Self::PER_SECTOR) {
            flash.erase(address, address + SECTOR)?;
        }
        let mut record = [0xff; SIZE];
        record[..4].copy_from_slice(&number.to_le_bytes());
        record[4..SEALED - 2][..content.len()].copy_from_slice(content);
        let sum = crc16(&record[..SEALED - 2]);
        record[SEALED - 2..SEALED].copy_from_slice(&sum.to_le_bytes());
        flash.write(address, &record)
    }

    fn read_any<F: NorFlash>(self, flash: &mut F, place: u32) -> Option<(u32, [u8; SIZE])> {
        let mut record = [0; SIZE];
        flash.read(self.address(place), &mut record).ok()?;
        if record[..4] == [0xff; 4] {
            return None;
        }
        let sum = u16::from_le_bytes([record[SEALED - 2], record[SEALED - 1]]);
        let number = u32::from_le_bytes([record[0], record[1], record[2], record[3]]);
        let is_whole = sum == crc16(&record[..SEALED - 2]) && number % self.len() == place % self.len();
        is_whole.then_some((number, record))
    }

    fn is_blank<F: NorFlash>(self, flash: &mut F, number: u32) -> bool {
        let mut record = [0; SIZE];
        flash.read(self.address(number), &mut record).is_ok() && record == [0xff; SIZE]
    }
}

#[cfg(test)]
mod tests {
    use super::crc16;

    #[test]
    fn the_sum_is_the_one_everybody_knows() {
        assert_eq!(crc16(b"123456789"), 0x29b1);
        assert_eq!(crc16(b""), 0xffff);
    }
}
