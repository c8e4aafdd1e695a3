//! A receiver that goes away during a run is the cause of all that fails afterwards.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use serde_json::Value as Json;

use crate::built_in::built_in;
use crate::{folder, run, text, write};

/// A receiver that answers 200 to so many requests, one on each connection, and is gone then.
fn answering(requests: usize) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok).take(requests) {
            std::thread::spawn(move || answer(stream));
        }
    });
    url
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line)? > 0 && line != "\r\n" {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    reader.read_exact(&mut vec![0; length])?;
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

#[test]
fn a_receiver_that_goes_away_is_named_as_the_cause() {
    let folder = folder();
    let settings = built_in(&[("http://127.0.0.1:8080", &answering(60))]);
    let (settings, _) = settings.split_once("\nprobes:").expect("probes come last");
    write(folder.path(), "standin.yaml", settings);
    let check = "check features/waitwhile/acknowledgement.feature features/waitwhile/changes.feature \
                 features/waitwhile/lifecycles-waitlist.feature features/ombori/acknowledgement.feature \
                 features/ombori/duplicates.feature features/ombori/lifecycles.feature --seed 1 --json j.json";
    let output = run(folder.path(), &check.split_whitespace().collect::<Vec<_>>());
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let report = std::fs::read_to_string(folder.path().join("j.json")).expect("a report");
    let report: Json = serde_json::from_str(&report).expect("JSON");
    let features = report["features"].as_array().expect("features");
    let scenarios = features.iter().flat_map(|one| one["scenarios"].as_array().expect("a list"));
    let failures: Vec<&Json> =
        scenarios.map(|one| &one["failure"]).filter(|one| !one.is_null()).collect();
    assert!(failures.len() > 5, "{said}");
    let mut causes = BTreeSet::new();
    for failure in failures {
        let cause = failure["cause"].as_u64().and_then(|place| report["hints"].get(place as usize));
        let cause = cause.and_then(Json::as_str).unwrap_or_default();
        let gone = "the receiver stopped answering, after ";
        assert!(cause.starts_with(gone), "{cause}: {failure}");
        causes.insert(cause.to_owned());
    }
    let causes: Vec<String> = causes.into_iter().collect();
    let [cause] = causes.as_slice() else { panic!("{causes:?}") };
    assert!(cause.contains(" of Waitwhile"), "{cause}");
}
