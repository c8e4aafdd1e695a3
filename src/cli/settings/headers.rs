//! The request headers that a user may set.

/// The headers that follow from the URL and the body.
const OURS: &[&str] =
    &["host", "content-length", "content-type", "transfer-encoding", "connection"];

/// The longest name of a header, in bytes.
const LONGEST_NAME: usize = 100;

/// Whether a header follows from the request itself, so that the user cannot set it.
pub fn is_ours(name: &str) -> bool {
    OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours))
}

/// Whether a request header of this name and value can be sent.
pub fn sendable(name: &str, value: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let written = |byte: u8| byte == b'\t' || (b' '..=b'~').contains(&byte);
    (1..=LONGEST_NAME).contains(&name.len())
        && name.bytes().all(token)
        && value.bytes().all(written)
}

/// What is wrong with a header without a value, and what may be the reason.
pub fn empty(name: &str) -> (String, String) {
    let help = "is the variable of the environment set to an empty text?".to_owned();
    (format!("the header `{name}` is empty"), help)
}

/// What is wrong with a header that cannot be sent, and what would be right.
pub fn unsendable(name: &str) -> (String, String) {
    let help = format!(
        "names are up to {LONGEST_NAME} letters, digits and hyphens; values are ASCII without line breaks"
    );
    // The whole name: it is masked before it is cut, should it be a secret in the wrong place.
    (format!("the header `{name}` cannot be sent"), help)
}
