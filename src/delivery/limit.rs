//! Bounds for what is read of an answer, whatever it consists of: interim answers, sizes of chunks, extensions.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// How many bytes may still be read for an answer. Clones count together.
#[derive(Clone, Debug)]
pub struct Allowance(Arc<AtomicUsize>);

impl Default for Allowance {
    fn default() -> Self {
        Self(Arc::new(AtomicUsize::new(LIMIT)))
    }
}

impl Allowance {
    /// Another answer may have as many.
    pub fn renew(&self) {
        self.0.store(LIMIT, Ordering::Relaxed);
    }

    /// Whether nothing was read.
    pub fn is_whole(&self) -> bool {
        self.0.load(Ordering::Relaxed) == LIMIT
    }

    /// Counts what came.
    fn spend(&self, came: usize) -> io::Result<()> {
        let left = self.0.load(Ordering::Relaxed).checked_sub(came);
        self.0.store(left.ok_or_else(|| io::Error::other(TooMuch))?, Ordering::Relaxed);
        Ok(())
    }
}

/// A connection from which a bounded number of bytes can be read.
pub struct Limited<S> {
    stream: S,
    allowance: Allowance,
}

impl<S> Limited<S> {
    /// This connection, of which so much may be read.
    pub fn new(stream: S, allowance: Allowance) -> Self {
        Self { stream, allowance }
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
        self.allowance.spend(came)?;
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
