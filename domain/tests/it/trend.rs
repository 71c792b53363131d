//! The trend of the last hour.

use domain::time::Timestamp;
use domain::trend::{Direction, trend};

const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

/// One reading a minute over the last `minutes`, temperature by age in minutes.
fn readings(minutes: i64, t: impl Fn(f64) -> f64) -> Vec<(Timestamp, f64)> {
    (0..=minutes)
        .rev()
        .map(|age| (NOW.plus_millis(-60_000 * age), t(age as f64)))
        .collect()
}

#[test]
fn a_steady_climb_is_measured_over_the_last_hour() {
    let trend = trend(NOW, &readings(180, |age| 24.0 - 0.02 * age)).unwrap();
    assert_eq!(trend.direction(), Direction::Rising);
    assert!(
        (trend.delta_c - 0.02 * f64::from(trend.minutes)).abs() < 0.02,
        "{trend:?}"
    );
    assert!((45..=60).contains(&trend.minutes), "{trend:?}");
}

#[test]
fn cooling_is_falling() {
    let trend = trend(NOW, &readings(60, |age| 20.0 + 0.05 * age)).unwrap();
    assert_eq!(trend.direction(), Direction::Falling);
    assert!(trend.delta_c < -2.0, "{trend:?}");
}

#[test]
fn the_sensors_noise_is_steady() {
    let noise = |age: f64| 21.0 + if age % 2.0 > 0.5 { 0.1 } else { -0.1 };
    assert_eq!(trend(NOW, &readings(60, noise)).unwrap().direction(), Direction::Steady);
}

#[test]
fn one_reading_every_ten_minutes_is_enough() {
    let sparse: Vec<_> = (0..=6)
        .rev()
        .map(|i| (NOW.plus_millis(-600_000 * i), 20.0 - i as f64))
        .collect();
    let trend = trend(NOW, &sparse).unwrap();
    assert_eq!(trend.minutes, 60);
    assert!((trend.delta_c - 6.0).abs() < 1e-9);
}

#[test]
fn too_little_or_too_old_says_nothing() {
    assert_eq!(trend(NOW, &[]), None);
    assert_eq!(trend(NOW, &readings(29, |_| 20.0)), None);
    assert!(trend(NOW, &readings(30, |_| 20.0)).is_some());
    assert_eq!(trend(NOW.plus_millis(31 * 60_000), &readings(90, |_| 20.0)), None);
}
