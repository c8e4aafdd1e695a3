//! Faults: of webhooks and of the vendor's own API, in the words of features.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::part::{Page, handler};
use crate::policy::{api_fault, fault};
use crate::run::Run;
use crate::server::context::Context;
use crate::server::known::unknown;
use crate::server::problem::Problem;
use crate::server::query::{Parameter, ParameterKind};
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};

/// A new fault.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFault {
    /// The phrase: `every webhook is delivered twice`, `the next 3 reads from the API are answered 429`.
    #[schemars(length(min = 1))]
    pub phrase: String,
}

/// A fault.
#[derive(Serialize, JsonSchema)]
pub struct FaultView {
    /// Its place in the list of faults, from 1.
    pub id: usize,
    /// The phrase.
    pub phrase: String,
    /// What it strikes: `webhooks` or `api`.
    pub strikes: &'static str,
    /// How many it still strikes; null if there is no limit.
    pub left: Option<u32>,
}

const PHRASE: Parameter = Parameter {
    name: "phrase",
    kind: ParameterKind::Text,
    about: "Only the faults with this phrase, as they are listed",
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(
            ("listFaults", Method::Get, "/accounts/{account}/faults"),
            "List the faults. A fault that has struck as often as it can is removed",
            Answer::json::<Page<FaultView>>(200, "The faults"),
            handler!(list),
        )
        .problems(&[404]),
        Route::new(
            ("addFault", Method::Post, "/accounts/{account}/faults"),
            "Set up a fault for future webhooks or API calls",
            Answer::json::<Page<FaultView>>(201, "The faults"),
            handler!(add),
        )
        .body::<NewFault>()
        .problems(&[404, 422, 503]),
        Route::new(
            ("removeFaults", Method::Delete, "/accounts/{account}/faults"),
            "Remove all faults, or those with one phrase. They do not strike later attempts of webhooks \
             either",
            Answer::nothing(204, "They are removed"),
            handler!(clear),
        )
        .query(&[PHRASE])
        .problems(&[404, 503]),
        Route::new(
            ("removeFault", Method::Delete, "/accounts/{account}/faults/{fault}"),
            "Remove a fault by its place, which changes when one before it is spent or removed",
            Answer::nothing(204, "It is removed"),
            handler!(remove),
        )
        .problems(&[404, 503]),
    ]
}

fn view(run: &Run) -> Page<FaultView> {
    use crate::model::fault::Amount;
    let webhooks = run.faults().iter().map(|fault| {
        let left = (fault.which.amount == Amount::Next).then_some(1);
        (fault.text.clone(), "webhooks", left)
    });
    let api = run.api_faults().iter().map(|fault| (fault.text.clone(), "api", fault.left));
    let all = webhooks.chain(api).enumerate();
    let items = all.map(|(place, (phrase, strikes, left))| FaultView {
        id: place + 1,
        phrase,
        strikes,
        left,
    });
    Page { items: items.collect(), next: None }
}

async fn list(context: Context) -> Answered {
    Ok(Reply::ok(context.account()?.live.read(view)))
}

async fn add(context: Context) -> Answered {
    let account = context.account()?;
    let NewFault { phrase } = context.json()?;
    let wrong = |why: String| Problem::at("/phrase", why);
    if let Some(fault) = api_fault::read(&phrase) {
        let fault = fault.map_err(wrong)?;
        if account.target.vendor.api().is_none() {
            return Err(wrong("this vendor's own API is not played".to_owned()));
        }
        let tokens = account.target.vendor.api().is_some_and(|api| api.oauth.is_some());
        if api_fault::needs_tokens(&fault) && !tokens {
            let title = account.target.vendor.catalogue().title;
            return Err(wrong(format!("the API of {title} does not issue tokens")));
        }
        let armed = context.write(&account, 201, |run| {
            run.arm_api(fault);
            Ok(view(run))
        });
        armed.await
    } else {
        let read = fault::read(&phrase);
        let fault = read.ok_or_else(|| wrong(format!("`{phrase}` is not a fault")))?;
        let fault = fault.map_err(wrong)?;
        let catalogue = account.target.vendor.catalogue();
        if let Some(trigger) = &fault.which.trigger
            && catalogue.trigger(trigger).is_none()
        {
            let known = catalogue.triggers.iter().map(|one| one.name);
            return Err(wrong(unknown("trigger", trigger, known)));
        }
        if let Some(why) = fault::lacks(&fault, &account.target.policy.authentication) {
            return Err(wrong(why));
        }
        let armed = context.write(&account, 201, |run| {
            run.arm(fault);
            Ok(view(run))
        });
        armed.await
    }
}

async fn clear(context: Context) -> Answered {
    let account = context.account()?;
    let phrase = context.query.text("phrase");
    let cleared = context.write(&account, 204, |run| {
        let Some(phrase) = phrase else {
            run.disarm();
            return Ok(());
        };
        if !run.remove_fault(phrase) {
            let there = view(run).items;
            let there = there.iter().map(|fault| fault.phrase.as_str());
            return Err(Problem::not_found(unknown("fault", phrase, there)));
        }
        while run.remove_fault(phrase) {}
        Ok(())
    });
    cleared.await
}

async fn remove(context: Context) -> Answered {
    let account = context.account()?;
    let id = context.path.get(1).map_or("", String::as_str);
    let removed = context.write(&account, 204, |run| {
        let faults = view(run).items;
        let fault = faults.into_iter().find(|fault| fault.id.to_string() == id);
        if fault.is_some_and(|fault| run.remove_fault(&fault.phrase)) {
            return Ok(());
        }
        Err(Problem::not_found(format!("there is no fault `{id}`")))
    });
    removed.await
}
