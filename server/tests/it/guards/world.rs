//! Two households that know nothing of each other, with one of everything that an address can name.

use std::collections::BTreeMap;

use domain::time::Timestamp;
use reqwest::StatusCode;
use serde_json::json;
use sqlx::Row as _;

use super::table::{Kind, Row};
use crate::harness::browser::Browser;
use crate::harness::flashed::{self, Flashed};
use crate::harness::test_app::{Options, Resident, TestApp};

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);

/// What changes by merely being here.
const NOT_COMPARED: [&str; 6] = [
    "_sqlx_migrations",
    "audit_events",
    "leases",
    "sessions",
    "sqlite_sequence",
    "tokens",
];

/// What addresses name: for each noun before a `{parameter}`, one that exists.
pub struct Things(BTreeMap<&'static str, String>);

/// Somebody, what they have, and the browser in which they are signed in.
pub struct Household {
    pub who: Resident,
    pub things: Things,
    pub browser: Browser,
    /// What their sensor says: not to be seen by others.
    pub reading: &'static str,
    /// Their device, which does what it is told.
    _device: Flashed,
}

/// The server and the two households.
pub struct World {
    pub app: TestApp,
    pub mina: Household,
    pub juno: Household,
}

impl Things {
    /// One of each noun that `resident` has.
    async fn of(app: &TestApp, resident: &Resident) -> Self {
        app.token(resident.id).await;
        // A number that is found nowhere else in an answer.
        let token = resident.id.0 + 880_077_000_000;
        sqlx::query("UPDATE tokens SET id = ? WHERE user_id = ?")
            .bind(token)
            .bind(resident.id.0)
            .execute(app.db.pool())
            .await
            .unwrap();
        let (rule, alert) = (70_000_000 + resident.id.0, 80_000_000 + resident.id.0);
        for (statement, id) in [
            (
                "INSERT INTO rules (id, device_id, definition, enabled, by_mail, by_push, danger, repeat_s, created_at) \
                 SELECT ?, id, '{\"kind\":\"fault\"}', 1, 1, 1, 0, 0, 0 FROM devices WHERE serial = ?",
                rule,
            ),
            (
                "INSERT INTO alerts (id, rule_id, device_id, household_id, definition, danger, repeat_s, fired_at, \
                 noticed_at) SELECT ?, 1, id, household_id, '{\"kind\":\"fault\"}', 0, 0, id, 0 FROM devices WHERE serial = ?",
                alert,
            ),
        ] {
            let query = sqlx::query(statement).bind(id).bind(resident.serial(0));
            query.execute(app.db.pool()).await.expect("a row is stored");
        }
        Self(BTreeMap::from([
            ("tokens", token.to_string()),
            ("alerts", alert.to_string()),
            ("commands", "identify".to_owned()),
            ("devices", resident.serial(0)),
            ("rules", rule.to_string()),
            ("orders", "0".repeat(32)),
            ("products", resident.serial(0)),
        ]))
    }

    /// Of each noun one that was never made, in the same shape.
    pub fn of_nobody() -> Self {
        Self(BTreeMap::from([
            ("tokens", "990077999999".to_owned()),
            ("alerts", "99999999".to_owned()),
            ("commands", "identify".to_owned()),
            ("rules", "99999999".to_owned()),
            ("devices", "TL-ZZZZZZZZ".to_owned()),
            ("orders", "0".repeat(32)),
            ("products", "TL-ZZZZZZZZ".to_owned()),
        ]))
    }

    /// # Panics
    /// If there is no such noun.
    pub fn find(&self, noun: &str) -> &str {
        let thing = self.0.get(noun);
        thing.unwrap_or_else(|| panic!("guards/world.rs makes no thing for the parameter after `{noun}/`"))
    }

    /// The same text with `other`'s things in the place of these.
    pub fn replace_by(&self, other: &Self, text: &str) -> String {
        let things = self.0.iter();
        things.fold(text.to_owned(), |text, (noun, thing)| {
            text.replace(thing, other.find(noun))
        })
    }
}

impl World {
    /// Both have a device with a reading.
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// On a server as the test wants it; its clock stands still.
    pub async fn with(options: Options) -> Self {
        let stopped_at = Some(START);
        let app = TestApp::spawn_with(Options { stopped_at, ..options }).await;
        let mina = Household::new(&app, "mina@home.example", "37.5").await;
        let juno = Household::new(&app, "juno@other.example", "27.25").await;
        Self { app, mina, juno }
    }

    /// Everything that is stored, but for what changes by merely being here.
    pub async fn stored(&self) -> BTreeMap<String, Vec<String>> {
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
        let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(self.app.db.pool()).await.unwrap();
        let mut stored = BTreeMap::new();
        for table in tables
            .into_iter()
            .filter(|table| !NOT_COMPARED.contains(&table.as_str()))
        {
            let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
                .bind(&table)
                .fetch_all(self.app.db.pool())
                .await
                .unwrap();
            let quoted: Vec<_> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
            let all = format!(
                "SELECT {} AS line FROM \"{table}\" ORDER BY line",
                quoted.join(" || ', ' || ")
            );
            let rows = sqlx::query(sqlx::AssertSqlSafe(all))
                .fetch_all(self.app.db.pool())
                .await
                .unwrap();
            let lines = rows.iter().map(|row| row.get::<String, _>("line"));
            stored.insert(table, lines.collect());
        }
        stored
    }
}

impl Household {
    async fn new(app: &TestApp, email: &str, reading: &'static str) -> Self {
        let who = app.resident(email, 1).await;
        let t: f64 = reading.parse().expect("a number");
        app.publish(&who.devices[0], json!({"at": START.as_millis(), "t": t, "h": 50.0}))
            .await;
        Self {
            things: Things::of(app, &who).await,
            browser: app.signed_in(&who).await,
            _device: Flashed::connect(app, &who.devices[0], flashed::honest).await,
            who,
            reading,
        }
    }

    /// Whether a text holds anything of theirs.
    pub fn is_in(&self, text: &str) -> bool {
        text.contains(&self.who.serial(0)) || text.contains(&self.who.email) || text.contains(self.reading)
    }
}

/// Asks a route about these things; status, target of a redirect and text, without what is new in every answer.
pub async fn ask(browser: &Browser, row: &Row, things: &Things, query: &str) -> (StatusCode, String, String) {
    let address = format!("{}{query}", row.address(things));
    let mut request = row.request(browser, &address);
    if row.kind() == Kind::Form {
        request = request.header("origin", browser.origin());
    }
    let answer = request.send().await.expect("the server answers");
    let header = |name: &str| {
        let value = answer.headers().get(name).map(|value| value.to_str().expect("ASCII"));
        value.unwrap_or_default().to_owned()
    };
    let (policy, location) = (header("content-security-policy"), header("location"));
    let after = policy.split("'nonce-").nth(1).unwrap_or_default();
    let nonce = after.split('\'').next().unwrap_or_default().to_owned();
    let status = answer.status();
    let text = answer.text().await.expect("text");
    let text = if nonce.is_empty() {
        text
    } else {
        text.replace(&nonce, "NONCE")
    };
    (status, location, text)
}
