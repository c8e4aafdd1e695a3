//! Text that is the same in all orders of an account, rendered once: the beginning of links, the
//! possible answers, the translations of salutations.

use super::order_model::{Answer, Translations};
use super::text::{Digits, further, object};
use crate::chance::Chance;
use crate::vendors::doo::given_ids::QuestionIds;
use crate::vendors::doo::money::Pricing;
use crate::vendors::doo::questions::{Answers, OF_ATTENDEES, OF_BOOKERS, Question};
use crate::vendors::doo::unknown;

/// The rendered parts of an account.
#[derive(Debug)]
pub struct Kept {
    /// A link up to its host, with the opening quote and without the closing one.
    link: Vec<u8>,
    of_buyers: Vec<Answered>,
    /// Of bookers at free events, who are not asked everything.
    of_others: Vec<Answered>,
    of_attendees: Vec<Answered>,
    translations: Vec<u8>,
}

/// The possible answers to a question: the members of each, with a comma before them and without
/// braces.
#[derive(Debug)]
enum Answered {
    OneOf(Vec<Vec<u8>>),
    /// What is before and behind a number of this many digits.
    Numbered(Vec<u8>, usize, Vec<u8>),
}

impl Kept {
    /// The parts of an account with this host. Its questions have these ids.
    pub fn of(host: &str, ids: &QuestionIds) -> Self {
        let mut link = Vec::new();
        object(&["https://", host].concat(), &mut link);
        link.pop();
        let mut translations = b",\"answers_salutation_translations\":".to_vec();
        object(&Translations::of(unknown::SALUTATIONS), &mut translations);
        translations.extend_from_slice(b",\"answer_title_translations\":");
        object(&Translations::of(unknown::TITLES), &mut translations);
        let answers = |questions: &[Question], ids: &[u32], pricing| {
            let known = questions.iter().zip(ids);
            let asked = known.filter(|(question, _)| question.is_asked(pricing));
            asked.map(|(question, id)| answers(question, *id)).collect()
        };
        Self {
            link,
            of_buyers: answers(OF_BOOKERS, &ids.of_bookers, Pricing::Gross),
            of_others: answers(OF_BOOKERS, &ids.of_bookers, Pricing::Free),
            of_attendees: answers(OF_ATTENDEES, &ids.of_attendees, Pricing::Gross),
            translations,
        }
    }

    /// Writes the translations of salutations and titles, after other members.
    pub fn translations(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.translations);
    }

    /// Writes a link: `https://doo.example.test/tickets/660120.pdf`.
    pub fn link(&self, before: &str, id: u64, after: &str, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.link);
        into.extend_from_slice(before.as_bytes());
        into.extend_from_slice(Digits(id).bytes(&mut [0; 20]));
        into.extend_from_slice(after.as_bytes());
        into.push(b'"');
    }

    /// Writes the answers of a booker.
    pub fn booker_answers(&self, pricing: Pricing, chance: &mut Chance, into: &mut Vec<u8>) {
        let answered = if pricing == Pricing::Free { &self.of_others } else { &self.of_buyers };
        list(answered, into, |answers, into| {
            into.push(b'{');
            let start = into.len();
            answers.write(chance, into);
            // The comma.
            into.remove(start);
        });
    }

    /// Writes the answers of an attendee.
    pub fn attendee_answers(&self, attendee: u64, chance: &mut Chance, into: &mut Vec<u8>) {
        list(&self.of_attendees, into, |answers, into| {
            into.extend_from_slice(b"{\"attendee_id\":\"");
            into.extend_from_slice(Digits(attendee).bytes(&mut [0; 20]));
            into.push(b'"');
            answers.write(chance, into);
        });
    }
}

/// Writes a list with one object per question. It opens and closes each object.
fn list(all: &[Answered], into: &mut Vec<u8>, mut write: impl FnMut(&Answered, &mut Vec<u8>)) {
    into.push(b'[');
    for (place, answers) in all.iter().enumerate() {
        if place > 0 {
            into.push(b',');
        }
        write(answers, into);
        into.push(b'}');
    }
    into.push(b']');
}

/// The members of each answer.
fn answers(question: &Question, id: u32) -> Answered {
    let write = |answer: &'static str| {
        let (question, display_type) = (question.label, unknown::FIELD_TYPE);
        let mut text = Vec::new();
        further(&Answer { id, answer, question, display_type }, &mut text);
        text
    };
    match question.answers {
        Answers::OneOf(all) => Answered::OneOf(all.iter().map(|answer| write(answer)).collect()),
        Answers::Numbered(before, digits) => {
            let (text, end) = (write(before), before.as_bytes());
            let place = text.windows(end.len()).position(|part| part == end);
            let place = place.unwrap_or_else(|| panic!("the answer is in the text")) + end.len();
            Answered::Numbered(text[..place].to_vec(), digits, text[place..].to_vec())
        }
    }
}

impl Answered {
    /// Writes any of them.
    fn write(&self, chance: &mut Chance, into: &mut Vec<u8>) {
        match self {
            Self::OneOf(all) => into.extend_from_slice(chance.pick::<Vec<u8>>(all)),
            Self::Numbered(before, digits, after) => {
                into.extend_from_slice(before);
                into.extend((0..*digits).map(|_| b'0' + chance.below(10) as u8));
                into.extend_from_slice(after);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_links_are_json_whatever_the_host_is() {
        let ids = QuestionIds { of_bookers: vec![30, 31], of_attendees: vec![32, 33] };
        let kept = Kept::of("host \"with\" quotes", &ids);
        let mut chance = Chance::from_seed(1);
        let (mut booker, mut attendee, mut link) = (Vec::new(), Vec::new(), Vec::new());
        let mut of_free = Vec::new();
        kept.booker_answers(Pricing::Net, &mut chance, &mut booker);
        kept.booker_answers(Pricing::Free, &mut chance, &mut of_free);
        kept.attendee_answers(7, &mut chance, &mut attendee);
        kept.link("/tickets/", 660, ".pdf", &mut link);
        let read = |text: &[u8]| serde_json::from_slice::<serde_json::Value>(text).expect("JSON");
        assert_eq!(read(&booker)[0]["question"], "Purchase order number");
        assert_eq!(read(&of_free)[0]["id"], 31, "who pays nothing has no purchase order");
        assert_eq!(read(&attendee)[1]["attendee_id"], "7");
        assert_eq!(read(&attendee)[0]["id"], 32);
        assert_eq!(read(&link), "https://host \"with\" quotes/tickets/660.pdf");
    }
}
