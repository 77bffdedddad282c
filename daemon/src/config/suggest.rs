//! What somebody may have meant.

/// The candidate that `word` is most likely a misspelling of, if there is one.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // A third of the word may be wrong, as in cargo and rustc; of `ab` still one letter.
    let tolerance = word.chars().count().div_ceil(3).max(1);
    let folded = fold(word);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&folded, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= tolerance)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Case, and which of `-` and `_` was written, are the smallest mistakes.
fn fold(word: &str) -> String {
    word.to_lowercase().replace('-', "_")
}

/// `a`, `b` and `c`, each in backticks.
pub(super) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 4] = ["timeout", "connect_timeout", "max_body", "port"];

    #[test]
    fn finds_misspellings() {
        assert_eq!(nearest("timout", KEYS), Some("timeout"));
        assert_eq!(nearest("Connect-Timeout", KEYS), Some("connect_timeout"));
        assert_eq!(nearest("max_bdoy", KEYS), Some("max_body"));
        assert_eq!(nearest("prot", KEYS), Some("port"));
    }

    #[test]
    fn leaves_other_words_alone() {
        assert_eq!(nearest("user_agent", KEYS), None);
        assert_eq!(nearest("x", KEYS), None);
        assert_eq!(nearest("", KEYS), None);
    }

    #[test]
    fn lists_words() {
        assert_eq!(listed([]), "");
        assert_eq!(listed(["a"]), "`a`");
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
