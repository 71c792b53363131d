//! Reading telemetry: one streaming pass, and a patient second look at a broken array.

use alloc::vec;
use alloc::vec::Vec;

use super::item::{Array, Item};
use super::split::pieces;
use super::{Items, MAX_ITEMS};
use crate::wire::Malformed;
use crate::wire::malformed::text;

const NOT_JSON: Malformed = Malformed::because("not valid JSON");
const TOO_MANY: Malformed = Malformed::because("more than 512 items");

/// Reads a telemetry payload: a good or bad sample for every item of it.
///
/// # Errors
/// The whole payload is refused if it is larger than 64 KiB, not UTF-8, neither object nor array,
/// a broken object, an empty array or one of more than 512 items.
pub fn decode(payload: &[u8]) -> Result<Items, Malformed> {
    let text = text(payload)?;
    match text.trim_ascii_start().as_bytes().first() {
        Some(b'{') => {
            let Item(sample) = serde_json::from_str(text).map_err(|_| NOT_JSON)?;
            Ok(vec![sample])
        }
        Some(b'[') => {
            let items = match serde_json::from_str::<Array>(text) {
                Ok(Array(items)) => items.ok_or(TOO_MANY)?,
                Err(_) => salvage(text)?,
            };
            if items.is_empty() {
                Err(Malformed::because("an empty array"))
            } else {
                Ok(items)
            }
        }
        Some(_) => Err(Malformed::because("neither an object nor an array")),
        None => Err(Malformed::because("empty")),
    }
}

/// Decodes every item of a syntactically broken array by itself.
fn salvage(text: &str) -> Result<Items, Malformed> {
    let mut items = Vec::new();
    for piece in pieces(text) {
        if items.len() == MAX_ITEMS {
            return Err(TOO_MANY);
        }
        let item = serde_json::from_str::<Item>(piece);
        items.push(item.map_or(Err(NOT_JSON), |Item(sample)| sample));
    }
    Ok(items)
}
