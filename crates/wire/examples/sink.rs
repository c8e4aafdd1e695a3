//! A receiver that costs as little as it can: it finds the end of each request by its
//! `content-length`, and answers 200. What a load generator reaches against it is the generator's
//! own limit, as long as the sink's core is not full.
//!
//! ```console
//! $ sink 8099                            # the port; 0 takes a free one, which is printed
//! $ curl http://127.0.0.1:8099/stats     # requests, bytes, seconds, processor time; then all are 0
//! ```

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [port] => linux::serve(port.parse()?),
        _ => Err("usage: sink PORT".into()),
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::error::Error;
    use std::io::{ErrorKind, Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::time::Duration;

    use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
    use rustix::time::{ClockId, clock_gettime};

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    /// For clients of HTTP/1.0, such as `ab -k`.
    const KEPT_ALIVE: &[u8] =
        b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n";
    const LISTENER: u64 = u64::MAX;

    /// A connection.
    struct Peer {
        stream: TcpStream,
        /// The part of a head that has come.
        begun: Vec<u8>,
        /// Bytes of the body that are still to come.
        left: usize,
        /// What is written when they have.
        answer: &'static [u8],
    }

    /// What was counted since the last look.
    struct Counts {
        requests: u64,
        /// Of the bodies.
        bytes: u64,
        first: Option<Duration>,
        last: Option<Duration>,
        used_before: Duration,
    }

    impl Counts {
        fn new() -> Self {
            Self {
                requests: 0,
                bytes: 0,
                first: None,
                last: None,
                used_before: clock(ClockId::ProcessCPUTime),
            }
        }

        fn shown(&self) -> String {
            let span =
                self.first.zip(self.last).map_or(Duration::ZERO, |(first, last)| last - first);
            format!(
                "{{\"requests\":{},\"bytes\":{},\"seconds\":{:.6},\"cpu\":{:.6}}}\n",
                self.requests,
                self.bytes,
                span.as_secs_f64(),
                (clock(ClockId::ProcessCPUTime) - self.used_before).as_secs_f64(),
            )
        }
    }

    /// What a clock shows: the time, or the processor time of this process.
    fn clock(id: ClockId) -> Duration {
        let time = clock_gettime(id);
        Duration::new(time.tv_sec.cast_unsigned(), u32::try_from(time.tv_nsec).unwrap_or(0))
    }

    /// Answers until it is killed.
    pub fn serve(port: u16) -> Result<(), Box<dyn Error>> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        listener.set_nonblocking(true)?;
        println!("http://{}", listener.local_addr()?);
        let set = epoll::create(CreateFlags::CLOEXEC)?;
        epoll::add(&set, &listener, EventData::new_u64(LISTENER), EventFlags::IN)?;
        let mut peers: Vec<Option<Peer>> = Vec::new();
        let mut counts = Counts::new();
        let mut events = Vec::with_capacity(1024);
        let mut piece = vec![0; 256 * 1024];
        loop {
            events.clear();
            epoll::wait(&set, rustix::buffer::spare_capacity(&mut events), None)?;
            let before = counts.requests;
            for event in &events {
                let data = event.data;
                if data.u64() == LISTENER {
                    accept(&listener, &set, &mut peers)?;
                } else if let Some(place) = peers.get_mut(data.u64() as usize)
                    && place.as_mut().is_some_and(|peer| !read(peer, &mut piece, &mut counts))
                {
                    *place = None;
                }
            }
            if counts.requests != before {
                counts.last = Some(clock(ClockId::Monotonic));
            }
        }
    }

    fn accept(
        listener: &TcpListener,
        set: &impl std::os::fd::AsFd,
        peers: &mut Vec<Option<Peer>>,
    ) -> Result<(), Box<dyn Error>> {
        while let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(true)?;
            stream.set_nodelay(true)?;
            let free = peers.iter().position(Option::is_none).unwrap_or(peers.len());
            epoll::add(set, &stream, EventData::new_u64(free as u64), EventFlags::IN)?;
            let peer = Peer { stream, begun: Vec::new(), left: 0, answer: ANSWER };
            match peers.get_mut(free) {
                Some(place) => *place = Some(peer),
                None => peers.push(Some(peer)),
            }
        }
        Ok(())
    }

    /// Reads what has come, and answers what is whole. False: the connection is over.
    fn read(peer: &mut Peer, piece: &mut [u8], counts: &mut Counts) -> bool {
        let length = match peer.stream.read(piece) {
            Ok(0) => return false,
            Ok(length) => length,
            Err(error) => return error.kind() == ErrorKind::WouldBlock,
        };
        let mut bytes = &piece[..length];
        while !bytes.is_empty() {
            if peer.left > 0 {
                let taken = bytes.len().min(peer.left);
                peer.left -= taken;
                bytes = &bytes[taken..];
            } else {
                let joined = [peer.begun.as_slice(), bytes];
                let known = peer.begun.len();
                let whole = if known == 0 { None } else { Some(joined.concat()) };
                let text = whole.as_deref().unwrap_or(bytes);
                let Some(end) = memchr::memmem::find(text, b"\r\n\r\n") else {
                    let head = text.to_vec();
                    peer.begun = head;
                    return peer.begun.len() < piece.len();
                };
                let head = &text[..end + 4];
                if head.starts_with(b"GET ") {
                    return look(peer, counts);
                }
                peer.left = announced(head);
                let old = memchr::memmem::find(&head[..head.len().min(2048)], b" HTTP/1.0\r\n");
                peer.answer = if old.is_some() { KEPT_ALIVE } else { ANSWER };
                counts.first.get_or_insert_with(|| clock(ClockId::Monotonic));
                counts.bytes += peer.left as u64;
                bytes = &bytes[head.len() - known..];
                peer.begun.clear();
            }
            if peer.left == 0 {
                counts.requests += 1;
                if peer.stream.write_all(peer.answer).is_err() {
                    return false;
                }
            }
        }
        true
    }

    /// Shows the counts, and begins anew.
    fn look(peer: &mut Peer, counts: &mut Counts) -> bool {
        let text = std::mem::replace(counts, Counts::new()).shown();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", text.len());
        // The connection is closed in any case.
        let _ = peer.stream.write_all((head + &text).as_bytes());
        false
    }

    /// The length of the body that a head announces.
    fn announced(head: &[u8]) -> usize {
        let lines = head.split(|byte| *byte == b'\n');
        let mut length = lines.filter_map(|line| {
            let (name, value) = line.split_at_checked(15)?;
            let right = name.eq_ignore_ascii_case(b"content-length:");
            right.then(|| std::str::from_utf8(value.trim_ascii()).ok()?.parse().ok()).flatten()
        });
        length.next().unwrap_or(0)
    }
}
