//! The vendors' own APIs while scenarios run, without the control API.

use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use actix_web::{HttpRequest, HttpResponse, web};
use tokio::sync::oneshot;

use super::mounted::{Mounted, to_response};
use crate::driver::api_router::{ApiClient, Unanswered};
use crate::server::listen::{self, body, guarded};
use crate::server::problem::Problem;
use crate::vendors::{Registry, Vendor};

/// The largest body of a request, in bytes.
const MAX_BODY: usize = 1024 * 1024;
/// How long requests under way may take once the server stops.
const DRAIN: Duration = Duration::from_secs(1);

/// What the handlers of all workers share.
#[derive(Clone)]
struct Shared {
    registry: Registry,
    client: ApiClient,
}

/// A server of the vendors' APIs, until it is stopped.
pub struct Apis {
    /// Its base URL, for example `http://127.0.0.1:4010`.
    pub url: String,
    handle: ServerHandle,
}

impl Apis {
    /// Serves the APIs of all vendors.
    ///
    /// # Errors
    /// If it cannot listen there.
    pub async fn serve(
        listen: SocketAddr,
        registry: Registry,
        client: ApiClient,
    ) -> io::Result<Self> {
        let (started, start) = oneshot::channel();
        let shared = Shared { registry, client };
        thread::Builder::new().name("apis".into()).spawn(move || {
            System::new().block_on(listen::serve(listen, shared, answer, DRAIN, started));
        })?;
        let start = start.await.unwrap_or_else(|_| Err(io::Error::other("its thread ended early")));
        let (address, handle) = start?;
        Ok(Self { url: format!("http://{address}"), handle })
    }

    /// The URL of a vendor's API, if it has one.
    pub fn url_of(&self, vendor: &dyn Vendor) -> Option<String> {
        Some(format!("{}{}", self.url, vendor.api()?.mount))
    }

    /// Stops the server.
    pub async fn stop(self) {
        self.handle.stop(true).await;
    }
}

async fn answer(
    shared: web::Data<Shared>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let path = request.uri().path().to_owned();
    guarded(async {
        let Some((mounted, path)) = Mounted::find(shared.registry.vendors(), &path) else {
            return Err(Problem::not_found("there is no vendor's API here".to_owned()));
        };
        let body = body(payload, MAX_BODY).await?;
        let Some(api_request) = mounted.api_request(&request, path, body) else {
            return Ok(mounted.unknown_method());
        };
        Ok(match shared.client.ask(mounted.vendor, api_request).await {
            Ok(answer) => to_response(&answer),
            Err(why) => {
                let status = match why {
                    Unanswered::NoAccount => 401,
                    Unanswered::Several => 409,
                    Unanswered::Closed => 503,
                };
                mounted.error(status, &why.to_string())
            }
        })
    })
    .await
}
