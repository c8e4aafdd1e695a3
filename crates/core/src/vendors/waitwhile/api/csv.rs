//! Exports: an array in JSON, or a table in CSV.

use serde_json::Value as Json;

use super::wrong::Wrong;
use crate::vendors::api::{ApiAnswer, ApiCall};

/// The most objects in an export.
const MOST: usize = 10_000;

/// An export of these objects, in the form that the call requests. The JSON for a single object is
/// the object itself (EXP).
pub fn export(
    call: &ApiCall,
    columns: &[&str],
    objects: impl Iterator<Item = Json>,
) -> Result<ApiAnswer, Wrong> {
    let format = call.query("format").unwrap_or("JSON");
    if !["JSON", "CSV"].contains(&format) {
        return Err(Wrong::bad("format must be JSON or CSV"));
    }
    let mut objects: Vec<Json> = objects.take(MOST + 1).collect();
    if objects.len() > MOST {
        return Err(Wrong::bad(format!(
            "the export has more than {MOST} rows: choose a shorter time"
        )));
    }
    if format == "CSV" {
        return Ok(ApiAnswer::other(200, "text/csv; charset=utf-8", table(columns, &objects)));
    }
    let only = if objects.len() == 1 { objects.pop() } else { None };
    Ok(ApiAnswer::json(200, only.unwrap_or(Json::Array(objects))))
}

/// A table with a header line (RFC 4180).
fn table(columns: &[&str], objects: &[Json]) -> String {
    let head = columns.join(",");
    let row = |object: &Json| {
        let cells = columns.iter().map(|column| cell(&object[*column]));
        cells.collect::<Vec<_>>().join(",")
    };
    let rows = objects.iter().map(row);
    let lines = [head].into_iter().chain(rows);
    lines.map(|line| line + "\r\n").collect()
}

fn cell(value: &Json) -> String {
    let text = match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) if items.iter().all(Json::is_string) => {
            items.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(";")
        }
        other => other.to_string(),
    };
    if text.contains([',', '"', '\r', '\n']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cell_with_commas_or_quotes_is_quoted() {
        let object = json!({"a": "x, \"y\"", "b": ["1", "2"], "c": null, "d": 5});
        assert_eq!(
            table(&["a", "b", "c", "d"], &[object]),
            "a,b,c,d\r\n\"x, \"\"y\"\"\",1;2,,5\r\n"
        );
    }
}
