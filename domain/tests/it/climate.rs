//! Units and derived values against published figures.

use domain::climate::{Celsius, Comfort, MouldRisk, RelativeHumidity, absolute_humidity, corner_humidity, dew_point};

fn air(t: f64, h: f64) -> (Celsius, RelativeHumidity) {
    (Celsius::new(t).unwrap(), RelativeHumidity::new(h).unwrap())
}

#[test]
fn units_accept_their_range_and_nothing_else() {
    for t in [-40.0, 0.0, 80.0] {
        assert!((Celsius::new(t).unwrap().get() - t).abs() < f64::EPSILON);
    }
    for t in [-40.01, 80.01, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(Celsius::new(t).is_err(), "{t}");
    }
    for h in [0.0, 100.0] {
        assert!(RelativeHumidity::new(h).is_ok(), "{h}");
    }
    for h in [-0.01, 100.01, f64::NAN, f64::INFINITY] {
        assert!(RelativeHumidity::new(h).is_err(), "{h}");
    }
}

/// Figures of the psychrometric chart at sea level.
#[test]
fn dew_point_agrees_with_the_tables() {
    for (t, h, expected) in [
        (25.0, 50.0, 13.9),
        (20.0, 60.0, 12.0),
        (30.0, 80.0, 26.2),
        (5.0, 100.0, 5.0),
    ] {
        let (t, h) = air(t, h);
        let dew = dew_point(t, h).unwrap();
        assert!((dew - expected).abs() < 0.06, "{dew} instead of {expected}");
    }
}

#[test]
fn perfectly_dry_air_has_no_dew_point() {
    let (t, h) = air(20.0, 0.0);
    assert_eq!(dew_point(t, h), None);
}

#[test]
fn absolute_humidity_agrees_with_the_tables() {
    for (t, h, expected) in [(25.0, 50.0, 11.5), (20.0, 100.0, 17.3), (0.0, 100.0, 4.85)] {
        let (t, h) = air(t, h);
        let grams = absolute_humidity(t, h);
        assert!((grams - expected).abs() < 0.06, "{grams} instead of {expected}");
    }
}

#[test]
fn comfort_names_what_harms_first() {
    for (t, h, expected) in [
        (22.0, 45.0, Comfort::Comfortable),
        (18.0, 60.0, Comfort::Comfortable),
        (17.9, 45.0, Comfort::Cold),
        (28.1, 45.0, Comfort::Hot),
        (22.0, 29.9, Comfort::Dry),
        (22.0, 60.1, Comfort::Humid),
        (15.0, 75.0, Comfort::Humid),
    ] {
        let (t, h) = air(t, h);
        assert_eq!(Comfort::of(t, h), expected, "{t:?} {h:?}");
    }
}

#[test]
fn a_corner_is_as_humid_as_its_temperature_makes_the_same_air() {
    // 20 °C at 60 % hold 10.4 g/m³; at 15.5 °C saturation is 13.2 g/m³ (as a vapour pressure: 1402 of 1760 Pa).
    let (t, h) = air(20.0, 60.0);
    assert!((corner_humidity(t, h) - 79.6).abs() < 0.3, "{}", corner_humidity(t, h));
    let (t, h) = air(20.0, 100.0);
    assert!(
        (corner_humidity(t, h) - 100.0).abs() < 1e-9,
        "a wet wall is not wetter than wet"
    );
}

#[test]
fn mould_is_warned_of_before_it_grows() {
    for (t, h, expected) in [
        (20.0, 45.0, MouldRisk::Low),
        (20.0, 52.0, MouldRisk::Low),
        (20.0, 55.0, MouldRisk::Possible),
        (20.0, 62.0, MouldRisk::High),
        (15.0, 75.0, MouldRisk::High),
    ] {
        let (t, h) = air(t, h);
        assert_eq!(MouldRisk::of(t, h), expected, "{t:?} {h:?}");
    }
}
