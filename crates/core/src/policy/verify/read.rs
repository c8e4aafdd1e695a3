//! Reads the value of a header by the template that it should follow.

use crate::policy::template::{Item, Place};

/// What the value of a header holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Its signatures, as they are written.
    pub signatures: Vec<String>,
    /// The time of sending.
    pub timestamp: Option<String>,
    /// The id.
    pub id: Option<String>,
}

/// What a value holds. Pieces that follow no item of the template are left out: senders add new ones.
pub fn held(items: &[Item], joined_by: Option<&str>, value: &str) -> Held {
    let mut held = Held::default();
    for piece in pieces(joined_by, value) {
        for item in items {
            let inner = piece.strip_prefix(item.before.trim_start());
            let inner = inner.and_then(|rest| rest.strip_suffix(item.after.trim_end()));
            let Some(inner) = inner.filter(|inner| !inner.is_empty()) else { continue };
            match item.place {
                Some(Place::Signature) => held.signatures.push(inner.to_owned()),
                Some(Place::Timestamp) => held.timestamp = Some(inner.to_owned()),
                Some(Place::Id) => held.id = Some(inner.to_owned()),
                None => {}
            }
        }
    }
    held
}

fn pieces<'a>(joined_by: Option<&str>, value: &'a str) -> Vec<&'a str> {
    match joined_by {
        Some(joint) if !joint.is_empty() => value.split(joint).map(str::trim).collect(),
        _ => vec![value],
    }
}

/// How the item with this place is written.
fn form(items: &[Item], place: Place) -> String {
    let item = items.iter().find(|item| item.place == Some(place));
    let name = match place {
        Place::Signature => "signature",
        Place::Timestamp => "timestamp",
        Place::Id => "id",
    };
    let (before, after) = item.map_or(("", ""), |item| (&item.before, &item.after));
    format!("`{before}{{{name}}}{after}`")
}

/// Says that a header has no signature.
pub fn no_signature(items: &[Item], header: &str) -> String {
    format!("the header {header} has no {}", form(items, Place::Signature))
}

/// Says that a header lacks a part of its value.
pub fn no_part(items: &[Item], place: Place, header: &str) -> String {
    format!("the header {header} has no {}", form(items, place))
}

/// The right signature, with something else around it than the template says.
pub fn misplaced(
    items: &[Item],
    value: &str,
    is_right: impl Fn(&String) -> bool,
) -> Option<String> {
    let wanted = form(items, Place::Signature);
    let cuts = value.split([' ', ',', ';']).flat_map(|piece| {
        let behind = piece.match_indices(['=', ',', ':']).map(|(at, _)| &piece[at + 1..]);
        std::iter::once(piece)
            .chain(behind)
            .map(move |rest| (&piece[..piece.len() - rest.len()], rest))
    });
    let found = cuts.map(|(before, rest)| (before, rest.to_owned()));
    let (before, _) = found.into_iter().find(|(_, rest)| is_right(rest))?;
    Some(match before {
        "" => format!("the signature itself is right, but stands alone: write {wanted}"),
        before => {
            format!("the signature itself is right, but stands behind `{before}`: write {wanted}")
        }
    })
}
