//! Reads mails back from their folder.

use std::fs;
use std::path::Path;

use mailparse::{MailHeaderMap as _, ParsedMail};

/// How many mails the list shows.
const SHOWN: usize = 200;
const EXTENSION: &str = "eml";

/// A mail as its reader would see it.
#[derive(Debug)]
pub(super) struct Mail {
    /// Of its file, without the extension.
    pub name: String,
    pub to: String,
    pub subject: String,
    pub date: String,
    pub text: String,
    pub html: String,
}

/// The latest mails, newest first.
pub(super) fn list(folder: &Path, to: Option<&str>) -> Vec<Mail> {
    // No folder yet: no mail yet.
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut names: Vec<_> = entries.filter_map(|entry| name_of(&entry.path())).collect();
    // Names begin with the time of writing.
    names.sort_unstable_by(|a, b| b.cmp(a));
    let mails = names.iter().filter_map(|name| find(folder, name));
    mails
        .filter(|mail| to.is_none_or(|to| mail.to.eq_ignore_ascii_case(to)))
        .take(SHOWN)
        .collect()
}

/// One mail. `None` if there is none of that name, or it is no mail.
pub(super) fn find(folder: &Path, name: &str) -> Option<Mail> {
    if !is_name(name) {
        return None;
    }
    let bytes = fs::read(folder.join(name).with_extension(EXTENSION)).ok()?;
    let parsed = mailparse::parse_mail(&bytes).ok()?;
    let header = |name| parsed.headers.get_first_value(name).unwrap_or_default();
    Some(Mail {
        name: name.to_owned(),
        to: header("To"),
        subject: header("Subject"),
        date: header("Date"),
        text: body(&parsed, "text/plain"),
        html: body(&parsed, "text/html"),
    })
}

fn name_of(path: &Path) -> Option<String> {
    let is_mail = path.extension().is_some_and(|extension| extension == EXTENSION);
    let name = path.file_stem()?.to_str()?;
    (is_mail && is_name(name)).then(|| name.to_owned())
}

/// Only what we ourselves call files: no way out of the folder.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn body(mail: &ParsedMail<'_>, kind: &str) -> String {
    let part = mail.parts().find(|part| part.ctype.mimetype == kind);
    part.and_then(|part| part.get_body().ok()).unwrap_or_default()
}
