//! `standin healthcheck`: asks a server whether it is ready.

use std::time::Duration;

use clap::Args;

use super::errors::{CliError, PASSED, UNREACHABLE};
use crate::delivery::client;
use crate::text::clean::{one_line, shortened};

/// How long the server may take to answer.
const WITHIN: Duration = Duration::from_secs(5);

/// The most characters of the URL that are repeated.
const LONGEST_URL: usize = 200;

/// Ask a server whether it is ready (exit code 0 if it is, 3 if not)
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin healthcheck\n  standin healthcheck http://127.0.0.1:4010"
)]
pub struct Healthcheck {
    /// The URL of the server
    #[arg(default_value = "http://127.0.0.1:4010")]
    url: String,
}

impl Healthcheck {
    /// Asks it.
    pub async fn run(self) -> Result<u8, CliError> {
        let client = client(WITHIN).map_err(|error| CliError::Usage(error.to_string()))?;
        let url = format!("{}/api/v1/ready", self.url.trim_end_matches('/'));
        let shown = shortened(&one_line(&url), LONGEST_URL);
        match client.get(&url).timeout(WITHIN).send().await {
            Ok(response) if response.status().is_success() => {
                super::common::print("ready\n");
                Ok(PASSED)
            }
            Ok(response) => {
                say!("not ready: {shown} answers {}", response.status());
                Ok(UNREACHABLE)
            }
            Err(error) => {
                let why = shortened(&one_line(&error.without_url().to_string()), LONGEST_URL);
                say!("not ready: {shown} cannot be reached: {why}");
                Ok(UNREACHABLE)
            }
        }
    }
}
