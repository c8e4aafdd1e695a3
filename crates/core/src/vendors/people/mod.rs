//! Invented people of all vendors: names as they are usual where a language is spoken, telephone
//! numbers that are reserved for fiction, and e-mail addresses that cannot exist.

mod address;
mod given;
mod names;
mod phones;

pub use address::{StaffAddresses, email, in_ascii};
pub use given::{Gender, gender};
pub use names::{Tongue, elsewhere, family_name, name};
pub use phones::{Home, phone};
