//! A run takes a time that is known beforehand, whatever the receiver does.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{folder, run, text, write};

/// What a receiver does with a request, after the first ones, which it accepts.
#[derive(Clone, Copy)]
enum Habit {
    /// It never answers.
    Silent,
    /// It answers after this long.
    Slow(Duration),
    /// It begins an answer that never ends, a byte at a time.
    Drips,
}

/// A receiver with a habit. Returns its URL and the number of its requests.
fn receiver(accepted: usize, habit: Habit) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    // The threads end with the test program.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { continue };
            let counted = Arc::clone(&counted);
            std::thread::spawn(move || serve(stream, &counted, accepted, habit));
        }
    });
    (url, requests)
}

fn serve(mut stream: TcpStream, requests: &AtomicUsize, accepted: usize, habit: Habit) {
    let mut begun = [0; 4096];
    // Connecting alone, as for the reachability test, is no request.
    if !matches!(stream.read(&mut begun), Ok(1..)) {
        return;
    }
    let number = requests.fetch_add(1, Ordering::Relaxed);
    let ok = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
    let mut rest = Vec::new();
    match habit {
        _ if number < accepted => _ = stream.write_all(ok),
        Habit::Silent => {}
        Habit::Slow(pause) => {
            wait(&mut stream, pause);
            _ = stream.write_all(ok);
        }
        Habit::Drips => {
            let begun = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            while begun.is_ok() && stream.write_all(b"0").is_ok() {
                wait(&mut stream, Duration::from_millis(20));
            }
        }
    }
    _ = stream.read_to_end(&mut rest);
}

/// Waits until the client has gone, or has said nothing for this long.
fn wait(stream: &mut TcpStream, at_most: Duration) {
    stream.set_read_timeout(Some(at_most)).expect("a time-out");
    while matches!(stream.read(&mut [0; 4096]), Ok(1..)) {}
    stream.set_read_timeout(None).expect("no time-out");
}

fn settings(url: &str) -> String {
    format!(
        "receiver:\n  url: {url}\n  ack_within: 200ms\nvendors:\n  ombori:\n    deliver: /in\n  \
         waitwhile:\n    deliver: /in\n    secret: abcdefgh\n"
    )
}

#[test]
fn a_dead_receiver_ends_a_run_early() {
    for (accepted, habit) in [(0, Habit::Silent), (60, Habit::Silent), (0, Habit::Drips)] {
        let (url, requests) = receiver(accepted, habit);
        let folder = folder();
        write(folder.path(), "standin.yaml", &settings(&url));
        let output = run(folder.path(), &["check", "--junit", "j.xml"]);
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{said}{}", text(&output.stderr));
        assert!(said.contains("Ended early: not everything was run"), "{said}");
        // For each of the two vendors: 32 without an answer, or 16 if there never was one, what is under way then, and some
        // that faults struck, which do not count.
        let sent = requests.load(Ordering::Relaxed) - accepted;
        let (first, last) = if accepted == 0 { ("first 16", 32) } else { ("last 32", 64) };
        assert!((last..=160).contains(&sent), "{sent}");
        let junit = std::fs::read_to_string(folder.path().join("j.xml")).expect("a report");
        for vendor in ["ombori", "waitwhile"] {
            let silent = format!("the receiver answered none of {vendor}'s {first} requests");
            assert!(said.contains(&silent), "{said}");
            assert!(junit.contains(&silent.replace('\'', "&apos;")), "{junit}");
        }
    }
}

#[test]
fn nobody_who_wants_the_whole_run_gets_less() {
    let (url, requests) = receiver(0, Habit::Silent);
    let folder = folder();
    write(folder.path(), "standin.yaml", &settings(&url).replace("200ms", "20ms"));
    let arguments = ["check", "--vendor", "ombori", "--no-early-stop", "--no-retry", "-q"];
    let output = run(folder.path(), &arguments);
    assert!(!text(&output.stdout).contains("Ended early"), "{}", text(&output.stdout));
    assert!(requests.load(Ordering::Relaxed) > 300);
}

#[test]
fn a_run_ends_at_its_time_limit_and_says_so() {
    let (url, _) = receiver(0, Habit::Slow(Duration::from_millis(100)));
    let folder = folder();
    write(folder.path(), "standin.yaml", &settings(&url));
    let output = run(folder.path(), &["check", "--time-limit", "1s", "--junit", "j.xml"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("The run took 1s, which is its limit, and"), "{said}");
    let junit = std::fs::read_to_string(folder.path().join("j.xml")).expect("a report");
    assert!(junit.contains("the time limit of the run was reached before this scenario ended"));
    let help = text(&run(folder.path(), &["check", "--help"]).stdout);
    assert!(help.contains("--time-limit") && help.contains("[default: 30m]"), "{help}");
}

#[test]
fn only_vendors_in_play_are_tried_for_reachability() {
    let (url, requests) = receiver(usize::MAX, Habit::Silent);
    let folder = folder();
    // A port that nothing listens on.
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr();
    let gone = format!("http://{}/in", free.expect("an address"));
    let elsewhere = format!("    deliver: {gone}\n    secret: abcdefgh");
    let settings = settings(&url).replace("    deliver: /in\n    secret: abcdefgh", &elsewhere);
    write(folder.path(), "standin.yaml", &settings);
    write(folder.path(), "b.json", "{\"type\":\"positionCreated\"}");
    for line in [
        "check --vendor ombori -q",
        "play scenarios/ombori/walk-in.yaml --instant",
        "doctor --vendor ombori",
        "send --vendor ombori --trigger positionCreated --body b.json",
        "load --vendor ombori --count 20 --rate 1000/s --sample 0",
    ] {
        let before = requests.load(Ordering::Relaxed);
        let arguments: Vec<&str> = line.split(' ').collect();
        let output = run(folder.path(), &arguments);
        assert_ne!(output.status.code(), Some(3), "{line}: {}", text(&output.stderr));
        assert!(requests.load(Ordering::Relaxed) > before, "{line}: {}", text(&output.stderr));
    }
    let all = run(folder.path(), &["check"]);
    assert_eq!(all.status.code(), Some(3), "{}", text(&all.stdout));
}
