//! Any bytes are read back unchanged.

use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;
use standin::clock::default_start;
use standin::journal::Note;
use standin::journal::entry::Context;
use standin::journal::sqlite::{Filter, Row};
use standin::journal::{Entry, EntryKind};
use standin::model::address::Method;
use standin::model::{Answer, Attempt, Outcome, RequestKind, Subject, Webhook};

use super::{info, open, place};

fn entries(bodies: &[(Vec<u8>, Vec<u8>)]) -> Vec<Entry> {
    let kinds = bodies.iter().enumerate().flat_map(|(seq, (body, answer))| {
        let caused = EntryKind::Caused(webhook(seq as u64, body));
        [
            caused,
            EntryKind::Attempted {
                ticket: None,
                issued_token: None,
                attempt: attempt(seq as u64, body, answer),
            },
        ]
    });
    let entries = kinds.enumerate().map(|(id, kind)| {
        let context = Context { account: Some("main".into()), ..Context::default() };
        Entry { id: id as u64, cause: None, at: default_start(), context, kind }
    });
    entries.collect()
}

fn webhook(seq: u64, body: &[u8]) -> Webhook {
    Webhook {
        seq,
        at: default_start(),
        vendor: "ombori",
        account: "main".into(),
        trigger: "positionCreated",
        subject: Subject { kind: "position", id: "1".to_owned() },
        name: None,
        action: "take-ticket",
        body: Bytes::copy_from_slice(body),
    }
}

fn attempt(delivery: u64, body: &[u8], answer: &[u8]) -> Attempt {
    Attempt {
        request: RequestKind::Webhook,
        delivery,
        number: 1,
        at: default_start(),
        method: Method::Post,
        url: "http://127.0.0.1:9/".to_owned(),
        signed_url: None,
        headers: Vec::new(),
        body: Bytes::copy_from_slice(body),
        fault: None,
        outcome: Outcome::Accepted,
        answer: Some(Answer {
            status: 200,
            retry_after: None,
            body: Bytes::copy_from_slice(answer),
            granted: None,
        }),
        took: Duration::ZERO,
    }
}

/// Writes these bodies, and reads all rows of the file.
fn written(bodies: &[(Vec<u8>, Vec<u8>)]) -> Vec<Row> {
    let (_folder, file) = place();
    let store = open(&file);
    let mut writer = store.begin(info("bytes")).expect("it is written");
    for (body, _) in bodies {
        let note = Note {
            at: default_start(),
            name: "api-call",
            cause: None,
            account: None,
            delivery: None,
            data: serde_json::json!({}),
            body: Some(Bytes::copy_from_slice(body)),
        };
        writer.append_note(note, |written| assert!(written.is_ok()));
    }
    writer.append_and_wait(&entries(bodies)).expect("it is written");
    store
        .reader()
        .and_then(|reader| reader.rows_after(0, 10_000, &Filter::default()))
        .expect("read")
}

fn come_back(bodies: &[(Vec<u8>, Vec<u8>)]) {
    let rows = written(bodies);
    let (notes, entries) = rows.split_at(bodies.len());
    for (place, (body, answer)) in bodies.iter().enumerate() {
        let (caused, attempted) = (&entries[2 * place], &entries[2 * place + 1]);
        assert_eq!(notes[place].body.as_deref(), Some(&body[..]));
        assert_eq!(caused.body.as_deref(), Some(&body[..]));
        assert_eq!(attempted.body.as_deref(), Some(&body[..]));
        assert_eq!(attempted.answer.as_deref(), Some(&answer[..]));
    }
}

#[test]
fn bodies_that_look_like_others_come_back_as_they_were() {
    let bodies: &[&[u8]] = &[
        b"",
        b"{}",
        b"{ \"a\" : 1.0 }",
        b"{\"a\":1}",
        b"{\"b\":1e2,\"a\":0.10,\"a\":2}",
        b"\"text\"",
        b"null",
        b"{\"entry\":\"caused\",\"id\":0",
        b"\xff\xfe\x00{\"a\":",
        "{\"a\":\"\\u00e9é\"}".as_bytes(),
        b"line\nline\r\n",
    ];
    come_back(&bodies.iter().map(|body| (body.to_vec(), body.to_vec())).collect::<Vec<_>>());
    come_back(&[(vec![b'x'; 3_000_000], vec![0; 300_000])]);
}

/// Any bytes, and any JSON with spaces and with any notation of numbers.
fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "[ ]?\\{\"[a-zé\\\\n]{1,3}\"[ ]?:[ ]?-?[0-9]{1,3}(\\.[0-9]{1,4})?([eE][0-9])?\\}[ \\n]?"
            .prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_come_back(bodies in prop::collection::vec((body(), body()), 1..20)) {
        come_back(&bodies);
    }
}
