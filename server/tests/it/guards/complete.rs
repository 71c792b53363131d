//! The table forgets nothing.

use super::table::ROUTES;
use crate::harness::test_app::TestApp;

#[tokio::test]
async fn the_table_names_every_route_there_is() {
    let app = TestApp::spawn().await;
    let mut named: Vec<_> = ROUTES
        .iter()
        .map(|row| format!("{} {}", row.method, row.path))
        .collect();
    named.sort();
    let missing: Vec<_> = app.routes.iter().filter(|route| !named.contains(route)).collect();
    let gone: Vec<_> = named.iter().filter(|row| !app.routes.contains(row)).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "add to ROUTES in guards/table.rs: {missing:?}; take away: {gone:?}"
    );
}

#[test]
fn no_server_function_is_reachable_beside_the_table() {
    // Pages are rendered whole, kept alive by the socket and changed by forms: there are none.
    let functions: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(functions.is_empty(), "{functions:?}");
}
