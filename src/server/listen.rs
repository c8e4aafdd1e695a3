//! HTTP: listens, reads requests within limits, and answers with problems.

use std::io;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::header::{self, HeaderName};
use actix_web::{Handler, HttpRequest, HttpResponse, HttpServer, web};
use bytes::Bytes;
use futures::FutureExt;
use tokio::sync::oneshot;

use super::problem::{Problem, ProblemType};
use super::reply::{Reply, status_of};

/// More than one, so that one request does not wait for another.
const WORKERS: usize = 2;
/// How long a connection may be idle.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long the head of a request may take.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long its body may take.
const BODY_WITHIN: Duration = Duration::from_secs(20);
/// How many connections each worker serves at a time. Others wait.
const CONNECTIONS: usize = 2_000;

/// Says where the server listens, or why it does not.
pub type Started = oneshot::Sender<io::Result<(SocketAddr, ServerHandle)>>;

/// Serves until it is stopped. The handler gets what the handlers of all workers share.
pub async fn serve<S, H>(
    listen: SocketAddr,
    shared: S,
    handler: H,
    drain: Duration,
    started: Started,
) where
    S: Clone + Send + 'static,
    H: Handler<(web::Data<S>, HttpRequest, web::Payload), Output = HttpResponse> + Send,
{
    let bound = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(web::Data::new(shared.clone()))
            .default_service(web::to(handler.clone()))
    })
    .workers(WORKERS)
    .max_connections(CONNECTIONS)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(HEAD_WITHIN)
    .shutdown_timeout(drain.as_secs())
    .disable_signals()
    .bind(listen);
    let http = match bound {
        Ok(http) => http,
        // The caller may have gone.
        Err(error) => return drop(started.send(Err(error))),
    };
    let address = http.addrs().first().copied().unwrap_or(listen);
    let server = http.run();
    if started.send(Ok((address, server.handle()))).is_ok() {
        // Its only error is a dead accept loop. Clients then see a closed port.
        let _ = server.await;
    }
}

/// An answer, or the problem in its place.
pub async fn guarded(
    answered: impl Future<Output = Result<HttpResponse, Problem>>,
) -> HttpResponse {
    // Every panic is a bug in Standin. Only this request fails then.
    match AssertUnwindSafe(answered).catch_unwind().await {
        Ok(Ok(response)) => response,
        Ok(Err(problem)) => refusal(&problem),
        Err(_) => {
            let mut response = HttpResponse::InternalServerError();
            response.json(serde_json::json!({ "title": "this is a bug in Standin" }))
        }
    }
}

/// The body of a request, within limits of size and time.
pub async fn body(payload: web::Payload, limit: usize) -> Result<Bytes, Problem> {
    let read = tokio::time::timeout(BODY_WITHIN, payload.to_bytes_limited(limit)).await;
    match read {
        Err(_) => {
            let detail = format!("the body took longer than {} s", BODY_WITHIN.as_secs());
            Err(Problem::new(ProblemType::TooSlow, detail))
        }
        Ok(Err(_)) => {
            let detail = format!("a body has at most {limit} bytes");
            Err(Problem::new(ProblemType::TooLarge, detail))
        }
        Ok(Ok(Err(error))) => {
            let detail = format!("the body could not be read: {error}");
            Err(Problem::new(ProblemType::InvalidRequest, detail))
        }
        Ok(Ok(Ok(body))) => Ok(body),
    }
}

/// A problem as it is sent.
pub fn refusal(problem: &Problem) -> HttpResponse {
    let (status, body) = Reply::problem(problem);
    let mut response = HttpResponse::build(status_of(status));
    response.content_type("application/problem+json");
    let more: Option<(HeaderName, &str)> = match status {
        401 => Some((header::WWW_AUTHENTICATE, "Bearer")),
        429 | 503 => Some((header::RETRY_AFTER, "1")),
        _ => None,
    };
    if let Some(more) = more {
        response.insert_header(more);
    }
    response.body(body.to_string())
}
