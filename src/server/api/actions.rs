//! Actions at the vendor: listed and done.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::part::{Page, handler, wait_for};
use super::subjects::{SubjectRef, reference};

use crate::model::{Action, Argument, ArgumentKind, Call, Catalogue, Provenance, Value};
use crate::phrase::{self, PhraseError};
use crate::run::Run;
use crate::server::account::{Account, ONLY};
use crate::server::context::Context;
use crate::server::problem::{Problem, ProblemType};
use crate::server::query::{Parameter, ParameterKind};
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};
use crate::suggest::did_you_mean;
use crate::text::{duration, no_duration, with_article};

/// An action of the vendor.
#[derive(Serialize, JsonSchema)]
pub struct ActionView {
    /// Its name.
    pub name: &'static str,
    /// The phrases for it.
    pub phrases: &'static [&'static str],
    /// Its arguments.
    pub arguments: Vec<ArgumentView>,
    /// The kind of subject that it acts on or creates.
    pub subject: Option<&'static str>,
    /// The states of its subject in which it is legal; empty if it creates the subject.
    pub from: &'static [&'static str],
    /// The states that it can lead to.
    pub to: &'static [&'static str],
    /// The triggers of the webhooks that it causes.
    pub causes: &'static [&'static str],
    /// Whether a document of the vendor describes it.
    pub documented: bool,
}

/// An argument of an action.
#[derive(Serialize, JsonSchema)]
pub struct ArgumentView {
    /// Its name.
    pub name: &'static str,
    /// What it takes: `new`, `subject`, `text`, `integer` or `duration`.
    pub takes: &'static str,
    /// The kind of subject that it refers to, if it is a subject.
    pub kind: Option<&'static str>,
}

/// An action to do, as a phrase.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// The phrase, for example `Anna takes a walk-in ticket`.
    #[schemars(length(min = 1))]
    pub phrase: String,
}

/// The arguments of an action.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// A value for each argument: a name or an id of a subject, a text, a whole number, or a length
    /// of time such as `10m`.
    #[serde(default)]
    pub arguments: Map<String, Json>,
}

/// The result of an action.
#[derive(Serialize, JsonSchema)]
pub struct Performed {
    /// The action.
    pub action: &'static str,
    /// The subject that it acted on or created.
    pub subject: SubjectRef,
    /// The other subjects that it created.
    pub made: Vec<SubjectRef>,
    /// The deliveries that it caused.
    pub deliveries: Vec<u64>,
}

const WAIT: &[Parameter] = &[Parameter {
    name: "wait",
    kind: ParameterKind::Choice(&["delivered"]),
    about: "`delivered`: answer once nothing is due or under way any more, after at most five seconds. \
            Retries that are due later are not waited for",
}];

pub fn routes() -> Vec<Route> {
    let performed = || Answer::json::<Performed>(200, "The action is done");
    vec![
        Route::new(
            ("listActions", Method::Get, "/accounts/{account}/actions"),
            "List the actions of the account's vendor",
            Answer::json::<Page<ActionView>>(200, "The actions"),
            handler!(list),
        )
        .problems(&[404]),
        Route::new(
            ("say", Method::Post, "/accounts/{account}/actions"),
            "Do an action that is given as a phrase",
            performed(),
            handler!(say),
        )
        .query(WAIT)
        .body::<Phrase>()
        .problems(&[404, 409, 422, 503]),
        Route::new(
            ("performAction", Method::Post, "/accounts/{account}/actions/{action}"),
            "Do an action by its name",
            performed(),
            handler!(perform),
        )
        .query(WAIT)
        .body::<Arguments>()
        .problems(&[404, 409, 422, 503]),
    ]
}

async fn list(context: Context) -> Answered {
    let account = context.account()?;
    let items = account.target.vendor.catalogue().actions.iter().map(view).collect();
    Ok(Reply::ok(Page { items, next: None }))
}

fn view(action: &'static Action) -> ActionView {
    let arguments = action.arguments.iter().map(|argument| ArgumentView {
        name: argument.name,
        takes: takes(argument.kind),
        kind: argument.kind.subject(),
    });
    ActionView {
        name: action.call,
        phrases: action.phrases,
        arguments: arguments.collect(),
        subject: action.subject_kind(),
        from: action.from,
        to: action.to,
        causes: action.causes,
        documented: matches!(action.provenance, Provenance::Documented(_)),
    }
}

fn takes(kind: ArgumentKind) -> &'static str {
    match kind {
        ArgumentKind::New(_) => "new",
        ArgumentKind::Subject(_) | ArgumentKind::Other(..) => "subject",
        ArgumentKind::Text => "text",
        ArgumentKind::Integer(..) => "integer",
        ArgumentKind::Duration => "duration",
    }
}

async fn say(context: Context) -> Answered {
    let account = context.account()?;
    let body: Phrase = context.json()?;
    let catalogue = account.target.vendor.catalogue();
    let parsed = phrase::read(catalogue, &body.phrase)
        .map_err(|error| Problem::at("/phrase", wrong_phrase(&body.phrase, error)))?;
    let name = parsed.action;
    let performed = context.write(&account, 200, |run| {
        let before = next_delivery(run);
        let subject = run.act(ONLY, &parsed, &body.phrase)?;
        let deliveries = run.deliveries().since(before).map(|one| one.id);
        Ok(Performed {
            action: name,
            subject: reference(run, subject),
            made: Vec::new(),
            deliveries: deliveries.collect(),
        })
    });
    finish(&context, &account, performed.await?).await
}

fn wrong_phrase(text: &str, error: PhraseError) -> String {
    match error {
        PhraseError::Value(why) => why,
        PhraseError::Unknown(None) => format!("`{text}` is not a phrase of this vendor"),
        PhraseError::Unknown(Some(near)) => {
            format!("`{text}` is not a phrase of this vendor; did you mean `{near}`?")
        }
    }
}

async fn perform(context: Context) -> Answered {
    let account = context.account()?;
    let catalogue = account.target.vendor.catalogue();
    let action = action(catalogue, context.path.get(1).map_or("", String::as_str))?;
    let body: Arguments = context.json()?;
    let performed = context.write(&account, 200, |run| {
        let call = call(run, action, &body.arguments)?;
        let before = next_delivery(run);
        let touched = run.call(ONLY, &call)?;
        let deliveries = run.deliveries().since(before).map(|one| one.id);
        Ok(Performed {
            action: action.call,
            subject: reference(run, touched.subject),
            made: touched.made.iter().map(|made| reference(run, *made)).collect(),
            deliveries: deliveries.collect(),
        })
    });
    finish(&context, &account, performed.await?).await
}

async fn finish(context: &Context, account: &Account, performed: Reply) -> Answered {
    if context.query.text("wait").is_some() {
        wait_for(account.live.idle()).await?;
    }
    Ok(performed)
}

/// The id that the next delivery will have, judged by the deliveries that are kept.
fn next_delivery(run: &Run) -> u64 {
    run.deliveries().next()
}

fn action(catalogue: &'static Catalogue, name: &str) -> Result<&'static Action, Problem> {
    catalogue.action(name).ok_or_else(|| {
        let names = catalogue.actions.iter().map(|action| action.call);
        let near = did_you_mean(name, names).map_or(String::new(), |near| format!("; {near}"));
        let detail = format!("{} has no action `{name}`{near}", catalogue.title);
        Problem::new(ProblemType::NotFound, detail)
    })
}

/// The call with these arguments.
fn call(
    run: &mut Run,
    action: &'static Action,
    arguments: &Map<String, Json>,
) -> Result<Call, Problem> {
    for name in arguments.keys() {
        if action.arguments.iter().all(|argument| argument.name != name) {
            let names: Vec<&str> = action.arguments.iter().map(|one| one.name).collect();
            let detail = format!(
                "`{}` takes no `{name}` (it takes: {})",
                action.call,
                if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
            );
            return Err(Problem::at("/arguments", detail));
        }
    }
    let values = action.arguments.iter().map(|argument| match arguments.get(argument.name) {
        None | Some(Json::Null) => Ok(Value::Absent),
        Some(given) => value(run, argument, given),
    });
    Ok(Call { action, values: values.collect::<Result<_, _>>()? })
}

fn value(run: &mut Run, argument: &Argument, given: &Json) -> Result<Value, Problem> {
    let wrong = |right: &str| {
        let pointer = format!("/arguments/{}", argument.name);
        Problem::at(&pointer, format!("`{}` takes {right}", argument.name))
    };
    match (argument.kind, given) {
        (ArgumentKind::New(_), Json::String(name)) => Ok(Value::New(name.clone())),
        (ArgumentKind::New(_), _) => Err(wrong("a name")),
        (ArgumentKind::Subject(kind) | ArgumentKind::Other(kind, _), Json::String(text)) => {
            let named = run.sim().named(ONLY, kind, text);
            let found = named.or_else(|| run.find(ONLY, kind, text)).ok_or_else(|| {
                Problem::not_found(format!("there is no {kind} with the name or the id `{text}`"))
            });
            Ok(Value::Subject(found?))
        }
        (ArgumentKind::Subject(kind) | ArgumentKind::Other(kind, _), _) => {
            Err(wrong(&format!("the name or the id of {}", with_article(kind))))
        }
        (ArgumentKind::Text, Json::String(text)) => Ok(Value::Text(text.clone())),
        (ArgumentKind::Text, _) => Err(wrong("a text")),
        (ArgumentKind::Integer(least, most), number) => {
            let number = number.as_i64().filter(|number| (least..=most).contains(number));
            let right = format!("a whole number from {least} to {most}");
            number.map(Value::Integer).ok_or_else(|| wrong(&right))
        }
        (ArgumentKind::Duration, Json::String(text)) => {
            duration(text).map(Value::Duration).ok_or_else(|| wrong(&no_duration(text)))
        }
        (ArgumentKind::Duration, _) => Err(wrong("a length of time such as `10m`")),
    }
}
