//! Geometry of the little server-rendered plots: values to SVG path data, gaps left as gaps.
//!
//! Coordinates are whole numbers in a box of [`HEIGHT`] units with [`STEP`] units between values; the browser
//! stretches the box, so its resolution is all that matters.

use std::fmt::Write;

/// Distance between two values on the time axis.
pub const STEP: i32 = 10;
/// Height of the box.
pub const HEIGHT: i32 = 1000;

/// Which value is drawn at the bottom and which at the top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// At the bottom.
    pub low: f64,
    /// At the top.
    pub high: f64,
}

impl Scale {
    /// Fits the values with a little room above and below. A span below `least` is widened to it, so that a
    /// calm room looks calm and the sensor's noise does not fill the plot.
    pub fn fit(values: impl Iterator<Item = f64>, least: f64) -> Option<Self> {
        let (low, high) = extremes(values)?;
        let middle = f64::midpoint(low, high);
        let half = ((high - low) / 2.0).max(least / 2.0) * 1.1;
        Some(Self {
            low: middle - half,
            high: middle + half,
        })
    }

    /// Distance from the top.
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the box")]
    pub fn y(self, value: f64) -> i32 {
        let down = (self.high - value) / (self.high - self.low) * f64::from(HEIGHT);
        down.clamp(0.0, f64::from(HEIGHT)).round() as i32
    }
}

/// Lowest and highest value.
pub fn extremes(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |found, value| match found {
        None => Some((value, value)),
        Some((low, high)) => Some((low.min(value), high.max(value))),
    })
}

/// The line through the values: every gap begins a new stroke, a lone value is a dot.
pub fn line(values: &[Option<f64>], scale: Scale) -> String {
    let mut path = String::new();
    for (from, run) in runs(values) {
        for (nth, value) in run.iter().enumerate() {
            let command = if nth == 0 { 'M' } else { 'L' };
            push(&mut path, command, x(from + nth), scale.y(*value));
        }
        if run.len() == 1 {
            path.push_str("h1");
        }
    }
    path
}

/// The areas between the lower and the upper values. A lone pair becomes a bar of half a step to each side.
pub fn band(ranges: &[Option<(f64, f64)>], scale: Scale) -> String {
    let mut path = String::new();
    for (from, run) in runs(ranges) {
        let widen = if run.len() == 1 { STEP / 2 } else { 0 };
        let last = from + run.len() - 1;
        let mut command = 'M';
        for (at, (_, high)) in (from..).zip(&run) {
            push(&mut path, command, x(at) - widen, scale.y(*high));
            command = 'L';
            if widen > 0 {
                push(&mut path, 'L', x(at) + widen, scale.y(*high));
            }
        }
        for (at, (low, _)) in (from..=last).rev().zip(run.iter().rev()) {
            push(&mut path, 'L', x(at) + widen, scale.y(*low));
            if widen > 0 {
                push(&mut path, 'L', x(at) - widen, scale.y(*low));
            }
        }
        path.push('Z');
    }
    path
}

/// Width of the box for that many values.
pub fn width(values: usize) -> i32 {
    x(values.saturating_sub(1)).max(STEP)
}

/// Upright lines from top to bottom.
pub fn marks(places: &[usize]) -> String {
    places.iter().fold(String::new(), |mut path, place| {
        write!(path, "M{} 0V{HEIGHT}", x(*place)).expect("a String takes everything");
        path
    })
}

fn x(place: usize) -> i32 {
    i32::try_from(place).unwrap_or(i32::MAX / STEP) * STEP
}

fn push(path: &mut String, command: char, x: i32, y: i32) {
    write!(path, "{command}{x} {y}").expect("a String takes everything");
}

/// Unbroken runs of values with the place of their first.
fn runs<T: Copy>(values: &[Option<T>]) -> Vec<(usize, Vec<T>)> {
    let mut found: Vec<(usize, Vec<T>)> = Vec::new();
    let mut open = false;
    for (place, value) in values.iter().enumerate() {
        match (value, found.last_mut()) {
            (Some(value), Some((_, run))) if open => run.push(*value),
            (Some(value), _) => found.push((place, vec![*value])),
            (None, _) => {}
        }
        open = value.is_some();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: Scale = Scale { low: 0.0, high: 10.0 };

    #[test]
    fn a_gap_begins_a_new_stroke_and_a_lone_value_is_a_dot() {
        let values = [Some(0.0), Some(10.0), None, Some(5.0), None, None];
        assert_eq!(line(&values, SCALE), "M0 1000L10 0M30 500h1");
    }

    #[test]
    fn nothing_measured_draws_nothing() {
        assert_eq!(line(&[None, None], SCALE), "");
        assert_eq!(band(&[], SCALE), "");
        assert_eq!(Scale::fit(std::iter::empty(), 2.0), None);
    }

    #[test]
    fn a_band_closes_around_each_run() {
        let ranges = [Some((2.0, 4.0)), Some((2.0, 6.0)), None, Some((0.0, 10.0))];
        assert_eq!(
            band(&ranges, SCALE),
            "M0 600L10 400L10 800L0 800ZM25 0L35 0L35 1000L25 1000Z"
        );
    }

    #[test]
    fn a_calm_room_keeps_a_calm_line() {
        let scale = Scale::fit([21.0, 21.2].into_iter(), 2.0).unwrap();
        assert!((scale.high - scale.low - 2.2).abs() < 1e-9);
        assert!((scale.y(21.2) - scale.y(21.0)).abs() < 100);
    }

    #[test]
    fn a_stormy_room_fills_the_box_without_leaving_it() {
        let scale = Scale::fit([10.0, 30.0].into_iter(), 2.0).unwrap();
        assert_eq!((scale.y(30.0), scale.y(10.0)), (45, 955));
    }
}
