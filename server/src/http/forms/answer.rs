//! What becomes of a form that was sent, carried over the redirect to the page that shows it: a cookie that scripts
//! cannot read and that the very next page uses up. So a reload sends nothing twice, and no address tells a secret.

use app::form::FormAnswer;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::see_other;
use crate::http::AppState;

/// Browsers drop cookies of more than 4 KB: then the page at least says what is wrong.
const MOST_BYTES: usize = 3_000;

/// Redirects to `path`, where the page finds `words`.
pub fn back(state: &AppState, path: &str, words: &FormAnswer) -> Response {
    let mut response = see_other(path);
    let text = encode(words)
        .or_else(|| encode(&words.without_values()))
        .unwrap_or_default();
    state.auth.cookies().set_answer(response.headers_mut(), text);
    response
}

/// Middleware: hands the answer to the page being rendered, and makes the browser forget it.
pub async fn deliver(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let cookies = state.auth.cookies();
    let Some(text) = cookies.answer(request.headers()) else {
        return next.run(request).await;
    };
    if let Some(words) = decode(&text) {
        request.extensions_mut().insert(words);
    }
    let mut response = next.run(request).await;
    cookies.clear_answer(response.headers_mut());
    response
}

fn encode(words: &FormAnswer) -> Option<String> {
    let text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(words).ok()?);
    (text.len() <= MOST_BYTES).then_some(text)
}

fn decode(text: &str) -> Option<FormAnswer> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_survives_the_journey() {
        let words = FormAnswer::to("sign-up")
            .problem("email", "invalid")
            .value("email", "미나@집");
        assert_eq!(decode(&encode(&words).unwrap()), Some(words));
    }

    #[test]
    fn what_was_typed_is_dropped_rather_than_the_reason() {
        let long = FormAnswer::to("x")
            .problem("name", "long")
            .value("name", &"a".repeat(5_000));
        assert_eq!(encode(&long), None);
        assert!(encode(&long.without_values()).is_some());
    }

    #[test]
    fn a_cookie_that_we_did_not_write_is_nothing() {
        for text in ["", "x", "e30", "bnVsbA", "\u{7f}"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
