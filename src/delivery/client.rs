//! One exchange over HTTP/1.1, on a connection of its own.
//!
//! It does nothing by itself: no redirects, no proxy, and no connection that is used again, so that a
//! receiver that closes idle connections is not blamed for it. What it reads of an answer is bounded
//! in bytes, whatever form they have.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{FutureExt as _, future};
use http_body_util::BodyExt as _;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, HOST, HeaderMap, HeaderValue, USER_AGENT};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Position, Url};

use super::limit::Limited;
use super::trust::Trust;
use super::{classify, resolve};
use crate::model::Failure;

/// The name that requests give to the receiver.
pub const OWN_NAME: &str = concat!("standin/", env!("CARGO_PKG_VERSION"));

/// The largest head of an answer, in bytes.
const LARGEST_HEAD: usize = 64 * 1024;

/// How long the addresses of one family are tried before those of the other, too (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(300);

/// The body of a request: whole, or in pieces.
pub type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Moves the bytes of a connection until it ends.
type Driver = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What sends requests on a connection, and what moves its bytes.
type Connection = (http1::SendRequest<Body>, Option<Driver>);

/// In which case the names of headers are sent. To a receiver it must not matter (RFC 9110, section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderCase {
    /// `Content-Type`, as vendors document them.
    Title,
    /// `content-type`.
    Lower,
}

/// Makes connections and sends one request on each.
#[derive(Clone, Debug)]
pub struct Client {
    tls: Arc<rustls::ClientConfig>,
    connect_within: Duration,
}

impl Client {
    /// A client that gives up connecting after this long, and accepts certificates of these authorities.
    ///
    /// # Errors
    /// If the platform's certificates cannot be read.
    pub fn new(trust: &Trust, connect_within: Duration) -> Result<Self, rustls::Error> {
        Ok(Self { tls: trust.tls()?, connect_within })
    }

    /// Sends a request and waits for the head of its answer. The URL takes the place of its URI.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn send(&self, url: &Url, request: Request<Body>) -> Result<Answering, Failure> {
        self.send_with(HeaderCase::Title, url, request).await
    }

    /// The same, with the names of headers in this case.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn send_with(
        &self,
        case: HeaderCase,
        url: &Url,
        mut request: Request<Body>,
    ) -> Result<Answering, Failure> {
        address(url, &mut request)?;
        let (mut sender, mut driver) = self.connect_in_time(case, url).await?;
        let sending = sender.send_request(request);
        let answer = beside(&mut driver, sending).await;
        let (head, body) = answer.map_err(|error| classify::failure(&error))?.into_parts();
        Ok(Answering { status: head.status.as_u16(), headers: head.headers, body, driver })
    }

    /// Sends a request, and closes the connection after this time or when an answer begins.
    ///
    /// # Errors
    /// Why the request was not sent, or why the connection ended before.
    pub async fn hang_up(
        &self,
        url: &Url,
        mut request: Request<Body>,
        after: Duration,
    ) -> Result<(), Failure> {
        address(url, &mut request)?;
        let (mut sender, mut driver) = self.connect_in_time(HeaderCase::Title, url).await?;
        let sending = sender.send_request(request);
        match tokio::time::timeout(after, beside(&mut driver, sending)).await {
            Ok(Err(error)) => Err(classify::failure(&error)),
            Ok(Ok(_)) | Err(_) => Ok(()),
        }
    }

    async fn connect_in_time(&self, case: HeaderCase, url: &Url) -> Result<Connection, Failure> {
        let connecting = tokio::time::timeout(self.connect_within, self.connect(case, url));
        connecting.await.unwrap_or_else(|_| Err(classify::no_connection_in_time()))
    }

    /// The status of the answer to a GET of this URL.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn status(&self, url: &Url) -> Result<u16, Failure> {
        Ok(self.send(url, Request::new(Body::default())).await?.status)
    }

    async fn connect(&self, case: HeaderCase, url: &Url) -> Result<Connection, Failure> {
        let stream = tcp(url).await.map_err(|error| classify::no_connection(&error))?;
        self.over(case, url, stream).await
    }

    /// Begins to speak HTTP over a TCP connection, with TLS if the URL says so.
    pub(super) async fn over(
        &self,
        case: HeaderCase,
        url: &Url,
        stream: TcpStream,
    ) -> Result<Connection, Failure> {
        if url.scheme() != "https" {
            return begin(case, stream).await;
        }
        let name = ServerName::try_from(host(url).to_owned())
            .map_err(|error| Failure::Unreachable(format!("no name for TLS: {error}")))?;
        let securing = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream);
        begin(case, securing.await.map_err(|error| classify::no_tls(&error))?).await
    }
}

/// An answer whose body is still to be read.
pub struct Answering {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    body: Incoming,
    driver: Option<Driver>,
}

impl Answering {
    /// The next piece of its body, if there is one.
    ///
    /// # Errors
    /// Why the body is not whole.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Failure> {
        while let Some(frame) = beside(&mut self.driver, self.body.frame()).await {
            let frame = frame.map_err(|error| classify::broken_body(&error))?;
            if let Ok(piece) = frame.into_data() {
                return Ok(Some(piece));
            }
        }
        Ok(None)
    }
}

/// The host in a URL, as it is looked up: without the brackets of an IPv6 address.
fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_matches(['[', ']'])
}

/// Puts the URL into a request, and says who sends it.
fn address(url: &Url, request: &mut Request<Body>) -> Result<(), Failure> {
    let unusable = |error: &dyn std::fmt::Display| {
        Failure::Local(format!("the URL cannot be put into a request: {error}"))
    };
    let target = &url[Position::BeforePath..Position::AfterQuery];
    *request.uri_mut() = Uri::try_from(target).map_err(|error| unusable(&error))?;
    let authority = &url[Position::BeforeHost..Position::AfterPort];
    let authority = HeaderValue::from_str(authority).map_err(|error| unusable(&error))?;
    let headers = request.headers_mut();
    headers.entry(HOST).or_insert(authority);
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(OWN_NAME));
    Ok(())
}

/// A TCP connection to the host of a URL: the addresses of the first family first, and soon those of the
/// other as well.
pub(super) async fn tcp(url: &Url) -> io::Result<TcpStream> {
    let port = url.port_or_known_default().unwrap_or(80);
    let addresses = resolve::addresses(host(url), port).await?;
    let (first, other): (Vec<_>, Vec<_>) =
        addresses.iter().partition(|one| one.is_ipv6() == addresses[0].is_ipv6());
    let mut trying = pin!(TcpStream::connect(&*first).fuse());
    let early = tokio::time::timeout(HEAD_START, &mut trying);
    let stream = match early.await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) if other.is_empty() => return Err(error),
        Ok(Err(_)) => TcpStream::connect(&*other).await?,
        Err(_) if other.is_empty() => trying.await?,
        Err(_) => {
            let both = [trying.boxed(), TcpStream::connect(&*other).boxed()];
            future::select_ok(both).await?.0
        }
    };
    // What is sent is complete, and need not wait for more.
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Begins to speak HTTP on a connection.
async fn begin<S>(case: HeaderCase, stream: S) -> Result<Connection, Failure>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let stream = TokioIo::new(Limited::new(stream));
    let mut builder = http1::Builder::new();
    builder.max_buf_size(LARGEST_HEAD).title_case_headers(case == HeaderCase::Title);
    let begun = builder.handshake(stream).await;
    let (sender, connection) = begun.map_err(|error| classify::failure(&error))?;
    // An error of the connection ends the exchange too, which tells of it.
    Ok((sender, Some(Box::pin(connection.map(|_| ())))))
}

/// Does some work of an exchange while its connection moves. Nothing of it goes on afterwards.
async fn beside<T>(driver: &mut Option<Driver>, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    poll_fn(|context| {
        if driver.as_mut().is_some_and(|driver| driver.as_mut().poll(context).is_ready()) {
            *driver = None;
        }
        work.as_mut().poll(context)
    })
    .await
}
