//! Settings in a sector of their own.

use device::flash::Chip;
use device::flash::blob::{read, wipe, write};

#[test]
fn what_was_written_last_is_read() {
    let mut chip = Chip::new(2);
    assert_eq!(read(&mut chip, 4096), None);
    for data in [&b"{\"a\":1}"[..], b"", b"longer than before, and odd"] {
        assert!(write(&mut chip, 4096, data).unwrap());
        assert_eq!(read(&mut chip, 4096).as_deref(), Some(data));
    }
    wipe(&mut chip, 4096).unwrap();
    assert_eq!(read(&mut chip, 4096), None);
}

#[test]
fn a_power_cut_leaves_nothing_rather_than_half() {
    for bytes in 1..4096 + 20 + 8 {
        let mut chip = Chip::new(1);
        write(&mut chip, 0, b"what was there before").unwrap();
        chip.cut_after(bytes);
        assert!(write(&mut chip, 0, b"twenty bytes of data").is_err());
        chip.restore_power();
        let left = read(&mut chip, 0);
        assert!(
            left.is_none() || left.as_deref() == Some(b"twenty bytes of data"),
            "{bytes}: {left:?}"
        );
    }
}

#[test]
fn damage_is_noticed_and_too_much_is_refused() {
    let mut chip = Chip::new(1);
    write(&mut chip, 0, b"settings").unwrap();
    chip.damage(9);
    assert_eq!(read(&mut chip, 0), None);
    assert!(!write(&mut chip, 0, &[0; 4089]).unwrap());
    assert!(write(&mut chip, 0, &[7; 4088]).unwrap());
    assert_eq!(read(&mut chip, 0).unwrap().len(), 4088);
}
