//! What a broken or hostile device might say.

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use crate::doors::site::Sold;

const SCRAPS: &[&str] = &[
    "",
    " ",
    "{",
    "}",
    "[",
    "]",
    "[]",
    "{}",
    "null",
    "true",
    "0",
    "-",
    "NaN",
    "\"",
    "\"\"",
    "[{}]",
    "[[]]",
    "{\"t\":}",
    "{\"t\":NaN}",
    "{\"t\":1e999}",
    "{\"t\":-1e999,\"h\":1e-999}",
    "{\"t\":\"21.5\"}",
    "{\"t\":[21.5]}",
    "{\"t\":{}}",
    "{\"t\":21.5,}",
    "{\"t\":21.5}{\"t\":21.5}",
    "{\"t\":null,\"h\":null}",
    "{\"at\":1,\"h\":\"x\"}",
    "{t:21.5}",
    "{\"t\":0x15}",
    "{\"boot\":-1,\"seq\":1,\"t\":\"\"}",
    "{\"boot\":1e30,\"t\":true}",
    "{\"online\":true}",
    "{\"online\":\"yes\"}",
    "{\"online\":true,\"interval_s\":0}",
    "{\"t\":\"\\ud800\"}",
    "{\"err\":5}",
    "\u{feff}{\"t\":21.5",
    "{\"온도\":21.5}",
    "{\"t\":21.5\0}",
    "// {\"t\":21.5}",
];

const LEVELS: &[&str] = &[
    "templog",
    "v1",
    "v2",
    "telemetry",
    "status",
    "reply",
    "ack",
    "cmd",
    "restart",
    "$SYS",
    "$share",
    "",
    " ",
    "..",
    "TL-",
    "TL-00000000",
    "tl-7k3f9q2m",
    "온도",
    "\u{1f321}",
    "%u",
    "a\"b",
    "\\",
    "<script>",
    "'; DROP TABLE readings; --",
];

/// A payload that holds no reading.
pub fn payload(random: &mut StdRng) -> Vec<u8> {
    match random.random_range(0..100) {
        0..30 => SCRAPS.choose(random).expect("there are scraps").as_bytes().to_vec(),
        30..60 => noise(random),
        60..75 => cut_short(random),
        75..85 => list_of_scraps(random),
        85..95 => nested(random),
        95..99 => wrong_types(random),
        _ => vec![b'['; random.random_range(1..70_000)],
    }
}

/// A topic that no device may publish to, and that is none of a good device's; without wildcards, which are a breach
/// of the protocol itself.
pub fn topic(random: &mut StdRng, own: &Sold) -> String {
    match random.random_range(0..3) {
        0 => own.topic(
            ["ack", "cmd/x", "telemetry/x", "telemetry ", "Telemetry", ""]
                .choose(random)
                .expect("a leaf"),
        ),
        1 => format!("templog/v1/{}/telemetry", LEVELS.choose(random).expect("a level")),
        _ => {
            let levels: Vec<&str> = (0..random.random_range(2..9))
                .filter_map(|_| LEVELS.choose(random).copied())
                .collect();
            levels.join("/")
        }
    }
}

/// Bytes that are not even a packet.
pub fn packet(random: &mut StdRng) -> Vec<u8> {
    let mut bytes = noise(random);
    bytes.insert(0, random.random());
    bytes
}

fn noise(random: &mut StdRng) -> Vec<u8> {
    let mut bytes = vec![0; random.random_range(0..200)];
    random.fill(&mut bytes[..]);
    bytes
}

/// Without its last brace, JSON is none.
fn cut_short(random: &mut StdRng) -> Vec<u8> {
    let whole = b"{\"boot\":12,\"seq\":1841,\"at\":1795161600000,\"t\":24.6,\"h\":58.2}";
    whole[..random.random_range(0..whole.len())].to_vec()
}

fn list_of_scraps(random: &mut StdRng) -> Vec<u8> {
    let wrong = [
        "{\"t\":\"x\"}",
        "{}",
        "7",
        "null",
        "{\"t\":1e999}",
        "[{\"h\":50}]",
        "\"t\"",
        "{\"t\":nan}",
    ];
    let items: Vec<&str> = (0..random.random_range(1..600))
        .filter_map(|_| wrong.choose(random).copied())
        .collect();
    format!("[{}]", items.join(",")).into_bytes()
}

fn nested(random: &mut StdRng) -> Vec<u8> {
    let depth = random.random_range(1..5_000);
    let (open, close) = if random.random() { ("[", "]") } else { ("{\"t\":", "}") };
    format!("{}\"x\"{}", open.repeat(depth), close.repeat(depth)).into_bytes()
}

fn wrong_types(random: &mut StdRng) -> Vec<u8> {
    let values = ["\"\"", "[]", "{}", "true", "1e400", "\"NaN\"", "-", "[1]"];
    let mut value = || *values.choose(random).expect("a value");
    format!("{{\"t\":{},\"h\":{},\"at\":{}}}", value(), value(), value()).into_bytes()
}

#[test]
fn garbage_holds_no_reading() {
    use domain::wire::telemetry::decode;
    use rand::SeedableRng as _;

    let mut random = StdRng::seed_from_u64(1);
    for _ in 0..20_000 {
        let payload = payload(&mut random);
        let readings = decode(&payload).map_or(0, |items| items.iter().filter(|item| item.is_ok()).count());
        assert_eq!(readings, 0, "{}", String::from_utf8_lossy(&payload));
    }
}
