//! Reads the two templates of a signature: what is signed, and what stands in the header.

use crate::model::signature::SignedPart;
use crate::suggest::{nearest, question};

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A part that there is not.
    #[error(
        "`{template}` has an unknown part `{{{part}}}` at character {at}{near}; there are {known}"
    )]
    Unknown {
        /// The whole template.
        template: String,
        /// The part.
        part: String,
        /// Where it begins, from 1.
        at: usize,
        /// The part that was probably meant, as a question.
        near: String,
        /// The parts that there are.
        known: String,
    },
    /// A part that does not end.
    #[error("`{template}` has a `{{` without its `}}` at character {at}")]
    Open {
        /// The whole template.
        template: String,
        /// Where it begins, from 1.
        at: usize,
    },
    /// A value without a signature, or with two.
    #[error("`{0}` must have `{{signature}}` in it, once")]
    NoSignature(String),
    /// Two places that cannot be told apart where the value is read.
    #[error("`{0}` has two places with nothing between them that joins several signatures")]
    NoJoint(String),
    /// A text to be signed that covers nothing of the request.
    #[error("`{0}` signs neither the body nor the URL: add `{{body}}`")]
    NothingSigned(String),
}

/// A piece of a template: a text, or the name of a part.
enum Piece<'a> {
    Text(&'a str),
    Part(&'a str),
}

/// Cuts a template into its pieces. Only these parts are known.
fn pieces<'a>(template: &'a str, known: &[&str]) -> Result<Vec<Piece<'a>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (text, after) = rest.split_at(open);
        let at = template[..template.len() - after.len()].chars().count() + 1;
        let Some(close) = after.find('}') else {
            return Err(TemplateError::Open { template: template.to_owned(), at });
        };
        let part = &after[1..close];
        if !known.contains(&part) {
            let near = nearest(part, known.iter().copied());
            return Err(TemplateError::Unknown {
                template: template.to_owned(),
                part: part.to_owned(),
                at,
                near: near.map_or_else(String::new, |near| {
                    format!(" ({})", question(&format!("{{{near}}}")))
                }),
                known: known.iter().map(|one| format!("{{{one}}}")).collect::<Vec<_>>().join(", "),
            });
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        pieces.push(Piece::Part(part));
        rest = &after[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

/// The parts of what is signed: `{timestamp}.{body}`.
///
/// # Errors
/// If a part is unknown, or nothing of the request is signed.
pub fn signed_parts(template: &str) -> Result<Vec<SignedPart>, TemplateError> {
    let known = SignedPart::NAMED.map(|(name, _)| name);
    let part = |name: &str| SignedPart::NAMED.into_iter().find(|(known, _)| *known == name);
    let parts: Vec<SignedPart> = pieces(template, &known)?
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Text(text) => Some(SignedPart::Literal(text.to_owned())),
            Piece::Part(name) => part(name).map(|(_, part)| part),
        })
        .collect();
    use SignedPart::{Body, Form, Path, Url};
    if !parts.iter().any(|part| matches!(part, Body | Form | Path | Url)) {
        return Err(TemplateError::NothingSigned(template.to_owned()));
    }
    Ok(parts)
}

/// What a place in the value of a header holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The signature.
    Signature,
    /// The time of sending.
    Timestamp,
    /// The id.
    Id,
}

/// A piece of the value of a header between two joints: a place, and the text around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The text before the place.
    pub before: String,
    /// The place, if the item has one.
    pub place: Option<Place>,
    /// The text behind it.
    pub after: String,
}

/// The value of a header, cut where several signatures would be joined: `t={timestamp}`,
/// `v1={signature}`.
///
/// # Errors
/// If a part is unknown, or there is not exactly one signature.
pub fn items(value: &str, joined_by: Option<&str>) -> Result<Vec<Item>, TemplateError> {
    let known = ["signature", "timestamp", "id"];
    let count = pieces(value, &known)?
        .iter()
        .filter(|piece| matches!(piece, Piece::Part("signature")))
        .count();
    if count != 1 {
        return Err(TemplateError::NoSignature(value.to_owned()));
    }
    let cut: Vec<&str> = match joined_by {
        Some(joint) if !joint.is_empty() => value.split(joint).collect(),
        _ => vec![value],
    };
    cut.into_iter().map(|text| item(text, &known)).collect()
}

fn item(text: &str, known: &[&str]) -> Result<Item, TemplateError> {
    let mut item = Item { before: String::new(), place: None, after: String::new() };
    for piece in pieces(text, known)? {
        match piece {
            Piece::Text(text) if item.place.is_none() => item.before += text,
            Piece::Text(text) => item.after += text,
            Piece::Part(_) if item.place.is_some() => {
                return Err(TemplateError::NoJoint(text.to_owned()));
            }
            Piece::Part(name) => {
                item.place = Some(match name {
                    "timestamp" => Place::Timestamp,
                    "id" => Place::Id,
                    _ => Place::Signature,
                });
            }
        }
    }
    Ok(item)
}
