//! Traffic: a population that acts at the vendor by itself.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::part::handler;
use crate::model::{SettingKind, Settings};
use crate::server::account::ONLY;
use crate::server::context::Context;
use crate::server::problem::{Problem, ProblemType};
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};
use crate::server::state::setting_problem;

/// The settings of the traffic.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrafficBody {
    /// Settings of the vendor's traffic (see `GET /vendors`).
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// How many people arrive per hour of virtual time, at every hour of the day. It overrides the
    /// vendor's setting of arrivals.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 100000.0))]
    pub per_hour: Option<f64>,
}

/// The traffic of an account.
#[derive(Serialize, JsonSchema)]
pub struct TrafficView {
    /// Whether a population acts at the vendor.
    pub running: bool,
}

/// The largest number of people per hour.
const MOST: f64 = 100_000.0;

pub fn routes() -> Vec<Route> {
    let view = || Answer::json::<TrafficView>(200, "Whether traffic is running");
    vec![
        Route::new(
            ("getTraffic", Method::Get, "/accounts/{account}/traffic"),
            "Read whether the account has traffic",
            view(),
            handler!(read),
        )
        .problems(&[404]),
        Route::new(
            ("startTraffic", Method::Put, "/accounts/{account}/traffic"),
            "Start the traffic of the account. People act as virtual time passes",
            view(),
            handler!(start),
        )
        .body::<TrafficBody>()
        .problems(&[404, 409, 422, 503]),
        Route::new(
            ("stopTraffic", Method::Delete, "/accounts/{account}/traffic"),
            "Stop the traffic of the account",
            Answer::nothing(204, "It is gone"),
            handler!(stop),
        )
        .problems(&[404, 503]),
    ]
}

async fn read(context: Context) -> Answered {
    let account = context.account()?;
    let running = account.live.read(|run| run.sim().is_populated(ONLY));
    Ok(Reply::ok(TrafficView { running }))
}

async fn start(context: Context) -> Answered {
    let account = context.account()?;
    let mut body: TrafficBody = context.json()?;
    let declared = account.target.vendor.catalogue().traffic;
    if let Some(rate) = body.per_hour {
        if !(0.0..=MOST).contains(&rate) {
            let detail = format!("`per_hour` takes a number from 0 to {MOST}");
            return Err(Problem::new(ProblemType::InvalidRequest, detail));
        }
        let arrivals = declared.iter().find(|one| one.kind == SettingKind::Hours);
        let Some(arrivals) = arrivals else {
            let detail = "the traffic of this vendor has no setting for arrivals";
            return Err(Problem::at("/per_hour", detail));
        };
        let hours = vec![rate.to_string(); 24].join(", ");
        body.settings.entry(arrivals.name.to_owned()).or_insert(hours);
    }
    let given = body.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let settings = Settings::check(declared, given).map_err(setting_problem)?;
    let started = context.write(&account, 200, |run| {
        if run.sim().is_populated(ONLY) {
            let detail = "the account already has traffic: stop it first";
            return Err(Problem::new(ProblemType::Conflict, detail));
        }
        run.populate(ONLY, &settings);
        Ok(TrafficView { running: true })
    });
    started.await
}

async fn stop(context: Context) -> Answered {
    let account = context.account()?;
    let stopped = context.write(&account, 204, |run| {
        run.stop_traffic(ONLY);
        Ok(())
    });
    stopped.await
}
