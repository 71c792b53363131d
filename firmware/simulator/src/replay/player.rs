//! Plays a room: what is due when, at any speed.

use std::sync::Arc;

use device::Uptime;
use domain::reading::Measured;

use super::recording::Row;

/// A recorded room being played. Due times are absolute, so that a slow moment delays nothing after it.
#[derive(Debug)]
pub struct Player {
    rows: Arc<[Row]>,
    /// The next row.
    next: usize,
    /// Row `start` is due at uptime `origin`.
    start: usize,
    origin: Uptime,
    speed: f64,
    repeat: bool,
    /// The server may ask for another interval; then readings are due by it, with what the recording shows.
    every_ms: Option<u64>,
    /// When the last reading was played.
    last: Uptime,
}

impl Player {
    /// Plays `rows` (at least one) from row `start` on, which is due at `origin`.
    pub const fn new(rows: Arc<[Row]>, start: usize, origin: Uptime, speed: f64, repeat: bool) -> Self {
        Self {
            rows,
            next: start,
            start,
            origin,
            speed,
            repeat,
            every_ms: None,
            last: origin,
        }
    }

    /// Real seconds between two readings, at least 1: the median of the recorded gaps.
    pub fn interval_s(&self) -> u32 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
        let seconds = (median_gap_ms(&self.rows) / 1000.0 / self.speed)
            .round()
            .clamp(1.0, 86_400.0) as u32;
        seconds
    }

    /// From now on a reading every `interval_s` real seconds.
    pub fn set_interval(&mut self, interval_s: u32) {
        self.every_ms = Some(u64::from(interval_s) * 1000);
    }

    /// When the next reading is due; `None` after the last one.
    pub fn due(&self) -> Option<Uptime> {
        let row = self.rows.get(self.next)?;
        Some(match self.every_ms {
            Some(every_ms) => self.last.plus_millis(every_ms),
            None => self.due_of(row),
        })
    }

    /// Plays the reading that is due at `now`.
    pub fn play(&mut self, now: Uptime) -> Measured {
        self.last = now;
        if self.every_ms.is_some() {
            while self.rows.get(self.next).is_some_and(|row| self.due_of(row) <= now) {
                self.next += 1;
            }
        } else {
            self.next += 1;
        }
        let values = self.showing();
        if self.next >= self.rows.len() && self.repeat {
            (self.next, self.start) = (0, 0);
            self.origin = now.plus_millis(self.real_ms(median_gap_ms(&self.rows)));
        }
        values
    }

    /// What the sensor shows at this moment: the last reading played, or else the first.
    pub fn showing(&self) -> Measured {
        self.rows
            .get(self.next.saturating_sub(1))
            .map(|row| row.values)
            .unwrap_or_default()
    }

    fn due_of(&self, row: &Row) -> Uptime {
        let start_ms = self.rows.get(self.start).map_or(row.at_ms, |start| start.at_ms);
        #[expect(clippy::cast_precision_loss, reason = "a recording is shorter than 2^52 ms")]
        let recorded_ms = (row.at_ms - start_ms).max(0) as f64;
        self.origin.plus_millis(self.real_ms(recorded_ms))
    }

    fn real_ms(&self, recorded_ms: f64) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and `as` saturates"
        )]
        let ms = (recorded_ms / self.speed).round() as u64;
        ms
    }
}

/// The usual gap between two readings; a minute for a recording that has none.
fn median_gap_ms(rows: &[Row]) -> f64 {
    let mut gaps: Vec<i64> = rows
        .windows(2)
        .map(|pair| pair[1].at_ms - pair[0].at_ms)
        .filter(|gap| *gap > 0)
        .collect();
    gaps.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "gaps are shorter than 2^52 ms")]
    gaps.get(gaps.len() / 2).map_or(60_000.0, |gap| *gap as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(seconds: &[i64]) -> Arc<[Row]> {
        let row = |(i, s): (usize, &i64)| Row {
            at_ms: 1_452_531_600_000 + s * 1000,
            values: Measured {
                t: Some(f64::from(u32::try_from(i).unwrap())),
                h: None,
            },
        };
        seconds.iter().enumerate().map(row).collect()
    }

    fn at(ms: u64) -> Uptime {
        Uptime::from_millis(ms)
    }

    /// Plays to the end (or `most` readings) and notes when which row came.
    fn played(player: &mut Player, most: usize) -> Vec<(u64, u32)> {
        let mut played = Vec::new();
        while played.len() < most
            && let Some(due) = player.due()
        {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "row numbers")]
            let row = player.play(due).t.unwrap() as u32;
            played.push((due.as_millis(), row));
        }
        played
    }

    #[test]
    fn recorded_gaps_are_divided_by_the_speed() {
        let mut player = Player::new(rows(&[0, 600, 1200, 1200, 106_800]), 0, at(500), 60.0, false);
        assert_eq!(player.interval_s(), 10);
        assert_eq!(
            played(&mut player, 9),
            [(500, 0), (10_500, 1), (20_500, 2), (20_500, 3), (1_780_500, 4)]
        );
        assert_eq!(player.due(), None);
    }

    #[test]
    fn a_delay_delays_only_itself() {
        let mut player = Player::new(rows(&[0, 60, 120]), 0, at(0), 1.0, false);
        player.play(at(0));
        player.play(at(75_000));
        assert_eq!(player.due(), Some(at(120_000)));
    }

    #[test]
    fn playing_may_start_in_the_middle() {
        let mut player = Player::new(rows(&[0, 60, 120]), 1, at(0), 1.0, false);
        assert_eq!(played(&mut player, 9), [(0, 1), (60_000, 2)]);
    }

    #[test]
    fn a_repeated_recording_goes_on_at_its_usual_pace() {
        let mut player = Player::new(rows(&[0, 60, 120]), 2, at(0), 1.0, true);
        assert_eq!(
            played(&mut player, 4),
            [(0, 2), (60_000, 0), (120_000, 1), (180_000, 2)]
        );
    }

    #[test]
    fn an_interval_set_by_the_server_shows_what_the_recording_shows() {
        let mut player = Player::new(rows(&[0, 60, 120, 180]), 0, at(0), 1.0, false);
        player.play(at(0));
        player.set_interval(50);
        assert_eq!(
            played(&mut player, 9),
            [(50_000, 0), (100_000, 1), (150_000, 2), (200_000, 3)]
        );
    }

    #[test]
    fn a_fast_replay_reports_at_least_every_second() {
        assert_eq!(Player::new(rows(&[0, 60]), 0, at(0), 6000.0, false).interval_s(), 1);
        assert_eq!(Player::new(rows(&[0]), 0, at(0), 1.0, false).interval_s(), 60);
    }
}
