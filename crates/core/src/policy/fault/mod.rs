//! Reads faults: first which webhooks, then what happens to them, as in
//! `every positionCalled of Anna is delivered twice`.
//!
//! The words are the same in Gherkin and in scenario files. What a fault does to a body is in
//! [`damage`](super::damage), and what it does to credentials in [`sign`](super::sign).

mod effects;
mod needs;
mod which;

pub use effects::EFFECTS;
pub use needs::{fits, lacks, may_wait, must_sign, needs_tokens};
pub use which::{NARROWED, WHICH};

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::model::fault::{Amount, CredentialDamage};
use crate::model::{Effect, Fault, RequestKind, Which};
use crate::phrase::row;
use crate::suggest::did_you_mean;

/// The words that an effect can begin with, each between spaces.
static VERBS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let firsts = EFFECTS.iter().filter_map(|effect| effect.pattern.split(' ').next());
    firsts.map(|first| format!(" {first} ")).collect()
});

/// Reads a fault. `None` if the text does not begin like one.
///
/// # Errors
/// If the text begins like a fault, but its effect is unknown or a value is invalid.
pub fn read(text: &str) -> Option<Result<Fault, String>> {
    // A quoted name may contain a verb, so every place where an effect could begin is tried.
    let mut places: Vec<usize> = VERBS
        .iter()
        .flat_map(|verb| text.match_indices(verb.as_str()))
        .map(|(place, _)| place)
        .collect();
    places.sort_unstable();
    places.into_iter().find_map(|place| {
        let which = which::read(&text[..place])?;
        Some(which.and_then(|which| fault(text, which, &text[place + 1..])))
    })
}

fn fault(text: &str, which: Which, effect: &str) -> Result<Fault, String> {
    let effect = self::effect(effect)?;
    if which.attempt.is_some() && matches!(effect, Effect::Delayed(_) | Effect::Overtaken(_)) {
        return Err("this affects a whole delivery: leave out `attempt … of`".to_owned());
    }
    match never_strikes(which.request, &effect) {
        Some(why) => Err(why.to_owned()),
        None => Ok(Fault { which, effect, text: text.to_owned() }),
    }
}

fn effect(text: &str) -> Result<Effect, String> {
    row::read(EFFECTS, text).unwrap_or_else(|| {
        let patterns = EFFECTS.iter().map(|effect| effect.pattern);
        let near = did_you_mean(text, patterns).map_or(String::new(), |near| format!("; {near}"));
        Err(format!("`{text}` is not a fault{near}"))
    })
}

/// Whether an effect changes what only a token request has.
fn is_of_token_requests(effect: &Effect) -> bool {
    use CredentialDamage::{Assertion, OtherField, OtherGrant, UnknownClient};
    matches!(effect, Effect::Credentials(OtherGrant | UnknownClient | OtherField | Assertion(_)))
}

/// Why an effect can never strike a request of this kind. `None` if it can.
fn never_strikes(request: RequestKind, effect: &Effect) -> Option<&'static str> {
    let of_tokens = match effect {
        Effect::Lost
        | Effect::AnswerLost
        | Effect::Gateway { .. }
        | Effect::AnswerReplaced(_)
        | Effect::AnswerBody(_)
        | Effect::TimedOut
        | Effect::Reset
        | Effect::Slow(_)
        | Effect::HangUp(_)
        | Effect::Form(_)
        | Effect::ContentType(_) => true,
        Effect::Credentials(damage) => {
            use CredentialDamage::{Empty, Malformed, Missing, Nearly, Wrong};
            matches!(damage, Missing | Empty | Malformed | Wrong | Nearly(_))
                || is_of_token_requests(effect)
        }
        _ => false,
    };
    match (request, effect) {
        (RequestKind::Token, _) if !of_tokens => Some("this affects webhooks, not token requests"),
        (RequestKind::Webhook, effect) if is_of_token_requests(effect) => {
            Some("this affects token requests, not webhooks")
        }
        (RequestKind::Webhook, Effect::AnswerBody(_)) => Some(
            "the vendor ignores the body of an answer to a webhook; use `every token request is answered with …`",
        ),
        _ => None,
    }
}

/// Whether a fault strikes a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    /// No: the fault is about other webhooks.
    Misses,
    /// No: the fault is about a share of webhooks, and chance has left this one out.
    Spares,
    /// Yes.
    Strikes,
    /// Yes, and the fault strikes no further webhook.
    StrikesLast,
}

/// Whether a fault strikes a webhook, by trigger, name and amount. `chance` decides about a share.
/// The caller checks the number of the attempt.
pub fn strike(
    which: &Which,
    (trigger, name): (&str, Option<&str>),
    chance: impl FnOnce(f64) -> bool,
) -> Strike {
    let is_meant = which.trigger.as_ref().is_none_or(|wanted| wanted == trigger)
        && which.name.as_ref().is_none_or(|wanted| name == Some(wanted));
    match which.amount {
        _ if !is_meant => Strike::Misses,
        Amount::Every => Strike::Strikes,
        Amount::Next => Strike::StrikesLast,
        Amount::Share(share) if chance(share) => Strike::Strikes,
        Amount::Share(_) => Strike::Spares,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fault::BodyDamage;
    use std::time::Duration;

    fn fault(text: &str) -> Fault {
        read(text).expect("it begins like a fault").expect("valid")
    }

    #[test]
    fn a_fault_says_which_webhooks_and_what_happens_to_them() {
        let fault =
            fault("attempt 1 of every positionCalled of Anna arrives but its answer is lost");
        assert_eq!(fault.which.amount, Amount::Every);
        assert_eq!(fault.which.trigger.as_deref(), Some("positionCalled"));
        assert_eq!(fault.which.name.as_deref(), Some("Anna"));
        assert_eq!(fault.which.attempt, Some(1));
        assert_eq!(fault.effect, Effect::AnswerLost);
    }

    #[test]
    fn shares_and_values_are_read() {
        assert_eq!(fault("2.5% of webhooks is lost").which.amount, Amount::Share(0.025));
        let with = fault(r#"the next webhook arrives with field "data.a" as {"b": [1]}"#);
        let value = serde_json::json!({"b": [1]});
        assert_eq!(with.effect, Effect::Body(BodyDamage::With("data.a".to_owned(), value)));
    }

    #[test]
    fn each_answer_of_a_gateway_is_an_effect_of_its_own() {
        let retry_after = Some(Duration::from_secs(90));
        for (text, effect) in [
            ("is answered 503 by a gateway", Effect::Gateway { status: 503, retry_after: None }),
            (
                "is answered 429 by a gateway with Retry-After 90s",
                Effect::Gateway { status: 429, retry_after },
            ),
            ("arrives but is answered 504 by a gateway", Effect::AnswerReplaced(504)),
            ("times out on its way", Effect::TimedOut),
        ] {
            let fault = fault(&format!("attempt 2 of every visit.created of Anna {text}"));
            assert_eq!(fault.effect, effect);
            assert_eq!(fault.which.trigger.as_deref(), Some("visit.created"));
        }
        let accepted = effect("is answered 200 by a gateway").expect_err("200 is accepted");
        assert!(accepted.contains("would never be sent again"), "{accepted}");
        let unknown = effect("is answered 999 by a gateway").expect_err("no such status");
        assert!(
            unknown.ends_with("no other status means that a request was refused or failed"),
            "{unknown}"
        );
    }

    #[test]
    fn only_some_effects_strike_token_requests() {
        let struck = fault("attempt 2 of every token request of Anna is answered 500 by a gateway");
        assert_eq!((struck.which.request, struck.which.attempt), (RequestKind::Token, Some(2)));
        assert_eq!((struck.which.trigger, struck.which.name.as_deref()), (None, Some("Anna")));
        let body = fault(r#"the next token request is answered with "{}" by a gateway"#);
        assert_eq!(body.effect, Effect::AnswerBody("{}".to_owned()));
        assert_eq!(fault("every webhook is lost").which.request, RequestKind::Webhook);
        for text in [
            "every token request is delivered twice",
            "every token request arrives truncated",
            "every token request arrives with an expired token",
            r#"every webhook is answered with "{}" by a gateway"#,
        ] {
            assert!(read(text).expect("it begins like a fault").is_err(), "{text}");
        }
    }

    #[test]
    fn the_pattern_of_every_effect_can_be_read() {
        for effect in EFFECTS {
            let text = effect
                .pattern
                .replace("{number} by a gateway", "503 by a gateway")
                .replace("{number}", "3")
                .replace("{duration}", "10s")
                .replace("{text}", "\"a\"")
                .replace("{json}", "null");
            assert!(super::effect(&text).is_ok(), "{text}");
            assert!(read(&format!("every webhook {text}")).is_some(), "{text}");
        }
    }

    #[test]
    fn an_unknown_effect_suggests_the_nearest() {
        let problem = read("every webhook is delivered twise")
            .expect("it begins like a fault")
            .expect_err("unknown");
        assert!(problem.contains("did you mean `is delivered twice`?"), "{problem}");
        assert!(read("staff call Anna").is_none());
    }

    #[test]
    fn values_out_of_bounds_are_refused() {
        for text in [
            "999% of webhooks is lost",
            "attempt 0 of every webhook is lost",
            "every webhook is answered 200 by a gateway",
            "every webhook is answered 600 by a gateway",
            "every webhook is answered 503 by a gateway with Retry-After soon",
            "every webhook arrives without field \"\"",
            "every webhook arrives without field \"a..b\"",
            "every webhook arrives with field \".\" as 1",
            &format!("every webhook arrives with field \"{}b\" as 1", "a.".repeat(50_000)),
        ] {
            assert!(read(text).expect("it begins like a fault").is_err(), "{text}");
        }
    }
}
