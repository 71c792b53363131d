//! A browser, as far as the server can tell: keeps cookies, names its origin, follows no redirect by itself.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response, Url};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::test_app::PATIENCE;

/// One person's browser.
pub struct Browser {
    client: Client,
    jar: Arc<Jar>,
    home: Url,
}

impl Browser {
    /// Without any cookie.
    pub fn new(addr: SocketAddr) -> Self {
        let jar = Arc::new(Jar::default());
        let client = Client::builder()
            .cookie_provider(Arc::clone(&jar))
            .redirect(Policy::none())
            .build()
            .expect("a client needs nothing special");
        let home = format!("http://{addr}").parse().expect("an address makes a URL");
        Self { client, jar, home }
    }

    /// What browsers say of themselves on requests that may change something.
    pub fn origin(&self) -> String {
        self.home.origin().ascii_serialization()
    }

    /// A request of any kind, without an `Origin`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.home.join(path).expect("a path"))
    }

    /// Visits a page.
    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path)
            .header(ACCEPT, "text/html")
            .send()
            .await
            .expect("the server answers")
    }

    /// Reads JSON, which must be there.
    pub async fn json(&self, path: &str) -> Value {
        let answer = self
            .request(Method::GET, path)
            .send()
            .await
            .expect("the server answers");
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("JSON")
    }

    /// Reads a page, which must be there.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.expect("text")
    }

    /// Sends a form and reads the page it leads to.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post_form(path, fields).await;
        assert_eq!(answer.status(), 303, "{path}");
        let to = answer.headers()["location"].to_str().expect("ASCII").to_owned();
        self.page(&to).await
    }

    /// Sends a form of our own page.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let request = self.request(Method::POST, path).header("origin", self.origin());
        request.form(fields).send().await.expect("the server answers")
    }

    /// Sends the sign-in form.
    pub async fn sign_in(&self, email: &str, password: &str) -> Response {
        self.post_form("/sign-in", &[("email", email), ("password", password)])
            .await
    }

    /// Whether this browser is still signed in.
    pub async fn is_signed_in(&self) -> bool {
        let answer = self.get("/api/v1/devices").await;
        match answer.status().as_u16() {
            200 => true,
            401 => false,
            other => panic!("unexpected status {other}"),
        }
    }

    /// The `Cookie` header it would send.
    pub fn cookies(&self) -> String {
        let cookies = self.jar.cookies(&self.home);
        cookies
            .map(|value| value.to_str().expect("our cookies are ASCII").to_owned())
            .unwrap_or_default()
    }

    /// One of its cookies.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.cookies();
        let found = cookies
            .split("; ")
            .find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('='));
        found.map(str::to_owned)
    }

    /// Plants a cookie, as a thief would.
    pub fn plant(&self, name: &str, value: &str) {
        self.jar.add_cookie_str(&format!("{name}={value}; Path=/"), &self.home);
    }

    /// Opens the live socket as our own page does.
    pub async fn open_socket(&self) -> Socket {
        let headers = [("cookie", self.cookies()), ("origin", self.origin())];
        self.try_open_socket(&headers).await.expect("the socket opens")
    }

    /// Opens the live socket with headers of the test's choice; the status if it is refused.
    pub async fn try_open_socket(&self, headers: &[(&'static str, String)]) -> Result<Socket, u16> {
        let address = self.home.as_str().replacen("http", "ws", 1) + "ws/live";
        let mut request = address.into_client_request().expect("a socket address");
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).expect("visible ASCII");
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Socket(stream)),
            Err(tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }
}

/// An open live socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// The next thing it says; pings aside.
    pub async fn next(&mut self) -> Value {
        match self.next_message().await {
            Message::Text(text) => serde_json::from_str(&text).expect("the socket speaks JSON"),
            other => panic!("not a text message: {other:?}"),
        }
    }

    /// Reads on until a message satisfies the test.
    pub async fn wait_for(&mut self, mut right: impl FnMut(&Value) -> bool) -> Value {
        loop {
            let message = self.next().await;
            if right(&message) {
                return message;
            }
        }
    }

    /// The next thing it says; `None` once it has ended.
    pub async fn next_or_end(&mut self) -> Option<Value> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).ok(),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Reads on until the server closes the socket; the close code.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.next_message().await {
                return frame.expect("the server says why").code.into();
            }
        }
    }

    /// Reads on until the socket ends in whatever way; the close code if there is one.
    pub async fn ended(&mut self) -> Option<u16> {
        loop {
            match tokio::time::timeout(PATIENCE, self.0.next())
                .await
                .expect("the socket ends in time")
            {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// Sends a message.
    pub async fn send(&mut self, message: Message) {
        self.0.send(message).await.expect("the socket is open");
    }

    async fn next_message(&mut self) -> Message {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.0.next())
                .await
                .expect("the socket says something in time");
            match next
                .expect("the socket ends with a close frame")
                .expect("the socket does not break")
            {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }
}

/// All `Set-Cookie` values of an answer.
pub fn set_cookies(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(SET_COOKIE).iter();
    values
        .map(|value| value.to_str().expect("our cookies are ASCII").to_owned())
        .collect()
}
