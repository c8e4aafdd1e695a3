//! The run as JSON for other programs: everything that the other reports show, with its schema.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{self, Write};

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use crate::model::result::{Exchange, Run, Totals};
use crate::text::clean;

/// The result of `standin check`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "A run of the contract, as written by `standin check --json`")]
struct Document<'a> {
    /// How many scenarios ended in which way.
    totals: Totals,
    #[serde(flatten)]
    run: &'a Run,
}

/// The run as JSON, with a line for each scenario and a line break at the end.
pub fn render(run: &Run) -> String {
    let mut run = run.clone();
    let scenarios = run.features.iter_mut().flat_map(|feature| &mut feature.scenarios);
    scenarios.for_each(|scenario| bodies_once(&mut scenario.exchanges));
    let document = Document { totals: run.totals(), run: &run };
    let mut json = Vec::new();
    let lines = Lines { depth: 0, indented: PrettyFormatter::new() };
    let mut writer = Serializer::with_formatter(&mut json, lines);
    document.serialize(&mut writer).expect("a run has text keys only, and memory can be written");
    clean::json(String::from_utf8(json).expect("JSON is UTF-8")) + "\n"
}

/// Indents JSON down to the scenarios of features, which are a line each: indents were a quarter of a report.
struct Lines {
    /// How many lists and objects are open.
    depth: usize,
    indented: PrettyFormatter<'static>,
}

impl Lines {
    /// The document, `features`, a feature and `scenarios`.
    const INDENTED: usize = 4;

    fn opens(&mut self) -> bool {
        self.depth += 1;
        self.depth <= Self::INDENTED
    }

    fn closes(&mut self) -> bool {
        self.depth -= 1;
        self.depth < Self::INDENTED
    }

    const fn is_indented(&self) -> bool {
        self.depth <= Self::INDENTED
    }
}

/// Forwards to the formatter that indents, or to the compact one.
macro_rules! either {
    ($($when:ident: $($method:ident($($first:ident: bool)?)),*;)*) => {
        $($(fn $method<W: Write + ?Sized>(&mut self, writer: &mut W $(, $first: bool)?) -> io::Result<()> {
            match self.$when() {
                true => self.indented.$method(writer $(, $first)?),
                false => CompactFormatter.$method(writer $(, $first)?),
            }
        })*)*
    };
}

impl Formatter for Lines {
    either! {
        opens: begin_array(), begin_object();
        closes: end_array(), end_object();
        is_indented: begin_array_value(first: bool), end_array_value(), begin_object_key(first: bool),
            begin_object_value(), end_object_value();
    }
}

/// Leaves out the bodies that an earlier exchange has, too, and the curl lines with them if they are the same.
fn bodies_once(exchanges: &mut [Exchange]) {
    let mut seen = HashMap::new();
    for place in 0..exchanges.len() {
        let (before, rest) = exchanges.split_at_mut(place);
        let exchange = &mut rest[0];
        if exchange.body.is_empty() {
            continue;
        }
        match seen.entry(std::mem::take(&mut exchange.body)) {
            Entry::Occupied(earlier) => {
                exchange.same_body_as = Some(*earlier.get());
                if before[*earlier.get()].curl == exchange.curl {
                    exchange.curl.clear();
                }
            }
            Entry::Vacant(new) => {
                exchange.body.clone_from(new.key());
                new.insert(place);
            }
        }
    }
}

/// The JSON Schema of what [`render`] writes.
pub fn schema() -> serde_json::Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    Schema::into(settings.into_generator().into_root_schema_for::<Document<'_>>())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::sample;

    fn written() -> Value {
        serde_json::from_str(&render(&sample::run())).unwrap()
    }

    #[test]
    fn each_scenario_has_its_verdict_and_a_skipped_one_its_reason() {
        let (run, totals) = (
            written(),
            json!({ "passed": 1, "passed_in_part": 0, "failed": 2, "warned": 0, "known": 0, "skipped": 2 }),
        );
        assert_eq!(run["totals"], totals);
        let scenarios = run["features"][0]["scenarios"].as_array().unwrap();
        let verdicts: Vec<_> =
            scenarios.iter().map(|one| (&one["verdict"], one.get("reason"))).collect();
        let why = json!("no probe for ombori.position in standin.yaml");
        assert_eq!(
            verdicts[..3],
            [(&json!("passed"), None), (&json!("failed"), None), (&json!("skipped"), Some(&why)),]
        );
        assert_eq!(run["seconds"], json!(0.843));
        assert_eq!(scenarios[1]["steps"][3]["state"], json!("not-run"));
    }

    #[test]
    fn a_scenario_is_a_line() {
        let (run, text) = (sample::run(), render(&sample::run()));
        let of_scenarios = text.lines().filter(|line| line.trim_start().starts_with("{\"name\":"));
        let scenarios = run.features.iter().map(|feature| feature.scenarios.len());
        assert_eq!(of_scenarios.count(), scenarios.sum::<usize>());
        assert!(text.starts_with("{\n  \"totals\": {"), "{text}");
        assert!(text.contains("\n      \"scenarios\": [\n        {\"name\":"), "{text}");
    }

    #[test]
    fn a_body_is_written_once() {
        let run = written();
        let exchanges = run["features"][0]["scenarios"][1]["exchanges"].as_array().unwrap();
        assert_ne!(exchanges[0]["body"], json!(""));
        assert_eq!((&exchanges[1]["body"], &exchanges[1]["same_body_as"]), (&json!(""), &json!(0)));
        assert_eq!(exchanges[0].get("same_body_as"), None);
        assert_ne!(exchanges[0]["curl"], json!(""));
        assert_eq!(exchanges[1].get("curl"), None);
    }

    #[test]
    fn what_is_written_holds_to_the_schema() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let errors: Vec<_> =
            validator.iter_errors(&written()).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
    }

    #[test]
    fn the_schema_refuses_a_verdict_that_there_is_not() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let mut run = written();
        run["features"][0]["scenarios"][0]["verdict"] = json!("perhaps");
        assert!(!validator.is_valid(&run));
    }
}
