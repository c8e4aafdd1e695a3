//! Connections, and those that are kept for the next request to the same place: persistent connections
//! (RFC 9112, section 9.3).

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::client::conn::http1;
use url::{Position, Url};

use super::limit::Allowance;
use super::spelling::Names;
use crate::clock::Stopwatch;

/// The body of a request: whole, or in pieces.
pub type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Moves the bytes of a connection until it ends.
pub type Driver = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A connection over which one request goes at a time.
pub struct Connection {
    /// Sends requests.
    pub sender: http1::SendRequest<Body>,
    /// Moves the bytes. `None` once it has ended.
    pub driver: Option<Driver>,
    /// How much may still be read.
    pub allowance: Allowance,
    /// How the names of the next headers are written.
    pub names: Names,
}

/// The most connections to one place that are kept.
const MOST: usize = 64;

/// How long one is kept. Node's servers close what has been idle for five seconds, and some balancers drop it
/// without a word.
const IDLE: Duration = Duration::from_secs(4);

/// Connections that wait for the next request, and since when. Clones share them.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Places>>);

/// By scheme, host and port.
type Places = BTreeMap<String, Vec<(Stopwatch, Connection)>>;

impl Connection {
    /// Whether it can take a request at once.
    fn is_ready(&mut self) -> bool {
        let Self { sender, driver, .. } = self;
        let ready = beside(driver, sender.ready()).now_or_never();
        matches!(ready, Some(Ok(()))) && driver.is_some()
    }
}

/// Does some work of an exchange while its connection moves. Nothing of it goes on afterwards.
pub async fn beside<T>(driver: &mut Option<Driver>, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    poll_fn(|context| {
        if driver.as_mut().is_some_and(|driver| driver.as_mut().poll(context).is_ready()) {
            *driver = None;
        }
        work.as_mut().poll(context)
    })
    .await
}

impl Kept {
    /// A connection to the place of this URL that the other side has not closed.
    pub fn take(&self, url: &Url) -> Option<Connection> {
        loop {
            let (idle, mut connection) = self.places().get_mut(place(url))?.pop()?;
            if idle.elapsed() < IDLE && connection.is_ready() {
                connection.allowance.renew();
                return Some(connection);
            }
        }
    }

    /// Keeps a connection over which a whole answer came, unless the request is not all sent.
    pub fn keep(&self, url: &Url, mut connection: Connection) {
        if !connection.is_ready() {
            return;
        }
        let mut places = self.places();
        let kept = places.entry(place(url).to_owned()).or_default();
        if kept.len() < MOST {
            kept.push((Stopwatch::start(), connection));
        }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Scheme, host and port.
fn place(url: &Url) -> &str {
    &url[..Position::AfterPort]
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count: usize = self.places().values().map(Vec::len).sum();
        write!(f, "Kept({count})")
    }
}
