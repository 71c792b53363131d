//! Alerts in Korean.

use app::Degrees;
use domain::alert::Rule;
use domain::time::Timestamp;

use super::Tale;
use super::quantity::{clock, ms, noun, quantity, span, step};
use crate::mail::Language;

pub(super) fn begun(tale: &Tale, degrees: Degrees, now: Timestamp) -> String {
    let place = &tale.place;
    let span = |ms| span(ms, Language::Ko);
    match (tale.rule, tale.value, tale.from) {
        (
            Rule::Above {
                metric, limit, hold_s, ..
            }
            | Rule::Below {
                metric, limit, hold_s, ..
            },
            Some(value),
            _,
        ) => {
            let (noun, value_words) = (noun(metric, Language::Ko), quantity(metric, value, degrees));
            let (limit_words, above) = (quantity(metric, limit, degrees), value > limit);
            let crossed = match (above, hold_s) {
                (true, 0) => format!("{limit_words}를 넘었어요"),
                (false, 0) => format!("{limit_words} 아래로 내려갔어요"),
                (true, _) => format!("{limit_words}보다 높은 지 {} 지났어요", span(ms(hold_s))),
                (false, _) => format!("{limit_words}보다 낮은 지 {} 지났어요", span(ms(hold_s))),
            };
            format!("{place} {noun}가 {value_words}예요. 정해 둔 {crossed}.")
        }
        (Rule::Change { metric, .. }, Some(value), Some(from)) => {
            let verb = if value > from.value {
                "올랐어요"
            } else {
                "떨어졌어요"
            };
            let (noun, step) = (noun(metric, Language::Ko), step(metric, from.value, value, degrees));
            let span = span(tale.fired_at.since(from.at));
            format!("{place} {noun}가 {step}로 {span} 만에 {verb}.")
        }
        (Rule::Offline { .. }, _, Some(from)) => {
            let quiet = span(now.since(from.at));
            format!(
                "{place}에서 {quiet}째 소식이 없어요. 마지막으로 잰 때: {}.",
                clock(tale, from.at)
            )
        }
        _ => format!(
            "{place} 센서가 고장 난 것 같아요. 있을 수 없는 값을 거듭 보내고 있어요. \
             다시 믿을 수 있을 때까지 이 방의 온도·습도 알림은 쉬어요."
        ),
    }
}

pub(super) fn over(tale: &Tale, degrees: Degrees) -> String {
    let place = &tale.place;
    let lasted = tale
        .cleared_at
        .map(|cleared| span(cleared.since(tale.began_at()), Language::Ko));
    let lasted = lasted.unwrap_or_default();
    match (tale.rule.metric(), tale.cleared_value) {
        (Some(metric), Some(value)) => {
            let (noun, value) = (noun(metric, Language::Ko), quantity(metric, value, degrees));
            format!("{place} {noun}가 {value}로 괜찮아졌어요. {lasted} 걸렸어요.")
        }
        _ if matches!(tale.rule, Rule::Offline { .. }) => {
            format!("{place}에서 다시 소식이 와요. {lasted} 동안 조용했어요.")
        }
        _ => format!("{place} 센서가 다시 제대로 재고 있어요. 온도·습도 알림도 다시 살펴요."),
    }
}
