//! The journal of a load: what is in it, that it is the same for the same seed, and what happens if it
//! cannot be written.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value as Json;
use standin::receiver::Running;

use super::server::{Behaviour, Server, TOKEN};
use super::{built_in, command, count, folder, load, receiver, standin};

/// A row of an export.
type Row = Json;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// What a command says that ends with this code.
#[track_caller]
fn told(folder: &tempfile::TempDir, code: i32, arguments: &str) -> String {
    let output = standin(folder, arguments);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments}: {said}");
    said
}

fn rows(folder: &tempfile::TempDir, journal: &str) -> Vec<Row> {
    let lines = told(folder, 0, &format!("journal export {journal}"));
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The rows of this kind.
fn of<'a>(rows: &'a [Row], kind: &str) -> Vec<&'a Row> {
    rows.iter().filter(|row| row["entry"] == kind).collect()
}

/// What is the same in each load with this seed: all but times, answers, and where a row is.
fn lasting(rows: &[Row]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for row in rows {
        let mut row = row.clone();
        let real =
            !matches!(row["entry"].as_str(), Some("opened" | "populated" | "passed" | "caused"));
        let keys = row.as_object_mut().expect("an object");
        for key in ["id", "cause", "row", "ticket", "milliseconds", "answer"] {
            keys.remove(key);
        }
        if real {
            keys.remove("at");
        }
        // Each subject's requests are a chain of their own.
        assert!(seen.insert(row.to_string()), "twice: {row}");
    }
    seen
}

/// Every file of this folder that belongs to the journal.
fn bytes(folder: &tempfile::TempDir, journal: &str) -> Vec<u8> {
    let mut all = Vec::new();
    for file in std::fs::read_dir(folder.path()).expect("a folder") {
        let path = file.expect("a file").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with(journal) {
            std::fs::File::open(&path).expect("a file").read_to_end(&mut all).expect("its bytes");
        }
    }
    all
}

#[track_caller]
fn has_no_secret(bytes: &[u8]) {
    let has = |part: &str| memchr::memmem::find(bytes, part.as_bytes()).is_some();
    for secret in SECRETS.iter().chain(&[TOKEN, "Bearer "]) {
        assert!(!has(secret), "{secret}");
    }
}

/// The secrets of the built-in settings.
const SECRETS: [&str; 3] =
    ["standin-demo-key", "standin-demo-client-secret", "standin-demo-secret"];

/// Loads beside the reference receiver.
async fn loaded(running: &Running, arguments: &'static str) -> tempfile::TempDir {
    let folder = folder(&running.url, &[]);
    let folder = tokio::task::spawn_blocking(move || {
        told(&folder, 0, arguments);
        folder
    });
    folder.await.expect("no panic")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_shows_exports_replays_and_compares_a_load() {
    let running = receiver(&[]).await;
    let arguments =
        "load --rate 300/s --count 240 --accounts 4 --seed 1 --threads 1 --sample 0 --journal a.db";
    let folder = loaded(&running, arguments).await;
    let again =
        "load --rate 300/s --count 240 --accounts 4 --seed 1 --threads 3 --sample 0 --journal b.db";
    let url = running.url.clone();
    let folder = tokio::task::spawn_blocking(move || {
        told(&folder, 0, again);
        let shown = told(&folder, 0, "journal show a.db --runs");
        let runs: Vec<&str> = shown.lines().collect();
        assert_eq!(runs.len(), 12, "{shown}");
        assert!(runs[1].starts_with("run 2 · load · load 1 · ombori · seed 1 · "), "{shown}");
        let shown = told(&folder, 0, "journal show a.db --run 2");
        for part in
            ["opened             ombori load 1 (", "caused             position", ": 200 accepted"]
        {
            assert!(shown.contains(part), "{part}: {shown}");
        }

        let (first, second) = (rows(&folder, "a.db"), rows(&folder, "b.db"));
        assert_eq!(lasting(&first), lasting(&second), "threads change nothing");
        let attempts = of(&first, "attempted");
        let webhooks = attempts.iter().filter(|row| row["request"] == "webhook");
        assert_eq!(webhooks.count(), 240);
        assert_eq!(of(&first, "ended").len(), 240);
        let tokens: Vec<_> =
            attempts.iter().filter(|row| row["request"] == "token request").collect();
        assert_eq!(tokens.len(), 80, "one for each webhook of doo");
        assert!(tokens.iter().all(|row| row["gave_token"].is_object()), "{tokens:?}");
        assert!(tokens[0]["answer"].as_str().is_some_and(|it| it.contains("\"***\"")));

        let same = told(&folder, 0, "journal diff a.db b.db");
        assert_eq!(same, "12 runs compared, 0 differences\n");
        let har = told(&folder, 0, "journal export a.db --format har");
        let har: Json = serde_json::from_str(&har).expect("JSON");
        let entries = har["log"]["entries"].as_array().expect("entries");
        assert_eq!(entries.len(), attempts.len());
        let curl = told(&folder, 0, "journal export a.db --format curl --run 2");
        assert!(curl.contains("-H 'X-Api-Key: ***'"), "{curl}");

        let replay = format!("journal replay a.db --account|'load 1|--target|'{url}");
        let said = told(&folder, 0, &replay);
        assert!(said.contains("20 webhooks sent again: 20 accepted"), "{said}");
        assert!(said.contains("their seeds still give the same bytes"), "{said}");
        has_no_secret(&bytes(&folder, "a.db"));
        let mode = std::fs::metadata(folder.path().join("a.db")).expect("a file").permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        folder
    });
    drop(folder.await.expect("no panic"));
    running.stop().await;
}

#[test]
fn two_loads_of_a_seed_differ_in_what_the_receiver_answered_and_in_nothing_else() {
    let arguments = "load --rate 500/s --count 60 --vendor ombori --accounts 2 --seed 4 --retries off --sample 0 --journal";
    let (good, bad) =
        (Server::start(Behaviour::Accepts), Server::start(Behaviour::RefusesThird(503)));
    let place = folder(&good.url, &[]);
    told(&place, 0, &format!("{arguments} a.db"));
    told(&place, 0, &format!("{arguments} b.db --target {}", bad.url));
    let said = told(&place, 1, "journal diff a.db b.db");
    assert!(said.contains("2 runs compared, 1 differences"), "{said}");
    assert!(said.contains("attempts: webhook 200 accepted → webhook 503 server-error"), "{said}");
    good.stop();
    bad.stop();
}

#[test]
fn the_body_that_was_sent_is_recorded_with_the_faults_that_struck_it() {
    const RETRIES: &[(&str, &str)] = &[(
        "    deliver: /webhooks/ombori ",
        "    retries: [50ms]\n    deliver: /webhooks/ombori ",
    )];
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, RETRIES);
    let arguments = "load --rate 1000/s --count 100 --vendor ombori --seed 1 --sample 0 --journal j \
                     |--faults|'30% of webhooks arrives truncated\
                     |--faults|'20% of webhooks is delivered twice\
                     |--faults|'attempt 1 of 20% of webhooks is lost";
    told(&folder, 0, arguments);
    let rows = rows(&folder, "j");
    let attempts = of(&rows, "attempted");
    let (sent, stopped): (Vec<_>, Vec<_>) =
        attempts.into_iter().partition(|row| row["ticket"].is_u64());
    let mut recorded: BTreeMap<String, usize> = BTreeMap::new();
    for row in &sent {
        let body = &row["body"];
        let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
        *recorded.entry(body).or_default() += 1;
    }
    let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
    for request in server.stop() {
        *arrived.entry(request.body).or_default() += 1;
    }
    assert_eq!(recorded, arrived);
    let struck = |rows: &[&Row], fault: &str| {
        let texts = rows.iter().filter_map(|row| row["fault"].as_str());
        texts.filter(|text| text.contains(fault)).count()
    };
    assert!(struck(&sent, "truncated") > 15 && struck(&sent, "twice") > 20);
    assert!(stopped.len() > 10, "{}", stopped.len());
    assert_eq!(struck(&stopped, "is lost"), stopped.len());
    let second = of(&rows, "attempted").iter().filter(|row| row["number"] == 2).count();
    assert!(second >= stopped.len(), "what was lost is tried again: {second}");
    assert_eq!(of(&rows, "ended").len(), 100);
}

#[test]
fn retries_are_chained_to_what_they_follow() {
    const RETRIES: &[(&str, &str)] = &[(
        "    deliver: /webhooks/ombori ",
        "    retries: [50ms, 50ms]\n    deliver: /webhooks/ombori ",
    )];
    let server = Server::start(Behaviour::RefusesFirst(503));
    let folder = folder(&server.url, RETRIES);
    told(
        &folder,
        0,
        "load --saturate --for 20s --count 100 --vendor ombori --order none --shard 0/2 --seed 1 \
         --sample 0 --journal j",
    );
    let rows = rows(&folder, "j");
    let named = |row: &Row| (row["run"].as_u64(), row["id"].as_u64());
    let by_id: BTreeMap<_, &Row> = rows.iter().map(|row| (named(row), row)).collect();
    assert_eq!(by_id.len(), rows.len(), "each entry has a number of its own");
    let attempts = of(&rows, "attempted");
    let webhooks = attempts.len() / 2;
    assert!((40..=60).contains(&webhooks), "half of them are of the other shard: {webhooks}");
    for row in attempts {
        let cause = by_id[&(row["run"].as_u64(), row["cause"].as_u64())];
        match row["number"].as_u64() {
            Some(1) => {
                assert_eq!((&cause["entry"], &row["status"]), (&"caused".into(), &503.into()))
            }
            _ => assert_eq!((&cause["number"], &row["status"]), (&1.into(), &200.into())),
        }
        assert!(row["at"].as_str() < Some("2031"), "a request is made in real time: {row}");
    }
    for row in of(&rows, "ended") {
        assert_eq!((&row["attempts"], &row["outcome"]), (&2.into(), &"accepted".into()));
    }
    server.stop();
}

#[test]
fn a_file_that_cannot_be_written_ends_it_before_anything_is_sent() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    std::fs::write(folder.path().join("text"), "no journal").expect("a file");
    for (path, why) in [
        ("missing/j", "its folder does not exist"),
        ("text", "it is not a SQLite file"),
        (".", "it is a folder"),
    ] {
        let said = told(&folder, 2, &format!("load --count 10 --journal {path}"));
        assert!(said.contains(why), "{said}");
    }
    assert!(told(&folder, 2, "load --dry-run --journal j").contains("cannot be used with"));
    assert!(server.stop().is_empty());
}

#[test]
fn a_full_disk_ends_the_load_with_the_reason() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    let load = "load --rate 2000/s --for 60s --vendor ombori --seed 1 --sample 0 --journal j";
    let mut limited = std::process::Command::new("sh");
    // Files of at most 2 MB (in blocks of 512 bytes); the signal is ignored, as by a server.
    let script = format!("trap '' XFSZ; ulimit -f 4000; exec \"$0\" {load}");
    let limited = limited.args(["-c", &script, env!("CARGO_BIN_EXE_standin")]);
    let watch = standin::clock::Stopwatch::start();
    let output = limited.current_dir(folder.path()).output().expect("it starts");
    let text = said(&output);
    // Much was sent, and its results are there.
    assert_eq!(output.status.code(), Some(74), "{text}");
    assert!(text.contains("\n  positionCreated "), "{text}");
    assert!(text.contains("error: the journal cannot be written: "), "{text}");
    assert!(text.contains("nothing more is sent"), "{text}");
    assert!(watch.elapsed().as_secs() < 40, "it ends at once, and not with the schedule");
    // What is in it is complete.
    let rows = rows(&folder, "j");
    assert!(!of(&rows, "attempted").is_empty());
    assert!(!server.stop().is_empty());
}

#[test]
fn what_was_attempted_before_an_interrupt_is_in_the_file() {
    let server = Server::start(Behaviour::Silent);
    let folder = folder(&server.url, &[]);
    let arguments = "load --rate 500/s --for 60s --connections 8 --vendor ombori --seed 1 --sample 0 --journal j";
    let mut child = command(&folder, arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    server.until_asked(8);
    let pid = child.id().to_string();
    let interrupt = || {
        let mut kill = std::process::Command::new("kill");
        assert!(kill.args(["-INT", &pid]).status().expect("`kill` runs").success());
    };
    interrupt();
    // The second time, what is under way is broken off. Two signals at once would be one.
    let status = loop {
        std::thread::park_timeout(Duration::from_millis(200));
        match child.try_wait().expect("its status") {
            Some(status) => break status,
            None => interrupt(),
        }
    };
    assert_eq!(status.code(), Some(130), "it ends by itself: {status}");
    let rows = rows(&folder, "j");
    let intended = of(&rows, "intended");
    assert_eq!(intended.len(), 8, "those under way have no result");
    let caused: BTreeSet<_> =
        of(&rows, "caused").iter().map(|row| (row["run"].as_u64(), row["seq"].as_u64())).collect();
    for row in intended {
        assert!(caused.contains(&(row["run"].as_u64(), row["of"]["delivery"].as_u64())), "{row}");
    }
    server.stop();
}

/// A receiver that repeats what it was sent, and says what it expected.
#[test]
fn secrets_that_answers_repeat_are_masked() {
    let server = Server::start(Behaviour::RepeatsHead);
    let folder = folder(&server.url, &[]);
    let loaded = load(
        &folder,
        "--rate 300/s --count 60 --accounts 2 --seed 1 --retries off --sample 0 --journal j",
    );
    assert!(count(&loaded.report, "/webhooks/sent") == 60, "{}", loaded.said);
    let rows = rows(&folder, "j");
    let answers: Vec<&str> =
        of(&rows, "attempted").iter().filter_map(|row| row["answer"].as_str()).collect();
    for header in ["X-Api-Key: ***", "X-Waitwhile-Signature: ***", "Authorization: ***"] {
        assert!(answers.iter().any(|answer| answer.contains(header)), "{header}: {answers:?}");
    }
    has_no_secret(&bytes(&folder, "j"));
    assert!(SECRETS.iter().all(|secret| built_in(&[]).contains(secret)), "they are looked for");
    server.stop();
}
