//! People, their devices, and the rule every device gets: above 25 °C, at once.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use reqwest::Client;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Args;
use super::device::{Device, Product};

/// A person and the devices of their home, connected and watched.
pub struct Home {
    pub email: String,
    pub devices: Vec<Device>,
    browser: Client,
    http: String,
}

/// As written by whoever made them.
#[derive(Deserialize)]
struct Made {
    email: String,
    products: Vec<Product>,
}

/// Signs everybody in, makes the rules, connects the devices.
pub async fn read(args: &Args) -> Result<Vec<Home>> {
    let made: Vec<Made> = serde_json::from_slice(&std::fs::read(&args.homes)?)?;
    let mut homes = Vec::with_capacity(made.len());
    for (number, Made { email, products }) in made.into_iter().enumerate() {
        let browser = sign_in(args, &email, number).await?;
        let mut devices = Vec::with_capacity(products.len());
        for product in products {
            watch(args, &browser, &product.serial).await?;
            devices.push(Device::connect(args.mqtt_port, product).await?);
        }
        homes.push(Home {
            email,
            devices,
            browser,
            http: args.http.clone(),
        });
    }
    Ok(homes)
}

/// Everybody comes from an address of their own, as people do: one alone may not sign in so often.
async fn sign_in(args: &Args, email: &str, number: usize) -> Result<Client> {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("origin", args.http.parse()?);
    headers.insert("x-forwarded-for", format!("10.0.{}.1", number % 250).parse()?);
    let browser = Client::builder().cookie_store(true).default_headers(headers).build()?;
    let body = json!({ "email": email, "password": args.password });
    let answer = browser
        .post(format!("{}/api/v1/session", args.http))
        .json(&body)
        .send()
        .await?;
    ensure!(answer.status() == 204, "{email} may not sign in: {}", answer.status());
    Ok(browser)
}

async fn watch(args: &Args, browser: &Client, serial: &str) -> Result<()> {
    let rule = json!({ "kind": "above", "metric": "t", "limit": 25.0, "hysteresis": 1.0, "hold_s": 0 });
    let address = format!("{}/api/v1/devices/{serial}/rules", args.http);
    let answer = browser.post(address).json(&rule).send().await?;
    let status = answer.status();
    ensure!(status.is_success(), "the rule of {serial} was answered with {status}");
    Ok(())
}

impl Home {
    /// Of how many devices the log says that their alert was told, and accepted by the mail server.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub async fn told(&self) -> Result<usize> {
        let log: Vec<Value> = self
            .browser
            .get(format!("{}/api/v1/alerts", self.http))
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let mut told = BTreeMap::new();
        for alert in &log {
            let serial = alert["serial"].as_str().context("an alert names its device")?;
            let notices = alert["notices"].as_array().context("an alert says who was told")?;
            let accepted = notices.iter().any(|notice| notice["state"] == "accepted");
            *told.entry(serial).or_insert(false) |= accepted;
        }
        Ok(told.values().filter(|told| **told).count())
    }
}
