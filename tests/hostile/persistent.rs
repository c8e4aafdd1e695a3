//! Persistent connections: used again while they are open, and no receiver is blamed for closing one.

use futures::future::join_all;
use standin::delivery::Sender;
use standin::delivery::client::Connections;
use standin::delivery::resolve::Family;
use standin::model::RequestKind;
use standin::model::fault::WireForm;
use standin::policy::wire::SendMode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::{LONG, policy, request, sender};

/// What a receiver does with its connections.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Habit {
    /// It keeps them open.
    Keeps,
    /// It closes each after an answer, and says so.
    SaysItCloses,
    /// It closes each after an answer without a word.
    Closes,
    /// It closes each when a second request has come.
    ClosesAtTheSecond,
    /// It sends more than the answer has.
    SendsMore,
}

const ALL: [(Habit, usize); 5] = [
    (Habit::Keeps, 1),
    (Habit::SaysItCloses, 4),
    (Habit::Closes, 4),
    (Habit::ClosesAtTheSecond, 4),
    (Habit::SendsMore, 4),
];

/// Answers the requests of a connection. A request has 26 bytes of body that end in `xyz`.
async fn serve(mut stream: TcpStream, habit: Habit) {
    let (mut read, mut piece, mut answered) = (Vec::new(), [0; 4096], 0);
    while let Ok(count @ 1..) = stream.read(&mut piece).await {
        read.extend_from_slice(&piece[..count]);
        if !read.ends_with(b"xyz") {
            continue;
        }
        read.clear();
        if habit == Habit::ClosesAtTheSecond && answered == 1 {
            return;
        }
        let says = if habit == Habit::SaysItCloses { "Connection: close\r\n" } else { "" };
        let more = if habit == Habit::SendsMore { "no HTTP" } else { "" };
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{says}\r\nok{more}");
        let _ = stream.write_all(answer.as_bytes()).await;
        answered += 1;
        if matches!(habit, Habit::SaysItCloses | Habit::Closes) {
            return;
        }
    }
}

/// How many connections four requests need, one after the other, which are all accepted.
async fn connections(sender: &Sender, mode: SendMode, habit: Habit) -> usize {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/in", listener.local_addr().expect("an address"));
    let (opened, mut count) = tokio::sync::mpsc::unbounded_channel();
    let receiving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = opened.send(());
            tokio::spawn(serve(stream, habit));
        }
    });
    for place in 0..4 {
        let (request, policy) = (request(url.clone(), 26), policy(LONG));
        let result = sender.send(RequestKind::Webhook, &request, mode, &policy).await;
        assert_eq!(result.outcome.name(), "accepted", "{habit:?} {place}: {}", result.outcome);
    }
    receiving.abort();
    count.close();
    let mut connections = 0;
    while count.recv().await.is_some() {
        connections += 1;
    }
    connections
}

#[tokio::test]
async fn a_persistent_connection_is_used_while_it_is_open() {
    let kept = SendMode::As(WireForm::Persistent);
    for (habit, wanted) in ALL {
        assert_eq!(connections(&sender(), kept, habit).await, wanted, "{habit:?}");
        let always = sender().connecting(Connections::Persistent, Family::Any);
        assert_eq!(connections(&always, SendMode::Whole, habit).await, wanted, "{habit:?}");
        assert_eq!(connections(&sender(), SendMode::Whole, habit).await, 4, "{habit:?}");
    }
}

#[tokio::test]
async fn a_request_goes_over_two_connections_at_most() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/in", listener.local_addr().expect("an address"));
    let (came, mut requests) = tokio::sync::mpsc::unbounded_channel();
    let receiving = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let came = came.clone();
            // It answers the first request of a connection, and closes at the second, which it has read.
            tokio::spawn(async move {
                let mut read = Vec::new();
                for answer in [&b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"[..], b""] {
                    let mut piece = [0; 4096];
                    while !read.ends_with(b"xyz") {
                        match stream.read(&mut piece).await {
                            Ok(count @ 1..) => read.extend_from_slice(&piece[..count]),
                            _ => return,
                        }
                    }
                    read.clear();
                    let _ = came.send(());
                    let _ = stream.write_all(answer).await;
                }
            });
        }
    });
    let sender = sender().connecting(Connections::Persistent, Family::Any);
    let (request, policy) = (request(url, 26), policy(LONG));
    let send = || sender.send(RequestKind::Webhook, &request, SendMode::Whole, &policy);
    // Two at a time leave two connections.
    let results = join_all([send(), send()]).await;
    assert!(results.iter().all(|result| result.outcome.name() == "accepted"));
    assert_eq!(send().await.outcome.name(), "accepted");
    receiving.abort();
    let mut copies = 0;
    while requests.try_recv().is_ok() {
        copies += 1;
    }
    assert_eq!(copies, 4, "two, and two copies of the third");
}
