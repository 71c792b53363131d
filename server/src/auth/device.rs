//! A browser's name for itself in words that its owner recognises.
//!
//! Brands are the same in every language, so these words need no translation. They are a hint for people and decide
//! nothing.

/// Marks of browsers, the most telling first: nearly all of them also claim to be Safari and Mozilla.
const BROWSERS: [(&str, &str); 14] = [
    ("KAKAOTALK", "KakaoTalk"),
    ("NAVER(", "Naver"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Whale/", "Whale"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python-requests/", "Python"),
    ("okhttp/", "Android"),
];

/// Marks of systems, the most telling first.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// `Chrome · Windows`, or as much of it as can be told.
pub fn device_words(user_agent: &str) -> Option<String> {
    let named = |marks: &[(&str, &'static str)]| {
        let found = marks.iter().find(|(mark, _)| user_agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) if browser != system => Some(format!("{browser} · {system}")),
        (Some(name), _) | (None, Some(name)) => Some(name.to_owned()),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_browsers_are_told_apart() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 \
                      Safari/537.36";
        let cases = [
            (chrome.to_owned(), "Chrome · Windows"),
            (format!("{chrome} Edg/131.0.0.0"), "Edge · Windows"),
            (format!("{chrome} Whale/3.28"), "Whale · Windows"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.1 Mobile/15E148 Safari/604.1"
                    .to_owned(),
                "Safari · iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) \
                 SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36"
                    .to_owned(),
                "Samsung Internet · Android",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0".to_owned(),
                "Firefox · macOS",
            ),
            ("curl/8.5.0".to_owned(), "curl"),
        ];
        for (user_agent, words) in cases {
            assert_eq!(device_words(&user_agent).as_deref(), Some(words));
        }
    }

    #[test]
    fn nothing_is_said_of_what_nobody_knows() {
        assert_eq!(device_words(""), None);
        assert_eq!(device_words("<script>alert(1)</script>"), None);
    }
}
