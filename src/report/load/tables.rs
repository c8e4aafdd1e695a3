//! The results of a load in tables of texts, which the page only lays out.

use std::time::Duration;

use jiff::Timestamp;

use super::{effects, values};
use crate::model::followed::FollowedEffects;
use crate::model::load::{BaselineResult, Effects, LoadReport, Percentiles};
use crate::report::status;
use crate::report::text::{duration, one_line, percent};

/// The most seconds that are listed.
const MOST_SECONDS: usize = 600;

/// A table.
pub(super) struct Table {
    /// Its name.
    pub title: &'static str,
    /// A sentence about it.
    pub note: String,
    /// The names of its columns.
    pub head: &'static [&'static str],
    /// So many columns are text; the others are numbers.
    pub texts: usize,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
pub(super) struct Row {
    /// `passed`, `failed` or `skipped`, or nothing.
    pub verdict: &'static str,
    /// What is in its columns.
    pub cells: Vec<String>,
}

fn row(verdict: &'static str, cells: Vec<String>) -> Row {
    Row { verdict, cells }
}

/// What was done, to what, and when.
pub(super) fn facts(report: &LoadReport) -> Vec<(&'static str, String)> {
    let LoadReport { connections, threads, accounts, engine, .. } = report;
    let began = report.started.parse::<Timestamp>();
    let began = began.map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    let began = began.unwrap_or_else(|_| one_line(&report.started));
    let took = Duration::try_from_secs_f64(report.took_s).unwrap_or_default();
    let LoadReport { pace, order, retrying, .. } = report;
    let shards = report.shards.as_ref().map(|found| ("Shards", values::shards(found)));
    let mut facts = vec![
        ("Receiver", one_line(&report.target)),
        ("Vendors", one_line(&report.vendors.join(", "))),
        ("Asked for", one_line(&format!("{pace}; order {order}, retries {retrying}"))),
        ("Rate", format!("{:.1} webhooks a second", report.rate)),
        ("Began", format!("{began}, took {}", duration(took))),
        ("Seed", format!("{}, {accounts} accounts", report.seed)),
        ("Connections", format!("{connections}, threads {threads}")),
        ("Engine", one_line(&format!("{engine} ({})", report.engine_reason))),
    ];
    if !report.settings.is_empty() {
        facts.insert(2, ("Not by default", one_line(&report.settings.join("; "))));
    }
    facts.extend(shards);
    facts
}

/// What decides whether the run passes. Empty if nothing does.
pub(super) fn verdicts(report: &LoadReport) -> Vec<Table> {
    let mark = |passed| if passed { ("passed", "✓ holds") } else { ("failed", "✗ crossed") };
    let aborted = report.aborted.iter().map(|one| {
        let after = format!("after {:.1} s", one.after_s);
        row(
            "failed",
            vec!["✗ ended early".to_owned(), one_line(&one.text), one_line(&one.value), after],
        )
    });
    let aborted = Table {
        title: "Ended early",
        note: String::new(),
        head: &["Verdict", "Because", "Value", "When"],
        texts: 2,
        rows: aborted.collect(),
    };
    let thresholds = report.thresholds.iter().map(|one| {
        let (verdict, mark) = mark(one.passed);
        row(verdict, vec![mark.to_owned(), one_line(&one.text), one.value.clone()])
    });
    let thresholds = Table {
        title: "Thresholds",
        note: String::new(),
        head: &["Verdict", "Fails if", "Value"],
        texts: 2,
        rows: thresholds.collect(),
    };
    let mut tables = vec![aborted, thresholds];
    tables.extend(report.baseline.as_ref().map(baseline));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn baseline(compared: &BaselineResult) -> Table {
    let rows = compared.rows.iter().map(|one| {
        let (verdict, mark) =
            if one.worse { ("failed", "✗ worse") } else { ("passed", "✓ not worse") };
        row(
            verdict,
            vec![
                mark.to_owned(),
                one_line(&one.name),
                values::of(one.old, one.unit),
                values::of(one.new, one.unit),
                values::change(one),
                values::chance(one.chance),
            ],
        )
    });
    Table {
        title: "Compared with an older run",
        note: values::about(compared).join(". ") + ".",
        head: &["Verdict", "Value", "Before", "Now", "Change", "By chance"],
        texts: 2,
        rows: rows.collect(),
    }
}

/// All that was counted and measured.
pub(super) fn results(report: &LoadReport) -> Vec<Table> {
    let mut tables =
        vec![latency(report), webhooks(report), triggers(report), answers(report), faults(report)];
    tables.extend(report.effects.as_ref().map(compared));
    tables.extend(report.followed.as_ref().map(followed));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

fn time(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), values::milliseconds)
}

fn latency(report: &LoadReport) -> Table {
    let rows = [
        ("due → answer", &report.corrected),
        ("sent → answer", &report.raw),
        ("due → sent", &report.lag),
    ];
    let rows = rows.into_iter().map(|(name, times)| {
        let Percentiles { p50, p75, p90, p95, p99, p999, max, mean, .. } = times;
        let all = [p50, p75, p90, p95, p99, p999, max, mean];
        let mut cells = vec![name.to_owned()];
        cells.extend(all.map(|value| time(*value)));
        row("", cells)
    });
    let held = values::held_back(report).map_or_else(String::new, |text| format!(" Note: {text}."));
    Table {
        title: "Latency in milliseconds",
        note: format!("Time-outs are failures, and in no percentile.{held}"),
        head: &["From → to", "p50", "p75", "p90", "p95", "p99", "p99.9", "max", "mean"],
        texts: 1,
        rows: rows.collect(),
    }
}

fn webhooks(report: &LoadReport) -> Table {
    let counts = &report.webhooks;
    let share = |count: u64| percent(count, counts.sent);
    let all = [
        ("refused (4xx)", counts.refused, "failed", share(counts.refused)),
        ("failed in another way", counts.failed, "failed", share(counts.failed)),
        ("spoilt by a fault", counts.faulted, "skipped", share(counts.faulted)),
        ("never accepted", counts.given_up, "failed", share(counts.given_up)),
        ("accepted by a further attempt", counts.recovered, "skipped", share(counts.recovered)),
        ("never sent: too many were waiting", counts.shed, "failed", String::new()),
        ("unfinished when the run ended", counts.unfinished, "skipped", String::new()),
        ("further attempts", report.retries, "", String::new()),
        ("requests for tokens", report.token_requests, "", String::new()),
        ("requests that gave no token", report.token_failures, "failed", String::new()),
        ("connections that could not be made", report.failed_connects, "failed", String::new()),
    ];
    let mut rows = vec![
        row("", vec!["sent".to_owned(), counts.sent.to_string(), String::new()]),
        row("", vec!["accepted".to_owned(), counts.accepted.to_string(), share(counts.accepted)]),
    ];
    let some = all.into_iter().filter(|(_, count, ..)| *count > 0);
    rows.extend(some.map(|(what, count, verdict, share)| {
        row(verdict, vec![what.to_owned(), count.to_string(), share])
    }));
    Table {
        title: "Webhooks, by their first attempts",
        note: String::new(),
        head: &["What", "Count", "Share"],
        texts: 1,
        rows,
    }
}

fn triggers(report: &LoadReport) -> Table {
    let rows = report.triggers.iter().map(|one| {
        let counts = [one.sent, one.accepted, one.refused, one.failed].map(|one| one.to_string());
        let Percentiles { p50, p95, p99, max, .. } = one.corrected;
        let mut cells = vec![one_line(&format!("{} {}", one.vendor, one.trigger))];
        cells.extend(counts);
        cells.extend([p50, p95, p99, max].map(time));
        row(if one.refused + one.failed > 0 { "failed" } else { "" }, cells)
    });
    Table {
        title: "Triggers",
        note: "Latencies in milliseconds, due → answer.".to_owned(),
        head: &["Trigger", "Sent", "Accepted", "Refused", "Failed", "p50", "p95", "p99", "max"],
        texts: 1,
        rows: rows.collect(),
    }
}

fn answers(report: &LoadReport) -> Table {
    let share = |count: &u64| percent(*count, report.webhooks.sent);
    let cells = |what: String, count: &u64| vec![what, count.to_string(), share(count)];
    let statuses = report.statuses.iter().map(|(status, count)| {
        let verdict = if (200..300).contains(status) { "" } else { "failed" };
        row(verdict, cells(status::in_words(*status), count))
    });
    let errors = report
        .errors
        .iter()
        .map(|(name, count)| row("failed", cells(format!("no answer: {}", one_line(name)), count)));
    Table {
        title: "Answers to first attempts",
        note: String::new(),
        head: &["Status or error", "Count", "Share"],
        texts: 1,
        rows: statuses.chain(errors).collect(),
    }
}

fn faults(report: &LoadReport) -> Table {
    let rows = report.faults.iter().map(|one| {
        let mut cells = vec![one_line(&one.text)];
        cells.extend(one.counts.named().map(|(_, count)| count.to_string()));
        row("", cells)
    });
    Table {
        title: "Faults, on purpose",
        note: String::new(),
        head: &[
            "Fault",
            "Struck",
            "Sent",
            "Accepted",
            "Refused",
            "Failed",
            "Stopped",
            "Recovered",
            "Given up",
        ],
        texts: 1,
        rows: rows.collect(),
    }
}

fn compared(found: &Effects) -> Table {
    let bad = |count: u64| if count > 0 { "failed" } else { "" };
    let rows = [
        ("compared", found.compared, ""),
        ("right", found.right, ""),
        ("lost", found.lost, bad(found.lost)),
        ("wrong", found.wrong, bad(found.wrong)),
        ("unreadable", found.unreadable, bad(found.unreadable)),
    ];
    let rows = rows
        .into_iter()
        .map(|(what, count, verdict)| row(verdict, vec![what.to_owned(), count.to_string()]));
    let twice = if found.twice > Some(0) { "failed" } else { "" };
    let known = found.twice.map_or_else(|| "not known".to_owned(), |count| count.to_string());
    let twice = row(twice, vec![effects::twice(found), known]);
    Table {
        title: "Effects, in a sample of subjects",
        note: format!("The receiver had drained {:.2} s after the load.", found.drained_s),
        head: &["Subjects", "Count"],
        texts: 1,
        rows: rows.chain([twice]).collect(),
    }
}

fn followed(found: &FollowedEffects) -> Table {
    let Percentiles { count, p50, p95, p99, max, .. } = found.latency;
    let known = |what: &str, value: String| row("", vec![what.to_owned(), value]);
    let mut rows = vec![
        known("subjects that were followed", found.subjects.to_string()),
        known("effects that were timed", count.to_string()),
        known("answer → effect, p50 ms", time(p50)),
        known("answer → effect, p95 ms", time(p95)),
        known("answer → effect, p99 ms", time(p99)),
        known("answer → effect, longest ms", time(max)),
        known("subjects behind, at the most", found.most_behind.to_string()),
    ];
    let bad = [
        ("subjects behind, in the end", found.behind, "failed"),
        ("webhooks whose effect was never shown", found.unseen, "failed"),
        ("webhooks whose effect no probe could time", found.unmeasured, ""),
        ("subjects followed no longer: too many were told at once", found.dropped, "skipped"),
    ];
    let some = bad.into_iter().filter(|(_, count, _)| *count > 0);
    rows.extend(
        some.map(|(what, count, verdict)| row(verdict, vec![what.to_owned(), count.to_string()])),
    );
    rows.extend(found.errors.iter().map(|(why, count)| {
        row("failed", vec![format!("probes failed: {}", one_line(why)), count.to_string()])
    }));
    let precise = found.unsure_ms.map_or_else(String::new, |time| {
        format!(" 95 % of the times are too long by at most {} ms.", values::milliseconds(time))
    });
    Table {
        title: "Effects, while the load ran",
        note: format!(
            "{} probes, at most {:.0} a second.{precise}",
            found.probes, found.probe_rate
        ),
        head: &["What", "Value"],
        texts: 1,
        rows,
    }
}

/// Second by second.
pub(super) fn seconds(report: &LoadReport) -> Table {
    let rows = report.seconds.iter().take(MOST_SECONDS).map(|one| {
        let counts = [one.at_s, one.due, one.sent, one.accepted, one.not_accepted, one.backlog];
        let mut cells: Vec<String> = counts.map(|count| count.to_string()).into();
        let longest = Some(one.longest_ms).filter(|time| *time > 0.0);
        cells.extend([one.corrected.p50, one.corrected.p99, longest].map(time));
        row("", cells)
    });
    let length = report.seconds.first().map_or(1, |one| one.length_s);
    let each = if length > 1 { format!("Each row is {length} s. ") } else { String::new() };
    let rest = match report.seconds.len().saturating_sub(MOST_SECONDS) {
        0 => String::new(),
        rest => format!("{rest} more are in a JSON report (--json). "),
    };
    Table {
        title: "Second by second",
        note: format!("{each}{rest}Latencies in milliseconds, due → answer."),
        head: &[
            "From s",
            "Due",
            "Sent",
            "Accepted",
            "Not accepted",
            "Waited",
            "p50",
            "p99",
            "longest",
        ],
        texts: 0,
        rows: rows.collect(),
    }
}
