//! `docs/security.md` promises nothing that is not there: every requirement is answered once, every proof exists, and
//! the shares it tells are counted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Requirements of OWASP ASVS 5.0.0 at each level.
const AT_LEVEL: [(&str, usize); 2] = [("1", 70), ("2", 183)];
const STATES: [&str; 4] = ["met", "n/a", "partly", "not met"];
/// Where tests live.
const SOURCES: [&str; 6] = [
    "app/src",
    "domain/src",
    "firmware",
    "frontend/src",
    "server",
    "xtask/src",
];

/// One line of the table.
struct Promise {
    number: String,
    level: String,
    state: String,
    proof: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn document() -> String {
    std::fs::read_to_string(root().join("docs/security.md")).expect("docs/security.md is there")
}

fn promises(document: &str) -> Vec<Promise> {
    let is_numbered = |line: &&str| {
        line.split(' ')
            .nth(1)
            .is_some_and(|number| number.matches('.').count() == 2)
    };
    let rows = document.lines().filter(|line| line.starts_with("| "));
    let promise = |line: &str| {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [number, level, _, state, proof] = cells[..] else {
            panic!("five cells: {line}");
        };
        let [number, level, state, proof] = [number, level, state, proof].map(str::to_owned);
        Promise {
            number,
            level,
            state,
            proof,
        }
    };
    rows.filter(is_numbered).map(promise).collect()
}

/// Names of all tests in Rust.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders: Vec<_> = SOURCES.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the project").flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                names.extend(tests_in(&std::fs::read_to_string(&path).expect("source text")));
            }
        }
    }
    names
}

fn tests_in(source: &str) -> Vec<String> {
    let mut is_test = false;
    let mut names = Vec::new();
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            is_test |= line.contains("test]") || line.contains("test(");
        } else if let Some(rest) = line.split("fn ").nth(1) {
            if is_test {
                names.push(rest.split(['(', '<']).next().unwrap_or_default().to_owned());
            }
            is_test = false;
        } else if !line.starts_with("//") {
            is_test = false;
        }
    }
    names
}

#[test]
fn every_requirement_of_both_levels_is_answered_once() {
    let promises = promises(&document());
    let numbers: BTreeSet<_> = promises.iter().map(|promise| &promise.number).collect();
    assert_eq!(numbers.len(), promises.len(), "each once");
    for (level, count) in AT_LEVEL {
        assert_eq!(
            promises.iter().filter(|promise| promise.level == level).count(),
            count,
            "level {level}"
        );
    }
    for promise in &promises {
        assert!(
            STATES.contains(&promise.state.as_str()),
            "{}: {}",
            promise.number,
            promise.state
        );
        assert!(!promise.proof.is_empty(), "{} says why", promise.number);
    }
}

#[test]
fn every_proof_exists() {
    let tests = tests();
    assert!(tests.contains("every_proof_exists"), "tests are found");
    let document = document();
    let is_sentence = |word: &&str| word.matches('_').count() >= 3 && !word.contains(['/', '.', ' ', '-']);
    for named in document.split('`').skip(1).step_by(2).filter(is_sentence) {
        let is_test = named.starts_with(char::is_uppercase) || tests.contains(named);
        assert!(is_test, "there is no test {named}");
    }
    for promise in promises(&document) {
        let mut proofs = promise.proof.split('`').skip(1).step_by(2).peekable();
        if promise.state == "met" {
            assert!(proofs.peek().is_some(), "{} names a test or a file", promise.number);
        }
        for proof in proofs {
            let is_file = proof.contains(['/', '.']);
            let exists = if is_file {
                root().join(proof).exists()
            } else {
                tests.contains(proof)
            };
            assert!(exists, "{}: there is no {proof}", promise.number);
        }
    }
}

#[test]
fn the_shares_that_are_told_are_the_shares_there_are() {
    let document = document();
    let promises = promises(&document);
    for (level, all) in AT_LEVEL {
        let count = |state: &str| {
            let same = promises
                .iter()
                .filter(|promise| promise.level == level && promise.state == state);
            same.count()
        };
        let [met, na, partly, not_met] = STATES.map(count);
        let line = format!("| {level} | {all} | {met} | {na} | {partly} | {not_met} |");
        assert!(document.contains(&line), "write: {line}");
    }
}
