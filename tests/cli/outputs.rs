//! What cannot be written costs nothing else: reports, and an exit code that says whose fault it was.

use std::path::Path;
use std::process::{Command, Output};

use super::hooks::Hooks;
use super::{folder, text, write};

/// Runs `standin` with these arguments and redirections in a shell.
fn shell(folder: &Path, line: &str) -> Output {
    let mut shell = Command::new("bash");
    shell.current_dir(folder).env("NO_COLOR", "1").env("S", env!("CARGO_BIN_EXE_standin"));
    shell.args(["-c", line]).output().expect("bash runs")
}

const SETTINGS: &str = "receiver:
  url: http://127.0.0.1:1
vendors:
  ombori:
    deliver: /in/{trigger}
";

/// Runs a command against a receiver that accepts everything.
fn run(folder: &Path, hooks: &Hooks, line: &str) -> Output {
    shell(folder, &line.replace("TARGET", &format!("--target {}", hooks.url)))
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_behind_stdout_or_stderr_never_ends_in_a_panic() {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    let hooks = Hooks::start(|| ());
    let story = "\"$S\" play scenarios/ombori/walk-in.yaml --instant TARGET";
    let doctor = "\"$S\" doctor TARGET";
    let load = "\"$S\" load --rate 50/s --for 1s --sample 0 TARGET";
    for (line, expected) in [
        (format!("{story} >/dev/full"), 74),
        (format!("{story} 2>/dev/full"), 0),
        (format!("{story} >/dev/full 2>/dev/full"), 74),
        (format!("{doctor} 2>/dev/full"), 0),
        (format!("{load} >/dev/full"), 74),
        (format!("{load} 2>/dev/full"), 0),
        ("\"$S\" generate --vendor ombori --count 3 2>/dev/full".to_owned(), 0),
        ("\"$S\" generate --vendor ombori --count 3 >/dev/full".to_owned(), 2),
        ("\"$S\" vendors >/dev/full".to_owned(), 2),
        ("\"$S\" --help >/dev/full".to_owned(), 2),
        ("\"$S\" check no-such-file 2>/dev/full".to_owned(), 2),
        ("\"$S\" no-such-command 2>/dev/full".to_owned(), 2),
    ] {
        let output = run(folder.path(), &hooks, &line);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(expected), "{line}: {errors}");
        if line.contains(" >/dev/full") && !line.contains("2>") {
            assert!(errors.contains("cannot write to standard output"), "{line}: {errors}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_behind_stdout_does_not_cost_the_reports() {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    let hooks = Hooks::start(|| ());
    let check = "\"$S\" check --vendor ombori --json /dev/full --junit j.xml --html j.html TARGET >/dev/full";
    let output = run(folder.path(), &hooks, check);
    let errors = text(&output.stderr);
    assert!(matches!(output.status.code(), Some(1 | 74)), "{:?} {errors}", output.status);
    assert!(errors.contains("cannot write /dev/full"), "{errors}");
    for file in ["j.xml", "j.html"] {
        let report = std::fs::metadata(folder.path().join(file)).expect("a report");
        assert!(report.len() > 1000, "{file}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_journal_that_cannot_grow_does_not_cost_the_results_of_a_load() {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    let hooks = Hooks::start(|| ());
    let line = "trap '' XFSZ; ulimit -f 4000; \"$S\" load --vendor ombori --rate 2000/s --for 4s --sample 0 \
                --journal j --json r.json --junit r.xml TARGET";
    let output = run(folder.path(), &hooks, line);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(74), "{errors}");
    assert!(errors.contains("the journal cannot be written"), "{errors}");
    assert!(text(&output.stdout).contains("webhooks"), "{}", text(&output.stdout));
    assert!(hooks.count() > 0);
    for file in ["r.json", "r.xml"] {
        let report = std::fs::read_to_string(folder.path().join(file)).expect("a report");
        assert!(!report.is_empty(), "{file}");
    }
}

#[test]
fn a_reader_that_goes_away_changes_no_exit_code() {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    let hooks = Hooks::start(|| ());
    for redirected in ["| head -1", "2>&1 >/dev/null | true", "2>&1 | true"] {
        let line = format!(
            "\"$S\" play scenarios/ombori/walk-in.yaml --instant TARGET {redirected}; exit ${{PIPESTATUS[0]}}"
        );
        let output = run(folder.path(), &hooks, &line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", text(&output.stderr));
    }
}

#[test]
fn two_reports_on_one_path_are_found_before_anything_is_sent() {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    let hooks = Hooks::start(|| ());
    for line in [
        "\"$S\" check --json a --html b --junit ./a TARGET",
        "\"$S\" check --json a --journal a TARGET",
        "\"$S\" check --html no/such/folder TARGET",
        "\"$S\" check --html . TARGET",
        "\"$S\" load --json a --hdr ../$(basename \"$PWD\")/a TARGET",
        "\"$S\" load --json a --journal a TARGET",
        "\"$S\" play scenarios/ombori/walk-in.yaml --journal no/such/folder TARGET",
        "\"$S\" demo --report no/such/folder",
    ] {
        let output = run(folder.path(), &hooks, line);
        assert_eq!(output.status.code(), Some(2), "{line}: {}", text(&output.stderr));
        assert_eq!(hooks.count(), 0, "{line}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_no_part_of_the_first_files() {
    let folder = folder();
    // No file may grow, and the signal that says so is ignored: writing fails.
    let line = "trap '' XFSZ; ulimit -f 0; \"$S\" init new 2>&1 | cat; exit ${PIPESTATUS[0]}";
    let output = shell(folder.path(), line);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    let files = ["standin.yaml", "features/first.feature", "schemas/standin.schema.json"];
    for file in files {
        assert!(!folder.path().join("new").join(file).exists(), "{file}");
    }
    let again = shell(folder.path(), "\"$S\" init new");
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
}
