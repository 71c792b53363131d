//! Serials and claim codes: what people type still means what the sticker says.

use domain::serial::{BadClaimCode, BadSerial, ClaimCode, Serial};
use proptest::prelude::*;

#[test]
fn a_typed_serial_forgives_case_and_look_alikes() {
    for typed in ["TL-7K3F9Q01", "tl-7k3f9q01", "TL-7K3F9QOI", "Tl-7k3f9qol"] {
        assert_eq!(typed.parse::<Serial>().unwrap().as_str(), "TL-7K3F9Q01", "{typed}");
    }
}

#[test]
fn other_text_is_no_serial() {
    for text in [
        "",
        "TL-",
        "TL-7K3F9Q2",
        "TL-7K3F9Q2MM",
        "T1-7K3F9Q2M",
        "TL-7K3F9Q2U",
        "TL 7K3F9Q2M",
        "거실",
    ] {
        assert_eq!(text.parse::<Serial>(), Err(BadSerial), "{text}");
    }
}

#[test]
fn the_broker_sees_only_the_canonical_spelling() {
    assert!(Serial::from_canonical("TL-7K3F9Q01").is_ok());
    for other in ["tl-7K3F9Q01", "TL-7k3F9Q01", "TL-7K3F9QO1"] {
        assert_eq!(Serial::from_canonical(other), Err(BadSerial), "{other}");
    }
}

#[test]
fn a_serial_is_a_json_string() {
    let serial: Serial = serde_json::from_str("\"tl-7k3f9q2m\"").unwrap();
    assert_eq!(serde_json::to_string(&serial).unwrap(), "\"TL-7K3F9Q2M\"");
    assert!(serde_json::from_str::<Serial>("7").is_err());
    assert!(serde_json::from_str::<Serial>("\"TL-7\"").is_err());
}

#[test]
fn a_claim_code_is_read_with_or_without_hyphens() {
    let code: ClaimCode = "8XRM-4T0C-ZV5H".parse().unwrap();
    for typed in ["8xrm4t0czv5h", "8XRM 4TOC ZV5H", "8XRM-4T0C-ZV5H"] {
        assert_eq!(typed.parse(), Ok(code), "{typed}");
    }
    assert_eq!(code.as_str(), "8XRM4T0CZV5H");
    assert_eq!("8XRM-4T0C-ZV5".parse::<ClaimCode>(), Err(BadClaimCode));
    assert_eq!("8XRM-4T0C-ZV5HH".parse::<ClaimCode>(), Err(BadClaimCode));
}

#[test]
fn a_claim_code_never_shows_itself_in_a_log() {
    let code = ClaimCode::from_bits(0x0123_4567_89AB_CDEF);
    assert!(!format!("{code:?}").contains(&code.as_str()[..4]));
}

proptest! {
    #[test]
    fn every_serial_reads_back(bits: u64) {
        let serial = Serial::from_bits(bits);
        prop_assert_eq!(serial.as_str().len(), 11);
        prop_assert_eq!(serial.to_string().parse(), Ok(serial));
        prop_assert_eq!(serial.as_str().to_lowercase().parse(), Ok(serial));
        prop_assert_eq!(Serial::from_canonical(serial.as_str()), Ok(serial));
    }

    #[test]
    fn different_bits_give_different_serials(a in 0_u64..1 << 40, b in 0_u64..1 << 40) {
        prop_assert_eq!(a == b, Serial::from_bits(a) == Serial::from_bits(b));
    }

    #[test]
    fn every_claim_code_reads_back(bits: u64) {
        let code = ClaimCode::from_bits(bits);
        prop_assert_eq!(code.to_string().len(), 14);
        prop_assert_eq!(code.to_string().parse(), Ok(code));
    }

    #[test]
    fn no_text_makes_the_parsers_panic(text: String) {
        let _ = text.parse::<Serial>();
        let _ = text.parse::<ClaimCode>();
    }
}
