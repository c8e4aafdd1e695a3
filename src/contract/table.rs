//! The table below a step, as pairs of a name and a value.

use cucumber::gherkin::Table;

/// The rows of a table as pairs, without its heading if it has one. Without a table there are none.
///
/// # Errors
/// If a row is not a pair.
pub fn rows(table: Option<&Table>) -> Result<Vec<(String, String)>, String> {
    let rows = table.map(|table| table.rows.as_slice()).unwrap_or_default();
    let mut pairs = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let [name, value] = row.as_slice() else {
            return Err(format!("a row of the table has {} cells; it must have two", row.len()));
        };
        let (name, value) = (name.trim(), value.trim());
        let is_heading = index == 0 && matches!((name, value), ("setting" | "field", "value"));
        if !is_heading {
            pairs.push((name.to_owned(), value.to_owned()));
        }
    }
    Ok(pairs)
}
