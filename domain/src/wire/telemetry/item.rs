//! An item of any JSON type: whether it is a sample is decided, never assumed.

use alloc::vec::Vec;
use core::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::fields::Fields;
use super::sample::Sample;
use super::{Items, MAX_ITEMS};
use crate::wire::Malformed;

const NO_OBJECT: Malformed = Malformed::because("an item is not an object");

/// One sample, or why it is none.
pub struct Item(pub Result<Sample, Malformed>);

/// All items of an array; `None` if there are more than [`MAX_ITEMS`].
pub struct Array(pub Option<Items>);

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyItem)
    }
}

impl<'de> Deserialize<'de> for Array {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(AnyArray)
    }
}

struct AnyItem;

impl<'de> Visitor<'de> for AnyItem {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Item, A::Error> {
        Ok(Item(Fields::read(object)?.into_sample()))
    }

    fn visit_unit<E>(self) -> Result<Item, E> {
        Ok(Item(Err(NO_OBJECT)))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Item, E> {
        Ok(Item(Err(NO_OBJECT)))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Item, E> {
        Ok(Item(Err(NO_OBJECT)))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Item, E> {
        Ok(Item(Err(NO_OBJECT)))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Item, E> {
        Ok(Item(Err(NO_OBJECT)))
    }

    fn visit_str<E>(self, _: &str) -> Result<Item, E> {
        Ok(Item(Err(NO_OBJECT)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Item, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Item(Err(NO_OBJECT)))
    }
}

struct AnyArray;

impl<'de> Visitor<'de> for AnyArray {
    type Value = Array;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Array, A::Error> {
        let mut items = Vec::new();
        while items.len() < MAX_ITEMS {
            match array.next_element::<Item>()? {
                Some(Item(item)) => items.push(item),
                None => return Ok(Array(Some(items))),
            }
        }
        let is_full = array.next_element::<IgnoredAny>()?.is_none();
        if is_full {
            return Ok(Array(Some(items)));
        }
        while array.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Array(None))
    }
}
