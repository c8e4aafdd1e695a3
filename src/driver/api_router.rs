//! Routes requests to the vendors' APIs while scenarios run. The requests come from other threads.
//! Each one goes to the run of the scenario that it is for.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::sync::{mpsc, oneshot};

use super::pump::Pump;
use crate::journal::Memory;
use crate::run::Claim;
use crate::sim::AccountIndex;
use crate::vendors::Vendor;
use crate::vendors::api::{ApiAnswer, ApiRequest};

/// A request that waits for its answer.
struct PendingCall {
    vendor: &'static dyn Vendor,
    request: ApiRequest,
    answer: oneshot::Sender<Result<ApiAnswer, Unanswered>>,
}

/// Why no account answered a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// No scenario has an account with its key or token.
    #[error("no scenario has an account with this key or token")]
    NoAccount,
    /// Several scenarios have one, and the request does not say which it is for.
    #[error(
        "several scenarios run with this key, and the request does not name a subject of one of them: \
         run one at a time (`--jobs 1`)"
    )]
    Several,
    /// The router has stopped.
    #[error("no scenario is running")]
    Closed,
}

/// Sends requests to the router, from any thread.
#[derive(Clone)]
pub struct ApiClient(mpsc::UnboundedSender<PendingCall>);

/// The requests that wait for the router.
pub struct ApiCalls(mpsc::UnboundedReceiver<PendingCall>);

/// A channel from the threads of the server to the router.
pub fn channel() -> (ApiClient, ApiCalls) {
    let (client, calls) = mpsc::unbounded_channel();
    (ApiClient(client), ApiCalls(calls))
}

impl ApiClient {
    /// The answer of the account that a request is for.
    ///
    /// # Errors
    /// If no account answers it.
    pub async fn ask(
        &self,
        vendor: &'static dyn Vendor,
        request: ApiRequest,
    ) -> Result<ApiAnswer, Unanswered> {
        let (answer, answered) = oneshot::channel();
        let call = PendingCall { vendor, request, answer };
        self.0.send(call).map_err(|_| Unanswered::Closed)?;
        answered.await.unwrap_or(Err(Unanswered::Closed))
    }
}

/// Routes requests to the accounts of scenarios.
#[derive(Default)]
pub struct ApiRouter {
    accounts: RefCell<Vec<Registered>>,
}

/// The account of a scenario.
#[derive(Clone)]
struct Registered {
    pump: Pump<Memory>,
    account: AccountIndex,
    vendor: &'static str,
    /// Whether its scenario is running.
    runs: Rc<Cell<bool>>,
}

/// Marks the scenario of an account as running, until it is dropped.
pub struct ScenarioGuard(Rc<Cell<bool>>);

impl Drop for ScenarioGuard {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl ApiRouter {
    /// Routes requests to this account from now on. Once its scenario has ended, it only gets
    /// requests that name one of its subjects.
    pub fn register(
        &self,
        pump: Pump<Memory>,
        account: AccountIndex,
        vendor: &'static dyn Vendor,
    ) -> ScenarioGuard {
        let runs = Rc::new(Cell::new(true));
        let vendor = vendor.catalogue().vendor;
        let registered = Registered { pump, account, vendor, runs: Rc::clone(&runs) };
        self.accounts.borrow_mut().push(registered);
        ScenarioGuard(runs)
    }

    /// Answers requests until the channel is closed. No request waits for another.
    pub async fn serve(&self, mut calls: ApiCalls) {
        let mut under_way = FuturesUnordered::new();
        loop {
            tokio::select! {
                call = calls.0.recv() => match call {
                    Some(call) => under_way.push(self.answer(call)),
                    None => break,
                },
                Some(()) = under_way.next(), if !under_way.is_empty() => {}
            }
        }
        while under_way.next().await.is_some() {}
    }

    async fn answer(&self, call: PendingCall) {
        let PendingCall { vendor, request, answer } = call;
        // If the connection was closed, nobody waits for the answer.
        let give = |given| drop(answer.send(given));
        let registered = match self.account(vendor, &request) {
            Ok(registered) => registered,
            Err(why) => return give(Err(why)),
        };
        match registered.pump.answer(registered.account, &request).await {
            Ok((answer, following)) => {
                give(Ok(answer));
                // If the journal fails, the next step of the scenario fails too.
                let _ = following.send().await;
            }
            // The scenario fails for the same reason.
            Err(_) => give(Err(Unanswered::Closed)),
        }
    }

    /// The account that a request is for: the one whose credential it has. If there are several, it
    /// is the one that has the subject which the request names, or the only one whose scenario is
    /// running.
    fn account(
        &self,
        vendor: &'static dyn Vendor,
        request: &ApiRequest,
    ) -> Result<Registered, Unanswered> {
        let api = vendor.api().ok_or(Unanswered::NoAccount)?;
        let claim = Claim::of(api, request);
        let mut registered: Vec<Registered> = self.accounts.borrow().clone();
        registered.retain(|one| one.vendor == vendor.catalogue().vendor);
        let shows =
            |one: &Registered| claim.has_credential_of(one.pump.core.borrow().run(), one.account);
        let tenant = |one: &Registered| {
            claim.tenant.is_some()
                && claim.tenant == Some(one.pump.core.borrow().run().tenant(one.account))
        };
        let mut candidates: Vec<&Registered> = registered.iter().filter(|one| shows(one)).collect();
        if candidates.is_empty() {
            candidates = registered.iter().filter(|one| tenant(one)).collect();
        }
        let has = |one: &&&Registered| {
            one.pump.apply(|run| claim.names_subject(run, one.account)).unwrap_or(false)
        };
        // A scenario that is running comes before one that has ended.
        let (running, ended): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|one| one.runs.get());
        if let Some(one) = running.iter().chain(&ended).find(has) {
            return Ok((*one).clone());
        }
        match running.as_slice() {
            [] => Err(Unanswered::NoAccount),
            [one] => Ok((*one).clone()),
            _ => Err(Unanswered::Several),
        }
    }
}
