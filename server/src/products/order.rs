//! Orders that are carried out once, however often they are sent.
//!
//! The answer holds secrets, so it is kept encrypted, and for a day only: long enough for a shop whose line broke, and
//! for an operator to print the sheet.

use domain::time::Timestamp;

use super::{Order, Product, Shop, sha256_hex};
use crate::db::product_orders::{self, ProductOrder};
use crate::error::{Error, Result};

/// How long an answer may be asked for again, ms.
pub const KEPT_MS: i64 = 24 * 3600 * 1000;
/// The longest key; a UUID has 36 characters.
pub const MAX_KEY_CHARS: usize = 200;

/// An order that was carried out, now or before.
#[derive(Clone)]
pub struct Receipt {
    /// 128 random bits, hex.
    pub id: String,
    /// What was made.
    pub products: Vec<Product>,
    /// When.
    pub at: Timestamp,
}

impl Shop {
    /// Carries out an order, unless `who` has sent it before with the same key: then its answer is given again.
    ///
    /// # Errors
    /// [`Error::Conflict`] if the key came with another order.
    pub async fn create_once(&self, who: &str, key: &str, order: &Order, now: Timestamp) -> Result<Receipt> {
        let key_hash = sha256_hex(&format!("{who}\n{key}"));
        let request = sha256_hex(&format!("{}\n{}", order.count, order.model));
        product_orders::delete_orders_before(&self.db, now.plus_millis(-KEPT_MS)).await?;
        if let Some(stored) = product_orders::find_order_by_key(&self.db, &key_hash).await? {
            return self.again(stored, &request);
        }
        match self.carry_out(key_hash.clone(), request.clone(), order, now).await {
            // Two at the same moment: the other one was carried out, and ours rolled back.
            Err(Error::Conflict) => {
                let stored = product_orders::find_order_by_key(&self.db, &key_hash).await?;
                self.again(stored.ok_or(Error::Conflict)?, &request)
            }
            done => done,
        }
    }

    /// The answer of an order that `who` knows the number of, within a day.
    pub async fn find_receipt(&self, id: &str, now: Timestamp) -> Result<Option<Receipt>> {
        let stored = product_orders::find_order(&self.db, id).await?;
        let stored = stored.filter(|order| now.since(order.created_at) < KEPT_MS);
        stored.map(|order| self.open(order)).transpose()
    }

    async fn carry_out(&self, key_hash: String, request: String, order: &Order, now: Timestamp) -> Result<Receipt> {
        let mut tx = self.db.begin_write().await?;
        let products = self.make(&mut tx, order, None, now).await?;
        let id = format!("{:032x}", rand::random::<u128>());
        let json = serde_json::to_string(&products).expect("plain text can be encoded");
        let stored = ProductOrder {
            answer: self.seal.seal(&label(&id), &json),
            id: id.clone(),
            key_hash,
            request,
            created_at: now,
        };
        product_orders::insert_order(&mut tx, &stored).await?;
        tx.commit().await?;
        Ok(Receipt { id, products, at: now })
    }

    fn again(&self, stored: ProductOrder, request: &str) -> Result<Receipt> {
        if stored.request != request {
            return Err(Error::Conflict);
        }
        self.open(stored)
    }

    fn open(&self, stored: ProductOrder) -> Result<Receipt> {
        let json = self.seal.open(&label(&stored.id), &stored.answer);
        let products = json.and_then(|json| serde_json::from_str(&json).ok());
        Ok(Receipt {
            products: products.ok_or_else(|| Error::Corrupt {
                what: "product_orders.answer",
                detail: "it was sealed with another secret key".to_owned(),
            })?,
            id: stored.id,
            at: stored.created_at,
        })
    }
}

fn label(id: &str) -> String {
    format!("product_orders.answer {id}")
}
