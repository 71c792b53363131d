//! One drawing: its option, what has been added to it, and the library's handle on it.

use std::cell::{Cell, RefCell};

use js_sys::{Array, JSON, Object, Reflect};
use leptos::prelude::{document, window};
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::{JsCast, JsValue};

use super::library::{Chart, init};
use crate::context::CourseItem;

/// Style tokens an option may name.
const TOKENS: [&str; 14] = [
    "calm-soft",
    "danger",
    "calm",
    "surface",
    "line-1",
    "line-2",
    "line-3",
    "line-4",
    "line-5",
    "line-6",
    "line",
    "ink-2",
    "ink-3",
    "ink",
];
/// How much of the past a growing chart shows, ms.
const COURSE_MS: f64 = 86_400_000.0;

/// A chart on its stage.
pub struct Drawing {
    stage: HtmlElement,
    option: String,
    chart: RefCell<Option<Chart>>,
    /// What the last series shows; grows.
    items: RefCell<Array>,
    /// Which item the keyboard reads.
    place: Cell<Option<u32>>,
}

impl Drawing {
    /// Not drawn yet.
    pub fn new(stage: HtmlElement, option: String) -> Self {
        Self {
            stage,
            option,
            chart: RefCell::new(None),
            items: RefCell::default(),
            place: Cell::new(None),
        }
    }

    /// Draws anew, in the colours of the theme in force. `false` if the library fails.
    pub fn draw(&self) -> bool {
        if let Some(previous) = self.chart.take() {
            previous.dispose();
        }
        // If the library fails, the still chart stays.
        self.chart.replace(self.attempt().ok());
        self.chart.borrow().is_some()
    }

    fn attempt(&self) -> Result<Chart, JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"renderer".into(), &"svg".into())?;
        let drawing = init(&self.stage, None, &options)?;
        let option = JSON::parse(&coloured(&self.option))?;
        let series = last_series(&option)?;
        if self.items.borrow().length() == 0 {
            self.items.replace(Reflect::get(&series, &"data".into())?.dyn_into()?);
        }
        Reflect::set(&series, &"data".into(), &self.items.borrow())?;
        drawing.set_option(&option)?;
        Ok(drawing)
    }

    /// Adds a point to a growing chart and lets go of what is too old. Older points than the last are passed over.
    pub fn append(&self, item: &CourseItem) {
        // Without a chart there is nothing to add to; a failure shows in the next draw.
        let _ = self.try_append(item);
    }

    #[expect(clippy::cast_precision_loss, reason = "a date in ms is far below 2^53")]
    fn try_append(&self, item: &CourseItem) -> Result<(), JsValue> {
        let (chart, items) = (self.chart.borrow(), self.items.borrow());
        let Some(chart) = chart.as_ref() else { return Ok(()) };
        let at = item.at as f64;
        if time_of(&items.get(items.length().saturating_sub(1))).is_some_and(|last| last >= at) {
            return Ok(());
        }
        let point = Object::new();
        Reflect::set(&point, &"name".into(), &item.name.as_str().into())?;
        Reflect::set(&point, &"value".into(), &Array::of2(&at.into(), &item.value.into()))?;
        items.push(&point);
        while time_of(&items.get(0)).is_some_and(|first| first < at - COURSE_MS) {
            items.shift();
        }
        let (change, series, axis) = (Object::new(), Object::new(), Object::new());
        Reflect::set(&series, &"data".into(), &items)?;
        Reflect::set(&axis, &"min".into(), &(at - COURSE_MS).into())?;
        Reflect::set(&axis, &"max".into(), &at.into())?;
        Reflect::set(&change, &"series".into(), &Array::of1(&series))?;
        Reflect::set(&change, &"xAxis".into(), &axis)?;
        chart.set_option(&change)
    }

    /// Fits the drawing to its stage.
    pub fn resize(&self) {
        if let Some(chart) = self.chart.borrow().as_ref() {
            chart.resize();
        }
    }

    /// Reads the next measured value to the right, or to the left.
    pub fn step(&self, forward: bool) {
        let items = self.items.borrow();
        let next = |place: u32| {
            if forward {
                place.checked_add(1)
            } else {
                place.checked_sub(1)
            }
        };
        let mut place = match self.place.get() {
            Some(place) => next(place),
            None if forward => Some(0),
            None => items.length().checked_sub(1),
        };
        while let Some(at) = place.filter(|at| *at < items.length()) {
            if is_measured(&items.get(at)) {
                self.place.set(Some(at));
                self.dispatch("showTip", Some(at));
                return;
            }
            place = next(at);
        }
    }

    /// Stops reading.
    pub fn rest(&self) {
        self.place.set(None);
        self.dispatch("hideTip", None);
    }

    fn dispatch(&self, kind: &str, place: Option<u32>) {
        let (chart, action) = (self.chart.borrow(), Object::new());
        let Some(chart) = chart.as_ref() else { return };
        // Setting a member of a fresh object cannot fail.
        let _ = Reflect::set(&action, &"type".into(), &kind.into());
        if let Some(place) = place {
            let _ = Reflect::set(&action, &"seriesIndex".into(), &self.last_place().into());
            let _ = Reflect::set(&action, &"dataIndex".into(), &place.into());
        }
        chart.dispatch(&action);
    }

    fn last_place(&self) -> u32 {
        let series = JSON::parse(&self.option).and_then(|option| Reflect::get(&option, &"series".into()));
        series.map_or(0, |series| Array::from(&series).length().saturating_sub(1))
    }
}

fn last_series(option: &JsValue) -> Result<JsValue, JsValue> {
    let series: Array = Reflect::get(option, &"series".into())?.dyn_into()?;
    Ok(series.get(series.length().saturating_sub(1)))
}

/// The first coordinate of a point.
fn time_of(item: &JsValue) -> Option<f64> {
    let value = Reflect::get(item, &"value".into()).ok()?;
    value.dyn_into::<Array>().ok()?.get(0).as_f64()
}

/// A number, or what carries one.
fn is_measured(item: &JsValue) -> bool {
    if item.as_f64().is_some() {
        return true;
    }
    let Ok(value) = Reflect::get(item, &"value".into()) else {
        return false;
    };
    match value.dyn_into::<Array>() {
        Ok(point) => point.get(1).as_f64().is_some(),
        Err(value) => value.as_f64().is_some(),
    }
}

/// Puts the values of the style tokens in place of their names.
fn coloured(option: &str) -> String {
    let root = document()
        .document_element()
        .and_then(|root| window().get_computed_style(&root).ok().flatten());
    let value = |property: &str| {
        let value = root.as_ref().and_then(|style| style.get_property_value(property).ok());
        // A list of fonts may span lines, which JSON text may not.
        let value = value.unwrap_or_default().replace('"', "'");
        value.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let named = TOKENS.iter().fold(option.to_owned(), |option, token| {
        option.replace(
            &format!("\"@{token}\""),
            &format!("\"{}\"", value(&format!("--{token}"))),
        )
    });
    named.replace("@font", &value("--font"))
}
