//! Reads one reply from bytes that come in pieces of any size. The pieces never change the result.
//!
//! A reply that is whole in one piece is not copied. Memory is bounded by the limits: a head, a body and one
//! line of a chunked body.

use crate::head::{self, Framing, Head};
use crate::{Failure, Malformed};

/// The largest head and the largest trailers.
pub(crate) const LARGEST_HEAD: usize = 64 * 1024;
/// The longest line with a chunk's size, of which extensions are the most.
const LONGEST_CHUNK_LINE: usize = 4 * 1024;
/// The most interim replies before the reply.
const MOST_INTERIM: u8 = 16;

/// A reply as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parsed<'a> {
    pub(crate) status: u16,
    pub(crate) head: &'a [u8],
    pub(crate) body: &'a [u8],
    pub(crate) cut: bool,
    pub(crate) keep: bool,
}

/// What a piece brought.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fed<'a> {
    /// The reply goes on.
    More,
    /// The reply is whole. `rest` bytes of the piece come after it.
    Whole { reply: Parsed<'a>, rest: usize },
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    Head,
    Length {
        left: u64,
    },
    UntilClose,
    ChunkLine,
    ChunkData {
        left: u64,
    },
    ChunkEnd {
        seen_return: SeenReturn,
    },
    /// The current line begins at `begin` of the collected lines.
    Trailers {
        begin: usize,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SeenReturn {
    No,
    Yes,
}

/// Whether a phase has ended.
enum Pace {
    GoOn,
    NeedMore,
    Whole,
    Cut,
}

#[derive(Debug)]
pub(crate) struct Decoder {
    largest_body: usize,
    phase: Phase,
    parsed: Option<Head>,
    head: Vec<u8>,
    body: Vec<u8>,
    /// A line of a chunked body that is not complete yet, or the trailers.
    line: Vec<u8>,
    interim: u8,
    any: bool,
}

impl Decoder {
    pub(crate) fn new(largest_body: usize) -> Self {
        Decoder {
            largest_body,
            phase: Phase::Head,
            parsed: None,
            head: Vec::new(),
            body: Vec::new(),
            line: Vec::new(),
            interim: 0,
            any: false,
        }
    }

    /// Forgets the reply; its memory is used again.
    pub(crate) fn reset(&mut self) {
        self.phase = Phase::Head;
        self.parsed = None;
        self.head.clear();
        self.body.clear();
        self.line.clear();
        self.interim = 0;
        self.any = false;
    }

    /// Takes the next piece. After [`Fed::Whole`] or an error the decoder must be reset.
    pub(crate) fn feed<'a>(&'a mut self, piece: &'a [u8]) -> Result<Fed<'a>, Failure> {
        if piece.is_empty() {
            return Ok(Fed::More);
        }
        if !self.any
            && let Some((head, split)) = whole_in(piece, self.largest_body)?
        {
            let reply = Parsed {
                status: head.status,
                head: &piece[..split.head],
                body: &piece[split.head..split.body],
                cut: false,
                keep: head.keep,
            };
            return Ok(Fed::Whole { reply, rest: piece.len() - split.body });
        }
        self.any = true;
        let mut rest = piece;
        loop {
            match self.step(&mut rest)? {
                Pace::GoOn => {}
                Pace::NeedMore => return Ok(Fed::More),
                Pace::Whole => {
                    let reply = self.reply(Cut::No)?;
                    return Ok(Fed::Whole { reply, rest: rest.len() });
                }
                Pace::Cut => {
                    let reply = self.reply(Cut::Yes)?;
                    return Ok(Fed::Whole { reply, rest: rest.len() });
                }
            }
        }
    }

    /// The receiver has closed: the reply is whole if only that could end it.
    pub(crate) fn end(&mut self) -> Result<Parsed<'_>, Failure> {
        match self.phase {
            Phase::UntilClose => self.reply(Cut::No),
            _ if self.any => Err(Failure::ClosedInReply),
            _ => Err(Failure::ClosedBeforeReply),
        }
    }

    fn reply(&self, cut: Cut) -> Result<Parsed<'_>, Failure> {
        // A body is only read after its head, so the head is there.
        let head = self.parsed.ok_or(Failure::NotHttp(Malformed::Head))?;
        let cut = cut == Cut::Yes;
        Ok(Parsed {
            status: head.status,
            head: &self.head,
            body: &self.body,
            cut,
            keep: head.keep && !cut,
        })
    }

    fn step(&mut self, rest: &mut &[u8]) -> Result<Pace, Failure> {
        match self.phase {
            Phase::Head => self.read_head(rest),
            Phase::Length { left } => Ok(match self.keep_body(rest, left) {
                (_, Cut::Yes) => Pace::Cut,
                (0, Cut::No) => Pace::Whole,
                (left, Cut::No) => {
                    self.phase = Phase::Length { left };
                    Pace::NeedMore
                }
            }),
            Phase::UntilClose => Ok(match self.keep_body(rest, u64::MAX) {
                (_, Cut::Yes) => Pace::Cut,
                (_, Cut::No) => Pace::NeedMore,
            }),
            Phase::ChunkLine => self.read_chunk_line(rest),
            Phase::ChunkData { left } => Ok(match self.keep_body(rest, left) {
                (_, Cut::Yes) => Pace::Cut,
                (0, Cut::No) => {
                    self.phase = Phase::ChunkEnd { seen_return: SeenReturn::No };
                    Pace::GoOn
                }
                (left, Cut::No) => {
                    self.phase = Phase::ChunkData { left };
                    Pace::NeedMore
                }
            }),
            Phase::ChunkEnd { seen_return } => self.read_chunk_end(rest, seen_return),
            Phase::Trailers { begin } => self.read_trailers(rest, begin),
        }
    }

    fn read_head(&mut self, rest: &mut &[u8]) -> Result<Pace, Failure> {
        let before = self.head.len();
        let room = (LARGEST_HEAD + 1).saturating_sub(before);
        let taken = rest.len().min(room);
        self.head.extend_from_slice(&rest[..taken]);
        if !head::begins_like_http(&self.head) {
            return Err(Failure::NotHttp(Malformed::Protocol));
        }
        let Some(end) = head::end(&self.head, before).filter(|end| *end <= LARGEST_HEAD) else {
            *rest = &rest[taken..];
            return if self.head.len() > LARGEST_HEAD {
                Err(Failure::TooLarge)
            } else {
                Ok(Pace::NeedMore)
            };
        };
        *rest = &rest[end - before..];
        self.head.truncate(end);
        let parsed = head::read(&self.head)?;
        if is_interim(parsed.status) {
            self.interim += 1;
            if self.interim > MOST_INTERIM {
                return Err(Failure::NotHttp(Malformed::Interim));
            }
            self.head.clear();
            return Ok(if rest.is_empty() { Pace::NeedMore } else { Pace::GoOn });
        }
        self.parsed = Some(parsed);
        self.phase = match parsed.framing {
            Framing::Length(left) => Phase::Length { left },
            Framing::Chunked => Phase::ChunkLine,
            Framing::UntilClose => Phase::UntilClose,
        };
        Ok(Pace::GoOn)
    }

    /// Keeps up to `left` bytes of the body. Says how many are still to come, and whether the body is over the
    /// limit: then no more of it is wanted.
    fn keep_body(&mut self, rest: &mut &[u8], left: u64) -> (u64, Cut) {
        let here = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
        let room = self.largest_body - self.body.len();
        let taken = here.min(room);
        self.body.extend_from_slice(&rest[..taken]);
        *rest = &rest[taken..];
        (left - taken as u64, if here > room { Cut::Yes } else { Cut::No })
    }

    /// Moves a line to `self.line`, with its line feed. Some if it is complete.
    fn read_line(&mut self, rest: &mut &[u8], longest: usize) -> Result<Option<()>, Failure> {
        let end = memchr::memchr(b'\n', rest).map(|at| at + 1);
        let taken = end.unwrap_or(rest.len());
        if self.line.len() + taken > longest {
            return Err(Failure::TooLarge);
        }
        self.line.extend_from_slice(&rest[..taken]);
        *rest = &rest[taken..];
        Ok(end.map(|_| ()))
    }

    fn read_chunk_line(&mut self, rest: &mut &[u8]) -> Result<Pace, Failure> {
        if self.read_line(rest, LONGEST_CHUNK_LINE)?.is_none() {
            return Ok(Pace::NeedMore);
        }
        let size = chunk_size(&self.line).ok_or(Failure::NotHttp(Malformed::Chunk))?;
        self.line.clear();
        self.phase =
            if size == 0 { Phase::Trailers { begin: 0 } } else { Phase::ChunkData { left: size } };
        Ok(Pace::GoOn)
    }

    fn read_chunk_end(&mut self, rest: &mut &[u8], seen: SeenReturn) -> Result<Pace, Failure> {
        let Some((first, after)) = rest.split_first() else {
            return Ok(Pace::NeedMore);
        };
        *rest = after;
        self.phase = match (seen, first) {
            (SeenReturn::No, b'\r') => Phase::ChunkEnd { seen_return: SeenReturn::Yes },
            (SeenReturn::Yes, b'\n') => Phase::ChunkLine,
            _ => return Err(Failure::NotHttp(Malformed::Chunk)),
        };
        Ok(Pace::GoOn)
    }

    /// Trailers are read and dropped. Their lines are collected, so that their size is bounded as a whole.
    fn read_trailers(&mut self, rest: &mut &[u8], begin: usize) -> Result<Pace, Failure> {
        if self.read_line(rest, LARGEST_HEAD)?.is_none() {
            return Ok(Pace::NeedMore);
        }
        if matches!(&self.line[begin..], b"\r\n" | b"\n") {
            return Ok(Pace::Whole);
        }
        self.phase = Phase::Trailers { begin: self.line.len() };
        Ok(Pace::GoOn)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Yes,
    No,
}

/// Where the head and the body of a whole reply end.
struct Split {
    head: usize,
    body: usize,
}

/// The usual case: head and body of known length are in one piece.
fn whole_in(piece: &[u8], largest_body: usize) -> Result<Option<(Head, Split)>, Failure> {
    if !head::begins_like_http(piece) {
        return Err(Failure::NotHttp(Malformed::Protocol));
    }
    let Some(end) = head::end(piece, 0).filter(|end| *end <= LARGEST_HEAD) else {
        return Ok(None);
    };
    let parsed = head::read(&piece[..end])?;
    if is_interim(parsed.status) {
        return Ok(None);
    }
    let Framing::Length(length) = parsed.framing else {
        return Ok(None);
    };
    match usize::try_from(length) {
        Ok(length) if length <= largest_body && length <= piece.len() - end => {
            Ok(Some((parsed, Split { head: end, body: end + length })))
        }
        _ => Ok(None),
    }
}

/// 101 is a final reply: the receiver switches protocols after it.
fn is_interim(status: u16) -> bool {
    status < 200 && status != 101
}

/// The size at the beginning of a line; extensions after it do not matter.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let line = line.strip_suffix(b"\r\n")?;
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii_end();
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let mut size: u64 = 0;
    for digit in digits {
        size = size << 4 | u64::from(char::from(*digit).to_digit(16)?);
    }
    Some(size)
}

#[cfg(test)]
#[path = "decoder/tests.rs"]
mod tests;

// Miri is too slow for it, and hyper is not what it should look at.
#[cfg(all(test, not(miri)))]
#[path = "decoder/against_hyper.rs"]
mod against_hyper;
