//! Asking Kakao over HTTP: no redirects, not for long, and not more than a few kilobytes.

use std::time::Duration;

use oauth2::{HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};

use crate::error::{Error, Result};

const CONNECT_PATIENCE: Duration = Duration::from_secs(3);
/// For a whole answer: somebody is looking at an empty page meanwhile.
const PATIENCE: Duration = Duration::from_secs(6);
/// Kakao's longest answer has some kilobytes.
const MAX_BYTES: usize = 64 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    /// Not reached, too slow, or a fault of theirs.
    #[error("Kakao does not answer")]
    Away,
    /// Kakao asks us to slow down.
    #[error("Kakao is busy")]
    Busy,
    /// No answer of Kakao's is so long.
    #[error("the answer is too long")]
    TooLarge,
}

/// A client for Kakao alone.
#[derive(Clone)]
pub(super) struct Wire(Client);

impl Wire {
    /// Connects to nobody yet.
    pub fn new() -> Result<Self> {
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_PATIENCE)
            .timeout(PATIENCE)
            .user_agent("TempLog")
            .build();
        client
            .map(Self)
            .map_err(|error| Error::Config(format!("no HTTPS client can be made: {error}")))
    }

    /// Asks once. Whatever 4xx says is for the caller to read.
    pub async fn ask(self, request: HttpRequest) -> Result<HttpResponse, WireError> {
        let request = request.try_into().map_err(|_| WireError::Away)?;
        let mut answer = self.0.execute(request).await.map_err(away)?;
        let status = answer.status();
        if status.is_server_error() {
            tracing::warn!(%status, "Kakao has a fault");
            return Err(WireError::Away);
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(WireError::Busy);
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(away)? {
            if body.len() + piece.len() > MAX_BYTES {
                return Err(WireError::TooLarge);
            }
            body.extend_from_slice(&piece);
        }
        let mut response = HttpResponse::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = answer.headers().clone();
        Ok(response)
    }
}

/// The address asked may hold a secret, so the log gets the error without it.
#[expect(clippy::needless_pass_by_value, reason = "a function for map_err")]
fn away(error: reqwest::Error) -> WireError {
    tracing::warn!(
        timeout = error.is_timeout(),
        connect = error.is_connect(),
        "Kakao is not reached"
    );
    WireError::Away
}
