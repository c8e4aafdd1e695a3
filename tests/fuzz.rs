//! What people and receivers write, changed at random: nothing panics, and what is said about it names its
//! place and can be shown.
//!
//! Each test begins with the shipped files and with those in `tests/fuzz/corpus`, and changes them. It tries
//! the same cases each time. `FUZZ_CASES=100000 cargo test --release --test fuzz` tries so many others. A
//! case that fails is shown, shrunk: put it into the corpus.

#[path = "fuzz/answers.rs"]
mod answers;
#[path = "fuzz/changed.rs"]
mod changed;

use standin::cli::errors::CliError;
use standin::cli::features;
use standin::cli::settings::{self, BUILT_IN, Overrides};
use standin::contract::{Origin, Selection, Source, plan};
use standin::delivery::{ANSWER_LIMIT, Secrets};
use standin::model::{Outcome, Problem, RequestKind, Secret};
use standin::phrase;
use standin::policy::token;
use standin::report::Colour;
use standin::report::snippet::{Diagnostic, Place};
use standin::scenario::file;
use standin::under_test::UnderTest;
use standin::vendors::registry;

use changed::{changed, corpus};

/// Characters that steer a terminal or hide text, beside the control characters.
const HIDDEN: &str = "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{feff}\u{fffe}\u{ffff}";

fn can_be_shown(text: &str) -> bool {
    text.chars().all(|one| one == '\n' || !one.is_control() && !HIDDEN.contains(one))
}

/// Every mistake has a place in the text, and can be shown.
fn are_good(text: &str, problems: &[Problem]) -> Result<(), String> {
    if problems.is_empty() {
        return Err("an error without a mistake".to_owned());
    }
    for one in problems {
        let Problem { file, source, line, column, length, title, label, .. } = one;
        // The end of the text may be what is wrong. YAML knows more line breaks.
        let breaks = text.matches(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count();
        if *line < 1 || *line > breaks + 2 || *column < 1 || title.is_empty() {
            return Err(format!("no place: {one}"));
        }
        let place = Place { line: *line, column: *column, length: *length };
        let shown = Diagnostic { title, file, source, place, label, notes: &[] };
        let shown = shown.render(Colour::Off);
        if !can_be_shown(&shown) {
            return Err(format!("not to be shown: {shown:?}"));
        }
    }
    Ok(())
}

fn settings(text: &str) -> Result<UnderTest, CliError> {
    settings::read(registry::shipped(), "standin.yaml", text, &Overrides::default())
}

#[test]
fn any_settings_are_read_or_refused_at_a_place() {
    let shipped = [BUILT_IN.to_owned()];
    changed(400, corpus("settings", shipped), |text| match settings(text) {
        Err(CliError::Problems(problems)) => are_good(text, &problems),
        // A secret of the environment, or a file that standin.yaml names.
        Err(_) | Ok(_) => Ok(()),
    });
}

#[test]
fn any_scenario_is_read_or_refused_at_a_place() {
    let shipped = features::shipped_scenarios().into_iter().map(|(_, text)| text);
    changed(400, corpus("scenarios", shipped), |text| {
        match file::read(registry::shipped(), "story.yaml", text) {
            Ok(_) => Ok(()),
            Err(problems) => are_good(text, &problems),
        }
    });
}

#[test]
fn any_feature_is_planned_or_refused_at_a_place() {
    let under_test = settings(BUILT_IN).unwrap_or_else(|_| panic!("right settings"));
    let shipped = features::shipped().into_iter().map(|source| source.text.to_string());
    // Small ones, since a plan rehearses each scenario.
    let small = shipped.filter(|text| text.len() < 4_000);
    changed(60, corpus("features", small), |text| {
        let source = Source {
            file: "any.feature".to_owned(),
            text: text.to_owned().into(),
            lines: Default::default(),
            origin: Origin::Own,
        };
        match plan::read(&[source], &Selection::default(), &under_test) {
            Ok(_) => Ok(()),
            Err(problems) => are_good(text, &problems),
        }
    });
}

#[test]
fn any_phrase_is_read_or_refused() {
    for vendor in registry::shipped().vendors() {
        let catalogue = vendor.catalogue();
        let phrases = catalogue.actions.iter().flat_map(|action| action.phrases);
        let phrases = phrases.map(|phrase| phrase.replace(['{', '}'], ""));
        changed(2_000, corpus("phrases", phrases), |text| {
            let _ = phrase::read(catalogue, text);
            Ok(())
        });
    }
}

#[test]
fn any_answer_has_an_outcome_that_can_be_shown() {
    let exchanges = answers::Exchanges::start();
    for kind in [RequestKind::Webhook, RequestKind::Token] {
        changed(300, corpus("answers", []), |text| exchanges.judge(kind, text));
    }
}

#[test]
fn no_answer_of_a_token_endpoint_shows_its_token() {
    const TOKEN: &str = "a-t0ken+of/23 letters";
    let answers = [
        format!(r#"{{"access_token":"{TOKEN}","token_type":"Bearer","expires_in":3600}}"#),
        format!(r#"{{"error":"invalid_client","data":[{{"access_token":"{TOKEN}"}}]}}"#),
    ];
    changed(2_000, corpus("tokens", answers), |text| {
        let read = token::read(text.as_bytes());
        let bytes = text.to_owned().into_bytes().into();
        let shown = token::masked(&bytes, &Outcome::Accepted);
        let shown = String::from_utf8_lossy(&shown);
        match read {
            Err(why) if !can_be_shown(&why) => Err(format!("not to be shown: {why:?}")),
            Ok(token)
                if token.secret.reveal().len() > 8 && shown.contains(token.secret.reveal()) =>
            {
                Err(format!("shown: {shown}"))
            }
            _ => Ok(()),
        }
    });
}

#[test]
fn no_text_around_a_secret_uncovers_it() {
    const SECRET: &str = "s3cr/T+k3y=for&the\"Mask<42";
    let secrets = Secrets::new([Secret::new(SECRET)]);
    let texts = [
        format!("no: {SECRET} is wrong"),
        format!("{{\"error\":{}}}", serde_json::Value::from(SECRET)),
        "key=s3cr%2FT%2Bk3y%3Dfor%26the%22Mask%3C42&c=czNjci9UK2szeT1mb3ImdGhlIk1hc2s8NDI="
            .to_owned(),
    ];
    changed(250, corpus("masks", texts), |text| {
        // No more of an answer is read.
        let text = text.get(..ANSWER_LIMIT).unwrap_or(text);
        let shown = secrets.text(text);
        match shown.contains(SECRET) {
            true => Err(format!("shown: {shown}")),
            false => Ok(()),
        }
    });
}
