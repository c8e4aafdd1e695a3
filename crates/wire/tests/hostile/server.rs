//! Receivers from plain threads: each connection is given to a closure, together with its number.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a receiver waits for anything, so that a failed test ends.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Server {
    pub address: SocketAddr,
    /// Connections that were accepted.
    pub accepted: Arc<AtomicUsize>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Calls `serve` for each connection, on a thread of its own.
    pub fn start(serve: impl Fn(usize, TcpStream) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let accepted = Arc::new(AtomicUsize::new(0));
        let ended = Arc::new(AtomicBool::new(false));
        let (count, end, serve) = (accepted.clone(), ended.clone(), Arc::new(serve));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
                stream.set_write_timeout(Some(PATIENCE)).expect("a time-out");
                let number = count.fetch_add(1, Ordering::SeqCst);
                let serve = serve.clone();
                std::thread::spawn(move || serve(number, stream));
            }
        });
        Server { address, accepted, ended, thread: Some(thread) }
    }

    /// Answers each request with these bytes.
    pub fn answering(bytes: impl Into<Vec<u8>>) -> Server {
        let bytes = bytes.into();
        Server::start(move |_, mut stream| {
            while read_request(&mut stream).is_some() {
                if stream.write_all(&bytes).is_err() {
                    return;
                }
            }
        })
    }

    /// Answers one request per connection with these bytes and closes.
    pub fn answering_once(bytes: impl Into<Vec<u8>>) -> Server {
        let bytes = bytes.into();
        Server::start(move |_, mut stream| {
            if read_request(&mut stream).is_some() {
                let _ = stream.write_all(&bytes);
                let _ = stream.shutdown(Shutdown::Write);
                drain(&mut stream);
            }
        })
    }

    pub fn connections(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Keeps receivers from going on until the test lets them, or is over.
pub struct Gate(Mutex<Receiver<()>>);

impl Gate {
    /// The gate opens when the sender is dropped.
    pub fn new() -> (Sender<()>, Gate) {
        let (open, gate) = channel();
        (open, Gate(Mutex::new(gate)))
    }

    pub fn wait(&self) {
        // Nothing is ever sent: it ends because the sender is gone, or because too much time is.
        let _ = self.0.lock().expect("nobody panics here").recv_timeout(PATIENCE);
    }
}

/// Reads one request; its body, or nothing if the connection ended first.
pub fn read_request(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("text");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.unwrap_or("0").parse().expect("a number")];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}

/// Reads until the other side has closed.
pub fn drain(stream: &mut TcpStream) {
    let mut piece = [0; 4096];
    while stream.read(&mut piece).is_ok_and(|length| length > 0) {}
}

/// Makes the kernel answer with a reset when the stream is dropped: bytes are left unread, and no time to linger.
pub fn reset(stream: TcpStream) {
    rustix::net::sockopt::set_socket_linger(&stream, Some(Duration::ZERO)).expect("no lingering");
    drop(stream);
}
