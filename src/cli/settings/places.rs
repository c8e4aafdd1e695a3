//! The places of keys in the mappings that the parser gives without their places.

use crate::model::Problem;

/// The mistake, moved from the mapping in which it is to this key, given by the keys that lead to it.
/// Where a key is missing, the mapping that should have it counts. Without any of the keys the mistake stays
/// where it is: a mapping may be an alias.
pub fn at_key(problem: Problem, path: &[&str]) -> Problem {
    let lines: Vec<&str> = problem.source.lines().collect();
    let mut at = (problem.line.saturating_sub(1), problem.column.saturating_sub(1));
    for (depth, key) in path.iter().enumerate() {
        let begin = if depth == 0 { Begin::Mapping } else { Begin::Key };
        match find(&lines, at, key, begin) {
            Some(found) => at = found,
            None if depth == 0 => return problem,
            None => break,
        }
    }
    let (line, column) = at;
    let rest = lines.get(line).map_or(1, |text| text.trim_end().chars().count());
    let length = rest.saturating_sub(column).max(1);
    Problem { line: line + 1, column: column + 1, length, ..problem }
}

/// The mistake, moved from the value of a key to the key, wherever that is above it.
pub fn at_own_key(problem: Problem, key: &str) -> Problem {
    let lines: Vec<&str> = problem.source.lines().take(problem.line).collect();
    let own = lines.iter().enumerate().rev().find_map(|(row, text)| {
        let bare = text.trim_start();
        begins_with(bare, key).then(|| (row, text.chars().count() - bare.chars().count()))
    });
    let Some((row, indent)) = own else { return problem };
    Problem { line: row + 1, column: indent + 1, length: key.chars().count(), ..problem }
}

/// What stands at a place from which a mapping is searched.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begin {
    /// The mapping itself.
    Mapping,
    /// The key whose value it is.
    Key,
}

/// The line and column of a key in the mapping that begins here.
fn find(
    lines: &[&str],
    (line, column): (usize, usize),
    key: &str,
    begin: Begin,
) -> Option<(usize, usize)> {
    let below = begin == Begin::Key;
    // A mapping in braces: the first place behind here at which the key stands.
    let first: String = lines.get(line)?.chars().skip(column).collect();
    let opened = if below { first.split_once(':').map_or("", |(_, value)| value) } else { &first };
    if opened.trim_start().starts_with('{') {
        let brace = first.chars().count() - opened.chars().count();
        let at = |row: usize, from: usize| Some((row, in_braces(lines[row], from, key)?));
        return at(line, column + brace)
            .or_else(|| (line + 1..lines.len()).find_map(|row| at(row, 0)));
    }
    let mut wanted = (!below).then_some(column);
    for (row, text) in lines.iter().enumerate().skip(if below { line + 1 } else { line }) {
        let bare = text.trim_start();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        let indent = text.chars().count() - bare.chars().count();
        let of_mapping = *wanted.get_or_insert(indent);
        if indent < of_mapping || below && indent <= column {
            return None;
        }
        if indent == of_mapping && begins_with(bare, key) {
            return Some((row, indent));
        }
    }
    None
}

/// Whether a text begins with this key, quoted or not, and a colon.
fn begins_with(text: &str, key: &str) -> bool {
    ["", "\"", "'"].iter().any(|quote| {
        text.strip_prefix(quote)
            .and_then(|text| text.strip_prefix(key)?.strip_prefix(quote))
            .is_some_and(|rest| rest.trim_start().starts_with(':'))
    })
}

/// The column of a key in a line of a mapping in braces, from this column.
fn in_braces(line: &str, from: usize, key: &str) -> Option<usize> {
    let signs: Vec<(usize, char)> = line.char_indices().collect();
    (from..signs.len()).find(|&column| {
        let before = signs[..column].iter().rev().map(|one| one.1).find(|one| !one.is_whitespace());
        matches!(before, None | Some('{' | ',')) && begins_with(&line[signs[column].0..], key)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line and column at which a mistake is shown.
    fn place(source: &str, line: usize, column: usize, path: &[&str]) -> (usize, usize) {
        let problem = Problem {
            file: "standin.yaml".to_owned(),
            source: source.into(),
            line,
            column,
            length: 1,
            title: String::new(),
            label: String::new(),
            help: Vec::new(),
        };
        let problem = at_key(problem, path);
        (problem.line, problem.column)
    }

    #[test]
    fn a_key_is_found_in_its_mapping() {
        let text = "oauth:\n  a: 1\n\n  # b: 2\n  'b':\n    a: 3\n    \"c\" : 4\n  d: 5\ne: 6\n";
        assert_eq!(place(text, 2, 3, &["a"]), (2, 3));
        assert_eq!(place(text, 2, 3, &["d"]), (8, 3));
        assert_eq!(place(text, 2, 3, &["b"]), (5, 3));
        assert_eq!(place(text, 2, 3, &["b", "a"]), (6, 5));
        assert_eq!(place(text, 2, 3, &["b", "c"]), (7, 5));
        assert_eq!(place(text, 2, 3, &["b", "d"]), (5, 3));
        for path in [&["e"][..], &["c"]] {
            assert_eq!(place(text, 2, 3, path), (2, 3), "{path:?}");
        }
    }

    #[test]
    fn a_key_is_found_in_braces() {
        let text = "oauth: { a: ä, b: { c: 4 },\n  d: 5 }\n";
        assert_eq!(place(text, 1, 8, &["a"]), (1, 10));
        assert_eq!(place(text, 1, 8, &["b"]), (1, 16));
        assert_eq!(place(text, 1, 8, &["b", "c"]), (1, 21));
        assert_eq!(place(text, 1, 8, &["d"]), (2, 3));
        assert_eq!(place(text, 1, 8, &["x"]), (1, 8));
    }
}
