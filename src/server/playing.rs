//! The progress of a scenario that is played at an account.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::Serialize;

use crate::scenario::Scenario;

/// The scenario that an account plays, or the one that it played last.
#[derive(Serialize, JsonSchema)]
pub struct PlayedScenario {
    /// What it is about.
    pub about: String,
    /// `playing`, `done` or `failed`.
    pub state: &'static str,
    /// How many steps are done.
    pub done: usize,
    /// How many steps it has.
    pub steps: usize,
    /// The text of the step that is being done or has failed.
    pub step: Option<String>,
    /// Why it failed, if it did.
    pub why: Option<String>,
}

/// The progress of a scenario.
pub struct Playing {
    /// What it is about.
    pub about: String,
    /// The texts of its steps.
    pub steps: Vec<String>,
    /// How many steps are done.
    pub done: AtomicUsize,
    /// Whether it must stop after its current step. Then it is shown no more.
    pub stop: AtomicBool,
    /// Whether it has ended.
    pub over: AtomicBool,
    /// Why it failed, if it did.
    pub failed: Mutex<Option<String>>,
}

impl Playing {
    /// The progress before the first step.
    pub fn of(scenario: &Scenario) -> Self {
        Self {
            about: scenario.about.clone(),
            steps: scenario.steps.iter().map(|step| step.text.clone()).collect(),
            done: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            over: AtomicBool::new(false),
            failed: Mutex::new(None),
        }
    }

    /// The progress as the API shows it.
    pub fn view(&self) -> PlayedScenario {
        let over = self.over.load(Ordering::Acquire);
        let done = self.done.load(Ordering::Acquire);
        let why = self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let state = match (over, &why) {
            (false, _) => "playing",
            (true, Some(_)) => "failed",
            (true, None) => "done",
        };
        let (about, steps) = (self.about.clone(), self.steps.len());
        PlayedScenario { about, state, done, steps, step: self.steps.get(done).cloned(), why }
    }
}
