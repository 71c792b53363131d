//! The chart library: fetched only by pages that draw a chart.

use js_sys::Reflect;
use leptos::prelude::{document, window};
use web_sys::wasm_bindgen::closure::Closure;
use web_sys::wasm_bindgen::prelude::wasm_bindgen;
use web_sys::wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlScriptElement};

use super::super::document::files;

/// What the server calls it, among the files of an edition.
const LIBRARY: &str = "/echarts.min.js";

#[wasm_bindgen]
extern "C" {
    /// A drawing.
    pub type Chart;
    #[wasm_bindgen(js_namespace = echarts, js_name = init, catch)]
    pub fn init(stage: &HtmlElement, theme: Option<&str>, options: &JsValue) -> Result<Chart, JsValue>;
    #[wasm_bindgen(method, js_name = setOption, catch)]
    pub fn set_option(this: &Chart, option: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, js_name = dispatchAction)]
    pub fn dispatch(this: &Chart, action: &JsValue);
    #[wasm_bindgen(method)]
    pub fn resize(this: &Chart);
    #[wasm_bindgen(method)]
    pub fn dispose(this: &Chart);
}

/// Calls back when the library is there; fetches it if it is not.
pub fn with_library(ready: impl FnOnce() + 'static) {
    if Reflect::has(&window(), &"echarts".into()) == Ok(true) {
        ready();
        return;
    }
    let ready = Closure::once_into_js(ready);
    let found = document()
        .query_selector(&format!("script[src$=\"{LIBRARY}\"]"))
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
    script.set_src(&format!("{}{LIBRARY}", files()));
    let sibling = document()
        .query_selector("script[nonce]")?
        .and_then(|found| found.dyn_into::<HtmlElement>().ok());
    if let Some(sibling) = sibling {
        script.set_nonce(&sibling.nonce());
    }
    document().head().ok_or(JsValue::NULL)?.append_child(&script)?;
    Ok(script.into())
}
