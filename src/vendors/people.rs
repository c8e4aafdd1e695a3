//! What the invented people of all vendors have in common.

use crate::chance::Chance;

/// An e-mail address that cannot exist.
pub fn email(chance: &mut Chance, name: &str) -> String {
    let local: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let local = if local.is_empty() { "guest" } else { &local };
    format!("{local}{}@example.test", chance.between(10, 9999))
}
