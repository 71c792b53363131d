//! Quiet hours: until when somebody is left in peace.

use domain::time::Timestamp;
use jiff::tz::TimeZone;

use crate::db::rules::Quiet;
use crate::zone;

const MINUTES_A_DAY: u16 = 24 * 60;

/// When the quiet hours end in which `now` falls; `None` outside of them.
pub fn quiet_until(quiet: Quiet, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let wall = zone::wall(zone, now);
    let minute = u16::try_from(wall.hour()).ok()? * 60 + u16::try_from(wall.minute()).ok()?;
    let Quiet { from, to } = quiet;
    let over_midnight = from > to;
    let is_quiet = if over_midnight {
        minute >= from || minute < to
    } else {
        minute >= from && minute < to
    };
    if !is_quiet {
        return None;
    }
    let day = if over_midnight && minute >= from {
        wall.date().tomorrow().ok()?
    } else {
        wall.date()
    };
    let to = to.min(MINUTES_A_DAY - 1);
    let end = day.at(i8::try_from(to / 60).ok()?, i8::try_from(to % 60).ok()?, 0, 0);
    Some(zone::resolve(zone, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20 17:00 in Seoul, and so many hours later.
    fn after(hours: i64) -> Timestamp {
        Timestamp::from_millis(1_795_161_600_000 + hours * 3_600_000)
    }

    fn until(from: u16, to: u16, now: Timestamp) -> Option<Timestamp> {
        let seoul = zone::find("Asia/Seoul").unwrap();
        quiet_until(
            Quiet {
                from: from * 60,
                to: to * 60,
            },
            &seoul,
            now,
        )
    }

    #[test]
    fn a_night_ends_in_the_morning_on_either_side_of_midnight() {
        let morning = Some(after(14));
        assert_eq!(until(23, 7, after(5)), None, "22:00");
        assert_eq!(until(23, 7, after(6)), morning, "23:00");
        assert_eq!(until(23, 7, after(13)), morning, "06:00");
        assert_eq!(until(23, 7, after(14)), None, "07:00");
    }

    #[test]
    fn a_nap_is_on_one_day() {
        assert_eq!(until(13, 18, after(0)), Some(after(1)));
        assert_eq!(until(13, 18, after(1)), None);
        assert_eq!(until(13, 13, after(20)), None, "no time at all");
    }
}
