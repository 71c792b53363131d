//! A board that starts in 1970, and those who tell it better.

use device::calendar::{Calendar, Source};
use device::sntp::Query;
use device::{Config, Uptime};
use domain::time::Timestamp;

use crate::{EPOCH, climate, connected, device, drain, payloads, second, serial, wall};

#[test]
fn a_time_before_this_firmware_was_written_is_no_time() {
    let mut calendar = Calendar::default();
    assert!(!calendar.learn(second(1), Timestamp::from_millis(17_000), Source::Sntp));
    assert!(!calendar.learn(second(1), Timestamp::from_millis(i64::MAX), Source::Sntp));
    assert_eq!(calendar.at(second(2)), None);
    let mut device = connected(Config::new(serial()));
    device.on_sample(second(10), Some(Timestamp::from_millis(10_000)), climate(20.0, 50.0));
    device.on_clock(second(11), Timestamp::from_millis(11_000));
    assert_eq!(
        payloads(&drain(&mut device, second(11))),
        [r#"{"boot":12,"seq":0,"t":20,"h":50}"#]
    );
}

#[test]
fn a_time_server_is_believed_before_an_ack_and_an_ack_before_nothing() {
    let mut calendar = Calendar::default();
    assert!(calendar.learn(second(1), EPOCH, Source::Server));
    assert!(calendar.learn(second(2), EPOCH, Source::Sntp));
    assert!(!calendar.learn(second(3), EPOCH, Source::Server));
    assert_eq!(calendar.at(second(62)), Some(EPOCH.plus_millis(60_000)));
    let next_day = second(2 + 86_400);
    assert!(calendar.learn(next_day, wall(next_day), Source::Server));
}

#[test]
fn old_readings_without_a_time_wait_for_it() {
    let mut device = device(Config::new(serial()));
    for minute in 1..=10 {
        device.on_sample(second(minute * 60), None, climate(20.0, 50.0));
    }
    device.on_connected(second(630));
    assert_eq!(drain(&mut device, second(630)).len(), 1, "the status alone");
    device.on_sample(second(660), None, climate(21.0, 50.0));
    let live = drain(&mut device, second(661));
    assert_eq!(payloads(&live), [r#"{"boot":12,"seq":10,"t":21,"h":50}"#], "now is now");
    device.on_clock(second(662), wall(second(662)));
    let history = payloads(&drain(&mut device, second(662))).concat();
    assert_eq!(history.matches("\"at\":").count(), 10, "{history}");
    assert!(history.contains(r#""seq":0,"at":1795161660000"#), "{history}");
}

#[test]
fn where_nobody_ever_tells_the_time_readings_go_without() {
    let mut device = device(Config::new(serial()));
    for minute in 1..=3 {
        device.on_sample(second(minute * 60), None, climate(20.0, 50.0));
    }
    device.on_connected(second(300));
    drain(&mut device, second(300));
    let wake = device.next_wake().unwrap();
    assert_eq!(wake, second(300 + 3600));
    let sent = payloads(&drain(&mut device, wake)).concat();
    assert_eq!((sent.matches("\"seq\":").count(), sent.contains("\"at\"")), (3, false));
}

/// What an honest server answers at `at`.
fn answer(question: &[u8; 48], at: Timestamp) -> [u8; 48] {
    let mut packet = [0; 48];
    (packet[0], packet[1]) = (4 << 3 | 4, 2);
    packet[24..32].copy_from_slice(&question[40..]);
    let ms = u64::try_from(at.as_millis()).unwrap();
    let seconds = (ms / 1000 + 2_208_988_800) & 0xffff_ffff;
    let fraction = ((ms % 1000) << 32).div_ceil(1000);
    packet[40..].copy_from_slice(&(seconds << 32 | fraction).to_be_bytes());
    packet
}

#[test]
fn a_time_server_answers_and_the_way_is_taken_into_account() {
    let (query, question) = Query::new(second(5), 0x1122_3344_5566_7788);
    let now = Uptime::from_millis(5_200);
    assert_eq!(question[0], 0x23);
    assert_eq!(
        query.answer(now, &answer(&question, EPOCH)),
        Some(EPOCH.plus_millis(100))
    );
    let after_2036 = Timestamp::from_millis(2_200_000_000_000);
    assert_eq!(
        query.answer(second(5), &answer(&question, after_2036)),
        Some(after_2036)
    );
}

#[test]
fn what_is_no_answer_to_the_question_is_not_believed() {
    let (query, question) = Query::new(second(5), 7);
    let honest = answer(&question, EPOCH);
    let spoiled = |spoil: fn(&mut [u8; 48])| {
        let mut packet = honest;
        spoil(&mut packet);
        query.answer(second(6), &packet)
    };
    assert!(spoiled(|_| {}).is_some());
    assert_eq!(spoiled(|packet| packet[31] = 8), None, "somebody guessed");
    assert_eq!(spoiled(|packet| packet[1] = 0), None, "kiss of death");
    assert_eq!(spoiled(|packet| packet[0] |= 0xc0), None, "not in step itself");
    assert_eq!(spoiled(|packet| packet[0] = 0x23), None, "a question is no answer");
    assert_eq!(spoiled(|packet| packet[40..44].fill(0)), None, "no time");
    assert_eq!(query.answer(second(6), &honest[..47]), None, "too short");
    assert_eq!(query.answer(second(11), &honest), None, "too late");
}
