//! The names of headers as they are documented: `X-GitHub-Event`, `webhook-id`. Their case means nothing (RFC 9110,
//! section 5.1), and hyper keeps none, so it is restored in what hyper writes.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The end of a head.
const END: &[u8] = b"\r\n\r\n";

/// Names that are to be written like this. An extension of a request.
#[derive(Clone, Debug)]
pub struct Spelling(pub Vec<String>);

/// The names of the head that is written next. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Names(Arc<Mutex<Vec<String>>>);

impl Names {
    /// In the next head, these names are written like this. Those that hyper writes so by itself cost nothing.
    pub fn set(&self, spelling: Option<&Spelling>) {
        let names = spelling.into_iter().flat_map(|spelling| &spelling.0);
        let other = names.filter(|name| title_case(name) != name.as_bytes());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = other.cloned().collect();
    }

    fn get(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A connection on which the names of headers are written as documented.
pub struct Spelled<S> {
    stream: S,
    names: Names,
    /// How much of the end of a head was written last.
    ended: usize,
}

impl<S> Spelled<S> {
    /// This connection.
    pub fn new(stream: S, names: Names) -> Self {
        Self { stream, names, ended: 0 }
    }
}

/// A name as hyper writes it.
fn title_case(name: &str) -> Vec<u8> {
    let mut begins = true;
    let mut title = name.as_bytes().to_ascii_lowercase();
    for byte in &mut title {
        if begins {
            byte.make_ascii_uppercase();
        }
        begins = *byte == b'-';
    }
    title
}

/// How long the head still is in a text, if it ends there. So much of its end was there before.
fn rest_of_head(text: &[u8], ended: &mut usize) -> Option<usize> {
    for (place, byte) in text.iter().enumerate() {
        *ended = match byte {
            byte if *byte == END[*ended] => *ended + 1,
            b'\r' => 1,
            _ => 0,
        };
        if *ended == END.len() {
            *ended = 0;
            return Some(place + 1);
        }
    }
    None
}

/// A part of a head with these names.
fn spelled(head: &[u8], names: &[String]) -> Vec<u8> {
    let mut spelled = head.to_vec();
    for name in names {
        let line = [b"\r\n", title_case(name).as_slice(), b":"].concat();
        for at in 0..head.len().saturating_sub(line.len()) {
            if head[at..].starts_with(&line) {
                spelled[at + 2..at + 2 + name.len()].copy_from_slice(name.as_bytes());
            }
        }
    }
    spelled
}

impl<S: AsyncRead + Unpin> AsyncRead for Spelled<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Spelled<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let names = self.names.get();
        if names.is_empty() {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        let head = rest_of_head(bytes, &mut self.ended.clone()).unwrap_or(bytes.len());
        // The body follows in a write of its own.
        let text = spelled(&bytes[..head], &names);
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, &text))?;
        if rest_of_head(&bytes[..written], &mut self.ended).is_some() {
            self.names.set(None);
        }
        Poll::Ready(Ok(written))
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
        if self.names.get().is_empty() {
            return Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        }
        let first = bytes.iter().find(|one| !one.is_empty()).map_or(&[][..], |one| one);
        self.poll_write(context, first)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;

    use super::*;

    #[test]
    fn names_are_spelled_at_the_beginnings_of_lines() {
        let names = ["X-GitHub-Event", "webhook-id"].map(str::to_owned);
        let head = b"POST / HTTP/1.1\r\nX-Github-Event: a\r\nWebhook-Id: Webhook-Id:\r\nX-Github-Event: b\r\n\r\n";
        let wanted = "POST / HTTP/1.1\r\nX-GitHub-Event: a\r\nwebhook-id: Webhook-Id:\r\nX-GitHub-Event: b\r\n\r\n";
        assert_eq!(String::from_utf8_lossy(&spelled(head, &names)), wanted);
    }

    #[tokio::test]
    async fn a_body_is_sent_as_it_is_wherever_a_write_ends() {
        let text = b"POST / HTTP/1.1\r\nWebhook-Id: 1\r\n\r\n\r\nWebhook-Id: 2\r\n\r\n";
        let wanted = b"POST / HTTP/1.1\r\nwebhook-id: 1\r\n\r\n\r\nWebhook-Id: 2\r\n\r\n";
        // The name itself is written at once.
        for end in 33..text.len() {
            let names = Names::default();
            names.set(Some(&Spelling(vec!["webhook-id".to_owned()])));
            let mut spelled = Spelled::new(std::io::Cursor::new(Vec::new()), names);
            spelled.write_all(&text[..end]).await.expect("memory");
            spelled.write_all(&text[end..]).await.expect("memory");
            let sent = spelled.stream.into_inner();
            assert_eq!(String::from_utf8_lossy(&sent), String::from_utf8_lossy(wanted), "{end}");
        }
    }

    #[test]
    fn only_names_that_are_written_otherwise_count() {
        let names = Names::default();
        names.set(Some(&Spelling(["X-Api-Key", "X-GitHub-Event"].map(str::to_owned).to_vec())));
        assert_eq!(names.get(), ["X-GitHub-Event"]);
    }
}
