//! Another household's things do not exist, by any route; strangers see nothing; refusals change nothing.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::table::Gives::{Home, Named, Operators, Own, Passage, Personal, Public};
use super::table::{Kind, ROUTES, Row};
use super::world::{Things, World, ask};

/// Every route that answers plain HTTP, and some of them with more to ask for.
fn questions() -> impl Iterator<Item = (&'static Row, &'static str)> {
    let plain = ROUTES
        .iter()
        .filter(|row| row.kind() != Kind::Socket)
        .map(|row| (row, ""));
    let csv = ROUTES.iter().filter(|row| row.path.ends_with("/history"));
    plain.chain(csv.map(|row| (row, "?step=raw&format=csv")))
}

#[tokio::test]
async fn not_yours_and_no_such_are_the_same_answer_to_the_letter() {
    let world = World::new().await;
    let (mina, juno, nobody) = (&world.mina, &world.juno, Things::of_nobody());
    let before = world.stored().await;
    for (row, query) in questions().filter(|(row, _)| row.gives == Named) {
        let (status, location, theirs) = ask(&juno.browser, row, &mina.things, query).await;
        let (_, nowhere, nobodys) = ask(&juno.browser, row, &nobody, query).await;
        if row.kind() != Kind::Form {
            assert_eq!(status, StatusCode::NOT_FOUND, "{row:?}");
        }
        assert_eq!(mina.things.replace_by(&nobody, &theirs), nobodys, "{row:?}");
        assert_eq!(mina.things.replace_by(&nobody, &location), nowhere, "{row:?}");
        assert!(!theirs.contains(mina.reading), "{row:?}");
    }
    assert_eq!(world.stored().await, before, "and nothing was changed by asking");
}

#[tokio::test]
async fn everybody_sees_their_own_and_only_their_own() {
    let world = World::new().await;
    for (household, other) in [(&world.mina, &world.juno), (&world.juno, &world.mina)] {
        for (row, query) in questions().filter(|(row, _)| !row.is_mutation()) {
            let (status, _, text) = ask(&household.browser, row, &household.things, query).await;
            assert!(!other.is_in(&text), "{row:?}");
            if !matches!(row.gives, Operators | Passage) {
                assert_eq!(status, StatusCode::OK, "{row:?}");
            }
            if matches!(row.gives, Own | Home) {
                assert!(text.contains(&household.who.serial(0)), "{row:?}");
            }
        }
    }
}

#[tokio::test]
async fn strangers_see_nothing_and_change_nothing() {
    let world = World::new().await;
    let (stranger, before) = (world.app.browser(), world.stored().await);
    for (row, query) in questions().filter(|(row, _)| row.gives != Public) {
        let (status, location, text) = ask(&stranger, row, &world.mina.things, query).await;
        let is_refused = match row.kind() {
            _ if row.gives == Home => status == StatusCode::OK,
            Kind::Rest | Kind::Socket => status == StatusCode::UNAUTHORIZED,
            Kind::Page | Kind::Form => {
                status == StatusCode::UNAUTHORIZED || (status.is_redirection() && location.starts_with("/sign-in"))
            }
        };
        assert!(is_refused, "{row:?}: {status} {location}");
        assert!(
            !text.contains(world.mina.reading) && !text.contains(&world.mina.who.email),
            "{row:?}"
        );
        if row.gives == Home {
            assert!(!world.mina.is_in(&text), "{row:?}");
        }
    }
    assert_eq!(world.stored().await, before);
}

#[tokio::test]
async fn only_the_shop_and_its_people_reach_what_is_theirs() {
    let world = World::new().await;
    let before = world.stored().await;
    for (row, query) in questions().filter(|(row, _)| row.gives == Operators) {
        let (status, _, _) = ask(&world.mina.browser, row, &world.mina.things, query).await;
        let is_refused = matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
        assert!(is_refused, "{row:?}: {status}");
    }
    assert_eq!(world.stored().await, before);
}

#[tokio::test]
async fn whoever_leaves_a_household_has_left_it_at_once() {
    let world = World::new().await;
    let mina = &world.mina;
    sqlx::query("DELETE FROM memberships")
        .execute(world.app.db.pool())
        .await
        .unwrap();
    let before = world.stored().await;
    for (row, query) in questions().filter(|(row, _)| row.gives == Named) {
        let (status, _, text) = ask(&mina.browser, row, &mina.things, query).await;
        if row.kind() != Kind::Form {
            assert_eq!(status, StatusCode::NOT_FOUND, "{row:?}");
        }
        assert!(!text.contains(mina.reading), "{row:?}");
    }
    for (row, query) in questions().filter(|(row, _)| matches!(row.gives, Own | Home | Personal) && !row.is_mutation())
    {
        let (_, _, text) = ask(&mina.browser, row, &mina.things, query).await;
        assert!(!text.contains(&mina.who.serial(0)), "{row:?}");
    }
    assert_eq!(mina.browser.json("/api/v1/devices").await, json!([]));
    assert_eq!(world.stored().await, before);
}

#[tokio::test]
async fn other_methods_do_not_open_other_doors() {
    let world = World::new().await;
    let (browser, before) = (&world.juno.browser, world.stored().await);
    for (row, _) in questions().filter(|(row, _)| row.gives == Named) {
        for method in [Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let path = row.address(&world.mina.things);
            let request = browser
                .request(method.clone(), &path)
                .header("origin", browser.origin());
            let status = request.send().await.unwrap().status().as_u16();
            let has_form = questions().any(|(other, _)| other.path == row.path && other.kind() == Kind::Form);
            let is_refused = matches!(status, 400 | 404 | 405 | 415 | 422) || has_form && status == 303;
            assert!(is_refused, "{method} {path}: {status}");
        }
    }
    assert_eq!(world.stored().await, before);
}
