//! Stands in for the push service of a browser maker (RFC 8030): takes what it is sent, or answers as the test wants.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::test_app::PATIENCE;

/// A message that was handed over.
#[derive(Clone, Debug)]
pub struct Taken {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Taken {
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default().to_owned()
    }
}

/// Status, and the `Retry-After` that comes with it.
pub type Answer = (u16, Option<&'static str>);

pub const TAKE: Answer = (201, None);

type Manners = Box<dyn Fn(&str, usize) -> Answer + Send>;

struct Inner {
    manners: Mutex<Manners>,
    attempts: Mutex<HashMap<String, usize>>,
    taken: watch::Sender<Vec<Taken>>,
}

pub struct PushService {
    addr: SocketAddr,
    inner: Arc<Inner>,
    serving: JoinHandle<()>,
}

impl Drop for PushService {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl PushService {
    pub async fn start() -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// Where another one was before.
    pub async fn start_at(addr: SocketAddr) -> Self {
        let listener = TcpListener::bind(addr).await.expect("the port is free");
        let addr = listener.local_addr().unwrap();
        let inner = Arc::new(Inner {
            manners: Mutex::new(Box::new(|_, _| TAKE)),
            attempts: Mutex::default(),
            taken: watch::channel(Vec::new()).0,
        });
        let router = Router::new().fallback(take).with_state(Arc::clone(&inner));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { addr, inner, serving }
    }

    /// Goes away, and tells where it was.
    pub async fn close(&mut self) -> SocketAddr {
        self.serving.abort();
        let _ended = (&mut self.serving).await;
        self.addr
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The address of a browser.
    pub fn endpoint(&self, browser: &str) -> String {
        format!("http://{}/{browser}", self.addr)
    }

    /// What is answered to the n-th message (from 1) for a browser.
    pub fn behave(&self, manners: impl Fn(&str, usize) -> Answer + Send + 'static) {
        *self.inner.manners.lock().unwrap() = Box::new(manners);
    }

    /// What was taken so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.inner.taken.borrow().clone()
    }

    /// How many messages came for a browser, taken or not.
    pub fn attempts(&self, browser: &str) -> usize {
        self.inner
            .attempts
            .lock()
            .unwrap()
            .get(browser)
            .copied()
            .unwrap_or_default()
    }

    /// What was taken, once it is so much.
    pub async fn wait_for(&self, count: usize) -> Vec<Taken> {
        let mut taken = self.inner.taken.subscribe();
        let enough = taken.wait_for(|taken| taken.len() >= count);
        let enough = tokio::time::timeout(PATIENCE, enough).await;
        enough.expect("the messages arrive in time").expect("it serves").clone()
    }
}

async fn take(State(inner): State<Arc<Inner>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let browser = uri.path().trim_start_matches('/').to_owned();
    let attempt = {
        let mut attempts = inner.attempts.lock().unwrap();
        let attempt = attempts.entry(browser.clone()).or_default();
        *attempt += 1;
        *attempt
    };
    let (status, retry_after) = inner.manners.lock().unwrap()(&browser, attempt);
    let status = StatusCode::from_u16(status).unwrap();
    if status.is_success() {
        let taken = Taken {
            path: browser,
            headers,
            body: body.to_vec(),
        };
        inner.taken.send_modify(|all| all.push(taken));
    }
    match retry_after {
        Some(text) => (status, [("retry-after", text)]).into_response(),
        None => status.into_response(),
    }
}
