//! The key `signature` of a vendor's section: how the vendor signs its webhooks, in place of its own login. Its key is
//! the vendor's `secret`.

use serde_json::{Map, Value as Json};

use super::oauth::part::Part;
use super::section::Reader;
use super::sender_keys::SignatureSection;
use super::signature;
use crate::model::signature::SignedPart;
use crate::model::{Authentication, Policy, Problem};

/// Keys that would hold a key, or name its place. It is in the vendor's `secret`.
const NOT_HERE: &[&str] = &["secret", "key", "private_key", "key_env"];

/// Reads it into the vendor's policy.
///
/// # Errors
/// If anything in it is wrong.
pub fn read(reader: &Reader<'_>, policy: &mut Policy) -> Result<(), Problem> {
    let right = "a map: `like` or `header`, and optional keys";
    let Some((given, at)) = reader.get::<Map<String, Json>>("signature", right)? else {
        return Ok(());
    };
    let (source, known) = (reader.source, SignatureSection::KEYS);
    let part = Part { source, at, name: "signature", known, given: &given };
    if let Some(key) = NOT_HERE.iter().find(|key| given.contains_key(**key)) {
        let title = format!("`signature.{key}`: the key of a vendor is its `secret`");
        let help = "write it beside `signature`: `secret: \"${NAME}\"`".to_owned();
        return Err(part.problem(key, title, &[help]));
    }
    part.check_keys()?;
    if part.text("header")? == Some(signature::OFF) {
        let title = "`signature.header` is `off`, and a signature needs a header".to_owned();
        let help = "leave out `signature` and the `secret` for a vendor without a login".to_owned();
        return Err(part.problem("header", title, &[help]));
    }
    let signature = signature::read(&part)?.signature;
    let covers = |one: &SignedPart| signature.over.contains(one);
    if covers(&SignedPart::Form) && !covers(&SignedPart::Body) && signature.body_hash.is_none() {
        let title = "`signature.over` signs a form, and the webhooks of a vendor are JSON";
        let help = "write `{body}` in place of `{form}`".to_owned();
        return Err(part.problem("over", title, &[help]));
    }
    policy.authentication = Authentication::Signature(signature);
    Ok(())
}
