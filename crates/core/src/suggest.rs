//! "Did you mean …?": the known name or phrase that is nearest to what was typed.

use std::sync::LazyLock;

use regex::Regex;

/// The longest text, in bytes, that is compared. No name or phrase is longer, and the time for a
/// comparison grows with the square of the length.
const LONGEST: usize = 500;

/// Names that are less alike are not near.
const LEAST_OF_NAMES: f64 = 0.75;

/// The question for the known name or phrase nearest to what was typed. `None` if none is near.
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(typed, known).map(question)
}

/// The question whether this is what was meant.
pub fn question(near: &str) -> String {
    format!("did you mean `{near}`?")
}

/// The known name or phrase nearest to what was typed. `None` if none is near.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if typed.len() > LONGEST {
        return None;
    }
    let without_values = VALUES.replace_all(typed, "{}").to_lowercase();
    let likenesses = known.into_iter().map(|one| (likeness(typed, &without_values, one), one));
    let near = likenesses.filter(|(likeness, _)| *likeness > 0.0);
    near.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, one)| one)
}

/// The known name nearest to what was typed, though it may have several words. `None` if none is near.
pub fn nearest_name<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if typed.len() > LONGEST {
        return None;
    }
    let likenesses = known.into_iter().map(|one| (strsim::jaro_winkler(typed, one), one));
    let near = likenesses.filter(|(likeness, _)| *likeness > LEAST_OF_NAMES);
    near.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, one)| one)
}

/// The known name that differs from what was typed in at most two letters.
pub fn mistyped<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(typed, known).filter(|near| strsim::damerau_levenshtein(typed, near) <= 2)
}

/// The known phrase that differs from what was typed in at most two letters, whatever its values are.
pub fn misspelt<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = nearest(typed, known)?;
    let words = VALUES.replace_all(typed, "{}").to_lowercase();
    let wanted = PLACEHOLDER.replace_all(near, "{}").to_lowercase();
    (strsim::damerau_levenshtein(&words, &wanted) <= 2).then_some(near)
}

/// The values of placeholders in a phrase: names, texts, numbers and lengths of time.
static VALUES: LazyLock<Regex> = LazyLock::new(|| {
    regex(r#""[^"]*"|\b\d+ ?(?:ms|s|m|h|min|minutes?|hours?|days?|seconds?)?\b|\b\p{Lu}\w+"#)
});

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| regex(r"\{[a-z_]+\}"));

fn regex(expression: &str) -> Regex {
    Regex::new(expression).unwrap_or_else(|error| panic!("expression {expression}: {error}"))
}

/// The similarity between a known name or phrase and what was typed. 0 if it is too low.
fn likeness(typed: &str, without_values: &str, known: &str) -> f64 {
    // Phrases are compared by their words, names by their beginnings.
    let (likeness, least) = if known.contains(' ') {
        let known = PLACEHOLDER.replace_all(known, "{}").to_lowercase();
        (strsim::normalized_damerau_levenshtein(without_values, &known), 0.5)
    } else {
        (strsim::jaro_winkler(typed, known), LEAST_OF_NAMES)
    };
    if likeness > least { likeness } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_phrase_is_found_despite_other_names() {
        let near = nearest("staff calls Anna", ["staff call {who}", "staff reject {who}"]);
        assert_eq!(near, Some("staff call {who}"));
    }

    #[test]
    fn a_name_is_found_by_its_beginning() {
        let known = ["client_id", "client_secret"];
        let question = did_you_mean("client_secrt", known);
        assert_eq!(question.as_deref(), Some("did you mean `client_secret`?"));
        assert_eq!(nearest("url", known), None);
        assert_eq!(nearest(&"client_id".repeat(100), known), None);
    }

    #[test]
    fn a_misspelt_phrase_is_found_whatever_its_values_are() {
        let known = ["every webhook of {who} is accepted", "every webhook is accepted"];
        assert_eq!(misspelt("every webhook is acepted", known), Some(known[1]));
        assert_eq!(misspelt("every webhok of Anna is accepted", known), Some(known[0]));
        assert_eq!(misspelt("every webhook is lost", known), None);
    }

    #[test]
    fn another_name_is_not_a_mistyped_one() {
        assert_eq!(mistyped("staus", ["status"]), Some("status"));
        assert_eq!(mistyped("started_at", ["status"]), None);
    }
}
