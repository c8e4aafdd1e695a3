//! The key `signature` of a vendor's section: how the vendor signs its webhooks, in place of its own login. Its key is
//! the vendor's `secret`.

use serde_json::{Map, Value as Json};

use super::oauth::part::Part;
use super::section::Reader;
use super::sender_keys::SignatureSection;
use super::signature::{self, Described};
use super::source::keep;
use crate::model::signature::SignedPart;
use crate::model::{Authentication, Policy, Problem};

/// Keys that would hold a key, or name its place. It is in the vendor's `secret`.
const NOT_HERE: &[&str] = &["secret", "key", "private_key", "key_env"];

/// Reads it into the vendor's policy. Adds each mistake to the list.
pub fn read(reader: &Reader<'_>, policy: &mut Policy, problems: &mut Vec<Problem>) {
    let right = "a map: `like` or `header`, and optional keys";
    let given = keep(reader.get::<Map<String, Json>>("signature", right), problems);
    let Some((given, at)) = given.flatten() else { return };
    let (source, known) = (reader.source, SignatureSection::KEYS);
    let part = Part { source, at, name: "signature", known, given: &given };
    for key in NOT_HERE.iter().filter(|key| given.contains_key(**key)) {
        let title = format!("`signature.{key}`: the key of a vendor is its `secret`");
        let help = "write it beside `signature`: `secret: \"${NAME}\"`".to_owned();
        problems.push(part.problem(key, title, &[help]));
    }
    problems.extend(part.unknown_keys(NOT_HERE));
    if part.get("header").is_some_and(|header| header == signature::OFF) {
        let title = "`signature.header` is `off`, and a signature needs a header".to_owned();
        let help = "leave out `signature` and the `secret` for a vendor without a login".to_owned();
        problems.push(part.problem("header", title, &[help]));
    }
    let Some(Described { signature, .. }) = signature::read(&part, problems) else { return };
    let covers = |one: &SignedPart| signature.over.contains(one);
    if covers(&SignedPart::Form) && !covers(&SignedPart::Body) && signature.body_hash.is_none() {
        let title = "`signature.over` signs a form, and the webhooks of a vendor are JSON";
        let help = "write `{body}` in place of `{form}`".to_owned();
        problems.push(part.problem("over", title, &[help]));
    }
    policy.authentication = Authentication::Signature(signature);
}
