//! A receiver that follows a script, byte by byte, on a free port of this machine.
//!
//! It knows HTTP only so far that it finds the end of a request, so it can do anything wrong. It
//! counts the bytes that it could write, and its connections.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Interval, MissedTickBehavior};

/// One thing that a receiver does with a connection.
#[derive(Clone, Debug)]
pub enum Step {
    /// Reads the request up to its body.
    ReadHead,
    /// Reads half of the request's body.
    ReadHalf,
    /// Reads the rest of the request.
    ReadRest,
    /// Reads one byte now and then, until the client has gone.
    Sip,
    /// Writes these bytes.
    Say(Vec<u8>),
    /// Writes these bytes over and over, as fast as they are taken.
    Flood(&'static [u8]),
    /// Writes these bytes over and over, about a megabyte a second. So a receiver that goes on
    /// until the time-out does not slow down the others.
    Pour(&'static [u8]),
    /// Writes these bytes over and over, one at a time and slowly.
    Dribble(&'static [u8]),
    /// Does nothing, not even read, until the client must have given up.
    Hang,
    /// Closes the writing half of the connection.
    Close,
    /// Resets the connection.
    Reset,
}

/// What a receiver does with every connection that it gets.
pub type Script = Vec<Step>;

/// The path that only the tests use.
const PATH: &str = "/hostile/receiver";

/// The most bytes of a flood: a gigabyte.
const FLOOD_LIMIT: usize = 1 << 30;

/// The pause after each byte of a slow receiver. No answer is complete within the tests' time-out.
const SLOW: Duration = Duration::from_millis(20);

/// How long after an attempt its connection may stay open, on a busy machine.
const CLOSED_WITHIN: Duration = Duration::from_secs(8);

/// A running receiver.
pub struct Receiver {
    /// Where it listens.
    pub address: SocketAddr,
    over: watch::Sender<bool>,
    task: JoinHandle<Seen>,
}

/// What a receiver saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// How many connections it got.
    pub connections: usize,
    /// How many bytes it could write, over all connections.
    pub written: usize,
    /// What it read, over all connections.
    pub read: Vec<u8>,
    /// A read or write that failed: the client reset the connection, or left before the end.
    pub broken: Option<io::ErrorKind>,
}

impl Receiver {
    /// Starts a receiver that follows this script.
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (over, hint) = watch::channel(false);
        Self { address, over, task: tokio::spawn(serve(listener, script, hint)) }
    }

    /// The URL of this receiver.
    pub fn url(&self) -> String {
        format!("http://{}{PATH}", self.address)
    }

    /// Ends it after the attempt, once the client has closed every connection of its own accord.
    ///
    /// # Errors
    /// If the client keeps a connection open.
    pub async fn finish(self) -> Result<Seen, String> {
        self.over.send_replace(true);
        match tokio::time::timeout(CLOSED_WITHIN, self.task).await {
            Ok(seen) => Ok(seen.expect("a receiver does not panic")),
            Err(_) => Err(format!("the connection was still open after {CLOSED_WITHIN:?}")),
        }
    }
}

impl Seen {
    /// Ports are reused. A program on this machine may still look for the receiver that had this
    /// port before. It requests another path.
    fn is_of_a_stranger(&self) -> bool {
        let text = String::from_utf8_lossy(&self.read);
        let target = text.strip_prefix("GET ").or_else(|| text.strip_prefix("POST "));
        target.is_some_and(|target| !target.starts_with(PATH))
    }
}

async fn serve(listener: TcpListener, script: Script, over: watch::Receiver<bool>) -> Seen {
    let mut visits = JoinSet::new();
    let mut end = over.clone();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                visits.spawn(visit(stream, script.clone(), over.clone()));
            }
            _ = end.wait_for(|over| *over) => break,
        }
    }
    // A connection in the backlog counts too.
    let listener = listener.into_std().expect("a listener");
    while let Ok((stream, _)) = listener.accept() {
        stream.set_nonblocking(true).expect("a socket");
        let stream = TcpStream::from_std(stream).expect("a socket");
        visits.spawn(visit(stream, script.clone(), over.clone()));
    }
    let mut seen = Seen::default();
    while let Some(visit) = visits.join_next().await {
        let visit = visit.expect("a visit does not panic");
        if visit.is_of_a_stranger() {
            continue;
        }
        seen.connections += 1;
        seen.written += visit.written;
        seen.read.extend(visit.read);
        seen.broken = seen.broken.or(visit.broken);
    }
    seen
}

/// A connection in progress.
struct Visit {
    stream: TcpStream,
    over: watch::Receiver<bool>,
    seen: Seen,
    /// How long the request's body is, once its head was read.
    body: usize,
}

async fn visit(stream: TcpStream, script: Script, over: watch::Receiver<bool>) -> Seen {
    let resets = matches!(script.last(), Some(Step::Reset));
    let mut visit = Visit { stream, over, seen: Seen::default(), body: 0 };
    let mut result = Ok(());
    for step in &script {
        result = visit.step(step).await;
        if result.is_err() {
            break;
        }
    }
    if !resets {
        // The client must close the connection by itself, whatever happened to it.
        result = result.and(visit.drain().await);
    }
    visit.seen.broken = result.err().map(|error| error.kind());
    visit.seen
}

impl Visit {
    async fn step(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::ReadHead => self.read_head().await,
            Step::ReadHalf => self.read(self.body / 2).await,
            Step::ReadRest => self.read(self.body).await,
            Step::Sip => self.sip().await,
            Step::Say(bytes) => self.say(bytes).await,
            Step::Flood(bytes) => self.flood(bytes).await,
            Step::Pour(bytes) => self.pour(bytes).await,
            Step::Dribble(bytes) => self.dribble(bytes).await,
            Step::Hang => self.hang().await,
            Step::Close => self.stream.shutdown().await,
            Step::Reset => self.stream.set_zero_linger(),
        }
    }

    /// Reads nothing beyond the head, so that the body stays unread.
    async fn read_head(&mut self) -> io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.stream.read_u8().await?);
        }
        self.body = content_length(&head);
        self.seen.read.extend(head);
        Ok(())
    }

    async fn read(&mut self, count: usize) -> io::Result<()> {
        let end = self.seen.read.len() + count;
        while self.seen.read.len() < end {
            let left = (end - self.seen.read.len()) as u64;
            if (&mut self.stream).take(left).read_buf(&mut self.seen.read).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        self.body -= count;
        Ok(())
    }

    async fn sip(&mut self) -> io::Result<()> {
        let mut timer = pace(SLOW);
        while !*self.over.borrow() {
            timer.tick().await;
            self.stream.read_u8().await?;
        }
        Ok(())
    }

    async fn say(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let count = self.stream.write(rest).await?;
            self.seen.written += count;
            rest = &rest[count..];
        }
        Ok(())
    }

    async fn flood(&mut self, bytes: &'static [u8]) -> io::Result<()> {
        let many = bytes.repeat(64 * 1024 / bytes.len() + 1);
        while self.seen.written < FLOOD_LIMIT {
            self.say(&many).await?;
        }
        Ok(())
    }

    async fn pour(&mut self, bytes: &'static [u8]) -> io::Result<()> {
        let some = bytes.repeat(1024 / bytes.len() + 1);
        let mut timer = pace(Duration::from_millis(1));
        while !*self.over.borrow() {
            timer.tick().await;
            self.say(&some).await?;
        }
        Ok(())
    }

    async fn dribble(&mut self, bytes: &'static [u8]) -> io::Result<()> {
        let mut timer = pace(SLOW);
        for byte in bytes.iter().cycle() {
            timer.tick().await;
            if *self.over.borrow() {
                break;
            }
            self.say(&[*byte]).await?;
        }
        Ok(())
    }

    async fn hang(&mut self) -> io::Result<()> {
        self.over.wait_for(|over| *over).await.map(|_| ()).map_err(io::Error::other)
    }

    async fn drain(&mut self) -> io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match self.stream.read(&mut buffer).await? {
                0 => return Ok(()),
                count => self.seen.read.extend(&buffer[..count]),
            }
        }
    }
}

/// Ticks at this pace. After a delay on a busy machine, it does not catch up.
fn pace(pause: Duration) -> Interval {
    let mut timer = tokio::time::interval(pause);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    timer
}

/// The length of the body, as the head of a request gives it. Zero if it gives none.
fn content_length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_lowercase();
    head.lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|length| length.trim().parse().ok())
        .unwrap_or(0)
}
