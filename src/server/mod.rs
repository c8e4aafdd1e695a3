//! The simulator as a server: a control API for programs and people, and the vendors' own APIs for
//! the receiver.
//!
//! Each account has its own run, which is driven live. Everything that was acknowledged is in the
//! journal. So a server that is restarted with the same file continues where it stopped. One table
//! lists the operations of the control API (`api::groups`). A vendor's operations are in the
//! vendor's folder.

mod account;
mod api;
mod context;
mod guard;
mod http;
mod idempotency;
mod known;
mod listen;
mod openapi;
mod playing;
mod problem;
mod query;
mod read;
mod reply;
mod restart;
mod route;
mod state;
mod stream;
mod vendor;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use futures::future::join_all;
use tokio::sync::oneshot;

use guard::Guard;

use crate::journal::sqlite::Store;
use crate::model::Secret;
use crate::under_test::UnderTest;
use crate::vendors::Registry;

pub use account::{Deliver, Restarts};
pub use problem::Problem;
pub use restart::RestartError;
pub use state::{Limits, NewAccount, Server};
pub use vendor::scenarios::Apis;

/// How long requests under way may take once the server stops.
const DRAIN: Duration = Duration::from_secs(10);

/// The options of a server.
pub struct Options {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The administrator's token, if the control API needs one.
    pub admin_token: Option<Secret>,
    /// Other names of this server that requests may use.
    pub host_names: Vec<String>,
    /// Its limits.
    pub limits: Limits,
    /// The receiver, and how each vendor reaches it.
    pub under_test: UnderTest,
    /// The journal.
    pub store: Store,
    /// Whether the accounts may be restored from it.
    pub restarts: Restarts,
    /// The shipped scenarios: name and text.
    pub scenarios: Vec<(String, String)>,
}

/// Why a server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It cannot listen there.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// The accounts of the journal could not be restored.
    #[error(transparent)]
    Restart(#[from] RestartError),
}

/// A server that runs until it is stopped.
pub struct Running {
    /// Where it can be reached: `http://127.0.0.1:4000`.
    pub url: String,
    /// The server with its accounts.
    pub server: Arc<Server>,
    handle: ServerHandle,
    ended: oneshot::Receiver<()>,
}

impl Running {
    /// Stops the server. It accepts no new request, answers those under way, ends streams, and
    /// finishes requests to receivers, all within a deadline. Returns how many requests to
    /// receivers were still under way then. The journal has their intent, so they are sent again
    /// after a restart.
    pub async fn stop(self) -> usize {
        self.server.stopping.send_replace(true);
        let accounts = self.server.accounts();
        let sent = join_all(accounts.iter().map(|account| account.live.end()));
        // Accounts end while the last requests are answered, so that neither uses up the time of
        // the other.
        let drained = futures::future::join(self.handle.stop(true), sent);
        // The requests that are left are counted below.
        let _ = tokio::time::timeout(DRAIN, drained).await;
        let left = accounts.iter().map(|account| account.live.in_flight()).sum();
        self.handle.stop(false).await;
        // An error means that the thread has already ended.
        let _ = self.ended.await;
        left
    }
}

/// Starts a server. It must be called inside a tokio runtime that lives as long as the server.
///
/// # Errors
/// If it cannot listen, or the accounts of the journal cannot be restored.
pub async fn start(options: Options) -> Result<Running, StartError> {
    let listen = options.listen;
    let document = document(options.under_test.registry);
    let server = Server::new(
        options.under_test,
        options.store,
        (options.limits, options.restarts),
        (document, options.scenarios),
    );
    for account in restart::restore_accounts(&server)? {
        server.insert(account);
    }
    let guard = Guard::new(listen, options.admin_token, &options.host_names);
    let (started, start) = oneshot::channel();
    let (ending, ended) = oneshot::channel();
    let app = http::App::new(Arc::clone(&server), guard);
    let failed = |error| StartError::Listen(listen, error);
    thread::Builder::new()
        .name("server".into())
        .spawn(move || {
            System::new().block_on(listen::serve(listen, app, http::answer, DRAIN, started));
            // The handle may have been dropped.
            let _ = ending.send(());
        })
        .map_err(failed)?;
    let start = start.await.unwrap_or_else(|_| Err(io::Error::other("its thread ended early")));
    let (address, handle) = start.map_err(failed)?;
    Ok(Running { url: format!("http://{address}"), server, handle, ended })
}

/// The OpenAPI document of the control API, with the webhooks of these vendors.
pub fn document(registry: Registry) -> serde_json::Value {
    openapi::document(&api::groups(), registry)
}
