//! What a figure may be at most or at least. All are told before the first broken one fails the bench.

use anyhow::{Result, ensure};

use super::Figures;

/// The budgets that were broken.
#[derive(Default)]
pub struct Budgets(Vec<String>);

impl Budgets {
    /// Adds a figure that must not be above `limit`.
    pub fn at_most(&mut self, figures: &mut Figures, name: &str, value: f64, unit: &str, limit: f64) {
        figures.add(name, Some(value), unit, Some(&format!("aim ≤ {limit}")));
        self.note(value <= limit, &format!("{name}: {value} {unit} is above {limit}"));
    }

    /// Adds a figure that must not be below `limit`.
    pub fn at_least(&mut self, figures: &mut Figures, name: &str, value: f64, unit: &str, limit: f64) {
        figures.add(name, Some(value), unit, Some(&format!("aim ≥ {limit}")));
        self.note(value >= limit, &format!("{name}: {value} {unit} is below {limit}"));
    }

    fn note(&mut self, kept: bool, words: &str) {
        if !kept {
            self.0.push(words.to_owned());
        }
    }

    /// Whether all were kept.
    ///
    /// # Errors
    /// If one was not; names each.
    pub fn verdict(self) -> Result<()> {
        ensure!(self.0.is_empty(), "broken budgets:\n  {}", self.0.join("\n  "));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_budget_fails_at_the_end_and_is_named() {
        let (mut figures, mut budgets) = (Figures::default(), Budgets::default());
        budgets.at_most(&mut figures, "paint", 900.0, "ms", 1_200.0);
        budgets.at_least(&mut figures, "score", 95.0, "of 100", 95.0);
        budgets.at_most(&mut figures, "shift", 0.2, "", 0.02);
        let told = budgets.verdict().unwrap_err().to_string();
        assert!(
            told.contains("shift") && !told.contains("paint") && !told.contains("score"),
            "{told}"
        );
    }
}
