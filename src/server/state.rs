//! The state of the server: its accounts, and what they share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;
use serde_json::Value as Json;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};

use super::account::{Account, COMMAND, DELETED, Deliver, Restarts, SPEED};
use super::idempotency::Idempotency;
use super::known::unknown;
use super::problem::{Problem, ProblemType};
use crate::chance::Chance;
use crate::clock::{unchosen_seed, wall_clock};
use crate::driver::VendorTarget;
use crate::driver::live::{Live, Pace};
use crate::journal::Note;
use crate::journal::sqlite::{RowId, RunInfo, RunWriter, Store};
use crate::model::SettingProblem;
use crate::run::{Route, Run};
use crate::sim::Opening;
use crate::text::template;
use crate::under_test::UnderTest;

/// How many requests to receivers may be under way, over all accounts.
const MAX_IN_FLIGHT: usize = 512;

/// The server.
pub struct Server {
    /// The receiver, and how each vendor reaches it.
    pub under_test: UnderTest,
    /// The OpenAPI document.
    pub document: Json,
    /// The shipped scenarios: name and text.
    pub scenarios: Vec<(String, String)>,
    /// The journal.
    pub store: Store,
    /// Its limits.
    pub limits: Limits,
    restarts: Restarts,
    /// The answers to writes with an `Idempotency-Key`.
    pub idempotency: Idempotency,
    /// The last row of the journal.
    pub latest: watch::Receiver<RowId>,
    /// Whether the server is stopping. Then streams end.
    pub stopping: watch::Sender<bool>,
    /// How many streams may still be opened.
    pub streams: Arc<Semaphore>,
    accounts: RwLock<BTreeMap<String, Arc<Account>>>,
    /// Held while an account is opened or deleted: one at a time.
    opening: tokio::sync::Mutex<()>,
    permits: Arc<Semaphore>,
    runtime: Handle,
}

/// The limits of the server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many deliveries that are over each account keeps in memory.
    pub keep: usize,
    /// How many accounts there may be.
    pub accounts: usize,
    /// How many streams of events may be open.
    pub streams: usize,
    /// How many bytes the body of a request may have.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { keep: 10_000, accounts: 1000, streams: 64, body: 1 << 20 }
    }
}

/// The settings of a new account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its name.
    pub name: String,
    /// Its vendor.
    pub vendor: String,
    /// The seed; `None`: a new one.
    pub seed: Option<u64>,
    /// The version of the payloads; `None`: the one in standin.yaml.
    pub profile: Option<String>,
    /// Settings that override those in standin.yaml.
    pub settings: BTreeMap<String, String>,
    /// Where it delivers; `None`: as in standin.yaml.
    pub deliver: Option<Deliver>,
    /// When its virtual time begins; `None`: as in standin.yaml.
    pub start: Option<Timestamp>,
    /// The speed of virtual time; `None`: it stands still.
    pub speed: Option<f64>,
}

impl Server {
    /// A server without accounts. It must be called inside a tokio runtime that lives as long as the
    /// server.
    pub(super) fn new(
        under_test: UnderTest,
        store: Store,
        (limits, restarts): (Limits, Restarts),
        (document, scenarios): (Json, Vec<(String, String)>),
    ) -> Arc<Self> {
        let (sender, latest) = watch::channel(store.latest());
        store.listen(move |row| {
            let _ = sender.send(row);
        });
        Arc::new(Self {
            under_test,
            document,
            scenarios,
            store,
            limits,
            restarts,
            idempotency: Idempotency::default(),
            latest,
            stopping: watch::Sender::new(false),
            streams: Arc::new(Semaphore::new(limits.streams)),
            accounts: RwLock::default(),
            opening: tokio::sync::Mutex::default(),
            permits: Arc::new(Semaphore::new(MAX_IN_FLIGHT)),
            runtime: Handle::current(),
        })
    }

    /// Opens an account.
    ///
    /// # Errors
    /// If its settings are invalid, or there is an account with this name.
    pub async fn open(&self, new: NewAccount) -> Result<Arc<Account>, Problem> {
        let _one_at_a_time = self.opening.lock().await;
        if self.find(&new.name).is_some() {
            let detail = format!("there is already an account `{}`", new.name);
            return Err(Problem::new(ProblemType::Conflict, detail));
        }
        if self.accounts().len() >= self.limits.accounts {
            let detail = format!("there are {} accounts: delete one first", self.limits.accounts);
            return Err(Problem::new(ProblemType::TooMany, detail));
        }
        let target = self.target(&new.vendor)?.clone();
        let route = self.route(&target, new.deliver.as_ref())?;
        self.survives_a_restart(&target, new.deliver.as_ref())?;
        let opening = opening(&target, &new)?;
        let seed = new.seed.unwrap_or_else(unchosen_seed);
        let start = new.start.unwrap_or(self.under_test.target.start);
        let mut run = self.run(seed, start);
        run.open(target.vendor, opening, route);
        let writer = self.begin(&new, seed, start).await?;
        let account = self.account_of(&new, target, run, writer, (seed, start));
        // The account is in the journal before its creation is acknowledged.
        account.live.apply(|_| ()).await?;
        self.note_speed(&account).await?;
        self.insert(account.clone());
        Ok(account)
    }

    /// Replaces the account with this name by one with this run.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub(super) async fn replace(
        &self,
        new: NewAccount,
        run: Run,
        entries: Vec<crate::journal::Entry>,
        (seed, start): (u64, Timestamp),
    ) -> Result<Arc<Account>, Problem> {
        let _one_at_a_time = self.opening.lock().await;
        let target = self.target(&new.vendor)?.clone();
        let mut writer = self.begin(&new, seed, start).await?;
        let written =
            tokio::task::spawn_blocking(move || writer.append_and_wait(&entries).map(|_| writer));
        let writer = written.await.map_err(|_| unavailable("the journal's writer has ended"))??;
        if let Some(before) = self.find(&new.name) {
            self.end(&before).await?;
        }
        let account = self.account_of(&new, target, run, writer, (seed, start));
        account.live.apply(Run::resume_after_crash).await?;
        self.insert(account.clone());
        Ok(account)
    }

    /// Deletes an account. Requests under way are finished.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn delete(&self, account: &Account) -> Result<(), Problem> {
        let _one_at_a_time = self.opening.lock().await;
        self.end(account).await
    }

    async fn end(&self, account: &Account) -> Result<(), Problem> {
        let note = self.note_of(account, DELETED, Json::Null);
        account.live.note(note).await?;
        self.accounts_mut().remove(&account.name);
        account.live.end().await;
        Ok(())
    }

    /// Records the speed of an account's virtual time in the journal.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn note_speed(&self, account: &Account) -> Result<(), Problem> {
        let data = serde_json::json!({ "speed": account.live.pace().speed });
        account.live.note(self.note_of(account, SPEED, data)).await?;
        Ok(())
    }

    /// A note about an account.
    pub fn note_of(&self, account: &Account, name: &'static str, data: Json) -> Note {
        Note {
            at: account.live.now(),
            name,
            cause: None,
            account: Some(account.name.as_str().into()),
            delivery: None,
            data,
            body: None,
        }
    }

    /// The account with this name.
    ///
    /// # Errors
    /// If there is none.
    pub fn account(&self, name: &str) -> Result<Arc<Account>, Problem> {
        self.find(name).ok_or_else(|| Problem::not_found(format!("there is no account `{name}`")))
    }

    fn find(&self, name: &str) -> Option<Arc<Account>> {
        self.accounts.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// All accounts, by name.
    pub fn accounts(&self) -> Vec<Arc<Account>> {
        let accounts = self.accounts.read().unwrap_or_else(PoisonError::into_inner);
        accounts.values().cloned().collect()
    }

    fn accounts_mut(&self) -> std::sync::RwLockWriteGuard<'_, BTreeMap<String, Arc<Account>>> {
        self.accounts.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an account to those that the server plays.
    pub(super) fn insert(&self, account: Arc<Account>) {
        self.accounts_mut().insert(account.name.clone(), account);
    }

    /// How a vendor reaches the receiver.
    ///
    /// # Errors
    /// If standin.yaml does not set it up.
    pub fn target(&self, vendor: &str) -> Result<&VendorTarget, Problem> {
        let vendors = &self.under_test.target.vendors;
        vendors.get(vendor).ok_or_else(|| {
            let names: Vec<&str> = vendors.keys().copied().collect();
            let detail = format!(
                "the vendor `{vendor}` is not set up in standin.yaml (there are: {})",
                names.join(", ")
            );
            Problem::at("/vendor", detail)
        })
    }

    /// The route from an account to the receiver.
    ///
    /// # Errors
    /// If a URL cannot be used, or a trigger is unknown.
    pub(super) fn route(
        &self,
        target: &VendorTarget,
        deliver: Option<&Deliver>,
    ) -> Result<Route, Problem> {
        let mut route = target.route();
        let Some(deliver) = deliver else { return Ok(route) };
        let triggers = target.vendor.catalogue().triggers.iter().map(|one| one.name);
        route.urls.clear();
        let urls: BTreeMap<String, String> = match deliver {
            Deliver::All(url) => triggers.map(|one| (one.to_owned(), url.clone())).collect(),
            Deliver::Each(urls) => urls.clone(),
        };
        for (trigger, url) in urls {
            if target.vendor.catalogue().trigger(&trigger).is_none() {
                let known = target.vendor.catalogue().triggers.iter().map(|one| one.name);
                return Err(Problem::at("/deliver", unknown("trigger", &trigger, known)));
            }
            let wrong = |problem: &dyn ToString| Problem::at("/deliver", problem.to_string());
            let url = template::for_trigger(&url, &trigger).map_err(|problem| wrong(&problem))?;
            let allowed = self.under_test.target.sender.allowed().check(&url);
            allowed.map_err(|problem| wrong(&problem))?;
            route.urls.insert(trigger, url.into_owned().into());
        }
        Ok(route)
    }

    /// Refuses URLs with a secret that a restart could not get back: a journal keeps none.
    fn survives_a_restart(
        &self,
        target: &VendorTarget,
        deliver: Option<&Deliver>,
    ) -> Result<(), Problem> {
        let Some(deliver) = deliver.filter(|_| self.restarts == Restarts::FromItsJournal) else {
            return Ok(());
        };
        let vendor = target.vendor.catalogue().vendor;
        let what = match deliver.without_secrets().with_secrets_of(target) {
            Ok(again) if again == *deliver => return Ok(()),
            Ok(_) => format!("the `deliver` of {vendor} in standin.yaml has another one there"),
            Err(name) => {
                format!("the `deliver` of {vendor} in standin.yaml needs the same `{name}`")
            }
        };
        let why = format!(
            "the query has a secret, which a journal does not keep. So that a restart finds it, {what}"
        );
        Err(Problem::at("/deliver", why))
    }

    /// An empty run for an account.
    pub(super) fn run(&self, seed: u64, start: Timestamp) -> Run {
        let mut run = Run::new(&Chance::from_seed(seed), start);
        run.limit(self.limits.keep);
        run
    }

    async fn begin(
        &self,
        new: &NewAccount,
        seed: u64,
        start: Timestamp,
    ) -> Result<RunWriter, Problem> {
        let info = RunInfo {
            command: COMMAND.to_owned(),
            name: new.name.clone(),
            vendor: Some(new.vendor.clone()),
            seed,
            start,
            created: wall_clock(),
            meta: serde_json::json!({ "deliver": new.deliver.as_ref().map(Deliver::without_secrets) }),
        };
        let store = self.store.clone();
        let begun = tokio::task::spawn_blocking(move || store.begin(info)).await;
        Ok(begun.map_err(|_| unavailable("the journal's writer has ended"))??)
    }

    fn account_of(
        &self,
        new: &NewAccount,
        target: VendorTarget,
        run: Run,
        writer: RunWriter,
        (seed, start): (u64, Timestamp),
    ) -> Arc<Account> {
        let (id, pace) = (writer.run(), Pace::from(run.sim().now(), new.speed));
        Arc::new(Account {
            name: new.name.clone(),
            target,
            run: id,
            seed,
            start,
            deliver: new.deliver.clone(),
            live: self.live(run, writer, pace),
            playing: Mutex::default(),
            calls: Mutex::default(),
        })
    }

    /// Runs a task that outlives the request that started it.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(task);
    }

    /// Drives a run.
    pub(super) fn live(&self, run: Run, writer: RunWriter, pace: Pace) -> Live {
        let sender = self.under_test.target.sender.clone();
        Live::start(run, writer, pace, sender, Arc::clone(&self.permits), self.runtime.clone())
    }
}

fn opening(target: &VendorTarget, new: &NewAccount) -> Result<Opening, Problem> {
    let catalogue = target.vendor.catalogue();
    let profile = match &new.profile {
        None => target.profile,
        Some(name) => catalogue.profile(name).ok_or_else(|| {
            let known = catalogue.profiles.iter().map(|one| one.name);
            Problem::at("/profile", unknown("profile", name, known))
        })?,
    };
    let overrides = new.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let settings = target.settings_with(overrides).map_err(setting_problem)?;
    Ok(Opening { name: new.name.clone(), profile, settings })
}

/// A setting that is unknown or has a wrong value, as a problem of the body.
pub fn setting_problem(problem: SettingProblem) -> Problem {
    Problem::at(&format!("/settings/{}", problem.name), problem.message)
}

fn unavailable(detail: &str) -> Problem {
    Problem::new(ProblemType::Unavailable, detail)
}
