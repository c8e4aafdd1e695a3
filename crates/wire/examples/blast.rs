//! Sends one fixed request over and over and prints the rate and what it costs the client's thread.
//!
//! ```console
//! $ blast sink 8099                         # a receiver that only looks for the end of a request
//! $ blast uring 127.0.0.1:8099 64 5         # or `epoll`, `auto`: address, connections, seconds
//! ```

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["sink", port] => linux::sink(port.parse()?),
        [kind, address, connections, seconds] => linux::blast(
            kind,
            address.parse()?,
            connections.parse()?,
            std::time::Duration::from_secs_f64(seconds.parse()?),
        ),
        _ => {
            Err("usage: blast sink PORT | blast uring|epoll|auto ADDRESS CONNECTIONS SECONDS"
                .into())
        }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::error::Error;
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpListener, TcpStream};
    use std::time::{Duration, Instant};

    use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
    use rustix::time::{ClockId, clock_gettime};
    use standin_wire::{Config, Engine, Failure, Next, Reply, Wanted, Work};

    /// The size of a usual webhook's body.
    const BODY: usize = 1590;
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    struct Fixed {
        request: Vec<u8>,
        until: Option<Instant>,
        duration: Duration,
        replies: u64,
        failures: u64,
        bytes: u64,
        slowest: Duration,
    }

    impl Work for Fixed {
        fn next(&mut self, connection: usize, now: Instant, buffer: &mut Vec<u8>) -> Next {
            let until = *self.until.get_or_insert(now + self.duration);
            if now >= until {
                return Next::Finished;
            }
            if buffer.is_empty() {
                buffer.extend_from_slice(&self.request);
            }
            Next::Send(connection as u64)
        }

        fn done(&mut self, _: usize, _: u64, result: Result<Reply<'_>, Failure>, _: Instant) {
            match result {
                Ok(reply) if reply.status == 200 => {
                    self.replies += 1;
                    self.bytes += reply.head.len() as u64;
                    self.slowest = self.slowest.max(reply.received - reply.sent);
                }
                _ => self.failures += 1,
            }
        }
    }

    /// The processor time of this thread.
    fn used() -> Duration {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.cast_unsigned(), u32::try_from(time.tv_nsec).unwrap_or(0))
    }

    pub fn blast(
        kind: &str,
        address: SocketAddr,
        connections: usize,
        duration: Duration,
    ) -> Result<(), Box<dyn Error>> {
        let wanted = match kind {
            "uring" => Wanted::IoUring,
            "epoll" => Wanted::Epoll,
            _ => Wanted::Auto,
        };
        let mut request = format!(
            "POST /hooks HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {BODY}\r\n\r\n"
        )
        .into_bytes();
        request.resize(request.len() + BODY, b'x');
        let mut work = Fixed {
            request,
            until: None,
            duration,
            replies: 0,
            failures: 0,
            bytes: 0,
            slowest: Duration::ZERO,
        };
        let mut engine = Engine::new(Config { connections, wanted, ..Config::new(address) })?;
        let before = used();
        engine.run(&mut work)?;
        let used = used() - before;
        println!(
            "{}: {:.0} requests/s, {:.2} us of CPU per request, {} replies, {} failures, slowest {:?}, {:?}",
            engine.choice().reason,
            work.replies as f64 / duration.as_secs_f64(),
            used.as_secs_f64() * 1e6 / work.replies.max(1) as f64,
            work.replies,
            work.failures,
            work.slowest,
            engine.counters(),
        );
        Ok(())
    }

    struct Peer {
        stream: TcpStream,
        /// Bytes of the request that are still to come; its head came with its first bytes.
        left: usize,
    }

    /// Answers each request. It relies on a client like the above: a head is never split.
    pub fn sink(port: u16) -> Result<(), Box<dyn Error>> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        listener.set_nonblocking(true)?;
        let set = epoll::create(CreateFlags::CLOEXEC)?;
        epoll::add(&set, &listener, EventData::new_u64(u64::MAX), EventFlags::IN)?;
        let mut peers: Vec<Option<Peer>> = Vec::new();
        let mut events = Vec::with_capacity(1024);
        let mut piece = vec![0; 64 * 1024];
        loop {
            events.clear();
            epoll::wait(&set, rustix::buffer::spare_capacity(&mut events), None)?;
            for event in &events {
                let data = event.data;
                let index = data.u64();
                if index == u64::MAX {
                    while let Ok((stream, _)) = listener.accept() {
                        stream.set_nonblocking(true)?;
                        stream.set_nodelay(true)?;
                        let data = EventData::new_u64(peers.len() as u64);
                        epoll::add(&set, &stream, data, EventFlags::IN)?;
                        peers.push(Some(Peer { stream, left: 0 }));
                    }
                } else if let Some(peer) = &mut peers[index as usize]
                    && serve(peer, &mut piece).is_err()
                {
                    peers[index as usize] = None;
                }
            }
        }
    }

    fn serve(peer: &mut Peer, piece: &mut [u8]) -> Result<(), Box<dyn Error>> {
        let length = peer.stream.read(piece)?;
        if length == 0 {
            return Err("closed".into());
        }
        let mut bytes = &piece[..length];
        if peer.left == 0 {
            let end = memchr::memmem::find(bytes, b"\r\n\r\n").ok_or("a head was split")? + 4;
            peer.left = end + announced(&bytes[..end]).ok_or("no length")?;
        }
        bytes = &bytes[..bytes.len().min(peer.left)];
        peer.left -= bytes.len();
        if peer.left == 0 {
            peer.stream.write_all(ANSWER)?;
        }
        Ok(())
    }

    fn announced(head: &[u8]) -> Option<usize> {
        head.split(|byte| *byte == b'\n').find_map(|line| {
            let (name, value) = line.split_at_checked(15)?;
            if !name.eq_ignore_ascii_case(b"content-length:") {
                return None;
            }
            std::str::from_utf8(value.trim_ascii()).ok()?.parse().ok()
        })
    }
}
