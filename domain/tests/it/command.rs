//! Commands and replies.

use domain::wire::command::{Command, Reply, Request};
use proptest::prelude::*;

const ALL: [Command; 5] = [
    Command::ReadNow,
    Command::Identify,
    Command::Set { interval_s: 60 },
    Command::Led { on: true },
    Command::Restart,
];

#[test]
fn every_command_reads_back_with_and_without_an_id() {
    for command in ALL {
        for id in [None, Some("7f3a".to_owned())] {
            let payload = command.payload(id.as_deref());
            let request = Command::parse(command.name(), payload.as_bytes());
            assert_eq!(request, Ok(Request { command, id }), "{payload}");
        }
    }
}

#[test]
fn a_set_command_is_written_as_in_the_contract() {
    assert_eq!(Command::Set { interval_s: 60 }.payload(None), r#"{"interval_s":60}"#);
    assert_eq!(Command::Led { on: true }.payload(None), r#"{"on":true}"#);
    assert_eq!(Command::ReadNow.payload(None), "{}");
}

#[test]
fn an_empty_payload_is_an_empty_object() {
    assert_eq!(Command::parse("identify", b" ").unwrap().command, Command::Identify);
}

#[test]
fn wrong_arguments_are_refused_with_a_reason() {
    for (name, payload, reason) in [
        ("set", "{}", "interval_s must be 1 to 86400"),
        ("set", r#"{"interval_s":0}"#, "interval_s must be 1 to 86400"),
        ("set", r#"{"interval_s":4294967296}"#, "interval_s must be 1 to 86400"),
        ("led", r#"{"on":1}"#, "on must be true or false"),
        ("explode", "{}", "unknown command"),
        ("restart", "[]", "a command's payload is a JSON object"),
        ("restart", "{", "not valid JSON"),
    ] {
        let refused = Command::parse(name, payload.as_bytes()).unwrap_err();
        assert_eq!(refused.reason, reason, "{name} {payload}");
    }
}

#[test]
fn replies_are_written_as_in_the_contract() {
    let done = Reply::done(Some("7f3a".to_owned())).with("t", 24.6);
    assert_eq!(done.encode(), r#"{"ok":true,"id":"7f3a","t":24.6}"#);
    assert_eq!(Reply::decode(done.encode().as_bytes()), Ok(done));
    let failed = Reply::failed(None, "the sensor failed");
    assert_eq!(failed.encode(), r#"{"ok":false,"error":"the sensor failed"}"#);
    assert_eq!(Reply::decode(failed.encode().as_bytes()), Ok(failed));
}

proptest! {
    #[test]
    fn no_bytes_make_the_parsers_panic(bytes: Vec<u8>, pick in 0..5_usize) {
        let _ = Command::parse(ALL[pick].name(), &bytes);
        let _ = Reply::decode(&bytes);
    }
}
