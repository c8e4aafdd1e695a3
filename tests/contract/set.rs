//! A correct receiver passes with any settings of a vendor.

use standin::cli::settings::BUILT_IN;
use standin::receiver::defects;

use crate::built_in::built_in;
use crate::full;
use crate::play::{self, failures, features_of};

/// Settings that decide what is not documented, or change what happens by itself. With each of them
/// a correct receiver passes, and scenarios that cannot be judged are skipped.
const OF_WAITWHILE: &[&[&str]] = &[
    &["disable_after: 7d", "waitlist_sync: 15m", "failed_state: UNDELIVERED"],
    &["disable_after: 1d", "hold_fires: nothing", "message_takes: 1h"],
    &["disable_after: off", "hold_expiry_fires: nothing", "message_takes: off"],
    &[
        "retries: []",
        "time_zone: Asia/Kathmandu",
        "visit_ids: differ-in-case",
        "no_show_tag: NO-SHOW",
    ],
    &["retries: [1d, 1d, 1d]", "expires_after: 10m", "messages: none"],
    &["auto_complete: 1m", "hold: 1m", "undelivered: 100%"],
    &["estimates_fire: always", "slot: 2h", "profile: \"2024\""],
];
const OF_DOO: &[&[&str]] = &[
    &["done_fires: event_updated", "time_zone: Asia/Kathmandu", "date_format: ISO 8601"],
    &["cancellation_fires: order_updated", "prices: net", "questions: booker"],
    &["cancellation_fires: \"order_updated, order_cancelled\"", "checkin_fires: nothing"],
    &["retries: []", "attendee_triggers: \"attendee_pending, attendee_checkin\""],
    &["retries: [1d, 1d, 1d]", "retry_jitter: 0.5", "dead_letters: false"],
    &["prices: free", "approval: \"on\"", "external_user_id: none"],
    &["capacity: 1", "coupon_euros: 1000", "fee_cents: 0", "starts_in: 1h"],
    &["ordering: global", "prefilled: 100%"],
];

/// The built-in settings with these lines at the beginning of a vendor's section.
fn set(vendor: &str, some: &[&str]) -> String {
    let begin = format!("\n  {vendor}:\n");
    let (before, after) = BUILT_IN.split_once(&begin).expect("the vendor's section");
    format!("{before}{begin}    {}\n{after}", some.join("\n    "))
}

async fn right_under(vendor: &str, settings: &[&[&str]]) {
    let sources = features_of(vendor);
    let mut wrong = Vec::new();
    for some in settings {
        let run = play::some(&sources, Default::default(), &set(vendor, some), 9).await;
        wrong.extend(failures(&run).into_iter().map(|why| format!("{some:?}: {why}")));
        let totals = run.totals();
        assert!(totals.passed > 40, "{some:?}: {totals:?}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correct_receiver_passes_with_every_setting_of_waitwhile() {
    right_under("waitwhile", OF_WAITWHILE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correct_receiver_passes_with_every_setting_of_doo() {
    right_under("doo", OF_DOO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_document_forbids_passes() {
    for allowed in defects().iter().filter(|defect| defect.is_allowed()) {
        let sources = features_of(allowed.vendor());
        let receiver = play::receiver_with([*allowed].into());
        let run = play::some(&sources, receiver, BUILT_IN, 9).await;
        play::keeps(&run, allowed.name());
        let totals = run.totals();
        assert!(totals.passed > 100 && totals.skipped == 0, "{}: {totals:?}", allowed.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correct_receiver_passes_with_every_token_use() {
    let sources = features_of("doo");
    for usage in ["token_use: cached", "token_use: cached\n      margin: 2h"] {
        let keys = format!("\n    oauth:\n      {usage}\n      # ");
        let text = built_in(&[("\n    oauth: ", &keys)]);
        let run = play::some(&sources, Default::default(), &text, 9).await;
        play::keeps(&run, usage);
        let totals = run.totals();
        assert!(totals.skipped == 0 && totals.passed > 100, "{usage}: {totals:?}");
    }
}

/// What is not judged changes nothing in the story: what follows it happens as late as if it were.
#[tokio::test(flavor = "multi_thread")]
async fn a_correct_receiver_passes_with_any_of_its_probes() {
    let (settings, probes) = BUILT_IN.split_once("\nprobes:\n").expect("probes come last");
    let mut blocks = Vec::<String>::new();
    for line in probes.lines() {
        match blocks.last_mut() {
            Some(block) if line.starts_with("    ") || line.is_empty() => *block += line,
            _ => blocks.push(line.to_owned()),
        }
        blocks.iter_mut().last().expect("a block").push('\n');
    }
    assert_eq!(blocks.len(), 8, "{blocks:#?}");
    let some = if full() { &blocks[..] } else { &[] };
    let texts = some.iter().map(|probe| format!("{settings}\nprobes:\n{probe}\n"));
    for (seed, text) in (21..).zip(std::iter::once(settings.to_owned()).chain(texts)) {
        let run = play::whole_with(Default::default(), &text, seed).await;
        play::keeps(&run, &text);
        let totals = run.totals();
        assert!(totals.passed_in_part > 100, "{totals:?}");
    }
}
