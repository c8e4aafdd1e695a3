//! The results of a load as JSON for other programs, with their schema.

use schemars::Schema;
use schemars::generate::SchemaSettings;

use crate::model::load::LoadReport;
use crate::text::clean;

/// The results as indented JSON, with a line break at the end.
pub fn render(report: &LoadReport) -> String {
    let json = serde_json::to_string_pretty(report);
    clean::json(json.expect("results have text keys only, and writing to memory does not fail"))
        + "\n"
}

/// The JSON Schema of what [`render`] writes.
pub fn schema() -> serde_json::Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    Schema::into(settings.into_generator().into_root_schema_for::<LoadReport>())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::load::sample;

    #[test]
    fn what_is_written_holds_to_the_schema_and_another_shape_does_not() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let mut written: Value = serde_json::from_str(&render(&sample::report())).unwrap();
        let errors: Vec<_> =
            validator.iter_errors(&written).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
        written["seconds"][0]["corrected"]["p50"] = json!("fast");
        assert!(!validator.is_valid(&written));
    }
}
