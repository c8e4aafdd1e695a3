//! Reads the rules of a feature: a Gherkin `Rule:` with the tags `@rule:ID` and `@must` or `@should`.
//! Its description says why it matters, and how it is known. A `Rule:` without such tags only groups
//! its scenarios.

use std::collections::BTreeMap;

use cucumber::gherkin;

use super::source::{Place, Source};
use crate::model::Problem;
use crate::model::rule::{Evidence, EvidenceKind, Level, RULE_TAG, Rule};
use crate::scenario::rehearse::Mistake;

/// The label before the reason.
const WHY: &str = "Why";
/// The label before the document that an evidence is from.
const SOURCE: &str = "Source";

/// What the help of every mistake shows.
const FORM: &str = "a rule has tags like `@rule:one-effect @must`, a text behind `Rule:`, and below it `Why:` and evidence such as `Assumed:`, or `Documented:` with its `Source:`";

/// The rules of a feature, in their order.
///
/// # Errors
/// All rules that are malformed, and all rule tags that are not on a rule.
pub fn read(source: &Source, feature: &gherkin::Feature) -> Result<Vec<Rule>, Vec<Problem>> {
    let (mut rules, mut problems) = (Vec::<Rule>::new(), Vec::new());
    let inside = feature.rules.iter().flat_map(|rule| &rule.scenarios);
    let scenarios = feature.scenarios.iter().chain(inside);
    let others = scenarios.map(|one| (one.position.line, &one.tags));
    for (line, tags) in others.chain([(feature.position.line, &feature.tags)]) {
        problems.extend(stray(source, line, tags));
    }
    for written in &feature.rules {
        match one(source, written) {
            Ok(None) => {}
            Ok(Some(rule)) if rules.iter().any(|other| other.id == rule.id) => {
                let title = format!("the rule `{}` is in this file twice", rule.id);
                problems.push(at_tag(source, rule.line, RULE_TAG, wrong(&title)));
            }
            Ok(Some(rule)) => rules.push(rule),
            Err(problem) => problems.push(*problem),
        }
    }
    if problems.is_empty() { Ok(rules) } else { Err(problems) }
}

/// A tag of a rule that is on a feature or a scenario.
fn stray(source: &Source, line: usize, tags: &[String]) -> Option<Problem> {
    let is_level = |tag: &String| Level::ALL.iter().any(|level| tag == level.name());
    let tag = tags.iter().find(|tag| tag.starts_with(RULE_TAG) || is_level(tag))?;
    let mistake = wrong(&format!("`@{tag}` is not on a rule")).help(FORM);
    Some(at_tag(source, line, tag, mistake))
}

fn one(source: &Source, written: &gherkin::Rule) -> Result<Option<Rule>, Box<Problem>> {
    let line = title_line(source, written);
    let at_title = |title: &str| Box::new(at_line(source, line, wrong(title).help(FORM)));
    let at_tag =
        |tag: &str, title: &str| Box::new(at_tag(source, line, tag, wrong(title).help(FORM)));
    let ids: Vec<&str> = written.tags.iter().filter_map(|tag| tag.strip_prefix(RULE_TAG)).collect();
    let is_level = |level: &Level| written.tags.iter().any(|tag| tag == level.name());
    let levels: Vec<Level> = Level::ALL.into_iter().filter(is_level).collect();
    let (id, level) = match (&ids[..], &levels[..]) {
        ([], []) => return Ok(None),
        ([], [level, ..]) => return Err(at_tag(level.name(), "this rule has a level and no id")),
        ([id], _) if !is_id(id) => {
            return Err(at_tag(
                RULE_TAG,
                "the id of a rule is of small letters and digits, with single hyphens between them",
            ));
        }
        ([id], [level]) => (*id, *level),
        ([_], []) => return Err(at_tag(RULE_TAG, "this rule has neither `@must` nor `@should`")),
        ([_], _) => return Err(at_tag(RULE_TAG, "this rule has both `@must` and `@should`")),
        (_, _) => return Err(at_tag(RULE_TAG, "this rule has two ids")),
    };
    if written.name.trim().is_empty() {
        return Err(at_title("this rule has no text behind `Rule:`"));
    }
    let description = written.description.as_deref().unwrap_or_default();
    let (why, evidence) = described(description).map_err(|(what, text)| {
        let line = text.and_then(|text| line_of(source, line, &text)).unwrap_or(line);
        Box::new(at_line(source, line, wrong(&what).help(FORM)))
    })?;
    let (id, title) = (id.to_owned(), written.name.clone());
    let explain = source.explain(&id);
    Ok(Some(Rule { id, level, title, why, evidence, line, explain }))
}

/// Whether this is like `no-double-effects`.
fn is_id(id: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.chars().all(|one| matches!(one, 'a'..='z' | '0'..='9'))
    };
    id.split('-').all(is_word)
}

/// What a line of a description begins.
enum Label {
    Why,
    Evidence(EvidenceKind),
    Source,
}

/// The label of a line, and the text behind it.
fn label(line: &str) -> Option<(Label, &str)> {
    let behind = |label: &str| line.strip_prefix(label)?.strip_prefix(':').map(str::trim);
    let evidence = |kind: EvidenceKind| Some((Label::Evidence(kind), behind(kind.label())?));
    behind(WHY)
        .map(|text| (Label::Why, text))
        .or_else(|| behind(SOURCE).map(|text| (Label::Source, text)))
        .or_else(|| EvidenceKind::ALL.into_iter().find_map(evidence))
}

/// What is wrong with a description, and the line where.
type Wrong = (String, Option<String>);

/// The reason and the evidence of a description.
fn described(description: &str) -> Result<(String, Vec<Evidence>), Wrong> {
    let mut why: Option<String> = None;
    let mut evidence = Vec::<Evidence>::new();
    let mut in_source = false;
    for line in description.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let at = |what: &str| (what.to_owned(), Some(line.to_owned()));
        match (label(line), evidence.last_mut()) {
            (Some((Label::Why, _)), _) if why.is_some() => {
                return Err(at("this rule has two reasons"));
            }
            (Some((Label::Why, text)), _) => why = Some(text.to_owned()),
            (Some((Label::Evidence(kind), text)), _) => {
                in_source = false;
                evidence.push(Evidence { kind, text: text.to_owned(), source: None });
            }
            (Some((Label::Source, text)), Some(last)) if last.source.is_none() => {
                in_source = true;
                last.source = Some(text.to_owned());
            }
            (Some((Label::Source, _)), _) => {
                return Err(at("a source stands behind the evidence that is from it"));
            }
            (None, None) => match &mut why {
                None => return Err(at("the description of a rule begins with `Why:`")),
                Some(why) => continued(why, line),
            },
            (None, Some(last)) => match &mut last.source {
                Some(source) if in_source => continued(source, line),
                _ => continued(&mut last.text, line),
            },
        }
    }
    let why = why.filter(|why| !why.is_empty());
    let why = why.ok_or(("this rule has no `Why:`".to_owned(), None))?;
    complete(&evidence)?;
    Ok((why, evidence))
}

fn continued(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(line);
}

/// Whether each evidence says something, and what is documented says where.
fn complete(evidence: &[Evidence]) -> Result<(), Wrong> {
    if evidence.is_empty() {
        let kinds = "`Documented:`, `Inferred:`, `Assumed:` or `Not documented:`";
        return Err((format!("this rule has no evidence: {kinds}"), None));
    }
    for one in evidence {
        let start = || Some(format!("{}:", one.kind.label()));
        if one.text.is_empty() {
            return Err(("this evidence says nothing".to_owned(), start()));
        }
        let is_documented = one.kind == EvidenceKind::Documented;
        if is_documented != one.source.as_ref().is_some_and(|source| !source.is_empty()) {
            let what = "what is documented has a `Source:`, and nothing else has one";
            return Err((what.to_owned(), Some(format!("{}: {}", one.kind.label(), one.text))));
        }
    }
    Ok(())
}

/// The level of each rule so far. A rule that several files have must have the same in all of them.
#[derive(Default)]
pub struct Levels(BTreeMap<String, (Level, String)>);

impl Levels {
    /// The rules of a file that have another level in an earlier one.
    pub fn contradicted(&mut self, source: &Source, rules: &[Rule]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for rule in rules {
            let own = || (rule.level, source.file.clone());
            let (level, file) = self.0.entry(rule.id.clone()).or_insert_with(own);
            if *level != rule.level {
                let (id, level) = (&rule.id, level.name());
                let title = format!("the rule `{id}` has the level `{level}` in {file}");
                problems.push(at_tag(source, rule.line, RULE_TAG, wrong(&title)));
            }
        }
        problems
    }
}

fn wrong(title: &str) -> Mistake {
    Mistake::here(title.to_owned())
}

/// The line of `Rule:`. The parser's position may be that of a comment before it.
fn title_line(source: &Source, written: &gherkin::Rule) -> usize {
    let from = written.position.line;
    line_of(source, from, &written.keyword).unwrap_or(from)
}

/// The first line, from this one on, that begins like this text or is the beginning of it.
fn line_of(source: &Source, from: usize, text: &str) -> Option<usize> {
    let mut lines = source.text.lines().enumerate().skip(from.saturating_sub(1));
    let is_it = |line: &str| !line.is_empty() && (line.starts_with(text) || text.starts_with(line));
    lines.find(|(_, line)| is_it(line.trim())).map(|(index, _)| index + 1)
}

fn at_line(source: &Source, line: usize, mistake: Mistake) -> Problem {
    source.problem(Place { line, column: 1, length: usize::MAX }, mistake)
}

/// A mistake in the tag that begins like this, before a line.
fn at_tag(source: &Source, line: usize, tag: &str, mistake: Mistake) -> Problem {
    let wanted = format!("@{tag}");
    let lines: Vec<&str> = source.text.lines().take(line.saturating_sub(1)).collect();
    for (index, text) in lines.iter().enumerate().rev() {
        if let Some(at) = text.find(&wanted) {
            let column = text[..at].chars().count() + 1;
            let length = text[at..].chars().take_while(|one| !one.is_whitespace()).count();
            return source.problem(Place { line: index + 1, column, length }, mistake);
        }
    }
    at_line(source, line, mistake)
}
