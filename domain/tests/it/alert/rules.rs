//! How rules are spelt, and which numbers make sense.

use domain::alert::{Preset, Rule};

use super::{change, humid};

#[test]
fn every_preset_holds_rules_that_make_sense() {
    for preset in Preset::ALL {
        assert_eq!(Preset::parse(preset.as_str()), Some(preset));
        for rule in preset.rules() {
            rule.check().unwrap();
            assert_eq!(rule.steadied(), rule);
        }
    }
}

#[test]
fn a_rule_is_spelt_as_the_contract_spells_it() {
    let spelt = r#"{"kind":"above","metric":"h","limit":60.0,"hysteresis":2.0,"hold_s":120}"#;
    assert_eq!(serde_json::from_str::<Rule>(spelt).unwrap(), humid(120));
    assert_eq!(serde_json::to_string(&humid(120)).unwrap(), spelt);
    let spelt = r#"{"kind":"offline","after_s":300}"#;
    assert_eq!(
        serde_json::from_str::<Rule>(spelt).unwrap(),
        Rule::Offline { after_s: 300 }
    );
    let spelt = r#"{"kind":"change","metric":"t","delta":5.0,"window_s":600}"#;
    assert_eq!(serde_json::from_str::<Rule>(spelt).unwrap(), change());
}

#[test]
fn numbers_that_make_no_sense_are_refused_by_name() {
    let wrong = [
        (
            r#"{"kind":"above","metric":"h","limit":160.0,"hysteresis":2.0}"#,
            "limit",
        ),
        (
            r#"{"kind":"below","metric":"t","limit":5.0,"hysteresis":0.1}"#,
            "hysteresis",
        ),
        (r#"{"kind":"change","metric":"t","delta":0.1,"window_s":600}"#, "delta"),
        (r#"{"kind":"change","metric":"t","delta":5.0,"window_s":5}"#, "window_s"),
        (r#"{"kind":"offline","after_s":1}"#, "after_s"),
    ];
    for (rule, field) in wrong {
        let rule: Rule = serde_json::from_str(rule).unwrap();
        assert_eq!(rule.check().unwrap_err().field, field);
    }
}
