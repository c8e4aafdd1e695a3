//! A receiver on a free port that records requests byte for byte. It accepts everything, or gives
//! the answers that a test sets.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Heard {
    head: String,
    /// Its body.
    pub body: Vec<u8>,
}

/// A running receiver.
pub struct Listener {
    /// Its base URL.
    pub url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Heard {
    /// Where it went: the path.
    pub fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The values of the header lines of this name, in order.
    pub fn header(&self, name: &str) -> Vec<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(':'));
        let named = pairs.filter(|(found, _)| found.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.trim()).collect()
    }
}

impl Listener {
    /// Starts a receiver whose answers have these header lines, each ended by a line break.
    pub async fn start(headers: &'static str) -> Self {
        Self::answering(move |_| format!("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n{headers}\r\n"))
            .await
    }

    /// Starts a receiver that gives these answers.
    pub async fn answering(answer: impl Fn(&Heard) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that disconnects early does not affect the next one.
                let _ = serve(stream, &answer, &kept).await;
            }
        });
        Self { url, heard }
    }

    /// The recorded requests, in order.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("nobody panics with it").clone()
    }
}

/// Reads one request, records it and answers it. `None` if the client disconnects early.
async fn serve(
    mut stream: TcpStream,
    answer: &(impl Fn(&Heard) -> String + Sync),
    kept: &Mutex<Vec<Heard>>,
) -> Option<()> {
    let mut read = Vec::new();
    let end = loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&read[..end]).into_owned();
    let mut heard = Heard { head, body: read.split_off(end) };
    let length: usize = heard.header("content-length").first()?.parse().ok()?;
    while heard.body.len() < length {
        if stream.read_buf(&mut heard.body).await.ok()? == 0 {
            return None;
        }
    }
    let answer = answer(&heard);
    kept.lock().expect("nobody panics with it").push(heard);
    stream.write_all(answer.as_bytes()).await.ok()
}
