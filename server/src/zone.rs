//! Local days and their twelfths.
//!
//! A slot begins at local 00:00, 02:00, … 22:00. On the day the clocks change, the slot that holds the change is longer
//! or shorter. Where a boundary does not exist (clocks forward) it is the moment of the change, and where it exists
//! twice (clocks back) the first: RFC 5545's and Temporal's "compatible" rule.

use domain::rollup::Slot;
use domain::time::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Disambiguation, TimeZone};

use crate::error::{Error, Result};

/// Slots in a day.
pub const SLOTS_PER_DAY: usize = 12;

/// A slot and the local date it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalSlot {
    /// From when to when.
    pub slot: Slot,
    /// The local date.
    pub day: Date,
}

/// The time zone with this IANA name.
pub fn find(name: &str) -> Result<TimeZone> {
    let reason = || format!("{name:?} is no time zone, say Asia/Seoul");
    TimeZone::get(name).map_err(|_| Error::Invalid {
        field: "zone",
        reason: reason(),
    })
}

/// Names of the zones people may choose, in alphabetical order: places, without the old abbreviations.
pub fn list_names() -> Vec<String> {
    let db = jiff::tz::db();
    let mut names: Vec<_> = db.available().map(|name| name.as_str().to_owned()).collect();
    names.retain(|name| is_place(name) || name == "UTC");
    names.sort_unstable();
    names
}

fn is_place(name: &str) -> bool {
    let continents = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ];
    name.split_once('/').is_some_and(|(area, _)| continents.contains(&area))
}

/// The zone of a stored device: UTC if this machine does not know the name, because its readings must be kept anyway.
pub fn find_or_utc(name: &str) -> TimeZone {
    find(name).unwrap_or_else(|error| {
        tracing::error!(%error, "a stored time zone is unknown here: using UTC");
        TimeZone::UTC
    })
}

/// The slot that holds a moment.
pub fn slot_at(zone: &TimeZone, at: Timestamp) -> LocalSlot {
    let day = day_of(zone, at);
    let slots = slots_of(zone, day);
    let slot = slots
        .into_iter()
        .find(|slot| slot.contains(at))
        .unwrap_or(slots[SLOTS_PER_DAY - 1]);
    LocalSlot { slot, day }
}

/// The twelve slots of a local day, in order and without gaps. One is empty if its hours were skipped altogether.
pub fn slots_of(zone: &TimeZone, day: Date) -> [Slot; SLOTS_PER_DAY] {
    let end_of_day = start_of(zone, next(day));
    let mut start = start_of(zone, day);
    let mut hour = 0;
    [(); SLOTS_PER_DAY].map(|()| {
        hour += 2;
        let end = if hour < 24 {
            resolve(zone, day.at(hour, 0, 0, 0)).clamp(start, end_of_day)
        } else {
            end_of_day
        };
        let slot = Slot { start, end };
        start = end;
        slot
    })
}

/// The local day that holds a moment: the one whose first moment is the last not after it. Where the clocks go back
/// over midnight, the hour that repeats stays in the new day.
pub fn day_of(zone: &TimeZone, at: Timestamp) -> Date {
    let civil = zone.to_datetime(instant(at)).date();
    if at < start_of(zone, civil) {
        civil.yesterday().unwrap_or(civil)
    } else if at >= start_of(zone, next(civil)) {
        next(civil)
    } else {
        civil
    }
}

/// The first moment of a local day.
pub fn start_of(zone: &TimeZone, day: Date) -> Timestamp {
    resolve(zone, day.at(0, 0, 0, 0))
}

/// The whole local day.
pub fn span_of(zone: &TimeZone, day: Date) -> Slot {
    Slot {
        start: start_of(zone, day),
        end: start_of(zone, next(day)),
    }
}

/// RFC 3339 with the zone's offset, in whole seconds.
pub fn rfc3339(zone: &TimeZone, at: Timestamp) -> String {
    zoned(zone, at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// RFC 3339 with the zone's offset, in milliseconds.
pub fn rfc3339_millis(zone: &TimeZone, at: Timestamp) -> String {
    zoned(zone, at).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// The moment a local wall clock shows, under the "compatible" rule.
pub fn resolve(zone: &TimeZone, wall: DateTime) -> Timestamp {
    let resolved = zone
        .to_ambiguous_timestamp(wall)
        .disambiguate(Disambiguation::Compatible);
    Timestamp::from_millis(resolved.map_or(i64::MAX, jiff::Timestamp::as_millisecond))
}

/// What a local wall clock shows.
pub fn wall(zone: &TimeZone, at: Timestamp) -> DateTime {
    zone.to_datetime(instant(at))
}

/// What the wall clock is ahead of UTC, ms.
pub fn offset_ms(zone: &TimeZone, at: Timestamp) -> i64 {
    i64::from(zone.to_offset(instant(at)).seconds()) * 1_000
}

fn zoned(zone: &TimeZone, at: Timestamp) -> jiff::Zoned {
    instant(at).to_zoned(zone.clone())
}

/// Stops at the ends of the calendar (years −9999 and 9999).
fn instant(at: Timestamp) -> jiff::Timestamp {
    let nearest = if at.as_millis() < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    };
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(nearest)
}

fn next(day: Date) -> Date {
    day.tomorrow().unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const HOUR_MS: i64 = 3_600_000;

    fn hours(zone: &str, day: Date) -> Vec<f64> {
        let zone = find(zone).unwrap();
        #[expect(clippy::cast_precision_loss, reason = "a day has few milliseconds")]
        slots_of(&zone, day)
            .iter()
            .map(|slot| slot.length_ms() as f64 / HOUR_MS as f64)
            .collect()
    }

    fn at(zone: &str, text: &str) -> Timestamp {
        let zoned: jiff::Zoned = format!("{text}[{zone}]").parse().unwrap();
        Timestamp::from_millis(zoned.timestamp().as_millisecond())
    }

    #[test]
    fn an_ordinary_day_has_twelve_slots_of_two_hours() {
        assert_eq!(hours("Asia/Seoul", date(2026, 3, 1)), [2.0; 12]);
        assert_eq!(hours("Asia/Kathmandu", date(2026, 3, 1)), [2.0; 12]);
    }

    #[test]
    fn when_clocks_go_forward_the_slot_that_holds_the_change_is_an_hour_short() {
        let mut expected = [2.0; 12];
        expected[1] = 1.0;
        assert_eq!(hours("Europe/Berlin", date(2026, 3, 29)), expected);
        assert_eq!(hours("America/St_Johns", date(2026, 3, 8)), expected);
    }

    #[test]
    fn when_clocks_go_back_the_slot_that_holds_the_change_is_an_hour_long() {
        let mut berlin = [2.0; 12];
        berlin[1] = 3.0;
        assert_eq!(hours("Europe/Berlin", date(2026, 10, 25)), berlin);
        let mut st_johns = [2.0; 12];
        st_johns[0] = 3.0; // 02:00 becomes 01:00
        assert_eq!(hours("America/St_Johns", date(2026, 11, 1)), st_johns);
    }

    #[test]
    fn a_change_over_midnight_leaves_no_gap_and_no_overlap() {
        // Until 2011 Newfoundland turned its clocks at 00:01, back into the day before.
        let zone = find("America/St_Johns").unwrap();
        let repeated = at("America/St_Johns", "2010-11-06T23:30:00-03:30");
        assert_eq!(day_of(&zone, repeated), date(2010, 11, 7));
        assert_eq!(slots_of(&zone, date(2010, 11, 7))[0].length_ms(), 3 * HOUR_MS);
        // In 2018 São Paulo had no midnight on this day: it began at 01:00.
        let mut expected = [2.0; 12];
        expected[0] = 1.0;
        assert_eq!(hours("America/Sao_Paulo", date(2018, 11, 4)), expected);
    }

    #[test]
    fn every_moment_of_both_changes_lies_in_exactly_one_slot_of_its_own_day() {
        for name in [
            "Europe/Berlin",
            "America/St_Johns",
            "Asia/Kathmandu",
            "Asia/Seoul",
            "Australia/Lord_Howe",
        ] {
            let zone = find(name).unwrap();
            let mut day = date(2026, 1, 1);
            while day < date(2027, 1, 1) {
                let slots = slots_of(&zone, day);
                assert_eq!(slots[0].start, start_of(&zone, day), "{name} {day}");
                assert!(
                    slots.windows(2).all(|pair| pair[0].end == pair[1].start),
                    "{name} {day}"
                );
                assert_eq!(slots[11].end, start_of(&zone, next(day)), "{name} {day}");
                for slot in slots {
                    assert_eq!(slot_at(&zone, slot.start), LocalSlot { slot, day }, "{name}");
                    assert_eq!(
                        slot_at(&zone, slot.end.plus_millis(-1)),
                        LocalSlot { slot, day },
                        "{name}"
                    );
                }
                day = next(day);
            }
        }
    }

    #[test]
    fn times_are_written_with_the_offset_of_their_zone() {
        let zone = find("Asia/Kathmandu").unwrap();
        let noon = at("Asia/Kathmandu", "2026-03-01T12:00:00.250+05:45");
        assert_eq!(rfc3339(&zone, noon), "2026-03-01T12:00:00+05:45");
        assert_eq!(rfc3339_millis(&zone, noon), "2026-03-01T12:00:00.250+05:45");
    }

    #[test]
    fn the_zones_to_choose_from_are_places_that_can_be_found_again() {
        let names = list_names();
        assert!(names.is_sorted() && names.len() > 300);
        assert!(names.iter().any(|name| name == "Asia/Seoul") && !names.iter().any(|name| name == "EST5EDT"));
        assert!(names.iter().all(|name| find(name).is_ok()));
    }

    #[test]
    fn an_unknown_zone_is_refused_with_an_example() {
        assert!(find("Mars/Olympus").unwrap_err().to_string().contains("Asia/Seoul"));
    }
}
