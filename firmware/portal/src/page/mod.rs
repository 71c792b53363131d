//! The page: one form that a phone shows well without any script, in two languages.

mod words;

use alloc::format;
use alloc::string::String;
use core::fmt::Write as _;

use crate::answer::Network;
use crate::settings::{Field, Flaw, Settings, Typed};
pub use words::Language;
use words::Words;

const STYLE: &str = include_str!("page.css");

/// The form, with what was typed and what is wrong with it.
pub fn form(language: Language, networks: &[Network], typed: &Typed, flaw: Option<Flaw>) -> String {
    let words = language.words();
    let notice = match flaw {
        Some(_) => format!("<p class=wrong role=alert>{}</p>", words.look_again),
        None => String::new(),
    };
    let body = format!(
        "<h1>{title}</h1><p class=lead>{lead}</p>{notice}<form method=post action=\"/?lang={lang}\" novalidate>\
         {wifi}{device}<button>{save}</button></form>\
         <p class=lang><a href=\"/?lang={other}\" lang={other}>{other_name}</a></p>",
        title = words.title,
        lead = words.lead,
        lang = language.code(),
        wifi = wifi_html(&words, networks, typed, flaw),
        device = device_html(&words, typed, flaw),
        save = words.save,
        other = language.other().code(),
        other_name = language.other().name(),
    );
    document(language, words.title, &body)
}

fn wifi_html(words: &Words, networks: &[Network], typed: &Typed, flaw: Option<Flaw>) -> String {
    let attributes = "type=password autocomplete=off maxlength=63";
    format!(
        "<fieldset><legend>{}</legend>{}{}</fieldset>",
        words.wifi,
        networks_html(words, networks, &typed.ssid, flaw == Some(Flaw(Field::Ssid))),
        field_html(words, Field::WifiPassword, "wifi_password", "", attributes, flaw),
    )
}

fn device_html(words: &Words, typed: &Typed, flaw: Option<Flaw>) -> String {
    let by_hand = [Field::Server, Field::Serial, Field::Password];
    let open = if flaw.is_some_and(|flaw| by_hand.contains(&flaw.0)) {
        " open"
    } else {
        ""
    };
    let input = |field, name, value, attributes| field_html(words, field, name, value, attributes, flaw);
    let line = "autocomplete=off autocapitalize=off spellcheck=false";
    let server = "inputmode=url autocapitalize=off placeholder=\"mqtt://192.168.0.10:1883\"";
    let serial = "autocapitalize=characters placeholder=\"TL-7K3F9Q2M\"";
    format!(
        "<fieldset><legend>{}</legend>{}<details{open}><summary>{}</summary>{}{}{}</details></fieldset>",
        words.device,
        input(Field::Line, "line", &typed.line, line),
        words.by_hand,
        input(Field::Server, "server", &typed.server, server),
        input(Field::Serial, "serial", &typed.serial, serial),
        input(Field::Password, "password", "", "type=password autocomplete=off"),
    )
}

/// What to expect now.
pub fn saved(language: Language, settings: &Settings) -> String {
    let words = language.words();
    let body = format!(
        "<h1>{}</h1><p class=lead>{}</p><dl><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl><p>{}</p>",
        words.saved_title,
        words.saved_lead,
        words.wifi,
        escape(&settings.ssid),
        words.server,
        escape(&format!("{}", settings.broker)),
        words.serial,
        settings.credentials.serial,
        words.saved_trouble,
    );
    document(language, words.saved_title, &body)
}

fn document(language: Language, title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang={}><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\">\
         <title>{title}</title><style>{STYLE}</style><main>{body}</main></html>",
        language.code()
    )
}

fn networks_html(words: &Words, networks: &[Network], chosen: &str, wrong: bool) -> String {
    let mut html = String::new();
    let is_heard = networks.iter().any(|network| network.ssid == chosen);
    for network in networks {
        let checked = if network.ssid == chosen { " checked" } else { "" };
        let strength = match network.rssi {
            -60.. => words.strong,
            -75..-60 => words.fair,
            _ => words.weak,
        };
        let lock = if network.locked { "" } else { words.open };
        let _ = write!(
            html,
            "<label class=network><input type=radio name=ssid value=\"{0}\"{checked}><span>{0}</span><small>{lock}{strength}</small></label>",
            escape(&network.ssid)
        );
    }
    let is_other = !is_heard && (networks.is_empty() || !chosen.is_empty());
    let (other, checked) = if is_other { (chosen, " checked") } else { ("", "") };
    let _ = write!(
        html,
        "<label class=network><input type=radio name=ssid value=\"\"{checked}><span>{}</span></label>",
        words.another
    );
    let _ = write!(
        html,
        "<label>{}<input name=other value=\"{}\" maxlength=32 autocapitalize=off{}></label>{}",
        words.its_name,
        escape(other),
        if wrong {
            " aria-invalid=true aria-describedby=ssid-wrong"
        } else {
            ""
        },
        problem(words, Field::Ssid, "ssid", wrong),
    );
    html
}

fn field_html(words: &Words, field: Field, name: &str, value: &str, extra: &str, flaw: Option<Flaw>) -> String {
    let wrong = flaw == Some(Flaw(field));
    let (label, hint) = words.label(field);
    let hint = if hint.is_empty() {
        String::new()
    } else {
        format!("<small id={name}-hint>{hint}</small>")
    };
    let invalid = if wrong {
        format!(" aria-invalid=true aria-describedby={name}-wrong autofocus")
    } else {
        String::new()
    };
    format!(
        "<label>{label}{hint}<input name={name} value=\"{}\" {extra}{invalid}></label>{}",
        escape(value),
        problem(words, field, name, wrong)
    )
}

fn problem(words: &Words, field: Field, name: &str, wrong: bool) -> String {
    if wrong {
        format!("<p class=wrong id={name}-wrong>{}</p>", words.flaw(field))
    } else {
        String::new()
    }
}

/// A network may be called `"><script>`: names come from the neighbours.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
