//! The fields of what a vendor knows about its subjects, as a table: kind, field, type and an example in
//! each line. `tests/conformance/truths.rs` writes the tables from the simulation and holds it to them.

/// A field that a vendor knows of a kind of subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TruthField {
    /// The kind of subject.
    pub kind: &'static str,
    /// Its dotted path. In a list, `0` stands for any place. A path that ends with `.*` stands for any
    /// member of an object whose members an account chooses.
    pub path: &'static str,
    /// The JSON types of its values: `text`, `number or null`.
    pub form: &'static str,
    /// One of its values, as JSON.
    pub example: &'static str,
}

/// The fields in a table.
pub fn read(table: &'static str) -> impl Iterator<Item = TruthField> {
    table.lines().filter_map(|line| {
        let mut columns = line.splitn(4, '\t');
        let mut next = || columns.next();
        Some(TruthField { kind: next()?, path: next()?, form: next()?, example: next()? })
    })
}

impl TruthField {
    /// Whether a dotted path means this field. The state is called `state` by some vendors and `status`
    /// by others, and either may be written.
    pub fn is(&self, written: &str) -> bool {
        let is_state = |path: &str| path == "state" || path == "status";
        if is_state(self.path) && is_state(written) {
            return true;
        }
        // What was never seen to hold anything may hold anything.
        let below = written.strip_prefix(self.path).is_some_and(|rest| rest.starts_with('.'));
        if self.form == "null" && below {
            return true;
        }
        let (mut own, mut other) = (self.path.split('.'), written.split('.'));
        loop {
            match (own.next(), other.next()) {
                (None, None) => return true,
                (Some("*"), Some(_)) => return true,
                (Some("0"), Some(place)) if place.parse::<usize>().is_ok() => {}
                (Some(one), Some(same)) if one == same => {}
                _ => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_means_a_field_in_any_place_of_a_list_and_under_any_chosen_name() {
        let field = |path| TruthField { kind: "order", path, form: "text", example: "" };
        let null = TruthField { form: "null", ..field("center") };
        assert!(
            null.is("center.name") && !null.is("central") && !field("center").is("center.name")
        );
        assert!(field("attendees.0.id").is("attendees.12.id"));
        assert!(!field("attendees.0.id").is("attendees.id"));
        assert!(!field("attendees.0.id").is("attendees.0"));
        assert!(field("answers.*").is("answers.shoe size"));
        assert!(!field("answers.*").is("answers"));
        assert!(field("state").is("status") && field("status").is("state"));
        assert!(!field("state").is("stat") && !field("ticket.state").is("ticket.status"));
    }
}
