//! Which engine is chosen, and that io_uring works with less than the best kernel.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Instant;

use super::*;
use crate::uring::probe;
use crate::{Failure, Next, Reply};

fn config(address: SocketAddr, wanted: Wanted) -> Config {
    Config { connections: 8, wanted, ..Config::new(address) }
}

fn nowhere() -> SocketAddr {
    ([127, 0, 0, 1], 1).into()
}

#[test]
fn epoll_takes_over_where_io_uring_is_forbidden_and_says_why() {
    let forbidden = || Err("no ring: Operation not permitted (os error 1)".to_owned());
    let (_, choice) = choose(&config(nowhere(), Wanted::Auto), forbidden).unwrap();
    assert_eq!(choice.kind, Kind::Epoll);
    assert_eq!(
        choice.reason,
        "io_uring cannot be used: no ring: Operation not permitted (os error 1)"
    );
}

#[test]
fn io_uring_alone_is_an_error_where_it_is_forbidden() {
    let forbidden = || Err("no ring".to_owned());
    let error = choose(&config(nowhere(), Wanted::IoUring), forbidden).err().unwrap();
    assert_eq!(
        (error.kind(), error.to_string()),
        (io::ErrorKind::Unsupported, "no ring".to_owned())
    );
}

/// Answers requests without body; every third answer ends its connection.
fn receiver() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    address
}

fn answer(mut stream: TcpStream) {
    let mut piece = [0; 1024];
    for number in 1.. {
        match stream.read(&mut piece) {
            Ok(length) if piece[..length].ends_with(b"\r\n\r\n") => {}
            _ => return,
        }
        let reply: &[u8] = if number % 3 == 0 {
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nc"
        } else {
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nk"
        };
        if stream.write_all(reply).is_err() || number % 3 == 0 {
            return;
        }
    }
}

struct Some400 {
    sent: usize,
    replies: usize,
}

impl Work for Some400 {
    fn next(&mut self, _: usize, _: Instant, buffer: &mut Vec<u8>) -> Next {
        if self.sent == 400 {
            return Next::Finished;
        }
        self.sent += 1;
        buffer.clear();
        buffer.extend_from_slice(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        Next::Send(0)
    }

    fn done(&mut self, _: usize, _: u64, result: Result<Reply<'_>, Failure>, _: Instant) {
        assert_eq!(result.map(|reply| reply.body.len()), Ok(1));
        self.replies += 1;
    }
}

/// Runs 400 requests. More than a third of them open a connection again, so descriptors are used again and again.
fn works_with(features: Features, prepare: impl Fn(&mut Uring)) {
    let config = config(receiver(), Wanted::IoUring);
    let (mut driver, choice) = choose(&config, || Ok(features)).unwrap();
    if let AnyDriver::Uring(driver) = &mut driver {
        prepare(driver);
    }
    let mut engine = Engine::with(config, driver, choice);
    let mut work = Some400 { sent: 0, replies: 0 };
    engine.run(&mut work).unwrap();
    assert_eq!(work.replies, 400);
    assert!(engine.counters().connects > 100);
}

#[test]
fn io_uring_works_in_every_setup_with_and_without_registered_sockets() {
    let Ok(best) = probe::check() else { return };
    let setups = uring::setups().into_iter().skip_while(|setup| *setup != best.setup);
    for setup in setups {
        works_with(Features { setup }, |_| {});
        works_with(Features { setup }, Uring::without_slots);
    }
}
