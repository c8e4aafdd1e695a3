//! Makes connections: TCP, TLS if wanted, and the beginning of HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::TokioIo;
use standin_wire::{Failure, Tls};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::config::{Config, Protocol, Security};
use crate::trouble;

/// The body of a request.
pub(crate) type Body = Full<Bytes>;

/// The largest head of a reply, as in the other engines.
const LARGEST_HEAD: usize = 64 * 1024;
/// The most headers of a reply, as in the other engines.
const MOST_HEADERS: usize = 128;

/// Makes connections with the same settings.
pub(crate) struct Connector {
    address: SocketAddr,
    security: Option<Security>,
    protocol: Protocol,
    within: Duration,
}

/// What sends requests on a connection.
pub(crate) enum Sender {
    Http1(http1::SendRequest<Body>),
    Http2(http2::SendRequest<Body>),
}

/// Moves the bytes of a connection until it ends.
pub(crate) type Driver = std::pin::Pin<Box<dyn Future<Output = Result<(), hyper::Error>>>>;

impl Connector {
    pub(crate) fn new(config: &Config) -> Self {
        Connector {
            address: config.address,
            security: config.security.as_ref().map(|one| one.offering(&[config.protocol])),
            protocol: config.protocol,
            within: config.connect_timeout,
        }
    }

    /// Makes one.
    pub(crate) async fn connect(&self) -> Result<(Sender, Driver), Failure> {
        let deadline = crate::clock::now() + self.within;
        let late = |failure| move |_| failure;
        let stream = tokio::time::timeout_at(deadline.into(), tcp(self.address))
            .await
            .map_err(late(Failure::ConnectTimedOut))??;
        let Some(security) = &self.security else { return self.begin(stream).await };
        let stream = tokio::time::timeout_at(deadline.into(), tls(stream, security))
            .await
            .map_err(late(Failure::Tls(Tls::Stalled)))??;
        match (self.protocol, stream.get_ref().1.alpn_protocol()) {
            (Protocol::Http1, None | Some(b"http/1.1")) | (Protocol::Http2, Some(b"h2")) => {}
            _ => return Err(Failure::Tls(Tls::NoProtocol)),
        }
        self.begin(stream).await
    }

    async fn begin<S>(&self, stream: S) -> Result<(Sender, Driver), Failure>
    where
        S: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let stream = TokioIo::new(stream);
        let failed = |error: hyper::Error| trouble::of_hyper(&error, Failure::ClosedBeforeReply);
        match self.protocol {
            Protocol::Http1 => {
                let mut builder = http1::Builder::new();
                builder.max_buf_size(LARGEST_HEAD).max_headers(MOST_HEADERS);
                let (sender, driver) = builder.handshake(stream).await.map_err(failed)?;
                Ok((Sender::Http1(sender), Box::pin(driver)))
            }
            Protocol::Http2 => {
                let mut builder = http2::Builder::new(OnThisThread);
                builder.max_header_list_size(LARGEST_HEAD as u32);
                let (sender, driver) = builder.handshake(stream).await.map_err(failed)?;
                Ok((Sender::Http2(sender), Box::pin(driver)))
            }
        }
    }
}

/// Which version of HTTP the receiver chooses, if it is offered these, the best first. Connects once and closes.
/// It blocks, and must not be called on the thread of an async runtime.
///
/// # Errors
///
/// Why there is no connection, or [`Failure::Io`] if the machine refuses something.
pub fn negotiate(config: &Config, offered: &[Protocol]) -> Result<Protocol, Failure> {
    let runtime = crate::engine::runtime().map_err(|error| Failure::Io(error.kind()))?;
    let first = offered.first().copied().unwrap_or(config.protocol);
    let connects = async {
        let stream = tcp(config.address).await?;
        let Some(security) = &config.security else { return Ok(first) };
        let stream = tls(stream, &security.offering(offered)).await?;
        let chosen = stream.get_ref().1.alpn_protocol();
        let found = offered.iter().find(|one| Some(one.alpn()) == chosen);
        match (found, chosen) {
            (Some(protocol), _) => Ok(*protocol),
            // Who does not know ALPN speaks HTTP/1.1.
            (None, None) if offered.contains(&Protocol::Http1) => Ok(Protocol::Http1),
            _ => Err(Failure::Tls(Tls::NoProtocol)),
        }
    };
    let limited = async { tokio::time::timeout(config.connect_timeout, connects).await };
    runtime.block_on(limited).unwrap_or(Err(match config.security {
        Some(_) => Failure::Tls(Tls::Stalled),
        None => Failure::ConnectTimedOut,
    }))
}

async fn tcp(address: SocketAddr) -> Result<TcpStream, Failure> {
    let stream =
        TcpStream::connect(address).await.map_err(|error| Failure::of_connecting(&error))?;
    // What is sent is small and complete.
    stream.set_nodelay(true).map_err(|error| Failure::Io(error.kind()))?;
    Ok(stream)
}

async fn tls(stream: TcpStream, security: &Security) -> Result<TlsStream<TcpStream>, Failure> {
    let connector = TlsConnector::from(security.config.clone());
    let connecting = connector.connect(security.name.clone(), stream);
    connecting.await.map_err(|error| trouble::of_handshake(&error))
}

/// Runs hyper's tasks on the thread of the engine.
#[derive(Clone)]
struct OnThisThread;

impl<F: Future + 'static> hyper::rt::Executor<F> for OnThisThread {
    fn execute(&self, future: F) {
        tokio::task::spawn_local(async move {
            future.await;
        });
    }
}
