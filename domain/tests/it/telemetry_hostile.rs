//! Telemetry as broken and hostile devices send it: refused in words, neighbours unharmed.

use domain::reading::Measured;
use domain::wire::telemetry::{Body, decode};
use proptest::prelude::*;

/// Temperatures of the good items; `None` for each bad one.
fn temperatures(payload: &[u8]) -> Vec<Option<f64>> {
    let good = |item: Result<domain::wire::telemetry::Sample, _>| match item.ok()?.body {
        Body::Measured(Measured { t, .. }) => t,
        Body::Failed(_) => None,
    };
    decode(payload).unwrap().into_iter().map(good).collect()
}

#[test]
fn the_whole_payload_is_refused_with_a_reason() {
    let big = format!("[{}{{\"t\":20}}]", " ".repeat(65_536));
    let many = format!("[{}]", vec!["{\"t\":20}"; 513].join(","));
    let many_broken = format!("[{}]", vec!["{\"t\":NaN}"; 513].join(","));
    for (payload, reason) in [
        (&b""[..], "empty"),
        (b" \n", "empty"),
        (b"[]", "an empty array"),
        (b"[ ]", "an empty array"),
        (b"[", "an empty array"),
        (b"24.6", "neither an object nor an array"),
        (b"null", "neither an object nor an array"),
        (b"\"t\"", "neither an object nor an array"),
        (b"NaN", "neither an object nor an array"),
        (b"{", "not valid JSON"),
        (b"{\"t\":NaN}", "not valid JSON"),
        (b"{\"t\":1e999}", "not valid JSON"),
        (b"{\"t\":20} x", "not valid JSON"),
        (b"{\"t\":20}{\"t\":21}", "not valid JSON"),
        (b"{\"t\":20,\"x\":\"\xff\"}", "not UTF-8"),
        (big.as_bytes(), "larger than 64 KiB"),
        (many.as_bytes(), "more than 512 items"),
        (many_broken.as_bytes(), "more than 512 items"),
    ] {
        assert_eq!(decode(payload).unwrap_err().reason, reason);
    }
}

#[test]
fn a_wrong_type_is_named() {
    for (item, reason) in [
        (r#"{"t":"24.6","h":50}"#, "t must be a number"),
        (r#"{"t":true}"#, "t must be a number"),
        (r#"{"t":[20]}"#, "t must be a number"),
        (r#"{"t":{"c":20}}"#, "t must be a number"),
        (r#"{"t":20,"h":"50"}"#, "h must be a number"),
        (
            r#"{"t":20,"at":"2026-11-20T00:00:00Z"}"#,
            "at must be an integer, Unix milliseconds",
        ),
        (r#"{"t":20,"at":0.5}"#, "at must be an integer, Unix milliseconds"),
        (r#"{"t":20,"boot":1,"seq":-1}"#, "seq must be an integer from 0 to 2^53"),
        (
            r#"{"t":20,"boot":9007199254740992,"seq":1}"#,
            "boot must be an integer from 0 to 2^53",
        ),
        (
            r#"{"t":20,"boot":"1","seq":1}"#,
            "boot must be an integer from 0 to 2^53",
        ),
        (r#"{"err":5}"#, "err must be a string"),
        (r#"{"t":20,"light":"bright"}"#, "light must be a number"),
        ("{}", "neither t nor h nor err"),
        (r#"{"t":null,"h":null}"#, "neither t nor h nor err"),
        (r#"{"T":20}"#, "neither t nor h nor err"),
    ] {
        let alone = decode(item.as_bytes()).unwrap();
        assert_eq!(alone[0].as_ref().unwrap_err().reason, reason, "{item}");
        let batch = format!("[{{\"t\":1}},{item},{{\"t\":2}}]");
        assert_eq!(temperatures(batch.as_bytes()), [Some(1.0), None, Some(2.0)], "{item}");
    }
}

#[test]
fn one_bad_item_never_spoils_its_neighbours() {
    for bad in [
        "5",
        "null",
        "\"text\"",
        "[]",
        "[[{\"t\":99}]]",
        "{\"t\":NaN}",
        "{\"t\":-Infinity,\"h\":50}",
        "{\"t\":1e999}",
        "{\"t\":}",
        "{t:20}",
        "{'t':20}",
        "{\"t\":20,}",
        "{\"t\":020}",
        "{\"t\":20 \"h\":50}",
        "{\"x\":\"},{\",\"t\":NaN}",
        "{\"x\":\"\\\"},{\",\"t\":NaN}",
        "{\"x\":[{\"t\":99},{\"t\":98}],\"t\":NaN}",
        "{\"t\":20}}",
        "{{\"t\":20}",
        "{\"x\":\"never closed,\"t\":20}",
        "{\"t\":20",
        "nonsense",
        "",
    ] {
        let batch = format!("[{{\"t\":1,\"h\":1}}, {bad} ,{{\"t\":2}} , {{\"t\":3}}]");
        let expected = [Some(1.0), None, Some(2.0), Some(3.0)];
        assert_eq!(temperatures(batch.as_bytes()), expected, "{bad}");
    }
}

#[test]
fn a_torn_off_batch_keeps_its_whole_items() {
    assert_eq!(
        temperatures(b"[{\"t\":1},{\"t\":2},{\"t\":"),
        [Some(1.0), Some(2.0), None]
    );
    assert_eq!(temperatures(b"[{\"t\":1},{\"t\":2}"), [Some(1.0), Some(2.0)]);
    assert_eq!(temperatures(b"[{\"t\":1},{\"t\":2},]"), [Some(1.0), Some(2.0)]);
}

#[test]
fn depth_bombs_are_read_without_overflowing_the_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [100, 127, 128, 129, 4_000] {
            let bomb = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let _ = decode(bomb.as_bytes());
            let _ = decode(open.repeat(depth).as_bytes());
            let batch = format!("[{{\"x\":{bomb},\"t\":1}},{{\"t\":{bomb}}},{{\"t\":2}}]");
            assert_eq!(temperatures(batch.as_bytes()), [Some(1.0), None, Some(2.0)], "{depth}");
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is tested")]
fn a_hostile_64_kib_payload_is_read_in_linear_time() {
    let start = std::time::Instant::now();
    for unit in [
        "{", "[", "\"", "},", "{\"", ",{", "},{\"", "}   ", "[{", "\\\"", ",", "]",
    ] {
        let payload = format!("[{}", unit.repeat(65_000 / unit.len()));
        let _ = decode(payload.as_bytes());
    }
    // Starting over at every item would cost billions of steps for each of them.
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

/// Pieces of JSON, so that random text gets past the first byte.
fn json_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "\"",
        "\"t\":",
        "\"h\":",
        "\"at\":",
        "\"boot\":",
        "\"seq\":",
        "\"err\":",
        "20.5",
        "-0",
        "1e999",
        "NaN",
        "null",
        "true",
        "\"x\"",
        "\\",
        "\\u12",
        " ",
        "9",
        "é",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_bytes_make_the_decoder_panic(bytes: Vec<u8>) {
        let _ = decode(&bytes);
    }

    #[test]
    fn no_json_like_text_makes_the_decoder_panic(text in json_like(), array: bool) {
        let payload = if array { format!("[{text}") } else { text };
        if let Ok(items) = decode(payload.as_bytes()) {
            prop_assert!((1..=512).contains(&items.len()));
        }
    }

    /// Whatever stands between the braces of one item, as long as its quotes are closed.
    #[test]
    fn rubbish_between_braces_spoils_nothing_else(
        rubbish in "[^\"\\\\{}\\[\\]]{0,40}",
        before in 0..5_usize,
        after in 0..5_usize,
    ) {
        let good = |n: usize| vec!["{\"t\":20}".to_owned(); n];
        let items = [good(before), vec![format!("{{!{rubbish}}}")], good(after)].concat();
        let payload = format!("[{}]", items.join(","));
        let expected: Vec<_> =
            (0..=before + after).map(|i| (i != before).then_some(20.0)).collect();
        prop_assert_eq!(temperatures(payload.as_bytes()), expected);
    }
}
