//! Where to go after a form: a path on this site, whatever the form says.

use serde::Deserialize;

/// A path that begins with one `/` and cannot lead off the site (no open redirects).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct LocalPath(String);

impl LocalPath {
    /// The home page.
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// The path itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for LocalPath {
    /// Anything doubtful becomes the home page.
    fn from(text: String) -> Self {
        // Browsers read `\` as `/`, and drop tabs and line breaks: `/\evil`, `/<tab>/evil` leave the site.
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let is_local = text.starts_with('/') && !text.starts_with("//");
        if is_plain && is_local { Self(text) } else { Self::home() }
    }
}

impl Default for LocalPath {
    fn default() -> Self {
        Self::home()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn go(to: &str) -> String {
        LocalPath::from(to.to_owned()).0
    }

    #[test]
    fn paths_of_this_site_are_kept() {
        for path in [
            "/",
            "/devices/TL-7K3F9Q2M",
            "/alerts?open=1#top",
            "/claim?serial=TL-1&code=A%2FB",
        ] {
            assert_eq!(go(path), path);
        }
    }

    #[test]
    fn anything_that_could_leave_the_site_becomes_the_home_page() {
        let tricks = [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " /x",
            "javascript:alert(1)",
            "evil.example",
            "/x\r\nSet-Cookie: a=b",
            "/\u{ff0f}evil",
        ];
        for trick in tricks {
            assert_eq!(go(trick), "/", "{trick:?}");
        }
    }
}
