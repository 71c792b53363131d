//! Table `product_orders`: answers with secrets, kept encrypted for a day so that a lost one can be given again.

use domain::time::Timestamp;

use super::{Db, Tx};
use crate::error::{Error, Result};

/// An order that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductOrder {
    /// 128 random bits, hex.
    pub id: String,
    /// SHA-256 of who ordered and their key.
    pub key_hash: String,
    /// SHA-256 of what was ordered.
    pub request: String,
    /// The answer, encrypted.
    pub answer: String,
    /// When.
    pub created_at: Timestamp,
}

type Row = (String, String, String, String, i64);

fn order((id, key_hash, request, answer, created_at): Row) -> ProductOrder {
    ProductOrder {
        id,
        key_hash,
        request,
        answer,
        created_at: Timestamp::from_millis(created_at),
    }
}

/// The order made with this key.
pub async fn find_order_by_key(db: &Db, key_hash: &str) -> Result<Option<ProductOrder>> {
    let row: Option<Row> =
        sqlx::query_as("SELECT id, key_hash, request, answer, created_at FROM product_orders WHERE key_hash = ?")
            .bind(key_hash.to_owned())
            .fetch_optional(db.pool())
            .await?;
    Ok(row.map(order))
}

/// The order with this number.
pub async fn find_order(db: &Db, id: &str) -> Result<Option<ProductOrder>> {
    let row: Option<Row> =
        sqlx::query_as("SELECT id, key_hash, request, answer, created_at FROM product_orders WHERE id = ?")
            .bind(id.to_owned())
            .fetch_optional(db.pool())
            .await?;
    Ok(row.map(order))
}

/// Stores an order. [`Error::Conflict`]: somebody has just carried out one with the same key.
pub async fn insert_order(tx: &mut Tx<'_>, order: &ProductOrder) -> Result<()> {
    sqlx::query("INSERT INTO product_orders (id, key_hash, request, answer, created_at) VALUES (?, ?, ?, ?, ?)")
        .bind(order.id.clone())
        .bind(order.key_hash.clone())
        .bind(order.request.clone())
        .bind(order.answer.clone())
        .bind(order.created_at.as_millis())
        .execute(&mut **tx)
        .await
        .map_err(|error| match error.as_database_error() {
            Some(fault) if fault.is_unique_violation() => Error::Conflict,
            _ => Error::Db(error),
        })?;
    Ok(())
}

/// Forgets answers made before `cutoff`; how many that was.
pub async fn delete_orders_before(db: &Db, cutoff: Timestamp) -> Result<u64> {
    let done = sqlx::query("DELETE FROM product_orders WHERE created_at < ?")
        .bind(cutoff.as_millis())
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected())
}
