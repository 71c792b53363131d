//! The lowest and highest value of a moving window, without keeping the window.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::state::Point;
use crate::time::Timestamp;

/// More steps than this are thinned, at the cost of at most a thirtieth of the span between them.
const MOST: usize = 32;

/// Candidates for the extremes: of each list the first is the present extreme, the next takes over when it has left the
/// window. The last of both is the newest value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    lows: Vec<Point>,
    highs: Vec<Point>,
}

impl Trace {
    pub(super) fn is_empty(&self) -> bool {
        self.lows.is_empty()
    }

    /// Takes a value that is newer than all before it, and forgets what was before `from`.
    pub(super) fn push(&mut self, point: Point, from: Timestamp) {
        push(&mut self.lows, point, from, |old| old >= point.value);
        push(&mut self.highs, point, from, |old| old <= point.value);
    }

    pub(super) fn low(&self) -> Option<Point> {
        self.lows.first().copied()
    }

    pub(super) fn high(&self) -> Option<Point> {
        self.highs.first().copied()
    }
}

fn push(points: &mut Vec<Point>, point: Point, from: Timestamp, is_outdone: impl Fn(f64) -> bool) {
    points.retain(|old| old.at >= from && !is_outdone(old.value));
    points.push(point);
    if points.len() > MOST {
        let step = |i: &usize| (points[*i + 1].value - points[*i].value).abs();
        let least = (1..points.len() - 1).min_by(|a, b| step(a).total_cmp(&step(b)));
        if let Some(least) = least {
            points.remove(least);
        }
    }
}
