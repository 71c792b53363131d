//! How much of a period readings speak for.

use super::number::rounded;

/// A part of one as whole percent, never rounded up to a complete 100.
pub fn percent(part: f64) -> i64 {
    let percent = rounded(part * 100.0).clamp(0, 100);
    if percent == 100 && part < 0.9995 { 99 } else { percent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_says_a_hundred_only_when_nothing_is_missing() {
        assert_eq!(percent(1.0), 100);
        assert_eq!(percent(0.997), 99);
        assert_eq!(percent(0.546), 55);
        assert_eq!(percent(-0.1), 0);
    }
}
