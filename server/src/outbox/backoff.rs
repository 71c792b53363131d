//! How long a letter waits before it is tried again.

/// The ceiling of the first wait.
const FIRST_MS: i64 = 5_000;
/// The ceiling of every later one.
const LONGEST_MS: i64 = 15 * 60_000;

/// Milliseconds after the `attempt`-th failure in a row (from 1); `random` is drawn from 0 to 1.
///
/// Half of the wait is random, so that letters that failed together do not come back together.
pub(super) fn delay_ms(attempt: i64, random: f64) -> i64 {
    let doublings = attempt.saturating_sub(1).clamp(0, 16);
    let ceiling = (FIRST_MS << doublings).min(LONGEST_MS);
    let half = ceiling / 2;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "at most 450,000"
    )]
    let jitter = (half as f64 * random) as i64;
    half + jitter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let longest: Vec<_> = (1..=10).map(|attempt| delay_ms(attempt, 1.0) / 1000).collect();
        assert_eq!(longest, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(delay_ms(i64::MAX, 1.0), 900_000);
    }

    #[test]
    fn half_of_the_wait_is_random() {
        assert_eq!(delay_ms(9, 0.0), 450_000);
        assert_eq!(delay_ms(9, 0.5), 675_000);
    }
}
