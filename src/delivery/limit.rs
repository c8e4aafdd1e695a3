//! Bounds for what is read of an answer, whatever it consists of: interim answers, sizes of chunks, extensions.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The most bytes of an answer's body that are read. A vendor needs the status, a person the beginning.
pub const ANSWER_LIMIT: usize = 256 * 1024;

/// The most bytes that are read from a connection for one answer: several times what an answer may have, since
/// a body in small chunks takes more bytes than it has.
const LIMIT: usize = 8 * ANSWER_LIMIT;

/// More came than is read.
#[derive(Debug, thiserror::Error)]
#[error("it goes on after {LIMIT} bytes")]
pub struct TooMuch;

/// A connection from which a bounded number of bytes can be read.
pub struct Limited<S> {
    stream: S,
    left: usize,
}

impl<S> Limited<S> {
    /// This connection, of which nothing has been read.
    pub fn new(stream: S) -> Self {
        Self { stream, left: LIMIT }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Limited<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer)?;
        let came = buffer.filled().len() - before;
        match self.left.checked_sub(came) {
            Some(left) => self.left = left,
            None => return Poll::Ready(Err(io::Error::other(TooMuch))),
        }
        read.map(Ok)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Limited<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }
}
