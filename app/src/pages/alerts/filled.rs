//! What the boxes of a rule hold before anybody fills them in.

use domain::alert::{Metric, Rule};

use crate::api::alerts::{RuleForm, RuleView};
use crate::context::use_degrees;
use crate::words::degrees::Degrees;
use crate::words::rule;

fn on(is_on: bool) -> Option<String> {
    is_on.then(|| "on".to_owned())
}

/// The form of a rule that there is, or of one of a kind that could be made.
pub(super) fn filled(own: Option<&RuleView>, kind: &str) -> RuleForm {
    let degrees = use_degrees();
    own.map_or_else(|| usual(kind, degrees), |own| kept(own, kind, degrees))
}

/// A rule that many want.
fn usual(kind: &str, degrees: Degrees) -> RuleForm {
    let (metric, number, minutes) = match (kind, degrees) {
        ("above", _) => ("h", "65", "30"),
        ("below", Degrees::Celsius) => ("t", "16", "30"),
        ("below", Degrees::Fahrenheit) => ("t", "60", "30"),
        ("change", Degrees::Celsius) => ("t", "5", "10"),
        ("change", Degrees::Fahrenheit) => ("t", "9", "10"),
        _ => ("t", "", "10"),
    };
    RuleForm {
        kind: kind.to_owned(),
        metric: metric.to_owned(),
        number: number.to_owned(),
        degrees: degrees.as_str().to_owned(),
        minutes: minutes.to_owned(),
        enabled: on(true),
        repeat: "0".to_owned(),
        ..RuleForm::default()
    }
}

/// The rule there is.
fn kept(own: &RuleView, kind: &str, degrees: Degrees) -> RuleForm {
    let shown = |number| rule::plain(rule::shown(degrees, &own.rule, number));
    let (number, seconds, hysteresis) = match own.rule {
        Rule::Above {
            limit,
            hold_s,
            hysteresis,
            ..
        }
        | Rule::Below {
            limit,
            hold_s,
            hysteresis,
            ..
        } => (shown(limit), hold_s, rule::plain(hysteresis)),
        Rule::Change { delta, window_s, .. } => (shown(delta), window_s, String::new()),
        Rule::Offline { after_s } => (String::new(), after_s, String::new()),
        Rule::Fault {} => Default::default(),
    };
    RuleForm {
        kind: kind.to_owned(),
        metric: own.rule.metric().unwrap_or(Metric::T).as_str().to_owned(),
        number,
        degrees: degrees.as_str().to_owned(),
        minutes: (seconds / 60).to_string(),
        hysteresis,
        enabled: on(own.enabled),
        danger: on(own.danger),
        repeat: (own.repeat_s / 60).to_string(),
        silent: on(own.silent),
        lamp: match own.lamp {
            Some(true) => "on".to_owned(),
            Some(false) => "off".to_owned(),
            None => String::new(),
        },
    }
}
