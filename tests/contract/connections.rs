//! Several webhooks on one connection, with a relay before the reference receiver that counts them.

use standin::cli::settings::BUILT_IN;
use standin::model::result::{Run, Verdict};
use standin::receiver;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::play::{against, failures, features_of, keeps, logins};

/// What a relay does with the webhooks after the first of a connection.
#[derive(Clone, Copy, PartialEq)]
enum Later {
    PassedOn,
    Refused,
}

/// Relays what comes to the receiver at this URL.
async fn relay(listener: TcpListener, behind: String, later: Later) {
    while let Ok((stream, _)) = listener.accept().await {
        let behind = behind.trim_start_matches("http://").to_owned();
        tokio::spawn(async move { serve(stream, &behind, later).await });
    }
}

async fn serve(mut client: TcpStream, behind: &str, later: Later) -> Option<()> {
    let mut receiver = TcpStream::connect(behind).await.ok()?;
    let (mut webhooks, mut request, mut answer) = (0, vec![0; 65536], vec![0; 65536]);
    loop {
        tokio::select! {
            length = client.read(&mut request) => {
                let read = &request[..length.ok().filter(|length| *length > 0)?];
                webhooks += usize::from(read.starts_with(b"POST /webhooks/"));
                match later {
                    Later::Refused if webhooks > 1 => {
                        let refusal = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
                        client.write_all(refusal).await.ok()?;
                    }
                    _ => receiver.write_all(read).await.ok()?,
                }
            }
            length = receiver.read(&mut answer) => {
                let read = &answer[..length.ok().filter(|length| *length > 0)?];
                client.write_all(read).await.ok()?;
            }
        }
    }
}

/// The features of a vendor about connections, against the reference receiver behind such a relay.
async fn run(vendor: &str, later: Later) -> Run {
    let mut sources = features_of(vendor);
    sources.retain(|source| source.file.ends_with("/connections.feature"));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (headers, waitwhile, doo) = logins();
    // Waitwhile signs the URL that it knows.
    let known = Some(format!("{url}/webhooks/waitwhile"));
    let waitwhile = waitwhile.map(|signing| receiver::Signing { url: known, ..signing });
    let options = receiver::Options { headers, waitwhile, doo, ..receiver::Options::default() };
    let running = receiver::start(options).await.expect("a free port");
    let relaying = tokio::spawn(relay(listener, running.url.clone(), later));
    let run = against(&url, BUILT_IN, &sources, 0).await;
    relaying.abort();
    running.stop().await;
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_serves_one_webhook_on_a_connection_is_found() {
    for vendor in ["ombori", "waitwhile", "doo"] {
        let right = run(vendor, Later::PassedOn).await;
        keeps(&right, vendor);
        assert!(right.scenarios().all(|one| one.verdict == Verdict::Passed), "{vendor}");
        let wrong = run(vendor, Later::Refused).await;
        let failures = failures(&wrong);
        assert_eq!(failures.len(), wrong.scenarios().count(), "{vendor}: {failures:?}");
        assert!(failures[0].contains("should have been accepted"), "{vendor}: {failures:?}");
    }
}
