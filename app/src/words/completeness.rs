//! Both languages say everything: same keys, same placeholders, no empty text.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const KO: &str = include_str!("../../locales/ko.json");
const EN: &str = include_str!("../../locales/en.json");

fn texts(json: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(
        "",
        &serde_json::from_str(json).expect("a locale file is JSON"),
        &mut found,
    );
    found
}

fn collect(prefix: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                collect(&format!("{prefix}.{key}"), value, found);
            }
        }
        Value::String(text) => {
            found.insert(prefix.to_owned(), text.clone());
        }
        other => panic!("{prefix} is {other}, not a text"),
    }
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split("{{")
        .skip(1)
        .filter_map(|rest| rest.split("}}").next())
        .map(str::trim)
        .collect()
}

#[test]
fn korean_and_english_have_the_same_keys_and_placeholders() {
    let (ko, en) = (texts(KO), texts(EN));
    assert_eq!(ko.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (key, text) in &ko {
        assert_eq!(placeholders(text), placeholders(&en[key]), "placeholders of {key}");
    }
}

#[test]
fn no_text_is_empty_and_every_korean_sentence_is_korean() {
    let (ko, en) = (texts(KO), texts(EN));
    for (key, text) in ko.iter().chain(&en) {
        assert!(!text.trim().is_empty(), "{key} is empty");
    }
    let untranslated: Vec<_> = ko
        .iter()
        .filter(|(key, text)| en[*key] == **text && text.chars().any(char::is_alphabetic))
        .map(|(key, _)| key.as_str())
        .collect();
    // A name, two units, and what is a number between signs.
    let same = [
        ".health.kilobytes",
        ".health.megabytes",
        ".site.name",
        ".status.calm_detail",
    ];
    assert_eq!(untranslated, same);
}
