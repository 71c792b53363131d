//! The program `templog` itself: its settings, its commands, and how it stops.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::process::{TemplogProcess, wait_for};

const PASSWORD: &str = "correct horse battery";

/// The program in an environment of its own, on a folder of its own.
fn templog(dir: &TempDir, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_templog"));
    command
        .args(args)
        .env_clear()
        .env("TEMPLOG_DATA_DIR", dir.path())
        .stdin(Stdio::null());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8")
}

fn with_input(mut command: Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be run");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    stdin.write_all(input.as_bytes()).expect("the program reads its input");
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

#[test]
fn a_wrong_setting_stops_the_start_with_one_line_that_says_what_to_change() {
    let dir = tempfile::tempdir().unwrap();
    let wrong = [
        ("TEMPLOG_HTTP_ADDR", "localhost"),
        ("TEMPLOG_PUBLIC_URL", "home.example"),
        ("TEMPLOG_DATABASE_URL", "postgres://u:hunter2@db/templog"),
        ("TEMPLOG_MQTT_URL", "broker:1883"),
        ("TEMPLOG_SMTP_URL", "http://u:hunter2@mail.example"),
        ("TEMPLOG_SECRET_KEY", "hunter2"),
    ];
    for (name, value) in wrong {
        let output = templog(&dir, &["serve"]).env(name, value).output().unwrap();
        let line = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert_eq!(line.trim_end().lines().count(), 1, "{line}");
        assert!(
            line.starts_with(&format!("templog: {name}: ")) && line.contains("(example: "),
            "{line}"
        );
        assert!(!line.contains("hunter2"), "{line}");
    }
}

#[test]
fn a_port_in_use_is_named_with_the_variable_that_moves_it() {
    let dir = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let output = templog(&dir, &["serve"])
        .env("TEMPLOG_HTTP_ADDR", &addr)
        .output()
        .unwrap();
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("TEMPLOG_HTTP_ADDR") && error.contains(&addr), "{error}");
}

#[test]
fn a_database_that_cannot_be_opened_is_told_at_once_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "this is no database at all, but some text that somebody wrote").unwrap();
    let (file, folder) = (file.display(), dir.path().display());
    let wrong = [
        ("TEMPLOG_DATABASE_URL", format!("sqlite://{folder}?mode=rwc")),
        ("TEMPLOG_DATABASE_URL", format!("sqlite://{file}?mode=rwc")),
        ("TEMPLOG_DATABASE_URL", format!("sqlite://{file}/templog.db?mode=rwc")),
        ("TEMPLOG_DATABASE_URL", format!("sqlite://{folder}/missing.db?mode=rw")),
        ("TEMPLOG_DATA_DIR", format!("{file}/data")),
    ];
    for (name, value) in wrong {
        let started = std::process::Command::new("timeout")
            .args(["10", env!("CARGO_BIN_EXE_templog"), "migrate"])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("TEMPLOG_DATA_DIR", dir.path())
            .env(name, &value)
            .output()
            .unwrap();
        let line = text(&started.stderr);
        assert_eq!(started.status.code(), Some(2), "{value}: {line}");
        assert_eq!(line.trim_end().lines().count(), 1, "{line}");
        assert!(line.contains(name) && line.contains("(example: "), "{value}: {line}");
    }
}

#[test]
fn settings_of_a_developer_are_read_from_a_file_by_serve_alone_and_the_real_environment_wins() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join(".env"),
        "TEMPLOG_HTTP_ADDR=not-an-address\nTEMPLOG_SECRET_KEY=hunter2\n",
    )
    .unwrap();
    let run = |args: &[&str], addr: Option<&str>| {
        let mut command = templog(&dir, args);
        command.current_dir(dir.path());
        if let Some(addr) = addr {
            command.env("TEMPLOG_HTTP_ADDR", addr);
        }
        command.output().unwrap()
    };
    let from_file = text(&run(&["serve"], None).stderr);
    assert!(from_file.starts_with("templog: TEMPLOG_HTTP_ADDR: "), "{from_file}");
    let real_wins = text(&run(&["serve"], Some("127.0.0.1:0")).stderr);
    assert!(real_wins.starts_with("templog: TEMPLOG_SECRET_KEY: "), "{real_wins}");
    assert!(!real_wins.contains("hunter2"), "{real_wins}");
    assert!(
        run(&["migrate"], None).status.success(),
        "other commands do not look at the file"
    );
}

#[test]
fn thousands_of_products_are_made_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let made = templog(&dir, &["product", "create", "--count", "2500"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", text(&made.stderr));
    let products: Value = serde_json::from_slice(&made.stdout).unwrap();
    let serials: std::collections::HashSet<_> = products.as_array().unwrap().iter().map(|one| &one["serial"]).collect();
    assert_eq!(serials.len(), 2500);
}

#[test]
fn accounts_products_and_tokens_are_made_on_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    let made = with_input(
        templog(&dir, &["user", "create", "mina@home.example"]),
        &format!("{PASSWORD}\n"),
    );
    assert!(made.status.success(), "{}", text(&made.stderr));

    let args = ["product", "create", "--count", "2", "--owner", "Mina@home.example"];
    let products = templog(&dir, &args).output().unwrap();
    let products: Value =
        serde_json::from_slice(&products.stdout).expect("standard output holds JSON and nothing else");
    assert_eq!(products.as_array().unwrap().len(), 2);
    assert_eq!(products[0]["mqtt"]["url"], "mqtt://localhost:1883");

    let token = templog(&dir, &["token", "create", "mina@home.example", "--name", "script"])
        .output()
        .unwrap();
    let token = text(&token.stdout);
    assert!(
        token.trim_end().starts_with("tl_") && token.trim_end().len() == 46,
        "{token}"
    );
}

#[test]
fn a_command_that_cannot_be_done_says_why_and_fails() {
    let dir = tempfile::tempdir().unwrap();
    let create = |email, password: &str| with_input(templog(&dir, &["user", "create", email]), password);
    assert!(create("mina@home.example", PASSWORD).status.success());
    let refused = [
        (create("mina@home.example", PASSWORD), "has an account already"),
        (create("juno@home.example", "short"), "8 to 256 characters"),
        (create("no address", PASSWORD), "not a mail address"),
        (
            templog(&dir, &["token", "create", "who@home.example", "--name", "x"])
                .output()
                .unwrap(),
            "has no account",
        ),
        (
            templog(&dir, &["product", "create", "--count", "0"]).output().unwrap(),
            "0 is not in 1..=100000",
        ),
    ];
    for (output, reason) in refused {
        assert!(!output.status.success(), "{reason}");
        assert!(
            text(&output.stderr).contains(reason),
            "{reason} in {}",
            text(&output.stderr)
        );
        assert_eq!(text(&output.stdout), "");
    }
}

#[test]
fn help_lists_the_commands_and_every_variable() {
    let dir = tempfile::tempdir().unwrap();
    let help = text(&templog(&dir, &["serve", "--help"]).output().unwrap().stdout);
    for name in [
        "TEMPLOG_HTTP_ADDR",
        "TEMPLOG_MQTT_URL",
        "TEMPLOG_DATABASE_URL",
        "TEMPLOG_SECRET_KEY",
        "127.0.0.1:3000",
    ] {
        assert!(help.contains(name), "{name} in {help}");
    }
}

#[test]
fn a_server_that_is_asked_to_stop_stops_within_five_seconds_and_without_an_error() {
    let mut server = TemplogProcess::start(&[]);
    // A connection that is kept open must not hold the server.
    let _idle = std::net::TcpStream::connect(server.http).unwrap();
    let (sent, ended) = std::sync::mpsc::channel();
    let stopping = std::thread::spawn(move || {
        sent.send(server.terminate()).expect("the test waits");
    });
    let code = ended.recv_timeout(Duration::from_secs(5)).expect("within five seconds");
    assert_eq!(code, Some(0));
    stopping.join().unwrap();
}

#[test]
fn the_secret_key_outlives_the_process_and_so_do_sessions() {
    let mut server = TemplogProcess::start(&[]);
    let key = server.data_dir().join("secret.key");
    let before = std::fs::read(&key).unwrap();
    server.restart();
    assert_eq!(std::fs::read(&key).unwrap(), before);
    assert!(wait_for(Duration::from_secs(5), || server.readyz()).is_some_and(|(status, _)| status == 200));
}
