//! Turns a failed exchange into one of the failures of the model.

use std::error::Error;
use std::io::{self, ErrorKind};

use super::limit::TooMuch;
use crate::model::Failure;

/// The failure behind an error of an exchange.
pub fn failure(error: &hyper::Error) -> Failure {
    let cause = root(error);
    if find::<TooMuch>(error).is_some() {
        return Failure::AnswerTooLarge;
    }
    // A head of more than 100 headers or 64 KiB is malformed too, and the cause says so: the
    // client reads no further, and whoever sends it has lost the form of an answer.
    if error.is_parse() {
        return Failure::Malformed(cause);
    }
    if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        return Failure::ClosedEarly(cause);
    }
    match find::<io::Error>(error).map(io::Error::kind) {
        Some(ErrorKind::InvalidData | ErrorKind::InvalidInput) | None => Failure::Malformed(cause),
        Some(_) => Failure::ClosedEarly(cause),
    }
}

/// The failure behind an error in the body of an answer.
pub fn broken_body(error: &hyper::Error) -> Failure {
    match failure(error) {
        // What is left has ended early.
        Failure::Malformed(cause) if find::<io::Error>(error).is_none() && !error.is_parse() => {
            Failure::ClosedEarly(cause)
        }
        other => other,
    }
}

/// The failure of a connection that was not made.
pub fn no_connection(error: &io::Error) -> Failure {
    match error.kind() {
        _ if is_local(error) => Failure::Local(root(error)),
        // Only an established connection can be reset. Before that it is refused.
        ErrorKind::ConnectionReset => Failure::ClosedEarly(root(error)),
        _ => Failure::Unreachable(root(error)),
    }
}

/// Whether this machine lacks what a connection takes. That is no fault of the receiver.
fn is_local(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref().is_some_and(is_of_this_machine) {
            return true;
        }
        next = error.source();
    }
    false
}

fn is_of_this_machine(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::AddrNotAvailable | ErrorKind::OutOfMemory)
        || lacks_files(error)
}

/// Whether there are too many open files, or no room for one more connection.
#[cfg(unix)]
fn lacks_files(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let number = Errno::from_io_error(error);
    number.is_some_and(|number| matches!(number, Errno::MFILE | Errno::NFILE | Errno::NOBUFS))
}

/// Whether there are too many open files, or no room for one more connection: `WSAEMFILE`, `WSAENOBUFS`.
#[cfg(not(unix))]
fn lacks_files(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(10_024 | 10_055))
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
