//! Who may not, and what makes no sense: nothing of it reaches the device.

use reqwest::Method;
use server::db::households::{Role, insert_membership, list_households_of};

use super::rig::{Home, tell};
use crate::harness::flashed::honest;

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_a_neighbour_and_a_reading_token_tell_a_device_nothing() {
    let home = Home::embedded().await;
    let mut device = home.device(honest).await;
    let household = list_households_of(&home.app.db, home.owner.id).await.unwrap()[0].id;
    let viewer = home.app.resident("viewer@home.example", 0).await;
    let mut tx = home.app.db.begin_write().await.unwrap();
    insert_membership(&mut tx, household, viewer.id, Role::Viewer)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let neighbour = home.app.resident("juno@other.example", 1).await;
    for (who, expected) in [(&viewer, 403), (&neighbour, 404)] {
        let browser = home.app.signed_in(who).await;
        let answer = tell(&browser, &home.serial(), "restart", "").await;
        assert_eq!(answer.status(), expected, "{}", who.email);
    }
    let token = home.app.reading_token(home.owner.id).await;
    let path = format!("/api/v1/devices/{}/commands/restart", home.serial());
    let request = home.app.browser().request(Method::POST, &path).bearer_auth(&token);
    assert_eq!(request.send().await.unwrap().status(), 403);

    let token = home.app.token(home.owner.id).await;
    let request = home.app.browser().request(Method::POST, &path).bearer_auth(&token);
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(device.next().await.name, "restart");
    assert!(device.so_far().is_empty(), "only the last one came");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_makes_no_sense_is_refused_with_what_to_write_instead() {
    let home = Home::embedded().await;
    let mut device = home.device(honest).await;
    for (name, arguments, told) in [
        (
            "explode",
            "",
            "unknown command: use read_now, identify, set, led or restart",
        ),
        ("set", "", "interval_s must be 1 to 86400"),
        ("set", r#"{"interval_s":0}"#, "interval_s must be 1 to 86400"),
        ("set", r#"{"interval_s":86401}"#, "interval_s must be 1 to 86400"),
        ("led", r#"{"on":"yes"}"#, "on must be true or false"),
        ("led", "on", "not valid JSON"),
        ("identify", "[]", "a command's payload is a JSON object"),
    ] {
        assert_eq!(
            home.refusal(name, arguments).await,
            (400, told.to_owned()),
            "{name} {arguments}"
        );
    }
    assert!(device.so_far().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_device_is_not_told_too_much_and_others_are_not_hurt() {
    let home = Home::embedded().await;
    let _device = home.device(honest).await;
    let mut statuses = Vec::new();
    for _ in 0..25 {
        statuses.push(home.tell("identify", "").await.status().as_u16());
    }
    assert!(statuses[..20].iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    let neighbour = home.app.resident("juno@other.example", 1).await;
    let browser = home.app.signed_in(&neighbour).await;
    let _other = crate::harness::flashed::Flashed::connect(&home.app, &neighbour.devices[0], honest).await;
    let answer = tell(&browser, &neighbour.serial(0), "identify", "").await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_was_told_is_in_the_log_of_whoever_did_it() {
    let home = Home::embedded().await;
    let _device = home.device(honest).await;
    home.ask("led", r#"{"on":true}"#).await;
    home.ask("read_now", "").await;
    let noted: Vec<String> =
        sqlx::query_scalar("SELECT detail FROM audit_events WHERE action = 'device-commanded' AND user_id = ?")
            .bind(home.owner.id.0)
            .fetch_all(home.app.db.pool())
            .await
            .unwrap();
    assert_eq!(noted, [format!(r#"{} led {{"on":true}}"#, home.serial())]);
}
