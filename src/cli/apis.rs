//! The vendors' own APIs while the contract runs.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::errors::CliError;
use super::files;
use crate::driver::VendorTarget;
use crate::driver::api_router::{self, ApiClient};
use crate::server::Apis;
use crate::under_test::UnderTest;

/// Where the vendors' APIs are served.
#[derive(Args)]
pub struct ServeArgs {
    /// Serve the vendors' own APIs at this loopback address during the run; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", value_parser = loopback)]
    serve: Option<SocketAddr>,
    /// Write the URL of the APIs into this file before anything is sent
    #[arg(long, value_name = "FILE", requires = "serve")]
    ready_file: Option<PathBuf>,
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr =
        text.parse().map_err(|_| "write it like `127.0.0.1:4010`".to_owned())?;
    if address.ip().is_loopback() {
        return Ok(address);
    }
    // Anyone who knows a key can use these APIs: nothing else protects them.
    Err("the APIs are served only on this machine: write it like `127.0.0.1:4010`".to_owned())
}

impl ServeArgs {
    /// Lets the scenarios answer calls of the APIs, if the APIs are served.
    pub fn open(&self, subject: &mut UnderTest) -> Option<ApiClient> {
        self.serve?;
        let (client, calls) = api_router::channel();
        subject.apis = Some(calls);
        Some(client)
    }

    /// Serves the APIs, and prints where they are and which keys they accept.
    ///
    /// # Errors
    /// If the address cannot be used, or the file cannot be written.
    pub async fn start(
        &self,
        client: Option<ApiClient>,
        subject: &UnderTest,
    ) -> Result<Option<Apis>, CliError> {
        let (Some(listen), Some(client)) = (self.serve, client) else { return Ok(None) };
        let served = Apis::serve(listen, subject.registry, client).await;
        let apis = served
            .map_err(|error| CliError::Usage(format!("cannot listen on {listen}: {error}")))?;
        for vendor in subject.target.vendors.values() {
            let Some(url) = apis.url_of(vendor.vendor) else { continue };
            let title = vendor.vendor.catalogue().title;
            say!("the API of {title} is at {url}: {}", which_key(vendor));
        }
        if let Some(file) = &self.ready_file {
            files::write(file, &format!("{}\n", apis.url))?;
        }
        Ok(Some(apis))
    }

    /// The file that gets the URL.
    pub fn ready_file(&self) -> Option<&PathBuf> {
        self.ready_file.as_ref()
    }

    /// The same arguments as text.
    pub fn to_arguments(&self) -> String {
        self.serve.map_or(String::new(), |address| format!(" --serve {address}"))
    }
}

/// Which key an API takes.
fn which_key(vendor: &VendorTarget) -> String {
    let (keys, name) = (&vendor.api_keys, vendor.vendor.catalogue().vendor);
    let section = format!("`vendors.{name}` in standin.yaml");
    match (&keys.key, &keys.client_secret) {
        (Some(_), Some(_)) => format!("it takes the `api_key` and the client of {section}"),
        (Some(_), None) => format!("it takes the `api_key` of {section}"),
        (None, Some(_)) => format!("it takes tokens for the client of {section}"),
        (None, None) => format!(
            "its key differs in each scenario, so the receiver cannot know it: set `api_key` \
             under {section}; without it, scenarios about its calls are skipped"
        ),
    }
}

/// Stops serving.
pub async fn stop(apis: Option<Apis>) {
    if let Some(apis) = apis {
        apis.stop().await;
    }
}
