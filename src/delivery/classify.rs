//! Turns a failed exchange into one of the failures of the model.

use std::error::Error;
use std::io::ErrorKind;

use crate::model::Failure;

/// The failure behind an error of the HTTP client.
pub fn failure(error: &reqwest::Error) -> Failure {
    let cause = root(error);
    if error.is_connect() {
        return match find::<std::io::Error>(error).map(std::io::Error::kind) {
            _ if error.is_timeout() => no_connection_in_time(),
            // Only an established connection can be reset. Before that it is refused.
            Some(ErrorKind::ConnectionReset) => Failure::ClosedEarly(cause),
            _ => Failure::Unreachable(cause),
        };
    }
    if error.is_timeout() {
        return Failure::TimedOut;
    }
    if let Some(error) = find::<hyper::Error>(error) {
        // A head of more than 100 headers or 400 KiB is malformed too, and the cause says so: the
        // client reads no further, and whoever sends it has lost the form of an answer.
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
        // The rest are bodies that end early or violate their own encoding.
        None if error.is_body() => Failure::ClosedEarly(cause),
        None => Failure::Malformed(cause),
    }
}

/// The failure when the time to connect is up.
pub fn no_connection_in_time() -> Failure {
    Failure::Unreachable("no connection in time".to_owned())
}

/// The text of the innermost cause, which says what happened.
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
