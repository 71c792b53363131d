//! A room for a stranger to look at: one of the demo household, as it is now, or, where there is none, a day once recorded
//! in a real house (`firmware/simulator/rooms/ATTRIBUTION.md`). It is never taken for the stranger's own.

use leptos::prelude::*;

use super::{Sparkline, TodayLine};
use crate::api::rooms::{RoomCard, Today};
use crate::context::{use_clock, use_degrees, use_locale};
use crate::i18n::td_string;
use crate::islands::{Icon, Shape};
use crate::words::moment;
use crate::words::number::{tenths, whole};

/// The living room of the recorded house on 2016-03-13: half-hour means from midnight, °C.
const RECORDED: [f64; 48] = [
    18.6, 18.3, 18.1, 17.9, 17.7, 17.6, 17.4, 17.2, 17.1, 17.0, 16.8, 16.7, 16.6, 16.5, 16.5, 16.4, 16.5, 16.6, 17.1,
    18.2, 19.4, 20.2, 20.7, 20.8, 20.7, 20.7, 20.6, 20.5, 20.5, 20.5, 20.6, 20.6, 20.6, 20.6, 20.5, 21.1, 20.6, 20.3,
    20.0, 19.7, 19.5, 19.3, 19.1, 19.0, 18.8, 18.7, 18.5, 18.3,
];
/// The same day's mean, lowest and highest reading, °C, and its last reading, °C and %RH.
const RECORDED_DAY: (f64, f64, f64) = (18.86, 16.39, 21.50);
const RECORDED_LAST: (f64, f64) = (18.29, 38.4);

/// The card, the sentence above it and what it is below it.
#[component]
pub fn Showcase(
    /// A room of the demo household.
    room: Option<RoomCard>,
) -> impl IntoView {
    let (locale, now) = (use_locale(), use_clock().served_at());
    // What has gone silent is no example of a home that is all right.
    let live = room.filter(|room| room.presence != "offline");
    let live = live.and_then(|room| Some((room.now.clone()?, room)));
    let (name, moment, t, h, spark, today, caption) = match live {
        Some((reading, room)) => {
            let clock = moment::clock(locale, &reading.local, reading.at, now);
            (
                room.name,
                td_string!(locale, age.measured, moment = clock),
                reading.t,
                reading.h,
                room.spark,
                room.today,
                td_string!(locale, landing.demo_caption),
            )
        }
        None => (
            td_string!(locale, landing.example_room).to_owned(),
            td_string!(locale, landing.example_moment).to_owned(),
            Some(RECORDED_LAST.0),
            Some(RECORDED_LAST.1),
            RECORDED.map(Some).into(),
            Some(recorded_day()),
            td_string!(locale, landing.example_caption),
        ),
    };
    view! {
        <figure class="showcase" aria-label=td_string!(locale, landing.showcase)>
            <p class="showcase__sentence">
                <span class="status__mark">
                    <Icon shape=Shape::Check />
                </span>
                {td_string!(locale, status.calm)}
            </p>
            <div class="card">
                <div class="card__head">
                    <p class="card__name">{name}</p>
                    <p class="freshness">{moment}</p>
                </div>
                <Values t h />
                <div class="card__past">
                    <Sparkline values=spark />
                    <TodayLine today />
                </div>
            </div>
            <figcaption>{caption}</figcaption>
        </figure>
    }
}

/// Temperature and humidity, standing still.
#[component]
fn Values(t: Option<f64>, h: Option<f64>) -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    view! {
        <p class="reading">
            {t.map(|t| view! {
                <span class="reading__t">
                    <span class="visually-hidden">{td_string!(locale, card.temperature)} " "</span>
                    {tenths(degrees.of(t))}
                    <small>{degrees.symbol()}</small>
                </span>
            })}
            {h.map(|h| view! {
                <span class="reading__h">
                    <span class="visually-hidden">{td_string!(locale, card.humidity)} " "</span>
                    {whole(h)}
                    <small>{td_string!(locale, unit.percent)}</small>
                </span>
            })}
        </p>
    }
}

fn recorded_day() -> Today {
    let (avg, min, max) = RECORDED_DAY;
    Today {
        t_avg: Some(avg),
        t_min: Some(min),
        t_max: Some(max),
        h_avg: None,
        h_min: None,
        h_max: None,
        coverage: 1.0,
        covered_min: 24 * 60,
        elapsed_min: 24 * 60,
    }
}
