//! The live socket: opens `/ws/live`, hands every message on, and comes back after every loss.
//!
//! The server pings, the browser answers by itself. A phone that slept or changed its network may hold a dead
//! socket for minutes without noticing, so coming back to the page or online replaces a silent one at once.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Date, Function, Math};
use leptos::prelude::{
    GetUntracked, RwSignal, Set, document, set_interval, set_timeout, window, window_event_listener_untyped,
};
use web_sys::wasm_bindgen::JsCast;
use web_sys::wasm_bindgen::closure::{Closure, WasmClosure};
use web_sys::wasm_bindgen::convert::FromWasmAbi;
use web_sys::{Event, MessageEvent, VisibilityState, WebSocket};

use super::renewal::renew;
use crate::context::{Clock, Link, Rooms};

/// Bound of the first pause between attempts; each further one doubles it.
const FIRST_PAUSE_MS: f64 = 1_000.0;
/// The longest pause between attempts.
const LONGEST_PAUSE_MS: f64 = 30_000.0;
/// A socket that said nothing for this long is not trusted when somebody comes back to the page.
const SILENCE_MS: f64 = 45_000.0;
/// How often an open page fetches what the socket does not tell: today's averages and the last 24 hours.
const RENEWAL: Duration = Duration::from_mins(2);

/// Keeps the page connected for as long as it lives.
pub fn connect(link: RwSignal<Link>, rooms: Rooms, clock: Clock) {
    let socket = Rc::new(Socket {
        link,
        rooms,
        clock,
        current: RefCell::new(None),
        handlers: OnceCell::new(),
        failures: Cell::new(0),
        heard_at: Cell::new(Date::now()),
    });
    socket.handlers.get_or_init(|| Handlers::of(&socket));
    link.set(Link::Connecting);
    socket.open();
    for event in ["online", "visibilitychange", "pageshow"] {
        let socket = Rc::clone(&socket);
        // The listener lives as long as the page: dropping its handle does not remove it.
        let _ = window_event_listener_untyped(event, move |_| socket.wake());
    }
    let renew = move || {
        if page_is_visible() {
            renew(rooms);
        }
    };
    set_interval(renew, RENEWAL);
}

struct Socket {
    link: RwSignal<Link>,
    rooms: Rooms,
    clock: Clock,
    current: RefCell<Option<WebSocket>>,
    handlers: OnceCell<Handlers>,
    /// Attempts since the last success.
    failures: Cell<u32>,
    /// When the current socket was opened or last said something, browser's Unix ms.
    heard_at: Cell<f64>,
}

/// The same functions serve every socket the page opens.
struct Handlers {
    opened: Function,
    message: Function,
    closed: Function,
}

impl Handlers {
    fn of(socket: &Rc<Socket>) -> Self {
        let [on_open, on_message, on_close] = [Rc::clone(socket), Rc::clone(socket), Rc::clone(socket)];
        Self {
            opened: function(move |event: Event| on_open.opened(&event)),
            message: function(move |event: MessageEvent| on_message.heard(&event)),
            closed: function(move |event: Event| on_close.closed(&event)),
        }
    }
}

/// A Rust closure as a function that lives as long as the page.
fn function<E: FromWasmAbi + 'static>(handler: impl Fn(E) + 'static) -> Function
where
    dyn Fn(E): WasmClosure,
{
    Closure::wrap(Box::new(handler) as Box<dyn Fn(E)>)
        .into_js_value()
        .unchecked_into()
}

impl Socket {
    fn open(self: &Rc<Self>) {
        let location = window().location();
        let scheme = if location.protocol().is_ok_and(|protocol| protocol == "https:") {
            "wss"
        } else {
            "ws"
        };
        let host = location.host().unwrap_or_default();
        let Ok(socket) = WebSocket::new(&format!("{scheme}://{host}/ws/live")) else {
            self.lost();
            return;
        };
        if let Some(handlers) = self.handlers.get() {
            socket.set_onopen(Some(&handlers.opened));
            socket.set_onmessage(Some(&handlers.message));
            socket.set_onclose(Some(&handlers.closed));
        }
        self.heard_at.set(Date::now());
        self.current.replace(Some(socket));
    }

    fn opened(&self, event: &Event) {
        if self.is_current(event) {
            self.failures.set(0);
            if self.link.get_untracked() == Link::Lost {
                renew(self.rooms);
            }
            self.link.set(Link::Open);
        }
    }

    fn heard(&self, event: &MessageEvent) {
        self.heard_at.set(Date::now());
        let text = event.data().as_string().unwrap_or_default();
        // A message of a newer server than this page is no reason to stop listening.
        if let Ok(event) = serde_json::from_str(&text) {
            self.rooms.apply(&event, self.clock.now_untracked());
        }
    }

    fn closed(self: &Rc<Self>, event: &Event) {
        if self.is_current(event) {
            self.current.replace(None);
            self.lost();
        }
    }

    /// Tells the page and plans the next attempt: exponential back-off with full jitter, so that a thousand
    /// pages do not all come back in the second a restarted server does.
    fn lost(self: &Rc<Self>) {
        self.link.set(Link::Lost);
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        let bound_ms = LONGEST_PAUSE_MS.min(FIRST_PAUSE_MS * f64::from(1u32 << failures.min(5)));
        let pause = Duration::from_secs_f64(Math::random() * bound_ms / 1_000.0);
        let socket = Rc::clone(self);
        set_timeout(move || socket.open_if_closed(), pause);
    }

    fn open_if_closed(self: &Rc<Self>) {
        if self.current.borrow().is_none() {
            self.open();
        }
    }

    /// Somebody came back to the page, or the network did.
    fn wake(self: &Rc<Self>) {
        let silent = Date::now() - self.heard_at.get() > SILENCE_MS;
        let trusted = self.current.borrow().is_some() && !silent;
        if trusted || !page_is_visible() {
            return;
        }
        if let Some(silent) = self.current.replace(None) {
            // Its close event arrives late and finds another socket current; a refusal to close is no matter.
            let _ = silent.close();
            self.link.set(Link::Lost);
        }
        self.open();
    }

    fn is_current(&self, event: &Event) -> bool {
        let source = event.target().and_then(|target| target.dyn_into::<WebSocket>().ok());
        source.is_some() && source == *self.current.borrow()
    }
}

fn page_is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}
