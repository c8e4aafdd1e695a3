//! The vendors that can be played.

use schemars::JsonSchema;
use serde::Serialize;

use super::part::{Page, handler};
use crate::server::context::Context;
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};
use crate::vendors::Vendor;

/// A vendor.
#[derive(Serialize, JsonSchema)]
pub struct VendorView {
    /// Its name in this API, for example `ombori`.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What Standin plays of it.
    pub about: &'static str,
    /// Dated versions of its payloads, oldest first.
    pub profiles: Vec<&'static str>,
    /// The version that is used by default.
    pub default_profile: &'static str,
    /// The triggers of its webhooks.
    pub triggers: Vec<&'static str>,
    /// The kinds of its subjects.
    pub kinds: Vec<&'static str>,
    /// Settings of its accounts, with their defaults.
    pub settings: Vec<SettingView>,
    /// Settings of its traffic, with their defaults.
    pub traffic: Vec<SettingView>,
    /// The path of its own API, if it is played.
    pub api: Option<&'static str>,
    /// Whether standin.yaml sets it up. Only then can accounts be opened.
    pub set_up: bool,
}

/// A setting.
#[derive(Serialize, JsonSchema)]
pub struct SettingView {
    /// Its name.
    pub name: &'static str,
    /// Its default.
    pub default: &'static str,
    /// What it does.
    pub about: &'static str,
}

pub fn routes() -> Vec<Route> {
    vec![Route::new(
        ("listVendors", Method::Get, "/vendors"),
        "List the vendors that can be played",
        Answer::json::<Page<VendorView>>(200, "The vendors"),
        handler!(list),
    )]
}

async fn list(context: Context) -> Answered {
    let set_up = &context.server.under_test.target.vendors;
    let vendors = context.server.under_test.registry.vendors();
    let view = |vendor: &'static dyn Vendor| {
        let catalogue = vendor.catalogue();
        let settings = |settings: &'static [crate::model::Setting]| {
            let view = |one: &'static crate::model::Setting| SettingView {
                name: one.name,
                default: one.default,
                about: one.about,
            };
            settings.iter().map(view).collect()
        };
        VendorView {
            name: catalogue.vendor,
            title: catalogue.title,
            about: catalogue.about,
            profiles: catalogue.profiles.iter().map(|one| one.name).collect(),
            default_profile: catalogue.default_profile().name,
            triggers: catalogue.triggers.iter().map(|one| one.name).collect(),
            kinds: catalogue.subjects.iter().map(|one| one.kind).collect(),
            settings: settings(catalogue.settings),
            traffic: settings(catalogue.traffic),
            api: vendor.api().map(|api| api.mount),
            set_up: set_up.contains_key(catalogue.vendor),
        }
    };
    Ok(Reply::ok(Page { items: vendors.map(view).collect(), next: None }))
}
