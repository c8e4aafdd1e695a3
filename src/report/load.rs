//! The results of a load as text for people.

use super::text::{BOLD, Colour, DIM, GREEN, RED, YELLOW, one_line};
use crate::model::load::{Effects, FaultResult, LoadReport, Percentiles, TriggerCounts};

/// The whole summary, with a line break at the end.
pub fn render(report: &LoadReport, colour: Colour) -> String {
    let mut blocks = vec![
        head(report, colour),
        webhooks(report, colour),
        latency(report, colour),
        triggers(&report.triggers, colour),
        answers(report, colour),
        faults(&report.faults, colour),
    ];
    blocks.push(report.effects.as_ref().map_or_else(
        || {
            colour
                .paint(DIM, "Effects    not compared: there is no probe, or no subject whose webhooks were all accepted")
        },
        |found| effects(found, colour),
    ));
    blocks.push(thresholds(report, colour));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

fn head(report: &LoadReport, colour: Colour) -> String {
    let target = colour.paint(BOLD, &one_line(&report.target));
    let LoadReport { pace, seed, connections, threads, engine, engine_reason, .. } = report;
    let vendors = report.vendors.join(", ");
    let threads = if *threads == 1 { String::new() } else { format!(", {threads} threads") };
    let why = colour.paint(DIM, &format!("({})", one_line(engine_reason)));
    format!(
        "Load on {target}: {vendors}, {pace}, seed {seed}\n{connections} connections{threads}, {engine} {why}"
    )
}

fn webhooks(report: &LoadReport, colour: Colour) -> String {
    let counts = &report.webhooks;
    let mut lines = vec![format!(
        "Webhooks   {} sent in {:.1} s, {} a second; the last answer after {:.1} s",
        counts.sent,
        report.sent_s,
        colour.paint(BOLD, &format!("{:.0}", report.rate)),
        report.took_s,
    )];
    let share = |count: u64| {
        let percent = 100.0 * count as f64 / (counts.sent.max(1)) as f64;
        format!("{count} ({percent:.2} %)")
    };
    lines.push(format!("           {} accepted", share(counts.accepted)));
    let worse = [
        (counts.refused, share(counts.refused), "refused", RED),
        (counts.failed, share(counts.failed), "failed", RED),
        (counts.faulted, share(counts.faulted), "spoilt by a fault: see Faults", YELLOW),
        (counts.given_up, share(counts.given_up), "never accepted", RED),
        (counts.recovered, share(counts.recovered), "accepted by a further attempt", YELLOW),
        (
            counts.shed,
            counts.shed.to_string(),
            "never sent: too many were waiting (`--backlog`)",
            RED,
        ),
        (
            counts.unfinished,
            counts.unfinished.to_string(),
            "unfinished when the run ended (`--drain`)",
            YELLOW,
        ),
    ];
    for (_, shown, what, style) in worse.into_iter().filter(|(count, ..)| *count > 0) {
        lines.push(format!("           {}", colour.paint(style, &format!("{shown} {what}"))));
    }
    if report.retries > 0 {
        lines.push(format!("           {} further attempts", report.retries));
    }
    if report.token_requests > 0 {
        let failed = match report.token_failures {
            0 => String::new(),
            failures => format!(", {}", colour.paint(RED, &format!("{failures} failed"))),
        };
        lines.push(format!("Tokens     {} requests{failed}", report.token_requests));
    }
    lines.join("\n")
}

fn latency(report: &LoadReport, colour: Colour) -> String {
    let columns = ["p50", "p90", "p95", "p99", "p99.9", "max"];
    let names: String = columns.iter().map(|name| format!("{name:>10}")).collect();
    let mut lines = vec![format!("Latency ms {}", colour.paint(DIM, &names))];
    let rows = [
        ("due→answer", &report.corrected),
        ("sent→answer", &report.raw),
        ("due→sent", &report.lag),
    ];
    for (name, times) in rows {
        lines.push(format!("{name:<11}{}", row(times)));
    }
    lines.join("\n")
}

fn row(times: &Percentiles) -> String {
    let values = [times.p50, times.p90, times.p95, times.p99, times.p999, times.max];
    values.iter().map(|value| format!("{:>10}", shown(*value))).collect()
}

fn shown(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"))
}

fn triggers(triggers: &[TriggerCounts], colour: Colour) -> String {
    if triggers.is_empty() {
        return String::new();
    }
    let named = |one: &TriggerCounts| format!("{} {}", one.vendor, one.trigger);
    let width = triggers.iter().map(|one| named(one).len()).max().unwrap_or_default();
    let names = format!(
        "{:<width$}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "Trigger", "sent", "accepted", "refused", "failed", "p50 ms", "p99 ms"
    );
    let mut lines = vec![colour.paint(DIM, &names)];
    for one in triggers {
        lines.push(format!(
            "{:<width$}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
            named(one),
            one.sent,
            one.accepted,
            one.refused,
            one.failed,
            shown(one.corrected.p50),
            shown(one.corrected.p99),
        ));
    }
    lines.join("\n")
}

fn answers(report: &LoadReport, colour: Colour) -> String {
    let mut parts: Vec<String> =
        report.statuses.iter().map(|(status, count)| format!("{status} ×{count}")).collect();
    let errors = report.errors.iter();
    parts.extend(errors.map(|(name, count)| colour.paint(RED, &format!("{name} ×{count}"))));
    if report.failed_connects > 0 {
        let text = format!("connections refused or not made ×{}", report.failed_connects);
        parts.push(colour.paint(RED, &text));
    }
    if parts.is_empty() { String::new() } else { format!("Answers    {}", parts.join(", ")) }
}

fn faults(faults: &[FaultResult], colour: Colour) -> String {
    if faults.is_empty() {
        return String::new();
    }
    let texts: Vec<String> = faults.iter().map(|one| one_line(&one.text)).collect();
    let width = texts.iter().map(|text| text.chars().count()).max().unwrap_or_default();
    let columns =
        ["struck", "sent", "accepted", "refused", "failed", "stopped", "recovered", "given up"];
    let names: String = columns.iter().map(|name| format!("{name:>10}")).collect();
    let mut lines = vec![colour.paint(DIM, &format!("{:<width$}{names}", "Faults"))];
    for (one, text) in faults.iter().zip(texts) {
        let counts = [
            one.struck,
            one.sent,
            one.accepted,
            one.refused,
            one.failed,
            one.unsent,
            one.recovered,
            one.given_up,
        ];
        let counts: String = counts.iter().map(|count| format!("{count:>10}")).collect();
        lines.push(format!("{text:<width$}{counts}"));
    }
    lines.join("\n")
}

fn effects(found: &Effects, colour: Colour) -> String {
    let bad = |count: u64, what: &str| match count {
        0 => format!("0 {what}"),
        _ => colour.paint(RED, &format!("{count} {what}")),
    };
    let mut lines = vec![format!(
        "Effects    {} subjects compared: {} right, {}, {}, {} unreadable; drained after {:.2} s",
        found.compared,
        found.right,
        bad(found.lost, "lost"),
        bad(found.wrong, "wrong"),
        found.unreadable,
        found.drained_s,
    )];
    let examples = found.examples.iter();
    lines.extend(
        examples.map(|example| colour.paint(DIM, &format!("           {}", one_line(example)))),
    );
    lines.join("\n")
}

fn thresholds(report: &LoadReport, colour: Colour) -> String {
    let lines = report.thresholds.iter().map(|one| {
        let mark = match one.passed {
            true => colour.paint(GREEN, "✓"),
            false => colour.paint(RED, "✗"),
        };
        format!("{mark} fails if {}  {}", one_line(&one.text), colour.paint(DIM, &one.value))
    });
    lines.collect::<Vec<_>>().join("\n")
}
