//! What the caller of the loop provides, and what it gets back.

use std::time::Instant;

use crate::Failure;
use crate::connection::Connection;

/// What a run does: the requests and what becomes of their results. All methods are called on the thread of
/// [`Engine::run`](crate::Engine::run), and must return soon.
pub trait Work {
    /// Asked for an idle connection. To send a request, write all of it (head and body) into `buffer`, which
    /// still holds the connection's previous request, and return [`Next::Send`].
    fn next(&mut self, connection: usize, now: Instant, buffer: &mut Vec<u8>) -> Next;

    /// Called before requests are sent for which [`Next::Prepare`] was returned: once, when all
    /// connections that were idle have been asked, so that work on several requests is done side by side.
    fn prepare(&mut self, _requests: &mut dyn Requests) {}

    /// Told once for each request that was sent or could not be. `tag` is that of [`Next::Send`].
    fn done(
        &mut self,
        connection: usize,
        tag: u64,
        result: Result<Reply<'_>, Failure>,
        now: Instant,
    );

    /// Called about every 10 milliseconds.
    fn tick(&mut self, _now: Instant) {}
}

/// The requests that are about to be sent.
pub trait Requests {
    /// What was written for a connection in this turn.
    fn get(&self, connection: usize) -> &[u8];

    /// The same, for changes.
    fn get_mut(&mut self, connection: usize) -> &mut [u8];
}

/// The requests in the buffers of these connections.
pub(crate) struct Buffers<'a>(pub(crate) &'a mut [Connection]);

impl Requests for Buffers<'_> {
    fn get(&self, connection: usize) -> &[u8] {
        &self.0[connection].buffer
    }

    fn get_mut(&mut self, connection: usize) -> &mut [u8] {
        &mut self.0[connection].buffer
    }
}

/// What an idle connection does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send the request in the buffer. The tag comes back with the result.
    Send(u64),
    /// The same, after [`Work::prepare`] has completed it.
    Prepare(u64),
    /// Ask again at this time.
    WaitUntil(Instant),
    /// Ask again at the next tick.
    Idle,
    /// Do not ask again in this run.
    Finished,
}

/// A reply. Its slices are valid during the call of [`Work::done`].
#[derive(Debug, Clone, Copy)]
pub struct Reply<'a> {
    /// The status code.
    pub status: u16,
    /// The status line and the headers, with the empty line at their end. Interim replies are not in it.
    pub head: &'a [u8],
    /// The body, without chunk sizes and trailers.
    pub body: &'a [u8],
    /// The body is longer than the limit: only its beginning is here.
    pub cut: bool,
    /// The reply was complete before all of the request was sent, perhaps before any of it was.
    pub early: bool,
    /// When the request was given to the kernel. On io_uring that is one moment for all requests of a turn, and the
    /// kernel sends them one after the other, some microseconds each.
    pub sent: Instant,
    /// When the last byte of the reply was seen: the moment at which the turn that brought it began.
    pub received: Instant,
}

impl Reply<'_> {
    /// The value of a header; of several, the first. `None` if the header is missing or is not text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.split(|byte| *byte == b'\n').skip(1);
        let mut values = lines.filter_map(|line| {
            let colon = memchr::memchr(b':', line)?;
            line[..colon].eq_ignore_ascii_case(name.as_bytes()).then(|| &line[colon + 1..])
        });
        std::str::from_utf8(values.next()?.trim_ascii()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_found_whatever_its_case_and_the_first_one_counts() {
        let now = crate::clock::now();
        let reply = Reply {
            status: 503,
            head: b"HTTP/1.1 503 No\r\nRetry-AFTER:  7 \r\nretry-after: 9\r\nx: \xff\r\n\r\n",
            body: b"",
            cut: false,
            early: false,
            sent: now,
            received: now,
        };
        assert_eq!(reply.header("retry-after"), Some("7"));
        assert_eq!(reply.header("retry"), None);
        assert_eq!(reply.header("x"), None);
    }
}
