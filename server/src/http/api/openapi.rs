//! All REST routes, and the description that is made from them and so cannot forget one.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::{Json, Router};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, OpenApi as Description};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::AppState;
use super::super::problem::Problem;
use super::{account, alerts, commands, devices, history, products, rules, session, tokens};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "TempLog",
        description = "Temperature and humidity of homes. Errors are problem documents (RFC 9457). \
                       Another household's device does not exist: 404.",
        license(name = "MIT OR Apache-2.0")
    ),
    servers((url = "/api/v1")),
    security(("session" = []), ("token" = [])),
    modifiers(&Credentials)
)]
struct Api;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, description: &mut Description) {
        let components = description
            .components
            .get_or_insert_with(|| ComponentsBuilder::new().build());
        let session = ApiKey::Cookie(ApiKeyValue::with_description(
            "templog-access",
            "set by POST /session; over https its name begins with __Host-",
        ));
        components.add_security_scheme("session", SecurityScheme::ApiKey(session));
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("personal token, or the operator token for products"))
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
    }
}

fn described() -> (Router<AppState>, Description) {
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(session::open, session::close))
        .routes(routes!(account::delete))
        .routes(routes!(account::export))
        .routes(routes!(devices::list))
        .routes(routes!(devices::claim))
        .routes(routes!(devices::show, devices::change, devices::release))
        .routes(routes!(devices::current))
        .routes(routes!(commands::tell))
        .routes(routes!(history::show))
        .routes(routes!(rules::list, rules::create))
        .routes(routes!(rules::change, rules::remove))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::ack))
        .routes(routes!(products::create))
        .routes(routes!(products::show))
        .routes(routes!(products::take_back))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .split_for_parts()
}

/// The description, for the page that shows it to people.
pub fn description() -> Description {
    described().1
}

/// The routes, relative to `/api/v1`.
pub fn routes() -> Router<AppState> {
    let (router, description) = described();
    let description = Arc::new(description);
    router
        .route(
            "/openapi.json",
            axum::routing::get(async move || Json((*description).clone())),
        )
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::new(StatusCode::METHOD_NOT_ALLOWED))
}
