//! The questions of events, and the answers of people. They are invented. A receiver finds an
//! answer by the label (seed 003, 3.4.3 note 2).

use super::money::Pricing;

/// A question in addition to the usual ones.
#[derive(Debug)]
pub struct Question {
    /// Its text.
    pub label: &'static str,
    /// Whether an answer is required. In the simulation everybody answers.
    pub required: bool,
    /// Who is asked.
    pub asked: Asked,
    /// The size of its field.
    pub size: &'static str,
    /// The answers that people give.
    pub answers: Answers,
}

/// Who is asked a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Everybody.
    All,
    /// Those who pay for their tickets.
    Buyers,
}

impl Question {
    /// Whether it is asked at an event with such prices.
    pub fn is_asked(&self, pricing: Pricing) -> bool {
        self.asked == Asked::All || pricing != Pricing::Free
    }
}

/// The answers to a question.
#[derive(Debug)]
pub enum Answers {
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A number of this many digits behind this text, as companies count their orders.
    Numbered(&'static str, usize),
}

/// The questions for the booker.
pub const OF_BOOKERS: &[Question] = &[
    Question {
        label: "Purchase order number",
        required: false,
        asked: Asked::Buyers,
        size: "50",
        answers: Answers::Numbered("PO-", 6),
    },
    Question {
        label: "How did you hear about us?",
        required: true,
        asked: Asked::All,
        size: "120",
        answers: Answers::OneOf(&[
            "A colleague",
            "Your newsletter",
            "Search",
            "Last year’s event",
            "A poster in a café",
        ]),
    },
];

/// The questions for each attendee, if attendees are asked.
pub const OF_ATTENDEES: &[Question] = &[
    Question {
        label: "Lunch preference",
        required: true,
        asked: Asked::All,
        size: "50",
        answers: Answers::OneOf(&["Vegetarian", "Vegan", "Fish", "Käsespätzle", "No lunch"]),
    },
    Question {
        label: "Which workshop do you want to join?",
        required: false,
        asked: Asked::All,
        size: "50",
        answers: Answers::OneOf(&["Welding", "Robotics", "Data", "Repair café", "None"]),
    },
];

/// The usual questions for bookers, by the names of their fields.
pub const USUAL_OF_BOOKERS: &[&str] = &[
    "salutation",
    "title",
    "first_name",
    "last_name",
    "company_name",
    "email",
    "street",
    "house_num",
    "zip",
    "city",
    "country",
];
/// The usual questions for attendees.
pub const USUAL_OF_ATTENDEES: &[&str] = &["first_name", "last_name", "email"];
