//! A mistake in a step.

/// A mistake in a step, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong, in one sentence without a full stop.
    pub title: String,
    /// What is wrong at the place itself, in a few words.
    pub label: &'static str,
    /// What would be right.
    pub help: Vec<String>,
}

impl Mistake {
    /// A mistake at this place.
    pub fn here(title: impl Into<String>) -> Self {
        Self { title: title.into(), label: "here", help: Vec::new() }
    }

    /// Adds what would be right.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: self.help.into_iter().chain([help.into()]).collect(), ..self }
    }
}
