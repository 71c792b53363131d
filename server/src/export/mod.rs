//! Everything the server knows of a person and their homes, as one zip that is made while it is being downloaded.
//!
//! Each piece is asked of the store when the one before it has been sent, so an export takes as much memory as a few
//! days of readings, however long somebody has been measuring. Tables are CSV that spreadsheets read without running
//! anything; the account itself is JSON.

mod account;
mod archive;
mod sheet;

use std::collections::VecDeque;

use bytes::Bytes;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::Clock;
use crate::db::audit_events::list_audit_events_after;
use crate::db::devices::{Device, list_devices_of};
use crate::db::{Db, UserId, history as stored};
use crate::error::Result;
use crate::history::{Step, history};
use crate::zone;
use archive::Archive;
use sheet::Sheet;

/// Rows of the account's log that are read at once.
const EVENTS_AT_ONCE: u32 = 500;
/// Days of single readings that are read at once: at one a second 86,400 rows.
const RAW_DAYS_AT_ONCE: i32 = 1;
/// Days of two-hour averages that are read at once: 1,080 rows.
const SLOT_DAYS_AT_ONCE: i32 = 90;

/// What is in the zip, for whoever opens it years later.
const README: &str = include_str!("README.txt");

/// A zip that is being made.
pub struct Export {
    db: Db,
    clock: Clock,
    person: UserId,
    archive: Archive,
    todo: VecDeque<Part>,
}

/// What is still to be written, in order; an entry that is not finished is put back with where it stands.
enum Part {
    Readme,
    Account,
    Devices(Vec<Device>),
    Events { after: i64 },
    Series(Box<Series>),
}

/// One device's readings, or their averages.
struct Series {
    device: Device,
    zone: TimeZone,
    step: Step,
    /// Where to go on.
    next: Date,
    /// The last day.
    today: Date,
    begun: bool,
}

impl Export {
    /// Looks what there is to write; nothing is written yet.
    pub async fn begin(db: &Db, clock: &Clock, person: UserId) -> Result<Self> {
        let devices = list_devices_of(db, person).await?;
        let mut todo = VecDeque::from([
            Part::Readme,
            Part::Account,
            Part::Devices(devices.clone()),
            Part::Events { after: 0 },
        ]);
        for device in devices {
            for step in [Step::TwoHours, Step::Raw] {
                todo.push_back(Part::Series(Box::new(
                    Series::new(db, clock, device.clone(), step).await?,
                )));
            }
        }
        Ok(Self {
            archive: Archive::new(clock.now()),
            db: db.clone(),
            clock: clock.clone(),
            person,
            todo,
        })
    }

    /// The next bytes of the zip; `None` after its end.
    ///
    /// # Errors
    /// The store cannot be asked. The zip then has no end, which every program that opens it notices.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            let Some(part) = self.todo.pop_front() else {
                return self.archive.finish();
            };
            if let Some(rest) = self.write(part).await? {
                self.todo.push_front(rest);
            }
            let written = self.archive.take();
            if !written.is_empty() {
                return Ok(Some(written));
            }
        }
    }

    /// Writes some of a part, and returns what is left of it.
    async fn write(&mut self, part: Part) -> Result<Option<Part>> {
        match part {
            Part::Readme => self.archive.file("README.txt", README.as_bytes())?,
            Part::Account => {
                let text = account::describe(&self.db, self.person, self.clock.now()).await?;
                self.archive.file("account.json", text.as_bytes())?;
            }
            Part::Devices(devices) => {
                let sheet = sheet::devices(&devices);
                self.archive.file("devices.csv", sheet.as_bytes())?;
            }
            Part::Events { after } => return self.write_events(after).await,
            Part::Series(series) => return self.write_series(series).await,
        }
        Ok(None)
    }

    async fn write_events(&mut self, after: i64) -> Result<Option<Part>> {
        let rows = list_audit_events_after(&self.db, self.person, after, EVENTS_AT_ONCE).await?;
        let mut sheet = Sheet::default();
        if after == 0 {
            self.archive.begin("events.csv")?;
            sheet = Sheet::with_head(&sheet::EVENT_COLUMNS);
        }
        for (_, event) in &rows {
            sheet::event(&mut sheet, event);
        }
        self.archive.write(sheet.as_bytes())?;
        Ok(rows.last().map(|(id, _)| Part::Events { after: *id }))
    }

    async fn write_series(&mut self, mut series: Box<Series>) -> Result<Option<Part>> {
        let mut sheet = Sheet::default();
        if !series.begun {
            self.archive.begin(&series.file_name())?;
            sheet = Sheet::with_head(series.columns());
            series.begun = true;
        }
        let last = series.last_of_piece();
        let points = history(&self.db, &series.device, series.next, last, series.step).await?;
        for point in &points {
            sheet::point(&mut sheet, point, series.step, &series.zone);
        }
        self.archive.write(sheet.as_bytes())?;
        series.next = last.saturating_add(1.day());
        Ok((series.next <= series.today).then_some(Part::Series(series)))
    }
}

impl Series {
    async fn new(db: &Db, clock: &Clock, device: Device, step: Step) -> Result<Self> {
        let zone = zone::find_or_utc(&device.zone);
        let first = match step {
            Step::Raw => stored::find_first_reading(db, device.id).await?,
            Step::Day | Step::TwoHours => stored::find_first_slot(db, device.id).await?,
        };
        let today = zone::day_of(&zone, clock.now());
        Ok(Self {
            // A slot keeps the date it had where the device was then.
            next: first.map_or(today, |at| zone::day_of(&zone, at).saturating_sub(1.day())),
            zone,
            device,
            step,
            today,
            begun: false,
        })
    }

    fn file_name(&self) -> String {
        let folder = match self.step {
            Step::Raw => "readings",
            Step::Day | Step::TwoHours => "two-hours",
        };
        format!("{folder}/{}.csv", self.device.serial)
    }

    const fn columns(&self) -> &'static [&'static str] {
        match self.step {
            Step::Raw => &sheet::READING_COLUMNS,
            Step::Day | Step::TwoHours => &sheet::SLOT_COLUMNS,
        }
    }

    fn last_of_piece(&self) -> Date {
        let days = match self.step {
            Step::Raw => RAW_DAYS_AT_ONCE,
            Step::Day | Step::TwoHours => SLOT_DAYS_AT_ONCE,
        };
        self.next.saturating_add((days - 1).days()).min(self.today)
    }
}
