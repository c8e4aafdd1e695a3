//! Queries of a file, also while it is written.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::channel;

use standin::journal::Note;
use standin::journal::sqlite::{Filter, Outcomes, Row, StoreError};
use standin::journal::{Journal as _, JournalError};

use super::walk::Walk;
use super::{info, open, place};

#[test]
fn rows_are_found_by_run_account_delivery_kind_trigger_and_outcome() {
    let (_folder, file) = place();
    let store = open(&file);
    let walks: Vec<_> = ["ombori", "waitwhile"]
        .map(|vendor| {
            let mut walk = Walk::new(vendor, 7);
            walk.walk(150);
            let mut writer = store.begin(info(vendor)).expect("it is written");
            writer.append_and_wait(&walk.entries).expect("it is written");
            (writer.run(), walk)
        })
        .into();
    let reader = store.reader().expect("it opens");
    let all = reader.rows_after(0, usize::MAX, &Filter::default()).expect("it is read");
    assert_eq!(all.len(), walks.iter().map(|(_, walk)| walk.entries.len()).sum::<usize>());
    assert!(all.is_sorted_by(|one, next| one.id < next.id));
    assert_eq!(all.last().map(|row| row.id), Some(store.latest()));
    let holds = |filter: Filter, fits: &dyn Fn(&Row) -> bool| {
        let mut found = Vec::new();
        let visited = reader.each(&filter, |row| {
            found.push(row);
            Ok::<_, StoreError>(())
        });
        visited.unwrap_or_else(|error| panic!("{error}"));
        let wanted: Vec<Row> = all.iter().filter(|row| fits(row)).cloned().collect();
        assert_eq!(found, wanted, "{filter:?}");
        assert!(!found.is_empty() && found.len() < all.len(), "{} for {filter:?}", found.len());
    };
    let any = Filter::default;
    let (run, walk) = &walks[1];
    assert_eq!(reader.lines(*run).expect("it is read"), walk.lines());
    holds(Filter { run: Some(*run), ..any() }, &|row| row.run == *run);
    let alone = |row: &Row| row.account.as_deref() == Some("alone");
    holds(Filter { account: Some("alone".to_owned()), ..any() }, &alone);
    holds(Filter { kinds: vec!["caused", "ended"], ..any() }, &|row| {
        ["caused", "ended"].contains(&&*row.kind)
    });
    holds(Filter { outcomes: Outcomes::Failed, ..any() }, &|row| {
        row.outcome.as_deref().is_some_and(|it| it != "accepted")
    });
    let delivery = all.iter().rev().find_map(|row| row.delivery).expect("a delivery");
    holds(Filter { run: Some(*run), delivery: Some(delivery), ..any() }, &|row| {
        row.run == *run && row.delivery == Some(delivery)
    });
    let called = |row: &Row| {
        let caused = row.seq.and_then(|seq| reader.webhook(row.run, seq).expect("it is read"));
        caused.is_some_and(|it| it.trigger.as_deref() == Some("positionCreated"))
    };
    holds(Filter { trigger: Some("positionCreated".to_owned()), ..any() }, &called);
}

#[test]
fn a_slow_reader_goes_on_where_it_was_and_keeps_nobody_waiting() {
    let (_folder, file) = place();
    let store = open(&file);
    let heard = Arc::new(AtomicI64::new(0));
    store.listen({
        let heard = Arc::clone(&heard);
        move |latest| heard.store(latest, Ordering::Release)
    });
    let reader = store.reader().expect("it opens");
    let mut writer = store.begin(info("one")).expect("it is written");
    let mut walk = Walk::new("doo", 3);
    let (mut seen, mut lines) = (0, Vec::new());
    let mut written = 0;
    for _ in 0..50 {
        while walk.entries.len() == written {
            walk.walk(1);
        }
        let appended = writer.append_and_wait(&walk.entries[written..]).expect("it is written");
        written = walk.entries.len();
        assert_eq!(heard.load(Ordering::Acquire), appended.last);
        for row in reader.rows_after(seen, 2, &Filter::default()).expect("it is read") {
            seen = row.id;
            lines.push(row.line);
        }
    }
    let rest = reader.rows_after(seen, usize::MAX, &Filter::default()).expect("it is read");
    lines.extend(rest.into_iter().map(|row| row.line));
    assert_eq!(lines, walk.lines());
    assert_eq!(reader.latest(), Ok(store.latest()));
}

#[test]
fn what_is_only_queued_is_there_in_order_once_it_is_flushed_or_closed() {
    let (_folder, file) = place();
    let store = open(&file);
    let mut walk = Walk::new("doo", 4);
    walk.walk(100);
    let mut writer = store.begin_queued(info("one"));
    let run = writer.run();
    walk.entries.iter().for_each(|entry| writer.write(entry).expect("it is queued"));
    assert_eq!(store.flush(), Ok(()));
    let reader = store.reader().expect("it opens");
    assert_eq!(reader.lines(run).expect("it is read"), walk.lines());
    let written = walk.entries.len();
    walk.walk(30);
    writer.write_all(&walk.entries[written..]).expect("it is queued");
    drop((writer, store));
    let reader = standin::journal::sqlite::Reader::open(&file).expect("it opens");
    assert_eq!(reader.lines(run).expect("it is read"), walk.lines());
}

#[test]
fn notes_have_rows_and_no_run_reads_them_back() {
    let (_folder, file) = place();
    let store = open(&file);
    let mut walk = Walk::new("ombori", 5);
    walk.walk(30);
    let mut writer = store.begin(info("one")).expect("it is written");
    writer.append_and_wait(&walk.entries).expect("it is written");
    let note = Note {
        at: walk.run.sim().now(),
        name: "probe-reading",
        cause: Some(3),
        account: Some("alone".into()),
        delivery: None,
        data: serde_json::json!({ "status": "called" }),
        body: None,
    };
    let (done, written) = channel();
    writer.append_note(note, move |note| done.send(note).expect("somebody waits"));
    let appended = written.recv().expect("an answer").expect("it is written");
    assert_eq!((appended.first, appended.last), (store.latest(), store.latest()));
    let reader = store.reader().expect("it opens");
    let notes = Filter { kinds: vec!["note"], ..Filter::default() };
    let notes = reader.rows_after(0, 9, &notes).expect("it is read");
    assert_eq!((notes.len(), notes[0].entry, notes[0].cause), (1, None, Some(3)));
    assert!(notes[0].line.contains("\"data\":{\"status\":\"called\"}"), "{}", notes[0].line);
    assert_eq!(reader.lines(writer.run()).expect("it is read"), walk.lines());
    let next = walk.entries.len();
    walk.walk(10);
    let mut resumed = store.resume(writer.run()).expect("it is there");
    resumed.append_and_wait(&walk.entries[next..]).expect("it is written");
    assert_eq!(reader.lines(writer.run()).expect("it is read"), walk.lines());
}

#[test]
fn a_gap_in_a_run_is_refused() {
    let (_folder, file) = place();
    let store = open(&file);
    let mut writer = store.begin(info("one")).expect("it is written");
    let walk = Walk::new("ombori", 6);
    let refused = writer.append_and_wait(&walk.entries[1..2]);
    let said = JournalError::Unwritten("entry 0 of run 1 comes next, not 1".to_owned());
    assert_eq!(refused, Err(said));
    assert_eq!(
        store.resume(9).map(|_| ()).expect_err("no run").to_string(),
        format!(
            "cannot read the journal {}: it has no run 9; `standin journal show FILE --runs` lists its runs",
            file.display()
        )
    );
}
