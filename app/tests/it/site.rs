//! A site around a house: asks it for a page and reads the answer.

use std::sync::Arc;

use app::backend::{Backend, CurrentUser};
use app::form::FormAnswer;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes as _, generate_route_list, render_app_async_with_context};
use tower::ServiceExt as _;

use crate::house::{House, OWNER};

/// What came back.
pub struct Page {
    pub status: StatusCode,
    pub location: Option<String>,
    pub html: String,
}

impl Page {
    /// The text of the page without its markup, scripts and resources.
    pub fn text(&self) -> String {
        let body = self.html.split("<body").nth(1).expect("a document has a body");
        let mut text = String::new();
        for (nth, part) in body.split("<script").enumerate() {
            let part = if nth == 0 {
                part
            } else {
                part.split_once("</script>").map_or("", |(_, rest)| rest)
            };
            for piece in part.split('<') {
                text.push_str(piece.split_once('>').map_or("", |(_, words)| words));
                text.push(' ');
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Who asks, and how.
#[derive(Clone, Copy, Default)]
pub struct Visit {
    pub signed_in: bool,
    pub cookies: &'static str,
    pub languages: &'static str,
    /// What the form just sent is told, as JSON; empty: nothing was sent.
    pub answer: &'static str,
}

/// The owner of the house, with a Korean browser.
pub const OWNER_VISITS: Visit = Visit {
    signed_in: true,
    cookies: "",
    languages: "ko-KR,ko;q=0.9",
    answer: "",
};

/// Asks the house for a page.
pub async fn get(house: House, visit: Visit, path: &str) -> Page {
    let mut request = Request::get(path)
        .header(header::ACCEPT, "text/html")
        .header(header::ACCEPT_LANGUAGE, visit.languages)
        .header(header::COOKIE, visit.cookies);
    if visit.signed_in {
        request = request.extension(CurrentUser {
            id: OWNER,
            email: "min@templog.example".into(),
            locale: None,
            operator: false,
        });
    }
    if !visit.answer.is_empty() {
        let answer: FormAnswer = serde_json::from_str(visit.answer).expect("an answer");
        request = request.extension(answer);
    }
    let request = request.body(Body::empty()).expect("a request of plain parts");
    let answer = router(house).oneshot(request).await.expect("a router always answers");
    read(answer).await
}

fn router(house: House) -> Router {
    let options = LeptosOptions::builder().output_name("templog").build();
    let backend: Arc<dyn Backend> = Arc::new(house);
    let context = move || app::backend::provide(Arc::clone(&backend));
    let shell = {
        let options = options.clone();
        move || app::shell(options.clone())
    };
    Router::new()
        .leptos_routes_with_context(&options, generate_route_list(app::App), context.clone(), shell.clone())
        .fallback(render_app_async_with_context(context, shell))
        .with_state(options)
}

async fn read(answer: Response<Body>) -> Page {
    let location = answer
        .headers()
        .get(header::LOCATION)
        .map(|path| path.to_str().expect("ASCII").to_owned());
    let status = answer.status();
    let body = to_bytes(answer.into_body(), usize::MAX)
        .await
        .expect("a page in memory");
    Page {
        status,
        location,
        html: String::from_utf8(body.to_vec()).expect("a page is UTF-8"),
    }
}
