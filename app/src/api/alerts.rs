//! Alerts as their pages read them. Times are Unix milliseconds, and the same as text in the device's time zone.

use domain::alert::{Metric, Preset, Rule};
use serde::Deserialize;

use crate::i18n::Locale;
use crate::words::degrees::Degrees;

/// For whom sentences are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The language of the page.
    pub locale: Locale,
    /// The unit of its temperatures.
    pub degrees: Degrees,
}

/// What is to be told about one room.
#[derive(Clone, Debug, PartialEq)]
pub struct RulesView {
    /// The device.
    pub serial: String,
    /// As its people call it.
    pub name: String,
    /// Whether the reader may change anything.
    pub may_change: bool,
    /// What is told, the oldest first.
    pub rules: Vec<RuleView>,
    /// What could be told.
    pub presets: Vec<PresetView>,
    /// How often a rule that is being tried would have alarmed in the last seven days.
    pub trial: Option<usize>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleView {
    /// Names it in a form.
    pub id: i64,
    /// What it watches for.
    pub rule: Rule,
    /// Whether it does.
    pub enabled: bool,
    /// Whether it may wake people.
    pub danger: bool,
    /// Seconds after which it is said again; 0: once.
    pub repeat_s: u32,
    /// Whether nobody is told of it.
    pub silent: bool,
    /// What the device's lamp is to be meanwhile.
    pub lamp: Option<bool>,
    /// How often it would have alarmed in the last seven days.
    pub last_week: usize,
}

/// Rules for one worry.
#[derive(Clone, Debug, PartialEq)]
pub struct PresetView {
    /// Which.
    pub preset: Preset,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// How often they would have alarmed in the last seven days.
    pub last_week: usize,
    /// Whether all of them are told already.
    pub is_on: bool,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertView {
    /// Names it in a form.
    pub id: i64,
    /// The device.
    pub serial: String,
    /// What happened, a whole sentence.
    pub sentence: String,
    /// That it is over, a whole sentence.
    pub over: Option<String>,
    /// When it was told.
    pub at: i64,
    /// The same as text.
    pub local: String,
    /// Whether it may wake people.
    pub danger: bool,
    /// Who said that they know, and when.
    pub acknowledged: Option<Acknowledged>,
    /// Who was told.
    pub notices: Vec<NoticeView>,
    /// What its rule has had the device do.
    pub lamps: Vec<LampView>,
    /// Whether the reader may say that they know.
    pub may_acknowledge: bool,
}

/// A lamp that a rule switches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LampView {
    /// Which way.
    pub on: bool,
    /// `done`, `refused`, `expired`, `replaced`, or empty while it is under way.
    pub state: &'static str,
    /// When that was, else since when.
    pub at: i64,
    /// The same as text.
    pub local: String,
}

/// Somebody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// Their address, if they still have an account.
    pub by: Option<String>,
    /// When.
    pub at: i64,
    /// The same as text.
    pub local: String,
}

/// A letter that told somebody, by mail or on one of their devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeView {
    /// To whom.
    pub email: String,
    /// `mail` or `push`.
    pub channel: String,
    /// `fired`, `again` or `over`.
    pub what: &'static str,
    /// `queued`, `accepted`, `dead`, or empty once that is forgotten.
    pub state: String,
    /// When it was accepted, else when it was written.
    pub at: i64,
    /// The same as text.
    pub local: String,
    /// Why it has not got through, in the words of whoever refused it.
    pub reason: Option<String>,
    /// When its reader first followed it, and the same as text.
    pub opened: Option<(i64, String)>,
}

/// Ways to tell a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ways {
    /// By mail.
    pub mail: bool,
    /// On their devices.
    pub push: bool,
}

/// How a person wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationsView {
    /// Where mails go.
    pub email: String,
    /// By which ways they are told.
    pub ways: Ways,
    /// Quiet hours, as `23:00`.
    pub quiet: Option<(String, String)>,
    /// Whether danger may wake them all the same.
    pub danger_wakes: bool,
    /// Whether the last mails to them did not get through.
    pub failing: bool,
    /// What a browser is told to trust when it is switched on.
    pub push_key: String,
    /// The browsers that are told while no page is open.
    pub browsers: Vec<BrowserView>,
}

/// A browser that is told while no page is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserView {
    /// Names it in a form.
    pub id: i64,
    /// The browser in words, if they can be told.
    pub device: Option<String>,
    /// Whether it is the one that asks.
    pub is_here: bool,
    /// When it was switched on, and the same as text.
    pub since: (i64, String),
    /// When it was last told something, and the same as text.
    pub last_told: Option<(i64, String)>,
    /// Why it cannot be told any more, in the words of its push service.
    pub failing: Option<String>,
}

/// A rule as the sentence on its page is filled in. Everything is text, as browsers send it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct RuleForm {
    /// As in the API.
    pub kind: String,
    /// As in the API.
    pub metric: String,
    /// The limit, or how much of a change.
    pub number: String,
    /// The unit of a temperature in it: `c`, also where nothing is said, or `f`.
    pub degrees: String,
    /// How long it must hold, within which time, or how long nothing was heard.
    pub minutes: String,
    /// Back to normal by so much.
    pub hysteresis: String,
    /// Switched on.
    pub enabled: Option<String>,
    /// May wake people.
    pub danger: Option<String>,
    /// Minutes after which it is said again.
    pub repeat: String,
    /// Nobody is told.
    pub silent: Option<String>,
    /// What the lamp is to be meanwhile: `on`, `off`, or whatever it is.
    pub lamp: String,
}

/// What comes back to normal by how much, where nobody says.
const fn usual_hysteresis(metric: Metric) -> f64 {
    match metric {
        Metric::T => 1.0,
        Metric::H => 3.0,
        Metric::Light => 50.0,
    }
}

impl RuleForm {
    /// The rule it spells.
    ///
    /// # Errors
    /// The field that is no number.
    pub fn rule(&self) -> Result<Rule, &'static str> {
        let metric = match self.metric.as_str() {
            "h" => Metric::H,
            "light" => Metric::Light,
            _ => Metric::T,
        };
        let hysteresis = self.hysteresis.parse().unwrap_or(usual_hysteresis(metric));
        let rule = match self.kind.as_str() {
            "above" => Rule::Above {
                metric,
                limit: self.limit(metric)?,
                hysteresis,
                hold_s: self.seconds()?,
            },
            "below" => Rule::Below {
                metric,
                limit: self.limit(metric)?,
                hysteresis,
                hold_s: self.seconds()?,
            },
            "change" => Rule::Change {
                metric,
                delta: self.delta(metric)?,
                window_s: self.seconds()?,
            },
            "offline" => Rule::Offline {
                after_s: self.seconds()?,
            },
            "fault" => Rule::Fault {},
            _ => return Err("kind"),
        };
        let rule = rule.steadied();
        rule.check().map_err(|unfit| match unfit.field {
            "hold_s" | "window_s" | "after_s" => "minutes",
            _ => "number",
        })?;
        Ok(rule)
    }

    /// Seconds after which it is said again.
    pub fn repeat_s(&self) -> u32 {
        self.repeat.parse().map_or(0, |minutes: u32| minutes.min(24 * 60) * 60)
    }

    /// In the unit it is kept in.
    fn limit(&self, metric: Metric) -> Result<f64, &'static str> {
        let number = self.number()?;
        Ok(match metric {
            Metric::T => Degrees::named(&self.degrees).to_celsius(number),
            Metric::H | Metric::Light => number,
        })
    }

    /// In the unit it is kept in.
    fn delta(&self, metric: Metric) -> Result<f64, &'static str> {
        let number = self.number()?;
        Ok(match metric {
            Metric::T => Degrees::named(&self.degrees).difference_to_celsius(number),
            Metric::H | Metric::Light => number,
        })
    }

    /// What the lamp is to be meanwhile.
    pub fn lamp(&self) -> Option<bool> {
        match self.lamp.as_str() {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        }
    }

    fn number(&self) -> Result<f64, &'static str> {
        let text = self.number.trim().replace(',', ".").replace('−', "-");
        text.parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .ok_or("number")
    }

    fn seconds(&self) -> Result<u32, &'static str> {
        let minutes: u32 = self.minutes.trim().parse().map_err(|_| "minutes")?;
        minutes.checked_mul(60).ok_or("minutes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kind: &str, number: &str, minutes: &str) -> RuleForm {
        RuleForm {
            kind: kind.to_owned(),
            metric: "t".to_owned(),
            number: number.to_owned(),
            minutes: minutes.to_owned(),
            ..RuleForm::default()
        }
    }

    #[test]
    fn a_sentence_becomes_a_rule() {
        let below = Rule::Below {
            metric: Metric::T,
            limit: -4.5,
            hysteresis: 1.0,
            hold_s: 600,
        };
        assert_eq!(form("below", " -4,5", "10").rule(), Ok(below));
        assert_eq!(form("offline", "", "5").rule(), Ok(Rule::Offline { after_s: 300 }));
    }

    #[test]
    fn a_reader_of_fahrenheit_writes_fahrenheit() {
        let fahrenheit = |kind, number| RuleForm {
            degrees: "f".to_owned(),
            ..form(kind, number, "10")
        };
        let Ok(Rule::Above { limit, .. }) = fahrenheit("above", "86").rule() else {
            panic!("a rule")
        };
        assert!((limit - 30.0).abs() < 1e-9, "{limit}");
        let Ok(Rule::Change { delta, .. }) = fahrenheit("change", "9").rule() else {
            panic!("a rule")
        };
        assert!((delta - 5.0).abs() < 1e-9, "{delta}");
        let humid = RuleForm {
            metric: "h".to_owned(),
            ..fahrenheit("above", "65")
        };
        let Ok(Rule::Above { limit, .. }) = humid.rule() else {
            panic!("a rule")
        };
        assert!((limit - 65.0).abs() < 1e-9, "percent stay percent: {limit}");
    }

    #[test]
    fn what_is_no_number_is_named() {
        assert_eq!(form("above", "warm", "10").rule(), Err("number"));
        assert_eq!(form("above", "99999", "10").rule(), Err("number"));
        assert_eq!(form("above", "30", "soon").rule(), Err("minutes"));
        assert_eq!(form("above", "30", "4294967295").rule(), Err("minutes"));
        assert_eq!(form("sometimes", "30", "10").rule(), Err("kind"));
    }
}
