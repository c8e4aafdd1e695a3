//! Starts and stops the receiver, and collects the routes of every vendor.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::{Condition, from_fn};
use actix_web::rt::System;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::json;
use tokio::sync::oneshot;

use super::defects::Defect;
use super::doo::{self, Doo, OAuth};
use super::ombori::{self, Ombori};
use super::variation::{self, Defects, Requests, Variation};
use super::waitwhile::{self, Assertions, Signing, Waitwhile};
use crate::model::Secret;

/// More than one, so that simultaneous requests run in parallel, as in a real receiver.
const WORKERS: usize = 2;
/// Longer than a vendor's pause between two webhooks, so that its connections can be reused.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// The settings of a receiver.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The request headers that an Ombori webhook must carry. Names are case-insensitive.
    pub headers: BTreeMap<String, Secret>,
    /// How Waitwhile's webhooks are signed. `None` leaves out Waitwhile's routes, since nothing
    /// would prove who sends.
    pub waitwhile: Option<Signing>,
    /// Who may get tokens for Waitwhile's webhooks. `None` leaves out that login. It needs the other one.
    pub waitwhile_assertions: Option<Assertions>,
    /// Who may get tokens, and how doo's webhooks carry them. `None` leaves out doo's routes.
    pub doo: Option<OAuth>,
    /// The defects that it has.
    pub defects: BTreeSet<Defect>,
    /// When those of the defects strike that do not always do. A webhook in a queue meets none of these.
    pub varied: BTreeMap<Defect, Variation>,
    /// With a delay, it acknowledges first and processes each webhook this long after.
    pub queues: Option<Duration>,
}

impl Default for Options {
    /// A free port on loopback, no credentials, no defects.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            headers: BTreeMap::new(),
            waitwhile: None,
            waitwhile_assertions: None,
            doo: None,
            defects: BTreeSet::new(),
            varied: BTreeMap::new(),
            queues: None,
        }
    }
}

/// A receiver that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it can be reached: `http://127.0.0.1:8080`.
    pub url: String,
    handle: ServerHandle,
    ended: oneshot::Receiver<()>,
}

impl Running {
    /// Stops the receiver and waits until its port is free. Requests in progress are cut off.
    pub async fn stop(mut self) {
        self.handle.stop(false).await;
        // An error means that the thread has already ended, which is what we wait for.
        let _ = (&mut self.ended).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The command is sent by the call itself; its future only waits for the end.
        drop(self.handle.stop(false));
    }
}

/// Starts a receiver. Fails at once if it cannot listen on the address.
///
/// It runs on its own thread, because actix-web needs its own kind of runtime.
pub async fn start(options: Options) -> io::Result<Running> {
    let (started, start) = oneshot::channel();
    let (ending, ended) = oneshot::channel();
    thread::Builder::new().name("receiver".into()).spawn(move || {
        System::new().block_on(serve(options, started));
        // Sending fails if the handle was dropped and not stopped.
        let _ = ending.send(());
    })?;
    let (address, handle) =
        start.await.map_err(|_| io::Error::other("the receiver's thread ended early"))??;
    Ok(Running { url: format!("http://{address}"), handle, ended })
}

type Started = oneshot::Sender<io::Result<(SocketAddr, ServerHandle)>>;

async fn serve(options: Options, started: Started) {
    match listen(options) {
        Err(error) => drop(started.send(Err(error))),
        Ok((address, server)) => {
            // Do not serve if the caller no longer waits for the start.
            if started.send(Ok((address, server.handle()))).is_ok() {
                // Its only error is a dead accept loop. Clients then see a closed port.
                let _ = server.await;
            }
        }
    }
}

fn listen(options: Options) -> io::Result<(SocketAddr, Server)> {
    let address = options.listen;
    // Each vendor's part gets only its own defects.
    let of = |vendor| Defects::of(vendor, &options.defects, &options.varied);
    let varied = !options.varied.is_empty();
    let all = options.defects.iter().chain(options.varied.keys());
    let stops = all.copied().any(Defect::stops_at_hang_up);
    let ombori = Ombori::new(options.headers, of("ombori"), options.queues);
    let assertions = options.waitwhile_assertions;
    let waitwhile = options
        .waitwhile
        .map(|signing| Waitwhile::new(signing, assertions, of("waitwhile"), options.queues));
    let doo = options.doo.map(|oauth| Doo::new(oauth, of("doo"), options.queues));
    let (ombori, waitwhile) = (web::Data::new(ombori), waitwhile.map(web::Data::new));
    let doo = doo.map(web::Data::new);
    actix_web::rt::spawn(ombori::process_queue(ombori.clone()));
    waitwhile.iter().for_each(|waitwhile| {
        actix_web::rt::spawn(waitwhile::process_queue(waitwhile.clone()));
    });
    doo.iter().for_each(|doo| {
        actix_web::rt::spawn(doo::process_queue(doo.clone()));
    });
    let requests = web::Data::new(Requests::default());
    let server = HttpServer::new(move || {
        let (waitwhile, doo) = (waitwhile.clone(), doo.clone());
        App::new()
            .app_data(requests.clone())
            .wrap(Condition::new(varied, from_fn(variation::note)))
            .configure(|routes| ombori::routes(routes, ombori.clone()))
            .configure(|routes| {
                waitwhile.into_iter().for_each(|part| waitwhile::routes(routes, part));
            })
            .configure(|routes| doo.into_iter().for_each(|part| doo::routes(routes, part)))
            .route("/health", web::get().to(health))
            .default_service(web::to(not_found))
    })
    .workers(WORKERS)
    .keep_alive(KEEP_ALIVE)
    .h1_allow_half_closed(!stops)
    .disable_signals()
    .bind(address)?;
    let bound = server.addrs().first().copied().unwrap_or(address);
    Ok((bound, server.run()))
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({"message": "ready"}))
}

async fn not_found() -> HttpResponse {
    HttpResponse::NotFound().json(json!({"error": "this path does not exist"}))
}
