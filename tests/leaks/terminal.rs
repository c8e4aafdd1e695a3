//! No command prints a character that steers a terminal or reorders text, whoever wrote it.

use std::ffi::OsString;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use regex::Regex;

use super::answering::{Asked, answering, whole};
use super::built_in::built_in;
use super::{folder, run, said, write};

/// Sequences that clear a screen, make a link, write the clipboard and go back, C1 controls, and marks
/// that change the direction of text or are not allowed in XML.
const HOSTILE: &str = "x\u{1b}[2J\u{1b}]8;;http://e.test\u{7}y\u{1b}]52;c;eA==\u{7}\u{1b}Pq\u{9b}1m\
                       \u{85}\u{90}\u{9d}\r\u{8}\u{c}\u{200f}\u{61c}\u{202e}\u{2066}\u{2069}\u{feff}\
                       \u{fffe}\u{ffff}</script><script>alert(1)</script>]]>&z##[error]gotcha";
/// The same as a line that GitHub Actions takes for a command.
const COMMAND: &str = "\n::stop-commands::x\n::error::gotcha\n";

/// Our own colours.
static COLOURS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("\u{1b}\\[[0-9;]*m").expect("a pattern"));

/// The first character of a text that no output may have.
fn steering(text: &str) -> Option<char> {
    COLOURS.replace_all(text, "").chars().find(|&c| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    })
}

/// The receiver repeats it everywhere.
fn hostile_receiver() -> String {
    answering(|asked| {
        let text = format!("{HOSTILE}{COMMAND}");
        let json = serde_json::json!({&text: &text, "state": &text, "sent": 1}).to_string();
        match asked {
            Asked::Token => whole("200 OK", "", &json.replace("\"state\"", "\"access_token\"")),
            Asked::Probe => whole("200 OK", "content-type: application/json\r\n", &json),
            Asked::Webhook => {
                let line = HOSTILE.replace(|c: char| c.is_ascii_control(), "");
                whole(&format!("302 {line}"), &format!("location: /{line}\r\n"), &text)
            }
        }
    })
}

fn files(folder: &Path, url: &str) {
    let settings = built_in(&[
        ("http://127.0.0.1:8080", url),
        ("believes_within: 5s", "believes_within: 50ms"),
    ]);
    let (settings, _) = settings.split_once("\nprobes:").expect("probes come last");
    let probes = "probes:\n  ombori.position:\n    get: /p/{id}\n    fields: { status: $.state }\n";
    write(folder, "standin.yaml", &format!("{settings}\n{probes}"));
    let name = HOSTILE.replace(['\r', '\u{85}', '\u{c}'], "");
    let feature = format!(
        "@tag{name}\nFeature: {name}\n\n  Scenario: {name}\n    Given an Ombori account\n    \
         When Anna takes a walk-in ticket\n    Then every webhook is accepted\n    \
         And the receiver has Anna's position as \"{name}\"\n\n  Scenario: probed {name}\n    \
         Given an Ombori account\n    When Anna takes a walk-in ticket\n    \
         Then the receiver has Anna's position as \"pending\"\n"
    );
    write(folder, "own.feature", &feature);
    write(
        folder,
        "phrase.feature",
        &feature.replace("Anna takes", &format!("{name} takes a {name}")),
    );
    write(
        folder,
        "mine.feature",
        &feature.replace(&format!("as \"{name}\""), "as the vendor has it"),
    );
    let quoted = serde_json::to_string(&format!("{HOSTILE}{COMMAND}")).expect("JSON");
    let story =
        format!("vendor: ombori\nabout: {quoted}\nsteps:\n  - Anna takes a walk-in ticket\n");
    write(folder, "story.yaml", &story);
    let walk = "vendor: ombori\nsteps:\n  - Anna takes a walk-in ticket\n";
    write(folder, "walk.yaml", walk);
    write(folder, "phrase.yaml", &story.replace("  - Anna", &format!("  - {quoted}\n  - Anna")));
    write(folder, "key.yaml", &story.replace("vendor:", &format!("{quoted}: 1\nvendor:")));
    write(folder, "raw.yaml", &format!("vendor: {HOSTILE}\n"));
    write(folder, "broken.yaml", &format!("receiver:\n  {quoted}: 1\n  url: {quoted}\n"));
    let senders = format!(
        "receiver: {{ url: 'http://127.0.0.1:9' }}\nsenders:\n  acme: {{ like: github, about: {quoted} }}\n"
    );
    write(folder, "senders.yaml", &senders);
    write(folder, &format!("own{}.yaml", HOSTILE.replace('/', "_")), &senders);
    write(folder, "wrong.yaml", &senders.replace("like: github", &format!("over: {quoted}")));
    write(folder, "body.json", &serde_json::json!({"type": HOSTILE, "x": HOSTILE}).to_string());
    write(folder, "bad.json", &format!("{{\"{HOSTILE}"));
    for (path, text) in
        [(format!("{HOSTILE}.feature"), &feature), (format!("{HOSTILE}.yaml"), &story)]
    {
        write(folder, &path.replace('/', "_"), text);
    }
}

/// How many of the commands write what others read.
const WRITING: usize = 2;

/// Commands, with `@` for the hostile text.
const COMMANDS: &[&str] = &[
    "check mine.feature --seed 1 --json j.json --junit j.xml --html h.html --journal c.journal",
    "play walk.yaml --instant --seed 1 --journal p.journal",
    "check mine.feature --seed 1 -vv",
    "check own.feature",
    "check phrase.feature",
    "check mine.feature --list",
    "check mine.feature:@",
    "check --tags @",
    "check --vendor @",
    "check @",
    "check --config broken.yaml",
    "check --seed @",
    "check --@",
    "check --jobs @",
    "check --max-failures=@",
    "check @.feature",
    "doctor",
    "doctor --vendor @",
    "doctor --target @",
    "doctor --config broken.yaml",
    "play story.yaml",
    "play phrase.yaml",
    "play key.yaml",
    "play raw.yaml",
    "play @",
    "play @.yaml --instant",
    "play story.yaml --speed @",
    "play story.yaml --for @",
    "play story.yaml --target http://@/",
    "generate --vendor @",
    "generate --vendor ombori --profile @",
    "generate --vendor ombori --start @",
    "generate --vendor ombori --count @",
    "generate --vendor ombori --count 1 @",
    "generate story.yaml --count 2",
    "generate phrase.yaml --vendor ombori",
    "send --vendor waitwhile --body body.json",
    "send --vendor @ --body body.json",
    "send --vendor ombori --body @",
    "send --vendor ombori --body bad.json",
    "send --vendor ombori --body body.json --trigger @",
    "send --vendor ombori --body body.json --trigger POSITION_CREATED",
    "send --vendor ombori --body bad.json --raw --trigger POSITION_CREATED",
    "sign --vendor @ --body body.json",
    "sign --vendor waitwhile --body @",
    "sign --vendor waitwhile --body body.json --url @",
    "sign --vendor waitwhile --body body.json",
    "send --as @ --body body.json --url http://127.0.0.1:9/",
    "send --as github --body body.json --url @ --key-file body.json",
    "send --as github --body body.json --url http://127.0.0.1:9/ --key-env @",
    "send --as github --body body.json --url http://127.0.0.1:9/ --key-file @",
    "send --as github --body body.json --url http://127.0.0.1:9/ --key-file body.json --header @",
    "send --as github --body body.json --url http://127.0.0.1:9/ --key-file body.json --id @",
    "verify --as @ --body body.json",
    "verify --as github --body body.json --key-file body.json --header X-Hub-Signature-256:@",
    "verify --as stripe --body body.json --key-file body.json --header Stripe-Signature:t=@,v1=@",
    "verify --as slack --body body.json --key-file body.json --header @:@ --header X-Slack-Signature:v0=@",
    "verify --as square --body bad.json --key-file body.json --url @ --header \
     x-square-hmacsha256-signature:@",
    "verify --as github --request bad.json --key-file body.json",
    "verify --as github --request @ --key-file body.json",
    "senders @",
    "senders --config senders.yaml",
    "senders acme --config senders.yaml",
    "senders --config own@.yaml",
    "senders acme --config own@.yaml",
    "senders --config wrong.yaml",
    "verify --as acme --config senders.yaml --body body.json --key-file body.json --header X-Hub-Signature-256:@",
    "check --as acme --config senders.yaml --body body.json --deliver / --key-file body.json --list",
    "curl --report j.json",
    "curl 1 --report j.json",
    "curl @ --report j.json",
    "curl --report @",
    "curl --report body.json",
    "show mine.feature:4",
    "show mine.feature:@",
    "show @:1",
    "show own.feature:999",
    "explain mine.feature",
    "explain @",
    "explain duplicates @",
    "journal show c.journal",
    "journal show p.journal",
    "journal show @",
    "journal show body.json",
    "journal export c.journal",
    "journal export c.journal --format curl",
    "journal export c.journal --format @",
    "journal diff c.journal p.journal",
    "journal diff @ c.journal",
    "journal replay p.journal",
    "journal replay @",
    "journal @",
    "init --vendor @",
    "init standin.yaml",
    "vendors @",
    "vendors ombori --@",
    "schema @",
    "completions @",
    "@",
    "--@",
    "-@",
    "load --rate @",
    "load --rate 5/s --for 300ms --vendor @",
    "load --rate 20/s --for 300ms --vendor ombori",
    "serve --listen @",
    "healthcheck @",
    "receiver --defect @",
    "receiver --listen @",
    "help @",
];

/// The arguments of a command.
fn arguments(command: &str, hostile: &str) -> Vec<OsString> {
    command.split(' ').map(|one| one.replace('@', hostile).into()).collect()
}

#[test]
fn no_command_prints_what_steers_a_terminal() {
    let folder = folder();
    files(folder.path(), &hostile_receiver());
    let name = HOSTILE.replace('/', "_");
    let wrong = Mutex::new(Vec::new());
    let one = |command: &str| {
        let mut found = Vec::new();
        for (hostile, colours) in
            [(name.clone(), "CLICOLOR_FORCE"), (format!("{name}{COMMAND}"), "NO_COLOR")]
        {
            let variables = [(colours, "1"), ("GITHUB_ACTIONS", "true")];
            let output = run(folder.path(), &arguments(command, &hostile), &variables);
            let said = said(&output);
            if let Some(sign) = steering(&said) {
                let line = said.lines().find(|one| steering(one).is_some()).unwrap_or_default();
                found.push(format!("{command}: {sign:?} in {line:?}"));
            }
            let ours = [
                "::error file=",
                "::error title=",
                "::warning",
                "::notice",
                "::group::",
                "::endgroup::",
            ];
            let is_foreign = |line: &&str| {
                let line = line.trim_start();
                // A log looks for the older form of a command anywhere in a line.
                let is_command = line.starts_with("::") || line.contains("##[");
                is_command && !ours.iter().any(|one| line.starts_with(one))
            };
            if let Some(line) = said.lines().find(is_foreign) {
                found.push(format!("{command}: {line:?} is a command to GitHub"));
            }
            if matches!(output.status.code(), None | Some(70)) {
                found.push(format!("{command}: {said}"));
            }
        }
        wrong.lock().expect("no panic").extend(found);
    };
    // Others show what the first ones wrote.
    let (first, others) = COMMANDS.split_at(WRITING);
    first.iter().for_each(|command| one(command));
    std::thread::scope(|scope| {
        for some in others.chunks(others.len().div_ceil(4)) {
            scope.spawn(|| some.iter().for_each(|command| one(command)));
        }
    });
    let mut wrong = wrong.into_inner().expect("no panic");
    for file in ["j.json", "j.xml", "h.html"] {
        let text = std::fs::read_to_string(folder.path().join(file)).expect("a report");
        wrong.extend(steering(&text).map(|found| format!("{file}: {found:?}")));
        if file == "h.html" && text.contains("<script>alert(1)") {
            wrong.push(format!("{file} has a script"));
        }
    }
    let json = std::fs::read(folder.path().join("j.json")).expect("a report");
    serde_json::from_slice::<serde_json::Value>(&json).expect("JSON");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_message_repeats_a_long_argument() {
    let folder = folder();
    files(folder.path(), "http://127.0.0.1:1");
    // Twice in one argument, it is as long as one may be.
    let long = "w".repeat(60_000);
    let mut wrong = Vec::new();
    for command in COMMANDS.iter().filter(|one| one.contains('@')) {
        let said = said(&run(folder.path(), &arguments(command, &long), &[("NO_COLOR", "1")]));
        if said.len() > 8_000 {
            wrong.push(format!("{command}: {} bytes: {}", said.len(), &said[..200]));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
