//! The operations of the API's document.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use standin::vendors::registry;

/// An operation.
pub struct Operation {
    /// Its name.
    pub id: String,
    /// Its method.
    pub method: String,
    /// Its path, with parameters in braces.
    pub path: String,
    /// The statuses that it may answer with.
    pub statuses: BTreeSet<u16>,
}

impl Operation {
    /// Its path with these values for its parameters, in order.
    pub fn at(&self, values: &[&str]) -> String {
        let mut values = values.iter();
        let parts = self.path.split('/').map(|part| match part.starts_with('{') {
            true => values.next().unwrap_or_else(|| panic!("{}: too few values", self.id)),
            false => part,
        });
        let path = parts.collect::<Vec<_>>().join("/");
        assert_eq!(values.next(), None, "{}: too many values", self.id);
        path
    }
}

/// All operations.
pub fn operations() -> Vec<Operation> {
    let document = standin::server::document(registry::shipped());
    let paths = document["paths"].as_object().expect("paths").iter();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods").iter();
        methods.map(move |(method, operation)| read(path, method, operation))
    });
    operations.collect()
}

fn read(path: &str, method: &str, operation: &Json) -> Operation {
    let statuses = operation["responses"].as_object().expect("responses").keys();
    Operation {
        id: operation["operationId"].as_str().expect("a name").to_owned(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        statuses: statuses.map(|status| status.parse().expect("a status")).collect(),
    }
}
