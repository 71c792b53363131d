//! What becomes of a form that was sent, carried over the redirect to the page that shows it: a cookie that scripts
//! cannot read and that the very next page uses up. So a reload sends nothing twice, and no address tells a secret.
//!
//! It is sealed: a code that was typed, or a secret that is shown once, is in the browser in clear only on the page.

use app::form::FormAnswer;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::see_other;
use crate::http::AppState;
use crate::seal::Seal;

/// Browsers drop cookies of more than 4 KB: then the page at least says what is wrong.
const MOST_BYTES: usize = 3_500;
/// What is sealed for a form's answer is good for nothing else.
const LABEL: &str = "form answer";

/// Redirects to `path`, where the page finds `words`.
pub fn back(state: &AppState, path: &str, words: &FormAnswer) -> Response {
    let mut response = see_other(path);
    let text = encode(&state.seal, words)
        .or_else(|| encode(&state.seal, &words.without_values()))
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
    if let Some(words) = decode(&state.seal, &text) {
        request.extensions_mut().insert(words);
    }
    let mut response = next.run(request).await;
    cookies.clear_answer(response.headers_mut());
    response
}

fn encode(seal: &Seal, words: &FormAnswer) -> Option<String> {
    let text = seal.seal(LABEL, &serde_json::to_string(words).ok()?);
    (text.len() <= MOST_BYTES).then_some(text)
}

fn decode(seal: &Seal, text: &str) -> Option<FormAnswer> {
    serde_json::from_str(&seal.open(LABEL, text)?).ok()
}

#[cfg(test)]
mod tests {
    use app::form::Released;

    use super::*;
    use crate::config::SecretKey;

    fn seal() -> Seal {
        Seal::new(&SecretKey::generate())
    }

    fn released(count: usize) -> Vec<Released> {
        let device = Released {
            serial: "TL-7K3F9Q2M".to_owned(),
            claim_code: "8XRM-4T0C-ZV5H".to_owned(),
            password: "p".repeat(43),
        };
        vec![device; count]
    }

    #[test]
    fn an_answer_survives_the_journey_and_tells_nothing_on_the_way() {
        let seal = seal();
        let words = FormAnswer::to("sign-up")
            .problem("email", "invalid")
            .value("email", "미나@집")
            .released(released(20));
        let text = encode(&seal, &words).unwrap();
        assert!(!text.contains("invalid") && !text.contains("8XRM"));
        assert_eq!(decode(&seal, &text), Some(words));
    }

    #[test]
    fn what_was_typed_is_dropped_rather_than_the_reason() {
        let seal = seal();
        let reason = FormAnswer::to("x").problem("name", "long");
        for long in [
            reason.clone().value("name", &"a".repeat(5_000)),
            reason.clone().released(released(100)),
        ] {
            assert_eq!(encode(&seal, &long), None);
            let text = encode(&seal, &long.without_values()).unwrap();
            assert_eq!(decode(&seal, &text).as_ref(), Some(&reason));
        }
    }

    #[test]
    fn a_cookie_that_we_did_not_write_is_nothing() {
        let seal = seal();
        let others = encode(&self::seal(), &FormAnswer::to("x")).unwrap();
        let elsewhere = seal.seal("another place", "{\"form\":\"x\"}");
        for text in ["", "x", "e30", "bnVsbA", "\u{7f}", &others, &elsewhere] {
            assert_eq!(decode(&seal, text), None, "{text}");
        }
    }
}
