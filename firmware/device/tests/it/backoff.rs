//! Reconnecting: slower and slower, never in step, and slower still with a wrong password.

use device::{Cause, Config, Device};
use proptest::prelude::*;

use crate::{device, second, serial};

fn delays(device: &mut Device, cause: Cause, random: u32, times: usize) -> Vec<u64> {
    (0..times)
        .map(|_| device.on_disconnected(second(0), cause, random))
        .collect()
}

#[test]
fn the_ceiling_doubles_up_to_a_minute() {
    let mut device = device(Config::new(serial()));
    let ceilings = delays(&mut device, Cause::Lost, u32::MAX, 9);
    let expected = [999, 1999, 3999, 7999, 15999, 31999, 59999, 59999, 59999];
    assert_eq!(ceilings, expected);
}

#[test]
fn full_jitter_reaches_down_to_nothing() {
    let mut device = device(Config::new(serial()));
    assert_eq!(delays(&mut device, Cause::Lost, 0, 9), [0; 9]);
    assert_eq!(device.on_disconnected(second(0), Cause::Lost, u32::MAX / 2), 29_999);
}

#[test]
fn a_wrong_password_is_tried_every_few_minutes_only() {
    let mut device = device(Config::new(serial()));
    assert_eq!(delays(&mut device, Cause::Refused, 0, 3), [30_000, 60_000, 120_000]);
    let mut other = self::device(Config::new(serial()));
    let longest = delays(&mut other, Cause::Refused, u32::MAX, 50);
    assert_eq!(*longest.last().unwrap(), 899_999);
}

#[test]
fn a_connection_that_lasted_starts_the_count_anew() {
    let mut device = device(Config::new(serial()));
    delays(&mut device, Cause::Lost, u32::MAX, 9);
    device.on_connected(second(100));
    assert_eq!(device.on_disconnected(second(110), Cause::Lost, u32::MAX), 999);
}

#[test]
fn a_connection_that_broke_at_once_does_not() {
    let mut device = device(Config::new(serial()));
    delays(&mut device, Cause::Lost, u32::MAX, 9);
    device.on_connected(second(100));
    assert_eq!(device.on_disconnected(second(109), Cause::Lost, u32::MAX), 59_999);
}

proptest! {
    #[test]
    fn no_delay_is_longer_than_its_ceiling(dice: Vec<(u32, bool)>) {
        let mut device = device(Config::new(serial()));
        for (random, refused) in dice {
            let (cause, longest) =
                if refused { (Cause::Refused, 900_000) } else { (Cause::Lost, 60_000) };
            prop_assert!(device.on_disconnected(second(0), cause, random) <= longest);
        }
    }
}
