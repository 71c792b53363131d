//! `/products`: devices as they leave the shop, for the shop's own system and its people.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::AppState;
use super::super::extract::{Body, Operator, PathSerial};
use super::super::problem::Problem;
use crate::db::devices::find_device;
use crate::db::sales::find_sale;
use crate::db::usage::{Usage, find_usage};
use crate::products::{self, MAX_KEY_CHARS};

/// How many of what.
#[derive(Deserialize, ToSchema)]
pub struct Order {
    /// 1 to 1000.
    #[schema(minimum = 1, maximum = 1000)]
    count: u32,
    /// What the devices are.
    #[schema(example = "DHT22-ESP32")]
    model: String,
}

/// A product with its secrets, which are shown this once.
#[derive(Serialize, ToSchema)]
pub struct Product {
    /// The number on its sticker.
    #[schema(example = "TL-7K3F9Q2M")]
    serial: String,
    /// Proves who bought it.
    #[schema(example = "8XRM-4T0C-ZV5H")]
    claim_code: String,
    mqtt: MqttAccess,
    /// What the QR code on its sticker opens.
    claim_url: String,
}

/// A device's way to the broker.
#[derive(Serialize, ToSchema)]
pub struct MqttAccess {
    url: String,
    client_id: String,
    username: String,
    password: String,
}

impl From<products::Product> for Product {
    fn from(product: products::Product) -> Self {
        let products::MqttAccess {
            url,
            client_id,
            username,
            password,
        } = product.mqtt;
        Self {
            serial: product.serial.to_string(),
            claim_code: product.claim_code,
            mqtt: MqttAccess {
                url,
                client_id,
                username,
                password,
            },
            claim_url: product.claim_url,
        }
    }
}

/// Make products
///
/// For operators and for the shop's own system (operator token). With an `Idempotency-Key` an order is carried out
/// once, however often it is sent: for 24 hours its answer is given again, secrets included.
#[utoipa::path(
    post, path = "/products", tag = "products",
    params(("Idempotency-Key" = Option<String>, Header, description = "names this order; 1 to 200 visible characters")),
    request_body = Order,
    responses(
        (status = CREATED, body = Vec<Product>),
        (status = BAD_REQUEST, body = Problem),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "signed in, but no operator", body = Problem),
        (status = CONFLICT, description = "this key came with another order", body = Problem),
    )
)]
pub async fn create(
    State(state): State<AppState>,
    Operator(who): Operator,
    headers: HeaderMap,
    Body(Order { count, model }): Body<Order>,
) -> Result<(StatusCode, Json<Vec<Product>>), Problem> {
    let order = products::Order::new(count, &model)?;
    let (shop, now) = (&state.handover.shop, state.clock.now());
    let made = match idempotency_key(&headers)? {
        Some(key) => shop.create_once(&who, &key, &order, now).await?.products,
        None => shop.create(&order, None, now).await?,
    };
    let serials: Vec<_> = made.iter().map(|product| product.serial).collect();
    state.handover.gatekeeper.changed(&serials).await;
    Ok((StatusCode::CREATED, Json(made.into_iter().map(Product::from).collect())))
}

/// A product as the shop sees it: nothing of the home it is in.
#[derive(Serialize, ToSchema)]
pub struct ProductState {
    /// The number on its sticker.
    #[schema(example = "TL-7K3F9Q2M")]
    serial: String,
    /// What it is.
    model: String,
    /// `sold`: nobody has claimed it. `claimed`: it is in somebody's home.
    #[schema(example = "claimed")]
    state: &'static str,
    /// When it was made, Unix milliseconds.
    sold_at: i64,
    /// When it was claimed, Unix milliseconds.
    claimed_at: Option<i64>,
    /// Version of its firmware, once it has said so.
    fw: Option<String>,
    /// Whether the broker knows its credentials.
    #[schema(example = "confirmed")]
    broker: &'static str,
    /// What it takes of the store.
    stored: Stored,
}

/// What a device takes of the store.
#[derive(Serialize, ToSchema)]
pub struct Stored {
    /// Raw readings, which are deleted after a while.
    readings: u64,
    /// Finished 2-hour slots, which stay.
    slots: u64,
    /// About how much disk that is.
    bytes: u64,
}

impl From<Usage> for Stored {
    fn from(usage: Usage) -> Self {
        Self {
            readings: usage.readings,
            slots: usage.slots,
            bytes: usage.bytes(),
        }
    }
}

/// Show a product
#[utoipa::path(
    get, path = "/products/{serial}", tag = "products",
    params(("serial" = String, Path, example = "TL-7K3F9Q2M")),
    responses(
        (status = OK, body = ProductState),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "signed in, but no operator", body = Problem),
        (status = NOT_FOUND, body = Problem),
    )
)]
pub async fn show(
    State(state): State<AppState>,
    Operator(_): Operator,
    PathSerial(serial): PathSerial,
) -> Result<Json<ProductState>, Problem> {
    let sale = find_sale(&state.db, serial).await?.ok_or_else(Problem::not_found)?;
    let device = find_device(&state.db, serial).await?.ok_or_else(Problem::not_found)?;
    let asks_us = state.handover.gatekeeper.state().asks_us;
    Ok(Json(ProductState {
        serial: sale.serial.to_string(),
        model: sale.model,
        state: if sale.claimed_at.is_some() { "claimed" } else { "sold" },
        sold_at: sale.sold_at.as_millis(),
        claimed_at: sale.claimed_at.map(Timestamp::as_millis),
        fw: sale.fw,
        broker: if sale.pending && !asks_us {
            "pending"
        } else {
            "confirmed"
        },
        stored: find_usage(&state.db, device.id).await?.into(),
    }))
}

/// Take a product back
///
/// It leaves its household, everything it has measured is deleted, and it gets new secrets, which are shown this once.
/// Its connection is cut.
#[utoipa::path(
    post, path = "/products/{serial}/return", tag = "products",
    params(("serial" = String, Path, example = "TL-7K3F9Q2M")),
    responses(
        (status = OK, body = Product),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "signed in, but no operator", body = Problem),
        (status = NOT_FOUND, body = Problem),
    )
)]
pub async fn take_back(
    State(state): State<AppState>,
    Operator(_): Operator,
    PathSerial(serial): PathSerial,
) -> Result<Json<Product>, Problem> {
    let device = find_device(&state.db, serial).await?.ok_or_else(Problem::not_found)?;
    let product = state.handover.take_back(&device, state.clock.now()).await?;
    Ok(Json(product.into()))
}

/// The key of an order, if it has one.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = key.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > MAX_KEY_CHARS {
        return Err(Problem::invalid(
            "Idempotency-Key",
            format!("must have 1 to {MAX_KEY_CHARS} visible characters"),
        ));
    }
    Ok(Some(key.to_owned()))
}
