//! `standin receiver`: runs the reference receiver.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use url::Url;

use super::common::{self, PortArg};
use super::errors::{CliError, PASSED};
use super::files;
use super::interrupt;
use crate::model::Secret;
use crate::policy::assertion::{self, PublicKey};
use crate::receiver::{
    Assertions, Client, Defect, OAuth, Options, Running, Signing, Variation, defects, start,
};
use crate::suggest::did_you_mean;
use crate::text::names;

/// The name and value of the header that the built-in settings send.
pub const DEFAULT_HEADER: (&str, &str) = ("X-Api-Key", "standin-demo-key");
/// The secret that the built-in settings sign with.
pub const DEFAULT_SECRET: &str = "standin-demo-secret";
/// Id and secret of the client for which the built-in settings request tokens.
pub const DEFAULT_CLIENT: (&str, &str) = ("doo", "standin-demo-client-secret");
/// The token that the built-in settings send as an expired token.
pub const DEFAULT_EXPIRED_TOKEN: &str = "standin-demo-expired-token";
/// The most bytes of a key file that are read.
const LARGEST_KEY: u64 = 64 * 1024;
/// Id and secret of a client whose tokens are not for webhooks.
pub const DEFAULT_PARTNER: (&str, &str) = ("partner", "standin-demo-partner-secret");

/// What an assertion of Waitwhile must say: `iss`, `sub` and `aud`.
const ASSERTED: (&str, &str, &str) = ("waitwhile", "standin-demo", "standin-receiver");

/// Run the reference receiver alone, until Ctrl-C
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin receiver                                     a correct receiver on 127.0.0.1:8080\n  standin receiver --defect duplicates-applied-twice   with a bug; then: standin check\n  standin receiver --defect cents-dropped@once-in-ten  not at every request\n  standin receiver --list-defects                      the bugs that there are\n  standin receiver --waitwhile-key public.pem          Waitwhile's login with an assertion, too\n\nWithout a standin.yaml, `standin check` and the other commands use the right credentials for it.\nThese environment variables change them:\n  OMBORI_API_KEY           the value of Ombori's header\n  WAITWHILE_SECRET         the secret of Waitwhile's signature\n  WAITWHILE_EXPIRED_TOKEN  an expired token of Waitwhile's other login\n  DOO_CLIENT_SECRET        the secret with which doo requests tokens\n  DOO_EXPIRED_TOKEN        an expired token\n  DOO_PARTNER_SECRET       the secret of another client"
)]
pub struct Receiver {
    /// The address to listen on; loopback only
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    #[command(flatten)]
    port: PortArg,
    /// A bug to start with, or a variation of it: NAME@WHEN (may be repeated)
    #[arg(long, value_name = "NAME", value_parser = bug)]
    defect: Vec<(Defect, Option<Variation>)>,
    /// Acknowledge at once and process each webhook after this delay (`queues: true` in standin.yaml)
    #[arg(long, value_name = "DURATION", value_parser = common::length)]
    queue: Option<std::time::Duration>,
    /// The base URL under which vendors know it, if it differs; Waitwhile signs this URL
    #[arg(long, value_name = "URL", value_parser = address)]
    public_url: Option<String>,
    /// How long a token is valid
    #[arg(long, value_name = "DURATION", value_parser = common::length, default_value = "1h")]
    token_lifetime: std::time::Duration,
    /// A public key in PEM: Waitwhile may then ask for tokens with assertions that are signed with it
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    waitwhile_key: Option<PathBuf>,
    /// List the bugs that it can start with, and exit
    #[arg(long)]
    list_defects: bool,
}

/// A bug by its name, alone or with a variation: `cents-dropped@once-in-ten`.
fn bug(text: &str) -> Result<(Defect, Option<Variation>), String> {
    let Some((name, when)) = text.split_once('@') else { return Ok((defect(text)?, None)) };
    let defect = defect(name)?;
    let known = defect.variations();
    let found = known.iter().copied().find(|one| one.name() == when);
    let others = || {
        let known: Vec<String> = known.iter().map(|one| one.name()).collect();
        format!("{name} has the variations {}", names(known.iter().map(String::as_str)))
    };
    found.map(|one| (defect, Some(one))).ok_or_else(others)
}

fn defect(name: &str) -> Result<Defect, String> {
    Defect::from_name(name).ok_or_else(|| {
        let known = || defects().iter().map(|defect| defect.name());
        did_you_mean(name, known()).map_or_else(
            || format!("there are {}", names(known())),
            |question| format!("{question} `standin receiver --list-defects` lists them"),
        )
    })
}

/// Checks a base URL: scheme, host, port and path. The path of a webhook is appended to it.
fn address(text: &str) -> Result<String, String> {
    let wrong = |why: &str| format!("{why}; a URL like http://localhost:8080 is needed");
    let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    match (url.scheme(), url.query(), url.fragment()) {
        ("http" | "https", None, None) => Ok(text.trim_end_matches('/').to_owned()),
        ("http" | "https", ..) => Err(wrong("only scheme, host, port and path can be given")),
        (scheme, ..) => Err(wrong(&format!("{scheme} is not http or https"))),
    }
}

impl Receiver {
    /// Runs the receiver.
    pub async fn run(mut self) -> Result<u8, CliError> {
        self.listen = self.port.address_or(self.listen);
        if self.list_defects {
            list();
            return Ok(PASSED);
        }
        if !self.listen.ip().is_loopback() {
            let why = format!(
                "{} is not a loopback address; the reference receiver is for this machine only",
                self.listen
            );
            return Err(CliError::Usage(why));
        }
        let defects = self.defect.iter().map(|(defect, _)| *defect).collect();
        let varied: BTreeMap<Defect, Variation> =
            self.defect.iter().filter_map(|(defect, when)| Some((*defect, (*when)?))).collect();
        if self.queue.is_some() && !varied.is_empty() {
            let why =
                "a variation of a bug needs a webhook that is processed at once; leave out --queue";
            return Err(CliError::Usage(why.into()));
        }
        let mut options = Options { queues: self.queue, varied, ..options(self.listen, defects) };
        if let (Some(signing), Some(base)) = (&mut options.waitwhile, self.public_url) {
            signing.url = Some(format!("{base}/webhooks/waitwhile"));
        }
        if let Some(oauth) = &mut options.doo {
            oauth.token_lifetime = self.token_lifetime;
        }
        if let Some(path) = &self.waitwhile_key {
            let assertions = assertions(read_key(path)?);
            let token_lifetime = self.token_lifetime;
            options.waitwhile_assertions = Some(Assertions { token_lifetime, ..assertions });
        }
        let listen = self.listen;
        let running = start(options)
            .await
            .map_err(|error| CliError::Usage(format!("cannot listen on {listen}: {error}")))?;
        say_routes(&running);
        if self.waitwhile_key.is_some() {
            say_assertions(&running);
        }
        for (defect, when) in &self.defect {
            let when = when.map(|when| format!(", {}", when.about())).unwrap_or_default();
            say!("defect {}: the receiver {}{when}", defect.name(), defect.about());
        }
        interrupt::stopped().await;
        running.stop().await;
        Ok(PASSED)
    }
}

fn say_routes(running: &Running) {
    let url = &running.url;
    common::print(&format!("listening on {url}\n"));
    say!("POST {url}/webhooks/ombori      GET {url}/positions/{{id}}");
    say!(
        "POST {url}/webhooks/waitwhile   GET {url}/visits/{{id}}, /messages/{{id}}, /locations/{{id}}"
    );
    say!(
        "POST {url}/webhooks/doo/{{trigger}}   GET {url}/events/{{id}}, /orders/{{id}}, /attendees/{{id}}, /tickets/{{id}}"
    );
    say!("POST {url}/oauth/token, /oauth/revoke");
}

fn say_assertions(running: &Running) {
    let (url, (issuer, subject, audience)) = (&running.url, ASSERTED);
    say!("POST {url}/webhooks/waitwhile-with-token, /waitwhile/oauth/token");
    say!("     with an assertion of iss {issuer}, sub {subject}, aud {audience}");
}

fn read_key(path: &Path) -> Result<PublicKey, CliError> {
    let wrong =
        |why: String| CliError::Usage(format!("--waitwhile-key {}: {why}", files::shown(path)));
    let text = files::text_at_most(LARGEST_KEY, path).map_err(wrong)?;
    assertion::public_key(&text).map_err(|why| wrong(why.to_string()))
}

/// A receiver that fits the built-in settings.
pub fn options(listen: SocketAddr, defects: BTreeSet<Defect>) -> Options {
    let (name, value) = DEFAULT_HEADER;
    Options {
        listen,
        headers: BTreeMap::from([(name.to_owned(), secret("OMBORI_API_KEY", value))]),
        waitwhile: Some(Signing { secret: secret("WAITWHILE_SECRET", DEFAULT_SECRET), url: None }),
        waitwhile_assertions: None,
        doo: Some(oauth()),
        defects,
        varied: BTreeMap::new(),
        queues: None,
    }
}

/// What an assertion of Waitwhile must say to get a token, if this key has signed it.
pub fn assertions(key: PublicKey) -> Assertions {
    Assertions {
        algorithm: key.algorithm,
        public_key: key.bytes,
        issuer: ASSERTED.0.to_owned(),
        subject: ASSERTED.1.to_owned(),
        audience: ASSERTED.2.to_owned(),
        token_lifetime: std::time::Duration::from_secs(60 * 60),
        expired_token: Some(secret("WAITWHILE_EXPIRED_TOKEN", DEFAULT_EXPIRED_TOKEN)),
    }
}

/// The OAuth clients of the built-in settings.
pub fn oauth() -> OAuth {
    let client = |(id, value): (&str, &str), variable, may_send| Client {
        id: id.to_owned(),
        secret: secret(variable, value),
        may_send,
    };
    let clients = vec![
        client(DEFAULT_CLIENT, "DOO_CLIENT_SECRET", true),
        client(DEFAULT_PARTNER, "DOO_PARTNER_SECRET", false),
    ];
    let expired_token = Some(secret("DOO_EXPIRED_TOKEN", DEFAULT_EXPIRED_TOKEN));
    OAuth { expired_token, ..OAuth::new(clients) }
}

/// The environment variable, or the built-in value if it is not set or empty, as in the built-in settings.
fn secret(variable: &str, value: &str) -> Secret {
    let set = std::env::var(variable).ok().filter(|set| !set.is_empty());
    Secret::new(set.unwrap_or_else(|| value.to_owned()))
}

fn list() {
    let width = defects().iter().map(|defect| defect.name().len()).max().unwrap_or(0);
    for defect in defects() {
        common::print(&format!(
            "{:width$}  {:8}  {}\n",
            defect.name(),
            defect.vendor(),
            defect.description()
        ));
    }
    common::print("\nEach has variations, as in duplicates-applied-twice@once-in-ten:\n");
    let mut seen = BTreeSet::new();
    for when in defects().iter().flat_map(|defect| defect.variations()) {
        if seen.insert(when) {
            let of = match when {
                Variation::OneField(_) | Variation::RightPart(_) => "some",
                _ => "all",
            };
            common::print(&format!("{:width$}  {of:8}  {}\n", when.name(), when.about()));
        }
    }
}
