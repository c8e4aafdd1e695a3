//! Completions and man pages.

use std::process::Command;

use super::{folder, run, text};

#[test]
fn each_shell_completes_commands_and_options() {
    let folder = folder();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = run(folder.path(), &["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}: {}", text(&output.stderr));
        let script = text(&output.stdout);
        for word in ["healthcheck", "fail-on-skipped", "merge"] {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
    }
    assert_eq!(run(folder.path(), &["completions", "cmd"]).status.code(), Some(2));
}

/// What bash offers for a line of which this is the last word.
fn offered(script: &str, words: &[&str]) -> Option<String> {
    let line = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let last = words.len() - 1;
    let ask = format!(
        "{script}\nCOMP_WORDS=({line}); COMP_CWORD={last}\n\
         _standin standin '{}' '{}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words[last],
        words[last - 1]
    );
    let output = Command::new("bash").args(["--norc", "-c", &ask]).output().ok()?;
    assert!(output.status.success(), "{}", text(&output.stderr));
    Some(text(&output.stdout))
}

#[test]
fn bash_offers_what_it_should() {
    let folder = folder();
    let script = text(&run(folder.path(), &["completions", "bash"]).stdout);
    // A machine without bash has nobody who completes with it.
    let Some(commands) = offered(&script, &["standin", "he"]) else { return };
    assert_eq!(commands, "healthcheck\nhelp\n");
    let options = offered(&script, &["standin", "check", "--ju"]).expect("bash is there");
    assert_eq!(options, "--junit\n");
}

#[test]
fn every_command_has_a_man_page() {
    let folder = folder();
    let page = |arguments: &[&str]| {
        let output = run(folder.path(), &[&["man"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let whole = page(&[]);
    assert!(whole.contains(".TH standin 1") && whole.contains("standin\\-check(1)"), "{whole}");
    let replay = page(&["journal", "replay"]);
    assert!(replay.contains(".TH standin-journal-replay 1"), "{replay}");
    assert!(replay.contains("standin journal replay"), "{replay}");
    assert_eq!(run(folder.path(), &["man", "chek"]).status.code(), Some(2));
    assert!(run(folder.path(), &["man", "--into", "pages"]).status.success());
    let pages = std::fs::read_dir(folder.path().join("pages")).expect("a folder");
    let pages = pages.map(|page| page.expect("a page").file_name().into_string().expect("a name"));
    let pages: Vec<String> = pages.collect();
    for name in ["standin.1", "standin-check.1", "standin-journal-replay.1"] {
        assert!(pages.iter().any(|page| page == name), "{name} is not among {pages:?}");
    }
}
