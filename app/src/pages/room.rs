//! One room: fetches what [`RoomContent`] shows, and knows what its address asks for.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

use super::home::refused;
use super::last_good::LastGood;
use super::room_view::RoomContent;
use crate::api::rooms;
use crate::components::Skeleton;
use crate::context::{use_live, use_page};
use crate::platform;
use crate::words::metric::Metric;

/// Periods the chart offers, in days.
pub const PERIODS: [u16; 4] = [7, 30, 90, 365];
/// The period nobody had to ask for.
const USUAL_PERIOD: u16 = 30;

/// What the address asks to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Days of the chart.
    pub days: u16,
    /// Quantity of the charts.
    pub metric: Metric,
}

impl Wish {
    /// The address of the room's page with this wish.
    pub fn href(self, serial: &str) -> String {
        format!("/devices/{serial}?days={}&metric={}", self.days, self.metric.as_str())
    }

    fn parse(days: Option<&str>, metric: Option<&str>) -> Self {
        let days = days
            .and_then(|days| days.parse().ok())
            .filter(|days| PERIODS.contains(days));
        Self {
            days: days.unwrap_or(USUAL_PERIOD),
            metric: metric.map(Metric::named).unwrap_or_default(),
        }
    }
}

/// `/devices/{serial}?days=30&metric=t`
#[component]
pub fn RoomPage() -> impl IntoView {
    let location = use_location();
    let here = location.pathname.get_untracked();
    if use_page().viewer.is_none() {
        platform::leave_for_sign_in(&here);
        return ().into_any();
    }
    let (params, query) = (use_params_map(), use_query_map());
    let serial = Memo::new(move |_| params.read().get("serial").unwrap_or_default());
    let wish = Memo::new(move |_| {
        let query = query.read();
        Wish::parse(query.get("days").as_deref(), query.get("metric").as_deref())
    });
    let days = Memo::new(move |_| wish.get().days);
    let live = use_live();
    let room = Resource::new_blocking(move || (serial.get(), live.epoch()), |(serial, _)| rooms::room(serial));
    let daily = Resource::new_blocking(
        move || (serial.get(), days.get()),
        |(serial, days)| rooms::daily(serial, days),
    );
    let kept = LastGood::new();
    view! {
        <Transition fallback=|| view! { <Skeleton /> }>
            {move || {
                let here = here.clone();
                Suspend::new(async move {
                    match kept.settle(serial.get_untracked(), room.await) {
                        Ok(room) => {
                            view! {
                                <Title text=room.card.name.clone() />
                                <RoomContent room wish daily />
                            }
                                .into_any()
                        }
                        Err(error) => refused(error, &here),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_can_only_ask_for_what_is_offered() {
        assert_eq!(
            Wish::parse(Some("90"), Some("h")),
            Wish {
                days: 90,
                metric: Metric::Humidity
            }
        );
        assert_eq!(
            Wish::parse(Some("65535"), Some("x")),
            Wish {
                days: 30,
                metric: Metric::Temperature
            }
        );
        assert_eq!(Wish::parse(None, None).href("TL-1"), "/devices/TL-1?days=30&metric=t");
    }
}
