//! The stage of a scenario: its run, its account, and the counts that it has noted.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value as Json;

use super::finding::{Finding, failure, internal};
use super::hopeless::Lookout;
use super::probed::Shown;
use super::words::Account;
use crate::driver::Driver;
use crate::driver::api_router::{ApiRouter, ScenarioGuard};
use crate::journal::Memory;
use crate::model::probed::ProbeExchange;
use crate::model::result::ScenarioFailure;
use crate::model::{Subject, SubjectIndex};
use crate::policy::token::Token;
use crate::probe::Probe;
use crate::run::Run;
use crate::scenario::run::{Impossible, perform};
use crate::scenario::words::Instruction;
use crate::sim::AccountIndex;
use crate::under_test::UnderTest;
use crate::vendors::Vendor;

/// The stage of a scenario.
pub struct Stage {
    /// The receiver under test.
    pub under_test: Rc<UnderTest>,
    /// The run.
    pub driver: Driver,
    /// What the run has learnt so far, if it stops when the rest would show nothing new.
    pub lookout: Option<Arc<Lookout>>,
    /// A token that the vendor holds when the account is opened.
    pub held: Option<Token>,
    /// The account, once it is opened.
    account: Option<(AccountIndex, &'static dyn Vendor)>,
    /// The noted counts of effects, by the subject's name, with the kind whose probe counts them.
    pub noted: BTreeMap<String, (&'static str, i64)>,
    /// What the probes have shown so far.
    pub shown: RefCell<Shown>,
    /// What they read, each with the number of requests before it, if that is kept.
    pub read: RefCell<Option<Vec<(usize, ProbeExchange)>>>,
    /// Where calls of the vendor's API are answered, if it is served.
    router: Option<Rc<ApiRouter>>,
    /// While the scenario runs, calls that show its key are for it.
    guard: Option<ScenarioGuard>,
}

impl Stage {
    /// A run against this receiver that is empty so far, with this journal.
    pub fn new(under_test: &Rc<UnderTest>, run: Run, journal: Memory) -> Self {
        Self {
            driver: under_test.target.drive(run, journal),
            under_test: Rc::clone(under_test),
            lookout: None,
            held: None,
            account: None,
            noted: BTreeMap::new(),
            shown: RefCell::default(),
            read: RefCell::default(),
            router: None,
            guard: None,
        }
    }

    /// The same, with calls of the vendor's API answered through this router, if there is one.
    pub fn with_router(self, router: Option<&Rc<ApiRouter>>) -> Self {
        Self { router: router.cloned(), ..self }
    }

    /// Opens the account.
    ///
    /// # Errors
    /// If the vendor is not set up, or a setting is wrong. The rehearsal should have found that.
    pub fn open(&mut self, account: &Account) -> Finding {
        let catalogue = account.vendor.catalogue();
        let under_test = Rc::clone(&self.under_test);
        let target = under_test.target.vendors.get(catalogue.vendor);
        let target =
            target.ok_or_else(|| internal(format!("{} is not set up", catalogue.vendor)))?;
        let given = account.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let settings =
            target.settings_with(given).map_err(|problem| internal(problem.to_string()))?;
        let named = account.profile.as_deref().and_then(|name| catalogue.profile(name));
        let profile = named.unwrap_or(target.profile);
        // A run has one account, so the vendor's name is enough.
        let index = target
            .open(&mut self.driver, catalogue.vendor, profile, settings)
            .map_err(|error| internal(error.to_string()))?;
        if let Some(token) = self.held.take() {
            let held = self.driver.hold_token(index, &token);
            held.map_err(|error| internal(error.to_string()))?;
        }
        let router = self.router.as_ref();
        self.guard =
            router.map(|router| router.register(self.driver.pump(), index, account.vendor));
        self.account = Some((index, account.vendor));
        Ok(())
    }

    /// Does what a step says.
    ///
    /// # Errors
    /// If the step is not possible, which the rehearsal should have found. Or if there is no dead
    /// letter to send again, which depends on the receiver.
    pub async fn perform(&mut self, instruction: &Instruction, text: &str) -> Finding {
        let (account, _) = self.account()?;
        let performed = perform(&mut self.driver, account, instruction, text).await;
        performed.map_err(|impossible| match impossible {
            Impossible::NoDeadLetter => failure(impossible.to_string()),
            other => internal(other.to_string()),
        })
    }

    /// The account.
    ///
    /// # Errors
    /// If none was opened.
    pub fn account(&self) -> Result<(AccountIndex, &'static dyn Vendor), Box<ScenarioFailure>> {
        self.account.ok_or_else(|| internal("no account was opened"))
    }

    /// The subject of this name and kind (of any kind if none is given), with its kind.
    ///
    /// # Errors
    /// If no subject has this name and kind.
    pub fn named(
        &self,
        who: &str,
        kind: Option<&str>,
    ) -> Result<(&'static str, SubjectIndex), Box<ScenarioFailure>> {
        let (account, vendor) = self.account()?;
        let kinds = vendor.catalogue().subjects.iter().map(|subject| subject.kind);
        kinds
            .filter(|one| kind.is_none_or(|kind| kind == *one))
            .find_map(|one| {
                self.driver.sim().named(account, one, who).map(|subject| (one, subject))
            })
            .ok_or_else(|| internal(format!("no subject is called {who}")))
    }

    /// Whether the vendor has deleted the subject of this name and kind.
    ///
    /// # Errors
    /// If there is no such subject.
    pub fn is_deleted(&self, who: &str, kind: &str) -> Result<bool, Box<ScenarioFailure>> {
        let (account, _) = self.account()?;
        let (_, index) = self.named(who, Some(kind))?;
        Ok(self.driver.sim().is_deleted(account, index))
    }

    /// What the vendor knows about the subject of this name and kind.
    ///
    /// # Errors
    /// If there is no such subject.
    pub fn truth(&self, who: &str, kind: &str) -> Result<Json, Box<ScenarioFailure>> {
        let (account, _) = self.account()?;
        let (_, index) = self.named(who, Some(kind))?;
        Ok(self.driver.sim().truth(account, index))
    }

    /// The subject of this name and kind, with the probe that looks at it.
    ///
    /// # Errors
    /// If there is no such subject, or no probe for its kind.
    pub fn probed(&self, who: &str, kind: &str) -> Result<(&Probe, Subject), Box<ScenarioFailure>> {
        let (account, vendor) = self.account()?;
        let (kind, index) = self.named(who, Some(kind))?;
        let vendor = vendor.catalogue().vendor;
        let probe = self.under_test.probe(vendor, kind);
        let probe = probe.ok_or_else(|| internal(format!("there is no probe {vendor}.{kind}")))?;
        Ok((probe, self.driver.sim().subject(account, index)))
    }
}
