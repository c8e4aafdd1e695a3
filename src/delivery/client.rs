//! One exchange over HTTP/1.1, by default on a connection of its own.
//!
//! It does nothing by itself: no redirects, no proxy, and no connection that is used again unless that is
//! wished. A receiver that closes such a connection is not blamed for it: the request goes over another.
//! What it reads of an answer is bounded in bytes, whatever form they have.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{FutureExt as _, future};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, HOST, HeaderMap, HeaderValue, USER_AGENT};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::{Position, Url};

use super::connection::{Body, Connection, Kept, beside};
use super::limit::{Allowance, Limited};
use super::resolve::Family;
use super::spelling::{Names, Spelled};
use super::trust::Trust;
use super::{classify, resolve};
use crate::model::Failure;

/// The name that requests give to the receiver.
pub const OWN_NAME: &str = concat!("standin/", env!("CARGO_PKG_VERSION"));

/// How long after the handshake a server may still refuse it, where nothing else waits for an answer.
pub(super) const LATE_REFUSAL: Duration = Duration::from_millis(100);

/// The largest head of an answer, in bytes.
const LARGEST_HEAD: usize = 64 * 1024;

/// How long the addresses of one family are tried before those of the other, too (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(300);

/// In which case the names of headers are sent. To a receiver it must not matter (RFC 9110, section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderCase {
    /// As vendors document them. What nobody documents is like `Content-Type`.
    Documented,
    /// `content-type`.
    Lower,
}

/// Over which connections requests go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connections {
    /// Each over its own.
    #[default]
    New,
    /// Over one that was used before, if there is one.
    Persistent,
}

/// Makes connections and sends requests on them.
#[derive(Clone, Debug)]
pub struct Client {
    tls: Arc<rustls::ClientConfig>,
    connect_within: Duration,
    connections: Connections,
    family: Family,
    kept: Kept,
}

impl Client {
    /// A client that gives up connecting after this long, and accepts certificates of these authorities.
    ///
    /// # Errors
    /// If the platform's certificates cannot be read.
    pub fn new(trust: &Trust, connect_within: Duration) -> Result<Self, rustls::Error> {
        let (connections, family, kept) =
            (Connections::default(), Family::default(), Kept::default());
        Ok(Self { tls: trust.tls()?, connect_within, connections, family, kept })
    }

    /// The same, over connections of this kind, to addresses of this family.
    #[must_use]
    pub fn connecting(self, connections: Connections, family: Family) -> Self {
        Self { connections, family, ..self }
    }

    /// The same, with none of the connections that were kept so far.
    #[must_use]
    pub fn with_own_connections(self) -> Self {
        Self { kept: Kept::default(), ..self }
    }

    /// The addresses that it uses.
    pub fn family(&self) -> Family {
        self.family
    }

    /// Sends a request and waits for the head of its answer. The URL takes the place of its URI. It may be made
    /// more than once, if connections are used again: the other side may have closed one.
    ///
    /// # Errors
    /// Why it cannot be made, or why there is no answer.
    pub async fn send(
        &self,
        url: &Url,
        make: impl Fn() -> Result<Request<Body>, Failure>,
    ) -> Result<Answering, Failure> {
        self.send_over(self.connections, url, make).await
    }

    /// The same, over a connection of this kind.
    ///
    /// # Errors
    /// As there.
    pub async fn send_over(
        &self,
        connections: Connections,
        url: &Url,
        make: impl Fn() -> Result<Request<Body>, Failure>,
    ) -> Result<Answering, Failure> {
        if connections == Connections::New {
            return self.send_with(HeaderCase::Documented, url, make()?).await;
        }
        if let Some(connection) = self.kept.take(url) {
            let allowance = connection.allowance.clone();
            match ask(connection, url, make()?).await {
                // It was closed while the request was on its way. Another may be, too: a new one is not.
                Err(_) if allowance.is_whole() => {}
                answered => return answered.map(|answering| answering.keeping(&self.kept, url)),
            }
        }
        let connection = self.connect_in_time(HeaderCase::Documented, url).await?;
        Ok(ask(connection, url, make()?).await?.keeping(&self.kept, url))
    }

    /// Sends a request over a connection of its own, with the names of headers in this case.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn send_with(
        &self,
        case: HeaderCase,
        url: &Url,
        request: Request<Body>,
    ) -> Result<Answering, Failure> {
        ask(self.connect_in_time(case, url).await?, url, request).await
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
        let mut connection = self.connect_in_time(HeaderCase::Documented, url).await?;
        connection.names.set(request.extensions().get());
        let sending = connection.sender.send_request(request);
        match tokio::time::timeout(after, beside(&mut connection.driver, sending)).await {
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
        Ok(self.send(url, || Ok(Request::new(Body::default()))).await?.status)
    }

    async fn connect(&self, case: HeaderCase, url: &Url) -> Result<Connection, Failure> {
        let stream = self.tcp(url).await.map_err(|error| classify::no_connection(&error))?;
        self.speak_http(case, url, stream).await
    }

    /// A TCP connection to the host of a URL.
    pub(super) async fn tcp(&self, url: &Url) -> io::Result<TcpStream> {
        tcp(url, self.family).await
    }

    /// Begins to speak HTTP over a TCP connection, with TLS if the URL says so.
    pub(super) async fn speak_http(
        &self,
        case: HeaderCase,
        url: &Url,
        stream: TcpStream,
    ) -> Result<Connection, Failure> {
        match url.scheme() {
            "https" => begin(case, self.secured(url, stream).await?).await,
            _ => begin(case, stream).await,
        }
    }

    async fn secured(&self, url: &Url, stream: TcpStream) -> Result<TlsStream<TcpStream>, Failure> {
        let name = ServerName::try_from(host(url).to_owned())
            .map_err(|error| Failure::Unreachable(format!("no name for TLS: {error}")))?;
        let securing = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream);
        securing.await.map_err(|error| classify::no_tls(&error))
    }

    /// Agrees on TLS over a TCP connection, if the URL says so, and sends nothing.
    pub(super) async fn greet(&self, url: &Url, stream: TcpStream) -> Result<(), Failure> {
        if url.scheme() != "https" {
            return Ok(());
        }
        let mut stream = self.secured(url, stream).await?;
        // With TLS 1.3 a server refuses a client's certificate after the handshake.
        match tokio::time::timeout(LATE_REFUSAL, stream.read_u8()).await {
            Ok(Err(error)) => classify::late_refusal(&error).map_or(Ok(()), Err),
            _ => Ok(()),
        }
    }
}

/// An answer whose body is still to be read.
pub struct Answering {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    body: Incoming,
    /// Goes back to `keeping` when the whole body has come.
    connection: Option<Connection>,
    keeping: Option<(Kept, Url)>,
}

impl Answering {
    /// The next piece of its body, if there is one.
    ///
    /// # Errors
    /// Why the body is not whole.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Failure> {
        let Some(connection) = &mut self.connection else { return Ok(None) };
        while let Some(frame) = beside(&mut connection.driver, self.body.frame()).await {
            let frame = frame.map_err(|error| classify::broken_body(&error))?;
            if let Ok(piece) = frame.into_data() {
                return Ok(Some(piece));
            }
        }
        if let (Some((kept, url)), Some(whole)) = (self.keeping.take(), self.connection.take()) {
            kept.keep(&url, whole);
        }
        Ok(None)
    }

    /// The same, and its connection is kept here when the whole answer has come.
    fn keeping(self, kept: &Kept, url: &Url) -> Self {
        Self { keeping: Some((kept.clone(), url.clone())), ..self }
    }
}

/// Sends a request on a connection, and waits for the head of its answer.
async fn ask(
    mut connection: Connection,
    url: &Url,
    mut request: Request<Body>,
) -> Result<Answering, Failure> {
    address(url, &mut request)?;
    connection.names.set(request.extensions().get());
    let Connection { sender, driver, .. } = &mut connection;
    let answer = beside(driver, sender.send_request(request)).await;
    let (head, body) = answer.map_err(|error| classify::failure(&error))?.into_parts();
    let (status, headers) = (head.status.as_u16(), head.headers);
    Ok(Answering { status, headers, body, connection: Some(connection), keeping: None })
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
pub(super) async fn tcp(url: &Url, family: Family) -> io::Result<TcpStream> {
    let port = url.port_or_known_default().unwrap_or(80);
    let addresses = resolve::addresses(host(url), port, family).await?;
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
    let allowance = Allowance::default();
    let names = Names::default();
    let stream = Spelled::new(Limited::new(stream, allowance.clone()), names.clone());
    let stream = TokioIo::new(stream);
    let mut builder = http1::Builder::new();
    builder.max_buf_size(LARGEST_HEAD).title_case_headers(case == HeaderCase::Documented);
    let begun = builder.handshake(stream).await;
    let (sender, connection) = begun.map_err(|error| classify::failure(&error))?;
    // An error of the connection ends the exchange too, which tells of it.
    Ok(Connection { sender, driver: Some(Box::pin(connection.map(|_| ()))), allowance, names })
}
