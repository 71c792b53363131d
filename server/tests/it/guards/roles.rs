//! Every route, tried by everybody a home may know: its owner, a member, a viewer, somebody who was one of them,
//! somebody of another home, somebody of the shop, and a stranger.

use reqwest::StatusCode;
use server::db::HouseholdId;
use server::db::households::{Role, insert_membership, list_households_of};

use super::table::Gives::{Home, Named, Operators, Own, Personal};
use super::table::{Kind, ROUTES, Row};
use super::world::{World, ask};
use crate::harness::browser::Browser;

/// Mina's home and everybody around it.
struct Cast {
    world: World,
    viewer: Browser,
    member: Browser,
    /// Was a member until just now, and is still signed in.
    former: Browser,
    operator: Browser,
    stranger: Browser,
}

impl Cast {
    async fn new() -> Self {
        let world = World::new().await;
        let home = list_households_of(&world.app.db, world.mina.who.id).await.unwrap()[0].id;
        let viewer = person(&world, "viewer@home.example", Some((home, Role::Viewer))).await;
        let member = person(&world, "member@home.example", Some((home, Role::Member))).await;
        let former = person(&world, "former@home.example", Some((home, Role::Member))).await;
        let operator = person(&world, "vera@shop.example", None).await;
        for sql in [
            "DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE email = 'former@home.example')",
            "UPDATE users SET operator = 1 WHERE email = 'vera@shop.example'",
        ] {
            let done = sqlx::query(sql).execute(world.app.db.pool()).await.unwrap();
            assert_eq!(done.rows_affected(), 1, "{sql}");
        }
        let stranger = world.app.browser();
        Self {
            world,
            viewer,
            member,
            former,
            operator,
            stranger,
        }
    }

    /// Who has no place in the home, though some are signed in.
    fn outside(&self) -> [(&'static str, &Browser); 4] {
        [
            ("stranger", &self.stranger),
            ("other home", &self.world.juno.browser),
            ("former member", &self.former),
            ("operator", &self.operator),
        ]
    }

    /// Who has one.
    fn inside(&self) -> [(&'static str, &Browser); 3] {
        [
            ("viewer", &self.viewer),
            ("member", &self.member),
            ("owner", &self.world.mina.browser),
        ]
    }

    async fn ask(&self, browser: &Browser, row: &Row) -> (StatusCode, String) {
        let (status, _, text) = ask(browser, row, &self.world.mina.things, "").await;
        (status, text)
    }
}

async fn person(world: &World, email: &str, place: Option<(HouseholdId, Role)>) -> Browser {
    let who = world.app.resident(email, 0).await;
    if let Some((home, role)) = place {
        let mut tx = world.app.db.begin_write().await.unwrap();
        insert_membership(&mut tx, home, who.id, role).await.unwrap();
        tx.commit().await.unwrap();
    }
    world.app.signed_in(&who).await
}

fn rows(wanted: impl Fn(&Row) -> bool) -> impl Iterator<Item = &'static Row> {
    ROUTES
        .iter()
        .filter(move |row| row.kind() != Kind::Socket && wanted(row))
}

#[tokio::test]
async fn whoever_has_no_place_in_a_home_sees_and_changes_nothing_of_it() {
    let cast = Cast::new().await;
    let (mina, before) = (&cast.world.mina, cast.world.stored().await);
    for (who, browser) in cast.outside() {
        for row in rows(|row| row.gives == Named) {
            let (status, text) = cast.ask(browser, row).await;
            let is_refused = match row.kind() {
                Kind::Form => status.is_redirection() || status.is_client_error(),
                _ if who == "stranger" => status == StatusCode::UNAUTHORIZED || status.is_redirection(),
                _ => status == StatusCode::NOT_FOUND,
            };
            assert!(is_refused, "{who}: {row:?}: {status}");
            assert!(!text.contains(mina.reading), "{who}: {row:?}");
        }
        for row in rows(|row| !row.is_mutation() && matches!(row.gives, Own | Home | Personal)) {
            let (_, text) = cast.ask(browser, row).await;
            assert!(!mina.is_in(&text), "{who}: {row:?}");
        }
    }
    assert_eq!(cast.world.stored().await, before);
}

#[tokio::test]
async fn everybody_of_a_home_sees_all_of_it() {
    let cast = Cast::new().await;
    let serial = cast.world.mina.who.serial(0);
    for (who, browser) in cast.inside() {
        for row in rows(|row| !row.is_mutation() && matches!(row.gives, Named | Own | Home | Personal)) {
            let (status, text) = cast.ask(browser, row).await;
            assert_eq!(status, StatusCode::OK, "{who}: {row:?}");
            let is_listed = !matches!(row.gives, Own | Home) || text.contains(&serial);
            assert!(is_listed, "{who}: {row:?}");
        }
    }
}

#[tokio::test]
async fn a_viewer_changes_nothing_and_a_member_nothing_that_is_the_owners() {
    let cast = Cast::new().await;
    let before = cast.world.stored().await;
    let refused =
        |row: &Row, who: &str| row.is_mutation() && row.gives == Named && (who == "viewer" || row.is_owners());
    for (who, browser) in [("viewer", &cast.viewer), ("member", &cast.member)] {
        for row in rows(|row| refused(row, who)) {
            let (status, _) = cast.ask(browser, row).await;
            assert!(
                status == StatusCode::FORBIDDEN || row.kind() == Kind::Form,
                "{who}: {row:?}: {status}"
            );
        }
    }
    assert_eq!(cast.world.stored().await, before);
}

#[tokio::test]
async fn a_member_may_change_what_is_everybodys_and_an_owner_everything() {
    for owner in [false, true] {
        let cast = Cast::new().await;
        let browser = if owner { &cast.world.mina.browser } else { &cast.member };
        let may = |row: &Row| row.gives == Named && row.kind() == Kind::Rest && (owner || !row.is_owners());
        // What is taken away is taken away last, and the device after what hangs on it.
        let changes = rows(|row| may(row) && row.is_mutation() && row.method != "DELETE");
        let removals: Vec<_> = rows(|row| may(row) && row.method == "DELETE").collect();
        for row in changes.chain(removals.into_iter().rev()) {
            let (status, text) = cast.ask(browser, row).await;
            assert!(status.is_success(), "owner: {owner}: {row:?}: {status} {text}");
        }
    }
}

#[tokio::test]
async fn what_is_the_shops_is_for_operators_alone_and_tells_them_nothing_of_a_home() {
    let cast = Cast::new().await;
    let (mina, before) = (&cast.world.mina, cast.world.stored().await);
    let outside = cast.outside().into_iter().filter(|(who, _)| *who != "operator");
    for (who, browser) in outside.chain(cast.inside()) {
        for row in rows(|row| row.gives == Operators) {
            let (status, _) = cast.ask(browser, row).await;
            let is_refused = status == StatusCode::FORBIDDEN
                || who == "stranger" && (status == StatusCode::UNAUTHORIZED || status.is_redirection());
            assert!(is_refused, "{who}: {row:?}: {status}");
        }
    }
    assert_eq!(cast.world.stored().await, before);

    for row in rows(|row| row.gives == Operators) {
        let (status, text) = cast.ask(&cast.operator, row).await;
        assert!(
            !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) && !status.is_server_error(),
            "{row:?}: {status}"
        );
        assert!(
            !text.contains(mina.reading) && !text.contains(&mina.who.email),
            "{row:?}"
        );
    }
}
