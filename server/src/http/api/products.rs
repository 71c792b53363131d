//! `/products`: devices as they leave the shop, for the shop's own system and its people.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::AppState;
use super::super::extract::{Body, Operator};
use super::super::problem::Problem;
use crate::products;

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
/// For operators and for the shop's own system (operator token).
#[utoipa::path(
    post, path = "/products", tag = "products",
    request_body = Order,
    responses(
        (status = CREATED, body = Vec<Product>),
        (status = BAD_REQUEST, body = Problem),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "signed in, but no operator", body = Problem),
    )
)]
pub async fn create(
    State(state): State<AppState>,
    Operator: Operator,
    Body(Order { count, model }): Body<Order>,
) -> Result<(StatusCode, Json<Vec<Product>>), Problem> {
    let model = model.trim();
    if model.is_empty() || model.chars().count() > 80 {
        return Err(Problem::invalid("model", "must have 1 to 80 characters"));
    }
    let config = &state.config;
    let (mqtt_url, public_url) = (config.device_mqtt_url(), config.public_url.origin());
    let now = state.clock.now();
    let made = products::create(&state.db, count, model, None, &mqtt_url, &public_url, now).await?;
    Ok((StatusCode::CREATED, Json(made.into_iter().map(Product::from).collect())))
}
