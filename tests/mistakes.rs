//! A mistake in standin.yaml is shown at the line that it is on: at every key of its schema.

#[path = "mistakes/keys.rs"]
mod keys;
#[path = "mistakes/senders.rs"]
mod senders;

use standin::cli::errors::CliError;
use standin::cli::settings::{Overrides, read};
use standin::model::Problem;
use standin::vendors::registry;

use keys::{Line, lines, schema_paths};

/// A file with every key. What begins with `#!` is read only where a mistake is made in it.
const FULL: &str = include_str!("mistakes/full.yaml");

/// Values that are of the right type and impossible, by the end of a key's path.
const IMPOSSIBLE: &[(&str, &str)] = &[
    ("receiver.url", "nowhere"),
    ("receiver.public_url", "nowhere"),
    ("receiver.ack_within", "soon"),
    ("receiver.ack_within", "0s"),
    ("receiver.believes_within", "soon"),
    ("receiver.quiet_for", "soon"),
    ("receiver.allow_host", "http://staging.example.test"),
    ("receiver.allow_host", "staging.example.test:8443"),
    ("receiver.allow_host", "[staging.example.test, \"\"]"),
    ("receiver.allow_host", "\"*.example.test\""),
    ("receiver.allow_host", "true"),
    ("receiver.ca_file", "there/is/none.pem"),
    ("receiver.client_cert_file", "there/is/none.pem"),
    ("receiver.client_key_file", "there/is/none.pem"),
    ("receiver.rate", "0/s"),
    ("receiver.concurrency", "0"),
    ("receiver.concurrency", "65536"),
    ("receiver.await_retry_after", "2h"),
    ("receiver.keep_alive", "sometimes"),
    ("receiver.address_family", "ipv5"),
    ("ombori.deliver", "http://elsewhere.example.test/"),
    ("ombori.profile", "1999-01"),
    ("headers.X-Api-Key", "\"\""),
    ("request_headers.X-Via", "\"\""),
    ("ombori.policy", "none-such"),
    ("ombori.retries", "[soon]"),
    ("ombori.retry_jitter", "2"),
    ("ombori.accepted", "some"),
    ("ombori.ordering", "random"),
    ("ombori.disable_after", "soon"),
    ("ombori.api_key", "\"\""),
    ("ombori.api_client_id", "\"\""),
    ("ombori.api_client_secret", "\"\""),
    ("ombori.api_race", "never"),
    ("queue.Service desk", "26A18FF1-E57E-4325-8772-69B582F5F939"),
    ("ombori.stations", "0"),
    ("deliver.visit.created", "http://elsewhere.example.test/"),
    ("waitwhile.secret", "\"\""),
    ("signature.like", "strpe"),
    ("signature.header", "Host"),
    ("signature.over", "\"{timestmp}.{body}\""),
    ("signature.value", "\"t={timestamp}\""),
    ("signature.joined_by", "\"é\""),
    ("signature.algorithm", "md5"),
    ("signature.key_form", "private"),
    ("signature.encoding", "base32"),
    ("signature.id_header", "Content-Length"),
    ("signature.time_header", "x-visits-id"),
    ("signature.retry_id", "later"),
    ("signature.retry_time", "later"),
    ("signature.tolerance", "1h"),
    ("signature.body_hash", "a=b"),
    ("oauth.endpoint", "http://elsewhere.example.test/"),
    ("oauth.client_secret", "\"\""),
    ("oauth.client_id", "\"\""),
    ("oauth.request_with", "cookie"),
    ("oauth.request_format", "xml"),
    ("assertion.private_key_file", "there/is/none.pem"),
    ("assertion.private_key", "none"),
    ("assertion.iss", "\"\""),
    ("assertion.sub", "\"\""),
    ("assertion.aud", "\"\""),
    ("assertion.expires_after", "0s"),
    ("assertion.kid", "\"\""),
    ("oauth.scope", "\"\""),
    ("oauth.audience", "\"\""),
    ("oauth.resource", "\"\""),
    ("oauth.header", "Host"),
    ("oauth.header_value", "Bearer"),
    ("oauth.token_use", "never"),
    ("oauth.margin", "soon"),
    ("oauth.expired_token", "\"é\""),
    ("oauth.await_expiry", "1h"),
    ("oauth.revoke", "http://elsewhere.example.test/"),
    ("oauth.revoke_with", "cookie"),
    ("oauth.revoke_format", "xml"),
    ("other_client.client_id", "\"\""),
    ("other_client.client_secret", "\"\""),
    ("acme.like", "strpe"),
    ("acme.about", "\"${HOME}\""),
    ("acme.header", "Host"),
    ("acme.header", "\"X Acme\""),
    ("acme.over", "\"{timestmp}.{body}\""),
    ("acme.over", "\"{id}\""),
    ("acme.over", "\"{body\""),
    ("acme.value", "\"t={timestamp}\""),
    ("acme.value", "\"t={timestamp},v1={signatur}\""),
    ("acme.value", "\"é{signature}\""),
    ("acme.joined_by", "\"é\""),
    ("acme.algorithm", "md5"),
    ("acme.key_form", "private"),
    ("acme.key_form", "none-such"),
    ("acme.encoding", "base32"),
    ("acme.id_header", "Content-Length"),
    ("acme.time_header", "x-acme-id"),
    ("acme.retry_id", "later"),
    ("acme.retry_time", "later"),
    ("acme.tolerance", "soon"),
    ("acme.tolerance", "1h"),
    ("acme.body_hash", "a=b"),
    ("acme.key_env", "whsec_s3cr3t"),
    ("position.get", "/positions"),
    ("fields.status", "status"),
    ("position.effects", "effects"),
    ("position.gone", "gone"),
    ("absent.statuses", "[99]"),
    ("absent.without", "data"),
    ("status.done", "[]"),
    ("label.factor", "0"),
    ("label.zone", "Mars/Olympus"),
    ("headers.Authorization", "\" \""),
    ("known[].rule", "\" \""),
    ("known[].vendor", "nobody"),
    ("known[].failure", "none-such"),
    ("known[].reason", "\" \""),
    ("known[].until", "soon"),
];

/// The line on which the first mistake is shown, and what it says.
fn mistake(text: &str) -> Option<(usize, String)> {
    problems(text).first().map(|problem| (problem.line, problem.title.clone()))
}

fn problems(text: &str) -> Vec<Problem> {
    match read(registry::shipped(), "standin.yaml", text, &Overrides::default()) {
        Err(CliError::Problems(problems)) => problems,
        _ => Vec::new(),
    }
}

/// The whole file with another line in the place of this one.
fn with(all: &[Line], place: usize, line: &str) -> String {
    let lines = all.iter().enumerate().map(|(at, one)| match at == place {
        true => line,
        false => one.as_read(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The wrong lines that a person could write in the place of a line with a key.
fn mistakes(line: &Line) -> Vec<String> {
    let key = &line.before_value;
    let mut wrong = Vec::new();
    if line.is_known_name {
        wrong.push(line.text.replacen(&line.key, &format!("{}x", line.key), 1));
    }
    if !line.value.is_empty() {
        // A map begins at the others: what is below it would be in the way of another value.
        for value in ["[[1]]", "[x, [1]]", "[{ a: b }]", "[~]"] {
            wrong.push(format!("{key}: {value}"));
        }
        wrong.push(format!("{key}: {{ a: b }}"));
        let impossible = IMPOSSIBLE
            .iter()
            .filter(|(end, _)| line.path == *end || line.path.ends_with(&format!(".{end}")));
        wrong.extend(impossible.map(|(_, value)| format!("{key}: {value}")));
    }
    wrong
}

#[test]
fn a_mistake_at_any_key_is_shown_at_its_line() {
    let all = lines(FULL);
    let whole = with(&all, usize::MAX, "");
    assert_eq!(mistake(&whole), None, "the file is right");
    let (mut wrong, mut made) = (Vec::new(), 0);
    for (place, line) in all.iter().enumerate().filter(|(_, line)| !line.key.is_empty()) {
        for text in mistakes(line) {
            made += 1;
            let shown = mistake(&with(&all, place, &text));
            if shown.as_ref().map(|(line, _)| *line) != Some(place + 1) {
                wrong.push(format!("line {}: {text:?} is shown at {shown:?}", place + 1));
            }
        }
    }
    assert!(made > 350, "{made}");
    assert!(wrong.is_empty(), "{} of {made} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A mistake that hides others is the only one that is shown.
#[test]
fn a_mistake_at_any_key_hides_none_in_another_section() {
    let all = lines(FULL);
    let place = |path: &str| all.iter().position(|line| line.path == path).expect("such a line");
    let others = [
        ("receiver.quiet_for", "soon"),
        ("vendors.doo.oauth.margin", "soon"),
        ("check.known[].until", "soon"),
    ]
    .map(|(path, value)| (place(path), value));
    let (mut hidden, mut made) = (Vec::new(), 0);
    for (at, line) in all.iter().enumerate().filter(|(_, line)| !line.key.is_empty()) {
        for text in mistakes(line) {
            made += 1;
            let mut others = others.iter().filter(|(other, _)| {
                all[*other].path.split('.').next() != line.path.split('.').next()
            });
            let mut file = all.iter().map(Line::as_read).map(str::to_owned).collect::<Vec<_>>();
            file[at].clone_from(&text);
            for (other, value) in others.clone() {
                file[*other] = format!("{}: {value}", all[*other].before_value);
            }
            let shown = problems(&file.join("\n"));
            if !others.all(|(other, _)| shown.iter().any(|problem| problem.line == other + 1)) {
                hidden.push(format!("line {}: {text:?} hides others", at + 1));
            }
        }
    }
    assert!(made > 350, "{made}");
    assert!(hidden.is_empty(), "{} of {made}:\n{}", hidden.len(), hidden.join("\n"));
}

/// Values that are wrong only beside those of other keys in the same mapping. Nothing is said of them where one of these
/// is wrong itself.
const WRONG_BESIDE: &[(&str, &str, &[&str])] = &[
    ("signature.value", "\"t={timestamp}\"", &["like", "encoding", "joined_by"]),
    ("signature.key_form", "private", &["like", "algorithm"]),
    ("signature.time_header", "x-visits-id", &["like", "header", "id_header"]),
    ("assertion.private_key_file", "there/is/none.pem", &["private_key"]),
    ("acme.over", "\"{id}\"", ANY_KEY),
    ("acme.value", "\"t={timestamp}\"", &["like", "encoding", "joined_by"]),
    ("acme.value", "\"t={timestamp},v1={signatur}\"", &["like", "encoding", "joined_by"]),
    ("acme.key_form", "private", &["like", "algorithm"]),
    ("acme.time_header", "x-acme-id", &["like", "header", "id_header"]),
];

/// What is signed depends on what all the others tell.
const ANY_KEY: &[&str] = &[];

/// Whether nothing is said of a wrong value, since that of another key in the mapping is wrong, too.
fn is_hidden_by((end, value): (&str, &str), other: &str) -> bool {
    let beside = WRONG_BESIDE.iter().find(|(path, one, _)| (*path, *one) == (end, value));
    let key = other.rsplit('.').next().unwrap_or_default();
    beside.is_some_and(|(.., keys)| keys.is_empty() || keys.contains(&key))
}

#[test]
fn a_mistake_at_any_key_hides_none_beside_it() {
    let all = lines(FULL);
    let place = |end: &str| {
        let is_there = |line: &Line| line.path == end || line.path.ends_with(&format!(".{end}"));
        all.iter().position(is_there).expect("such a line")
    };
    let section = |at: usize| {
        // A name such as `ombori.position` has a dot, and `receiver` has no sections.
        let mut names = all[at].path.split('.');
        (names.next(), names.next().filter(|_| !all[at].path.starts_with("receiver")))
    };
    let (mut hidden, mut made) = (Vec::new(), 0);
    for (number, one) in IMPOSSIBLE.iter().enumerate() {
        for another in &IMPOSSIBLE[number + 1..] {
            let [at, other] = [one.0, another.0].map(place);
            let is_hidden = is_hidden_by(*one, another.0) || is_hidden_by(*another, one.0);
            if at == other || section(at) != section(other) || is_hidden {
                continue;
            }
            made += 1;
            let mut file: Vec<&str> = all.iter().map(Line::as_read).collect();
            let wrong = |at: usize, value: &str| format!("{}: {value}", all[at].before_value);
            let (one, another) = (wrong(at, one.1), wrong(other, another.1));
            (file[at], file[other]) = (&one, &another);
            let shown: Vec<usize> =
                problems(&file.join("\n")).iter().map(|problem| problem.line).collect();
            let mut wanted = [at + 1, other + 1];
            wanted.sort_unstable();
            if shown != wanted {
                hidden.push(format!("{one:?} and {another:?} are shown at {shown:?}"));
            }
        }
    }
    assert!(made > 950, "{made}");
    assert!(hidden.is_empty(), "{} of {made}:\n{}", hidden.len(), hidden.join("\n"));
}

#[test]
fn a_mistake_speaks_of_what_a_key_takes_and_not_of_types() {
    let all = lines(FULL);
    for (path, value, wanted) in [
        ("receiver.queues", "yes", "this takes `true` or `false`"),
        ("receiver.concurrency", "65536", "this takes a whole number"),
        ("receiver.allow_host", "[[1]]", "this takes a single value, or a list of them"),
        ("receiver.allow_host", "[7]", "`allow_host`: `7` is no host"),
        ("check.features", "own", "this takes a list: `[…]`"),
        ("receiver.ack_within", "0s", "`ack_within` is longer than 0s: any answer takes some time"),
    ] {
        let place = all.iter().position(|line| line.path == path).expect("a line with the key");
        let text = with(&all, place, &format!("{}: {value}", all[place].before_value));
        assert_eq!(mistake(&text), Some((place + 1, wanted.to_owned())), "{path}: {value}");
    }
}

#[test]
fn a_key_that_is_no_text_hides_no_unknown_key() {
    let text = "receiver:\n  url: http://127.0.0.1:1\n  ack_wihtin: 3s\nprobes:\n  ombori.position:\n    get: /p/{id}\n    \
                fields: { status: $.s }\n    translate: { status: { null: \"\" } }\nchekc: {}\n";
    let shown: Vec<(usize, String)> =
        problems(text).into_iter().map(|problem| (problem.line, problem.title)).collect();
    let wanted =
        [(3, "unknown key `ack_wihtin`"), (8, "`null` is no key"), (9, "unknown key `chekc`")];
    assert_eq!(shown, wanted.map(|(line, title)| (line, title.to_owned())));
}

#[test]
fn a_file_without_anything_in_it_is_a_mistake() {
    for text in ["", "# nothing\n", "---\n"] {
        let wanted = Some((1, "there is nothing in this file".to_owned()));
        assert_eq!(mistake(text), wanted, "{text:?}");
    }
}

#[test]
fn a_setting_that_could_change_nothing_is_a_mistake_at_its_line() {
    let all = lines(FULL);
    let place = |path: &str| all.iter().position(|line| line.path == path).expect("such a line");
    let (retries, jitter) = (place("vendors.ombori.retries"), place("vendors.ombori.retry_jitter"));
    let none = with(&all, retries, "    retries: []");
    let shown = mistake(&none).expect("a mistake");
    assert_eq!(shown.0, jitter + 1, "{}", shown.1);
    assert!(shown.1.contains("there are none"), "{}", shown.1);
    let zero = none.replace(&all[jitter].text, "    retry_jitter: 0");
    assert_eq!(mistake(&zero), None);
}

#[test]
fn the_file_has_every_key_of_the_schema() {
    let all = lines(FULL);
    let missing: Vec<String> = schema_paths()
        .into_iter()
        .filter(|wanted| !all.iter().any(|line| line.fits(wanted)))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    for (end, _) in IMPOSSIBLE {
        assert!(all.iter().any(|line| line.path.ends_with(end)), "no key ends with {end}");
    }
}
