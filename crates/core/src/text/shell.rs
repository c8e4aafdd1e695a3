//! Lines for a POSIX shell.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The longest body that stands in a line as it is. Linux takes at most 128 KiB in one argument.
const LONGEST: usize = 100_000;

/// The text in single quotes.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The text as one word: in quotes only if a shell would split or expand it.
pub fn word(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./:@=+,%".contains(letter);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { quoted(text) }
}

/// A request as a curl line. A body that a shell cannot hold goes through base64.
pub fn request<'a>(
    method: &str,
    url: &str,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    body: &[u8],
) -> String {
    let headers = headers.into_iter().map(|(name, value)| quoted(&format!("{name}: {value}")));
    match holdable(body) {
        Some("") if method != "POST" => head(method, url, headers),
        Some(body) => curl(url, headers, &quoted(body)),
        None => {
            let body = STANDARD.encode(body);
            format!("printf %s {body} | base64 -d | {}", curl(url, headers, "@-"))
        }
    }
}

/// A curl line without a body.
fn head(method: &str, url: &str, headers: impl Iterator<Item = String>) -> String {
    let headers: String = headers.map(|header| format!(" -H {header}")).collect();
    format!("curl -i -X {method} {}{headers}", quoted(url))
}

/// A curl line for a POST with these headers and this body, which are words of a shell already.
pub fn curl(url: &str, headers: impl Iterator<Item = String>, body: &str) -> String {
    format!("{} --data-binary {body}", head("POST", url, headers))
}

/// The body as text, if a shell, curl and a terminal all leave it as it is.
pub fn holdable(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    let is_plain = !text.contains(|letter: char| letter.is_control() && letter != '\n');
    // curl reads a file where the data begins with @.
    (is_plain && !text.starts_with('@') && text.len() <= LONGEST).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted_or_encoded() {
        let headers = [("X-Api-Key", "***")];
        let line = |body: &[u8]| request("POST", "http://127.0.0.1:9/it's", headers, body);
        assert_eq!(
            line(b"{\"a\":\"it's\"}"),
            r#"curl -i -X POST 'http://127.0.0.1:9/it'\''s' -H 'X-Api-Key: ***' --data-binary '{"a":"it'\''s"}'"#
        );
        let long = vec![b'a'; LONGEST + 1];
        for body in [&b"\xff\xfe"[..], b"a\0b", b"@/etc/passwd", b"\x1b[31m", &long] {
            let encoded = line(body);
            let sent = encoded.strip_prefix("printf %s ").and_then(|rest| rest.split(' ').next());
            assert_eq!(sent.and_then(|sent| STANDARD.decode(sent).ok()).as_deref(), Some(body));
            assert!(encoded.ends_with("--data-binary @-"), "{encoded}");
        }
    }

    #[test]
    fn a_shell_gives_back_the_words_that_were_quoted() {
        for text in
            ["plain", "a b", "it's", "", "$HOME `id` \"x\" \\ !", "line\nline", "*?[a]~#&;|"]
        {
            for written in [quoted(text), word(text)] {
                let print = format!("printf %s {written}");
                let said = std::process::Command::new("sh").arg("-c").arg(print).output();
                let said = said.expect("sh runs");
                assert_eq!(String::from_utf8_lossy(&said.stdout), text, "{written}");
            }
        }
        assert_eq!(word("a/b-c.json:12"), "a/b-c.json:12");
    }
}
