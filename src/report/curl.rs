//! A recorded request as a line for a shell. Secrets are `***` in it, so they must be put in first.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::recorded::Recorded;

/// One comment and one line. A body that a shell cannot hold goes through base64.
pub fn render(request: &Recorded) -> String {
    let mut line = format!("curl -i -X POST {}", quoted(&request.url));
    for (name, value) in &request.headers {
        line += &format!(" -H {}", quoted(&format!("{name}: {value}")));
    }
    let line = match std::str::from_utf8(&request.body) {
        // No shell can hold a NUL, and curl reads a file where the data begins with @.
        Ok(text) if !text.contains('\0') && !text.starts_with('@') => {
            format!("{line} --data-binary {}", quoted(text))
        }
        _ => {
            let body = STANDARD.encode(&request.body);
            format!("printf %s {body} | base64 -d | {line} --data-binary @-")
        }
    };
    format!("# {}\n{line}\n", super::printable(&comment(request)).replace('\n', " "))
}

fn comment(request: &Recorded) -> String {
    let Recorded { at, vendor, trigger, kind, id, number, why, .. } = request;
    let what = match &*request.request {
        "webhook" => String::new(),
        other => format!(" ({other})"),
    };
    format!("{at} {vendor} {trigger} {kind} {id}, attempt {number}{what}: {why}")
}

/// In single quotes, as a POSIX shell takes them.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted_or_encoded() {
        let request = |body: &'static [u8]| Recorded {
            url: "http://127.0.0.1:9/it's".to_owned(),
            headers: vec![("X-Api-Key".to_owned(), "***".to_owned())],
            body: body.into(),
            ..Recorded::default()
        };
        let line = |body| render(&request(body)).lines().nth(1).map(str::to_owned);
        assert_eq!(
            line(b"{\"a\":\"it's\"}").as_deref(),
            Some(
                r#"curl -i -X POST 'http://127.0.0.1:9/it'\''s' -H 'X-Api-Key: ***' --data-binary '{"a":"it'\''s"}'"#
            )
        );
        for body in [&b"\xff\xfe"[..], b"a\0b", b"@/etc/passwd"] {
            let encoded = line(body).expect("a line");
            let sent = encoded.strip_prefix("printf %s ").and_then(|rest| rest.split(' ').next());
            assert_eq!(sent.and_then(|sent| STANDARD.decode(sent).ok()).as_deref(), Some(body));
            assert!(encoded.ends_with("--data-binary @-"), "{encoded}");
        }
    }
}
