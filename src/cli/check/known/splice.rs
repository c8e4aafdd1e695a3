//! Adds entries to the text of standin.yaml. Everything else in it stays as it is: comments, the mark at
//! its beginning, and the end of each line.

use crate::model::failure_kind::FailureKind;

/// A new entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The scenario, as `KnownScenarios::of_scenario` reads it.
    pub scenario: String,
    /// How it failed.
    pub failure: FailureKind,
    /// Why it is known.
    pub reason: String,
}

/// The entries as lines of YAML.
pub fn block(entries: &[Entry], indent: usize) -> String {
    // A JSON text is a YAML text, too.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut lines = String::new();
    for one in entries {
        lines += &format!("{:indent$}- scenario: {}\n", "", quoted(&one.scenario));
        lines += &format!("{:indent$}  failure: {}\n", "", one.failure.name());
        lines += &format!("{:indent$}  reason: {}\n", "", quoted(&one.reason));
    }
    lines
}

/// The text of standin.yaml with these entries at the end of its list. `None` if the list has a form
/// that lines cannot be added to.
pub fn with_entries(text: &str, entries: &[Entry]) -> Option<String> {
    // Some editors write a byte order mark.
    if let Some(text) = text.strip_prefix('\u{feff}') {
        return with_entries(text, entries).map(|added| format!("\u{feff}{added}"));
    }
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let Some(check) = lines.iter().position(|line| line.starts_with("check:")) else {
        let added = format!("\ncheck:\n  known:\n{}", block(entries, 4));
        return Some(spliced(&lines, lines.len(), &added));
    };
    lines[check] = opened(&lines[check], "check:")?;
    let end = block_end(&lines, check);
    let own = first_child(&lines, check).filter(|own| *own > 0).unwrap_or(2);
    let is_list = |line: &String| indent(line) == own && line.trim_start().starts_with("known:");
    let Some(known) = (check + 1..end).find(|at| is_list(&lines[*at])) else {
        let added = format!("{:own$}known:\n{}", "", block(entries, own + 2));
        return Some(spliced(&lines, end, &added));
    };
    lines[known] = opened(&lines[known], "known:")?;
    let end = block_end(&lines, known);
    let item = first_child(&lines[..end], known).unwrap_or(own + 2);
    Some(spliced(&lines, end, &block(entries, item)))
}

/// These lines with others before the one at this place. Those end like the line before them.
fn spliced(lines: &[String], at: usize, added: &str) -> String {
    let (before, after) = lines.split_at(at);
    let whole = before.iter().rfind(|line| line.ends_with('\n'));
    let end = if whole.is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
    let mut text = before.concat();
    if !text.is_empty() && !text.ends_with('\n') {
        text += end;
    }
    text + &added.replace('\n', end) + &after.concat()
}

/// A line with a key whose value stands on the lines below it. An empty value behind the key is taken out.
fn opened(line: &str, key: &str) -> Option<String> {
    let (before, value) = line.split_at(line.find(key)? + key.len());
    let is_nothing = |text: &str| text.trim().is_empty() || text.trim_start().starts_with('#');
    if is_nothing(value) {
        return Some(line.to_owned());
    }
    let mut empty = ["[]", "{}", "~", "null"].into_iter();
    let rest = empty.find_map(|empty| value.trim_start().strip_prefix(empty));
    rest.filter(|rest| is_nothing(rest)).map(|rest| format!("{before}{rest}"))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// How far the first line below a key is indented that has more than a comment, if it belongs to the key.
fn first_child(lines: &[String], key: usize) -> Option<usize> {
    let mut below = lines.iter().skip(key + 1);
    let first = below.find(|line| !line.trim().is_empty() && !is_comment(line))?;
    belongs(first, indent(&lines[key])).then(|| indent(first))
}

/// Whether a line belongs to a key that is indented like this. A list may be indented like its key.
fn belongs(line: &str, own: usize) -> bool {
    let is_item = indent(line) == own && line.trim_start().starts_with("- ") && own > 0;
    indent(line) > own || is_item
}

/// The line behind the last one that belongs to the key on this line.
fn block_end(lines: &[String], key: usize) -> usize {
    let (own, child) = (indent(&lines[key]), first_child(lines, key));
    let mut end = key + 1;
    for (at, line) in lines.iter().enumerate().skip(key + 1) {
        // What looks like a comment can be part of a text of several lines. A comment that is indented
        // no more than the entries belongs to what follows.
        let is_left_out = line.trim().is_empty()
            || (is_comment(line) && child.is_none_or(|child| indent(line) <= child));
        if is_left_out {
            continue;
        }
        if !belongs(line, own) {
            break;
        }
        end = at + 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str) -> Option<String> {
        let entry = Entry {
            scenario: "one \"ticket\": two".to_owned(),
            failure: FailureKind::Effects,
            reason: "old".to_owned(),
        };
        with_entries(text, &[entry])
    }

    const ENTRY: &str = "    - scenario: \"one \\\"ticket\\\": two\"\n      failure: effects\n      reason: \"old\"\n";

    #[test]
    fn entries_are_added_and_everything_else_stays() {
        let whole = format!("check:\n  known:\n{ENTRY}");
        for (text, wanted) in [
            ("a: 1 # x", format!("a: 1 # x\n\n{whole}")),
            ("a: 1\n", format!("a: 1\n\n{whole}")),
            ("check: # of it\n\na: 1\n", format!("check: # of it\n  known:\n{ENTRY}\na: 1\n")),
            (
                "check:\n  # why\n  strict: true\n\n# next\na: 1\n",
                format!("check:\n  # why\n  strict: true\n  known:\n{ENTRY}\n# next\na: 1\n"),
            ),
            (
                "check:\n  known:\n    - rule: x # 1\n      reason: y\n    # end\n  strict: true\n",
                format!(
                    "check:\n  known:\n    - rule: x # 1\n      reason: y\n{ENTRY}    # end\n  strict: true\n"
                ),
            ),
            (
                "check:\n    known:\n    - rule: x\n      reason: y\n    strict: true\n",
                format!(
                    "check:\n    known:\n    - rule: x\n      reason: y\n{ENTRY}    strict: true\n"
                ),
            ),
            (
                "check:\n  known:\n    - rule: x\n      reason: |\n        y\n        # z\n  strict: true\n",
                format!(
                    "check:\n  known:\n    - rule: x\n      reason: |\n        y\n        # z\n{ENTRY}  strict: true\n"
                ),
            ),
        ] {
            assert_eq!(added(text).as_deref(), Some(wanted.as_str()), "{text}");
        }
    }

    #[test]
    fn each_line_keeps_its_end_and_the_file_its_mark() {
        let windows = ENTRY.replace('\n', "\r\n");
        for (text, wanted) in [
            ("a: 1\r\n", format!("a: 1\r\n\r\ncheck:\r\n  known:\r\n{windows}")),
            ("a: 1\r\nb: 2", format!("a: 1\r\nb: 2\r\n\r\ncheck:\r\n  known:\r\n{windows}")),
            (
                "a: 1\r\ncheck:\n  strict: true\nb: 1\r\n",
                format!("a: 1\r\ncheck:\n  strict: true\n  known:\n{ENTRY}b: 1\r\n"),
            ),
            ("\u{feff}check:\n", format!("\u{feff}check:\n  known:\n{ENTRY}")),
        ] {
            assert_eq!(added(text).as_deref(), Some(wanted.as_str()), "{text:?}");
        }
    }

    #[test]
    fn an_empty_list_is_opened() {
        for (text, wanted) in [
            ("check:\n  known: [] # none\n", format!("check:\n  known: # none\n{ENTRY}")),
            (
                "check:\n  known:\n  strict: true\n",
                format!("check:\n  known:\n{ENTRY}  strict: true\n"),
            ),
            (
                "check:\n  known: ~\r\n",
                format!("check:\n  known:\r\n{}", ENTRY.replace('\n', "\r\n")),
            ),
            ("check: {}\n", format!("check:\n  known:\n{ENTRY}")),
            ("check: null # x\na: 1\n", format!("check: # x\n  known:\n{ENTRY}a: 1\n")),
        ] {
            assert_eq!(added(text).as_deref(), Some(wanted.as_str()), "{text:?}");
        }
    }

    #[test]
    fn a_list_in_one_line_is_left_alone() {
        for text in [
            "check: { strict: true }\n",
            "check:\n  known: [{ rule: x, reason: y }]\n",
            "check: &a\n  x: 1\n",
        ] {
            assert_eq!(added(text), None, "{text}");
        }
    }
}
