//! HTTP: listens, reads requests within limits, and sends problems as answers.

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

/// The number of worker threads. With more than one, a slow request does not block the others.
const WORKERS: usize = 2;
/// How long a connection may be idle.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long the head of a request may take.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the body of a request may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(20);
/// How many connections each worker serves at a time. The others wait.
const MAX_CONNECTIONS: usize = 2_000;

/// Reports where the server listens, or why it cannot.
pub type Started = oneshot::Sender<io::Result<(SocketAddr, ServerHandle)>>;

/// Serves until it is stopped. All workers give `shared` to their handlers.
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
    .max_connections(MAX_CONNECTIONS)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(HEAD_TIMEOUT)
    .shutdown_timeout(drain.as_secs())
    .disable_signals()
    .bind(listen);
    let http = match bound {
        Ok(http) => http,
        // The caller may have stopped waiting.
        Err(error) => return drop(started.send(Err(error))),
    };
    let address = http.addrs().first().copied().unwrap_or(listen);
    let server = http.run();
    if started.send(Ok((address, server.handle()))).is_ok() {
        // The only error is a dead accept loop. Then clients see a closed port.
        let _ = server.await;
    }
}

/// The answer, or the problem as an answer.
pub async fn guarded(
    answered: impl Future<Output = Result<HttpResponse, Problem>>,
) -> HttpResponse {
    // Every panic is a bug in Standin. It must only fail this request.
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
    let read = tokio::time::timeout(BODY_TIMEOUT, payload.to_bytes_limited(limit)).await;
    match read {
        Err(_) => {
            let detail =
                format!("the body took longer than {} s to arrive", BODY_TIMEOUT.as_secs());
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

/// A problem as an HTTP response.
pub fn refusal(problem: &Problem) -> HttpResponse {
    let (status, body) = Reply::problem(problem);
    let mut response = HttpResponse::build(status_of(status));
    response.content_type("application/problem+json");
    let header: Option<(HeaderName, &str)> = match status {
        401 => Some((header::WWW_AUTHENTICATE, "Bearer")),
        429 | 503 => Some((header::RETRY_AFTER, "1")),
        _ => None,
    };
    if let Some(header) = header {
        response.insert_header(header);
    }
    response.body(body.to_string())
}
