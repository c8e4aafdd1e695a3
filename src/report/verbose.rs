//! How much the terminal shows, and every request of a scenario as text, for `check -v` and `-vv`.

use super::text::{Colour, DIM, cut, milliseconds, one_line};
use super::{course, probed};
use crate::model::probed::ProbeExchange;
use crate::model::result::{Exchange, ScenarioResult};

/// How much is shown of features that passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Only failures and the totals.
    Quiet,
    /// A feature without a failure is one line.
    Brief,
    /// Every scenario is a line.
    Full,
    /// And every request.
    Requests,
    /// And its headers and bodies, and what the probes read.
    Wire,
}

/// The most characters of a body that are shown.
const BODY_CHARACTERS: usize = 2_000;

/// The requests of a scenario, each line with a line break before it. Empty unless the detail asks for
/// them.
pub(super) fn render(scenario: &ScenarioResult, detail: Detail, colour: Colour) -> String {
    if matches!(detail, Detail::Quiet | Detail::Brief | Detail::Full) {
        return String::new();
    }
    let mut text = String::new();
    let requests = scenario.exchanges.iter().zip(course::aligned(&scenario.exchanges, colour));
    for (place, (exchange, line)) in requests.enumerate() {
        text += &probes(scenario, |before| before == place, detail, colour);
        let took = colour.paint(DIM, &milliseconds(exchange.milliseconds));
        text += &format!("\n      {line}  {took}");
        if detail == Detail::Wire {
            text += &wire(exchange, colour);
        }
    }
    text + &probes(scenario, |before| before >= scenario.exchanges.len(), detail, colour)
}

/// What the probes read after so many requests.
fn probes(
    scenario: &ScenarioResult,
    is_here: impl Fn(usize) -> bool,
    detail: Detail,
    colour: Colour,
) -> String {
    if detail != Detail::Wire {
        return String::new();
    }
    let here = scenario.probes.iter().filter(|(before, _)| is_here(*before));
    here.map(|(_, exchange)| probe(exchange, colour)).collect()
}

/// What a probe read, each line with a line break before it.
fn probe(exchange: &ProbeExchange, colour: Colour) -> String {
    let ProbeExchange { probe, method, url, headers, .. } = exchange;
    let what = format!("probe {probe}  →  {}", probed::meaning(exchange));
    let mut lines = vec![format!("{method} {url}")];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.extend(text("← ", &exchange.answer));
    format!("\n      {}{}", one_line(&what), dim(lines, colour))
}

/// Headers and bodies, each line with a line break before it.
fn wire(exchange: &Exchange, colour: Colour) -> String {
    let mut lines =
        vec![format!("{} {}", exchange.method.as_deref().unwrap_or("POST"), exchange.url)];
    lines.extend(exchange.signed_url.iter().map(|url| format!("(signed for {url})")));
    lines.extend(exchange.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.extend(text("", &exchange.body));
    lines.extend(text("← ", &exchange.answer));
    dim(lines, colour)
}

/// The start of a text, if there is any.
fn text(mark: &str, text: &str) -> Option<String> {
    let (start, all) = cut(text, BODY_CHARACTERS);
    let rest = all.map(|all| format!("… ({all} characters)")).unwrap_or_default();
    (!text.is_empty()).then(|| format!("{mark}{start}{rest}"))
}

/// These lines below a request.
fn dim(lines: Vec<String>, colour: Colour) -> String {
    let shown = |line: String| format!("\n        {}", colour.paint(DIM, &one_line(&line)));
    lines.into_iter().map(shown).collect()
}
