//! A device leaves by a page: given away by its owner, taken back by the shop, or released as its owner leaves. What
//! its next owner needs is shown on the next page, once, and is good.

use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use server::db::households::{Role, insert_membership, list_households_of};

use crate::harness::browser::Browser;
use crate::harness::test_app::{PASSWORD, Resident, TestApp};

/// Follows the answer of a form.
async fn follow(browser: &Browser, answer: &Response) -> (StatusCode, String) {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let page = browser.get(answer.headers()["location"].to_str().unwrap()).await;
    (page.status(), page.text().await.unwrap())
}

/// The claim code on a page: `XXXX-XXXX-XXXX`.
fn code_on(page: &str) -> String {
    let is_code = |text: &&str| {
        let parts: Vec<_> = text.split('-').collect();
        parts.len() == 3 && parts.iter().all(|part| part.len() == 4)
    };
    let code = page.split(['<', '>']).find(is_code);
    code.unwrap_or_else(|| panic!("no code: {page}")).to_owned()
}

async fn claims(browser: &Browser, serial: &str, code: &str) -> StatusCode {
    let body = json!({"serial": serial, "claim_code": code, "name": "Attic"});
    let request = browser.request(Method::POST, "/api/v1/devices/claim");
    let request = request.header("origin", browser.origin()).json(&body);
    request.send().await.unwrap().status()
}

/// Somebody else, with a role in the first one's home if there is one.
async fn other(app: &TestApp, email: &str, place: Option<(&Resident, Role)>) -> Browser {
    let who = app.resident(email, 0).await;
    if let Some((host, role)) = place {
        let home = list_households_of(&app.db, host.id).await.unwrap()[0].id;
        let mut tx = app.db.begin_write().await.unwrap();
        insert_membership(&mut tx, home, who.id, role).await.unwrap();
        tx.commit().await.unwrap();
    }
    app.signed_in(&who).await
}

#[tokio::test]
async fn an_owner_gives_a_device_away_on_its_page_and_its_next_owner_claims_it() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let (serial, owner) = (mina.serial(0), app.signed_in(&mina).await);
    let page = format!("/devices/{serial}/release");
    let settings = owner.get(&format!("/devices/{serial}/settings")).await;
    assert!(settings.text().await.unwrap().contains(&page));

    let gone = owner.post_form(&page, &[]).await;
    let (status, shown) = follow(&owner, &gone).await;

    assert_eq!(status, StatusCode::OK);
    let code = code_on(&shown);
    assert_ne!(code, mina.devices[0].claim_code);
    assert_eq!(owner.json("/api/v1/devices").await, json!([]));
    let again = owner.get(&page).await;
    assert_eq!(again.status(), StatusCode::NOT_FOUND);
    assert!(!again.text().await.unwrap().contains(&code), "shown once");
    let juno = other(&app, "juno@home.example", None).await;
    assert_eq!(claims(&juno, &serial, &code).await, StatusCode::OK);
}

#[tokio::test]
async fn a_member_reads_that_only_the_owner_gives_away() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let page = format!("/devices/{}/release", mina.serial(0));
    let member = other(&app, "juno@home.example", Some((&mina, Role::Member))).await;
    let before = member.get(&page).await.text().await.unwrap();
    assert!(
        before.contains("주인만") && !before.contains("button--danger"),
        "{before}"
    );
    let refused = member.post_form(&page, &[]).await;
    let (_, told) = follow(&member, &refused).await;
    assert!(told.contains("role=\"alert\"") && told.contains("주인만"), "{told}");
    assert_eq!(member.json("/api/v1/devices").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_operator_takes_a_product_back_on_its_page() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let (serial, home) = (mina.serial(0), app.signed_in(&mina).await);
    app.account("vera@shop.example", true).await;
    let vera = app.browser();
    vera.sign_in("vera@shop.example", PASSWORD).await;
    let page = format!("/operator/products/{serial}/return");
    assert!(vera.get("/operator").await.text().await.unwrap().contains(&page));
    let question = vera.get(&page).await.text().await.unwrap();
    assert!(question.contains(&serial) && !question.contains("mina"), "{question}");

    let taken = vera.post_form(&page, &[]).await;
    let (_, shown) = follow(&vera, &taken).await;

    assert_eq!(home.json("/api/v1/devices").await, json!([]));
    assert_eq!(claims(&home, &serial, &code_on(&shown)).await, StatusCode::OK);
}

#[tokio::test]
async fn there_is_nothing_to_take_back_under_another_serial() {
    let app = TestApp::spawn().await;
    app.account("vera@shop.example", true).await;
    let vera = app.browser();
    vera.sign_in("vera@shop.example", PASSWORD).await;
    for serial in ["TL-ZZZZZZZZ", "nonsense"] {
        let page = format!("/operator/products/{serial}/return");
        assert_eq!(vera.get(&page).await.status(), StatusCode::NOT_FOUND);
        let refused = vera.post_form(&page, &[]).await;
        assert_eq!(follow(&vera, &refused).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn whoever_deletes_an_account_reads_the_codes_of_its_devices_once() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let gone = browser
        .post_form("/settings/account/delete", &[("password", PASSWORD)])
        .await;
    let cookies = browser.cookies();
    let (_, shown) = follow(&browser, &gone).await;
    let code = code_on(&shown);
    assert!(!cookies.contains(&code), "not in clear on the way");
    assert!(!browser.get("/sign-in").await.text().await.unwrap().contains(&code));
    let juno = other(&app, "juno@home.example", None).await;
    assert_eq!(claims(&juno, &mina.serial(0), &code).await, StatusCode::OK);
}
