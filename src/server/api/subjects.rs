//! Subjects: what the vendor knows about them, which actions are legal now, and which webhooks were
//! about them.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::part::{CURSOR, LIMIT, Page, USUAL_LIMIT, cursor, handler, place};
use crate::model::{Subject, SubjectIndex};
use crate::run::Run;
use crate::server::account::ONLY;
use crate::server::context::Context;
use crate::server::known::check_subjects;
use crate::server::problem::Problem;
use crate::server::query::{Parameter, ParameterKind};
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};

/// A subject by its kind and id.
#[derive(Serialize, JsonSchema)]
pub struct SubjectRef {
    /// Its kind.
    pub kind: &'static str,
    /// Its id at the vendor.
    pub id: String,
    /// Its name in the run, if it has one.
    pub name: Option<String>,
    /// Its state.
    pub state: &'static str,
}

/// A subject, and the actions that are legal for it now.
#[derive(Serialize, JsonSchema)]
pub struct SubjectView {
    /// The subject.
    #[serde(flatten)]
    pub subject: SubjectRef,
    /// The actions that are legal for it now, by name.
    pub legal: Vec<&'static str>,
}

/// Everything about a subject.
#[derive(Serialize, JsonSchema)]
pub struct SubjectDetails {
    /// The subject, and the actions that are legal for it now.
    #[serde(flatten)]
    pub subject: SubjectView,
    /// What the vendor knows about it, in the vendor's words.
    pub truth: Json,
    /// The webhooks about it whose deliveries are kept, in order.
    pub history: Vec<Told>,
}

/// A webhook about a subject.
#[derive(Serialize, JsonSchema)]
pub struct Told {
    /// When it was caused, in virtual time.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub at: Timestamp,
    /// Its trigger.
    pub trigger: &'static str,
    /// The action that caused it.
    pub action: &'static str,
    /// Its delivery.
    pub delivery: u64,
    /// How the delivery ended; null if it is not over.
    pub outcome: Option<&'static str>,
}

const QUERY: &[Parameter] = &[
    Parameter { name: "kind", kind: ParameterKind::Text, about: "Only subjects of this kind" },
    Parameter { name: "state", kind: ParameterKind::Text, about: "Only subjects in this state" },
    LIMIT,
    CURSOR,
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(
            ("listSubjects", Method::Get, "/accounts/{account}/subjects"),
            "List the subjects of an account, in the order in which they were created, with the actions \
             that are legal for each now",
            Answer::json::<Page<SubjectView>>(200, "The subjects"),
            handler!(list),
        )
        .query(QUERY)
        .problems(&[404, 422]),
        Route::new(
            ("getSubject", Method::Get, "/accounts/{account}/subjects/{kind}/{id}"),
            "Read what the vendor knows about a subject, and the webhooks about it. The id may be a name",
            Answer::json::<SubjectDetails>(200, "The subject"),
            handler!(read),
        )
        .problems(&[404, 503]),
    ]
}

/// A subject with its kind, id and name.
pub fn reference(run: &Run, subject: SubjectIndex) -> SubjectRef {
    let sim = run.sim();
    let Subject { kind, id } = sim.subject(ONLY, subject);
    let name = sim.name_of(ONLY, subject).map(str::to_owned);
    SubjectRef { kind, id, name, state: sim.state(ONLY, subject) }
}

fn view(run: &Run, subject: SubjectIndex) -> SubjectView {
    let legal = run.sim().legal(ONLY, subject).iter().map(|action| action.call).collect();
    SubjectView { subject: reference(run, subject), legal }
}

async fn list(context: Context) -> Answered {
    let account = context.account()?;
    let limit = context.query.number("limit").unwrap_or(USUAL_LIMIT) as usize;
    let from = context.query.text("cursor").map(place).transpose()?.unwrap_or(0);
    let (kind, state) = (context.query.text("kind"), context.query.text("state"));
    check_subjects(account.target.vendor.catalogue(), kind, state)?;
    let page = account.live.read(|run| {
        let mut items = Vec::new();
        let mut next = None;
        let known = |one: &(usize, SubjectIndex)| run.sim().knows(ONLY, one.1);
        for (place, subject) in run.sim().subjects(ONLY).enumerate().skip(from).filter(known) {
            let reference = reference(run, subject);
            let fits = kind.is_none_or(|kind| kind == reference.kind)
                && state.is_none_or(|state| state == reference.state);
            if !fits {
                continue;
            }
            if items.len() == limit {
                next = Some(cursor(place));
                break;
            }
            items.push(view(run, subject));
        }
        Page { items, next }
    });
    Ok(Reply::ok(page))
}

async fn read(context: Context) -> Answered {
    let account = context.account()?;
    let [_, kind, id] = context.path.as_slice() else {
        return Err(Problem::not_found("the path does not name a subject"));
    };
    let (kind, id) = (kind.clone(), id.clone());
    let details = account
        .live
        .apply(move |run| {
            let named = run.sim().named(ONLY, &kind, &id);
            let found = named.or_else(|| run.find(ONLY, &kind, &id))?;
            Some(details(run, found))
        })
        .await?;
    let missing = || Problem::not_found(MISSING);
    Ok(Reply::ok(details.ok_or_else(missing)?))
}

/// Why a subject cannot be read.
const MISSING: &str = "there is no such subject, or it is over and was forgotten (see `--keep`)";

fn details(run: &Run, subject: SubjectIndex) -> SubjectDetails {
    let known = run.sim().subject(ONLY, subject);
    let about = run.deliveries().iter().filter(|one| one.webhook.subject == known);
    let history = about.map(|delivery| Told {
        at: delivery.webhook.at,
        trigger: delivery.webhook.trigger,
        action: delivery.webhook.action,
        delivery: delivery.id,
        outcome: delivery.outcome().filter(|_| delivery.is_over()).map(|outcome| outcome.name()),
    });
    SubjectDetails {
        history: history.collect(),
        truth: run.sim().truth(ONLY, subject),
        subject: view(run, subject),
    }
}
