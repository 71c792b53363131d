//! Measured values as text, with the precision the sensor deserves.
//!
//! Done in integers: the formatting machinery for floats would cost every phone several kilobytes.

/// One decimal, with a true minus sign: `23.4`, `−0.5`.
pub fn tenths(value: f64) -> String {
    let tenths = rounded(value * 10.0);
    let sign = if tenths < 0 { "−" } else { "" };
    let magnitude = tenths.unsigned_abs();
    format!("{sign}{}.{}", magnitude / 10, magnitude % 10)
}

/// No decimals: `48`.
pub fn whole(value: f64) -> String {
    let whole = rounded(value);
    let sign = if whole < 0 { "−" } else { "" };
    format!("{sign}{}", whole.unsigned_abs())
}

/// For a place where the value is missing.
pub const MISSING: &str = "–";

#[expect(
    clippy::cast_possible_truncation,
    reason = "measured values are small, and the cast saturates"
)]
pub(super) fn rounded(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperatures_carry_one_decimal_and_a_true_minus() {
        assert_eq!(tenths(23.44), "23.4");
        assert_eq!(tenths(23.45), "23.5");
        assert_eq!(tenths(-0.46), "−0.5");
        assert_eq!(tenths(-0.04), "0.0");
        assert_eq!(tenths(-12.0), "−12.0");
        assert_eq!(whole(47.5), "48");
    }
}
