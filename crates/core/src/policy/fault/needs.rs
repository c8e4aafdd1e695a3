//! What a fault needs: credentials of the vendor, a signature, or a token that the receiver
//! refuses.

use crate::model::fault::CredentialDamage;
use crate::model::policy::SignedPart;
use crate::model::{Authentication, Effect, Fault, RequestKind};
use crate::policy::{sign, token};

/// What standin.yaml lacks for this fault. `None` if nothing is missing.
pub fn lacks(fault: &Fault, authentication: &Authentication) -> Option<String> {
    let about_credentials = fault.which.request == RequestKind::Token
        || matches!(fault.effect, Effect::Credentials(_) | Effect::AfterSigning(_));
    if about_credentials && !sign::has_credentials(authentication) {
        return Some("no credentials are set up for this vendor in standin.yaml".to_owned());
    }
    let Effect::Credentials(damage) = &fault.effect else { return None };
    if needs_several(*damage) && !has_several(authentication) {
        return Some("standin.yaml does not give several `headers` for this vendor".to_owned());
    }
    match authentication {
        Authentication::Token(oauth) => {
            let lacking = token::lacking(oauth, *damage)?;
            Some(format!("standin.yaml gives no `oauth.{lacking}` for this vendor"))
        }
        Authentication::Signature(signature) if signature.joined_by.is_none() => {
            let needs_two =
                matches!(damage, CredentialDamage::WithOlderKey | CredentialDamage::WithNewerKey);
            needs_two.then(|| format!("the header {} holds one signature", signature.header))
        }
        _ => None,
    }
}

/// Whether what standin.yaml lacks for this fault is an expired token, for which a run of the contract
/// may wait.
pub fn may_wait(fault: &Fault, authentication: &Authentication) -> bool {
    let is_expired = matches!(fault.effect, Effect::Credentials(CredentialDamage::Expired));
    match authentication {
        Authentication::Token(oauth) => is_expired && token::may_await_expiry(oauth),
        _ => false,
    }
}

/// Whether a fault makes sense only for a vendor that asks for tokens.
pub fn needs_tokens(fault: &Fault) -> bool {
    use CredentialDamage::{Expired, OtherClient, Revoked};
    fault.which.request == RequestKind::Token
        || matches!(fault.effect, Effect::Credentials(Expired | Revoked | OtherClient))
}

/// Whether a damage makes sense only for several fixed headers.
fn needs_several(damage: CredentialDamage) -> bool {
    matches!(damage, CredentialDamage::FirstWrong | CredentialDamage::LastWrong)
}

fn has_several(authentication: &Authentication) -> bool {
    matches!(authentication, Authentication::Headers(headers) if headers.len() > 1)
}

/// Whether a login has what a fault changes: a token, several headers, the part of the request that is signed, room for
/// two signatures, a time that counts by its age.
pub fn fits(fault: &Fault, authentication: &Authentication) -> bool {
    if needs_tokens(fault) {
        return matches!(authentication, Authentication::Token(_));
    }
    if matches!(fault.effect, Effect::Credentials(damage) if needs_several(damage)) {
        return has_several(authentication);
    }
    let Some(parts) = must_sign(&fault.effect) else { return true };
    let Authentication::Signature(signature) = authentication else { return false };
    let has_room = match fault.effect {
        Effect::Credentials(CredentialDamage::WithOlderKey | CredentialDamage::WithNewerKey) => {
            signature.joined_by.is_some()
        }
        Effect::Credentials(CredentialDamage::Moved(_)) => signature.tolerance_s.is_some(),
        _ => true,
    };
    let signed = sign::signed_parts(authentication);
    has_room && parts.iter().all(|part| signed.contains(part))
}

/// The parts that a vendor must sign for this effect to make sense. `None` if the effect needs no
/// signature.
pub fn must_sign(effect: &Effect) -> Option<&'static [SignedPart]> {
    match effect {
        Effect::Credentials(CredentialDamage::OtherUrl) => Some(&[SignedPart::Url]),
        Effect::Credentials(CredentialDamage::Doubled) => Some(&[]),
        Effect::Credentials(CredentialDamage::OtherBody) => Some(&[SignedPart::Body]),
        Effect::Credentials(CredentialDamage::WithOlderKey | CredentialDamage::WithNewerKey) => {
            Some(&[])
        }
        Effect::Credentials(
            CredentialDamage::Moved(_) | CredentialDamage::OtherTime | CredentialDamage::NoTime,
        ) => Some(&[SignedPart::Timestamp]),
        Effect::Credentials(CredentialDamage::OtherId | CredentialDamage::NoId) => {
            Some(&[SignedPart::Id])
        }
        Effect::AfterSigning(_) => Some(&[SignedPart::Body]),
        _ => None,
    }
}
