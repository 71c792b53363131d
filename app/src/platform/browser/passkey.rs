//! Asking the browser for a passkey, and sending what it answers.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use leptos::html::{Form, Input};
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Asks; the form is sent with the answer, or `refused` is set.
pub fn ask_for_passkey(
    options: String,
    create: bool,
    form: NodeRef<Form>,
    answer: NodeRef<Input>,
    refused: RwSignal<bool>,
) {
    spawn_local(async move {
        let (Some(form), Some(answer)) = (form.get_untracked(), answer.get_untracked()) else {
            return;
        };
        match ask(&options, create).await {
            Ok(text) => {
                answer.set_value(&text);
                // `submit` skips no check that matters: the server makes them all.
                let _ = form.submit();
            }
            Err(_) => refused.set(true),
        }
    });
}

/// What the browser answers, as JSON.
async fn ask(options: &str, create: bool) -> Result<String, JsValue> {
    let window: JsValue = window().into();
    let kind = Reflect::get(&window, &"PublicKeyCredential".into())?;
    let (parse, verb) = if create {
        ("parseCreationOptionsFromJSON", "create")
    } else {
        ("parseRequestOptionsFromJSON", "get")
    };
    let public_key = call(&kind, parse, &JSON::parse(options)?)?;
    let question = Object::new();
    Reflect::set(&question, &"publicKey".into(), &public_key)?;
    let navigator = Reflect::get(&window, &"navigator".into())?;
    let credentials = Reflect::get(&navigator, &"credentials".into())?;
    let promise = call(&credentials, verb, &question)?.dyn_into::<Promise>()?;
    let credential = JsFuture::from(promise).await?;
    let json = JSON::stringify(&credential)?;
    json.as_string().ok_or(JsValue::NULL)
}

fn call(of: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    let function = Reflect::get(of, &method.into())?.dyn_into::<Function>()?;
    function.call1(of, argument)
}
