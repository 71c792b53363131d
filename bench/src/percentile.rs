//! Percentiles of what was measured.

/// The value below which this share of the sorted ones lies.
pub fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let index = ((sorted.len() as f64 * share) as usize).min(sorted.len().checked_sub(1)?);
    Some(sorted[index])
}
