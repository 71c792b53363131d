//! The flash: where things lie, and who may touch it.
//!
//! All of them touch it from one core, one after the other, never across an await, so a critical-section mutex around the
//! driver is enough. While a sector is erased (typically 45 ms, at most 400) the chip cannot run code from flash: the
//! radio's interrupt handlers are in RAM, so Wi-Fi survives, everything else waits.

use core::cell::RefCell;

use critical_section::Mutex;
use device::flash::{FlashMemory, SECTOR, blob};
use embedded_storage::nor_flash::{ErrorType, MultiwriteNorFlash, NorFlash, ReadNorFlash};
use esp_hal::peripherals::FLASH;
use esp_println::println;
use esp_storage::{FlashStorage, FlashStorageError};
use portal::Settings;

/// The partition `templog` of partitions.csv.
const SETTINGS: u32 = 0x32_0000;
const MEMORY: u32 = SETTINGS + SECTOR;
/// 16 sectors of 128 readings: one is always being written anew, so 1,920 are safe, 32 hours of minutes.
const SECTORS_OF_READINGS: u32 = 16;

static DRIVER: Mutex<RefCell<Option<FlashStorage<'static>>>> = Mutex::new(RefCell::new(None));

/// A handle; all of them are the same flash.
#[derive(Clone, Copy)]
pub struct Storage(());

/// Takes the peripheral.
pub fn open(flash: FLASH<'static>) -> Storage {
    let driver = FlashStorage::new(flash);
    critical_section::with(|cs| DRIVER.borrow_ref_mut(cs).replace(driver));
    Storage(())
}

impl Storage {
    fn with<T>(
        self,
        act: impl FnOnce(&mut FlashStorage<'static>) -> Result<T, FlashStorageError>,
    ) -> Result<T, FlashStorageError> {
        critical_section::with(|cs| match DRIVER.borrow_ref_mut(cs).as_mut() {
            Some(driver) => act(driver),
            None => Err(FlashStorageError::IoError),
        })
    }

    /// What was set up, if anything was.
    pub fn settings(mut self) -> Option<Settings> {
        Settings::from_json(&blob::read(&mut self, SETTINGS)?)
    }

    /// Keeps new settings; whether that worked.
    pub fn keep_settings(mut self, settings: &Settings) -> bool {
        matches!(
            blob::write(&mut self, SETTINGS, settings.to_json().as_bytes()),
            Ok(true)
        )
    }

    /// Forgets the settings.
    pub fn forget_settings(mut self) {
        if blob::wipe(&mut self, SETTINGS).is_err() {
            println!("the settings cannot be wiped");
        }
    }

    /// The device's memory, and this start counted in it.
    pub fn memory(self) -> Result<FlashMemory<Self>, FlashStorageError> {
        FlashMemory::open(self, MEMORY, SECTORS_OF_READINGS)
    }
}

impl ErrorType for Storage {
    type Error = FlashStorageError;
}

impl ReadNorFlash for Storage {
    const READ_SIZE: usize = 4;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), FlashStorageError> {
        self.with(|driver| ReadNorFlash::read(driver, offset, bytes))
    }

    fn capacity(&self) -> usize {
        self.with(|driver| Ok(ReadNorFlash::capacity(driver))).unwrap_or(0)
    }
}

impl NorFlash for Storage {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = 4096;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), FlashStorageError> {
        self.with(|driver| NorFlash::erase(driver, from, to))
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), FlashStorageError> {
        self.with(|driver| NorFlash::write(driver, offset, bytes))
    }
}

impl MultiwriteNorFlash for Storage {}
