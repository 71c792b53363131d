//! Both schemas: same versions, same tables, only types that are read alike.

use server::db::Db;
use server::error::Error;

use super::rig::on_both;

fn versions(dialect: &str) -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../migrations")
        .join(dialect);
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn both_dialects_have_the_same_migrations() {
    assert_eq!(versions("sqlite"), versions("mariadb"));
}

const TABLES: [&str; 24] = [
    "users",
    "sessions",
    "tokens",
    "households",
    "memberships",
    "devices",
    "device_states",
    "readings",
    "retimed",
    "slots",
    "rejects",
    "identities",
    "sign_in_steps",
    "totps",
    "recovery_codes",
    "passkeys",
    "rules",
    "rule_states",
    "alerts",
    "notices",
    "notification_settings",
    "errands",
    "vapid_keys",
    "push_subscriptions",
];

on_both! {
    async fn every_column_of_every_table_can_be_read(db: Db) {
        fill(&db).await;
        for table in TABLES {
            let sql = sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"));
            let rows = sqlx::query(sql).fetch_all(db.pool()).await.unwrap_or_else(|error| panic!("{table}: {error}"));
            assert_eq!(rows.len(), 1, "{table}");
        }
    }

    async fn migrating_twice_changes_nothing(db: Db) {
        fill(&db).await;
        db.migrate().await.unwrap();
        let users: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users").fetch_one(db.pool()).await.unwrap();
        assert_eq!(users, 1);
    }

    async fn a_migration_that_stopped_half_way_is_noticed(db: Db) {
        sqlx::query("UPDATE _sqlx_migrations SET success = ? WHERE version = 1")
            .bind(false).execute(db.pool()).await.unwrap();
        assert!(matches!(db.migrate().await, Err(Error::Migrate(_))));
    }

    async fn korean_survives_the_way_through_the_database(db: Db) {
        let mut tx = db.begin_write().await.unwrap();
        let now = domain::time::Timestamp::from_millis(1);
        server::db::households::insert_household(&mut tx, "우리 집 🏠", "Asia/Seoul", false, now).await.unwrap();
        tx.commit().await.unwrap();
        let name: String = sqlx::query_scalar("SELECT name FROM households").fetch_one(db.pool()).await.unwrap();
        assert_eq!(name, "우리 집 🏠");
    }

    async fn an_address_belongs_to_one_account_in_whatever_case(db: Db) {
        use server::db::users::{NewUser, find_user_by_email, insert_user};
        let now = domain::time::Timestamp::from_millis(1);
        let user = |email| NewUser { email, password_hash: None, verified_at: None, operator: false };
        let id = insert_user(&db, &user("Ada@Example.org"), now).await.unwrap();
        assert!(matches!(insert_user(&db, &user("ada@example.ORG"), now).await, Err(Error::Conflict)));
        let found = find_user_by_email(&db, "ADA@example.org ").await.unwrap().unwrap();
        assert_eq!((found.id, found.email.as_str()), (id, "ada@example.org"));
    }
}

/// One row in each table.
async fn fill(db: &Db) {
    for statement in [
        "INSERT INTO users (id, email, password_hash, locale, verified_at, operator, created_at) VALUES (1, 'a@b', 'x', 'ko', 1, 1, 1)",
        "INSERT INTO sessions (id, user_id, refresh_hash, previous_hash, rotated_at, expires_at, created_at, last_used_at, user_agent) VALUES (1, 1, 'a', 'b', 1, 1, 1, 1, 'x')",
        "INSERT INTO tokens (id, user_id, name, hash, created_at, last_used_at) VALUES (1, 1, 'x', 'x', 1, 1)",
        "INSERT INTO households (id, name, zone, demo, created_at) VALUES (1, 'x', 'UTC', 0, 1)",
        "INSERT INTO memberships (household_id, user_id, role) VALUES (1, 1, 'owner')",
        "INSERT INTO devices (id, serial, household_id, zone, model, password_hash, claim_hash, sold_at, claimed_at, fw) VALUES (1, 'TL-00000000', 1, 'UTC', 'x', 'x', 'x', 1, 1, 'x')",
        "INSERT INTO device_states (device_id, max_at, now_at, now_t, now_h, seen_at, will_at, memory) VALUES (1, 1, 1, 1.5, 1.5, 1, 1, X'00')",
        "INSERT INTO readings (device_id, at, t, h, flags) VALUES (1, 1, 1.5, NULL, 0)",
        "INSERT INTO retimed (device_id, boot, seq, at) VALUES (1, 1, 1, 1)",
        "INSERT INTO slots (device_id, start_at, end_at, day, cap_ms, n, covered_ms, t_sum, t_weight_ms, t_min, t_max) VALUES (1, 1, 2, '2026-01-01', 1, 1, 1, 1.5, 1, 1.5, 1.5)",
        "INSERT INTO rejects (id, device_id, at, reason, excerpt) VALUES (1, 1, 1, 'x', 'x')",
        "INSERT INTO identities (id, user_id, provider, subject, name, created_at, last_used_at) VALUES (1, 1, 'kakao', '7', 'x', 1, 1)",
        "INSERT INTO sign_in_steps (id, kind, user_id, data, tries, expires_at) VALUES ('x', 'code', 1, '{}', 0, 1)",
        "INSERT INTO totps (user_id, secret, last_step, confirmed_at, created_at) VALUES (1, 'x', 1, 1, 1)",
        "INSERT INTO recovery_codes (id, user_id, hash, used_at) VALUES (1, 1, 'x', 1)",
        "INSERT INTO passkeys (id, user_id, credential_hash, name, data, created_at, last_used_at) VALUES (1, 1, 'x', 'x', '{}', 1, 1)",
        "INSERT INTO rules (id, device_id, definition, enabled, by_mail, by_push, danger, repeat_s, quiet_from, quiet_to, created_at) VALUES (1, 1, '{}', 1, 1, 1, 0, 0, 1, 2, 1)",
        "INSERT INTO rule_states (rule_id, memory, due_at) VALUES (1, '{}', 1)",
        "INSERT INTO alerts (id, rule_id, device_id, household_id, definition, danger, repeat_s, fired_at, noticed_at, value, from_value, from_at, again_at, acked_at, acked_by, cleared_at, cleared_value) VALUES (1, 1, 1, 1, '{}', 0, 0, 1, 1, 1.5, 1.5, 1, 1, 1, 1, 1, 1.5)",
        "INSERT INTO notices (alert_id, user_id, letter, what, channel, created_at) VALUES (1, 1, 'x', 'fired', 'mail', 1)",
        "INSERT INTO vapid_keys (id, sealed, created_at) VALUES (1, 'x', 1)",
        "INSERT INTO push_subscriptions (id, user_id, session_id, endpoint_hash, endpoint, p256dh, auth, user_agent, created_at, last_ok_at, failing_since, last_error) VALUES (1, 1, 1, 'x', 'https://x', 'x', 'x', 'x', 1, 1, 1, 'x')",
        "INSERT INTO notification_settings (user_id, by_mail, quiet_from, quiet_to, danger_wakes) VALUES (1, 1, 1, 2, 1)",
        "INSERT INTO errands (id, device_id, alert_id, name, payload, made_at, expires_at, next_at, attempts, request, outcome, answer, settled_at) VALUES (1, 1, 1, 'led', '{}', 1, 2, 1, 1, 'x', 'done', 'x', 1)",
    ] {
        sqlx::query(statement)
            .execute(db.pool())
            .await
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}
