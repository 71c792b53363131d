//! Days and weeks of a real room, with our own restarts and a broker's in between.

use domain::alert::{Metric, Rule};
use domain::time::Timestamp;

use super::rig::{NOW, Rig};
use crate::store::rig::on_both;

const HOUSE: &str = include_str!("../../../../firmware/simulator/rooms/house.csv");
/// A device that measures every minute is missed after five, in minutes.
const PATIENCE_MIN: i64 = 5;

/// The first readings of the recorded kitchen.
fn kitchen(count: usize) -> Vec<f64> {
    let rows = HOUSE.lines().filter(|line| line.contains(",be-kitchen,"));
    rows.take(count)
        .map(|line| line.split(',').nth(2).unwrap().parse().unwrap())
        .collect()
}

/// What happens at a minute of the story.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Happens {
    /// The server is killed and starts again.
    Restart,
    /// The broker is away: nobody can be heard.
    Deaf,
}

/// The last reading before each gap that somebody listened to for long enough, by arithmetic alone.
fn true_gaps(measured: &[i64], deaf: &[i64]) -> Vec<i64> {
    let is_missed = |from: i64, to: i64| {
        let mut edges = vec![from];
        edges.extend(deaf.iter().copied().filter(|minute| (from..to).contains(minute)));
        edges.push(to);
        edges.windows(2).any(|stretch| stretch[1] - stretch[0] > PATIENCE_MIN)
    };
    let pairs = measured.windows(2).filter(|pair| is_missed(pair[0], pair[1]));
    pairs.map(|pair| pair[0]).collect()
}

fn at(minute: i64) -> Timestamp {
    NOW.plus_millis(minute * 60_000)
}

on_both! {
    async fn every_gap_is_found_once_and_none_is_invented_by_a_restart_of_server_or_broker(db: Db) {
        let mut rig = Rig::new(&db).await;
        rig.rule(Rule::Offline { after_s: 300 }).await;
        // Silences of a device that measures every minute, as [from, to): some too short to be missed.
        let silences = [(30, 33), (60, 75), (140, 144), (200, 320), (400, 430), (500, 507)];
        // The server restarts while all is well, in a short silence, just before one would be missed, and in a long one;
        // the broker is away in the middle of the night, twice.
        let restarts = [20, 31, 64, 142, 250, 405, 450, 503];
        let deafness = [(100, 130), (460, 470)];
        let happens = |minute: i64| {
            if deafness.iter().any(|(from, to)| (*from..*to).contains(&minute)) {
                return Some(Happens::Deaf);
            }
            restarts.contains(&minute).then_some(Happens::Restart)
        };
        let (temperatures, mut measured, mut deaf) = (kitchen(600), Vec::new(), Vec::new());
        for (minute, t) in (0..).zip(&temperatures) {
            rig.hand.set(at(minute));
            match happens(minute) {
                Some(Happens::Restart) => rig = rig.restarted().await,
                Some(Happens::Deaf) => rig.hear_nothing(),
                None => {}
            }
            if happens(minute).is_some() {
                deaf.push(minute);
            }
            let silent = silences.iter().any(|(from, to)| (*from..*to).contains(&minute));
            if !silent && happens(minute) != Some(Happens::Deaf) {
                rig.measure(&rig.device, *t).await;
                measured.push(minute);
            }
            rig.turn().await;
        }
        let mut found: Vec<_> = rig.alerts().await.iter().map(|alert| alert.from.unwrap().at).collect();
        found.reverse();
        let expected: Vec<_> = true_gaps(&measured, &deaf).into_iter().map(at).collect();
        assert_eq!(found, expected);
        assert_eq!(expected.len(), 3, "some of the silences are missed for good");
        assert!(rig.alerts().await.iter().all(|alert| alert.cleared_at.is_some()));
        rig.stop().await;
    }

    async fn a_day_of_wavering_around_a_limit_is_one_alert_and_one_end_for_each_true_episode(db: Db) {
        let rig = Rig::new(&db).await;
        rig.rule(Rule::Above { metric: Metric::T, limit: 26.0, hysteresis: 0.5, hold_s: 120 }).await;
        for minute in 0..1440 {
            let wavering = if minute % 2 == 0 { 0.1 } else { -0.1 };
            let truly = match minute % 720 {
                0..200 => 24.0,
                200..300 => 25.9,
                300..320 => 27.0,
                320..500 => 26.0,
                _ => 24.5,
            };
            rig.minute(truly + wavering).await;
            rig.turn().await;
            if minute % 30 == 0 {
                rig.post().await;
            }
        }
        let alerts = rig.alerts().await;
        assert_eq!(alerts.len(), 2, "{alerts:?}");
        assert!(alerts.iter().all(|alert| alert.cleared_at.is_some()));
        assert_eq!(rig.post().await.len(), 4, "each begins and ends once");
        rig.stop().await;
    }
}
