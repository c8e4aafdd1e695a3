//! A connection that is reset in the middle of the body.
//!
//! No HTTP client can be asked for this, so the request's head and half of its body are written by
//! hand. Over TLS the reset comes before the handshake ends: the receiver sees a broken connection
//! all the same.

use std::fmt::Write as _;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use url::Url;

use crate::model::{Failure, Outcome};
use crate::policy::Request;

/// Sends the first half of a request and resets the connection.
pub async fn reset(url: &Url, request: &Request) -> Outcome {
    match send_half(url, request).await {
        Ok(()) => Outcome::Failed(Failure::CutOff),
        Err(error) => Outcome::Failed(Failure::Unreachable(error.to_string())),
    }
}

async fn send_half(url: &Url, request: &Request) -> std::io::Result<()> {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = url.port_or_known_default().unwrap_or(80);
    let mut stream = TcpStream::connect((host, port)).await?;
    stream.write_all(head(url, request).as_bytes()).await?;
    stream.write_all(&request.body[..request.body.len() / 2]).await?;
    stream.flush().await?;
    // Without lingering, closing resets.
    stream.set_zero_linger()?;
    Ok(())
}

fn head(url: &Url, request: &Request) -> String {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut head = format!("POST {target} HTTP/1.1\r\nhost: {authority}\r\n");
    for header in &request.headers {
        // Writing to a String cannot fail.
        let _ = write!(head, "{}: {}\r\n", header.name, header.value.reveal());
    }
    let _ = write!(head, "content-length: {}\r\n\r\n", request.body.len());
    head
}
