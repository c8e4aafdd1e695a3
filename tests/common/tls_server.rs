//! A receiver behind TLS with a certificate of our own authority. It speaks HTTP/2 or HTTP/1.1, over TLS or not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use h2::server::handshake;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsAcceptor;

/// A running receiver.
pub struct TlsServer {
    /// Its port.
    pub port: u16,
    /// The certificate of its authority, as PEM.
    pub authority: String,
    /// A client certificate of that authority and its private key, as PEM.
    pub client: [String; 2],
    /// Requests of HTTP/1.1 and of HTTP/2 that it got.
    pub got: Arc<[AtomicUsize; 2]>,
    _runtime: Runtime,
}

/// What it does with a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Serves {
    /// TLS, with HTTP/2 or HTTP/1.1 as the client likes.
    Both,
    /// TLS, with HTTP/1.1 only.
    Http1,
    /// TLS, for clients with a certificate of its authority.
    Known,
    /// HTTP/2 without TLS.
    PlainHttp2,
    /// Bytes that are no TLS.
    NoTls,
}

impl TlsServer {
    /// Starts it for `localhost`.
    pub fn start(serves: Serves) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (config, authority, client) = config(serves);
        let got = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
        let counts = Arc::clone(&got);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (config, counts) = (Arc::clone(&config), Arc::clone(&counts));
                tokio::spawn(async move { serve(serves, stream, config, &counts).await });
            }
        });
        Self { port, authority, client, got, _runtime: runtime }
    }
}

/// The settings of a server, its authority, and a certificate for its clients, as PEM.
fn config(serves: Serves) -> (Arc<ServerConfig>, String, [String; 2]) {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = CertifiedIssuer::self_signed(params, key).expect("an authority");
    let issue = |name: &str| {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        (params.signed_by(&key, &authority).expect("a certificate"), key)
    };
    let (certificate, key) = issue("localhost");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = Arc::new(default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("versions");
    let config = match serves {
        Serves::Known => {
            let mut known = RootCertStore::empty();
            known.add(authority.der().clone()).expect("an authority");
            let clients = WebPkiClientVerifier::builder_with_provider(known.into(), provider);
            config.with_client_cert_verifier(clients.build().expect("a verifier"))
        }
        _ => config.with_no_client_auth(),
    };
    let mut config =
        config.with_single_cert(vec![certificate.der().clone()], key).expect("a server");
    config.alpn_protocols = match serves {
        Serves::Both => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        _ => vec![b"http/1.1".to_vec()],
    };
    let (client, key) = issue("standin");
    (Arc::new(config), authority.pem(), [client.pem(), key.serialize_pem()])
}

async fn serve(
    serves: Serves,
    mut stream: TcpStream,
    config: Arc<ServerConfig>,
    [ones, twos]: &[AtomicUsize; 2],
) {
    match serves {
        Serves::PlainHttp2 => return http2(stream, twos).await,
        Serves::NoTls => {
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            return;
        }
        Serves::Both | Serves::Http1 | Serves::Known => {}
    }
    let Ok(stream) = TlsAcceptor::from(config).accept(stream).await else { return };
    match stream.get_ref().1.alpn_protocol() {
        Some(b"h2") => http2(stream, twos).await,
        _ => http1(stream, ones).await,
    }
}

async fn http2(stream: impl AsyncRead + AsyncWrite + Unpin, count: &AtomicUsize) {
    let Ok(mut connection) = handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        count.fetch_add(1, Ordering::AcqRel);
        tokio::spawn(async move {
            let mut body = request.into_body();
            while let Some(Ok(data)) = body.data().await {
                let _ = body.flow_control().release_capacity(data.len());
            }
            if let Ok(mut stream) = respond.send_response(Default::default(), false) {
                let _ = stream.send_data(Bytes::from_static(b"{}"), true);
            }
        });
    }
}

async fn http1(mut stream: impl AsyncRead + AsyncWrite + Unpin, count: &AtomicUsize) {
    let mut bytes = Vec::new();
    loop {
        if let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
            if bytes.len() >= head + 4 + length {
                bytes.drain(..head + 4 + length);
                count.fetch_add(1, Ordering::AcqRel);
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                if stream.write_all(answer).await.is_err() || stream.flush().await.is_err() {
                    return;
                }
                continue;
            }
        }
        let mut chunk = [0; 16 * 1024];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

/// Some tests do not use all of it.
const _: () = {
    let _ = |one: TlsServer| (one.client, one.got, one.authority);
    let _ = [Serves::Both, Serves::Http1, Serves::Known, Serves::PlainHttp2, Serves::NoTls];
};
