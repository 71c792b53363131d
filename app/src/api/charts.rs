//! Options of the interactive charts, as JSON for the chart library in the browser.

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::error::AppError;

/// The chart of a room's daily averages over the last `days` days, in the language of the page.
#[server(endpoint = "charts/daily", input = GetUrl)]
pub async fn daily_chart(
    /// Serial number of the room's device.
    serial: String,
    /// How many local days, today included.
    days: u16,
    /// `t` or `h`.
    metric: String,
) -> Result<String, AppError> {
    use crate::backend::{answer, backend, current_user};
    use crate::words::metric::Metric;
    let who = current_user()?;
    let points = answer(backend().daily(who.id, serial, days).await)?;
    Ok(crate::charts::daily(crate::platform::page().locale, &points, Metric::named(&metric)).to_string())
}
