//! A zip whose bytes are taken away while it is being written.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use domain::time::Timestamp;
use jiff::tz::TimeZone;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::error::{Error, Result};
use crate::zone;

/// What has been written and not yet been taken.
#[derive(Clone, Default)]
struct Drain(Arc<Mutex<Vec<u8>>>);

impl Drain {
    fn take(&self) -> Bytes {
        let mut written = self.0.lock().expect("no panic under this lock");
        std::mem::take(&mut *written).into()
    }
}

impl Write for Drain {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .expect("no panic under this lock")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The zip. It keeps the names of its files in memory, and nothing else.
pub(super) struct Archive {
    /// `None` once it has ended.
    zip: Option<ZipWriter<StreamWriter<Drain>>>,
    drain: Drain,
    options: SimpleFileOptions,
}

impl Archive {
    /// An empty one, all of whose files are from `now`.
    pub(super) fn new(now: Timestamp) -> Self {
        let drain = Drain::default();
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        Self {
            zip: Some(ZipWriter::new_stream(drain.clone())),
            drain,
            options: options.last_modified_time(date_of(now)),
        }
    }

    /// Ends the file before, and begins one.
    pub(super) fn begin(&mut self, name: &str) -> Result<()> {
        let options = self.options;
        let begun = self.open()?.start_file(name, options);
        begun.map_err(|error| failed(error.into()))
    }

    /// Goes on with the file that was begun last.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.open()?.write_all(bytes).map_err(failed)
    }

    /// A whole file.
    pub(super) fn file(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.begin(name)?;
        self.write(bytes)
    }

    /// What has been written since this was last asked.
    pub(super) fn take(&self) -> Bytes {
        self.drain.take()
    }

    /// Writes the end, once.
    pub(super) fn finish(&mut self) -> Result<Option<Bytes>> {
        let Some(zip) = self.zip.take() else { return Ok(None) };
        zip.finish().map_err(|error| failed(error.into()))?;
        Ok(Some(self.take()))
    }

    fn open(&mut self) -> Result<&mut ZipWriter<StreamWriter<Drain>>> {
        self.zip.as_mut().ok_or(Error::Closed)
    }
}

/// Zips know neither zones nor odd seconds, and nothing before 1980.
fn date_of(now: Timestamp) -> DateTime {
    let wall = zone::wall(&TimeZone::UTC, now);
    let number = |value: i8| u8::try_from(value).unwrap_or_default();
    DateTime::from_date_and_time(
        u16::try_from(wall.year()).unwrap_or_default(),
        number(wall.month()),
        number(wall.day()),
        number(wall.hour()),
        number(wall.minute()),
        number(wall.second()),
    )
    .unwrap_or_default()
}

fn failed(source: io::Error) -> Error {
    Error::Io {
        context: "export".to_owned(),
        source,
    }
}
