//! Starts and stops the receiver. Knows the vendors' routes by name, and nothing of what they do.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::rt::System;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::json;
use tokio::sync::oneshot;

use super::defects::Defect;
use super::doo::{self, Doo, OAuth};
use super::ombori::{self, Ombori};
use super::waitwhile::{self, Signing, Waitwhile};
use crate::model::Secret;

/// Enough to let requests of the same instant meet, as they would in a real receiver.
const WORKERS: usize = 2;
/// Longer than a vendor's pause between two webhooks, so that its connections are there to reuse.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How a receiver is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The request headers that an Ombori webhook must carry. Names are case-insensitive.
    pub headers: BTreeMap<String, Secret>,
    /// How Waitwhile's webhooks are signed. Without it nothing of theirs is taken or shown, since
    /// there would be no telling who sends.
    pub waitwhile: Option<Signing>,
    /// To whom tokens are given, and how doo's webhooks carry them. Without it nothing of theirs is
    /// taken or shown.
    pub doo: Option<OAuth>,
    /// What it does wrong.
    pub defects: BTreeSet<Defect>,
    /// Acknowledges first, and looks at what it was sent so long after.
    pub queues: Option<Duration>,
}

impl Default for Options {
    /// A free port on loopback, no credentials, no defects.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            headers: BTreeMap::new(),
            waitwhile: None,
            doo: None,
            defects: BTreeSet::new(),
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
    /// Stops the receiver and waits until its port is free. Requests under way are cut off.
    pub async fn stop(mut self) {
        self.handle.stop(false).await;
        // An error means that the thread is gone already, which is what we wait for.
        let _ = (&mut self.ended).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The command is sent by the call itself; its future only waits for the end.
        drop(self.handle.stop(false));
    }
}

/// Starts a receiver. An address that cannot be listened on is an error here, not later.
///
/// It runs on a thread of its own, since actix-web wants its own kind of runtime.
pub async fn start(options: Options) -> io::Result<Running> {
    let (started, start) = oneshot::channel();
    let (ending, ended) = oneshot::channel();
    thread::Builder::new().name("receiver".into()).spawn(move || {
        System::new().block_on(serve(options, started));
        // Nobody listens when the handle was dropped rather than stopped.
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
            // When nobody waits for the start any more, there is nobody to serve either.
            if started.send(Ok((address, server.handle()))).is_ok() {
                // Its only error is an accept loop that died; then clients see a closed port.
                let _ = server.await;
            }
        }
    }
}

fn listen(options: Options) -> io::Result<(SocketAddr, Server)> {
    let address = options.listen;
    // A part has the defects that its own vendor's contract catches, and no others.
    let of = |vendor| {
        let defects = options.defects.iter().copied();
        defects.filter(|defect| defect.vendor() == vendor).collect::<BTreeSet<_>>()
    };
    let ombori = Ombori::new(options.headers, of("ombori"), options.queues);
    let waitwhile =
        options.waitwhile.map(|signing| Waitwhile::new(signing, of("waitwhile"), options.queues));
    let doo = options.doo.map(|oauth| Doo::new(oauth, of("doo"), options.queues));
    let (ombori, waitwhile) = (web::Data::new(ombori), waitwhile.map(web::Data::new));
    let doo = doo.map(web::Data::new);
    actix_web::rt::spawn(ombori::work(ombori.clone()));
    waitwhile.iter().for_each(|waitwhile| {
        actix_web::rt::spawn(waitwhile::work(waitwhile.clone()));
    });
    doo.iter().for_each(|doo| {
        actix_web::rt::spawn(doo::work(doo.clone()));
    });
    let server = HttpServer::new(move || {
        let (waitwhile, doo) = (waitwhile.clone(), doo.clone());
        App::new()
            .configure(|routes| ombori::routes(routes, ombori.clone()))
            .configure(|routes| {
                waitwhile.into_iter().for_each(|part| waitwhile::routes(routes, part));
            })
            .configure(|routes| doo.into_iter().for_each(|part| doo::routes(routes, part)))
            .route("/health", web::get().to(health))
            .default_service(web::to(nothing_here))
    })
    .workers(WORKERS)
    .keep_alive(KEEP_ALIVE)
    .disable_signals()
    .bind(address)?;
    let bound = server.addrs().first().copied().unwrap_or(address);
    Ok((bound, server.run()))
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({"message": "ready"}))
}

async fn nothing_here() -> HttpResponse {
    HttpResponse::NotFound().json(json!({"error": "there is nothing at this address"}))
}
