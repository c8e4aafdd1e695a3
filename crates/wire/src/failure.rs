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
    /// Any other error of the operating system.
    Io(io::ErrorKind),
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
            other => Failure::Io(kind(other)),
        }
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

impl std::error::Error for Failure {}
