//! URLs with placeholders: `/in/{trigger}` stands for one URL per trigger.
//!
//! `{id}` in the URL of a probe is not read here: there it must be, and here nothing must.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The placeholder for the trigger of a webhook.
pub const TRIGGER: &str = "trigger";

/// What a trigger keeps in a URL (RFC 3986, 2.3: unreserved characters).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Why a URL with placeholders cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateProblem {
    /// Nothing is known by this name.
    #[error("there is no placeholder `{{{0}}}`: only `{{trigger}}` can be in the URL of `deliver`")]
    Unknown(String),
    /// A brace that no other one opens or closes.
    #[error("a brace of a placeholder is missing: it is written `{{trigger}}`")]
    Brace,
}

/// The URL for this trigger.
///
/// # Errors
/// If the URL has another placeholder, or half of one.
pub fn for_trigger<'a>(url: &'a str, trigger: &str) -> Result<Cow<'a, str>, TemplateProblem> {
    if !url.contains(['{', '}']) {
        return Ok(url.into());
    }
    let (mut made, mut rest) = (String::new(), url);
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or(TemplateProblem::Brace)?;
        if before.contains('}') {
            return Err(TemplateProblem::Brace);
        }
        if name != TRIGGER {
            return Err(TemplateProblem::Unknown(name.to_owned()));
        }
        made += before;
        made.extend(utf8_percent_encode(trigger, RESERVED));
        rest = after;
    }
    if rest.contains('}') {
        return Err(TemplateProblem::Brace);
    }
    Ok((made + rest).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trigger_stands_wherever_its_placeholder_is() {
        for (url, made) in [
            ("/in", "/in"),
            ("/in/{trigger}", "/in/visit.created"),
            (
                "https://a.test/{trigger}/b?t={trigger}",
                "https://a.test/visit.created/b?t=visit.created",
            ),
        ] {
            assert_eq!(for_trigger(url, "visit.created").as_deref(), Ok(made));
        }
        assert_eq!(for_trigger("/{trigger}", "a/b c").as_deref(), Ok("/a%2Fb%20c"));
    }

    #[test]
    fn another_placeholder_and_half_a_one_are_mistakes() {
        let unknown = |name: &str| Err(TemplateProblem::Unknown(name.to_owned()));
        for (url, wrong) in [
            ("/{triger}", unknown("triger")),
            ("/{trigger}/{id}", unknown("id")),
            ("/{}", unknown("")),
            ("/{trigger", Err(TemplateProblem::Brace)),
            ("/trigger}", Err(TemplateProblem::Brace)),
            ("/}{trigger}", Err(TemplateProblem::Brace)),
        ] {
            assert_eq!(for_trigger(url, "t"), wrong, "{url}");
        }
    }
}
