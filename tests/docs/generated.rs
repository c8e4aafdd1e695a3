//! The generated parts of the documents: tables from the catalogues, the help of each command,
//! every phrase, every defect, every policy preset.
//!
//! Each part is between `<!-- generated: begin NAME -->` and `<!-- generated: end -->`.

use std::fmt::Write as _;
use std::process::Command;

use standin::model::{Accepted, Authentication, Catalogue, Play, Provenance, Seen, Setting};
use standin::policy::presets::PRESETS;
use standin::receiver::defects;
use standin::vendors::api::{Method, Played};
use standin::vendors::{Api, Vendor, registry};

const COMMANDS: &[&str] = &[
    "demo",
    "check",
    "doctor",
    "play",
    "generate",
    "send",
    "sign",
    "verify",
    "senders",
    "curl",
    "load",
    "serve",
    "healthcheck",
    "receiver",
    "vendors",
    "explain",
    "show",
    "journal",
    "schema",
    "init",
    "completions",
    "man",
];

/// The commands that have commands of their own.
const BELOW: &[(&str, &[&str])] =
    &[("journal", &["show", "export", "replay", "diff"]), ("load", &["merge"])];

#[test]
fn the_tables_of_each_vendor_come_from_its_catalogue() {
    for vendor in registry::shipped().vendors() {
        let path = format!("docs/vendors/{}.md", vendor.catalogue().vendor);
        let wanted = replaced(&super::text(&path), "catalogue", &tables(vendor));
        super::hold(&path, &wanted);
    }
}

#[test]
fn the_guide_shows_what_the_program_prints() {
    let path = "docs/guide.md";
    let mut guide = super::text(path);
    let steps = format!("```text\n{}\n```\n", run(&["vendors", "--steps"]).trim_end());
    for (name, part) in [
        ("commands", help()),
        ("steps", steps),
        ("policies", policies()),
        ("defects", defect_table()),
    ] {
        guide = replaced(&guide, name, &part);
    }
    super::hold(path, &guide);
}

#[test]
fn every_command_is_in_the_guide() {
    let overview = run(&["--help"]);
    let listed = overview
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help");
    assert_eq!(listed.collect::<Vec<_>>(), COMMANDS);
}

/// The output of a command, in a width that does not depend on the terminal.
fn run(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_standin"))
        .args(arguments)
        .env_remove("COLUMNS")
        .env_remove("LINES")
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "standin {arguments:?}: {}", output.status);
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The text with new content between the marks of this name.
fn replaced(text: &str, name: &str, content: &str) -> String {
    let begin = format!("<!-- generated: begin {name} -->\n");
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("there is no {begin}"));
    let end = "<!-- generated: end -->";
    let (_, after) = rest.split_once(end).unwrap_or_else(|| panic!("{name} has no end"));
    format!("{before}{begin}\n{content}\n{end}{after}")
}

fn help() -> String {
    let commands = COMMANDS.iter().flat_map(|command| {
        let below = BELOW.iter().filter(move |(above, _)| above == command);
        let below = below.flat_map(|(above, below)| below.iter().map(|one| vec![*above, *one]));
        std::iter::once(vec![*command]).chain(below)
    });
    let parts = commands.map(|command| {
        let help = run(&[&command[..], &["--help"]].concat());
        format!("### standin {}\n\n```text\n{}\n```\n", command.join(" "), help.trim_end())
    });
    parts.collect::<Vec<_>>().join("\n")
}

fn policies() -> String {
    let rows = PRESETS.iter().map(|preset| [code(preset.name), preset.about.to_owned()]);
    table(&["`policy`", "rules"], rows)
}

fn defect_table() -> String {
    let rows = defects().iter().map(|defect| {
        [
            code(defect.name()),
            defect.vendor().to_owned(),
            format!("the receiver {}", defect.description()),
        ]
    });
    table(&["defect", "vendor", "what it is"], rows)
}

fn tables(vendor: &'static dyn Vendor) -> String {
    let catalogue = vendor.catalogue();
    let sections = [
        ("Profiles", profiles(catalogue)),
        ("Subjects", subjects(catalogue)),
        ("Triggers", triggers(catalogue)),
        ("Actions", actions(catalogue)),
        ("Settings of an account", settings(catalogue.settings)),
        ("Settings of traffic", settings(catalogue.traffic)),
        ("Delivery policy", policy(vendor)),
    ];
    let api = vendor.api().map(|api| ("REST API", operations(api)));
    let last = ("What is documented, and what is played", facts(catalogue));
    let parts = sections.into_iter().chain(api).chain([last]);
    let parts = parts.map(|(title, table)| format!("## {title}\n\n{table}"));
    parts.collect::<Vec<_>>().join("\n")
}

fn profiles(catalogue: &Catalogue) -> String {
    let rows = catalogue.profiles.iter().map(|profile| {
        let default = if profile.default { " (default)" } else { "" };
        let order = if profile.unordered { "only that a final state is final" } else { "yes" };
        [format!("{}{default}", code(profile.name)), profile.about.to_owned(), order.to_owned()]
    });
    table(&["profile", "what distinguishes it", "bodies tell their order"], rows)
}

fn subjects(catalogue: &Catalogue) -> String {
    let rows = catalogue
        .subjects
        .iter()
        .map(|subject| [code(subject.kind), subject.about.to_owned(), codes(subject.states)]);
    table(&["subject", "what it is", "states"], rows)
}

fn triggers(catalogue: &Catalogue) -> String {
    let all = catalogue.profiles.len();
    let rows = catalogue.triggers.iter().map(|trigger| {
        let everywhere = trigger.profiles.len() == all;
        let profiles = if everywhere { "all".to_owned() } else { codes(trigger.profiles) };
        [code(trigger.name), trigger.about.to_owned(), profiles, provenance(trigger.provenance)]
    });
    table(&["trigger", "fires when", "profiles", "how it is known"], rows)
}

fn actions(catalogue: &Catalogue) -> String {
    let rows = catalogue.actions.iter().map(|action| {
        let said =
            if action.phrases.is_empty() { "by itself".to_owned() } else { codes(action.phrases) };
        let from = if action.from.is_empty() { "new".to_owned() } else { codes(action.from) };
        let causes = if action.causes.is_empty() {
            "none".to_owned()
        } else {
            action.causes.iter().map(|one| code(one)).collect::<Vec<_>>().join(", ")
        };
        [code(action.call), said, from, codes(action.to), causes, provenance(action.provenance)]
    });
    table(&["action", "phrases", "from", "to", "webhook", "how it is known"], rows)
}

fn settings(settings: &[Setting]) -> String {
    let rows = settings.iter().map(|setting| {
        [
            code(setting.name),
            setting.about.to_owned(),
            setting.kind.to_string(),
            code(setting.default),
            provenance(setting.provenance),
        ]
    });
    table(&["setting", "what it does", "takes", "default", "how it is known"], rows)
}

fn policy(vendor: &'static dyn Vendor) -> String {
    let policy = vendor.policy();
    let authentication = match &policy.authentication {
        Authentication::None => "none".to_owned(),
        Authentication::Headers(_) => "request headers of your choice".to_owned(),
        Authentication::Signature(signature) => format!("signature in {}", code(&signature.header)),
        Authentication::Token(oauth) => format!(
            "{} in {}, with a token that the receiver gives out ({})",
            code(&oauth.header_value),
            code(&oauth.header),
            oauth.token_use.name()
        ),
    };
    let accepted = match policy.accepted {
        Accepted::Any2xx => "any 2xx",
        Accepted::Exactly200 => "exactly 200",
    };
    let rows = [
        ["authentication".to_owned(), authentication],
        ["accepted".to_owned(), accepted.to_owned()],
        ["attempts".to_owned(), policy.retries.attempts().to_string()],
        ["a retry holds up".to_owned(), format!("{:?}", policy.ordering).to_lowercase()],
        ["connects within".to_owned(), format!("{:?}", policy.connect_within)],
        ["answer within".to_owned(), "`receiver.ack_within`".to_owned()],
    ];
    let deactivated = policy.disable_after.map(|after| {
        let days = after.as_secs_f64() / 86_400.0;
        ["endpoint deactivated".to_owned(), format!("after more than {days} days of failure")]
    });
    let dead = ["dead letters".to_owned(), "kept, and sent again by hand".to_owned()];
    let dead = policy.dead_letters.then_some(dead);
    table(&["", "default"], rows.into_iter().chain(deactivated).chain(dead))
}

/// The operations of an API. All OPTIONS share one row.
fn operations(api: &'static Api) -> String {
    let others = api.operations.iter().filter(|one| one.method != Method::Options);
    let options = api.operations.iter().find(|one| one.method == Method::Options);
    let rows = others.chain(options).map(|one| {
        let played = match one.played {
            Played::Yes => "yes".to_owned(),
            Played::No(why) => format!("no: {why}"),
        };
        let call = match one.method {
            Method::Options => "`OPTIONS` of each path".to_owned(),
            method => code(&format!("{} {}", method.name(), one.path)),
        };
        [call, one.about.to_owned(), played, provenance(one.provenance)]
    });
    let table = table(&["operation", "what it does", "played", "how it is known"], rows);
    format!("Mounted under {}; {}.\n\n{table}", code(api.mount), provenance(api.provenance))
}

/// What is documented, one row for each fact.
fn facts(catalogue: &Catalogue) -> String {
    let rows = catalogue.facts.iter().map(|fact| {
        let played = match fact.play {
            Play::ByDefault => "yes".to_owned(),
            Play::Profile(profile) => format!("in the profile {}", code(profile)),
            Play::Setting(setting) => format!("with the setting {}", code(setting)),
            Play::Login(key) => format!("with the key {}", code(key)),
            Play::Api => "through the REST API".to_owned(),
            Play::LeftOut(why) => format!("no: {why}"),
        };
        [fact.about.to_owned(), seen(fact.seen), played, fact.source.to_owned()]
    });
    table(&["documented", "where it is seen", "played", "source"], rows)
}

fn seen(seen: Seen) -> String {
    match seen {
        Seen::Triggers(names) | Seen::Actions(names) => codes(names),
        Seen::States(kind, states) => format!("{kind}: {}", codes(states)),
        Seen::Key(path) => code(path),
        Seen::Values(path, values) => format!("{}: {}", code(path), codes(values)),
        Seen::Nowhere => "–".to_owned(),
    }
}

fn provenance(provenance: Provenance) -> String {
    match provenance {
        Provenance::Documented(source) => format!("documented: {source}"),
        Provenance::Assumed(why) => format!("*assumed*: {why}"),
    }
}

fn table<const COLUMNS: usize>(
    heads: &[&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) -> String {
    let mut out = format!("| {} |\n|{}\n", heads.join(" | "), "---|".repeat(COLUMNS));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
    out
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn codes(texts: &[&str]) -> String {
    texts.iter().map(|one| code(one)).collect::<Vec<_>>().join(", ")
}
