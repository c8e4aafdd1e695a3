//! A connection that is reset in the middle of the body.
//!
//! No HTTP client offers this, so the head and half of the body are written to the socket by hand.
//! Over TLS nothing is written, since it would not be encrypted: the reset then comes in place of
//! the handshake, and the receiver sees a broken connection too.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use url::Url;

use super::classify;
use super::client::Client;
use crate::model::{Failure, Outcome};
use crate::policy::Request;

/// Sends the first half of a request and resets the connection.
pub async fn reset(
    client: &Client,
    url: &Url,
    request: &Request,
    connect_within: Duration,
) -> Outcome {
    let stream = match tokio::time::timeout(connect_within, client.tcp(url)).await {
        Err(_) => return Outcome::Failed(classify::no_connection_in_time()),
        Ok(Err(error)) => return Outcome::Failed(classify::no_connection(&error)),
        Ok(Ok(stream)) => stream,
    };
    match send_half(stream, url, request).await {
        Ok(()) => Outcome::Failed(Failure::CutOff),
        Err(error) => Outcome::Failed(Failure::ClosedEarly(error.to_string())),
    }
}

async fn send_half(mut stream: TcpStream, url: &Url, request: &Request) -> io::Result<()> {
    // Without lingering, dropping the socket resets the connection, even after an error below.
    stream.set_zero_linger()?;
    if url.scheme() == "http" {
        stream.write_all(head(url, request).as_bytes()).await?;
        stream.write_all(&request.body[..request.body.len() / 2]).await?;
        stream.flush().await?;
    }
    Ok(())
}

fn head(url: &Url, request: &Request) -> String {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let method = request.address.form.method.name();
    let mut head = format!("{method} {target} HTTP/1.1\r\nhost: {authority}\r\n");
    for header in &request.headers {
        // Writing to a String cannot fail.
        let _ = write!(head, "{}: {}\r\n", header.name, header.value.reveal());
    }
    let _ = write!(head, "content-length: {}\r\n\r\n", request.body.len());
    head
}
