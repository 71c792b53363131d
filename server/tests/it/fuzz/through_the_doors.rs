//! A hundred thousand messages through each door.

use std::thread;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::garbage;
use super::talkers::Talker;
use crate::doors::raw::{BOTH, Heard, Hello, Level, Raw, packet, publish};
use crate::doors::site::{PATIENCE, Site, Sold};
use crate::harness::mosquitto::{Mosquitto, SERVER};

const MESSAGES: u32 = 100_000;
const DEVICES: u32 = 50;

fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

fn seed() -> u64 {
    let seed = setting("TEMPLOG_FUZZ_SEED").unwrap_or_else(rand::random);
    println!("TEMPLOG_FUZZ_SEED={seed}");
    seed
}

/// Everybody talks at once; returns how many good readings each device has sent.
fn everybody_talks(site: &Site, devices: &[Sold], seed: u64) -> Vec<i64> {
    let messages = setting("TEMPLOG_FUZZ_MESSAGES").unwrap_or(MESSAGES) / DEVICES;
    thread::scope(|scope| {
        let talkers: Vec<_> = (seed..)
            .zip(devices)
            .zip(BOTH.into_iter().cycle())
            .map(|((seed, device), level)| {
                scope.spawn(move || {
                    let mut talker = Talker::new(site.address, device, level, seed);
                    talker.talk(messages);
                    talker.good
                })
            })
            .collect();
        talkers
            .into_iter()
            .map(|talker| talker.join().expect("no talker is thrown out"))
            .collect()
    })
}

async fn all_good_ones_are_stored(site: &Site, devices: &[Sold], good: &[i64]) {
    for (device, good) in devices.iter().zip(good) {
        site.wait_stored(device, *good).await;
    }
    assert!(
        !site.lifecycle.is_cancelled() && !site.intake_lifecycle.is_cancelled(),
        "a task has panicked"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_broker_survives_a_hundred_thousand_pieces_of_nonsense() {
    let devices = Sold::many(u64::from(DEVICES));
    let site = Site::embedded(&devices).await;
    let good = everybody_talks(&site, &devices, seed());
    all_good_ones_are_stored(&site, &devices, &good).await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_survives_a_hundred_thousand_pieces_of_nonsense() {
    let devices = Sold::many(u64::from(DEVICES));
    let mosquitto = Mosquitto::start(&devices.iter().map(Sold::account).collect::<Vec<_>>());
    let site = Site::linked(&mosquitto, &devices).await;
    let opened = site.running.health.state();
    let good = everybody_talks(&site, &devices, seed());
    all_good_ones_are_stored(&site, &devices, &good).await;
    assert_eq!(site.running.health.state(), opened, "the link never had to reconnect");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_that_only_look_like_ours_do_not_disturb_the_link() {
    let device = Sold::new(0);
    let mosquitto = Mosquitto::start(&[device.account()]);
    let site = Site::linked(&mosquitto, std::slice::from_ref(&device)).await;
    let opened = site.running.health.state();
    let mut random = StdRng::seed_from_u64(seed());
    // Somebody with more rights than a device.
    let mut client = Raw::connect(
        site.address,
        &Hello {
            client_id: "tool",
            ..Hello::device(Level::V5, SERVER.0, SERVER.1)
        },
    );
    for id in 1..=2_000 {
        let topic = garbage::topic(&mut random, &device);
        if !topic.is_empty() && !topic.starts_with('$') {
            client.publish_and_wait(&topic, &garbage::payload(&mut random), id);
        }
    }
    client.publish_and_wait(&device.topic("telemetry"), b"{\"t\":21.5}", 9_999);
    site.wait_stored(&device, 1).await;
    assert_eq!(site.running.health.state(), opened);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_packets_end_only_their_own_connection() {
    let devices = Sold::many(2);
    let site = Site::embedded(&devices).await;
    let mut random = StdRng::seed_from_u64(seed());
    let [broken, good] = [&devices[0], &devices[1]];
    let mut witness = Raw::connect(
        site.address,
        &Hello::device(Level::V4, good.serial.as_str(), &good.password),
    );
    for round in 0..1_000 {
        let level = BOTH[round % 2];
        let mut client = Raw::connect(
            site.address,
            &Hello::device(level, broken.serial.as_str(), &broken.password),
        );
        let bytes = match random.random_range(0..4) {
            0 => publish(level, "templog/v1/+/telemetry", b"{}", 1, 1, false),
            1 => publish(level, "", b"{}", 1, 1, false),
            2 => packet(random.random(), &garbage::packet(&mut random)),
            _ => garbage::packet(&mut random),
        };
        client.send(&bytes);
        drop(client);
    }
    for id in 1..=10 {
        witness.publish_and_wait(&good.topic("telemetry"), b"{\"t\":21.5}", id);
    }
    assert_eq!(site.stored(good).await, 10);
    let mut again = Raw::connect(
        site.address,
        &Hello::device(Level::V5, broken.serial.as_str(), &broken.password),
    );
    assert!(matches!(
        again.hear(std::time::Duration::from_millis(100)),
        Heard::Silence
    ));
    assert!(again.answers_ping());
    assert!(!site.lifecycle.is_cancelled() && site.lifecycle.drain(PATIENCE).await);
    site.stop().await;
}
