//! Finds the operation that a request calls.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::{Api, Method, Operation};

/// Why no operation matches a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmatched {
    /// No operation has this path.
    Path,
    /// Only operations with these other methods have this path.
    Method(Vec<Method>),
}

impl Api {
    /// The operation that a request calls, with the values of its path's parameters.
    ///
    /// # Errors
    /// If no operation has this path, or none with this path has this method.
    pub fn find(
        &self,
        method: Method,
        path: &str,
    ) -> Result<(&'static Operation, Vec<String>), Unmatched> {
        // A path without parameters comes first, such as `/visits/export`.
        let matching = self.operations.iter().filter_map(|operation| {
            let values = path_values(operation.path, path)?;
            Some((values.len(), operation, values))
        });
        let mut matching: Vec<_> = matching.collect();
        matching.sort_by_key(|(count, ..)| *count);
        let fewest = matching.first().map(|(count, ..)| *count).ok_or(Unmatched::Path)?;
        matching.retain(|(count, ..)| *count == fewest);
        let methods = matching.iter().map(|(_, operation, _)| operation.method).collect();
        let found = matching.into_iter().find(|(_, operation, _)| operation.method == method);
        let (_, operation, values) = found.ok_or(Unmatched::Method(methods))?;
        Ok((operation, values))
    }

    /// The operation of this name.
    pub fn operation(&self, id: &str) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }
}

impl Operation {
    /// The names of the parameters in the path, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// The values of a pattern's parameters in a path, decoded, in order: `abc` of `/visits/{visitId}`
/// in `/visits/abc`. `None` if the path does not match.
pub fn path_values(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut values = Vec::new();
    let (mut parts, mut pattern) = (path.split('/'), pattern.split('/'));
    loop {
        match (pattern.next(), parts.next()) {
            (None, None) => return Some(values),
            (Some(wanted), Some(part)) if wanted.starts_with('{') && !part.is_empty() => {
                values.push(decoded(part)?);
            }
            (Some(wanted), Some(part)) if wanted == part => {}
            _ => return None,
        }
    }
}

/// A percent-decoded part of a path. `None` if it is not UTF-8.
fn decoded(part: &str) -> Option<String> {
    percent_decode_str(part).decode_utf8().ok().map(Cow::into_owned)
}
