//! Credentials that are wrong as a whole: empty, malformed, wrong or nearly right.

use sha2::{Digest as _, Sha256};

use crate::model::fault::CredentialDamage;
use crate::policy::near;

/// Malformed credentials: not empty, not base64, and not a token.
pub(super) const MALFORMED: &str = "!neither token nor base64!";

/// How one of several fixed headers is damaged, by its place among them.
pub(super) fn at(
    place: usize,
    count: usize,
    damage: Option<CredentialDamage>,
) -> Option<CredentialDamage> {
    let is_wrong = match damage {
        Some(CredentialDamage::FirstWrong) => place == 0,
        Some(CredentialDamage::LastWrong) => place + 1 == count,
        damage => return damage,
    };
    is_wrong.then_some(CredentialDamage::Wrong)
}

/// The value of a fixed header. Faults of signatures do not change it.
pub(super) fn damaged(value: &str, damage: Option<CredentialDamage>) -> String {
    // The scheme must stay, or the form would change: `Qxwrkt …` is not `Bearer …`.
    let scheme = value.split_once(' ').map_or(0, |(scheme, _)| scheme.len() + 1);
    match damage {
        Some(CredentialDamage::Wrong | CredentialDamage::Nearly(_)) => {
            let (scheme, rest) = value.split_at(scheme);
            let rest = match damage {
                Some(CredentialDamage::Nearly(near)) if scheme.eq_ignore_ascii_case("basic ") => {
                    near::basic(rest, near)
                }
                damage => damaged_secret(rest, damage),
            };
            format!("{scheme}{rest}")
        }
        damage => damaged_secret(value, damage),
    }
}

/// A value that is secret as a whole, such as a token or a client secret.
pub(in crate::policy) fn damaged_secret(secret: &str, damage: Option<CredentialDamage>) -> String {
    match damage {
        Some(CredentialDamage::Empty) => String::new(),
        Some(CredentialDamage::Malformed) => MALFORMED.to_owned(),
        Some(CredentialDamage::Wrong) => turned(secret),
        Some(CredentialDamage::Nearly(near)) => near::text(secret, near),
        _ => secret.to_owned(),
    }
}

/// Wrong credentials of the same form. They reveal nothing about the right ones, since a receiver
/// may log what it refuses. The same value always gives the same result.
fn turned(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut bytes = digest.iter().cycle();
    let turned: String = text
        .chars()
        .map(|letter| {
            let draw = bytes.next().copied().unwrap_or_default();
            match letter {
                'a'..='z' => char::from(b'a' + draw % 26),
                'A'..='Z' => char::from(b'A' + draw % 26),
                '0'..='9' => char::from(b'0' + draw % 10),
                other => other,
            }
        })
        .collect();
    // The value has no letter or digit, or did not change: make it longer.
    if turned == text { format!("{text}x") } else { turned }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_credentials_keep_their_form_and_are_wrong() {
        for secret in ["key-zZ9", "a", "7", "---", ""] {
            let wrong = turned(secret);
            assert_ne!(wrong, secret);
            assert_eq!(wrong, turned(secret));
            assert!(secret.len() <= wrong.len() && wrong.len() <= secret.len() + 1);
        }
    }
}
