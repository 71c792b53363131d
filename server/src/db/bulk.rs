//! Statements over many rows at once, in a handful of fixed sizes.
//!
//! A statement per row would cost a round trip each; a statement per batch size would be parsed anew for every batch.
//! So each statement exists for five row counts, is prepared once per connection, and a batch is cut to fit.

use std::sync::Arc;

use sqlx::AssertSqlSafe;

use super::Dialect;

/// Row counts, largest first. 256 rows × 35 columns stay below SQLite's limit of 32,766 values.
const SIZES: [usize; 5] = [256, 64, 16, 4, 1];

/// One statement in all sizes.
#[derive(Debug)]
pub struct Bulk([Arc<str>; SIZES.len()]);

impl Bulk {
    /// `head`, then one `row` per row separated by commas, then `tail`.
    pub fn new(head: &str, row: &str, tail: &str) -> Self {
        Self(SIZES.map(|size| format!("{head}{}{tail}", vec![row; size].join(",")).into()))
    }

    /// Cuts `rows` into pieces, each with the statement that takes exactly so many.
    pub fn cut<'s, 'r, T>(
        &'s self,
        rows: &'r [T],
    ) -> impl Iterator<Item = (AssertSqlSafe<Arc<str>>, &'r [T])> + use<'s, 'r, T> {
        let mut rest = rows;
        std::iter::from_fn(move || {
            let which = SIZES.iter().position(|&size| size <= rest.len())?;
            let (piece, after) = rest.split_at(SIZES[which]);
            rest = after;
            Some((AssertSqlSafe(Arc::clone(&self.0[which])), piece))
        })
    }
}

/// A statement that the dialects write differently.
#[derive(Debug)]
pub struct PerDialect {
    sqlite: Bulk,
    mariadb: Bulk,
}

impl PerDialect {
    /// Writes it for both.
    pub fn new(write: impl Fn(Dialect) -> Bulk) -> Self {
        Self {
            sqlite: write(Dialect::Sqlite),
            mariadb: write(Dialect::MariaDb),
        }
    }

    /// The one to use.
    pub const fn of(&self, dialect: Dialect) -> &Bulk {
        match dialect {
            Dialect::Sqlite => &self.sqlite,
            Dialect::MariaDb => &self.mariadb,
        }
    }
}

/// `"(?,?,?)"` with one mark per column.
pub fn marks(columns: usize) -> String {
    format!("({})", vec!["?"; columns].join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_cut_into_the_fewest_known_sizes() {
        let bulk = Bulk::new("INSERT INTO x VALUES ", &marks(2), "");
        let rows = vec![0; 300];
        let sizes: Vec<_> = bulk.cut(&rows).map(|(_, piece)| piece.len()).collect();
        assert_eq!(sizes, [256, 16, 16, 4, 4, 4]);
        assert_eq!(bulk.cut(&rows[..0]).count(), 0);
    }

    #[test]
    fn a_statement_has_one_group_of_marks_per_row() {
        let bulk = Bulk::new("INSERT INTO x VALUES ", &marks(2), " RETURNING a");
        let (sql, _) = bulk.cut(&[1, 2, 3, 4]).next().expect("four rows make one piece");
        assert_eq!(&*sql.0, "INSERT INTO x VALUES (?,?),(?,?),(?,?),(?,?) RETURNING a");
    }
}
