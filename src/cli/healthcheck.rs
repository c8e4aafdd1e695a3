//! `standin healthcheck`: asks a server whether it is ready.

use std::time::Duration;

use clap::Args;
use url::Url;

use super::errors::{CliError, PASSED, UNREACHABLE};
use crate::delivery::{Client, ClientError, Trust};
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
        let url = format!("{}/api/v1/ready", self.url.trim_end_matches('/'));
        let shown = shortened(&one_line(&url), LONGEST_URL);
        match ask(&url).await? {
            Ok(status) if (200..300).contains(&status) => {
                super::common::print("ready\n");
                Ok(PASSED)
            }
            Ok(status) => {
                say!("not ready: {shown} answers {status}");
                Ok(UNREACHABLE)
            }
            Err(why) => {
                let why = shortened(&one_line(&why), LONGEST_URL);
                say!("not ready: {shown} cannot be reached: {why}");
                Ok(UNREACHABLE)
            }
        }
    }
}

/// The status of the answer to a GET of this URL, or why no answer came.
async fn ask(url: &str) -> Result<Result<u16, String>, CliError> {
    let broken = |error: ClientError| CliError::Usage(format!("no HTTP client: {error}"));
    let client = Client::new(&Trust::default(), WITHIN).map_err(broken)?;
    let url = match Url::parse(url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => url,
        Ok(_) => return Ok(Err("it begins neither with http:// nor with https://".to_owned())),
        Err(error) => return Ok(Err(error.to_string())),
    };
    Ok(match tokio::time::timeout(WITHIN, client.status(&url)).await {
        Ok(Ok(status)) => Ok(status),
        Ok(Err(failure)) => Err(failure.to_string()),
        Err(_) => Err(format!("no answer within {} s", WITHIN.as_secs())),
    })
}
