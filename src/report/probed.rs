//! The last request of a probe in a failure, as text: what was asked, what came back, and why that shows
//! nothing.

use super::status;
use super::text::{Colour, DIM, cut, one_line};
use crate::model::probed::ProbeExchange;

/// The most characters of an answer that are shown.
const ANSWER_CHARACTERS: usize = 600;

/// The request and its answer, without a line break at the end.
pub(super) fn render(exchange: &ProbeExchange, colour: Colour) -> String {
    let ProbeExchange { probe, method, url, headers, .. } = exchange;
    let headers = headers.iter().map(|(name, value)| format!(" -H '{name}: {value}'"));
    let headers = one_line(&headers.collect::<String>());
    let name = colour.paint(DIM, &one_line(&format!("({probe})")));
    let mut lines = format!("  probe:   {method} {}{headers}  {name}", one_line(url));
    lines += &format!("\n  showed:  {}", one_line(&meaning(exchange)));
    if !exchange.answer.is_empty() {
        let (start, all) = cut(&exchange.answer, ANSWER_CHARACTERS);
        let rest = all.map(|all| format!("… ({all} characters)")).unwrap_or_default();
        lines += &format!("\n    {}{rest}", one_line(start));
    }
    for note in notes(exchange) {
        lines += &format!("\n    {}", one_line(&note));
    }
    lines
}

/// Status and meaning of the answer.
pub(super) fn meaning(exchange: &ProbeExchange) -> String {
    let leads = exchange.location.as_ref().map(|place| format!(", leads to {place}"));
    let leads = leads.unwrap_or_default();
    match exchange.status {
        Some(status @ 200..=299) if exchange.is_known => status::in_words(status),
        Some(status) => format!("{}{leads}: {}", status::in_words(status), exchange.reading),
        None => exchange.reading.clone(),
    }
}

/// Why the answer shows nothing of some fields.
pub(super) fn notes(exchange: &ProbeExchange) -> Vec<String> {
    let unmatched = exchange.unmatched.iter();
    let nothing =
        unmatched.map(|(field, place)| format!("no `{field}`: `{place}` matches nothing in it"));
    nothing.chain(exchange.advice.clone()).collect()
}
