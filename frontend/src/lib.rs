//! The WebAssembly entry: brings the islands of the server-rendered page to life.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script when the module has loaded, before it hydrates the islands.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
    app::platform::wake();
}
