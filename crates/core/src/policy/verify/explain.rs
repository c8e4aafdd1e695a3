//! Searches for the mistake that explains a wrong signature: another text, another key, another way to
//! write it. The mistake with the fewest changes is the one that is told.

use super::{changed_keys, changed_text};
use crate::model::signature::{Encoding, Signature};
use crate::policy::key::{self, CheckingKey};
use crate::policy::signed::Message;

/// What explains a wrong signature.
pub struct Explained {
    /// In words.
    pub hint: String,
    /// The text that was signed, if it is another one than it should be.
    pub text: Option<Vec<u8>>,
}

/// A change that would make the signature right, in words. None: nothing is changed.
type Change = Option<String>;

/// The largest text that is tried with every pair of changes. A larger one is tried with one change at a
/// time.
const LARGEST_FOR_PAIRS: usize = 256 * 1024;

/// The shortest beginning of a signature that is not there by chance.
const SHORTEST: usize = 8;

/// Explains why none of these signatures is right.
pub fn explain(
    signature: &Signature,
    keys: &[CheckingKey],
    message: &Message<'_>,
    given: &[String],
) -> Explained {
    let right = message.text(&signature.over);
    if let Some(hint) = as_text(signature.encoding, keys, &right, given) {
        return Explained { hint, text: None };
    }
    let texts = changed_text::texts(&signature.over, message);
    let changed = changed_keys::keys(signature);
    let all_keys = keys.iter().map(|key| (&None, key));
    let all_keys: Vec<(&Change, &CheckingKey)> =
        all_keys.chain(changed.iter().map(|(change, key)| (change, key))).collect();
    let givens: Vec<(Change, Vec<u8>)> =
        given.iter().flat_map(|one| decoded(signature.encoding, one)).collect();
    let mut best: Option<(usize, Explained)> = None;
    for (of_text, text) in &texts {
        for (of_key, key) in &all_keys {
            let changes = usize::from(of_text.is_some()) + usize::from(of_key.is_some());
            if changes > 1 && text.len() > LARGEST_FOR_PAIRS {
                continue;
            }
            let found = givens.iter().find(|(_, bytes)| key.is_right(text, bytes));
            let Some((of_given, _)) = found else { continue };
            let changes = changes + usize::from(of_given.is_some());
            if best.as_ref().is_some_and(|(fewest, _)| *fewest <= changes) {
                continue;
            }
            let words: Vec<&str> = [of_text, *of_key, of_given]
                .into_iter()
                .filter_map(|change| change.as_deref())
                .collect();
            let hint = format!("it would be right {}", words.join(", "));
            let text = of_text.as_ref().map(|_| text.clone());
            best = Some((changes, Explained { hint, text }));
        }
    }
    best.map_or_else(unexplained, |(_, explained)| explained)
}

fn unexplained() -> Explained {
    let hint = "no usual mistake explains it: compare the key, and whether the body is byte for byte as it came";
    Explained { hint: hint.to_owned(), text: None }
}

/// What is wrong with a signature that is right but for its letters.
fn as_text(
    encoding: Encoding,
    keys: &[CheckingKey],
    text: &[u8],
    given: &[String],
) -> Option<String> {
    for key in keys {
        let right = key::encode(encoding, &key.sign(text)?);
        for given in given {
            let (length, whole) = (given.len(), right.len());
            if encoding != Encoding::Hex && *given != right && given.eq_ignore_ascii_case(&right) {
                return Some("it is right but for upper and lower case".to_owned());
            }
            let unpadded = right.trim_end_matches('=');
            if length >= SHORTEST && given.len() < unpadded.len() && right.starts_with(given) {
                return Some(format!("it is right but cut off: {length} of {whole} characters"));
            }
            if length > whole && given.starts_with(&right) {
                let more = length - whole;
                return Some(format!("it is right but goes on: {more} characters too many"));
            }
        }
    }
    None
}

/// The bytes that a text may stand for, and how it is written if not as it should be.
fn decoded(encoding: Encoding, text: &str) -> Vec<(Change, Vec<u8>)> {
    let wanted = encoding.name();
    let said = |form: &str| Some(format!("in {wanted} instead of {form}"));
    let mut found = Vec::new();
    if let Some(bytes) = key::decode(encoding, text) {
        found.push((None, bytes));
    }
    if let Some(bytes) = key::decode(Encoding::Hex, &text.to_ascii_lowercase()) {
        let upper = text.bytes().any(|byte| byte.is_ascii_uppercase());
        let form = if upper { "hexadecimal digits in upper case" } else { Encoding::Hex.name() };
        found.push((said(form), bytes));
    }
    let url = text.contains(['-', '_']);
    let standard = text.replace('-', "+").replace('_', "/");
    let bare = standard.trim_end_matches('=');
    let padded = format!("{bare}{}", "=".repeat((4 - bare.len() % 4) % 4));
    if let Some(bytes) = key::decode(Encoding::Base64, &padded) {
        let form = match (url, text.ends_with('=')) {
            (true, _) => "base64url",
            (false, true) => "base64",
            (false, false) => "base64 without padding",
        };
        found.push((said(form), bytes.clone()));
        // Hexadecimal digits, encoded once more.
        let digits = String::from_utf8(bytes).ok();
        let twice = digits.and_then(|digits| key::decode(Encoding::Hex, &digits));
        found.extend(twice.map(|bytes| (said("hexadecimal digits in base64"), bytes)));
    }
    found
}
