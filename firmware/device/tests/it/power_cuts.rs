//! The plug is pulled: what was measured is still there, under the same name.

use device::flash::{Chip, FlashMemory, SECTORS_OF_STARTS};
use device::{Config, Device, Memory as _, Reading};

use crate::{climate, drain, payloads, second, serial, wall};

const SECTORS: u32 = 4;

fn chip() -> Chip {
    Chip::new((SECTORS_OF_STARTS + SECTORS) as usize)
}

fn start(chip: &Chip) -> Device<FlashMemory<Chip>> {
    chip.restore_power();
    let memory = FlashMemory::open(chip.clone(), 0, SECTORS).unwrap();
    Device::resume(Config::new(serial()), memory)
}

fn sent(device: &mut Device<FlashMemory<Chip>>) -> Vec<String> {
    device.on_connected(second(0));
    let messages = drain(device, second(0)).split_off(1);
    payloads(&messages).into_iter().map(ToOwned::to_owned).collect()
}

#[test]
fn readings_outlive_a_power_cut_with_their_names_and_extras() {
    let chip = chip();
    let mut device = start(&chip);
    let reading = Reading {
        light: Some(4095),
        rssi: Some(-90),
        bat: Some(100),
        ..climate(-12.345, 98.7)
    };
    device.on_sample(second(60), Some(wall(second(60))), reading);
    let before = sent(&mut device);
    let mut device = start(&chip);
    assert_eq!((device.boot(), device.unstored()), (2, 1));
    assert_eq!(sent(&mut device), before);
    assert!(before[0].starts_with(r#"{"boot":1,"seq":0,"at":1795161660000,"t":-12.345,"h":98.7"#));
}

#[test]
fn lives_are_told_apart_and_numbers_go_on() {
    let chip = chip();
    for life in 0..3 {
        let mut device = start(&chip);
        for minute in 0..2 {
            let at = wall(second(life * 3600 + minute * 60));
            assert_eq!(
                device.on_sample(second(minute * 60), Some(at), climate(20.0, 50.0)),
                life * 2 + minute
            );
        }
    }
    let mut device = start(&chip);
    let messages = sent(&mut device);
    assert_eq!(messages.len(), 2, "two at a time, one life each");
    assert!(messages[0].contains(r#""boot":3,"seq":4"#) && messages[0].contains(r#""seq":5"#));
    assert!(messages[1].contains(r#""boot":2,"seq":2"#) && !messages[1].contains(r#""boot":3"#));
    assert_eq!(device.on_ack(br#"{"boot":2,"stored":[[0,99]]}"#), Ok(2), "only its own");
    assert_eq!(start(&chip).unstored(), 4, "what is stored stays forgotten");
}

#[test]
fn a_reading_that_the_power_cut_tore_is_gone_and_nothing_else() {
    for torn_after in 0..32 {
        let chip = chip();
        let mut device = start(&chip);
        device.on_sample(second(60), Some(wall(second(60))), climate(20.0, 50.0));
        chip.cut_after(torn_after);
        device.on_sample(second(120), Some(wall(second(120))), climate(21.0, 50.0));
        let mut device = start(&chip);
        let left = device.unstored();
        assert!(
            left == 1 || (left == 2 && torn_after >= 27),
            "{left} after {torn_after} bytes"
        );
        device.on_sample(second(180), Some(wall(second(180))), climate(22.0, 50.0));
        let mut device = start(&chip);
        assert_eq!(
            device.unstored(),
            left + 1,
            "the place of the torn one is not used again"
        );
        let all = sent(&mut device).concat();
        assert!(all.contains(r#""t":20,"#) && all.contains(r#""t":22,"#), "{all}");
    }
}

#[test]
fn a_damaged_reading_is_left_out_and_the_others_stay() {
    let chip = chip();
    let mut device = start(&chip);
    for minute in 1..=3 {
        device.on_sample(
            second(minute * 60),
            Some(wall(second(minute * 60))),
            climate(20.0, 50.0),
        );
    }
    chip.damage(SECTORS_OF_STARTS as usize * 4096 + 32 + 9);
    assert_eq!(start(&chip).unstored(), 2);
}

#[test]
fn readings_of_a_life_that_learnt_the_time_later_have_it_after_a_power_cut() {
    let chip = chip();
    let mut device = start(&chip);
    device.on_sample(second(60), None, climate(20.0, 50.0));
    device.on_clock(second(100), wall(second(100)));
    let mut device = start(&chip);
    assert!(sent(&mut device)[0].contains(r#""at":1795161660000"#));
}

#[test]
fn readings_whose_time_nobody_can_know_are_not_given_a_wrong_one() {
    let chip = chip();
    start(&chip).on_sample(second(60), None, climate(20.0, 50.0));
    let mut device = start(&chip);
    device.on_clock(second(1), wall(second(5000)));
    assert_eq!(device.unstored(), 0);
}

#[test]
fn flash_wears_slowly_and_evenly() {
    let chip = chip();
    let mut device = start(&chip);
    let before = chip.erases();
    for minute in 0..1280 {
        device.on_sample(
            second(minute * 60),
            Some(wall(second(minute * 60))),
            climate(20.0, 50.0),
        );
    }
    assert_eq!(chip.erases() - before, 10, "one for 128 readings");
    assert_eq!(device.memory().failures(), 0);
    let mut device = start(&chip);
    assert!(
        (384..=512).contains(&device.unstored()),
        "all but the sector being written anew"
    );
    assert_eq!(device.on_sample(second(0), None, climate(20.0, 50.0)), 1280);
}

#[test]
fn a_thousand_starts_are_counted_without_wearing_out_a_sector() {
    let chip = chip();
    for life in 1..=1000 {
        let memory = FlashMemory::open(chip.clone(), 0, SECTORS).unwrap();
        assert_eq!(memory.start().boot, life);
    }
    assert!(chip.erases() <= 5, "{}", chip.erases());
}

#[test]
fn a_flash_that_cannot_be_written_is_counted_and_costs_nothing_as_long_as_there_is_power() {
    let chip = chip();
    let mut device = start(&chip);
    chip.cut_after(0);
    device.on_sample(second(60), Some(wall(second(60))), climate(20.0, 50.0));
    assert_eq!((device.unstored(), device.memory().failures()), (1, 1));
    assert!(FlashMemory::open(chip, 0, SECTORS).is_err(), "a start without a number");
}
