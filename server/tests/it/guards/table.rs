//! Every route there is, and what it gives to whom: the one table that the tests of this folder go through.
//!
//! A route without a row fails `complete`. A new one needs one line here, and, if its address names a thing that
//! [`world`](super::world) does not make yet, one line there.

use reqwest::RequestBuilder;

use super::world::Things;
use crate::harness::browser::Browser;

/// What a route gives to whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gives {
    /// The same to everybody, nothing of any household or account.
    Public,
    /// A page of everything of whoever asks; strangers see one without any device.
    Home,
    /// All devices of whoever asks; strangers are refused.
    Own,
    /// Something of the account or the household of whoever asks, and nothing of others; strangers are refused.
    Personal,
    /// The one thing named in the address; everybody else's does not exist, strangers are refused.
    Named,
    /// The shop's; others are refused.
    Operators,
    /// A step of several: without the one before it leads back to where they begin.
    Passage,
}
use Gives::{Home, Named, Operators, Own, Passage, Personal, Public};

/// By which door a route is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// JSON under `/api/`.
    Rest,
    /// HTML.
    Page,
    /// What a form of a page is sent to.
    Form,
    /// A websocket.
    Socket,
}

/// One route.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    pub gives: Gives,
    /// A body it accepts; its kind follows from the route's.
    body: &'static str,
}

/// Sorted as the router's own list is.
pub const ROUTES: &[Row] = &[
    route("DELETE", "/api/v1/account", Personal).takes(r#"{"password":"a guess, no more"}"#),
    route("DELETE", "/api/v1/devices/{serial}", Named),
    route("DELETE", "/api/v1/rules/{id}", Named),
    route("DELETE", "/api/v1/session", Public),
    route("DELETE", "/api/v1/tokens/{id}", Personal),
    route("GET", "/", Home),
    route("GET", "/add", Personal),
    route("GET", "/alerts", Personal),
    route("GET", "/alerts/acknowledge", Public),
    route("GET", "/api", Public),
    route("GET", "/api/v1/account/export", Personal),
    route("GET", "/api/v1/alerts", Personal),
    route("GET", "/api/v1/devices", Own),
    route("GET", "/api/v1/devices/{serial}", Named),
    route("GET", "/api/v1/devices/{serial}/current", Named),
    route("GET", "/api/v1/devices/{serial}/history", Named),
    route("GET", "/api/v1/devices/{serial}/rules", Named),
    route("GET", "/api/v1/openapi.json", Public),
    route("GET", "/api/v1/products/{serial}", Operators),
    route("GET", "/api/v1/tokens", Personal),
    route("GET", "/claim", Personal),
    route("GET", "/compare", Own),
    route("GET", "/devices/{serial}", Named),
    route("GET", "/devices/{serial}/alerts", Named),
    route("GET", "/devices/{serial}/history", Named),
    route("GET", "/devices/{serial}/release", Named),
    route("GET", "/devices/{serial}/settings", Named),
    route("GET", "/forgot-password", Public),
    route("GET", "/healthz", Public),
    route("GET", "/invite", Personal),
    route("GET", "/metrics", Public),
    route("GET", "/offline", Public),
    route("GET", "/operator", Operators),
    route("GET", "/operator/health", Operators),
    route("GET", "/operator/orders/{id}", Operators),
    route("GET", "/operator/orders/{id}/labels", Operators),
    route("GET", "/operator/orders/{id}/products.csv", Operators),
    route("GET", "/operator/products/{serial}/return", Operators),
    route("GET", "/push/key", Public),
    route("GET", "/readyz", Public),
    route("GET", "/reset-password", Public),
    route("GET", "/settings", Personal),
    route("GET", "/settings/account", Personal),
    route("GET", "/settings/account/delete", Personal),
    route("GET", "/settings/account/export", Personal),
    route("GET", "/settings/family", Personal),
    route("GET", "/settings/notifications", Personal),
    route("GET", "/settings/sessions", Personal),
    route("GET", "/settings/sign-in", Personal),
    route("GET", "/settings/sign-in/app", Passage),
    route("GET", "/settings/sign-in/passkey", Passage),
    route("GET", "/settings/sign-in/recovery-codes", Passage),
    route("GET", "/settings/tokens", Personal),
    route("GET", "/sign-in", Public),
    route("GET", "/sign-in/code", Passage),
    route("GET", "/sign-in/kakao", Passage),
    route("GET", "/sign-in/kakao/callback", Passage),
    route("GET", "/sign-in/kakao/link", Passage),
    route("GET", "/sign-in/kakao/trouble", Public),
    route("GET", "/sign-in/passkey", Passage),
    route("GET", "/sign-up", Public),
    route("GET", "/verify", Public),
    route("GET", "/ws/live", Personal),
    route("PATCH", "/api/v1/devices/{serial}", Named).takes(r#"{"name":"Attic"}"#),
    route("PATCH", "/api/v1/rules/{id}", Named).takes(r#"{"enabled":false}"#),
    route("POST", "/alerts/acknowledge", Public).takes("letter=alert-1-1-now-0.00"),
    route("POST", "/alerts/opened", Public).takes("letter=alert-1-1-now-0.00"),
    route("POST", "/alerts/{id}/acknowledge", Named),
    route("POST", "/api/v1/alerts/{id}/ack", Named),
    route("POST", "/api/v1/devices/claim", Personal)
        .takes(r#"{"serial":"TL-ZZZZZZZZ","claim_code":"8XRM-4T0C-ZV5H","name":"Attic"}"#),
    route("POST", "/api/v1/devices/{serial}/commands/{name}", Named),
    route("POST", "/api/v1/devices/{serial}/rules", Named).takes(r#"{"kind":"offline","after_s":600}"#),
    route("POST", "/api/v1/products", Operators).takes(r#"{"count":1,"model":"DHT22-ESP32"}"#),
    route("POST", "/api/v1/products/{serial}/return", Operators),
    route("POST", "/api/v1/session", Public).takes(r#"{"email":"who@home.example","password":"a guess, no more"}"#),
    route("POST", "/api/v1/tokens", Personal).takes(r#"{"name":"cron","scope":"read"}"#),
    route("POST", "/check", Personal),
    route("POST", "/claim", Personal).takes("serial=TL-ZZZZZZZZ&code=8XRM-4T0C-ZV5H&name=Attic&zone=UTC"),
    route("POST", "/degrees", Public).takes("degrees=f"),
    route("POST", "/devices/{serial}/commands/{name}", Named),
    route("POST", "/devices/{serial}/release", Named),
    route("POST", "/devices/{serial}/settings", Personal)
        .takes("name=Attic&room=&position=0&zone=UTC&t_offset=0&h_offset=0"),
    route("POST", "/devices/{serial}/alerts", Named).takes("kind=offline&minutes=10&enabled=on"),
    route("POST", "/devices/{serial}/alerts/presets", Named).takes("preset=mould"),
    route("POST", "/forgot-password", Public).takes("email=who%40home.example"),
    route("POST", "/internal/mqtt/acl", Public),
    route("POST", "/internal/mqtt/auth", Public),
    route("POST", "/invite", Personal).takes("token=0000000000000000000000000000000000000000000"),
    route("POST", "/language", Public).takes("locale=en"),
    route("POST", "/operator/products", Operators).takes("count=1&model=DHT22-ESP32&key=k"),
    route("POST", "/operator/products/{serial}/return", Operators),
    route("POST", "/reset-password", Public).takes("code=7K3F-9Q2M&password=seven+quiet+windows+4"),
    route("POST", "/rules/{id}", Named).takes("kind=offline&minutes=10&enabled=on"),
    route("POST", "/rules/{id}/remove", Named),
    route("POST", "/settings/account/address", Personal)
        .takes("new-address=who%40new.example&address-password=a+guess%2C+no+more"),
    route("POST", "/settings/account/address/code", Personal).takes("code=7K3F-9Q2M"),
    route("POST", "/settings/account/address/stop", Personal),
    route("POST", "/settings/account/delete", Personal).takes("password=a+guess%2C+no+more"),
    route("POST", "/settings/account/password", Personal)
        .takes("present-password=a+guess%2C+no+more&new-password=seven+quiet+windows+4"),
    route("POST", "/settings/family/hand-over", Personal).takes("household=1&user=2"),
    route("POST", "/settings/family/invite", Personal).takes("household=9&email=who%40new.example&role=member"),
    route("POST", "/settings/family/invite/withdraw", Personal).takes("household=1&invite=1"),
    route("POST", "/settings/family/leave", Personal).takes("household=9"),
    route("POST", "/settings/family/remove", Personal).takes("household=1&user=2"),
    route("POST", "/settings/family/role", Personal).takes("household=1&user=2&role=viewer"),
    route("POST", "/settings/notifications", Personal).takes("by_mail=on&from=23%3A00&to=07%3A00"),
    route("POST", "/settings/notifications/push", Personal)
        .takes("endpoint=https%3A%2F%2Fpush.example%2Fx&p256dh=x&auth=x"),
    route("POST", "/settings/notifications/push/remove", Personal).takes("id=1"),
    route("POST", "/settings/notifications/push/test", Personal).takes("id=1"),
    route("POST", "/settings/notifications/test", Personal),
    route("POST", "/settings/sessions/end", Personal).takes("session=7"),
    route("POST", "/settings/sessions/end-others", Personal),
    route("POST", "/settings/sign-in/app", Personal).takes("password=a+guess%2C+no+more"),
    route("POST", "/settings/sign-in/app/confirm", Personal).takes("code=000000"),
    route("POST", "/settings/sign-in/app/remove", Personal).takes("password=a+guess%2C+no+more"),
    route("POST", "/settings/sign-in/kakao", Personal).takes("password=a+guess%2C+no+more"),
    route("POST", "/settings/sign-in/kakao/remove", Personal).takes("id=1&password=a+guess%2C+no+more"),
    route("POST", "/settings/sign-in/passkey", Personal).takes("password=a+guess%2C+no+more"),
    route("POST", "/settings/sign-in/passkey/add", Personal).takes("credential=%7B%7D&name=phone"),
    route("POST", "/settings/sign-in/passkey/remove", Personal).takes("id=1&password=a+guess%2C+no+more"),
    route("POST", "/settings/sign-in/recovery-codes", Personal).takes("password=a+guess%2C+no+more"),
    route("POST", "/settings/tokens", Personal).takes("name=cron&scope=read"),
    route("POST", "/settings/tokens/revoke", Personal).takes("id=7"),
    route("POST", "/sign-in", Public).takes("email=who%40home.example&password=a+guess%2C+no+more"),
    route("POST", "/sign-in/code", Public).takes("code=000000"),
    route("POST", "/sign-in/kakao", Public).takes("next=%2F"),
    route("POST", "/sign-in/kakao/link", Public).takes("password=a+guess%2C+no+more"),
    route("POST", "/sign-in/kakao/link/mail", Public),
    route("POST", "/sign-in/passkey", Public).takes("next=%2F"),
    route("POST", "/sign-in/passkey/proof", Public).takes("credential=%7B%7D"),
    route("POST", "/sign-out", Public),
    route("POST", "/sign-up", Public).takes("email=who%40home.example&password=seven+quiet+windows+4"),
    route("POST", "/theme", Public).takes("theme=dark"),
    route("POST", "/verify", Public).takes("code=7K3F-9Q2M"),
    route("POST", "/verify/again", Public),
];

/// Of what a home has, what its owner alone may do; members do the rest, and viewers look.
const OWNERS: &[(&str, &str)] = &[
    ("DELETE", "/api/v1/devices/{serial}"),
    ("POST", "/devices/{serial}/release"),
];

const fn route(method: &'static str, path: &'static str, gives: Gives) -> Row {
    let body = "";
    Row {
        method,
        path,
        gives,
        body,
    }
}

impl Row {
    const fn takes(mut self, body: &'static str) -> Self {
        self.body = body;
        self
    }

    /// By which door it is used.
    pub fn kind(&self) -> Kind {
        match (self.method, self.path) {
            (_, path) if path.starts_with("/api/") || path.starts_with("/internal/") => Kind::Rest,
            (_, path) if path.starts_with("/ws/") => Kind::Socket,
            ("GET", _) => Kind::Page,
            _ => Kind::Form,
        }
    }

    /// Whether it is for the owner of a home alone, of all who belong to it.
    pub fn is_owners(&self) -> bool {
        OWNERS.contains(&(self.method, self.path))
    }

    /// Whether it may change something.
    pub fn is_mutation(&self) -> bool {
        self.method != "GET"
    }

    /// Its address, with these things where it names one.
    pub fn address(&self, things: &Things) -> String {
        let mut address = String::new();
        let mut noun = "";
        for segment in self.path.split('/').skip(1) {
            let value = segment.starts_with('{').then(|| things.find(noun));
            address = format!("{address}/{}", value.unwrap_or(segment));
            noun = segment;
        }
        address
    }

    /// A request to it, with a body it accepts, as a program sends it: without a word on where it comes from.
    pub fn request(&self, browser: &Browser, address: &str) -> RequestBuilder {
        match self.kind() {
            Kind::Rest if self.is_mutation() => self.request_as(browser, address, "application/json"),
            Kind::Form => {
                let request = self.request_as(browser, address, "application/x-www-form-urlencoded");
                request.header("accept", "text/html")
            }
            Kind::Page => self.bare_request(browser, address).header("accept", "text/html"),
            Kind::Rest | Kind::Socket => self.bare_request(browser, address),
        }
    }

    /// The same body, said to be of this kind.
    pub fn request_as(&self, browser: &Browser, address: &str, kind: &str) -> RequestBuilder {
        let is_empty_json = self.kind() == Kind::Rest && self.body.is_empty();
        let body = if is_empty_json { "{}" } else { self.body };
        let request = self.bare_request(browser, address).header("content-type", kind);
        request.body(body)
    }

    fn bare_request(&self, browser: &Browser, address: &str) -> RequestBuilder {
        browser.request(self.method.parse().expect("a method"), address)
    }
}
