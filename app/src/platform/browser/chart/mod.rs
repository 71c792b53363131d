//! Hands a chart's option to the chart library and keeps the drawing in step with its page.

mod drawing;
mod library;

use std::rc::Rc;

use leptos::html::Div;
use leptos::prelude::*;
use web_sys::wasm_bindgen::JsCast;
use web_sys::wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, ResizeObserver};

use drawing::Drawing;
use library::with_library;

use crate::context::CourseItem;

/// Draws `option` on `stage` once the library is there, and follows its size, the theme, the keyboard, and what
/// `grows` says. `drawn` tells when the still chart below may go. Leaving the page ends the document, and the chart
/// with it.
pub fn draw_chart(
    stage: NodeRef<Div>,
    option: String,
    drawn: RwSignal<bool>,
    grows: Option<Signal<Option<CourseItem>>>,
) {
    Effect::new(move |_| {
        let Some(stage) = stage.get() else { return };
        let (stage, option) = (HtmlElement::from(stage), option.clone());
        let owner = Owner::current();
        with_library(move || {
            let drawing = Rc::new(Drawing::new(stage.clone(), option));
            observe_size(&stage, &drawing);
            follow_keys(&stage, &drawing);
            let redraw = {
                let drawing = Rc::clone(&drawing);
                move || drawn.set(drawing.draw())
            };
            redraw();
            follow_theme(redraw);
            if let (Some(grows), Some(owner)) = (grows, owner) {
                owner.with(|| follow_readings(grows, drawing));
            }
        });
    });
}

fn follow_readings(grows: Signal<Option<CourseItem>>, drawing: Rc<Drawing>) {
    Effect::new(move |_| {
        if let Some(item) = grows.get() {
            drawing.append(&item);
        }
    });
}

fn observe_size(stage: &HtmlElement, drawing: &Rc<Drawing>) {
    let drawing = Rc::clone(drawing);
    let resized = Closure::<dyn Fn()>::new(move || drawing.resize());
    // Without an observer the chart keeps the size it was drawn in.
    if let Ok(observer) = ResizeObserver::new(&resized.into_js_value().unchecked_into()) {
        observer.observe(stage);
    }
}

/// The figure around the stage can be reached by Tab; arrows read its values one by one.
fn follow_keys(stage: &HtmlElement, drawing: &Rc<Drawing>) {
    let Some(figure) = stage.closest("figure").ok().flatten() else {
        return;
    };
    // A refusal leaves the table, which says the same.
    let _ = figure.set_attribute("tabindex", "0");
    let reader = Rc::clone(drawing);
    listen(&figure, "keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key) else {
            return;
        };
        match key.as_str() {
            "ArrowRight" => reader.step(true),
            "ArrowLeft" => reader.step(false),
            "Escape" => reader.rest(),
            _ => return,
        }
        event.prevent_default();
    });
    let reader = Rc::clone(drawing);
    listen(&figure, "blur", move |_| reader.rest());
}

fn listen(element: &Element, event: &str, handler: impl Fn(Event) + 'static) {
    let handler = Closure::wrap(Box::new(handler) as Box<dyn Fn(Event)>);
    // A refusal leaves the table, which says the same.
    let _ = element.add_event_listener_with_callback(event, handler.into_js_value().unchecked_ref());
}

/// Draws anew when the device changes between light and dark.
fn follow_theme(redraw: impl Fn() + 'static) {
    let Ok(Some(dark)) = window().match_media("(prefers-color-scheme: dark)") else {
        return;
    };
    let changed = Closure::<dyn Fn()>::new(redraw);
    dark.set_onchange(Some(&changed.into_js_value().unchecked_into()));
}
