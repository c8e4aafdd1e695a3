//! What a failed exchange was: one of the failures of the model.

use std::error::Error;
use std::io::ErrorKind;

use crate::model::Failure;

/// The failure behind an error of the HTTP client.
pub fn failure(error: &reqwest::Error) -> Failure {
    let cause = root(error);
    if error.is_connect() {
        return Failure::Unreachable(if error.is_timeout() {
            "no connection in time".to_owned()
        } else {
            cause
        });
    }
    if error.is_timeout() {
        return Failure::TimedOut;
    }
    if let Some(error) = find::<hyper::Error>(error) {
        if error.is_parse() {
            return Failure::Malformed(cause);
        }
        if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
            return Failure::ClosedEarly(cause);
        }
    }
    match find::<std::io::Error>(error).map(std::io::Error::kind) {
        Some(ErrorKind::InvalidData | ErrorKind::InvalidInput) => Failure::Malformed(cause),
        Some(_) => Failure::ClosedEarly(cause),
        // What is left are bodies that break off or do not follow their own encoding.
        None if error.is_body() => Failure::ClosedEarly(cause),
        None => Failure::Malformed(cause),
    }
}

/// The text of the innermost cause: that one says what happened.
fn root(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}
