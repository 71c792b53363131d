//! `kill -9` at every moment between a reading and the mail that tells of it: one alert, at least one mail, and a second
//! one only if the mail server had the first before the server could note so.
//!
//! Every round has a person, a home and a device of its own, so that rounds need not wait for each other: a mail whose
//! sender was killed is sent by whoever lives when its claim lapses.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::time::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use server::alerts::{Keeper, Wanted};
use server::clock::Clock;
use server::db::Db;
use server::db::devices::{NewDevice, find_device, insert_device};
use server::db::households::{Role, insert_household, insert_membership};
use server::db::users::{NewUser, insert_user};

use super::rounds::{report, setting};
use super::world::World;
use crate::alerts::rig::{RISE, TERMS};
use crate::doors::raw::{Heard, Hello, Level, PUBACK, Packet, Raw};
use crate::doors::site::{Sold, hex, poll_for};
use crate::harness::process::wait_for;
use crate::harness::smtp::SmtpServer;

const ROUNDS: u32 = 4;
/// Nothing of ours takes longer.
const PATIENCE: Duration = Duration::from_secs(30);
/// As long as a claim on a mail can outlive whoever made it, and some time to send it then.
const CLAIM_PATIENCE: Duration = Duration::from_mins(2);

const ALERTS: &str = "SELECT COUNT(*) FROM alerts";
const WAITING: &str = "SELECT COUNT(*) FROM outbox WHERE state <> 'accepted'";

/// Somebody, and the only device of their home.
struct Resident {
    email: String,
    sold: Sold,
}

/// What the world looked like when the server was dead.
struct Body {
    /// Mails the mail server had.
    taken: usize,
    /// Whose mails the server had noted as accepted.
    noted: BTreeSet<String>,
}

async fn settle(db: &Db, number: u32, now: Timestamp) -> Resident {
    let (email, sold) = (
        format!("person-{number}@home.example"),
        Sold::new(1_000 + u64::from(number)),
    );
    let user = NewUser {
        email: &email,
        password_hash: None,
        verified_at: Some(now),
        operator: false,
    };
    let person = insert_user(db, &user, now).await.unwrap();
    let mut tx = db.begin_write().await.unwrap();
    let home = insert_household(&mut tx, "집", "Asia/Seoul", false, now).await.unwrap();
    insert_membership(&mut tx, home, person, Role::Owner).await.unwrap();
    let device = NewDevice {
        serial: sold.serial,
        household: Some(home),
        name: "거실",
        position: 0,
        zone: "Asia/Seoul",
        interval_s: 60,
        model: "test",
        password_hash: hex(&sold.password),
        password_sealed: None,
        claim_hash: hex("claim"),
    };
    insert_device(&mut tx, &device, now).await.unwrap();
    tx.commit().await.unwrap();
    let device = find_device(db, sold.serial).await.unwrap().unwrap();
    let wanted = Wanted {
        rule: RISE,
        terms: TERMS,
    };
    let keeper = Keeper {
        db,
        device: &device,
        now,
    };
    keeper.add(vec![wanted]).await.unwrap();
    Resident { email, sold }
}

/// A device that says one thing until it is acknowledged, whoever dies meanwhile.
struct Device<'s> {
    sold: &'s Sold,
    client: Raw,
}

impl<'s> Device<'s> {
    fn connect(world: &World, sold: &'s Sold) -> Self {
        let hello = Hello::device(Level::V5, sold.serial.as_str(), &sold.password);
        // A broker outside may still be reading whom it lets in.
        let client = wait_for(PATIENCE, || {
            let (client, answer) = Raw::try_connect(world.address(), &hello).ok()?;
            matches!(answer, Heard::Packet(Packet { first: 0x20, body }) if body[1] == 0).then_some(client)
        });
        Self {
            sold,
            client: client.expect("the broker lets it in"),
        }
    }

    fn say(&mut self, at: Timestamp, t: f64, id: u16) {
        let payload = format!(r#"{{"at":{},"t":{t},"h":50}}"#, at.as_millis());
        self.client
            .publish(&self.sold.topic("telemetry"), payload.as_bytes(), 1, id, false);
    }

    /// Whether it is acknowledged within this time.
    fn is_acknowledged(&mut self, patience: Duration) -> bool {
        matches!(self.client.hear(patience), Heard::Packet(packet) if packet.kind() == PUBACK)
    }
}

/// Kills the server after the device has said that the room is six degrees warmer, and starts it again.
async fn round(world: &mut World, smtp: &SmtpServer, resident: &Resident, random: &mut StdRng) -> Body {
    let now = Clock::system().now();
    let mut device = Device::connect(world, &resident.sold);
    device.say(now.plus_millis(-2_000), 22.0, 1);
    assert!(device.is_acknowledged(PATIENCE));
    device.say(now, 28.0, 2);
    let mut acknowledged = match random.random_range(0..4) {
        // Anywhere between the first byte and the commit, and beyond.
        0 => device.is_acknowledged(Duration::from_millis(random.random_range(1..40))),
        1 => device.is_acknowledged(PATIENCE),
        // While the mail is being handed over.
        2 => {
            smtp.asked_to_send_to(&resident.email).await;
            false
        }
        // The mail server has it; whether the server knows is chance.
        _ => {
            smtp.wait_for_mail_to(&resident.email).await;
            false
        }
    };
    world.server.kill9();
    smtp.quiet().await;
    let db = world.database().await;
    let noted: Vec<String> = sqlx::query_scalar("SELECT recipient FROM outbox WHERE state = 'accepted'")
        .fetch_all(db.pool())
        .await
        .unwrap();
    db.close().await;
    let body = Body {
        taken: smtp.taken().len(),
        noted: noted.into_iter().collect(),
    };
    world.server.restart();
    while !acknowledged {
        let mut again = Device::connect(world, &resident.sold);
        again.say(now, 28.0, 3);
        acknowledged = again.is_acknowledged(PATIENCE);
    }
    body
}

/// Compares what people got with what the server knew each time it died. Returns the number of doubles.
fn check_mails(smtp: &SmtpServer, residents: &[Resident], bodies: &[Body]) -> usize {
    let taken = smtp.taken();
    let mut copies: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, mail) in taken.iter().enumerate() {
        copies.entry(&mail.to).or_default().push(position);
    }
    for Resident { email, .. } in residents {
        let own = copies
            .get(email.as_str())
            .unwrap_or_else(|| panic!("{email} was never told"));
        let ids: BTreeSet<_> = own.iter().map(|mail| taken[*mail].header("Message-ID")).collect();
        assert_eq!(ids.len(), 1, "every copy to {email} is the same mail");
        for pair in own.windows(2) {
            let died_between = bodies.iter().any(|body| body.taken > pair[0] && body.taken <= pair[1]);
            assert!(died_between, "{email} got two from one life of the server");
        }
        for body in bodies.iter().filter(|body| body.noted.contains(email)) {
            assert!(
                own.iter().all(|mail| *mail < body.taken),
                "{email} got again what was noted as accepted"
            );
        }
    }
    taken.len() - copies.len()
}

async fn count(db: &Db, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(db.pool()).await.unwrap()
}

async fn kill_again_and_again(mut world: World, smtp: SmtpServer) {
    let seed = setting("TEMPLOG_CRASH_SEED").unwrap_or_else(rand::random);
    println!("TEMPLOG_CRASH_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let rounds = setting("TEMPLOG_CRASH_ROUNDS").unwrap_or(ROUNDS);
    let db = world.database().await;
    let mut residents = Vec::new();
    for number in 0..rounds {
        residents.push(settle(&db, number, Clock::system().now()).await);
    }
    let accounts: Vec<_> = residents.iter().map(|resident| resident.sold.account()).collect();
    world.let_in(&accounts);
    let mut bodies = Vec::new();
    for resident in &residents {
        bodies.push(round(&mut world, &smtp, resident, &mut random).await);
    }
    let all_sent = poll_for(CLAIM_PATIENCE, async || {
        let done = count(&db, ALERTS).await == i64::from(rounds) && count(&db, WAITING).await == 0;
        done.then_some(())
    });
    assert!(
        all_sent.await.is_some(),
        "every mail leaves in the end: {}",
        world.server.log()
    );
    let alerts = count(&db, ALERTS).await;
    let devices = count(&db, "SELECT COUNT(DISTINCT device_id) FROM alerts").await;
    assert_eq!(
        (alerts, devices),
        (i64::from(rounds), i64::from(rounds)),
        "one alert each"
    );
    let doubles = check_mails(&smtp, &residents, &bodies);
    report(&serde_json::json!({
        "door": world.door(), "kills": rounds, "alerts": alerts, "mails": smtp.taken().len(), "doubles": doubles,
    }));
}

/// Sends by this mail server.
fn mail_settings(url: &str) -> [(&str, &str); 2] {
    [("TEMPLOG_SMTP_URL", url), ("TEMPLOG_MAIL_FROM", "home@example.com")]
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_the_server_between_an_alert_and_its_mail_forgets_neither_with_everything_embedded() {
    let smtp = SmtpServer::start().await;
    let world = World::embedded_with(&mail_settings(&smtp.url()));
    kill_again_and_again(world, smtp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_the_server_between_an_alert_and_its_mail_forgets_neither_with_mosquitto_and_mariadb() {
    let smtp = SmtpServer::start().await;
    let world = World::linked_with(&mail_settings(&smtp.url()));
    kill_again_and_again(world, smtp).await;
}
