//! The questions of events, and the answers of people. Invented; the labels are the keys by which a receiver
//! finds an answer (seed 003, 3.4.3 note 2).

/// A question beside the usual ones.
#[derive(Debug)]
pub struct Question {
    /// Its text.
    pub label: &'static str,
    /// Whether it must be answered. In the simulation everybody answers.
    pub required: bool,
    /// The size of its field.
    pub size: &'static str,
    /// The answers that people give.
    pub answers: &'static [&'static str],
}

/// What the booker is asked.
pub const OF_BOOKERS: &[Question] = &[
    Question {
        label: "Purchase order number",
        required: false,
        size: "50",
        answers: &["PO-5521", "PO-1180", "PO-7302", "PO-4419", "PO-9006"],
    },
    Question {
        label: "How did you hear about us?",
        required: true,
        size: "120",
        answers: &["A colleague", "Your newsletter", "Search", "Last year’s event", "Überall"],
    },
];

/// What each attendee is asked, if attendees are.
pub const OF_ATTENDEES: &[Question] = &[
    Question {
        label: "Lunch preference",
        required: true,
        size: "50",
        answers: &["Vegetarian", "Vegan", "Fish", "Käsespätzle", "No lunch"],
    },
    Question {
        label: "Which workshop do you want to join?",
        required: false,
        size: "50",
        answers: &["Welding", "Robotics", "Data", "Crème brûlée", "None"],
    },
];

/// The usual questions, by the names of their fields.
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
/// The same for attendees.
pub const USUAL_OF_ATTENDEES: &[&str] = &["first_name", "last_name", "email"];

/// The id of a question to bookers. Its answers carry the same id (assumed).
pub fn question_of_booker(first: u32, place: usize) -> u32 {
    first + place as u32
}

/// The id of a question to attendees.
pub fn question_of_attendee(first: u32, place: usize) -> u32 {
    first + (OF_BOOKERS.len() + place) as u32
}
