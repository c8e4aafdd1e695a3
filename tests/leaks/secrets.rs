//! No secret that a receiver repeats is shown, however it writes it, wherever it repeats it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use standin::delivery::Secrets;
use standin::model::Secret;

use super::answering::{Asked, answering, whole};
use super::built_in::built_in;
use super::outputs::{printed, written};
use super::spellings::{ALL, Spelling};
use super::{folder, write};

/// It has signs that every encoding escapes, and letters of either case.
const SECRET: &str = "s3cr/T+k3y=for&the\"Mask<42";

/// The fewest characters in a row that give a secret away.
const RUN: usize = 8;

/// Finds what gives the secret away: the spellings of runs of its characters.
struct Finder {
    /// By their first eight bytes.
    parts: HashMap<[u8; 8], Vec<(&'static str, Vec<u8>)>>,
}

impl Finder {
    fn of(spellings: impl IntoIterator<Item = &'static Spelling>) -> Self {
        let mut parts: HashMap<_, Vec<_>> = HashMap::new();
        for spelling in spellings {
            for part in runs(spelling) {
                if let Some(first) = part.first_chunk::<8>() {
                    parts.entry(*first).or_default().push((spelling.name, part));
                }
            }
        }
        Self { parts }
    }

    /// The name of a spelling in the text, and what was found of it.
    fn find(&self, text: &str) -> Option<String> {
        let text = text.as_bytes();
        text.windows(8).enumerate().find_map(|(at, first)| {
            let parts = self.parts.get(first)?;
            let (name, part) = parts.iter().find(|(_, part)| text[at..].starts_with(part))?;
            Some(format!("{name}: {:?}", String::from_utf8_lossy(part)))
        })
    }
}

/// Every run of the secret's characters in this spelling, without what does not depend on the secret.
fn runs(spelling: &Spelling) -> Vec<Vec<u8>> {
    let other: String = SECRET.chars().rev().collect();
    let (written, other) = ((spelling.write)(SECRET), (spelling.write)(&other));
    let (written, other) = (written.as_bytes(), other.as_bytes());
    let alike =
        |pairs: &mut dyn Iterator<Item = (&u8, &u8)>| pairs.take_while(|(a, b)| a == b).count();
    let before = alike(&mut written.iter().zip(other));
    let behind = alike(&mut written.iter().rev().zip(other.iter().rev()));
    let core = &written[before..written.len() - behind];
    let length = (RUN * spelling.longest).min(core.len());
    let mut runs: Vec<Vec<u8>> = core.windows(length.max(1)).map(<[u8]>::to_vec).collect();
    let ends = 0..=SECRET.len() - RUN;
    runs.extend(ends.map(|at| (spelling.write)(&SECRET[at..at + RUN]).into_bytes()));
    runs
}

fn secrets() -> Secrets {
    Secrets::new([Secret::new(SECRET)])
}

#[test]
fn every_spelling_is_masked_at_every_place() {
    let secrets = secrets();
    assert!(ALL.len() >= 74, "{}", ALL.len());
    let mut wrong = Vec::new();
    for spelling in ALL {
        let (finder, written) = (Finder::of([spelling]), (spelling.write)(SECRET));
        let fill = "The quick brown fox. ".repeat(400);
        for (place, said) in [
            ("alone", written.clone()),
            ("in a sentence", format!("no: {written} is not right")),
            ("in quotes", format!("{{\"error\":\"{written}\"}}")),
            ("in brackets", format!("<b>({written})</b>")),
            ("twice", format!("{written} {written}")),
            ("behind much text", format!("{fill}{written}")),
            ("in much text", format!("{fill}{written} {fill}")),
        ] {
            wrong.extend(finder.find(&secrets.text(&said)).map(|part| format!("{place}: {part}")));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_spelling_is_masked_where_it_breaks_off() {
    let secrets = secrets();
    let mut wrong = Vec::new();
    for spelling in ALL {
        let finder = Finder::of([spelling]);
        let written: Vec<char> = (spelling.write)(SECRET).chars().collect();
        for end in 1..written.len() {
            let said: String = "no: ".chars().chain(written[..end].iter().copied()).collect();
            if let Some(part) = finder.find(&secrets.text(&said)) {
                wrong.push(format!("cut at {end}: {part}"));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The receiver repeats the secret wherever it can, each time in the next spelling.
fn repeating(first: &'static AtomicUsize) -> String {
    answering(move |asked| {
        let number = first.fetch_add(1, Ordering::Relaxed);
        let written = (ALL[number % ALL.len()].write)(SECRET);
        let line = written.replace(|c: char| c.is_control(), "");
        let quoted = serde_json::to_string(&written).expect("JSON");
        match asked {
            Asked::Token => whole("401 No", "", &format!("{{\"error\":{quoted}}}")),
            Asked::Probe if number.is_multiple_of(2) => {
                let body = format!("{{{quoted}:{quoted},\"state\":{quoted},\"sent\":1}}");
                whole("200 OK", "content-type: application/json\r\n", &body)
            }
            Asked::Probe => whole(&format!("500 {line}"), &format!("x-said: {line}\r\n"), &written),
            Asked::Webhook => match number % 4 {
                0 => whole("302 Found", &format!("location: /{line}?key={line}\r\n"), &written),
                1 => whole(
                    &format!("400 {line}"),
                    &format!("x-long: {}{line}\r\n", "a".repeat(100)),
                    &written,
                ),
                2 => whole("200 OK", "", &written),
                // Broken off in the middle.
                _ => {
                    format!("HTTP/1.1 500 No\r\ncontent-length: 9999\r\n\r\n{quoted}").into_bytes()
                }
            },
        }
    })
}

fn files(folder: &Path, url: &str) {
    let quoted = serde_json::to_string(SECRET).expect("JSON");
    let settings = built_in(&[
        ("http://127.0.0.1:8080", url),
        ("believes_within: 5s", "believes_within: 50ms"),
        ("\"${OMBORI_API_KEY:-standin-demo-key}\"", &quoted),
    ]);
    let (settings, _) = settings.split_once("\nprobes:").expect("probes come last");
    let probes = format!(
        "probes:\n  ombori.position:\n    get: /p/{{id}}\n    headers: {{ X-Key: {quoted} }}\n    \
         fields: {{ status: $.state }}\n"
    );
    write(folder, "standin.yaml", &format!("{settings}\n{probes}"));
    let one = |number: usize| {
        format!(
            "\n  Scenario: number {number}\n    Given an Ombori account\n    \
             When Anna takes a walk-in ticket\n    Then every webhook is accepted\n\n  \
             Scenario: probed {number}\n    Given an Ombori account\n    \
             When Anna takes a walk-in ticket\n    \
             Then the receiver has Anna's position as \"pending\"\n"
        )
    };
    let all: String = (0..ALL.len()).map(one).collect();
    write(folder, "own.feature", &format!("Feature: mine\n{all}"));
    write(folder, "body.json", "{}");
}

#[test]
fn no_output_has_a_secret_that_a_receiver_repeats() {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let folder = folder();
    files(folder.path(), &repeating(&NUMBER));
    let mut outputs = printed(
        folder.path(),
        &[
            "check own.feature --no-early-stop --seed 1 -vv --all --json j.json --junit j.xml --html h.html --journal c.journal",
            "doctor",
            "play scenarios/ombori/walk-in.yaml --instant --seed 1 --journal p.journal",
            "send --vendor ombori --trigger positionCreated --body body.json",
            "curl --report j.json",
            "curl 1 --report j.json",
            "journal show c.journal",
            "journal show p.journal",
            "journal export c.journal",
            "journal export c.journal --format har",
            "journal export c.journal --format curl",
            "journal replay p.journal",
            #[cfg(target_os = "linux")]
            "load --rate 200/s --for 500ms --vendor ombori --seed 1 --journal l.journal --html l.html --json l.json",
        ],
    );
    outputs.extend(written(folder.path()));
    assert!(NUMBER.load(Ordering::Relaxed) > 2 * ALL.len(), "few answers");
    let (mut wrong, finder) = (Vec::new(), Finder::of(ALL));
    for (output, said) in &outputs {
        // As it is, and as JSON, HTML and XML mean it.
        let read = said.replace("\\\"", "\"").replace("\\\\", "\\");
        let read = [
            ("&lt;", "<"),
            ("&#60;", "<"),
            ("&quot;", "\""),
            ("&#34;", "\""),
            ("&#38;", "&"),
            ("&amp;", "&"),
        ]
        .iter()
        .fold(read, |text, (written, meant)| text.replace(written, meant));
        let parts = [said, &read].into_iter().filter_map(|text| finder.find(text));
        wrong.extend(parts.map(|part| format!("{output}: {part}")));
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
