//! Alerts as pages ask for them: those of the homes of whoever asks, and no others.

use app::api::alerts::{
    Acknowledged, AlertView, BrowserView, LampView, NoticeView, NotificationsView, PresetView, Reader, RuleView,
    RulesView, Ways,
};
use app::backend::{Alerts, UserId as Who};
use app::error::AppError;
use async_trait::async_trait;
use axum::http::HeaderMap;
use domain::alert::{Preset, Rule};
use domain::time::Timestamp;
use domain::wire::command::Command;
use jiff::tz::TimeZone;

use super::ServerBackend;
use crate::alerts::{self, AckError, Tale, sentence};
use crate::auth::device_words;
use crate::db::alerts::{Alert, list_alerts_of};
use crate::db::errands::{Errand, Outcome, list_errands_of_alerts};
use crate::db::households::{Role, find_role};
use crate::db::notices::{Notice, list_notices};
use crate::db::notification_settings::find_notification_settings;
use crate::db::outbox::find_last_to;
use crate::db::push_subscriptions::{PushSubscription, list_push_subscriptions};
use crate::db::rules::{Channels, Quiet, list_rules};
use crate::db::users::find_user;
use crate::db::{HouseholdId, UserId};
use crate::error::{Error, Result};
use crate::mail::Language;
use crate::zone;

/// How much of the past is shown.
const SHOWN: u32 = 100;

impl ServerBackend {
    async fn find_rules(&self, who: UserId, serial: &str, trial: Option<Rule>) -> Result<RulesView> {
        let device = self.find_device(who, serial).await?;
        let stored = list_rules(&self.db, device.id).await?;
        let presets = Preset::ALL.map(|preset| (preset, preset.rules()));
        // One look at the past for all of them.
        let mut asked: Vec<Rule> = stored.iter().map(|stored| stored.rule).collect();
        asked.extend(presets.iter().flat_map(|(_, rules)| rules));
        asked.extend(trial);
        let times = alerts::rehearse_week(&self.db, &device, &asked, self.clock.now()).await?;
        let (own, rest) = times.split_at(stored.len());
        let mut rest = rest.iter().copied();
        let rules = stored.iter().zip(own).map(|(stored, last_week)| RuleView {
            id: stored.id.0,
            rule: stored.rule,
            enabled: stored.terms.enabled,
            danger: stored.terms.danger,
            repeat_s: stored.terms.repeat_s,
            silent: stored.terms.channels == Channels::NONE,
            lamp: stored.terms.lamp,
            last_week: *last_week,
        });
        let is_on = |rule: &Rule| stored.iter().any(|stored| stored.rule == *rule && stored.terms.enabled);
        let presets = presets.into_iter().map(|(preset, rules)| PresetView {
            preset,
            last_week: rest.by_ref().take(rules.len()).sum(),
            is_on: rules.iter().all(is_on),
            rules,
        });
        let presets = presets.collect();
        let trial = trial.and_then(|_| rest.next());
        Ok(RulesView {
            serial: device.serial.to_string(),
            name: device.name.clone(),
            may_change: self.may_change(who, device.household).await?,
            rules: rules.collect(),
            presets,
            trial,
        })
    }

    /// Whether a person may change anything in a home.
    pub(super) async fn may_change(&self, who: UserId, household: Option<HouseholdId>) -> Result<bool> {
        let Some(household) = household else { return Ok(false) };
        let role = find_role(&self.db, household, who).await?;
        Ok(role.is_some_and(Role::may_change))
    }

    async fn find_alerts(&self, who: UserId, reader: Reader) -> Result<Vec<AlertView>> {
        let alerts = list_alerts_of(&self.db, who, SHOWN).await?;
        let ids: Vec<_> = alerts.iter().map(|alert| alert.id).collect();
        let notices = list_notices(&self.db, &ids).await?;
        let errands = list_errands_of_alerts(&self.db, &ids).await?;
        let mut views = Vec::with_capacity(alerts.len());
        for alert in alerts {
            let own = notices.iter().filter(|notice| notice.alert == alert.id);
            let told = own.map(|notice| notice_view(&alert.zone, notice)).collect();
            let may_acknowledge = self.may_change(who, Some(alert.household)).await?;
            views.push(AlertView {
                notices: told,
                lamps: lamps(&errands, &alert),
                may_acknowledge,
                ..view(&alert, reader, self.clock.now())
            });
        }
        Ok(views)
    }
}

#[async_trait]
impl Alerts for ServerBackend {
    async fn rules(&self, who: Who, serial: String, trial: Option<Rule>) -> Result<RulesView, AppError> {
        Ok(self.find_rules(UserId(who.0), &serial, trial).await?)
    }

    async fn alerts(&self, who: Who, reader: Reader) -> Result<Vec<AlertView>, AppError> {
        Ok(self.find_alerts(UserId(who.0), reader).await?)
    }

    async fn letter(&self, token: String, reader: Reader) -> Result<Vec<AlertView>, AppError> {
        let now = self.clock.now();
        match alerts::find_letter(&self.db, &self.links, &token).await {
            Ok(letter) => Ok(letter.alerts.iter().map(|alert| view(alert, reader, now)).collect()),
            Err(AckError::NotFound) => Err(AppError::NotFound),
            Err(AckError::Forbidden) => Err(AppError::Forbidden),
            Err(AckError::Failed(error)) => Err(error.into()),
        }
    }

    async fn notifications(&self, who: Who, headers: HeaderMap) -> Result<NotificationsView, AppError> {
        let who = UserId(who.0);
        let here = self.auth.session_named_in(&headers).map(|session| session.0);
        let zone = self.zone_of(who).await?;
        let browsers = list_push_subscriptions(&self.db, who).await?.into_iter();
        let user = find_user(&self.db, who).await?.ok_or(Error::NotFound)?;
        let settings = find_notification_settings(&self.db, who).await?;
        let last = find_last_to(&self.db, &user.email).await?;
        Ok(NotificationsView {
            email: user.email,
            ways: Ways {
                mail: settings.by_mail,
                push: settings.by_push,
            },
            quiet: settings.quiet.map(|Quiet { from, to }| (clock(from), clock(to))),
            danger_wakes: settings.danger_wakes,
            failing: last.is_some_and(|last| last.is_failing()),
            push_key: self.herald.public_key().to_owned(),
            browsers: browsers.map(|browser| browser_view(&zone, browser, here)).collect(),
        })
    }
}

/// Without who was told.
fn view(alert: &Alert, reader: Reader, now: Timestamp) -> AlertView {
    let reader = alerts::Reader {
        language: Language::of(Some(reader.locale.as_ref())),
        degrees: reader.degrees,
    };
    let tale = Tale::of(alert);
    let (id, zone) = (alert.id.0, zone::find_or_utc(&alert.zone));
    let over = alert.cleared_at.map(|_| sentence(&tale, reader, true, now));
    let until = alert.cleared_at.unwrap_or(now);
    AlertView {
        id,
        serial: alert.serial.clone(),
        sentence: sentence(&tale, reader, false, until),
        over,
        at: alert.noticed_at.as_millis(),
        local: zone::rfc3339(&zone, alert.noticed_at),
        danger: alert.danger,
        acknowledged: alert.acked_at.map(|at| Acknowledged {
            by: alert.acked_by.clone(),
            at: at.as_millis(),
            local: zone::rfc3339(&zone, at),
        }),
        notices: Vec::new(),
        lamps: Vec::new(),
        may_acknowledge: false,
    }
}

/// What an alert's rule has had the device do.
fn lamps(errands: &[Errand], alert: &Alert) -> Vec<LampView> {
    let zone = zone::find_or_utc(&alert.zone);
    let lamp = |errand: &Errand| {
        let Command::Led { on } = errand.command else {
            return None;
        };
        let at = errand.settled_at.unwrap_or(errand.made_at);
        Some(LampView {
            on,
            state: errand.outcome.map_or("", Outcome::as_str),
            at: at.as_millis(),
            local: zone::rfc3339(&zone, at),
        })
    };
    let own = errands.iter().filter(|errand| errand.alert == Some(alert.id));
    own.filter_map(lamp).collect()
}

fn browser_view(zone: &TimeZone, browser: PushSubscription, here: Option<i64>) -> BrowserView {
    let told = |at: Timestamp| (at.as_millis(), zone::rfc3339(zone, at));
    BrowserView {
        id: browser.id.0,
        device: device_words(&browser.user_agent),
        is_here: here == Some(browser.session),
        since: told(browser.created_at),
        last_told: browser.last_ok_at.map(told),
        failing: browser.failing_since.and(browser.last_error),
    }
}

fn notice_view(zone: &str, notice: &Notice) -> NoticeView {
    let at = notice.settled_at.unwrap_or(notice.created_at);
    let zone = zone::find_or_utc(zone);
    let is_taken = notice.state.as_deref() == Some("accepted");
    NoticeView {
        channel: notice.channel.clone(),
        reason: notice.last_error.clone().filter(|_| !is_taken),
        opened: notice.opened_at.map(|at| (at.as_millis(), zone::rfc3339(&zone, at))),
        email: notice.email.clone(),
        what: notice.what.as_str(),
        state: notice.state.clone().unwrap_or_default(),
        at: at.as_millis(),
        local: zone::rfc3339(&zone, at),
    }
}

/// `23:00`
fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
