//! Every route of the real router: read from what axum prints of it, so that no list has to be kept by hand.

use axum::Router;

/// `METHOD /path` of everything the router answers, sorted. The fallback (files, and the page that says "nothing
/// here") is not among them.
///
/// # Panics
/// If axum prints routers in another way than it did.
pub fn routes_of(router: &Router) -> Vec<String> {
    let text = format!("{router:?}");
    let text = text.split("fallback_router:").next().expect("a router");
    let (endpoints, paths) = text.split_once("node: Node { paths: ").expect("axum prints paths");
    let mut routes = Vec::new();
    for entry in endpoints.split("RouteId(").skip(1) {
        let id = entry.split(')').next().expect("a number");
        let path = paths
            .split(&format!("RouteId({id}): \""))
            .nth(1)
            .expect("a route has a path");
        let path = path.split('"').next().expect("a path");
        let allowed = entry.split("allow_header: Bytes(b\"").nth(1);
        // A service that is asked whatever the method is.
        let methods = allowed.and_then(|rest| rest.split('"').next()).unwrap_or("ANY");
        let methods = methods.split(',').filter(|method| *method != "HEAD");
        routes.extend(methods.map(|method| format!("{method} {path}")));
    }
    routes.sort();
    routes
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::{any, get, post};

    #[test]
    fn no_kind_of_route_is_overlooked() {
        let inner = Router::new()
            .route("/things", get(async || "").post(async || ""))
            .route("/things/{id}", axum::routing::delete(async || ""))
            .fallback(async || "");
        let router: Router = Router::new()
            .nest("/api", inner)
            .route("/form", post(async || ""))
            .route("/any", any(async || ""))
            .route_service("/service", get(async || ""))
            .layer(axum::middleware::map_response(
                async |response: axum::response::Response| response,
            ))
            .fallback(async || "");
        assert_eq!(
            super::routes_of(&router),
            [
                "ANY /any",
                "ANY /service",
                "DELETE /api/things/{id}",
                "GET /api/things",
                "POST /api/things",
                "POST /form",
            ]
        );
    }
}
