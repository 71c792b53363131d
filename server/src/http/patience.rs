//! A request ends in time, whoever is slow: a body that never comes holds no handler, and a handler that hangs holds
//! no connection.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::problem::Problem;

/// Longer than anything of ours takes: a device has ten seconds to answer a command.
pub const REQUEST_PATIENCE: Duration = Duration::from_secs(30);

/// Middleware: answers by itself when the time is over. What a body says after its head is not counted: exports and
/// sockets may go on.
pub async fn end_in_time(State(patience): State<Duration>, request: Request, next: Next) -> Response {
    let has_body = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if let Ok(response) = tokio::time::timeout(patience, next.run(request)).await {
        return response;
    }
    if !has_body {
        tracing::error!("a request was not answered in time");
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE)
            .with_retry_after(5)
            .into_response();
    }
    let problem =
        Problem::new(StatusCode::REQUEST_TIMEOUT).with_detail("the request did not come, or was not done, in time");
    // What is still on its way must not be taken for the next request.
    ([(CONNECTION, HeaderValue::from_static("close"))], problem).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::{get, post};
    use bytes::Bytes;
    use futures_util::{StreamExt as _, stream};
    use std::convert::Infallible;
    use tower::ServiceExt as _;

    async fn ask(method: Method, path: &str, body: Body) -> Response {
        let router = Router::new()
            .route("/echo", post(async |body: Bytes| body))
            .route("/hang", get(async || std::future::pending::<()>().await))
            .layer(from_fn_with_state(Duration::from_millis(20), end_in_time));
        let request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .body(body)
            .unwrap();
        router.oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_waited_for_in_vain_only_so_long() {
        let begun = stream::iter([Ok::<_, Infallible>("begun")]).chain(stream::pending());
        let answer = ask(Method::POST, "/echo", Body::from_stream(begun)).await;
        assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
        assert_eq!(answer.headers()[CONNECTION], "close");
        assert_eq!(
            ask(Method::POST, "/echo", Body::from("all")).await.status(),
            StatusCode::OK
        );
    }

    #[tokio::test]
    async fn a_handler_that_hangs_is_told_as_unavailable() {
        let answer = ask(Method::GET, "/hang", Body::empty()).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
