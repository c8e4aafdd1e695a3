//! Turns a failed exchange into one of the failures of the model.

use std::error::Error;
use std::io::{self, ErrorKind};

use rustls::{AlertDescription, CertificateError, Error as TlsError};

use super::limit::TooMuch;
use super::trust::is_of_an_authority;
use crate::model::Failure;

/// The failure behind an error of an exchange.
pub fn failure(error: &hyper::Error) -> Failure {
    let cause = root(error);
    let of_connection = find::<io::Error>(error);
    if of_connection.and_then(inner::<TooMuch>).is_some() {
        return Failure::AnswerTooLarge;
    }
    // With TLS 1.3 a server refuses a client's certificate after the handshake.
    if let Some(why) = of_connection.and_then(of_tls) {
        return Failure::Unreachable(why);
    }
    // What came before the request was sent cancels it.
    if let Some(before) = error.source().and_then(|cause| cause.downcast_ref::<hyper::Error>()) {
        return failure(before);
    }
    if error.is_user() {
        return Failure::Local(cause);
    }
    // A head of more than 100 headers or 64 KiB is malformed too, and the cause says so: the
    // client reads no further, and whoever sends it has lost the form of an answer.
    if error.is_parse() {
        return Failure::Malformed(cause);
    }
    if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        return Failure::ClosedEarly(cause);
    }
    match of_connection.map(io::Error::kind) {
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

/// The failure of a connection over which TLS was not agreed upon.
pub fn no_tls(error: &io::Error) -> Failure {
    match of_tls(error) {
        Some(why) => Failure::Unreachable(why),
        None if error.kind() == ErrorKind::UnexpectedEof => Failure::Unreachable(
            "it closed the connection during the TLS handshake; if it does not speak TLS, write http://"
                .to_owned(),
        ),
        None => no_connection(error),
    }
}

/// The failure if TLS was refused after the handshake.
pub fn late_refusal(error: &io::Error) -> Option<Failure> {
    of_tls(error).map(Failure::Unreachable)
}

/// What TLS found wrong, if it was that, and what would be right.
fn of_tls(error: &io::Error) -> Option<String> {
    let error = inner(error)?;
    Some(match error {
        TlsError::InvalidCertificate(why) => of_certificate(why),
        TlsError::InvalidMessage(_) => {
            "it does not speak TLS; write http:// instead of https://".to_owned()
        }
        TlsError::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::CertificateUnknown,
        ) => format!(
            "it refused the client's certificate, or that there was none ({error}); name one that it trusts: \
             `client_cert_file: FILE` under `receiver` in standin.yaml"
        ),
        // Over TLS 1.2, OpenSSL sends this alert to a client without a certificate.
        TlsError::AlertReceived(AlertDescription::HandshakeFailure) => format!(
            "it refused the TLS handshake ({error}); if it asks for a client's certificate, name one: \
             `client_cert_file: FILE` under `receiver` in standin.yaml"
        ),
        TlsError::AlertReceived(_) | TlsError::PeerIncompatible(_) => {
            format!("it refused the TLS handshake ({error})")
        }
        other => format!("what it sent violates TLS ({other})"),
    })
}

fn of_certificate(why: &CertificateError) -> String {
    match why {
        // Another authority can have the same name.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "its TLS certificate is issued by nobody who is trusted; name the authority that issued it: \
             `ca_file: FILE` under `receiver` in standin.yaml (on loopback, `insecure: true` takes any)"
                .to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its TLS certificate is for another name; write the name that it is for into `receiver.url`"
                .to_owned()
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => {
            format!("its TLS certificate is not valid at this time ({why})")
        }
        other if is_of_an_authority(other) => {
            "its TLS certificate is self-signed, or that of an authority (CA:TRUE); if it is the receiver's own, name it: \
             `ca_file: FILE` under `receiver` in standin.yaml (on loopback, `insecure: true` takes any)"
                .to_owned()
        }
        other => format!(
            "its TLS certificate cannot be trusted ({other}); on loopback, `insecure: true` takes any of version 3"
        ),
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

/// The error in an error of the operating system. Its `source` skips it.
fn inner<T: Error + 'static>(error: &io::Error) -> Option<&T> {
    error.get_ref()?.downcast_ref()
}
