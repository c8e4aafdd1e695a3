//! The text of standin.yaml as it may be shown under a mistake: without the secrets in it.
//!
//! It works on lines, since the file may not be YAML at all. What looks like a secret is masked;
//! a mere reference to the environment is shown.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::secret::MASK;

static SECRET: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"(?i)(["']?[\w-]*secret["']?\s*:\s*)([^\s,}#][^,}#]*)"#));
static HEADERS: LazyLock<Regex> = LazyLock::new(|| regex(r"^(\s*)headers\s*:(.*)$"));
static VALUE: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"([\w"'-]+\s*:\s*)("[^"]*"|'[^']*'|[^\s,}#{][^,}#]*)"#));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("{error}"))
}

/// The text with every secret masked, line for line.
pub fn mask(text: &str) -> String {
    let mut inside: Option<usize> = None;
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            let indent = line.len() - line.trim_start().len();
            let headers = HEADERS.captures(line).map(|found| found[1].len());
            if let Some(start) = headers {
                inside = Some(start);
            } else if inside.is_some_and(|start| indent <= start && !line.trim().is_empty()) {
                inside = None;
            }
            let line = SECRET
                .replace_all(line, |found: &regex::Captures<'_>| masked(&found[1], &found[2]));
            match inside {
                Some(_) if headers.is_some() => {
                    masked_from(&line, line.find(':').map_or(0, |colon| colon + 1))
                }
                Some(_) => masked_from(&line, 0),
                None => line.into_owned(),
            }
        })
        .collect();
    lines.join("\n")
}

fn masked_from(line: &str, start: usize) -> String {
    let masked = VALUE
        .replace_all(&line[start..], |found: &regex::Captures<'_>| masked(&found[1], &found[2]));
    format!("{}{masked}", &line[..start])
}

fn masked(key: &str, value: &str) -> String {
    let bare = value.trim().trim_matches(['"', '\'']);
    let reference = bare.starts_with("${") && bare.ends_with('}') && !bare.contains(":-");
    if reference { format!("{key}{value}") } else { format!("{key}{MASK}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let text = "receiver:\n  url: http://127.0.0.1\nvendors:\n  ombori:\n    headers:\n      X-Key: k1\n      \"X-Other\": \"k 2\"\n    deliver: /x\n  doo: { secret: k3, deliver: /y }\n  waitwhile:\n    headers: { A: k4, B: \"${B}\" }\n    client_secret: 'k5'\n    organization: shown";
        let masked = mask(text);
        for secret in ["k1", "k 2", "k3", "k4", "k5"] {
            assert!(!masked.contains(secret), "{secret} in\n{masked}");
        }
        for shown in
            ["http://127.0.0.1", "deliver: /x", "deliver: /y", "${B}", "organization: shown"]
        {
            assert!(masked.contains(shown), "{shown} not in\n{masked}");
        }
        assert_eq!(masked.lines().count(), text.lines().count());
    }
}
