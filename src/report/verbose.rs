//! How much the terminal shows, and every request of a scenario as text, for `check -v` and `-vv`.

use super::course;
use super::text::{Colour, DIM, cut, milliseconds, one_line};
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
    /// And its headers and bodies.
    Wire,
}

/// The most characters of a body that are shown.
const BODY_CHARACTERS: usize = 2_000;

/// The requests of a scenario, each line with a line break before it. Empty unless the detail asks for
/// them.
pub(super) fn render(scenario: &ScenarioResult, detail: Detail, colour: Colour) -> String {
    let one = |exchange: &Exchange| match detail {
        Detail::Requests => format!("\n      {}", line(exchange, colour)),
        Detail::Wire => format!("\n      {}{}", line(exchange, colour), wire(exchange, colour)),
        Detail::Quiet | Detail::Brief | Detail::Full => String::new(),
    };
    scenario.exchanges.iter().map(one).collect()
}

/// A request in one line, with its latency.
fn line(exchange: &Exchange, colour: Colour) -> String {
    let took = milliseconds(exchange.milliseconds);
    format!("{}  {}", course::line(exchange, colour), colour.paint(DIM, &took))
}

/// Headers and bodies, each line with a line break before it.
fn wire(exchange: &Exchange, colour: Colour) -> String {
    let mut lines = vec![format!("POST {}", exchange.url)];
    lines.extend(exchange.signed_url.iter().map(|url| format!("(signed for {url})")));
    lines.extend(exchange.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    let texts = [("", &exchange.body), ("← ", &exchange.answer)];
    lines.extend(texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(mark, text)| {
        let (start, all) = cut(text, BODY_CHARACTERS);
        let rest = all.map(|all| format!("… ({all} characters)")).unwrap_or_default();
        format!("{mark}{start}{rest}")
    }));
    let shown = |line: String| format!("\n        {}", colour.paint(DIM, &one_line(&line)));
    lines.into_iter().map(shown).collect()
}
