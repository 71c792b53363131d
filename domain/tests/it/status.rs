//! Status payloads, birth and will.

use domain::wire::status::{Status, decode, encode};
use proptest::prelude::*;

#[test]
fn birth_and_will_are_written_as_in_the_contract() {
    let birth = Status {
        online: true,
        boot: Some(12),
        fw: Some("1.4.0".to_owned()),
        interval_s: Some(60),
    };
    assert_eq!(
        encode(&birth),
        r#"{"online":true,"boot":12,"fw":"1.4.0","interval_s":60}"#
    );
    assert_eq!(decode(encode(&birth).as_bytes()), Ok(birth));
    assert_eq!(encode(&Status::offline()), r#"{"online":false}"#);
    assert_eq!(decode(br#"{"online":false}"#), Ok(Status::offline()));
}

#[test]
fn fields_of_a_newer_firmware_are_passed_over() {
    let status = decode(br#"{"online":true,"mood":{"good":[1,2]},"boot":null}"#).unwrap();
    assert_eq!(
        status,
        Status {
            online: true,
            ..Status::offline()
        }
    );
}

#[test]
fn anything_else_is_malformed() {
    for payload in [
        &b""[..],
        b"online",
        b"{}",
        b"[]",
        br#"{"online":"yes"}"#,
        br#"{"online":true,"boot":-1}"#,
        br#"{"online":true,"interval_s":0}"#,
        br#"{"online":true,"interval_s":86401}"#,
        br#"{"online":true,"interval_s":1.5}"#,
        br#"{"online":true"#,
        b"\xff\xfe",
    ] {
        assert!(decode(payload).is_err(), "{}", String::from_utf8_lossy(payload));
    }
    let long = format!(r#"{{"online":true,"fw":"{}"}}"#, "x".repeat(65));
    assert!(decode(long.as_bytes()).is_err());
}

proptest! {
    #[test]
    fn no_bytes_make_the_decoder_panic(bytes: Vec<u8>) {
        let _ = decode(&bytes);
    }
}
