//! Plays every shipped scenario, sixteen at a time, with all journals in one file.

use standin::journal::Memory;
use standin::journal::sqlite::{Filter, Reader};

use super::digest::digest;
use super::played::Contract;
use super::{info, open, place, raw};

/// The secrets of the settings for the reference receiver.
const SECRETS: &[&str] = &[
    "standin-demo-key",
    "standin-demo-secret",
    "standin-demo-client-secret",
    "standin-demo-partner-secret",
    "standin-demo-expired-token",
];

#[tokio::test]
async fn the_file_gives_every_run_again_and_holds_no_secret() {
    let (folder, file) = place();
    let store = open(&file);
    let contract = Contract::start().await;
    let played = contract
        .play(|scenario| {
            let name = format!("{} {}", scenario.name, scenario.line);
            Memory::copy_of(store.begin_queued(info(&name)))
        })
        .await;
    // While the file is written, new rows are in SQLite's log.
    assert!(folder.path().join("run.journal-wal").exists());
    holds_no_secret(&raw(folder.path()));
    drop(store);
    holds_no_secret(&raw(folder.path()));
    let reader = Reader::open(&file).unwrap_or_else(|error| panic!("{error}"));
    let runs = reader.runs().expect("they are read");
    assert_eq!(runs.len(), played.len());
    let mut entries = 0;
    // The runs began in this order, and ended in another.
    for one in &played {
        let name = format!("{} {}", one.scenario.name, one.scenario.line);
        let mut same = runs.iter().filter(|run| run.info.name == name);
        let lines = same.find_map(|run| {
            let lines = reader.lines(run.id).expect("it is read");
            (lines.concat() == one.journal).then_some(lines)
        });
        let lines = lines.unwrap_or_else(|| panic!("{} is not in the file", one.name()));
        let again = contract.again(one.scenario, &lines);
        let again = again.unwrap_or_else(|error| panic!("{}: {error}", one.name()));
        assert_eq!(digest(&again), one.state, "{}", one.name());
        entries += lines.len();
    }
    let failures: Vec<_> = played.iter().filter_map(|one| one.failure.as_deref()).collect();
    assert!(failures.len() < 10, "{}", failures.join("\n"));
    assert!(entries > 15_000, "{entries} entries");
    bodies_are_there(&reader);
}

fn holds_no_secret(bytes: &[u8]) {
    assert!(bytes.len() > 1_000_000, "only {} bytes", bytes.len());
    for secret in SECRETS {
        let found = memchr::memmem::find(bytes, secret.as_bytes());
        let about = found.map(|at| String::from_utf8_lossy(&bytes[at.saturating_sub(80)..at + 80]));
        assert_eq!(about, None, "{secret}");
    }
}

/// Checks that each webhook and each request has its bytes.
fn bodies_are_there(reader: &Reader) {
    let filter = Filter { kinds: vec!["caused", "attempted"], ..Filter::default() };
    let mut with = 0;
    let visited = reader.each(&filter, |row| {
        assert!(row.body.is_some(), "{}", row.line);
        with += 1;
        Ok::<_, standin::journal::sqlite::StoreError>(())
    });
    visited.unwrap_or_else(|error| panic!("{error}"));
    assert!(with > 5_000, "{with} bodies");
}
