//! What differs and what is done about it, without a broker.

use std::collections::BTreeSet;

use domain::serial::Serial;
use serde_json::{Value, json};

use super::wanted::{Client, Differences, compare, read_rules, repair, role_of, rules_of, write_rule};
use super::wire::{self, Answer};

const MARK: &str = "0123456789abcdef";

fn serial() -> Serial {
    "TL-7K3F9Q2M".parse().unwrap()
}

fn answer(data: Value) -> Answer {
    Answer { error: None, data }
}

fn client(change: &Value) -> Option<Client> {
    let mut client = json!({
        "username": "TL-7K3F9Q2M", "clientid": "TL-7K3F9Q2M", "textdescription": format!("templog {MARK}"),
        "roles": [{"rolename": "device-TL-7K3F9Q2M", "priority": 0}], "groups": [],
    });
    for (name, value) in change.as_object().unwrap() {
        client[name] = value.clone();
    }
    Client::read(&answer(json!({"client": client})))
}

fn found(change: &Value, rules: Option<&BTreeSet<super::wanted::Rule>>) -> Differences {
    compare(serial(), MARK, client(change).as_ref(), rules)
}

fn names(found: Differences) -> Vec<String> {
    let message = wire::encode("t", repair(serial(), MARK, found, Some("secret")));
    let message: Value = serde_json::from_str(&message).unwrap();
    let commands = message["commands"].as_array().unwrap();
    commands
        .iter()
        .map(|command| command["command"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_is_as_it_must_be_is_not_touched() {
    let rules = rules_of(serial());
    let found = found(&json!({}), Some(&rules));
    assert!(found.is_none());
    assert!(names(found).is_empty());
}

#[test]
fn each_difference_is_repaired_by_the_least_that_does() {
    let rules = rules_of(serial());
    let table = [
        (
            json!({"textdescription": "templog 0000000000000000"}),
            vec!["modifyClient"],
            true,
        ),
        (json!({"textdescription": null}), vec!["modifyClient"], true),
        (json!({"clientid": "another"}), vec!["modifyClient"], false),
        (json!({"roles": []}), vec!["modifyClient"], false),
        (
            json!({"roles": [{"rolename": "admin"}, {"rolename": "device-TL-7K3F9Q2M"}]}),
            vec!["modifyClient"],
            false,
        ),
        (json!({"groups": [{"groupname": "x"}]}), vec!["modifyClient"], false),
        (json!({"disabled": true}), vec!["enableClient"], false),
    ];
    for (change, commands, password) in table {
        let found = found(&change, Some(&rules));
        assert_eq!(
            (names(found), found.need_password()),
            (commands.into_iter().map(str::to_owned).collect(), password),
            "{change}"
        );
    }
    let mut open = rules.clone();
    open.insert(("subscribePattern".to_owned(), "#".to_owned(), 2, true));
    assert_eq!(names(found(&json!({}), Some(&open))), ["modifyRole"]);
    assert_eq!(names(found(&json!({}), None)), ["createRole"]);
    let nothing = compare(serial(), MARK, None, None);
    assert_eq!(names(nothing), ["createRole", "createClient"]);
    assert!(nothing.need_password());
}

#[test]
fn rules_are_read_back_as_they_were_written() {
    let rules = rules_of(serial());
    let acls: Vec<_> = rules.iter().map(write_rule).collect();
    let role = answer(json!({"role": {"rolename": role_of(serial()), "acls": acls}}));
    assert_eq!(read_rules(&role), Some(rules));
    assert_eq!(read_rules(&answer(Value::Null)), None);
}

#[test]
fn answers_to_others_are_not_ours() {
    let payload = json!({"responses": [
        {"command": "getRole", "correlationData": "other:0", "data": {}},
        {"command": "getRole", "correlationData": "ours:1", "error": "Role not found"},
        {"command": "getRole"},
        {"command": "getRole", "correlationData": "ours:x"},
    ]});
    let answers = wire::decode("ours", payload.to_string().as_bytes());
    assert_eq!(
        answers,
        [(
            1,
            Answer {
                error: Some("Role not found".to_owned()),
                data: Value::Null
            }
        )]
    );
    assert!(wire::decode("ours", b"\xff").is_empty());
}
