//! Accounts: created, listed, deleted, saved as snapshots and restored.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::part::{Page, handler, required_whole_number, whole_number};
use crate::journal::sqlite::{Filter, StoreError};
use crate::run::replay::{Replay, ReplaySetup};
use crate::server::account::{Account, Deliver, ONLY, kept};
use crate::server::context::Context;
use crate::server::problem::{Problem, ProblemType};
use crate::server::read::read;
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};
use crate::server::state::NewAccount;

/// The settings of a new account.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccountBody {
    /// Its name, in paths of this API.
    #[schemars(regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"))]
    pub name: String,
    /// Its vendor: `ombori`.
    pub vendor: String,
    /// The seed of all randomness; a new one by default.
    #[serde(default, deserialize_with = "whole_number")]
    #[schemars(extend("maximum" = u64::MAX))]
    pub seed: Option<u64>,
    /// The version of the payloads; by default the one in standin.yaml.
    #[serde(default)]
    pub profile: Option<String>,
    /// Settings of the account. They override those in standin.yaml.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// Where it delivers its webhooks; by default as in standin.yaml.
    #[serde(default)]
    pub deliver: Option<Deliver>,
    /// When its virtual time begins (RFC 3339).
    #[serde(default)]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub start: Option<Timestamp>,
    /// Virtual seconds per real second; by default time stands still.
    #[serde(default)]
    #[schemars(range(min = 0.001, max = 1e9))]
    pub speed: Option<f64>,
}

/// An account.
#[derive(Serialize, JsonSchema)]
pub struct AccountView {
    /// Its name.
    pub name: String,
    /// Its vendor.
    pub vendor: &'static str,
    /// The vendor's own identifier of the account, such as the organization.
    pub tenant: String,
    /// The seed.
    pub seed: u64,
    /// When its virtual time began.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub start: Timestamp,
    /// Its virtual time now.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub now: Timestamp,
    /// Virtual seconds per real second; null: time stands still.
    pub speed: Option<f64>,
    /// How many subjects there are or have been.
    pub subjects: usize,
    /// How many deliveries are kept in memory.
    pub deliveries: usize,
    /// How many requests are under way.
    pub in_flight: usize,
    /// Where it delivers, if standin.yaml is overridden. A star stands for each byte of a secret in a query.
    pub deliver: Option<Deliver>,
}

/// The credentials for the vendor's API of this account. They are invented, and valid only for this
/// account.
#[derive(Serialize, JsonSchema)]
pub struct Credentials {
    /// Where the API is served; null if the vendor has none here.
    pub base: Option<&'static str>,
    /// The key.
    pub key: String,
    /// The id of its OAuth client.
    pub client_id: String,
    /// The secret of that client.
    pub client_secret: String,
}

/// An account at one moment, with all that is needed to restore it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// The version of this format: 1.
    #[serde(deserialize_with = "required_whole_number")]
    #[schemars(range(min = 1, max = 1))]
    pub snapshot: u64,
    /// Its vendor.
    pub vendor: String,
    /// The seed.
    #[serde(deserialize_with = "required_whole_number")]
    #[schemars(extend("maximum" = u64::MAX))]
    pub seed: u64,
    /// When its virtual time began.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub start: Timestamp,
    /// The journal of its run, one object per entry.
    pub entries: Vec<serde_json::Map<String, Json>>,
}

/// The longest name.
const LONGEST_NAME: usize = 64;

pub fn routes() -> Vec<Route> {
    let (get, put, delete) = (Method::Get, Method::Put, Method::Delete);
    vec![
        Route::new(
            ("listAccounts", get, "/accounts"),
            "List the accounts",
            Answer::json::<Page<AccountView>>(200, "The accounts, by name"),
            handler!(list),
        ),
        Route::new(
            ("createAccount", Method::Post, "/accounts"),
            "Open an account at a vendor",
            Answer::json::<AccountView>(201, "It is open"),
            handler!(create),
        )
        .body::<NewAccountBody>()
        .problems(&[409, 422, 429, 503]),
        Route::new(
            ("getAccount", get, "/accounts/{account}"),
            "Read an account",
            Answer::json::<AccountView>(200, "The account"),
            handler!(account),
        )
        .problems(&[404]),
        Route::new(
            ("deleteAccount", delete, "/accounts/{account}"),
            "Delete an account. Its journal stays in the file",
            Answer::nothing(204, "It is deleted"),
            handler!(remove),
        )
        .problems(&[404, 503]),
        Route::new(
            ("getCredentials", get, "/accounts/{account}/credentials"),
            "Read the credentials that a receiver needs to call the vendor's API for this account",
            Answer::json::<Credentials>(200, "The credentials"),
            handler!(credentials),
        )
        .problems(&[404]),
        Route::new(
            ("getSnapshot", get, "/accounts/{account}/snapshot"),
            "Take a snapshot of an account",
            Answer::json::<Snapshot>(200, "The snapshot"),
            handler!(snapshot),
        )
        .problems(&[404, 503]),
        Route::new(
            ("restoreSnapshot", put, "/accounts/{account}/snapshot"),
            "Restore an account to the state of a snapshot",
            Answer::json::<AccountView>(200, "The restored account"),
            handler!(restore),
        )
        .body::<Snapshot>()
        .problems(&[404, 422, 503]),
    ]
}

/// An account as the API shows it.
pub fn view(account: &Account) -> AccountView {
    let (tenant, subjects, deliveries) = account.live.read(|run| {
        let subjects = run.sim().subjects(ONLY).len();
        (run.tenant(ONLY), subjects, run.deliveries().len())
    });
    AccountView {
        name: account.name.clone(),
        vendor: account.vendor(),
        tenant,
        seed: account.seed,
        start: account.start,
        now: account.live.now(),
        speed: account.live.pace().speed,
        subjects,
        deliveries,
        in_flight: account.live.in_flight(),
        deliver: account.deliver.as_ref().map(Deliver::without_secrets),
    }
}

async fn list(context: Context) -> Answered {
    let accounts = context.server.accounts();
    let items = accounts.iter().map(|account| view(account)).collect();
    Ok(Reply::ok(Page { items, next: None }))
}

async fn create(context: Context) -> Answered {
    let body: NewAccountBody = context.json()?;
    check_name(&body.name)?;
    if let Some(speed) = body.speed {
        super::clock::check_speed("/speed", speed)?;
    }
    let new = NewAccount {
        name: body.name,
        vendor: body.vendor,
        seed: body.seed,
        profile: body.profile,
        settings: body.settings,
        deliver: body.deliver,
        start: body.start,
        speed: body.speed,
    };
    Ok(Reply::with(201, view(&*context.server.open(new).await?)))
}

fn check_name(name: &str) -> Result<(), Problem> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let right = name.bytes().all(plain)
        && name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && name.len() <= LONGEST_NAME;
    if right {
        return Ok(());
    }
    let detail = format!(
        "a name has 1 to {LONGEST_NAME} letters, digits, `.`, `_` and `-`, and begins with a letter \
         or a digit"
    );
    let problem = Problem::new(ProblemType::InvalidRequest, detail);
    Err(Problem { pointer: Some("/name".to_owned()), ..problem })
}

async fn account(context: Context) -> Answered {
    Ok(Reply::ok(view(&*context.account()?)))
}

async fn remove(context: Context) -> Answered {
    context.server.delete(&*context.account()?).await?;
    Ok(Reply::Empty(204))
}

async fn credentials(context: Context) -> Answered {
    let account = context.account()?;
    let base = account.target.vendor.api().map(|api| api.mount);
    let shown = account.live.read(|run| {
        let keys = run.api_keys(ONLY);
        Credentials {
            base,
            key: keys.key.reveal().to_owned(),
            client_id: keys.client.id.clone(),
            client_secret: keys.client.secret.reveal().to_owned(),
        }
    });
    Ok(Reply::ok(shown))
}

async fn snapshot(context: Context) -> Answered {
    let account = context.account()?;
    // After this, every earlier input is in the journal.
    account.live.apply(|_| ()).await?;
    let filter = Filter { run: Some(account.run), ..Filter::default() };
    let entries = read(&context.server, move |reader| {
        let mut entries = Vec::new();
        reader.each(&filter, |row| {
            let line: Json = serde_json::from_str(&row.line).unwrap_or(Json::Null);
            if let (Json::Object(line), true) = (line, row.entry.is_some()) {
                entries.push(line);
            }
            Ok::<_, StoreError>(())
        })?;
        Ok(entries)
    });
    let entries = entries.await?;
    Ok(Reply::ok(Snapshot {
        snapshot: 1,
        vendor: account.vendor().to_owned(),
        seed: account.seed,
        start: account.start,
        entries,
    }))
}

async fn restore(context: Context) -> Answered {
    let account = context.account()?;
    let snapshot: Snapshot = context.json()?;
    if snapshot.snapshot != 1 {
        return Err(Problem::at(
            "/snapshot",
            "this version of the format is unknown; it must be 1",
        ));
    }
    if snapshot.vendor != account.vendor() {
        let detail = format!("the account belongs to {}", account.vendor());
        return Err(Problem::at("/vendor", detail));
    }
    let route = context.server.route(&account.target, account.deliver.as_ref())?;
    let reopen = ReplaySetup {
        vendor: &|name| context.server.under_test.registry.find(name),
        route: &|_, _| Some(route.clone()),
    };
    let mut empty = context.server.run(snapshot.seed, snapshot.start);
    let keep = context.server.limits.keep;
    let forgot = snapshot.entries.iter().map(|entry| kept(&Json::Object(entry.clone())));
    empty.limit(forgot.fold(keep, usize::max));
    let mut replay = Replay::new(empty, &reopen).keeping_entries();
    for (place, entry) in snapshot.entries.iter().enumerate() {
        let line = Json::Object(entry.clone()).to_string();
        let wrong = |error: crate::journal::JournalError| {
            Problem::at(&format!("/entries/{place}"), error.to_string())
        };
        replay.line(&line).map_err(wrong)?;
    }
    let entries = replay.take_entries();
    let mut run = replay.finish();
    run.limit(keep);
    if !run.has(ONLY) {
        return Err(Problem::at("/entries", "this snapshot does not open an account"));
    }
    let new = NewAccount {
        name: account.name.clone(),
        vendor: snapshot.vendor,
        seed: Some(snapshot.seed),
        profile: None,
        settings: BTreeMap::new(),
        deliver: account.deliver.clone(),
        start: Some(snapshot.start),
        speed: account.live.pace().speed,
    };
    let written = entries.len() - run.unwritten();
    let entries = entries.into_iter().take(written).collect();
    let seeded = (snapshot.seed, snapshot.start);
    Ok(Reply::ok(view(&*context.server.replace(new, run, entries, seeded).await?)))
}
