//! Masks the secrets in the text of standin.yaml, so that it can be shown under a mistake.
//!
//! It reads the text character by character, since the file may not be valid YAML. Only values of
//! keys that are known to be harmless are shown. Every other value is masked. References to the
//! environment are shown.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::keys::{self, Shown};
use crate::model::Problem;
use crate::model::secret::MASK;
use crate::policy::mask::may_be_a_key;
use crate::policy::url;
use crate::vendors::Registry;

/// The shortest value, in bytes, that is masked in messages. Shorter ones occur by chance.
const SHORTEST: usize = 3;

static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    // A quoted text, an anchor, alias or tag, or a plain word with what follows it.
    regex(r#"^(?:"(?:[^"\\]|\\.)*"?|'[^']*'?|[&*!]\S*)"#)
});
static QUOTED: LazyLock<Regex> = LazyLock::new(|| regex("`([^`]*)`"));
static PASSWORD: LazyLock<Regex> = LazyLock::new(|| regex(r"://\S*@"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("{error}"))
}

/// The text with every secret masked, line by line. Settings that these vendors declare are shown.
pub fn mask(registry: Registry, text: &str) -> String {
    let mut masker = Masker::new(registry);
    let lines: Vec<String> = text.lines().map(|line| masker.line(line)).collect();
    lines.join("\n")
}

/// A mistake with every secret in its text masked. Its place is that in the masked text: the place in the line as it is
/// written would tell how long a secret before it is.
pub fn in_text(registry: Registry, problem: Problem) -> Problem {
    let source = mask(registry, &problem.source);
    let mut lines = problem.source.lines();
    let mut above = Masker::new(registry);
    lines.by_ref().take(problem.line.saturating_sub(1)).for_each(|line| drop(above.line(line)));
    let line = lines.next().unwrap_or_default();
    // How long the masked line is up to a column, from 0. What comes before a colon is a key.
    let length = |column: usize| {
        let byte = line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte);
        let (before, after) = line.split_at(byte);
        let colon = colon(after);
        let masked = above.clone().line(&[before, &after[..colon]].concat());
        masked.chars().count().saturating_sub(colon)
    };
    let whole = length(usize::MAX).max(1);
    let start = length(problem.column.saturating_sub(1)).min(whole - 1);
    let end = length(problem.column.saturating_sub(1) + problem.length).min(whole);
    let length = end.saturating_sub(start).max(1);
    Problem { source: source.into(), column: start + 1, length, ..problem }
}

/// A message with these values masked, and those in the queries of the URLs that it quotes.
pub fn without(message: &str, values: &[String]) -> String {
    let mut long: Vec<&String> = values.iter().filter(|value| value.len() >= SHORTEST).collect();
    // A value may be a part of another one.
    long.sort_by_key(|value| std::cmp::Reverse(value.len()));
    let masked = long
        .iter()
        .fold(message.to_owned(), |message, value| message.replace(value.as_str(), MASK));
    let quoted = |found: &Captures<'_>| format!("`{}`", shown_url(&found[1]));
    QUOTED.replace_all(&masked, quoted).into_owned()
}

/// A text, with the values of its query masked if it is a path or a URL, or was meant to be one.
fn shown_url(text: &str) -> Cow<'_, str> {
    let Some((place, query)) = text.split_once('?') else { return text.into() };
    let is_url = place.starts_with('/') || place.contains("://");
    // A JSONPath asks questions, too.
    let may_be = !place.starts_with('$') && !place.contains(char::is_whitespace);
    let is_meant = query.contains('=') && may_be;
    if is_url || is_meant { url::shown(text, url::PLACEHOLDERS).into() } else { text.into() }
}

#[derive(Clone)]
struct Masker {
    registry: Registry,
    /// The keys above a line: how far each is indented, and what may be shown below it.
    blocks: Vec<(usize, Shown)>,
    /// The brackets that are open.
    flows: Vec<Shown>,
    /// The indent of the line on which the first of them was opened.
    opened: usize,
}

impl Masker {
    fn new(registry: Registry) -> Self {
        Self { registry, blocks: Vec::new(), flows: Vec::new(), opened: 0 }
    }

    fn line(&mut self, line: &str) -> String {
        let mut rest = line.trim_start();
        let mut indent = line.len() - rest.len();
        let mut out = line[..indent].to_owned();
        // Lines inside brackets are indented. If this one is not, a bracket is missing.
        if indent <= self.opened && !rest.starts_with([']', '}']) {
            self.flows.clear();
        }
        if self.flows.is_empty() && !rest.is_empty() {
            let item = rest.starts_with("- ");
            self.blocks.retain(|(above, _)| *above < indent || (item && *above == indent));
        }
        let mut pending = None;
        while let Some(sign) = rest.chars().next() {
            let taken = match sign {
                '#' if out.is_empty() || out.ends_with(char::is_whitespace) => {
                    out.push_str("# …");
                    return out;
                }
                '{' | '[' => {
                    if self.flows.is_empty() {
                        self.opened = indent;
                    }
                    self.flows.push(pending.take().unwrap_or(self.below()));
                    out.push(sign);
                    1
                }
                '}' | ']' | ',' if !self.flows.is_empty() => {
                    pending = None;
                    if sign != ',' {
                        self.flows.pop();
                    }
                    out.push(sign);
                    1
                }
                '-' if rest.starts_with("- ") => {
                    indent += 2;
                    out.push_str("- ");
                    2
                }
                _ if sign.is_whitespace() => {
                    out.push(sign);
                    sign.len_utf8()
                }
                _ => {
                    let word = self.word(rest);
                    let colon = colon(&rest[word.len()..]);
                    let shown = pending.unwrap_or(self.below());
                    if colon == 0 {
                        out += &value(word, shown);
                    } else {
                        let below = self.below_key(word, shown);
                        pending = Some(below);
                        if self.flows.is_empty() {
                            self.blocks.push((indent, below));
                        }
                        out += if shown == Shown::Nothing { MASK } else { word };
                        out += &rest[word.len()..word.len() + colon];
                    }
                    word.len() + colon
                }
            };
            rest = &rest[taken..];
        }
        out
    }

    /// How much may be shown here: the innermost bracket or block decides.
    fn below(&self) -> Shown {
        let block = || self.blocks.last().map(|(_, below)| *below);
        self.flows.last().copied().or_else(block).unwrap_or(Shown::Keys)
    }

    /// How much may be shown below a key.
    fn below_key(&self, key: &str, around: Shown) -> Shown {
        let name = key.trim_matches(['"', '\'']);
        match around {
            Shown::All => Shown::All,
            Shown::Names | Shown::Nothing => Shown::Nothing,
            Shown::Sections => Shown::Keys,
            Shown::Keys => match keys::shown(name) {
                Some(shown) => shown,
                None if self.is_setting(name) => Shown::All,
                None => Shown::Nothing,
            },
        }
    }

    fn is_setting(&self, name: &str) -> bool {
        let mut settings = self.registry.vendors().flat_map(|vendor| vendor.catalogue().settings);
        settings.any(|setting| setting.name == name)
    }

    /// The key or value at the beginning of a text.
    fn word<'a>(&self, rest: &'a str) -> &'a str {
        if let Some(found) = TOKEN.find(rest) {
            return found.as_str();
        }
        let in_brackets = !self.flows.is_empty();
        let mut before = ' ';
        let end = rest.char_indices().find(|(at, sign)| {
            let next = rest[at + sign.len_utf8()..].chars().next();
            let ends = match sign {
                ':' => next.is_none_or(char::is_whitespace),
                '#' => before.is_whitespace(),
                ',' | '{' | '}' | '[' | ']' => in_brackets,
                _ => false,
            };
            before = *sign;
            *at > 0 && ends
        });
        rest[..end.map_or(rest.len(), |(at, _)| at)].trim_end()
    }
}

/// The length of the colon behind a key, with the spaces before it. 0 if there is no colon.
fn colon(rest: &str) -> usize {
    let spaces = rest.len() - rest.trim_start().len();
    if rest[spaces..].starts_with(':') { spaces + 1 } else { 0 }
}

fn value(word: &str, shown: Shown) -> String {
    let bare = word.trim().trim_matches(['"', '\'']);
    let inside = bare.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let reference = inside
        .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
    if reference || (shown == Shown::All && !may_be_a_key(bare)) {
        let shown = word.replace(bare, &shown_url(bare));
        PASSWORD.replace_all(&shown, format!("://{MASK}@")).into_owned()
    } else {
        MASK.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::registry::shipped;

    #[test]
    fn secrets_are_masked_everywhere() {
        let text = "receiver:\n  url: http://127.0.0.1\nvendors:\n  ombori:\n    headers:\n      X-Key: k1\n      \"X-Other\": \"k 2\"\n    deliver: /x\n  doo: { secret: k3, deliver: /y }\n  waitwhile:\n    headers: { A: k4, B: \"${B}\" }\n    client_secret: 'k5'\n    organization: shown";
        let masked = mask(shipped(), text);
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

    #[test]
    fn values_of_unknown_keys_are_masked() {
        for text in [
            "secrt: s3cr3t",
            "api_key: \"s3cr3t\"",
            "secret: a, s3cr3t",
            "secret: |\n  s3cr3t\n  url: s3cr3t",
            "secret:\n  s3cr3t",
            "secret: \"a\n  s3cr3t\"",
            "headers: s3cr3t",
            "headers: [s3cr3t]",
            "headers:\n  - s3cr3t",
            "headers:\n  X: >\n    s3cr3t: 1",
            "\"headers\":\n  X: s3cr3t",
            "headers: { A: 1,\n  B: s3cr3t, C: 's3cr3t' }",
            "vendors: { ombori: { deliver: /x, headers: { X: s3cr3t }, bogus: 1 } }",
            "vendors:\n  ombori:\n    deliver: [\n    headers:\n      X: s3cr3t",
            "x: &a { url: s3cr3t }",
            "url: http://user:s3cr3t@127.0.0.1",
            "deliver: { a: \"http://u:s3cr3t/@h\" }",
            "url: http://127.0.0.1 # s3cr3t",
            "secret: ${A:-s3cr3t}",
            "s3cr3t",
            "- s3cr3t",
        ] {
            let masked = mask(shipped(), text);
            assert!(!masked.contains("s3cr3t"), "{text}\ngives\n{masked}");
        }
    }

    #[test]
    fn only_the_harmless_keys_of_oauth_are_shown() {
        let text = "vendors:\n  doo:\n    oauth:\n      endpoint: /token\n      client_secret: s3cr3t\n      expired_token: s3cr3t\n      other_client: { client_id: a, client_secret: s3cr3t }\n      client_secrt: s3cr3t\n      revoke: /revoke";
        let masked = mask(shipped(), text);
        assert!(!masked.contains("s3cr3t"), "{masked}");
        for shown in ["endpoint: /token", "client_id: a", "revoke: /revoke"] {
            assert!(masked.contains(shown), "{masked}");
        }
    }

    #[test]
    fn the_query_of_a_url_is_masked_in_lines_and_messages() {
        let text = "vendors:\n  ombori:\n    deliver: { a: \"/in?key=s3cr3t&event={trigger}\", b: http://h/in?s3cr3t }\nprobes:\n  ombori.position:\n    get: /p?id={id}&a=s3cr3t\n    gone: $[?@.a == 'b']";
        let masked = mask(shipped(), text);
        assert!(!masked.contains("s3cr3t"), "{masked}");
        for shown in ["/in?key=***&event={trigger}", "/p?id={id}&a=***", "$[?@.a == 'b']"] {
            assert!(masked.contains(shown), "{shown} not in\n{masked}");
        }
        for url in ["http:/h?key=s3cr3t", "nowhere?key=s3cr3t", "//h/x?s3cr3t"] {
            let masked = mask(shipped(), &format!("receiver:\n  url: {url}"));
            assert!(masked.contains("***") && !masked.contains("s3cr3t"), "{masked}");
        }
        let told = without("`/in?key=s3cr3t#a` has a fragment, and `$[?@.a=='b']` not", &[]);
        assert_eq!(told, "`/in?key=***` has a fragment, and `$[?@.a=='b']` not");
    }

    #[test]
    fn a_value_of_the_environment_is_masked_from_three_bytes_on_and_as_a_whole() {
        let of = |values: &[&str]| {
            let values: Vec<String> = values.iter().map(|one| (*one).to_owned()).collect();
            without("no `k3y-long`, no `k3y`, no `ab`", &values)
        };
        assert_eq!(of(&["k3y", "k3y-long", "ab"]), "no `***`, no `***`, no `ab`");
    }

    #[test]
    fn a_mistake_is_marked_in_the_masked_line() {
        let marked = |text: &str, word: &str| {
            let line = text.lines().last().expect("a line");
            let column = line.find(word).expect("it is there") + 1;
            let problem = Problem {
                file: "standin.yaml".to_owned(),
                source: text.into(),
                line: text.lines().count(),
                column,
                length: word.len(),
                title: String::new(),
                label: String::new(),
                help: Vec::new(),
            };
            let problem = in_text(shipped(), problem);
            let line = problem.source.lines().last().expect("a line").to_owned();
            line.chars().skip(problem.column - 1).take(problem.length).collect::<String>()
        };
        let in_braces = "vendors:\n  doo:\n    oauth: { endpoint: /t, client_secret: a-long-secret-of-mine, token_use: never }";
        assert_eq!(marked(in_braces, "never"), "never");
        assert_eq!(marked(in_braces, "a-long-secret-of-mine"), MASK);
        assert_eq!(marked(in_braces, "endpoint"), "endpoint");
        let all = "{ endpoint: /t, client_secret: a-long-secret-of-mine, token_use: never }";
        assert_eq!(
            marked(in_braces, all),
            "{ endpoint: /t, client_secret: ***, token_use: never }"
        );
        // Nothing is before it.
        assert_eq!(marked("receiver:\n  rate: 0", "0"), "0");
    }

    #[test]
    fn harmless_values_are_shown() {
        let text = "receiver:\n  url: http://127.0.0.1:1\nvendors:\n  ombori:\n    deliver: { positionCaled: /x }\n    retries:\n    - 1m\n    stations: 999\n    headers: { X: \"${X}\" }\nprobes:\n  ombori.position:\n    get: /p/{id}\n    fields: { status: status }";
        assert_eq!(mask(shipped(), text), text);
    }
}
