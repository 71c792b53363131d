//! Which of our languages a browser's `Accept-Language` likes best.

use leptos_i18n::Locale as _;

use crate::i18n::Locale;

/// The best match for a header such as `en-GB,en;q=0.9,ko;q=0.5`; Korean if nothing matches.
pub fn negotiate(header: &str) -> Locale {
    let mut wishes: Vec<(&str, f32)> = header.split(',').filter_map(wish).collect();
    wishes.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let languages: Vec<&str> = wishes.into_iter().map(|(language, _)| language).collect();
    Locale::find_locale(&languages)
}

/// One entry with its weight; `None` for what the browser refuses.
fn wish(entry: &str) -> Option<(&str, f32)> {
    let mut parts = entry.split(';').map(str::trim);
    let language = parts.next().filter(|language| !language.is_empty())?;
    let weight = parts
        .find_map(|part| part.strip_prefix("q="))
        .map_or(Some(1.0), |q| q.parse().ok())?;
    (weight > 0.0).then_some((language, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_wish_we_can_fulfil_wins() {
        assert_eq!(negotiate("en-GB,en;q=0.9,ko;q=0.5"), Locale::en);
        assert_eq!(negotiate("en;q=0.5, ko-KR;q=0.9"), Locale::ko);
        assert_eq!(negotiate("fr-FR,fr;q=0.9,en;q=0.4"), Locale::en);
    }

    #[test]
    fn korean_is_the_language_of_whoever_wishes_nothing_we_speak() {
        assert_eq!(negotiate(""), Locale::ko);
        assert_eq!(negotiate("fr, de;q=0.3"), Locale::ko);
        assert_eq!(negotiate("en;q=0"), Locale::ko);
    }
}
