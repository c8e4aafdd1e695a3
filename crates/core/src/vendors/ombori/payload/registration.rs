//! The registration form of a store, and the answers of guests.

use schemars::JsonSchema;
use serde::Serialize;

use super::place::{Place, Version};
use crate::vendors::ombori::position::Position;
use crate::vendors::wire::Members;

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Registration<'a> {
    /// By the name of the form's field.
    Object(Members<&'a str, Answered<'a>>),
    /// In the order of the form.
    Array(Vec<Field<'a>>),
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Answered<'a> {
    value: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Field<'a> {
    name: &'a str,
    value: &'a str,
    label: &'static str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<&'static str>,
    validation_rules: ValidationRules,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ValidationRules {
    required: bool,
    regexp: &'static str,
    phone: bool,
    email: bool,
}

/// The form, in the shape of this version.
pub(super) fn registration<'a>(position: &'a Position, place: &Place<'a>) -> Registration<'a> {
    let answers = answers(position, place);
    if place.version < Version::PositionModel {
        let answered = answers.map(|(name, value)| (name, Answered { value }));
        return Registration::Object(Members::in_order(answered));
    }
    Registration::Array(answers.map(|(name, value)| field(name, value)).collect())
}

/// The guest's answers in the registration form, in the order of the form.
pub(super) fn answers<'a>(
    position: &'a Position,
    place: &Place<'a>,
) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
    let guest = &position.guest;
    place.registration.iter().map(|field| match field.as_str() {
        "phone" => (field.as_str(), guest.phone.as_str()),
        "email" => (field.as_str(), guest.email.as_str()),
        _ => (field.as_str(), guest.name.as_str()),
    })
}

/// Labels, placeholders and rules are invented. Names and types are those of the position model.
/// Some guests leave no number, so the field is not required.
fn field<'a>(name: &'a str, value: &'a str) -> Field<'a> {
    let usual = ValidationRules { required: true, regexp: "", phone: false, email: false };
    match name {
        "phone" => Field {
            name,
            value,
            label: "Phone number",
            r#type: "phone",
            placeholder: Some("+46 70 000 00 00"),
            validation_rules: ValidationRules { required: false, phone: true, ..usual },
        },
        "email" => Field {
            name,
            value,
            label: "E-mail",
            r#type: "email",
            placeholder: Some("you@example.test"),
            validation_rules: ValidationRules { email: true, ..usual },
        },
        _ => Field {
            name,
            value,
            label: "Your name",
            r#type: "input",
            placeholder: None,
            validation_rules: ValidationRules { regexp: "^.{1,80}$", ..usual },
        },
    }
}
