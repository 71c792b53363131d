//! Hands a chart's option to the chart library, which is fetched only by pages that draw one.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{JSON, Object, Reflect};
use leptos::html::Div;
use leptos::prelude::*;
use web_sys::wasm_bindgen::closure::Closure;
use web_sys::wasm_bindgen::prelude::wasm_bindgen;
use web_sys::wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlScriptElement, ResizeObserver};

/// Where the server keeps the library.
const LIBRARY: &str = "/echarts.min.js";
/// Style tokens an option may name.
const TOKENS: [&str; 7] = ["calm-soft", "calm", "surface", "line", "ink-2", "ink-3", "ink"];

#[wasm_bindgen]
extern "C" {
    type Chart;
    #[wasm_bindgen(js_namespace = echarts, js_name = init, catch)]
    fn init(stage: &HtmlElement, theme: Option<&str>, options: &JsValue) -> Result<Chart, JsValue>;
    #[wasm_bindgen(method, js_name = setOption, catch)]
    fn set_option(this: &Chart, option: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn resize(this: &Chart);
    #[wasm_bindgen(method)]
    fn dispose(this: &Chart);
}

/// Draws `option` on `stage` once the library is there, and follows its size and the theme. `drawn` tells when
/// the still chart below may go. Leaving the page ends the document, and the chart with it.
pub fn draw_chart(stage: NodeRef<Div>, option: String, drawn: RwSignal<bool>) {
    Effect::new(move |_| {
        let Some(stage) = stage.get() else { return };
        let (stage, option) = (HtmlElement::from(stage), option.clone());
        with_library(move || {
            let chart = Rc::new(RefCell::new(None::<Chart>));
            observe_size(&stage, &chart);
            let redraw = move || drawn.set(draw(&chart, &stage, &option));
            redraw();
            follow_theme(redraw);
        });
    });
}

/// Draws anew, in the colours of the theme in force.
fn draw(chart: &RefCell<Option<Chart>>, stage: &HtmlElement, option: &str) -> bool {
    if let Some(previous) = chart.take() {
        previous.dispose();
    }
    let attempt = || -> Result<Chart, JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"renderer".into(), &"svg".into())?;
        let drawing = init(stage, None, &options)?;
        drawing.set_option(&JSON::parse(&coloured(option))?)?;
        Ok(drawing)
    };
    // If the library fails, the still chart stays.
    chart.replace(attempt().ok());
    chart.borrow().is_some()
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

/// Calls back when the library is there; fetches it if it is not.
fn with_library(ready: impl FnOnce() + 'static) {
    if Reflect::has(&window(), &"echarts".into()) == Ok(true) {
        ready();
        return;
    }
    let ready = Closure::once_into_js(ready);
    let found = document()
        .query_selector(&format!("script[src=\"{LIBRARY}\"]"))
        .ok()
        .flatten();
    let script = found.map_or_else(insert_library, Ok);
    if let Ok(script) = script {
        // A refusal leaves the still chart.
        let _ = script.add_event_listener_with_callback("load", ready.unchecked_ref());
    }
}

fn insert_library() -> Result<web_sys::Element, JsValue> {
    let script: HtmlScriptElement = document().create_element("script")?.unchecked_into();
    script.set_src(LIBRARY);
    let sibling = document()
        .query_selector("script[nonce]")?
        .and_then(|found| found.dyn_into::<HtmlElement>().ok());
    if let Some(sibling) = sibling {
        script.set_nonce(&sibling.nonce());
    }
    document().head().ok_or(JsValue::NULL)?.append_child(&script)?;
    Ok(script.into())
}

fn observe_size(stage: &HtmlElement, chart: &Rc<RefCell<Option<Chart>>>) {
    let chart = Rc::clone(chart);
    let resized = Closure::<dyn Fn()>::new(move || {
        if let Some(chart) = chart.borrow().as_ref() {
            chart.resize();
        }
    });
    // Without an observer the chart keeps the size it was drawn in.
    if let Ok(observer) = ResizeObserver::new(&resized.into_js_value().unchecked_into()) {
        observer.observe(stage);
    }
}

/// Draws anew when the device changes between light and dark.
fn follow_theme(redraw: impl Fn() + 'static) {
    let Ok(Some(dark)) = window().match_media("(prefers-color-scheme: dark)") else {
        return;
    };
    let changed = Closure::<dyn Fn()>::new(redraw);
    dark.set_onchange(Some(&changed.into_js_value().unchecked_into()));
}
