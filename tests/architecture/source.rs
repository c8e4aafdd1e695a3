//! Source files as text: what is code, what is comment, what is test.
//!
//! It knows as much of Rust's grammar as the rules need, and no more: comments, literals and
//! braces.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::paths::paths;

/// The folders of the rooms: those of the pure ones, and those of the others.
pub const HOMES: [&str; 2] = ["crates/core/src", "src"];

/// One file of these folders, tests left out.
pub struct Source {
    /// The folder of these that it is in.
    pub home: &'static str,
    /// Below that, with `/` between the parts: `vendors/mod.rs`.
    pub path: String,
    /// Unchanged.
    pub text: String,
    /// Without comments and code that is compiled only for tests. Literals are kept.
    pub code: String,
    /// The same with empty literals.
    pub bare: String,
    /// Every path of two or more names in the code: `crate::model::Call`, `std::fs`.
    pub paths: BTreeSet<Vec<String>>,
}

impl Source {
    /// A file of this path below a folder, with this text.
    pub fn of(home: &'static str, path: &str, text: String) -> Self {
        let (code, bare) = without_tests(&text);
        Self { home, path: path.to_owned(), paths: paths(&bare), text, code, bare }
    }

    /// Where it is, from the root of the repository.
    pub fn place(&self) -> String {
        format!("{}/{}", self.home, self.path)
    }

    /// The room that it belongs to. `main.rs` belongs to `cli`, since it only calls it.
    pub fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        match first.trim_end_matches(".rs") {
            "main" => "cli",
            room => room,
        }
    }
}

/// With fewer files, some have been lost, and a rule would check nothing.
const SOURCES_AT_LEAST: usize = 100;

/// Every file below these folders that is not compiled only for tests, in order.
pub static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(read_all);

fn read_all() -> Vec<Source> {
    let mut sources: Vec<Source> = HOMES.into_iter().flat_map(read_home).collect();
    let tests: Vec<String> = sources.iter().flat_map(test_modules).collect();
    sources.retain(|source| {
        !tests.iter().any(|test| {
            source.path == format!("{test}.rs") || source.path.starts_with(&format!("{test}/"))
        })
    });
    assert!(sources.len() >= SOURCES_AT_LEAST, "only {} sources", sources.len());
    sources
}

fn read_home(home: &'static str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(home);
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    files.iter().map(|file| read(home, &root, file)).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn read(home: &'static str, root: &Path, file: &Path) -> Source {
    let below = file.strip_prefix(root).expect("it was found there");
    let parts: Vec<&str> = below.iter().map(|part| part.to_str().expect("UTF-8")).collect();
    let text = std::fs::read_to_string(file).expect("a readable file");
    Source::of(home, &parts.join("/"), text)
}

/// The modules that a file declares only for tests, by their path without `.rs`.
fn test_modules(source: &Source) -> Vec<String> {
    let below = source.path.trim_end_matches(".rs").trim_end_matches("mod").trim_end_matches('/');
    let (_, bare) = split(&source.text);
    let declared = bare.split("#[cfg(test)]").skip(1).filter_map(|rest| {
        let (declaration, _) = rest.split_once([';', '{'])?;
        let file = rest[declaration.len()..].starts_with(';');
        let name = declaration.trim().strip_prefix("mod ").filter(|_| file)?;
        Some(if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") })
    });
    declared.collect()
}

/// The code with literals and the code without, both as long as the text. What is left out is
/// blank, so that a position is the same in all of them.
fn split(text: &str) -> (String, String) {
    let (mut code, mut bare) = (String::new(), String::new());
    let mut rest = text;
    while !rest.is_empty() {
        let (kind, length) = piece(rest, bare.chars().next_back());
        let (found, after) = rest.split_at(length);
        let blank = blank(found);
        code += if kind == Kind::Comment { &blank } else { found };
        bare += if kind == Kind::Code { found } else { &blank };
        rest = after;
    }
    (code, bare)
}

/// As many blank bytes and lines as this text has.
fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

/// The kind of piece at the beginning of a text, and its length in bytes.
fn piece(text: &str, before: Option<char>) -> (Kind, usize) {
    if text.starts_with("//") {
        return (Kind::Comment, text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return (Kind::Comment, text.find("*/").map_or(text.len(), |end| end + 2));
    }
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if let Some(length) = raw_text(text).filter(|_| !in_word) {
        return (Kind::Literal, length);
    }
    if let Some(length) = quoted(text, '"') {
        return (Kind::Literal, length);
    }
    // A quote begins a character or a lifetime. A lifetime has no closing quote.
    let character = quoted(text, '\'').filter(|length| {
        let inner = &text[1..length - 1];
        inner.starts_with('\\') || inner.chars().count() == 1
    });
    match character {
        Some(length) => (Kind::Literal, length),
        None => (Kind::Code, text.chars().next().map_or(0, char::len_utf8)),
    }
}

/// The length of the raw string at the beginning of a text: `r"…"`, `br#"…"#`.
fn raw_text(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = inner.len() - inner.trim_start_matches('#').len();
    let inner = inner[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(text.len() - inner.len() + inner.find(&end)? + end.len())
}

/// The length of the literal between these quotes at the beginning of a text.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let inner = text.strip_prefix(quote)?;
    let mut escaped = false;
    for (place, letter) in inner.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return Some(quote.len_utf8() * 2 + place),
            _ => {}
        }
    }
    None
}

/// The code with and without literals. Everything under `#[cfg(test)]` is blank.
fn without_tests(text: &str) -> (String, String) {
    let (mut code, mut bare) = split(text);
    while let Some(start) = bare.find("#[cfg(test)]") {
        let end = start + item(&bare[start..]);
        for view in [&mut code, &mut bare] {
            let blank = blank(&view[start..end]);
            view.replace_range(start..end, &blank);
        }
    }
    (code, bare)
}

/// The length of the item at the beginning of bare code: up to its `;` or its last brace.
fn item(bare: &str) -> usize {
    let mut depth = 0;
    for (place, letter) in bare.char_indices() {
        match letter {
            ';' if depth == 0 => return place + 1,
            '{' => depth += 1,
            '}' if depth == 1 => return place + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    bare.len()
}

#[test]
fn comments_literals_and_tests_do_not_count_as_code() {
    let text = "use a::b; // use c::d;\nlet x = \"e::f\"; /* g::h */ 'i'; r#\"j::k\"#;\n\
                #[cfg(test)]\nmod tests { use l::m; fn n() { \"}\" } }\nfn o<'p>() { q::r() }";
    let (code, bare) = without_tests(text);
    assert!(code.contains("e::f") && code.contains("j::k") && !code.contains("c::d"));
    let found = paths(&bare);
    let found: Vec<String> = found.iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["a::b", "q::r"]);
}
