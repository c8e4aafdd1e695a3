//! `standin vendors`: prints the catalogues.

use std::fmt::Write as _;

use clap::Args;

use super::common;
use super::errors::{CliError, PASSED};
use crate::contract::words::{ACCOUNTS, EXPECTATIONS};
use crate::model::policy::{Grant, SignedPart};
use crate::model::{Action, Authentication, Catalogue, Provenance, Setting};
use crate::phrase::row::listed;
use crate::policy::api_fault;
use crate::policy::fault::{EFFECTS, NARROWED, WHICH};
use crate::scenario::words::PHRASES;
use crate::vendors::{Registry, Vendor, truth};

/// Show what is simulated: triggers, actions, phrases, policy, provenance
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin vendors              the vendors\n  standin vendors ombori       everything about one vendor\n  standin vendors ombori --fields\n                               what a probe may read of each kind of subject\n  standin vendors --steps      every phrase of Gherkin steps and scenario files"
)]
pub struct Vendors {
    /// The vendor
    name: Option<String>,
    /// List every phrase of steps
    #[arg(long)]
    steps: bool,
    /// List the fields that a probe may read, with their types and examples
    #[arg(long, requires = "name", conflicts_with = "steps")]
    fields: bool,
}

impl Vendors {
    /// Prints it.
    pub fn run(self, registry: Registry) -> Result<u8, CliError> {
        let named = self.name.as_deref().map(|name| common::vendor(registry, name)).transpose()?;
        let text = match named {
            named if self.steps => steps(registry, named),
            Some(vendor) if self.fields => fields(vendor),
            Some(vendor) => about(vendor),
            None => overview(registry),
        };
        common::print(&text);
        Ok(PASSED)
    }
}

fn overview(registry: Registry) -> String {
    let mut out = String::new();
    for vendor in registry.vendors() {
        let catalogue = vendor.catalogue();
        let profiles: Vec<&str> = catalogue.profiles.iter().map(|profile| profile.name).collect();
        let _ = writeln!(out, "{}  {}", catalogue.vendor, catalogue.about);
        let _ = writeln!(
            out,
            "  {} triggers, {} actions, profiles {} (default {})",
            catalogue.triggers.len(),
            catalogue.actions.len(),
            profiles.join(", "),
            catalogue.default_profile().name,
        );
    }
    out
}

fn about(vendor: &'static dyn Vendor) -> String {
    let catalogue = vendor.catalogue();
    let mut out = format!("{}: {}\n", catalogue.title, catalogue.about);
    heading(&mut out, "Profiles");
    for profile in catalogue.profiles {
        let default = if profile.default { " (default)" } else { "" };
        row(&mut out, 18, &format!("{}{default}", profile.name), profile.about);
    }
    heading(&mut out, "Subjects");
    for subject in catalogue.subjects {
        row(
            &mut out,
            18,
            subject.kind,
            &format!("{}; states {}", subject.about, subject.states.join(", ")),
        );
    }
    heading(&mut out, "Triggers");
    for trigger in catalogue.triggers {
        row(
            &mut out,
            26,
            trigger.name,
            &format!("{} ({})", trigger.about, provenance(trigger.provenance)),
        );
    }
    heading(&mut out, "Actions");
    for action in catalogue.actions {
        let phrases = if action.phrases.is_empty() {
            "(by itself)".to_owned()
        } else {
            action.phrases.join(" | ")
        };
        let from = if action.from.is_empty() { "new".to_owned() } else { action.from.join(", ") };
        let causes = if action.causes.is_empty() {
            "no webhook".to_owned()
        } else {
            action.causes.join(", ")
        };
        row(&mut out, 20, action.call, &phrases);
        row(
            &mut out,
            20,
            "",
            &format!("{from} → {}: {causes} ({})", to(action), provenance(action.provenance)),
        );
    }
    heading(&mut out, "Settings of an account (standin.yaml, scenario files, tables in Gherkin)");
    settings(&mut out, catalogue.settings);
    heading(&mut out, "Settings of traffic (scenario files)");
    settings(&mut out, catalogue.traffic);
    heading(&mut out, "Delivery policy");
    policy(&mut out, vendor);
    heading(&mut out, "Left out");
    for fact in catalogue.facts {
        if let Some(why) = fact.left_out() {
            let _ = writeln!(out, "  {}: {why}", fact.about);
        }
    }
    out
}

fn settings(out: &mut String, settings: &[Setting]) {
    for setting in settings {
        row(out, 20, setting.name, &format!("{} ({})", setting.about, setting.kind));
        row(
            out,
            20,
            "",
            &format!("default {} · {}", setting.default, provenance(setting.provenance)),
        );
    }
}

/// The states that an action leads to.
fn to(action: &Action) -> String {
    if action.to.len() > 1 && action.to == action.from {
        return "the same".to_owned();
    }
    action.to.join(" or ")
}

fn policy(out: &mut String, vendor: &'static dyn Vendor) {
    let policy = vendor.policy();
    row(out, 20, "authentication", &authentication(&policy.authentication));
    for other in vendor.other_logins() {
        row(out, 20, "or", &authentication(&other));
    }
    row(out, 20, "or", "as standin.yaml says: headers, a signature or a token");
    row(
        out,
        20,
        "accepted",
        match policy.accepted {
            crate::model::Accepted::Any2xx => "any 2xx",
            crate::model::Accepted::Exactly200 => "exactly 200",
        },
    );
    let waits: Vec<String> = policy.retries.waits.iter().map(|wait| length(*wait)).collect();
    let waits =
        if waits.is_empty() { String::new() } else { format!(", {} apart", waits.join(", ")) };
    row(out, 20, "attempts", &format!("{}{waits}", policy.retries.attempts()));
    row(out, 20, "connects within", &format!("{:?}", policy.connect_within));
    row(out, 20, "answer within", &format!("{:?} (receiver.ack_within)", policy.answer_within));
    row(out, 20, "ordering", &format!("{:?}", policy.ordering).to_lowercase());
    if let Some(after) = policy.disable_after {
        let rule = format!("deactivated after more than {} of failure", length(after));
        row(out, 20, "endpoint", &rule);
    }
    if policy.dead_letters {
        row(out, 20, "dead letters", "kept after the last attempt, sent again by hand");
    }
    row(out, 20, "known", &provenance(vendor.catalogue().delivery));
}

fn authentication(authentication: &Authentication) -> String {
    match authentication {
        Authentication::None => "none".to_owned(),
        Authentication::Headers(_) => "request headers of your choice".to_owned(),
        Authentication::Signature(signature) => {
            let parts: Vec<String> = signature.over.iter().map(SignedPart::in_words).collect();
            let (encoding, algorithm) = (signature.encoding.name(), signature.algorithm.name());
            format!("{}: {encoding} of {algorithm} over {}", signature.header, parts.join(" + "))
        }
        Authentication::Token(oauth) => {
            let whom = match oauth.grant {
                Grant::ClientCredentials => format!("to the client `{}`", oauth.client.id),
                Grant::JwtBearer => "for a signed assertion".to_owned(),
            };
            format!(
                "{}: {} with a token that the receiver issues {whom} ({})",
                oauth.header,
                oauth.header_value,
                oauth.token_use.name()
            )
        }
    }
}

/// A length of time as in standin.yaml, in the largest unit that fits.
fn length(length: std::time::Duration) -> String {
    match length.as_secs() {
        seconds if seconds > 0 && seconds % 86_400 == 0 => format!("{}d", seconds / 86_400),
        seconds if seconds > 0 && seconds % 3600 == 0 => format!("{}h", seconds / 3600),
        seconds if seconds > 0 && seconds % 60 == 0 => format!("{}m", seconds / 60),
        _ => format!("{length:?}"),
    }
}

/// Every phrase, the vendors' own first.
fn steps(registry: Registry, named: Option<&'static dyn Vendor>) -> String {
    let mut out = String::new();
    for vendor in registry.vendors() {
        let catalogue: &Catalogue = vendor.catalogue();
        if named.is_some_and(|named| named.catalogue().vendor != catalogue.vendor) {
            continue;
        }
        let _ = writeln!(out, "{}", catalogue.title);
        for action in catalogue.actions {
            for phrase in action.phrases {
                row(&mut out, 54, phrase, &causes(action.causes));
            }
        }
    }
    let common = [
        ("Accounts", listed(ACCOUNTS)),
        ("Time and delivery", listed(PHRASES)),
        ("Faults: which webhooks", [listed(WHICH), listed(NARROWED)].concat()),
        ("Faults: what happens to them", listed(EFFECTS)),
        ("Faults of the vendor's API: which calls", listed(api_fault::CALLS)),
        ("Faults of the vendor's API: what happens to them", listed(api_fault::EFFECTS)),
        ("Expectations", listed(EXPECTATIONS)),
    ];
    for (title, phrases) in common {
        heading(&mut out, title);
        for (phrase, about) in phrases {
            row(&mut out, 54, phrase, about);
        }
    }
    out += "\n{who} is a capitalised word (Anna) or anything in double quotes; {text} is in double quotes;\n{duration} is 90s, 4 minutes, 1h 30m, 3 days.\n";
    out
}

/// What a probe may read, by kind of subject.
fn fields(vendor: &'static dyn Vendor) -> String {
    let catalogue = vendor.catalogue();
    let known: Vec<_> = truth::read(vendor.truths()).collect();
    let mut out = format!("{}: the fields of a probe in standin.yaml\n", catalogue.title);
    for subject in catalogue.subjects {
        heading(&mut out, &format!("{}.{}", catalogue.vendor, subject.kind));
        for field in known.iter().filter(|field| field.kind == subject.kind) {
            let example = Some(field.example).filter(|example| !example.is_empty());
            let example = example.map_or_else(String::new, |example| format!("  {example}"));
            row(&mut out, 34, field.path, &format!("{:15}{example}", field.form));
        }
    }
    out += "\nIn a list, 0 stands for any place; * stands for any name.\n";
    out
}

fn causes(causes: &[&str]) -> String {
    if causes.is_empty() { "no webhook".to_owned() } else { causes.join(", ") }
}

fn provenance(provenance: Provenance) -> String {
    match provenance {
        Provenance::Documented(source) => format!("documented: {source}"),
        Provenance::Assumed(why) => format!("assumed: {why}"),
    }
}

fn heading(out: &mut String, title: &str) {
    let _ = writeln!(out, "\n{title}");
}

/// A row of two columns. A first column that is too long gets a line of its own.
fn row(out: &mut String, width: usize, first: &str, rest: &str) {
    if first.chars().count() > width {
        let _ = writeln!(out, "  {first}\n  {:width$}  {rest}", "");
    } else {
        let _ = writeln!(out, "  {first:width$}  {rest}");
    }
}
