//! What a picture of a vendor's traffic shows, as a table: which webhooks count, and which fields of their
//! bodies tell how much. Only what a receiver gets is counted, so a picture shows what it will see.

/// A part of the picture.
#[derive(Debug)]
pub struct Figure {
    /// Its title.
    pub title: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// How it is drawn.
    pub axis: Axis,
    /// What is drawn.
    pub series: &'static [Series],
}

/// How a figure is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// How many an hour, by the local hour of the day: from Monday to Friday, on Saturday and on Sunday.
    Hours,
    /// How many by a value in ranges of this unit.
    Ranges(Unit),
    /// How many of each word.
    Words,
}

/// The unit of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Minutes, counted in seconds.
    Minutes,
    /// Days, counted in hours.
    Days,
    /// Anything else, such as an amount of money, counted in whole numbers.
    Whole,
}

/// Webhooks that are counted together.
#[derive(Debug)]
pub struct Series {
    /// Its name. A figure of [`Axis::Words`] may have it as a word.
    pub name: &'static str,
    /// The triggers that count.
    pub triggers: &'static [&'static str],
    /// The actions that count. Empty: all of them.
    pub actions: &'static [&'static str],
    /// Texts that the body must have: a JSON pointer, and the texts of which it must be one.
    pub only: &'static [(&'static str, &'static [&'static str])],
    /// What is counted.
    pub reading: Reading,
}

impl Series {
    /// All webhooks of these triggers that have what is read.
    pub const fn of(
        name: &'static str,
        triggers: &'static [&'static str],
        reading: Reading,
    ) -> Self {
        Self { name, triggers, actions: &[], only: &[], reading }
    }

    /// Of them, those that these actions caused.
    pub const fn by(self, actions: &'static [&'static str]) -> Self {
        Self { actions, ..self }
    }

    /// Of them, those whose bodies have these texts.
    pub const fn with(self, only: &'static [(&'static str, &'static [&'static str])]) -> Self {
        Self { only, ..self }
    }
}

/// What is read from a webhook. A webhook without the field is not counted.
#[derive(Clone, Copy, Debug)]
pub enum Reading {
    /// Its moment, for [`Axis::Hours`].
    Moment,
    /// The name of the series, for [`Axis::Words`].
    Name,
    /// A text, a number or a truth value of the body, for [`Axis::Words`].
    Word(&'static str),
    /// The time from one time in the body to another; none if that is earlier.
    Between(&'static str, &'static str),
    /// The time from a time in the body to the moment of the webhook; none if that is earlier.
    Since(&'static str),
    /// A length of time in whole seconds.
    Seconds(&'static str),
    /// A number, or a number in a text.
    Number(&'static str),
}
