//! Scenarios: shipped or posted, played at an account.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::part::{Page, handler};
use crate::driver::live::Live;
use crate::scenario::run::perform;
use crate::scenario::{Scenario, file};
use crate::server::account::ONLY;
use crate::server::context::Context;
use crate::server::known::unknown;
use crate::server::playing::{PlayedScenario, Playing};
use crate::server::problem::{Problem, ProblemType};
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};

/// A shipped scenario.
#[derive(Serialize, JsonSchema)]
pub struct ShippedScenario {
    /// Its name: `ombori/walk-in.yaml`.
    pub name: String,
    /// Its vendor; null if it cannot be read.
    pub vendor: Option<&'static str>,
    /// What it is about.
    pub about: String,
}

/// The scenario to play: one of the two.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum NewScenario {
    /// The name of a shipped scenario.
    Name(String),
    /// The text of a scenario file.
    Text(String),
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(
            ("listScenarios", Method::Get, "/scenarios"),
            "List the shipped scenarios",
            Answer::json::<Page<ShippedScenario>>(200, "The scenarios"),
            handler!(list),
        ),
        Route::new(
            ("playScenario", Method::Post, "/accounts/{account}/scenario"),
            "Play the steps of a scenario at an account, one after the other. Its waits advance virtual time at once",
            Answer::json::<PlayedScenario>(202, "It has started"),
            handler!(play),
        )
        .body::<NewScenario>()
        .problems(&[404, 409, 422]),
        Route::new(
            ("getScenario", Method::Get, "/accounts/{account}/scenario"),
            "Read the progress of the scenario that was started last at an account",
            Answer::json::<PlayedScenario>(200, "Its progress"),
            handler!(progress),
        )
        .problems(&[404]),
        Route::new(
            ("stopScenario", Method::Delete, "/accounts/{account}/scenario"),
            "Stop the scenario of an account after its current step",
            Answer::nothing(204, "It stops after its current step"),
            handler!(stop),
        )
        .problems(&[404]),
    ]
}

async fn list(context: Context) -> Answered {
    let registry = context.server.under_test.registry;
    let items = context.server.scenarios.iter().map(|(name, text)| {
        let read = file::read(registry, name, text).ok();
        ShippedScenario {
            name: name.clone(),
            vendor: read.as_ref().map(|one| one.vendor.catalogue().vendor),
            about: read.map(|one| one.about).unwrap_or_default(),
        }
    });
    Ok(Reply::ok(Page { items: items.collect(), next: None }))
}

async fn play(context: Context) -> Answered {
    let account = context.account()?;
    let (name, text) = match context.json()? {
        NewScenario::Text(text) => ("scenario.yaml".to_owned(), text),
        NewScenario::Name(name) => {
            let shipped = context.server.scenarios.iter().find(|(one, _)| *one == name);
            let missing = || {
                let known = context.server.scenarios.iter().map(|(one, _)| one.as_str());
                Problem::at("/name", unknown("scenario", &name, known))
            };
            shipped.cloned().ok_or_else(missing)?
        }
    };
    let registry = context.server.under_test.registry;
    let scenario = file::read(registry, &name, &text).map_err(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Problem::at("/text", all.join("; "))
    })?;
    let catalogue = scenario.vendor.catalogue();
    if catalogue.vendor != account.vendor() {
        let detail = format!("this is a scenario for {}", catalogue.title);
        return Err(Problem::new(ProblemType::Unprocessable, detail));
    }
    if scenario.traffic.is_some() {
        let detail = "this scenario is traffic: start it with `PUT …/traffic`";
        return Err(Problem::new(ProblemType::Unprocessable, detail));
    }
    context.begin(&account).await?;
    let playing = Arc::new(Playing::of(&scenario));
    {
        let mut last = account.playing.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref().is_some_and(|last| !last.over.load(Ordering::Acquire)) {
            let detail =
                "a scenario is playing at this account: stop it, and wait for its current step";
            return Err(Problem::new(ProblemType::Conflict, detail));
        }
        *last = Some(Arc::clone(&playing));
    }
    let view = playing.view();
    context.server.spawn(carry_out(account.live.clone(), scenario, playing));
    Ok(Reply::with(202, view))
}

/// Does the steps, until the end, a step that is not possible, or a stop.
async fn carry_out(mut live: Live, scenario: Scenario, playing: Arc<Playing>) {
    for step in &scenario.steps {
        if playing.stop.load(Ordering::Acquire) {
            break;
        }
        if let Err(why) = perform(&mut live, ONLY, &step.instruction, &step.text).await {
            let mut failed = playing.failed.lock().unwrap_or_else(PoisonError::into_inner);
            *failed = Some(why.to_string());
            break;
        }
        playing.done.fetch_add(1, Ordering::AcqRel);
    }
    playing.over.store(true, Ordering::Release);
}

async fn progress(context: Context) -> Answered {
    let account = context.account()?;
    let last = account.playing.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let last = last.filter(|last| !last.stop.load(Ordering::Acquire)).ok_or_else(|| {
        Problem::not_found("no scenario was started at this account, or it was stopped")
    })?;
    Ok(Reply::ok(last.view()))
}

async fn stop(context: Context) -> Answered {
    let account = context.account()?;
    let last = account.playing.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(last) = last {
        last.stop.store(true, Ordering::Release);
    }
    Ok(Reply::Empty(204))
}
