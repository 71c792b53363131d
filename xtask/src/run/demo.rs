//! The demo household: the sign-in that is printed, and the proof that its first live reading has arrived.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::http;

/// Who owns the demo household; the server's seeding makes the same one.
pub const EMAIL: &str = "demo@templog.example";
/// No secret: it is printed, and the household holds nothing but recordings.
pub const PASSWORD: &str = "home-is-all-right";

/// When the demo rooms were measured last, as their owner is told by the REST interface.
///
/// # Errors
/// If the server does not let the demo household in.
pub fn last_readings(port: u16) -> Result<Vec<i64>> {
    let credentials = json!({ "email": EMAIL, "password": PASSWORD }).to_string();
    let session = http::post(port, "/api/v1/session", &credentials)?;
    if session.status != 204 {
        bail!("signing in was answered with {}: {}", session.status, session.body);
    }
    let devices = get(port, "/api/v1/devices", &session.cookies)?;
    let mut readings = Vec::new();
    for serial in devices
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|device| device["serial"].as_str())
    {
        let current = get(port, &format!("/api/v1/devices/{serial}/current"), &session.cookies)?;
        readings.extend(current["at"].as_i64());
    }
    Ok(readings)
}

fn get(port: u16, path: &str, cookies: &str) -> Result<Value> {
    let answer = http::get(port, path, cookies)?;
    if answer.status != 200 {
        bail!("{path} was answered with {}: {}", answer.status, answer.body);
    }
    serde_json::from_str(&answer.body).with_context(|| format!("{path} is no JSON"))
}
