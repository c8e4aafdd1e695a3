//! What the receiver believed of subjects, as text for people.

use super::values;
use crate::model::followed::FollowedEffects;
use crate::model::load::{Effects, Percentiles};
use crate::report::text::{Colour, DIM, RED, YELLOW, one_line};
use crate::text::counted;

/// The sample that was compared in the end.
pub(super) fn compared(found: &Effects, colour: Colour) -> String {
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
    let twice = format!("           {}", twice(found));
    lines.push(if found.twice > Some(0) { colour.paint(RED, &twice) } else { twice });
    let examples = found.examples.iter();
    lines.extend(
        examples.map(|example| colour.paint(DIM, &format!("           {}", one_line(example)))),
    );
    lines.join("\n")
}

/// What is known of webhooks that were sent more than once.
pub(super) fn twice(found: &Effects) -> String {
    let Effects { twice, twice_judged: judged, twice_unknown: unknown, .. } = found;
    match (twice, unknown) {
        (None, 0) => {
            "applied twice: not known, as no webhook with a count of effects was sent again"
                .to_owned()
        }
        (None, unknown) => format!(
            "applied twice: not known of any of {unknown} subjects with a webhook that was sent again"
        ),
        (Some(twice), 0) => format!("applied twice: {twice} of {judged} subjects"),
        (Some(twice), unknown) => {
            format!("applied twice: {twice} of {judged} subjects, not known of {unknown} more")
        }
    }
}

/// What was seen while the load ran.
pub(super) fn followed(found: &FollowedEffects, colour: Colour) -> String {
    let Percentiles { count, p50, p95, p99, max, .. } = found.latency;
    let at = |time: Option<f64>| time.map_or_else(|| "–".to_owned(), values::milliseconds);
    let mut lines = vec![format!(
        "Followed   {} subjects, {count} effects: answer→effect ms p50 {}, p95 {}, p99 {}, max {}",
        found.subjects,
        at(p50),
        at(p95),
        at(p99),
        at(max)
    )];
    let precise = found.unsure_ms.map_or_else(String::new, |time| {
        format!("; 95 % of them too long by at most {} ms", values::milliseconds(time))
    });
    let asked =
        format!("{} probes, at most {:.0} a second{precise}", found.probes, found.probe_rate);
    lines.push(colour.paint(DIM, &format!("           {asked}")));
    let behind = format!(
        "           behind with {} subjects at the most, of {} in the end",
        found.most_behind, found.behind
    );
    lines.push(if found.behind > 0 { colour.paint(RED, &behind) } else { behind });
    let rest = [
        (found.unseen, "webhook", "whose effect was never shown", RED),
        (found.unmeasured, "webhook", "whose effect no probe could time", DIM),
        (found.dropped, "subject", "followed no longer: too many were told at once", YELLOW),
    ];
    for (count, thing, what, style) in rest.into_iter().filter(|(count, ..)| *count > 0) {
        lines.push(format!(
            "           {}",
            colour.paint(style, &format!("{} {what}", counted(count, thing)))
        ));
    }
    for (why, count) in &found.errors {
        let text = format!("{count} probes failed: {}", one_line(why));
        lines.push(format!("           {}", colour.paint(RED, &text)));
    }
    lines.join("\n")
}
