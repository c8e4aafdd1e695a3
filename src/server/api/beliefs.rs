//! Beliefs: what the receiver believes about a subject, compared with what the vendor knows.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::part::handler;
use crate::journal::PROBE_READING;
use crate::probe::compare::field_of;
use crate::probe::{Absence, Probe, ProbeReading};
use crate::server::account::ONLY;
use crate::server::context::Context;
use crate::server::problem::{Problem, ProblemType};
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};
use crate::under_test::UnderTest;

/// What the receiver believes about a subject.
#[derive(Serialize, JsonSchema)]
pub struct Belief {
    /// `known`, `unknown`, `gone`, `unreachable`, `local` (this machine lacked something) or `trouble`.
    pub reading: &'static str,
    /// Why it could not be read, if it could not.
    pub why: Option<String>,
    /// The compared values, by the vendor's name of the field.
    pub fields: BTreeMap<String, BelievedField>,
    /// The count of effects, if the probe has one.
    pub effects: Option<i64>,
}

/// A field at the receiver and at the vendor.
#[derive(Serialize, JsonSchema)]
pub struct BelievedField {
    /// What the receiver believes, in the vendor's words.
    pub believed: Json,
    /// What the vendor knows.
    pub truth: Json,
    /// Whether both values are equal.
    pub same: bool,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(
            ("getBelief", Method::Get, "/accounts/{account}/subjects/{kind}/{id}/belief"),
            "Ask the receiver what it believes about a subject, through the probe in standin.yaml. The id \
             may be a name",
            Answer::json::<Belief>(200, "What it believes"),
            handler!(belief),
        )
        .problems(&[404, 409, 503]),
    ]
}

async fn belief(context: Context) -> Answered {
    let account = context.account()?;
    let [_, kind, id] = context.path.as_slice() else {
        return Err(Problem::not_found("the path does not name a subject"));
    };
    let (kind, id) = (kind.clone(), id.clone());
    let wanted = kind.clone();
    let found = account.live.apply(move |run| {
        let named = run.sim().named(ONLY, &wanted, &id);
        let found = named.or_else(|| run.find(ONLY, &wanted, &id))?;
        Some((run.sim().subject(ONLY, found).id, run.sim().truth(ONLY, found)))
    });
    let missing = || Problem::not_found("there is no such subject");
    let (id, truth) = found.await?.ok_or_else(missing)?;
    let under_test = &context.server.under_test;
    let probe = under_test.probe(account.vendor(), &kind).ok_or_else(|| {
        let detail = format!(
            "standin.yaml has no probe `{}.{kind}`: add it under `probes`",
            account.vendor()
        );
        Problem::new(ProblemType::NotLegalNow, detail)
    })?;
    let belief = compared(probe, under_test.prober.look(probe, &id).await, &truth);
    let belief = belief.without(under_test);
    let data = json!({ "kind": kind, "id": id, "belief": belief });
    account.live.note(context.server.note_of(&account, PROBE_READING, data)).await?;
    Ok(Reply::ok(belief))
}

impl Belief {
    /// The same without secrets that the receiver repeats.
    fn without(self, under_test: &UnderTest) -> Self {
        let secrets = under_test.prober.secrets();
        let fields = self.fields.into_iter().map(|(name, field)| {
            (name, BelievedField { believed: secrets.json(field.believed), ..field })
        });
        let why = self.why.map(|why| secrets.text(&why));
        Self { why, fields: fields.collect(), ..self }
    }
}

fn compared(probe: &Probe, reading: ProbeReading, truth: &Json) -> Belief {
    let none = |reading, why| Belief { reading, why, fields: BTreeMap::new(), effects: None };
    match reading {
        ProbeReading::Absent(Absence::Marked) => none("gone", None),
        ProbeReading::Absent(_) => none("unknown", None),
        ProbeReading::Unreachable(why) => none("unreachable", Some(why)),
        ProbeReading::Local(why) => none("local", Some(why)),
        ProbeReading::Trouble(why) => none("trouble", Some(why)),
        ProbeReading::Known { fields, effects } => {
            let fields = fields.into_iter().map(|(name, believed)| {
                let truth = field_of(truth, &name);
                let same = probe.agrees(&name, &truth, &believed);
                (name, BelievedField { believed, truth, same })
            });
            Belief { reading: "known", why: None, fields: fields.collect(), effects }
        }
    }
}
