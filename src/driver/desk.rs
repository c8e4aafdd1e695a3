//! The desk at which requests to the vendors' APIs are answered while scenarios run: they come from
//! other threads, and each goes to the run of the scenario that it is for.

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

/// A request, and where its answer goes.
struct Question {
    vendor: &'static dyn Vendor,
    request: ApiRequest,
    answer: oneshot::Sender<Result<ApiAnswer, Unanswered>>,
}

/// Why a request got no answer of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// No scenario has an account with its key or token.
    #[error("no scenario has an account with this key or token")]
    NoAccount,
    /// Several have.
    #[error(
        "several scenarios run with this key, and the request names no subject of one of them: \
         run one at a time (`--jobs 1`)"
    )]
    Several,
    /// Nobody answers any more.
    #[error("no scenario is running")]
    Closed,
}

/// Asks, from any thread.
#[derive(Clone)]
pub struct Asker(mpsc::UnboundedSender<Question>);

/// What was asked and is to be answered.
pub struct Questions(mpsc::UnboundedReceiver<Question>);

/// A way to ask, and what comes along it.
pub fn questions() -> (Asker, Questions) {
    let (asker, questions) = mpsc::unbounded_channel();
    (Asker(asker), Questions(questions))
}

impl Asker {
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
        let question = Question { vendor, request, answer };
        self.0.send(question).map_err(|_| Unanswered::Closed)?;
        answered.await.unwrap_or(Err(Unanswered::Closed))
    }
}

/// Answers for the accounts of scenarios.
#[derive(Default)]
pub struct Desk {
    accounts: RefCell<Vec<Known>>,
}

/// The account of a scenario.
#[derive(Clone)]
struct Known {
    pump: Pump<Memory>,
    account: AccountIndex,
    vendor: &'static str,
    /// Whether its scenario is still running.
    runs: Rc<Cell<bool>>,
}

/// While it is there, the scenario of an account is running.
pub struct Presence(Rc<Cell<bool>>);

impl Drop for Presence {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl Desk {
    /// Answers for an account from now on. Once its scenario has ended, only requests that name a
    /// subject of it are for it.
    pub fn enter(
        &self,
        pump: Pump<Memory>,
        account: AccountIndex,
        vendor: &'static dyn Vendor,
    ) -> Presence {
        let runs = Rc::new(Cell::new(true));
        let vendor = vendor.catalogue().vendor;
        let known = Known { pump, account, vendor, runs: Rc::clone(&runs) };
        self.accounts.borrow_mut().push(known);
        Presence(runs)
    }

    /// Answers each question at once, for ever.
    pub async fn serve(&self, mut questions: Questions) {
        let mut under_way = FuturesUnordered::new();
        loop {
            tokio::select! {
                question = questions.0.recv() => match question {
                    Some(question) => under_way.push(self.answer(question)),
                    None => break,
                },
                Some(()) = under_way.next(), if !under_way.is_empty() => {}
            }
        }
        while under_way.next().await.is_some() {}
    }

    async fn answer(&self, question: Question) {
        let Question { vendor, request, answer } = question;
        // Nobody waits for an answer whose connection was closed.
        let give = |given| drop(answer.send(given));
        let known = match self.account(vendor, &request) {
            Ok(known) => known,
            Err(why) => return give(Err(why)),
        };
        match known.pump.answer(known.account, &request).await {
            Ok((answer, following)) => {
                give(Ok(answer));
                // An error of the journal fails the next step of the scenario.
                let _ = following.send().await;
            }
            // The scenario fails for that.
            Err(_) => give(Err(Unanswered::Closed)),
        }
    }

    /// The account that a request is for: the one whose credential it shows. Of several, it is the
    /// one that has the subject which the request names, or the only one whose scenario is running.
    fn account(
        &self,
        vendor: &'static dyn Vendor,
        request: &ApiRequest,
    ) -> Result<Known, Unanswered> {
        let api = vendor.api().ok_or(Unanswered::NoAccount)?;
        let claim = Claim::of(api, request);
        let mut known: Vec<Known> = self.accounts.borrow().clone();
        known.retain(|one| one.vendor == vendor.catalogue().vendor);
        let shows =
            |one: &Known| claim.has_credential_of(one.pump.core.borrow().run(), one.account);
        let tenant = |one: &Known| {
            claim.tenant.is_some()
                && claim.tenant == Some(one.pump.core.borrow().run().tenant(one.account))
        };
        let mut candidates: Vec<&Known> = known.iter().filter(|one| shows(one)).collect();
        if candidates.is_empty() {
            candidates = known.iter().filter(|one| tenant(one)).collect();
        }
        let has = |one: &&&Known| {
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
