//! `/operator`: what the shop's people do in a browser.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::{answer, see_other};
use crate::error::Error;
use crate::http::AppState;
use crate::http::extract::OperatorHere;
use crate::http::problem::Problem;
use crate::products::{MAX_KEY_CHARS, Order, Product};

const PAGE: &str = "/operator";

/// How many of what, and the name of this order.
#[derive(Deserialize)]
pub struct OrderForm {
    count: String,
    model: String,
    key: String,
}

/// `POST /operator/products`: to the order and its secrets. The same form sent twice leads to the same order.
pub async fn order(
    State(state): State<AppState>,
    OperatorHere(person): OperatorHere,
    Form(form): Form<OrderForm>,
) -> Response {
    let made = async {
        // What is no number at all is as impossible as none.
        let order = Order::new(form.count.trim().parse().unwrap_or(0), &form.model)?;
        if form.key.is_empty() || form.key.len() > MAX_KEY_CHARS {
            return Err(Error::Conflict);
        }
        let shop = &state.handover.shop;
        let who = person.id.0.to_string();
        shop.create_once(&who, &form.key, &order, state.clock.now()).await
    };
    let (field, reason) = match made.await {
        Ok(receipt) => {
            let serials: Vec<_> = receipt.products.iter().map(|product| product.serial).collect();
            state.handover.gatekeeper.changed(&serials).await;
            return see_other(&format!("{PAGE}/orders/{}", receipt.id));
        }
        Err(Error::Invalid { field, .. }) => (field, "invalid"),
        Err(Error::Conflict) => ("form", "changed"),
        Err(error) => {
            let _logged = AppError::from(error);
            ("form", "unavailable")
        }
    };
    let words = FormAnswer::to("order")
        .problem(field, reason)
        .value("count", &form.count)
        .value("model", &form.model);
    answer::back(&state, PAGE, &words)
}

/// `GET /operator/orders/{id}/products.csv`: for the machine that writes the firmware.
pub async fn download(
    State(state): State<AppState>,
    OperatorHere(_): OperatorHere,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let shop = &state.handover.shop;
    let receipt = shop.find_receipt(&id, state.clock.now()).await?;
    let products = receipt.ok_or_else(Problem::not_found)?.products;
    let lines = products.iter().map(|product| line(&shop.readdress(product)));
    let csv = format!("{HEADER}{}", lines.collect::<String>());
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"products.csv\""),
    ];
    Ok((headers, csv).into_response())
}

const HEADER: &str = "serial,claim_code,mqtt_url,client_id,username,password,claim_url\r\n";

/// RFC 4180. Only an address may hold a comma.
fn line(product: &Product) -> String {
    let Product {
        serial,
        claim_code,
        mqtt,
        claim_url,
    } = product;
    let (url, client, user, password) = (&mqtt.url, &mqtt.client_id, &mqtt.username, &mqtt.password);
    format!("{serial},{claim_code},\"{url}\",{client},{user},{password},\"{claim_url}\"\r\n")
}
