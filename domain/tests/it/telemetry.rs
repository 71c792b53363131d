//! Telemetry as honest devices send it.

use domain::reading::Measured;
use domain::time::Timestamp;
use domain::wire::telemetry::{Body, Sample, SampleId, decode, encode};
use proptest::prelude::*;

fn one(payload: &str) -> Sample {
    let mut items = decode(payload.as_bytes()).unwrap();
    assert_eq!(items.len(), 1, "{payload}");
    items.remove(0).unwrap()
}

fn plain(t: Option<f64>, h: Option<f64>) -> Sample {
    let body = Body::Measured(Measured { t, h });
    Sample {
        id: None,
        at: None,
        body,
        light: None,
        rssi: None,
        bat: None,
    }
}

#[test]
fn the_example_of_the_contract_is_understood() {
    let sample = one(r#"{"boot":12,"seq":1841,"at":1795161600000,"t":24.6,"h":58.2}"#);
    let expected = Sample {
        id: Some(SampleId { boot: 12, seq: 1841 }),
        at: Some(Timestamp::from_millis(1_795_161_600_000)),
        ..plain(Some(24.6), Some(58.2))
    };
    assert_eq!(sample, expected);
    assert_eq!(
        encode(&[expected]),
        r#"{"boot":12,"seq":1841,"at":1795161600000,"t":24.6,"h":58.2}"#
    );
}

#[test]
fn either_value_may_be_absent_or_null() {
    assert_eq!(one(r#"{"t":24.6}"#), plain(Some(24.6), None));
    assert_eq!(one(r#"{"h":58,"t":null}"#), plain(None, Some(58.0)));
    assert_eq!(
        one(r#"{"t":1,"h":2,"at":null,"boot":null,"seq":null,"err":null}"#),
        plain(Some(1.0), Some(2.0))
    );
}

#[test]
fn a_sensor_failure_is_a_sample_of_its_own() {
    let sample = one(r#"{"boot":1,"seq":2,"err":"checksum"}"#);
    assert_eq!(sample.body, Body::Failed("checksum".to_owned()));
    let long = one(&format!(r#"{{"err":"{}"}}"#, "온".repeat(500)));
    assert_eq!(long.body, Body::Failed("온".repeat(64)));
}

#[test]
fn extras_are_kept_inside_their_range_and_cost_no_reading_outside() {
    let sample = one(r#"{"t":20,"light":4095,"rssi":-61,"bat":87.4}"#);
    assert_eq!(
        (sample.light, sample.rssi, sample.bat),
        (Some(4095), Some(-61), Some(87))
    );
    let sample = one(r#"{"t":20,"light":4096,"rssi":1e300,"bat":-1}"#);
    assert_eq!((sample.light, sample.rssi, sample.bat), (None, None, None));
}

#[test]
fn an_integral_float_is_an_integer() {
    let sample = one(r#"{"boot":12.0,"seq":7e0,"at":1795161600000.0,"t":20}"#);
    assert_eq!(sample.id, Some(SampleId { boot: 12, seq: 7 }));
    assert_eq!(sample.at, Some(Timestamp::from_millis(1_795_161_600_000)));
}

#[test]
fn a_number_without_its_partner_is_no_id() {
    assert_eq!(one(r#"{"seq":7,"t":20}"#).id, None);
    assert_eq!(one(r#"{"boot":7,"t":20}"#).id, None);
}

#[test]
fn an_absurd_time_is_left_for_the_stamp_to_distrust() {
    for at in ["18446744073709551615", "1e300", "-1e300", "99999999999999999999999"] {
        let sample = one(&format!(r#"{{"at":{at},"t":20}}"#));
        assert!(sample.at.is_some(), "{at}");
    }
}

#[test]
fn unknown_fields_and_white_space_are_passed_over() {
    let payload = " \n{ \"t\" : 20 , \"new\" : {\"a\":[1,{\"b\":\"}],{\"}]} , \"h\" : 50 }\r\n";
    assert_eq!(one(payload), plain(Some(20.0), Some(50.0)));
}

#[test]
fn the_last_of_a_repeated_field_counts() {
    assert_eq!(one(r#"{"t":20,"t":21}"#), plain(Some(21.0), None));
}

#[test]
fn a_batch_of_512_is_read_in_order() {
    let samples: Vec<_> = (0..512).map(|i| plain(Some(f64::from(i) / 10.0), None)).collect();
    let read: Vec<_> = decode(encode(&samples).as_bytes()).unwrap();
    assert_eq!(read.into_iter().map(Result::unwrap).collect::<Vec<_>>(), samples);
}

fn any_sample() -> impl Strategy<Value = Sample> {
    let tenths = |range: std::ops::Range<i32>| range.prop_map(|n| f64::from(n) / 10.0);
    let measured = (prop::option::of(tenths(-400..800)), prop::option::of(tenths(0..1000)))
        .prop_filter("carries something", |(t, h)| t.is_some() || h.is_some())
        .prop_map(|(t, h)| Body::Measured(Measured { t, h }));
    let failed = "\\PC{0,64}".prop_map(Body::Failed);
    let id = (0..1_u64 << 53, 0..1_u64 << 53).prop_map(|(boot, seq)| SampleId { boot, seq });
    (
        prop::option::of(id),
        prop::option::of(any::<i64>().prop_map(Timestamp::from_millis)),
        prop_oneof![3 => measured, 1 => failed],
        prop::option::of(0..=4095_u16),
        prop::option::of(any::<i16>()),
        prop::option::of(0..=100_u8),
    )
        .prop_map(|(id, at, body, light, rssi, bat)| Sample {
            id,
            at,
            body,
            light,
            rssi,
            bat,
        })
}

proptest! {
    #[test]
    fn whatever_is_written_reads_back(samples in prop::collection::vec(any_sample(), 1..40)) {
        let read = decode(encode(&samples).as_bytes()).unwrap();
        let read: Vec<_> = read.into_iter().map(Result::unwrap).collect();
        prop_assert_eq!(read, samples);
    }
}
