//! Starts all rooms and waits for them.

use anyhow::{Context as _, Result, ensure};
use device::Config;
use domain::time::Timestamp;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::fault::Faults;
use super::player::Player;
use super::recording::{self, Room as Recorded, Row};
use super::room::Room;
use crate::account::{self, Account};
use crate::cli::Replay;
use crate::clock::Clock;

/// The demo's history ends this many days before the recording does: what is left is there to be played.
const DAYS_LEFT: i64 = 40;
const DAY_MS: i64 = 86_400_000;
/// Many devices spread their first connection over one millisecond each.
const SPREAD_FROM: usize = 20;

/// Plays the recording until its end, or until told to stop.
pub async fn run(args: &Replay, stop: CancellationToken) -> Result<()> {
    let accounts = account::read(&args.credentials, args.rooms, args.broker.as_ref())?;
    let recorded = recording::read(&args.file)?;
    let clock = Clock::start();
    // A simulated device has no memory that outlives it; the time of its start is as good as a count of starts.
    let boot = u64::try_from(clock.wall().as_millis()).context("the clock is before 1970")?;
    let spread_ms = if accounts.len() > SPREAD_FROM {
        accounts.len() as u64
    } else {
        0
    };

    tracing::info!(
        devices = accounts.len(),
        rooms = recorded.len(),
        speed = args.speed,
        "playing"
    );
    let mut rooms = JoinSet::new();
    for (index, account) in accounts.into_iter().enumerate() {
        let room = recorded_room(&recorded, &account, index)?;
        let start = start_row(args.wall_clock.as_deref(), clock.wall(), &room.rows)?;
        let now = clock.uptime();
        let player = Player::new(room.rows.clone(), start, now, args.speed, args.repeat);
        let config = Config {
            fw: concat!("simulator-", env!("CARGO_PKG_VERSION")).to_owned(),
            interval_s: player.interval_s(),
            capacity: args.capacity,
            ..Config::new(account.serial)
        };
        let connect_at = now.plus_millis(rand::random_range(0..=spread_ms));
        let faults = Faults::new(args.fault.clone());
        rooms.spawn(Room::new(account, config, boot, player, clock, faults, connect_at).run(stop.clone()));
    }
    while let Some(ended) = rooms.join_next().await {
        ended.context("a device died")?;
    }
    Ok(())
}

/// The room an account names, or else the next one in turn.
fn recorded_room<'a>(recorded: &'a [Recorded], account: &Account, index: usize) -> Result<&'a Recorded> {
    match &account.room {
        Some(name) => {
            let named = recorded.iter().find(|room| room.name == *name);
            named.with_context(|| format!("the recording has no room {name}"))
        }
        None => Ok(&recorded[index % recorded.len()]),
    }
}

/// The row to start with.
fn start_row(zone: Option<&str>, now: Timestamp, rows: &[Row]) -> Result<usize> {
    let Some(zone) = zone else {
        return Ok(0);
    };
    let zone = jiff::tz::TimeZone::get(zone).with_context(|| format!("there is no time zone {zone}"))?;
    let now = jiff::Timestamp::from_millisecond(now.as_millis())?.to_zoned(zone);
    let time_of_day_ms = now
        .datetime()
        .time()
        .duration_since(jiff::civil::Time::midnight())
        .as_millis();
    let last_ms = rows.last().map_or(0, |row| row.at_ms);
    let day_ms = last_ms - last_ms.rem_euclid(DAY_MS) - DAYS_LEFT * DAY_MS;
    let start_ms = day_ms + i64::try_from(time_of_day_ms).context("a day is short")?;
    let start = rows.partition_point(|row| row.at_ms < start_ms);
    ensure!(
        start > 0,
        "the recording is too short to start {DAYS_LEFT} days before its end"
    );
    Ok(start)
}

#[cfg(test)]
mod tests {
    use domain::reading::Measured;

    use super::*;

    /// A room with a row every ten minutes for so many days.
    fn rows(days: i64) -> Vec<Row> {
        (0..days * 144)
            .map(|i| Row {
                at_ms: i * 600_000,
                values: Measured::default(),
            })
            .collect()
    }

    fn moment(text: &str) -> Timestamp {
        Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn without_a_wall_clock_playing_starts_at_the_beginning() {
        assert_eq!(start_row(None, moment("2026-11-20T03:00:00Z"), &rows(3)).unwrap(), 0);
    }

    #[test]
    fn by_the_wall_clock_noon_is_noon_forty_days_before_the_end() {
        let noon_in_seoul = moment("2026-11-20T03:00:00Z");
        let start = start_row(Some("Asia/Seoul"), noon_in_seoul, &rows(100)).unwrap();
        assert_eq!(start, (99 - 40) * 144 + 72);
        let between = start_row(Some("Asia/Seoul"), noon_in_seoul.plus_millis(1), &rows(100)).unwrap();
        assert_eq!(between, start + 1);
    }

    #[test]
    fn a_recording_without_so_many_days_or_a_zone_nobody_knows_is_refused() {
        assert!(start_row(Some("Asia/Seoul"), moment("2026-11-20T03:00:00Z"), &rows(40)).is_err());
        assert!(start_row(Some("Mars/Olympus"), moment("2026-11-20T03:00:00Z"), &rows(100)).is_err());
    }
}
