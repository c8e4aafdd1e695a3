//! Turns errors of hyper, rustls and the operating system into the failures that all engines tell.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError, Error as TlsError};
use standin_wire::{Failure, Http2, Malformed, Tls};

/// The failure of a request. `closed` is what it means if the connection ended.
pub(crate) fn of_hyper(error: &hyper::Error, closed: Failure) -> Failure {
    if let Some(error) = find::<h2::Error>(error) {
        return of_h2(error, closed);
    }
    if error.is_parse() {
        // hyper says so only in the text of its error. A test checks that text.
        return match error.to_string().contains("too large") {
            true => Failure::TooLarge,
            false => Failure::NotHttp(Malformed::Head),
        };
    }
    if let Some(error) = find::<io::Error>(error) {
        return of_io(error, closed);
    }
    match error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        true => closed,
        // What is left are bytes that nobody asked for.
        false => Failure::NotHttp(Malformed::Protocol),
    }
}

fn of_h2(error: &h2::Error, closed: Failure) -> Failure {
    if let Some(error) = error.get_io() {
        return of_io(error, closed);
    }
    match (error.is_remote(), error.is_reset(), error.is_go_away()) {
        (true, true, _) => Failure::Http2(Http2::Reset),
        (true, _, true) => Failure::Http2(Http2::GoAway),
        // What the library itself resets or ends, it does because of what came.
        _ => Failure::Http2(Http2::Protocol),
    }
}

/// The failure that an error of an established connection means.
fn of_io(error: &io::Error, closed: Failure) -> Failure {
    if let Some(error) = inner::<TlsError>(error) {
        return Failure::Tls(of_tls(error));
    }
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Failure::Reset,
        io::ErrorKind::UnexpectedEof | io::ErrorKind::NotConnected => closed,
        // hyper reports chunks that it cannot read like this.
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            Failure::NotHttp(Malformed::Chunk)
        }
        kind => Failure::Io(kind),
    }
}

/// The failure that an error of the TLS handshake means.
pub(crate) fn of_handshake(error: &io::Error) -> Failure {
    of_io(error, Failure::Tls(Tls::Closed))
}

fn of_tls(error: &TlsError) -> Tls {
    match error {
        TlsError::InvalidCertificate(why) => match why {
            // Another authority can have the same name.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Tls::UnknownIssuer,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Tls::WrongName
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Tls::Expired,
            _ => Tls::Certificate,
        },
        TlsError::InvalidMessage(_) => Tls::NotTls,
        TlsError::NoApplicationProtocol
        | TlsError::AlertReceived(AlertDescription::NoApplicationProtocol) => Tls::NoProtocol,
        TlsError::AlertReceived(_) | TlsError::PeerIncompatible(_) => Tls::Refused,
        _ => Tls::Broken,
    }
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
    find(error.get_ref()?)
}
