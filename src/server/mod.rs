//! The simulator as a server: a control API for programs and people, and the vendors' own APIs for
//! the receiver.
//!
//! Each account has a run of its own, which is driven live. What is acknowledged is in the journal,
//! so that a server that is started again with the same file goes on where it was. Which operations
//! there are stands in one table (`api::groups`); a vendor's operations stand in its own folder.

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

pub use account::Deliver;
pub use problem::Problem;
pub use restart::RestartError;
pub use state::{Limits, NewAccount, Server};
pub use vendor::desk::Apis;

/// How long requests that are under way may take once the server stops.
const DRAIN: Duration = Duration::from_secs(10);

/// What a server is started with.
pub struct Options {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The administrator's token, if the control API needs one.
    pub admin_token: Option<Secret>,
    /// Other names of this server that requests may use.
    pub host_names: Vec<String>,
    /// How much it takes on.
    pub limits: Limits,
    /// The receiver, and how each vendor reaches it.
    pub under_test: UnderTest,
    /// The journal.
    pub store: Store,
    /// The scenarios that are shipped: name and text.
    pub scenarios: Vec<(String, String)>,
}

/// Why a server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It cannot listen there.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// The accounts of the journal could not be made again.
    #[error(transparent)]
    Restart(#[from] RestartError),
}

/// A server that runs until it is stopped.
pub struct Running {
    /// Where it can be reached: `http://127.0.0.1:4000`.
    pub url: String,
    /// What it plays.
    pub server: Arc<Server>,
    handle: ServerHandle,
    ended: oneshot::Receiver<()>,
}

impl Running {
    /// Stops it: no request is taken any more, those under way are answered, streams end, and what
    /// is being sent is sent to its end, within a deadline. Gives back how many requests to receivers
    /// were still under way then: they are in the journal as intended, and are sent again next time.
    pub async fn stop(self) -> usize {
        self.server.stopping.send_replace(true);
        let accounts = self.server.accounts();
        let sent = join_all(accounts.iter().map(|account| account.live.end()));
        // Accounts end while the last requests are answered: neither may use up the other's time.
        let drained = futures::future::join(self.handle.stop(true), sent);
        // What is left is counted.
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
/// If it cannot listen, or the accounts of the journal cannot be made again.
pub async fn start(options: Options) -> Result<Running, StartError> {
    let listen = options.listen;
    let document = document(options.under_test.registry);
    let server = Server::new(
        options.under_test,
        options.store,
        options.limits,
        (document, options.scenarios),
    );
    for account in restart::accounts(&server)? {
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
