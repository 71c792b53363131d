//! What the files of `deploy` call things, against what they are called: a renamed metric or variable fails here and
//! not in somebody's cellar.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::harness::process::run;

fn deploy(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All words in `text` that begin with `prefix`.
fn words(text: &str, prefix: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.split(|letter| !is_part(letter))
        .filter(|word| word.starts_with(prefix))
        .map(str::to_owned)
        .collect()
}

/// Every metric the server's source names.
fn metrics() -> BTreeSet<String> {
    fn collect(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                found.extend(words(&text, "templog_"));
            }
        }
    }
    let mut found = BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

#[test]
fn alert_rules_and_dashboard_ask_only_for_metrics_that_there_are() {
    let there = metrics();
    for file in ["prometheus/templog.rules.yml", "grafana/templog.json"] {
        let asked = words(&deploy(file), "templog_");
        assert!(asked.len() > 5, "{file} asks for something");
        for metric in asked {
            let counted = metric.strip_suffix("_bucket").unwrap_or(&metric);
            assert!(there.contains(counted), "{file}: nobody counts {metric}");
        }
    }
}

#[test]
fn the_dashboard_is_json_and_its_panels_do_not_overlap() {
    let dashboard: serde_json::Value = serde_json::from_str(&deploy("grafana/templog.json")).unwrap();
    let places: Vec<_> = dashboard["panels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|panel| (panel["gridPos"]["x"].clone(), panel["gridPos"]["y"].clone()))
        .collect();
    let distinct: BTreeSet<_> = places.iter().map(|place| format!("{place:?}")).collect();
    assert_eq!(distinct.len(), places.len());
}

#[test]
fn the_composition_sets_only_variables_that_there_are_and_explains_those_it_asks_for() {
    let help = run(Command::new(env!("CARGO_BIN_EXE_templog")).args(["serve", "--help"]));
    let known = words(&String::from_utf8_lossy(&help.stdout), "TEMPLOG_");
    // These belong to the neighbours' own files.
    let neighbours = words(
        &(deploy("mosquitto/mosquitto.conf.template")
            + &deploy("mosquitto/start.sh")
            + &deploy("nginx/templog.conf.template")),
        "TEMPLOG_",
    );
    let example = deploy("example.env");
    let compose = deploy("compose.yaml");
    let asked: BTreeSet<_> = compose
        .split("${")
        .skip(1)
        .filter_map(|rest| rest.split([':', '}']).next())
        .collect();
    for variable in &asked {
        assert!(
            example.contains(&format!("{variable}=")),
            "example.env says nothing of {variable}"
        );
    }
    for variable in words(&compose, "TEMPLOG_") {
        let explained =
            known.contains(&variable) || neighbours.contains(&variable) || asked.contains(variable.as_str());
        assert!(explained || variable == "TEMPLOG_", "nobody reads {variable}");
    }
    for variable in words(&deploy("Dockerfile"), "TEMPLOG_") {
        assert!(known.contains(&variable), "Dockerfile: nobody reads {variable}");
    }
}
