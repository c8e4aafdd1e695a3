//! The results of a load as text for people.

use super::effects;
use super::histogram::{self, Bins};
use super::values;
use crate::model::load::{
    BaselineResult, FaultResult, LoadReport, Percentiles, Shards, TriggerCounts,
};
use crate::report::status;
use crate::report::text::{BOLD, Colour, DIM, GREEN, RED, YELLOW, one_line, percent};
use crate::text::counted;

/// The widest column of names. Longer names push their row aside.
const WIDEST: usize = 100;

/// The whole summary, with a line break at the end.
pub fn render(report: &LoadReport, colour: Colour) -> String {
    let mut blocks = vec![
        head(report, colour),
        webhooks(report, colour),
        latency(report, colour),
        distribution(report, colour),
        triggers(&report.triggers, colour),
        answers(report, colour),
        faults(&report.faults, colour),
    ];
    blocks.push(report.effects.as_ref().map_or_else(
        || {
            colour
                .paint(DIM, "Effects    not compared: there is no probe, or no subject whose webhooks were all accepted")
        },
        |found| effects::compared(found, colour),
    ));
    blocks.extend(report.followed.as_ref().map(|found| effects::followed(found, colour)));
    blocks.extend(report.baseline.as_ref().map(|compared| baseline(compared, colour)));
    blocks.push(thresholds(report, colour));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

fn head(report: &LoadReport, colour: Colour) -> String {
    let target = colour.paint(BOLD, &one_line(&report.target));
    let LoadReport { pace, seed, connections, threads, engine, engine_reason, .. } = report;
    let (vendors, pace) = (one_line(&report.vendors.join(", ")), one_line(pace));
    let shards = report.shards.as_ref().map_or_else(String::new, |found| shards(found, colour));
    let engine = one_line(engine);
    let threads = if *threads == 1 { String::new() } else { format!(", {threads} threads") };
    let why = colour.paint(DIM, &format!("({})", one_line(engine_reason)));
    let settings = report.settings.iter().map(|one| colour.paint(DIM, &one_line(one)) + "\n");
    let settings: String = settings.collect();
    format!(
        "Load on {target}: {vendors}, {pace}, seed {seed}{shards}\n{settings}{connections} connections{threads}, {engine} {why}"
    )
}

/// Which shards the results are of, if that is worth a word.
fn shards(found: &Shards, colour: Colour) -> String {
    let text = values::shards(found);
    let whole = found.joined.len() == found.of || found.joined.len() == 1;
    format!(", {}", if whole { text } else { colour.paint(RED, &text) })
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
    let share = |count: u64| format!("{count} ({})", percent(count, counts.sent));
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
    if let Some(text) = values::held_back(report) {
        lines.push(format!("           {}", colour.paint(YELLOW, &text)));
    }
    if report.token_requests > 0 {
        let failed = match report.token_failures {
            0 => String::new(),
            failures => format!(", {}", colour.paint(RED, &format!("{failures} failed"))),
        };
        lines.push(format!("Tokens     {}{failed}", counted(report.token_requests, "request")));
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

/// The most lines of the histogram, and the longest bar.
const MOST_BINS: usize = 8;
const LONGEST_BAR: usize = 40;

/// How often each latency is found, from due to answer.
fn distribution(report: &LoadReport, colour: Colour) -> String {
    let Some(histogram) = histogram::read(&report.corrected.hdr) else { return String::new() };
    let bins = Bins::over(&[&histogram], MOST_BINS);
    let counts = bins.counts(&histogram);
    let most = counts.iter().max().copied().unwrap_or(1).max(1);
    let edges = bins.edges();
    let width = counts.iter().map(|count| count.to_string().len()).max().unwrap_or_default();
    let lines = counts.iter().zip(edges.windows(2)).map(|(count, edges)| {
        // What is there is seen.
        let eighths = (count * LONGEST_BAR as u64 * 8).div_ceil(most);
        let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][(eighths % 8) as usize];
        let bar = "█".repeat((eighths / 8) as usize) + part;
        let to = values::milliseconds(edges[1]);
        format!("  to {to:>6} ms  {count:>width$}  {}", colour.paint(GREEN, &bar))
            .trim_end()
            .to_owned()
    });
    let head = colour.paint(DIM, "How many took how long, due→answer");
    [head].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

/// The triggers of each vendor, in columns that are as wide as what is in them.
fn triggers(triggers: &[TriggerCounts], colour: Colour) -> String {
    if triggers.is_empty() {
        return String::new();
    }
    let names = ["sent", "refused", "failed", "p50", "p95", "p99", "max"];
    let cells: Vec<[String; 7]> = triggers.iter().map(cells).collect();
    let widths: [usize; 7] = std::array::from_fn(|column| {
        let longest = cells.iter().map(|row| row[column].len()).max().unwrap_or_default();
        longest.max(names[column].len()) + 2
    });
    let right = |column: usize, text: &str| format!("{text:>width$}", width = widths[column]);
    let title = "Trigger, latency in ms";
    let longest = triggers.iter().map(|one| one_line(&one.trigger).chars().count() + 2).max();
    let width = longest.unwrap_or_default().max(title.len()).min(WIDEST);
    let heads: String = (0..names.len()).map(|column| right(column, names[column])).collect();
    let mut lines = vec![colour.paint(DIM, &format!("{title:<width$}{heads}"))];
    let mut vendor = None;
    for (one, row) in triggers.iter().zip(&cells) {
        if vendor.replace(&one.vendor) != Some(&one.vendor) {
            lines.push(one_line(&one.vendor));
        }
        let row = (0..names.len()).map(|column| {
            let text = right(column, &row[column]);
            let is_bad = ["refused", "failed"].contains(&names[column]) && row[column] != "0";
            if is_bad { colour.paint(RED, &text) } else { text }
        });
        let name = format!("  {}", one_line(&one.trigger));
        lines.push(format!("{name:<width$}{}", row.collect::<String>()));
    }
    lines.join("\n")
}

fn cells(one: &TriggerCounts) -> [String; 7] {
    let Percentiles { p50, p95, p99, max, .. } = one.corrected;
    let [p50, p95, p99, max] = [p50, p95, p99, max].map(shown);
    let [sent, refused, failed] =
        [one.sent, one.refused, one.failed].map(|count| count.to_string());
    [sent, refused, failed, p50, p95, p99, max]
}

/// What first attempts were answered.
fn answers(report: &LoadReport, colour: Colour) -> String {
    let mut rows: Vec<(String, u64, bool)> = Vec::new();
    rows.extend(
        report.statuses.iter().map(|(status, count)| {
            (status::in_words(*status), *count, (200..300).contains(status))
        }),
    );
    let errors = report.errors.iter();
    rows.extend(
        errors.map(|(name, count)| (format!("no answer: {}", one_line(name)), *count, false)),
    );
    let width =
        rows.iter().map(|(what, ..)| what.chars().count()).max().unwrap_or_default().min(WIDEST);
    let mut lines: Vec<String> = rows
        .iter()
        .map(|(what, count, good)| {
            let share = percent(*count, report.webhooks.sent);
            let line = format!("{what:<width$}{count:>10}  {share:>9}");
            if *good { line } else { colour.paint(RED, &line) }
        })
        .collect();
    if report.failed_connects > 0 {
        let text = format!("{} connections could not be made", report.failed_connects);
        lines.push(colour.paint(RED, &text));
    }
    if lines.is_empty() {
        return String::new();
    }
    lines.insert(0, colour.paint(DIM, "Answers to first attempts"));
    lines.join("\n")
}

fn faults(faults: &[FaultResult], colour: Colour) -> String {
    if faults.is_empty() {
        return String::new();
    }
    let mut lines = vec![colour.paint(DIM, "Faults")];
    for one in faults {
        lines.push(format!("  {}", one_line(&one.text)));
        let counts = one.counts.named().map(|(name, count)| format!("{count} {name}"));
        lines.push(colour.paint(DIM, &format!("           {}", counts.join(", "))));
    }
    lines.join("\n")
}

fn baseline(compared: &BaselineResult, colour: Colour) -> String {
    let [file, rule] = values::about(compared);
    let mut lines = vec![format!("Compared with {file}"), colour.paint(DIM, &rule)];
    let columns = ["before", "now", "change", "by chance"];
    let names: String = columns.iter().map(|name| format!("{name:>13}")).collect();
    lines.push(colour.paint(DIM, &format!("  {:<10}{names}", "Value")));
    lines.extend(compared.rows.iter().map(|row| {
        let cells = [
            values::of(row.old, row.unit),
            values::of(row.new, row.unit),
            values::change(row),
            values::chance(row.chance),
        ];
        let cells = cells.map(|cell| format!("{cell:>13}")).concat();
        let mark = if row.worse { broken(colour) } else { held(colour) };
        format!("{mark} {:<10}{cells}", row.name)
    }));
    lines.join("\n")
}

fn held(colour: Colour) -> String {
    colour.paint(GREEN, "✓")
}

fn broken(colour: Colour) -> String {
    colour.paint(RED, "✗")
}

fn thresholds(report: &LoadReport, colour: Colour) -> String {
    let aborted = report
        .aborted
        .iter()
        .map(|one| format!("{} {}", broken(colour), colour.paint(RED, &values::aborted(one))));
    let lines = report.thresholds.iter().map(|one| {
        let mark = if one.passed { held(colour) } else { broken(colour) };
        format!("{mark} fails if {}  {}", one_line(&one.text), colour.paint(DIM, &one.value))
    });
    aborted.chain(lines).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::load::sample;

    #[test]
    fn the_summary_has_everything_and_the_verdict_comes_last() {
        insta::assert_snapshot!(render(&sample::report(), Colour::Off), @r#"
        Load on http://127.0.0.1:8080: ombori, waitwhile, 1000/s for 6s, seed 42
        waitwhile: time_zone Europe/Berlin
        64 connections, epoll (io_uring_setup: Operation not permitted)

        Webhooks   6000 sent in 6.0 s, 1002 a second; the last answer after 6.0 s
                   5990 (99.83 %) accepted
                   9 (0.15 %) refused
                   1 (0.02 %) failed
                   9 (0.15 %) never accepted
                   1 (0.02 %) accepted by a further attempt
                   12 never sent: too many were waiting (`--backlog`)
                   3 unfinished when the run ended (`--drain`)
                   1 further attempts

        Latency ms        p50       p90       p95       p99     p99.9       max
        due→answer       5.28     17.04     21.55     30.30     33.85     34.17
        sent→answer      2.64      8.52     10.78     15.15     16.93     17.09
        due→sent         0.06      0.10      0.10      0.11      0.11      0.11

        How many took how long, due→answer
          to   0.70 ms   350  ████████████
          to   1.22 ms   713  ████████████████████████▍
          to   2.12 ms   638  █████████████████████▊
          to   3.70 ms   738  █████████████████████████▏
          to   6.45 ms   917  ███████████████████████████████▎
          to   11.2 ms  1176  ████████████████████████████████████████
          to   19.6 ms  1059  ████████████████████████████████████▏
          to   34.2 ms   409  ██████████████

        Trigger, latency in ms     sent  refused  failed   p50    p95    p99    max
        ombori
          positionCreated          2000        9       0  5.28  21.55  30.30  34.17
        waitwhile
          location-status.updated  4000        0       1  5.28  21.55  30.30  34.17

        Answers to first attempts
        200 OK                       5990    99.83 %
        409 Conflict                    9     0.15 %
        503 Service Unavailable         1     0.02 %
        no answer: timed-out            1     0.02 %

        Effects    100 subjects compared: 98 right, 1 lost, 1 wrong, 0 unreadable; drained after 0.41 s
                   applied twice: 1 of 7 subjects, not known of 2 more
                   ombori position 7d0a: the receiver: </script><img src=x onerror=alert(1)> " ]]>&amp; \u{1b}[31m\u{0}

        Followed   40 subjects, 90 effects: answer→effect ms p50 224, p95 753, p99 822, max 822
                   240 probes, at most 50 a second; 95 % of them too long by at most 24.5 ms
                   behind with 9 subjects at the most, of 1 in the end
                   2 webhooks whose effect was never shown
                   12 webhooks whose effect no probe could time
                   3 probes failed: the probe answered </script><img src=x onerror=alert(1)> " ]]>&amp; \u{1b}[31m\u{0}

        Compared with old.json, begun 2026-11-04T09:30:00Z, Standin 0.1.0
        Worse is more than 10 %, and a chance below 1 % that equal runs differ like that (5 seconds before, 5 now)
          Value            before          now       change    by chance
        ✓ p50             4.00 ms      4.20 ms       +5.0 %       30.0 %
        ✗ p99            20.00 ms     29.00 ms      +45.0 %      < 0.1 %
        ✗ refused          0.00 %       0.15 %    from zero        0.2 %
        ✗ drained          0.40 s    not known            –            –

        ✓ fails if p99 > 200ms  29.00 ms
        ✗ fails if refused > 0.1%  9
        "#);
    }

    #[test]
    fn a_run_without_answers_has_a_summary_too() {
        let mut report = sample::report();
        (report.corrected, report.raw, report.lag) = Default::default();
        report.triggers.clear();
        report.statuses.clear();
        let text = render(&report, Colour::Off);
        assert!(!text.contains("How many took how long"), "{text}");
        assert!(text.contains("due→answer          -         -"), "{text}");
    }
}
