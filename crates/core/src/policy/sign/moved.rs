//! What a signature covers of a moment, and what the request says of it. Faults make the two differ.

use std::borrow::Cow;

use crate::model::fault::CredentialDamage;
use crate::model::signature::{ID_PLACE, Moment, Signature, TIMESTAMP_PLACE};

/// How much older the signed time is than the one that a request says, in seconds. No tolerance is as long.
const OLDER_S: i64 = 86_400;

/// What the request says of its moment.
pub fn told(moment: &Moment, damage: Option<CredentialDamage>) -> Moment {
    match damage {
        Some(CredentialDamage::Moved(by)) => moved(moment, by),
        _ => moment.clone(),
    }
}

/// What the signature covers of it.
pub fn covered(moment: &Moment, damage: Option<CredentialDamage>) -> Moment {
    match damage {
        Some(CredentialDamage::Moved(by)) => moved(moment, by),
        Some(CredentialDamage::OtherTime) => moved(moment, -OLDER_S),
        Some(CredentialDamage::OtherId) => {
            Moment { id: format!("{}-0", moment.id), at_s: moment.at_s }
        }
        _ => moment.clone(),
    }
}

fn moved(moment: &Moment, by: i64) -> Moment {
    Moment { id: moment.id.clone(), at_s: moment.at_s.saturating_add(by) }
}

/// How the header is written: without its part for the time or the id, if the request must not say that.
pub fn form(signature: &Signature, damage: Option<CredentialDamage>) -> Cow<'_, Signature> {
    let joint = signature.joined_by.as_deref().filter(|joint| !joint.is_empty());
    let left_out = match damage {
        Some(CredentialDamage::NoTime) => Some(TIMESTAMP_PLACE),
        Some(CredentialDamage::NoId) => Some(ID_PLACE),
        _ => None,
    };
    match (left_out, joint) {
        (Some(place), Some(joint)) => {
            let parts = signature.value.split(joint);
            let kept: Vec<&str> = parts.filter(|part| !part.contains(place)).collect();
            Cow::Owned(Signature { value: kept.join(joint), ..signature.clone() })
        }
        _ => Cow::Borrowed(signature),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Authentication, Secret};
    use crate::policy::senders::find;
    use crate::policy::sign::credentials;
    use crate::policy::signed::Message;
    use crate::policy::verify::{Patience, Received, Verdict, verify};

    const AT: i64 = 1_900_000_000;

    fn signature(name: &str) -> Signature {
        let signature = find(name).expect(name).signature().expect(name);
        Signature { secret: Some(Secret::new("whsec_c3RhbmRpbi10ZXN0LWtleS0wMDQy")), ..signature }
    }

    /// The headers of a request with this damage, and what a receiver that checks them says.
    fn sent(name: &str, damage: CredentialDamage) -> (Vec<(String, String)>, Verdict) {
        let signature = signature(name);
        let moment = Moment { id: "msg_1".to_owned(), at_s: AT };
        let (url, body) = ("https://example.test/hooks", b"{\"a\": 1}");
        let content_type = "application/json";
        let message = Message { moment: &moment, method: "POST", url, content_type, body };
        let authentication = Authentication::Signature(signature.clone());
        let headers = credentials(&authentication, None, &message, Some(damage));
        let headers: Vec<(String, String)> =
            headers.into_iter().map(|one| (one.name, one.value.reveal().to_owned())).collect();
        let received = Received { method: "POST", url: Some(url), headers: &headers, body };
        let patience = Patience { now_s: AT, tolerance_s: signature.tolerance_s };
        let verdict = verify(&signature, &received, patience).expect("it can be checked");
        (headers, verdict)
    }

    #[test]
    fn a_moved_time_is_signed_and_counts_by_its_age() {
        for name in ["standard-webhooks", "svix", "stripe", "slack"] {
            assert!(sent(name, CredentialDamage::Moved(-60)).1.is_right(), "{name}");
            for by in [-3600, 3600] {
                let (headers, verdict) = sent(name, CredentialDamage::Moved(by));
                assert!(!verdict.is_right(), "{name} {by}");
                let time = (AT + by).to_string();
                assert!(headers.iter().any(|(_, value)| value.contains(&time)), "{headers:?}");
            }
        }
    }

    #[test]
    fn another_time_or_id_than_the_signed_one_is_told() {
        for name in ["standard-webhooks", "svix", "stripe", "slack"] {
            let (headers, verdict) = sent(name, CredentialDamage::OtherTime);
            assert!(!verdict.is_right(), "{name}");
            let time = AT.to_string();
            assert!(headers.iter().any(|(_, value)| value.contains(&time)), "{headers:?}");
        }
        for name in ["standard-webhooks", "svix"] {
            let (headers, verdict) = sent(name, CredentialDamage::OtherId);
            assert!(!verdict.is_right(), "{name}");
            assert_eq!(headers[0].1, "msg_1");
        }
    }

    #[test]
    fn what_is_left_out_is_in_no_header() {
        for name in ["standard-webhooks", "stripe", "slack"] {
            let (headers, verdict) = sent(name, CredentialDamage::NoTime);
            assert!(!verdict.is_right(), "{name}");
            let time = AT.to_string();
            assert!(headers.iter().all(|(_, value)| !value.contains(&time)), "{headers:?}");
        }
        assert_eq!(sent("stripe", CredentialDamage::NoTime).0[0].1.find("v1="), Some(0));
        let (headers, verdict) = sent("svix", CredentialDamage::NoId);
        assert!(!verdict.is_right() && headers.iter().all(|(_, value)| value != "msg_1"));
    }

    #[test]
    fn an_id_in_the_value_is_left_out_and_not_the_rest() {
        let value = "i={id},t={timestamp},v1={signature}".to_owned();
        let signature = Signature { value, ..signature("stripe") };
        let left = |damage| form(&signature, Some(damage)).value.clone();
        assert_eq!(left(CredentialDamage::NoId), "t={timestamp},v1={signature}");
        assert_eq!(left(CredentialDamage::NoTime), "i={id},v1={signature}");
        assert_eq!(left(CredentialDamage::Wrong), signature.value);
    }

    #[test]
    fn two_keys_give_two_signatures_in_one_header_and_one_of_them_is_right() {
        for (name, joint) in [("standard-webhooks", " "), ("svix", " "), ("stripe", ",")] {
            let right = sent(name, CredentialDamage::Moved(0)).0;
            let right = right.last().expect("a signature").1.clone();
            let right = right.rsplit(joint).next().expect("it").to_owned();
            for (damage, place) in
                [(CredentialDamage::WithOlderKey, 2), (CredentialDamage::WithNewerKey, 1)]
            {
                let (headers, verdict) = sent(name, damage);
                assert!(verdict.is_right(), "{name} {damage:?}");
                let value = &headers.last().expect("a signature").1;
                let signatures: Vec<&str> = value.rsplit(joint).take(2).collect();
                assert_eq!(signatures[place - 1], right, "{name} {damage:?}: {value}");
                assert_ne!(signatures[0], signatures[1]);
            }
        }
    }
}
