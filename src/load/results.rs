//! Reads the results of a load that are in a file.
//!
//! Anything may be in it. So each number, text and list has a limit that no run reaches: sums do not
//! overflow, and what is made of them stays small.

use serde_json::Value as Json;

use crate::model::load::{LOAD_FORMAT, LoadReport};

/// The largest number: the sum of ten thousand of them fits into 64 bits.
pub const MOST: u64 = 1 << 48;
/// The most entries of a list or a map.
const MOST_ENTRIES: usize = 4096;
/// The longest text, in bytes. Only histograms are longer, which have a limit of their own.
const LONGEST: usize = 1000;
/// The shortest time that is not 0, in seconds: a rate is a number divided by it.
const SHORTEST: f64 = 1e-6;

/// Reads what `standin load --json` wrote.
///
/// # Errors
/// If it is something else; the text says what is wrong, and where.
pub fn read(text: &str) -> Result<LoadReport, String> {
    let no_results = |why: &dyn std::fmt::Display| {
        format!("these are no results of `standin load --json`: {why}")
    };
    let json: Json = serde_json::from_str(text).map_err(|error| no_results(&error))?;
    match json.get("load").and_then(Json::as_u64) {
        None => return Err(no_results(&"missing field `load`")),
        Some(load) if load != u64::from(LOAD_FORMAT) => {
            return Err(format!(
                "the format is {load}, and this version of Standin reads {LOAD_FORMAT}"
            ));
        }
        Some(_) => {}
    }
    for (key, value) in json.as_object().into_iter().flatten() {
        // A seed may be any number.
        if key != "seed" && !is_possible(key, value) {
            return Err(format!("`{key}` holds more than any run has"));
        }
    }
    let report: LoadReport = serde_path_to_error::deserialize(&json)
        .map_err(|error| format!("`{}`: {}", error.path(), error.inner()))?;
    let is_time = |seconds: f64| seconds == 0.0 || seconds >= SHORTEST;
    if !is_time(report.sent_s) || !is_time(report.took_s) {
        return Err("`sent_s` or `took_s` is shorter than any run".to_owned());
    }
    Ok(report)
}

/// Whether a run can have this value at a key, and all that is in it.
fn is_possible(key: &str, value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(_) => true,
        Json::Number(number) => number.as_f64().is_some_and(|number| number.abs() <= MOST as f64),
        Json::String(text) => key == "hdr" || text.len() <= LONGEST,
        Json::Array(list) => {
            list.len() <= MOST_ENTRIES && list.iter().all(|one| is_possible(key, one))
        }
        Json::Object(object) => {
            object.len() <= MOST_ENTRIES
                && object.iter().all(|(key, value)| key.len() <= LONGEST && is_possible(key, value))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let mut report = LoadReport { load: LOAD_FORMAT, seed: u64::MAX, ..LoadReport::default() };
        report.errors.insert("timed-out".to_owned(), 3);
        let read = read(&json!(report).to_string()).expect("results");
        assert_eq!(json!(read), json!(report));
    }

    #[test]
    fn what_no_run_has_is_refused_and_says_where() {
        let usual = json!(LoadReport { load: LOAD_FORMAT, ..LoadReport::default() });
        for (pointer, value) in [
            ("/answers", json!(u64::MAX)),
            ("/rate", json!(1e300)),
            ("/webhooks/sent", json!(MOST + 1)),
            ("/pace", json!("x".repeat(LONGEST + 1))),
            ("/errors", json!({ "x".repeat(70_000): 1 })),
            ("/vendors", json!(vec!["x"; MOST_ENTRIES + 1])),
            ("/sent_s", json!(5e-324)),
            ("/took_s", json!(-1.0)),
        ] {
            let mut report = usual.clone();
            *report.pointer_mut(pointer).expect("a field") = value;
            let why = read(&report.to_string()).expect_err(pointer);
            let field = pointer.split('/').nth(1).expect("a name");
            assert!(why.contains(&format!("`{field}`")), "{pointer}: {why}");
        }
    }

    #[test]
    fn what_are_no_results_says_so() {
        for (text, said) in [
            ("nonsense", "these are no results of `standin load --json`: expected"),
            ("[1]", "these are no results of `standin load --json`: missing field `load`"),
            (r#"{"load":7}"#, "the format is 7, and this version of Standin reads 1"),
            (r#"{"load":1}"#, "`.`: missing field"),
        ] {
            let why = read(text).expect_err("no results");
            assert!(why.starts_with(said), "{why}");
        }
    }
}
