//! How a request can fail. The list is closed: whatever a receiver does is one of these.

use std::fmt;
use std::io;

use rustix::io::Errno;

/// Why a request has no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// Nobody listens at the address.
    Refused,
    /// The connection was not established in time.
    ConnectTimedOut,
    /// The receiver reset the connection.
    Reset,
    /// The receiver closed the connection before any byte of the reply came. It may or may not have handled
    /// the request, so the request is not sent again.
    ClosedBeforeReply,
    /// The receiver closed the connection in the middle of the reply.
    ClosedInReply,
    /// The reply was not complete in time.
    TimedOut,
    /// What came is not an HTTP/1 reply.
    NotHttp(Malformed),
    /// The head or the trailers of the reply are larger than the limit.
    TooLarge,
    /// The loop was told to abort while the request was under way.
    Aborted,
    /// The TLS handshake failed. Only engines that speak TLS tell this.
    Tls(Tls),
    /// What can only go wrong in HTTP/2. Only engines that speak it tell this.
    Http2(Http2),
    /// This machine has no open files, ports or memory left for a connection.
    Exhausted,
    /// Any other error of the operating system.
    Io(io::ErrorKind),
}

/// Why there is no TLS connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tls {
    /// Nobody who is trusted has issued the certificate.
    UnknownIssuer,
    /// The certificate is for another name.
    WrongName,
    /// The certificate is not valid yet, or no longer.
    Expired,
    /// The certificate cannot be trusted for another reason.
    Certificate,
    /// The receiver does not speak TLS.
    NotTls,
    /// The receiver refuses: there is nothing that both support, or it wants a certificate of the client.
    Refused,
    /// The receiver closed the connection during the handshake.
    Closed,
    /// The handshake was not over in time.
    Stalled,
    /// The receiver does not take the version of HTTP that was offered.
    NoProtocol,
    /// What came violates TLS.
    Broken,
}

/// What can only go wrong in HTTP/2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Http2 {
    /// The receiver reset the stream of the request (RST_STREAM).
    Reset,
    /// The receiver ended the connection and the request with it (GOAWAY).
    GoAway,
    /// What came is not HTTP/2.
    Protocol,
}

/// What is wrong with bytes that should have been a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Malformed {
    /// The bytes do not begin with `HTTP/1.`.
    Protocol,
    /// The status line or a header cannot be read.
    Head,
    /// `Content-Length` is not a number, or there are two different ones.
    ContentLength,
    /// `Transfer-Encoding` in a reply of HTTP/1.0.
    TransferEncoding,
    /// A chunk's size or the end of a chunk cannot be read.
    Chunk,
    /// More interim replies (1xx) than anyone needs.
    Interim,
}

impl Failure {
    /// The failure that an error of an established connection means.
    pub(crate) fn of_connection(error: Errno) -> Failure {
        match error {
            Errno::CONNRESET | Errno::PIPE => Failure::Reset,
            other => Failure::Io(kind(other)),
        }
    }

    /// The failure that an error of connecting means.
    pub(crate) fn of_connect(error: Errno) -> Failure {
        match error {
            Errno::CONNREFUSED => Failure::Refused,
            Errno::TIMEDOUT => Failure::ConnectTimedOut,
            Errno::CONNRESET => Failure::Reset,
            Errno::MFILE | Errno::NFILE | Errno::NOBUFS | Errno::NOMEM | Errno::ADDRNOTAVAIL => {
                Failure::Exhausted
            }
            other => Failure::Io(kind(other)),
        }
    }

    /// The same for an error of the standard library.
    pub fn of_connecting(error: &io::Error) -> Failure {
        Errno::from_io_error(error).map_or(Failure::Io(error.kind()), Failure::of_connect)
    }
}

fn kind(error: Errno) -> io::ErrorKind {
    io::Error::from(error).kind()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Refused => f.write_str("the connection was refused"),
            Failure::ConnectTimedOut => f.write_str("connecting took too long"),
            Failure::Reset => f.write_str("the connection was reset"),
            Failure::ClosedBeforeReply => f.write_str("the connection was closed before the reply"),
            Failure::ClosedInReply => {
                f.write_str("the connection was closed in the middle of the reply")
            }
            Failure::TimedOut => f.write_str("the reply took too long"),
            Failure::NotHttp(what) => write!(f, "the reply is not HTTP: {what}"),
            Failure::TooLarge => f.write_str("the head of the reply is too large"),
            Failure::Aborted => f.write_str("the run was aborted"),
            Failure::Tls(what) => what.fmt(f),
            Failure::Http2(what) => what.fmt(f),
            Failure::Exhausted => {
                f.write_str("there are no open files, ports or memory left for a connection")
            }
            Failure::Io(kind) => write!(f, "{kind}"),
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Malformed::Protocol => "it does not begin with HTTP/1",
            Malformed::Head => "its head cannot be read",
            Malformed::ContentLength => "its Content-Length is not one number",
            Malformed::TransferEncoding => "it has a Transfer-Encoding in HTTP/1.0",
            Malformed::Chunk => "a chunk cannot be read",
            Malformed::Interim => "too many interim replies",
        })
    }
}

impl fmt::Display for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tls::UnknownIssuer => "its TLS certificate is issued by nobody who is trusted",
            Tls::WrongName => "its TLS certificate is for another name",
            Tls::Expired => "its TLS certificate is not valid at this time",
            Tls::Certificate => "its TLS certificate cannot be trusted",
            Tls::NotTls => "it does not speak TLS",
            Tls::Refused => "it refused the TLS handshake",
            Tls::Closed => "it closed the connection during the TLS handshake",
            Tls::Stalled => "the TLS handshake took too long",
            Tls::NoProtocol => "it does not take the offered version of HTTP",
            Tls::Broken => "what it sent violates TLS",
        })
    }
}

impl fmt::Display for Http2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Http2::Reset => "the stream was reset",
            Http2::GoAway => "the connection was ended with GOAWAY",
            Http2::Protocol => "the reply is not HTTP/2",
        })
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_machine_lacks_is_told_from_what_the_receiver_does() {
        for number in [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::ADDRNOTAVAIL] {
            assert_eq!(Failure::of_connecting(&number.into()), Failure::Exhausted, "{number}");
        }
        for (number, wanted) in [
            (Errno::CONNREFUSED, Failure::Refused),
            (Errno::TIMEDOUT, Failure::ConnectTimedOut),
            (Errno::HOSTUNREACH, Failure::Io(io::ErrorKind::HostUnreachable)),
        ] {
            assert_eq!(Failure::of_connecting(&number.into()), wanted);
        }
    }
}
