//! Ctrl-C ends a run with exit code 130 and with everything that was judged until then.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::hooks::Hooks;
use super::{folder, text, write};

/// How many requests the receiver answers before it falls silent.
const ANSWERED: usize = 60;

/// A receiver that answers some requests, then tells the channel and answers nothing any more.
fn falls_silent(answered: usize) -> (Hooks, Receiver<()>) {
    let (silent, told) = channel();
    let asked = AtomicUsize::new(0);
    let hooks = Hooks::start(move || {
        if asked.fetch_add(1, Ordering::Relaxed) >= answered {
            let _ = silent.send(());
            loop {
                std::thread::park();
            }
        }
    });
    (hooks, told)
}

/// The program as a terminal starts it. It would inherit that whoever runs the tests ignores SIGHUP.
fn program() -> Command {
    let program = env!("CARGO_BIN_EXE_standin");
    if cfg!(target_os = "linux") {
        let mut env = Command::new("env");
        env.args(["--default-signal=HUP", program]);
        env
    } else {
        Command::new(program)
    }
}

fn start(folder: &Path, arguments: &[&str], hooks: &Hooks) -> Child {
    program()
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .args(arguments)
        .args(["--target", &hooks.url])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs")
}

fn interrupt(child: &Child) {
    signal(child, "-INT");
}

fn signal(child: &Child, signal: &str) {
    let mut kill = Command::new("kill");
    assert!(kill.args([signal, &child.id().to_string()]).status().expect("it runs").success());
}

/// Interrupts a run once the receiver is silent, and waits for its end.
fn interrupted(child: Child, silent: &Receiver<()>) -> Output {
    silent.recv_timeout(Duration::from_secs(60)).expect("a request");
    interrupt(&child);
    child.wait_with_output().expect("it ends")
}

/// Time limits in virtual and real time that no test waits for.
const SETTINGS: &str = "receiver:
  url: http://127.0.0.1:1
  ack_within: 10m
vendors:
  ombori:
    deliver: /in/{trigger}
";

const REPORTS: [&str; 6] = ["--junit", "j.xml", "--json", "j.json", "--html", "j.html"];

#[test]
fn an_interrupted_check_reports_what_was_judged_until_then() {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    let (hooks, silent) = falls_silent(ANSWERED);
    let check = [&["check", "--vendor", "ombori", "--no-early-stop"], &REPORTS[..]].concat();
    let output = interrupted(start(folder.path(), &check, &hooks), &silent);
    let (told, errors) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(130), "{told}{errors}");
    assert!(errors.contains("interrupted; Ctrl-C again ends at once"), "{errors}");
    let reason = "the run was interrupted before this scenario ended";
    assert!(told.contains("Ended early") && told.contains(reason), "{told}");
    let report = std::fs::read_to_string(folder.path().join("j.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["interrupted"], true);
    let judged = |verdict: &str| report["totals"][verdict].as_u64().expect("a number");
    assert!(judged("passed") + judged("failed") + judged("passed_in_part") > 0, "{told}");
    for file in ["j.xml", "j.html"] {
        let report = std::fs::read_to_string(folder.path().join(file)).expect("a report");
        assert!(report.contains(reason), "{file}");
    }
}

#[test]
fn a_check_that_is_interrupted_before_its_run_has_reports() {
    let folder = folder();
    let hooks = Hooks::start(|| ());
    // It waits for the text of its settings: only then can it begin.
    let settings = folder.path().join("pipe.yaml");
    assert!(Command::new("mkfifo").arg(&settings).status().expect("`mkfifo` runs").success());
    let check = [&["check", "--config", "pipe.yaml"], &REPORTS[..]].concat();
    let child = start(folder.path(), &check, &hooks);
    let mut pipe = std::fs::File::options().write(true).open(&settings).expect("a reader");
    signal(&child, "-TERM");
    pipe.write_all(SETTINGS.as_bytes()).expect("it is read");
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(143), "{errors}");
    assert!(errors.contains("interrupted by SIGTERM"), "{errors}");
    for file in ["j.xml", "j.json", "j.html"] {
        let report = std::fs::read_to_string(folder.path().join(file)).expect("a report");
        assert!(report.contains("interrupted"), "{file}");
    }
    assert_eq!(hooks.count(), 0, "nothing was sent");
}

#[test]
fn the_second_ctrl_c_ends_at_once() {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    let (hooks, silent) = falls_silent(0);
    // Nobody reads this pipe, so the report cannot be written.
    let made = Command::new("mkfifo").arg(folder.path().join("pipe")).status();
    assert!(made.expect("`mkfifo` runs").success());
    let check = ["check", "--vendor", "ombori", "--json", "pipe", "--junit", "j.xml"];
    let mut child = start(folder.path(), &check, &hooks);
    silent.recv_timeout(Duration::from_secs(60)).expect("a request");
    let status = loop {
        interrupt(&child);
        // Two signals at once would be one.
        std::thread::park_timeout(Duration::from_millis(500));
        if let Some(status) = child.try_wait().expect("its status") {
            break status;
        }
    };
    assert_eq!(status.code(), Some(130));
}

#[test]
fn an_interrupted_story_says_how_its_deliveries_ended() {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    let (hooks, silent) = falls_silent(2);
    let play = ["play", "scenarios/ombori/walk-in.yaml", "--instant"];
    let output = interrupted(start(folder.path(), &play, &hooks), &silent);
    let (told, errors) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(130), "{told}{errors}");
    assert!(errors.contains("2 accepted"), "{errors}");
    assert!(errors.contains("stopped before the end of the scenario"), "{errors}");
}

#[test]
fn an_interrupted_load_has_its_summary_and_reports() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    let hooks = Hooks::start(|| ());
    let load = ["load", "--rate", "200/s", "--for", "10m", "--sample", "0", "--json", "l.json"];
    let child = start(folder.path(), &load, &hooks);
    while hooks.count() < ANSWERED {
        std::thread::park_timeout(Duration::from_millis(20));
    }
    interrupt(&child);
    let output = child.wait_with_output().expect("it ends");
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(130), "{told}{}", text(&output.stderr));
    assert!(told.contains("sent"), "{told}");
    assert!(folder.path().join("l.json").exists());
}

#[test]
fn other_signals_that_end_a_process_end_a_run_like_ctrl_c() {
    for (name, code) in [("-TERM", 143), ("-HUP", 129)] {
        let folder = folder();
        write(folder.path(), "standin.yaml", SETTINGS);
        let (hooks, silent) = falls_silent(ANSWERED);
        let check = [&["check", "--vendor", "ombori", "--no-early-stop"], &REPORTS[..]].concat();
        let child = start(folder.path(), &check, &hooks);
        silent.recv_timeout(Duration::from_secs(60)).expect("a request");
        signal(&child, name);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
        for file in ["j.xml", "j.json", "j.html"] {
            assert!(folder.path().join(file).exists(), "{file} after {name}");
        }
    }
}

#[test]
fn a_check_that_is_interrupted_at_its_first_request_has_its_reports() {
    let folder = folder();
    let settings = format!(
        "{SETTINGS}  doo:
    deliver: /doo/{{trigger}}
    oauth:
      endpoint: /oauth/token
      client_secret: s3cr3t
      await_expiry: 5s
probes:
  ombori.position:
    get: /positions/{{id}}
    fields: {{ status: $.status }}
"
    );
    write(folder.path(), "standin.yaml", &settings);
    for vendor in ["ombori", "doo"] {
        let (hooks, silent) = falls_silent(0);
        let check = [&["check", "--vendor", vendor], &REPORTS[..]].concat();
        let output = interrupted(start(folder.path(), &check, &hooks), &silent);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(130), "{errors}");
        for file in ["j.xml", "j.json", "j.html"] {
            let path = folder.path().join(file);
            assert!(path.exists(), "{file}: {errors}");
            std::fs::remove_file(path).expect("it is there");
        }
    }
}
