//! One piece of data in a sector of its own: settings, which change once in a while.

use alloc::vec::Vec;

use embedded_storage::nor_flash::NorFlash;

use super::memory::SECTOR;
use super::track::crc16;

/// Magic, length, sum; then the data.
const HEADER: usize = 8;
const DATA: u32 = 8;
const MAGIC: [u8; 4] = *b"TLs1";

/// Reads what was written; `None` if there is nothing whole.
pub fn read<F: NorFlash>(flash: &mut F, sector: u32) -> Option<Vec<u8>> {
    let mut header = [0; HEADER];
    flash.read(sector, &mut header).ok()?;
    let [m0, m1, m2, m3, length0, length1, sum0, sum1] = header;
    let length = usize::from(u16::from_le_bytes([length0, length1]));
    if [m0, m1, m2, m3] != MAGIC || length > SECTOR as usize - HEADER {
        return None;
    }
    let mut data = alloc::vec![0; length.next_multiple_of(4)];
    flash.read(sector + DATA, &mut data).ok()?;
    data.truncate(length);
    (crc16(&data) == u16::from_le_bytes([sum0, sum1])).then_some(data)
}

/// Replaces what was there. The header is written last: a power cut in between leaves nothing rather than half.
///
/// # Errors
/// If the flash fails; `Ok(false)` if the data does not fit a sector.
pub fn write<F: NorFlash>(flash: &mut F, sector: u32, data: &[u8]) -> Result<bool, F::Error> {
    let Some(length) = u16::try_from(data.len())
        .ok()
        .filter(|length| usize::from(*length) <= SECTOR as usize - HEADER)
    else {
        return Ok(false);
    };
    flash.erase(sector, sector + SECTOR)?;
    let mut padded = data.to_vec();
    padded.resize(data.len().next_multiple_of(4), 0xff);
    flash.write(sector + DATA, &padded)?;
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(&MAGIC);
    header[4..6].copy_from_slice(&length.to_le_bytes());
    header[6..].copy_from_slice(&crc16(data).to_le_bytes());
    flash.write(sector, &header)?;
    Ok(true)
}

/// Forgets what was there.
///
/// # Errors
/// If the flash fails.
pub fn wipe<F: NorFlash>(flash: &mut F, sector: u32) -> Result<(), F::Error> {
    flash.erase(sector, sector + SECTOR)
}
