//! Sends one fixed request over and over and prints the rate and what it costs the client's thread.
//!
//! ```console
//! $ blast uring 127.0.0.1:8099 64 5 1590    # address, connections, seconds, bytes of the body
//! ```
//!
//! `uring`, `epoll` and `auto` are engines of the crate. `floor` is the least that any client can do:
//! epoll, one send and one read for each request, no answer looked at, nothing counted but their number.
//! The example `sink` is a receiver for it.

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [kind, address, connections, seconds, bytes] => linux::blast(
            kind,
            address.parse()?,
            connections.parse()?,
            std::time::Duration::from_secs_f64(seconds.parse()?),
            bytes.parse()?,
        ),
        _ => Err("usage: blast uring|epoll|auto|floor ADDRESS CONNECTIONS SECONDS BYTES".into()),
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::error::Error;
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpStream};
    use std::time::{Duration, Instant};

    use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
    use rustix::time::{ClockId, clock_gettime};
    use standin_wire::{Config, Engine, Failure, Next, Reply, Wanted, Work};

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

    /// What a clock shows: the time, or the processor time of this thread.
    fn clock(id: ClockId) -> Duration {
        let time = clock_gettime(id);
        Duration::new(time.tv_sec.cast_unsigned(), u32::try_from(time.tv_nsec).unwrap_or(0))
    }

    pub fn blast(
        kind: &str,
        address: SocketAddr,
        connections: usize,
        duration: Duration,
        bytes: usize,
    ) -> Result<(), Box<dyn Error>> {
        let mut request = format!(
            "POST /hooks HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {bytes}\r\n\r\n"
        )
        .into_bytes();
        request.resize(request.len() + bytes, b'x');
        if kind == "floor" {
            return floor(&request, address, connections, duration);
        }
        let wanted = match kind {
            "uring" => Wanted::IoUring,
            "epoll" => Wanted::Epoll,
            _ => Wanted::Auto,
        };
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
        let before = clock(ClockId::ThreadCPUTime);
        engine.run(&mut work)?;
        let used = clock(ClockId::ThreadCPUTime) - before;
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

    /// The least that a client can do.
    fn floor(
        request: &[u8],
        address: SocketAddr,
        connections: usize,
        duration: Duration,
    ) -> Result<(), Box<dyn Error>> {
        let set = epoll::create(CreateFlags::CLOEXEC)?;
        let mut streams = Vec::with_capacity(connections);
        for index in 0..connections {
            let mut stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            epoll::add(&set, &stream, EventData::new_u64(index as u64), EventFlags::IN)?;
            stream.write_all(request)?;
            streams.push(stream);
        }
        let mut events = Vec::with_capacity(1024);
        let mut piece = [0; 4096];
        let (before, end, mut answers) =
            (clock(ClockId::ThreadCPUTime), clock(ClockId::Monotonic) + duration, 0_u64);
        while clock(ClockId::Monotonic) < end {
            events.clear();
            epoll::wait(&set, rustix::buffer::spare_capacity(&mut events), None)?;
            for event in &events {
                let data = event.data;
                let stream = &mut streams[data.u64() as usize];
                if stream.read(&mut piece)? == 0 {
                    return Err("the receiver closed a connection".into());
                }
                stream.write_all(request)?;
                answers += 1;
            }
        }
        let (rate, cost) =
            (answers as f64 / duration.as_secs_f64(), clock(ClockId::ThreadCPUTime) - before);
        let each = cost.as_secs_f64() * 1e6 / answers.max(1) as f64;
        println!("floor: {rate:.0} requests/s, {each:.2} us of CPU per request");
        Ok(())
    }
}
