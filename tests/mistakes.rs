//! A mistake in standin.yaml is shown at the line that it is on.

use standin::cli::errors::CliError;
use standin::cli::settings::{Overrides, read};
use standin::vendors::registry;

const TEMPLATE: &str = include_str!("../templates/standin.yaml");

/// The keys of the template's `oauth` and `deliver` that are comments, as keys.
fn full() -> Vec<String> {
    let optional = ["client_id:", "header:", "header_value:", "await_expiry:"];
    let key = |line: &str| match line.split_once("# ") {
        Some((indent, rest))
            if indent.trim().is_empty() && optional.iter().any(|key| rest.starts_with(key)) =>
        {
            format!("{indent}{rest}")
        }
        _ => line.to_owned(),
    };
    TEMPLATE.lines().map(key).collect()
}

/// The line on which the first mistake is shown.
fn line_of_mistake(text: &str) -> Option<usize> {
    match read(registry::shipped(), "standin.yaml", text, &Overrides::default()) {
        Err(CliError::Problems(problems)) => problems.first().map(|problem| problem.line),
        _ => None,
    }
}

#[test]
fn a_mistake_under_oauth_and_deliver_is_shown_at_its_line() {
    let lines = full();
    assert_eq!(line_of_mistake(&lines.join("\n")), None, "the template is right");
    let begin = lines.iter().position(|line| line == "  doo:").expect("doo is in the template");
    let is_key = |line: &str| !line.trim_start().starts_with('#') && line.starts_with("      ");
    let keys = (begin..lines.len()).take_while(|at| !lines[*at].starts_with("probes:"));
    let keys: Vec<usize> = keys.filter(|at| is_key(&lines[*at])).collect();
    assert!(keys.len() >= 18, "{}", keys.len());
    let mut wrong = Vec::new();
    for at in keys {
        let (key, value) = lines[at].split_once(':').expect("a key");
        let mut mistakes = vec![format!("{key}x:{value}")];
        // A map begins here: what is below it would be in the way of another value.
        if !value.split('#').next().unwrap_or_default().trim().is_empty() {
            mistakes.push(format!("{key}: [[1]]"));
            mistakes.push(format!("{key}: {{ a: b }}"));
        }
        for mistake in mistakes {
            let mut lines = lines.clone();
            lines[at].clone_from(&mistake);
            let shown = line_of_mistake(&lines.join("\n"));
            if shown != Some(at + 1) {
                wrong.push(format!("{mistake:?} on line {} is shown on {shown:?}", at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
