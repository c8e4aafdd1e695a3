//! A template: the constant parts of a body are rendered once, with gaps for the rest.

use std::ops::Range;

/// The content of a gap in an order's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The whole event.
    Event,
    /// The status of the order, with its dates and numbers.
    Status,
    /// The status of the attendees, which is the same for all in an order.
    Attendee,
    /// The status of the ticket of this attendee.
    Ticket(u8),
    /// The time of the payment, if it was paid.
    Payment,
    /// The cancellation invoice at the root.
    CancellationInvoice,
    /// The text after the gap, of this many bytes, is kept only while the tickets are valid or
    /// checked in.
    IfAdmitted(u32),
    /// The text after the gap, of this many bytes, is kept only if there is an invoice.
    IfInvoiced(u32),
}

/// A text with gaps.
#[derive(Debug, Default)]
pub struct Form {
    text: Vec<u8>,
    /// The gaps in order, each with the length of the text before it.
    gaps: Vec<(u32, Gap)>,
    attendees: Vec<Part>,
}

/// The range of an attendee in the form.
#[derive(Clone, Debug)]
struct Part {
    text: Range<u32>,
    gaps: Range<u32>,
}

impl Form {
    /// An empty form with room for about this much text.
    pub fn with_capacity(text: usize) -> Self {
        Self { text: Vec::with_capacity(text), gaps: Vec::new(), attendees: Vec::new() }
    }

    /// Whether nothing has been written.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text so far, to append to.
    pub fn text(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    /// Adds a gap here.
    pub fn gap(&mut self, gap: Gap) {
        let at = self.length();
        self.gaps.push((at, gap));
    }

    /// Appends text that is kept or left out when the gap is filled.
    pub fn only(&mut self, gap: fn(u32) -> Gap, write: impl FnOnce(&mut Vec<u8>)) {
        let at = self.length();
        write(&mut self.text);
        let length = self.length() - at;
        self.gaps.push((at, gap(length)));
    }

    /// Appends an attendee.
    pub fn attendee(&mut self, write: impl FnOnce(&mut Self)) {
        let (text, gaps) = (self.length(), self.gaps.len() as u32);
        write(self);
        let part = Part { text: text..self.length(), gaps: gaps..self.gaps.len() as u32 };
        self.attendees.push(part);
    }

    /// Frees unused memory.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.gaps.shrink_to_fit();
        self.attendees.shrink_to_fit();
    }

    /// Writes the whole text, with the gaps filled. `fill` returns whether to keep the text that
    /// belongs to a gap.
    pub fn fill(&self, into: &mut Vec<u8>, fill: impl FnMut(Gap, &mut Vec<u8>) -> bool) {
        let whole = Part { text: 0..self.length(), gaps: 0..self.gaps.len() as u32 };
        self.fill_part(whole, into, fill);
    }

    /// Writes one attendee, with the gaps filled.
    pub fn fill_attendee(
        &self,
        number: u8,
        into: &mut Vec<u8>,
        fill: impl FnMut(Gap, &mut Vec<u8>) -> bool,
    ) {
        self.fill_part(self.attendees[usize::from(number)].clone(), into, fill);
    }

    fn fill_part(
        &self,
        part: Part,
        into: &mut Vec<u8>,
        mut fill: impl FnMut(Gap, &mut Vec<u8>) -> bool,
    ) {
        let mut from = part.text.start;
        for (at, gap) in &self.gaps[part.gaps.start as usize..part.gaps.end as usize] {
            into.extend_from_slice(&self.text[from as usize..*at as usize]);
            from = *at;
            let there = fill(*gap, into);
            if let (Gap::IfAdmitted(length) | Gap::IfInvoiced(length), false) = (*gap, there) {
                from += length;
            }
        }
        into.extend_from_slice(&self.text[from as usize..part.text.end as usize]);
    }

    fn length(&self) -> u32 {
        self.text.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        let mut form = Form::with_capacity(0);
        form.text().extend_from_slice(b"<");
        form.gap(Gap::Status);
        form.attendee(|form| {
            form.text().extend_from_slice(b"(");
            form.gap(Gap::Ticket(0));
            form.only(Gap::IfAdmitted, |text| text.extend_from_slice(b"pass"));
            form.text().extend_from_slice(b")");
        });
        form.text().extend_from_slice(b">");
        form
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Admitted {
        Yes,
        No,
    }

    fn fill(admitted: Admitted) -> impl FnMut(Gap, &mut Vec<u8>) -> bool {
        move |gap, into| match gap {
            Gap::Ticket(_) => {
                into.extend_from_slice(b"ticket ");
                true
            }
            Gap::IfAdmitted(_) => admitted == Admitted::Yes,
            _ => {
                into.extend_from_slice(b"status");
                true
            }
        }
    }

    #[test]
    fn gaps_are_filled_and_what_is_not_there_is_left_out() {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        form().fill(&mut with, fill(Admitted::Yes));
        form().fill(&mut without, fill(Admitted::No));
        assert_eq!(with, b"<status(ticket pass)>");
        assert_eq!(without, b"<status(ticket )>");
    }

    #[test]
    fn an_attendee_stands_alone() {
        let mut one = Vec::new();
        form().fill_attendee(0, &mut one, fill(Admitted::No));
        assert_eq!(one, b"(ticket )");
    }
}
