//! Replays the curl commands of docs/server.md, in their order, with one server.
//!
//! A block fenced as `console` has commands that begin with `$ `. A command goes on behind a line that
//! ends with a backslash. What follows, up to an empty line, is what it prints. The server is
//! `standin serve --seed 1`, its receiver the reference receiver.

use std::collections::BTreeSet;
use std::process::Command;

use super::process::Served;
use super::text;
use super::transcripts::{fenced, start};

const DOCUMENT: &str = "docs/server.md";
/// The server's usual address, as the document has it.
const USUAL: &str = "127.0.0.1:4010";

#[tokio::test(flavor = "multi_thread")]
async fn the_curl_commands_of_the_documents_print_what_is_shown() {
    let receiver = start(BTreeSet::new()).await;
    let url = receiver.url.clone();
    let replayed = tokio::task::spawn_blocking(move || {
        let served = Served::start(&["--seed", "1", "--target", &url]);
        let console = fenced(&text(DOCUMENT)).into_iter().filter(|one| one.language == "console");
        console.map(|block| replay(&served, &block.text)).sum::<usize>()
    });
    let commands = replayed.await.expect("every command prints what is shown");
    assert!(commands > 2, "only {commands} commands were found");
    receiver.stop().await;
}

/// Carries out the commands of a block. Returns how many they were.
fn replay(served: &Served, block: &str) -> usize {
    let parts = block.split("\n\n").map(str::trim_end);
    let commands = parts.map(|part| {
        let part = part.strip_prefix("$ ").unwrap_or_else(|| panic!("no command: {part}"));
        let lines = part.split('\n').collect::<Vec<_>>();
        let last = lines.iter().position(|line| !line.ends_with('\\')).expect("an end");
        let command = lines[..=last].join("\n");
        let asked = command.replace(USUAL, served.authority());
        let output = Command::new("bash").args(["-c", &asked]).output().expect("bash runs");
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!(printed.trim_end(), lines[last + 1..].join("\n"), "{DOCUMENT}: {command}");
    });
    commands.count()
}
