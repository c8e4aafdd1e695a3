//! The same seed gives the same bytes. Digests of all requests and verdicts, for every shipped
//! feature, scenario and profile, are compared with the checked-in ones.
//!
//! It runs the program as a user would and does not use its code, so it survives any refactoring.
//! `UPDATE=1` rewrites the digests; the changelog must say why. With `FULL=1` it uses three seeds,
//! otherwise only the first of them.

#[path = "golden/wire.rs"]
mod wire;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use wire::{Answers, Wire};

const SEEDS: [u64; 3] = [1, 20, 4_242];

/// The URL by which the vendors know the receiver. Its real port differs each time.
const PUBLIC_URL: &str = "http://hooks.example.test";

/// How many webhooks of each profile's default traffic.
const WEBHOOKS: &str = "3000";

fn seeds() -> &'static [u64] {
    if std::env::var_os("FULL").is_some() { &SEEDS } else { &SEEDS[..1] }
}

fn standin(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("NO_COLOR", "1").args(arguments);
    for name in [
        "OMBORI_API_KEY",
        "WAITWHILE_SECRET",
        "DOO_CLIENT_SECRET",
        "DOO_EXPIRED_TOKEN",
        "DOO_PARTNER_SECRET",
        "GITHUB_ACTIONS",
    ] {
        command.env_remove(name);
    }
    command
}

fn run(arguments: &[&str]) -> Output {
    standin(arguments).output().expect("the program runs")
}

fn digest(text: &str) -> String {
    let bytes = Sha256::digest(text.as_bytes());
    bytes[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The reference receiver as a process of its own.
struct Reference {
    child: Child,
    address: String,
}

impl Reference {
    fn start() -> Self {
        let mut child =
            standin(&["receiver", "--listen", "127.0.0.1:0", "--public-url", PUBLIC_URL])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program runs");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("it says where it listens");
        let address = line.trim().rsplit("http://").next().expect("an address").to_owned();
        Self { child, address }
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The built-in settings with short waits, for a receiver at a public URL.
fn settings(folder: &Path, believes_within: &str) -> PathBuf {
    let built_in = include_str!("../templates/standin.yaml");
    let replaced = |text: &str, old: &str, new: &str| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    };
    let text = replaced(
        built_in,
        "  believes_within: 5s",
        &format!(
            "  public_url: {PUBLIC_URL}\n  quiet_for: 20ms\n  believes_within: {believes_within}"
        ),
    );
    let file = folder.join("standin.yaml");
    std::fs::write(&file, text).expect("a writable folder");
    file
}

/// The digests, by name.
#[derive(Default)]
struct Golden(BTreeMap<String, String>);

impl Golden {
    fn add(&mut self, name: String, text: &str) {
        let before = self.0.insert(name.clone(), digest(text));
        assert!(before.is_none(), "{name} is there twice");
    }

    /// The whole contract against a receiver: one digest per scenario, and one of everything that
    /// arrived.
    fn contract(&mut self, kind: &str, wire: &Wire, believes_within: &str, seed: u64) {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let config = settings(folder.path(), believes_within);
        let report = folder.path().join("report.json");
        wire.take();
        // Scenarios may send the same body, and the moody receiver counts how often it came.
        let jobs = if kind == "moody" { "1" } else { "16" };
        let output = run(&[
            "check",
            // The moody receiver shows nothing.
            "--no-early-stop",
            "--jobs",
            jobs,
            "--config",
            config.to_str().expect("UTF-8"),
            "--target",
            &wire.url,
            "--seed",
            &seed.to_string(),
            "--json",
            report.to_str().expect("UTF-8"),
        ]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let report = std::fs::read_to_string(&report).unwrap_or_else(|_| panic!("{stderr}"));
        let report: Json = serde_json::from_str(&report).expect("JSON");
        let mut scenarios = 0;
        for feature in report["features"].as_array().expect("features") {
            let file = feature["file"].as_str().expect("a file");
            for scenario in feature["scenarios"].as_array().expect("scenarios") {
                scenarios += 1;
                // The machine decides which of several copies gets which of the varying answers.
                if kind == "moody" && scenario.to_string().contains("at the same instant") {
                    continue;
                }
                let name = format!("{kind} {file}:{} seed {seed}", scenario["line"]);
                self.add(name, &shown(scenario));
            }
        }
        assert!(scenarios > 600, "{scenarios} scenarios");
        let mut arrived = wire.take();
        assert!(arrived.len() > 2_000, "{} requests arrived", arrived.len());
        if kind != "moody" {
            arrived.sort_unstable();
            self.add(format!("{kind} all requests seed {seed}"), &arrived.join("\n\n"));
        }
    }

    /// A scenario file: its requests in order.
    fn play(&mut self, kind: &str, wire: &Wire, file: &Path, seed: u64) {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let config = settings(folder.path(), "5s");
        wire.take();
        let output = run(&[
            "play",
            file.to_str().expect("UTF-8"),
            "--instant",
            "--for",
            "2h",
            "--config",
            config.to_str().expect("UTF-8"),
            "--target",
            &wire.url,
            "--seed",
            &seed.to_string(),
        ]);
        let code = output.status.code();
        let mut arrived = wire.take();
        assert!(!arrived.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        // Copies that are sent at the same instant arrive in any order.
        if file.ends_with("bad-day.yaml") {
            arrived.sort_unstable();
        }
        let text = format!("{code:?}\n\n{}", arrived.join("\n\n"));
        self.add(format!("{kind} play {} seed {seed}", file.display()), &text);
    }

    /// The default traffic of each vendor in each of its profiles.
    fn generate(&mut self, seed: u64) {
        for (vendor, profiles) in PROFILES {
            for profile in profiles {
                let output = run(&[
                    "generate",
                    "--vendor",
                    vendor,
                    "--profile",
                    profile,
                    "--count",
                    WEBHOOKS,
                    "--seed",
                    &seed.to_string(),
                ]);
                let text = String::from_utf8(output.stdout).expect("UTF-8");
                assert_eq!(text.lines().count().to_string(), WEBHOOKS, "{vendor} {profile}");
                self.add(format!("generate {vendor} {profile} seed {seed}"), &text);
            }
        }
    }
}

const PROFILES: [(&str, &[&str]); 3] = [
    ("ombori", &["2020-12", "2021-01", "2021-01-28", "2021-02", "position-model"]),
    ("waitwhile", &["2022", "2024"]),
    ("doo", &["default-payload"]),
];

/// The requests of a scenario and the results, without wording, real time and the port.
fn shown(scenario: &Json) -> String {
    let mut text = format!("{}\n", scenario["verdict"]);
    for step in scenario["steps"].as_array().expect("steps") {
        text += &format!("{} {}\n", step["line"], step["state"]);
    }
    let exchanges = scenario["exchanges"].as_array().expect("exchanges");
    for written in exchanges {
        let mut exchange = written.clone();
        if let Some(same) = written["same_body_as"].as_u64() {
            exchange["body"] = exchanges[same as usize]["body"].clone();
        }
        let url = exchange["url"].as_str().expect("a URL");
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        let fields = [
            "request",
            "at",
            "vendor",
            "trigger",
            "kind",
            "id",
            "name",
            "attempt",
            "signed_url",
            "headers",
            "body",
            "outcome",
            "status",
        ];
        for field in fields {
            text += &format!("{} ", exchange[field]);
        }
        text += path;
        text += "\n";
    }
    text
}

fn scenario_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for vendor in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"))
        .expect("scenarios")
    {
        for file in std::fs::read_dir(vendor.expect("a folder").path()).expect("a folder") {
            let file = file.expect("a file").path();
            let relative = file.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("inside");
            files.push(relative.to_owned());
        }
    }
    files.sort();
    assert!(files.len() >= 14, "{} scenario files", files.len());
    files
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_the_same_verdicts() {
    let first = differing(&all().0);
    if first.is_empty() {
        return;
    }
    // On a busy machine an answer may be late. A real difference appears twice.
    let second = differing(&all().0);
    let both: Vec<_> = first.iter().filter(|name| second.contains(name)).take(40).collect();
    assert!(both.is_empty(), "{} and then {} differ: {both:?}", first.len(), second.len());
}

/// All digests, computed once.
fn all() -> Golden {
    let reference = Reference::start();
    let good = Wire::start(Answers::Of(reference.address.clone()));
    let moody = Wire::start(Answers::Moody);
    let mut golden = Golden::default();
    for seed in seeds() {
        golden.generate(*seed);
        golden.contract("good", &good, "5s", *seed);
        golden.contract("moody", &moody, "20ms", *seed);
        for file in scenario_files() {
            golden.play("good", &good, &file, *seed);
        }
    }
    golden
}

/// The names of the digests that differ from those in the file. Seeds that were not run are
/// ignored.
fn differing(digests: &BTreeMap<String, String>) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/digests.txt");
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let mut known: BTreeMap<String, String> = text
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(digest, name)| (name.to_owned(), digest.to_owned()))
        .collect();
    if std::env::var_os("UPDATE").is_some() {
        let of_these =
            |name: &str| seeds().iter().any(|seed| name.ends_with(&format!(" seed {seed}")));
        known.retain(|name, _| !of_these(name));
        known.extend(digests.clone());
        let lines: String =
            known.iter().map(|(name, digest)| format!("{digest}  {name}\n")).collect();
        std::fs::write(&file, lines).expect("a writable file");
        return Vec::new();
    }
    let ran: Vec<String> = seeds().iter().map(|seed| format!(" seed {seed}")).collect();
    let expected: BTreeMap<_, _> =
        known.into_iter().filter(|(name, _)| ran.iter().any(|seed| name.ends_with(seed))).collect();
    assert!(expected.len() > 1_000, "only {} digests are known", expected.len());
    expected
        .iter()
        .filter(|(name, digest)| digests.get(*name) != Some(digest))
        .map(|(name, _)| name)
        .chain(digests.keys().filter(|name| !expected.contains_key(*name)))
        .cloned()
        .collect()
}
