//! Whether an account exists cannot be told by the clock: two samples, taken in turns, look as if they came from one.
//!
//! Clocks on a busy machine only guess, so the question is statistical and asked up to three times: a real difference
//! shows every time, a passing one does not. That the work is the same is counted exactly in `work`.

use tokio::time::Instant;

use crate::harness::browser::Browser;
use crate::harness::test_app::TestApp;

const KNOWN: &str = "mina@home.example";
const UNKNOWN: &str = "nobody@home.example";
/// Pairs in one sample; what may be asked for an account before it is limited, times fresh addresses, bounds them.
const PAIRS: usize = 40;
/// Differences of medians below this are lost in any network, ms.
const NEGLIGIBLE_MS: f64 = 1.0;
/// |z| of the rank sum beyond which two samples of one kind are found once in a thousand times.
const CRITICAL: f64 = 3.29;

/// What a stranger asks that could tell.
type Ask = fn(usize, bool) -> (&'static str, Vec<(&'static str, String)>);

/// Every pair has addresses of its own, so that no limit is met.
fn address(pair: usize, exists: bool) -> String {
    let (name, host) = if exists { KNOWN } else { UNKNOWN }
        .split_once('@')
        .expect("an address");
    format!("{name}{pair}@{host}")
}

fn sign_in(pair: usize, exists: bool) -> (&'static str, Vec<(&'static str, String)>) {
    let fields = vec![
        ("email", address(pair, exists)),
        ("password", "only a guess".to_owned()),
    ];
    ("/sign-in", fields)
}

fn sign_up(pair: usize, exists: bool) -> (&'static str, Vec<(&'static str, String)>) {
    let fields = vec![
        ("email", address(pair, exists)),
        ("password", "tulips on the oven 91".to_owned()),
    ];
    ("/sign-up", fields)
}

fn forgot(pair: usize, exists: bool) -> (&'static str, Vec<(&'static str, String)>) {
    ("/forgot-password", vec![("email", address(pair, exists))])
}

async fn time(browser: &Browser, (path, fields): (&str, Vec<(&str, String)>), forwarded: &str) -> f64 {
    let request = browser
        .request(reqwest::Method::POST, path)
        .header("origin", browser.origin());
    let request = request.header("x-forwarded-for", forwarded).form(&fields);
    let begun = Instant::now();
    let answer = request.send().await.expect("the server answers");
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    assert_eq!(answer.status(), 303, "{path}");
    assert!(
        !answer.headers().contains_key("retry-after"),
        "{path}: limits are not what is measured"
    );
    took
}

fn median(sample: &[f64]) -> f64 {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// z of the Mann-Whitney rank sum: about normal if both samples come from one distribution.
fn rank_z(one: &[f64], other: &[f64]) -> f64 {
    let wins: f64 = one
        .iter()
        .flat_map(|x| {
            other.iter().map(move |y| {
                if x > y {
                    1.0
                } else if x < y {
                    0.0
                } else {
                    0.5
                }
            })
        })
        .sum();
    let (n, m) = (count(one), count(other));
    (wins - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt()
}

fn count(sample: &[f64]) -> f64 {
    f64::from(u32::try_from(sample.len()).expect("samples are small"))
}

fn look_alike(one: &[f64], other: &[f64]) -> bool {
    (median(one) - median(other)).abs() < NEGLIGIBLE_MS || rank_z(one, other).abs() < CRITICAL
}

#[tokio::test]
async fn no_clock_tells_whether_an_account_exists() {
    for (number, ask) in [sign_in as Ask, sign_up, forgot].into_iter().enumerate() {
        let mut seen = String::new();
        let mut is_alike = false;
        for round in 0..3 {
            let app = TestApp::spawn_with(crate::harness::test_app::Options {
                trusted_proxies: "127.0.0.1",
                ..Default::default()
            })
            .await;
            for pair in 0..PAIRS {
                app.account(&address(pair, true), false).await;
            }
            let browser = app.browser();
            let (mut known, mut unknown) = (Vec::new(), Vec::new());
            for pair in 0..PAIRS {
                let forwarded = format!("198.51.{number}.{pair}");
                // Whoever comes first may find everything cold.
                for exists in [pair % 2 == 0, pair % 2 != 0] {
                    let took = time(&browser, ask(pair, exists), &forwarded).await;
                    let sample = if exists { &mut known } else { &mut unknown };
                    sample.push(took);
                }
            }
            app.stop().await;
            is_alike = look_alike(&known, &unknown);
            if is_alike {
                break;
            }
            let (k, u, z) = (median(&known), median(&unknown), rank_z(&known, &unknown));
            seen = format!("{seen}\nround {round}: {k:.2} ms with an account, {u:.2} ms without, z {z:.1}");
        }
        assert!(is_alike, "{}:{seen}", ask(0, true).0);
    }
}

#[test]
fn a_difference_that_tells_is_found() {
    let one: Vec<f64> = (0..40).map(|n| 20.0 + f64::from(n) / 10.0).collect();
    let slower: Vec<f64> = one.iter().map(|x| x + 3.0).collect();
    assert!(look_alike(&one, &one));
    assert!(!look_alike(&one, &slower) && !look_alike(&slower, &one));
}
