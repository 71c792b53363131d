//! Reads and binds wide rows column by column, in order.
//!
//! A wide row read by name costs a look-up per column, and a derived reader cannot build nested values.

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, Decode, Row, Type};

use domain::rollup::Aggregate;
use domain::time::Timestamp;

/// A row, read from left to right.
pub(super) struct Columns<'r> {
    row: &'r AnyRow,
    next: usize,
}

impl<'r> Columns<'r> {
    pub(super) const fn of(row: &'r AnyRow) -> Self {
        Self { row, next: 0 }
    }

    pub(super) fn take<T>(&mut self) -> sqlx::Result<T>
    where
        T: Decode<'r, Any> + Type<Any>,
    {
        let index = self.next;
        self.next += 1;
        self.row.try_get(index)
    }

    pub(super) fn time(&mut self) -> sqlx::Result<Option<Timestamp>> {
        Ok(self.take::<Option<i64>>()?.map(Timestamp::from_millis))
    }

    /// Sum, weight, min, max.
    pub(super) fn aggregate(&mut self) -> sqlx::Result<Option<Aggregate>> {
        let (sum, weight_ms): (Option<f64>, Option<i64>) = (self.take()?, self.take()?);
        let (min, max): (Option<f64>, Option<f64>) = (self.take()?, self.take()?);
        Ok((|| {
            Some(Aggregate {
                sum: sum?,
                weight_ms: weight_ms?,
                min: min?,
                max: max?,
            })
        })())
    }
}

pub(super) type AnyQuery<'q> = Query<'q, Any, AnyArguments>;

/// Binds what [`Columns::aggregate`] reads.
pub(super) fn bind_aggregate(query: AnyQuery<'_>, aggregate: Option<Aggregate>) -> AnyQuery<'_> {
    query
        .bind(aggregate.map(|a| a.sum))
        .bind(aggregate.map(|a| a.weight_ms))
        .bind(aggregate.map(|a| a.min))
        .bind(aggregate.map(|a| a.max))
}

/// Binds a time that may be missing.
pub(super) fn bind_time(query: AnyQuery<'_>, time: Option<Timestamp>) -> AnyQuery<'_> {
    query.bind(time.map(Timestamp::as_millis))
}
