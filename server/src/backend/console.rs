//! The shop, for the pages of its operators.

use app::api::console::{BrokerStanding, BrokerView, ConsoleView, MadeView, OrderView, ProductView};
use app::api::health::HealthView;
use app::backend::{Console, CurrentUser};
use app::error::AppError;
use async_trait::async_trait;
use domain::serial::Serial;

use super::ServerBackend;
use crate::db::provisions::count_pending;
use crate::db::sales::{Sale, list_sales};
use crate::error::{Error, Result};
use crate::mqtt::{AccountsState, Standing};
use crate::products::{DEFAULT_ZONE, KEPT_MS, Product};
use crate::{qr, zone};

/// Products on a page.
const PAGE: u32 = 50;

impl ServerBackend {
    async fn shelf(&self, search: &str, page: u32) -> Result<ConsoleView> {
        let search = search.trim().to_uppercase();
        let skip = page.saturating_mul(PAGE);
        let mut sales = list_sales(&self.db, &search, PAGE + 1, skip).await?;
        let has_older = sales.len() > PAGE as usize;
        sales.truncate(PAGE as usize);
        let broker = self.broker_view().await?;
        let asks_us = broker.standing == BrokerStanding::AsksUs;
        Ok(ConsoleView {
            order_key: format!("{:032x}", rand::random::<u128>()),
            broker,
            products: sales.into_iter().map(|sale| product_view(sale, asks_us)).collect(),
            has_older,
        })
    }

    pub(super) fn broker_standing(&self) -> BrokerStanding {
        standing_of(&self.handover.gatekeeper.state())
    }

    async fn find_product(&self, serial: &str) -> Result<ProductView> {
        let serial: Serial = serial.parse().map_err(|_| Error::NotFound)?;
        let asks_us = self.handover.gatekeeper.state().asks_us;
        let found = list_sales(&self.db, &serial.to_string(), 1, 0).await?;
        let sale = found.into_iter().next().ok_or(Error::NotFound)?;
        Ok(product_view(sale, asks_us))
    }

    async fn broker_view(&self) -> Result<BrokerView> {
        let state = self.handover.gatekeeper.state();
        let pending = if state.asks_us {
            0
        } else {
            count_pending(&self.db).await?
        };
        Ok(BrokerView {
            standing: standing_of(&state),
            detail: state.detail,
            pending,
            strangers: state.stranger_count,
            stranger_names: state.strangers,
        })
    }

    async fn find_order(&self, id: &str) -> Result<OrderView> {
        let shop = &self.handover.shop;
        let receipt = shop.find_receipt(id, self.clock.now()).await?.ok_or(Error::NotFound)?;
        let until = receipt.at.plus_millis(KEPT_MS);
        let products: Vec<_> = receipt.products.iter().map(|made| shop.readdress(made)).collect();
        Ok(OrderView {
            id: receipt.id,
            until: until.as_millis(),
            until_local: zone::rfc3339(&zone::find_or_utc(DEFAULT_ZONE), until),
            mqtt_url: products.first().map(|made| made.mqtt.url.clone()).unwrap_or_default(),
            products: products.into_iter().map(made_view).collect::<Result<_>>()?,
        })
    }
}

#[async_trait]
impl Console for ServerBackend {
    async fn console(&self, who: &CurrentUser, search: &str, page: u32) -> Result<ConsoleView, AppError> {
        require_operator(who)?;
        Ok(self.shelf(search, page).await?)
    }

    async fn product(&self, who: &CurrentUser, serial: &str) -> Result<ProductView, AppError> {
        require_operator(who)?;
        Ok(self.find_product(serial).await?)
    }

    async fn order(&self, who: &CurrentUser, id: &str) -> Result<OrderView, AppError> {
        require_operator(who)?;
        Ok(self.find_order(id).await?)
    }

    async fn health(&self, who: &CurrentUser) -> Result<HealthView, AppError> {
        require_operator(who)?;
        Ok(self.health_view().await?)
    }
}

fn require_operator(who: &CurrentUser) -> Result<(), AppError> {
    if who.operator { Ok(()) } else { Err(AppError::Forbidden) }
}

fn standing_of(state: &AccountsState) -> BrokerStanding {
    match state.standing {
        _ if state.asks_us => BrokerStanding::AsksUs,
        Standing::Agreed => BrokerStanding::Agreed,
        Standing::Comparing => BrokerStanding::Comparing,
        Standing::ByHand => BrokerStanding::ByHand,
        Standing::NoRights => BrokerStanding::NoRights,
        Standing::Unreachable => BrokerStanding::Unreachable,
        Standing::Forgetful => BrokerStanding::Forgetful,
        Standing::Elsewhere => BrokerStanding::Elsewhere,
    }
}

fn product_view(sale: Sale, broker_asks_us: bool) -> ProductView {
    ProductView {
        serial: sale.serial.to_string(),
        model: sale.model,
        sold: sale.sold_at.as_millis(),
        sold_local: zone::rfc3339(&zone::find_or_utc(DEFAULT_ZONE), sale.sold_at),
        is_claimed: sale.claimed_at.is_some(),
        is_pending: sale.pending && !broker_asks_us,
    }
}

fn made_view(product: Product) -> Result<MadeView> {
    let (qr_size, qr_path) = qr::draw(&product.claim_url)?;
    Ok(MadeView {
        serial: product.serial.to_string(),
        claim_code: product.claim_code,
        password: product.mqtt.password,
        claim_url: product.claim_url,
        qr_size,
        qr_path,
    })
}
