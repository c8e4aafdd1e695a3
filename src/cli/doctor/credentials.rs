//! Whether the right credentials are accepted and wrong ones are refused.

use super::examination::{Examination, line};
use crate::clock;
use crate::contract::{exchange, mend};
use crate::model::fault::CredentialDamage;
use crate::model::policy::{ClientLogin, Grant};
use crate::model::signature::Sending;
use crate::model::{Attempt, Authentication, OAuth, Outcome, RequestKind, Secret, Webhook};
use crate::policy::wire::SendMode;
use crate::policy::{Request, sign, token};
use crate::report::checkup::{Line, Mark};

/// The lines about credentials and tokens after these first requests.
pub async fn examine(this: &Examination<'_>, attempts: &[(Webhook, Attempt)]) -> Vec<Line> {
    let title = this.target.vendor.catalogue().title;
    let authentication = &this.target.policy.authentication;
    let mut lines = vec![right(this, attempts)];
    let accepted = |kind| {
        attempts.iter().any(|(_, one)| one.request == kind && one.outcome == Outcome::Accepted)
    };
    if sign::has_credentials(authentication) && accepted(RequestKind::Webhook) {
        lines.push(wrong_webhook(this, attempts).await);
    }
    match authentication {
        Authentication::Token(oauth) if oauth.endpoint.is_some() => {
            if accepted(RequestKind::Token) {
                let right = if asserts(oauth) { "assertion" } else { "secret" };
                let found = format!("the receiver issues one for the right {right}");
                lines.push(line(Mark::Works, "token", found));
                lines.extend(wrong_token(this).await);
            } else {
                let found = "the receiver issues none, so no webhook was sent";
                lines.push(line(Mark::Fails, "token", found));
            }
        }
        _ => lines.push(line(
            Mark::NotSeen,
            "token",
            format!("{title} is not set up to request one"),
        )),
    }
    lines
}

/// Whether the right ones are accepted.
fn right(this: &Examination<'_>, attempts: &[(Webhook, Attempt)]) -> Line {
    let authentication = &this.target.policy.authentication;
    let Some((webhook, last)) = attempts.last() else {
        return line(Mark::NotSeen, "credentials", "nothing was sent");
    };
    let refused = last.answer.as_ref().is_some_and(|one| matches!(one.status, 401 | 403));
    if refused {
        let hint = mend(this.target, &exchange(webhook, last));
        let found = format!("the honest {} was refused", last.request.name());
        return Line { hint, ..line(Mark::Fails, "credentials", found) };
    }
    if !sign::has_credentials(authentication) {
        let vendor = this.target.vendor.catalogue().vendor;
        let found = format!("none in `vendors.{vendor}`: webhooks are sent without any");
        return line(Mark::NotSeen, "credentials", found);
    }
    if last.outcome == Outcome::Accepted {
        line(Mark::Works, "credentials", "the right ones are accepted")
    } else {
        line(Mark::NotSeen, "credentials", "the receiver did not get as far as looking at them")
    }
}

/// Whether the first webhook is refused with wrong credentials. It was accepted already, so a receiver
/// that accepts it again takes no harm.
async fn wrong_webhook(this: &Examination<'_>, attempts: &[(Webhook, Attempt)]) -> Line {
    let target = this.target;
    let first = attempts.iter().find(|(_, one)| one.request == RequestKind::Webhook);
    let Some((webhook, address)) =
        first.and_then(|(webhook, _)| Some((webhook, target.urls.get(webhook.trigger)?.clone())))
    else {
        return line(Mark::NotSeen, "credentials", "no webhook was sent");
    };
    let (body, token) = (webhook.body.clone(), Secret::new("standin-doctor-wrong-token"));
    let damage = Some(CredentialDamage::Wrong);
    let authentication = &target.policy.authentication;
    let moment = sign::moment(authentication, webhook, Sending::first(clock::real_time()));
    let request = Request::webhook(authentication, address, body, Some(&token), moment, damage);
    let (outcome, status) = sent(this, RequestKind::Webhook, &request).await;
    judged("wrong ones", &outcome, status, "anybody can send it webhooks")
}

/// Whether a token request with a wrong secret is refused.
async fn wrong_token(this: &Examination<'_>) -> Option<Line> {
    let Authentication::Token(oauth) = &this.target.policy.authentication else { return None };
    let request = token::request(oauth, &oauth.client, Some(CredentialDamage::Wrong))?;
    let (outcome, status) = sent(this, RequestKind::Token, &request).await;
    let what = match asserts(oauth) {
        true => "an assertion with a wrong signature",
        false => "a wrong client secret",
    };
    let line = judged(what, &outcome, status, "anybody can get a token");
    Some(Line { what: "token".to_owned(), ..line })
}

/// Whether a client asks with a signed assertion, and not with a secret.
fn asserts(oauth: &OAuth) -> bool {
    oauth.grant == Grant::JwtBearer || oauth.request_with == ClientLogin::PrivateKeyJwt
}

async fn sent(
    this: &Examination<'_>,
    kind: RequestKind,
    request: &Request,
) -> (Outcome, Option<u16>) {
    let sender = &this.subject.target.sender;
    let result = sender.send(kind, request, SendMode::Whole, &this.target.policy).await;
    (result.outcome, result.answer.map(|answer| answer.status))
}

fn judged(what: &str, outcome: &Outcome, status: Option<u16>, harm: &str) -> Line {
    let answer = status.map_or_else(|| outcome.to_string(), |status| status.to_string());
    match outcome {
        // A limiter refuses everybody.
        Outcome::Refused if status == Some(429) => line(
            Mark::NotSeen,
            "credentials",
            "a limiter answered 429, which says nothing of wrong ones",
        ),
        Outcome::Refused => line(Mark::Works, "credentials", format!("{what}: refused ({answer})")),
        Outcome::Accepted => {
            let hint =
                Some("check the credentials before anything else, and answer 401".to_owned());
            let found = format!("{what}: accepted ({answer}), so {harm}");
            Line { hint, ..line(Mark::Fails, "credentials", found) }
        }
        _ => {
            let hint = Some("answer 401 to them".to_owned());
            let found = format!("{what}: not refused ({answer})");
            Line { hint, ..line(Mark::Fails, "credentials", found) }
        }
    }
}
