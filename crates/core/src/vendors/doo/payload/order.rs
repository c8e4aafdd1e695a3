//! OrdersIdGetResponse (SW), and the body of the attendee triggers, which is our own.
//!
//! [`form`] renders the constant parts and leaves gaps. [`fill`] fills them.

use super::event::in_orders;
use super::link::{Link, Links};
use super::office::Office;
use super::order_model::{
    Agreed, Attendee, Belongs, Cancelled, Closing, Details, InvoiceDetails, Nothing, Paid, Status,
};
use super::text::{Digits, further, object, opening};
use crate::chance::Chance;
use crate::vendors::doo::event::Event;
use crate::vendors::doo::form::{Form, Gap};
use crate::vendors::doo::order::{self, Comment, Order};
use crate::vendors::doo::people::{Person, called};
use crate::vendors::doo::unknown;

/// The approximate size of an order's constant parts in bytes, and of each attendee in it.
const FIXED: usize = 1700;
const FIXED_EACH: usize = 900;

/// The codes that open the last ticket category. An event has a few of them, which follow from its drawn id.
const ACCESS_CODES: [&str; 7] = [
    "VIP-DOOR",
    "PARTNER-PASS",
    "SPEAKER-LOUNGE",
    "PRESSE-ZUGANG",
    "TEAM-HAFEN",
    "SPONSOR-DECK",
    "ALUMNI-CIRCLE",
];
const CODES_OF_EVENT: u64 = 3;

/// Renders the constant parts of an order.
pub fn form(order: &Order, event: &Event, office: &Office) -> Form {
    let mut form = Form::with_capacity(FIXED + FIXED_EACH * order.tickets.len());
    let mut chance = Chance::from_seed(order.seed);
    let names = order.names.as_deref();
    let mut booker = Person::booker(&mut chance, names.and_then(|names| names.booker.as_deref()));
    if let Some(corrected) = names.and_then(|names| names.corrected.clone()) {
        booker.name = corrected;
    }
    let member = chance.happens(office.prefilled).then_some(order.number.id(office.ids.member, 1));
    let party = Party { order, event, office, booker: &booker, member };

    form.text().extend_from_slice(b"{\"contact_center\":false,\"event\":");
    form.gap(Gap::Event);
    form.text().extend_from_slice(b",\"order_details\":");
    opening(&party.details(&mut chance), form.text());
    form.gap(Gap::Status);
    form.text().extend_from_slice(b",\"attendees\":[");
    for number in 0..order.tickets.len() as u8 {
        if number > 0 {
            form.text().push(b',');
        }
        form.attendee(|form| party.attendee(number, &mut chance, form));
    }
    form.text().extend_from_slice(b"],\"buyer_answers\":");
    office.kept.booker_answers(event.pricing, &mut chance, form.text());
    party.payment(&mut form);
    office.kept.translations(form.text());
    form.text().push(b'}');
    form.gap(Gap::CancellationInvoice);
    further(&party.closing(), form.text());
    form.text().push(b'}');
    form.shrink();
    form
}

/// Fills a gap in an order. Returns whether to keep the text that belongs to the gap.
pub fn fill(gap: Gap, order: &Order, event: &Event, office: &Office, into: &mut Vec<u8>) -> bool {
    let date = |moment: Option<_>| moment.map(|moment| office.dates.text(moment));
    match gap {
        Gap::Event if event.in_orders.is_empty() => in_orders(event, office, into),
        Gap::Event => into.extend_from_slice(&event.in_orders),
        Gap::Status => further(
            &Status {
                status: order.status.name(),
                cancellation_date: date(order.cancelled),
                removed_date: date(order.removed),
                organizer_comment: order.comment.map(Comment::text),
                regenerate_requested_date: date(order.corrected),
                booking_approval_date: date(order.approved),
                cancellation_invoice_id: has_cancellation_invoice(order)
                    .then(|| format!("CI-{:07}", order.number.id(office.ids.order, 1))),
            },
            into,
        ),
        Gap::Attendee => into.extend_from_slice(order.attendee_status().name().as_bytes()),
        Gap::Ticket(number) => {
            let ticket = order.tickets[usize::from(number)];
            into.extend_from_slice(ticket.status.name().as_bytes());
        }
        Gap::Payment => further(
            &Paid {
                // Required even before the payment. Until then it is the day of the booking
                // (assumed).
                payment_date: office.dates.text(order.paid.unwrap_or(order.booked)),
                status: if order.paid.is_some() { unknown::PAID } else { unknown::OPEN },
                cancellation_invoice_link: cancellation_invoice(order, office),
            },
            into,
        ),
        Gap::CancellationInvoice => {
            let invoice = cancellation_invoice(order, office);
            further(&Cancelled { cancellation_invoice: invoice }, into);
        }
        Gap::IfAdmitted(_) => return order.is_admitted(),
        Gap::IfInvoiced(_) => return order.invoiced,
    }
    true
}

/// The body of an attendee trigger: the attendee as in the order, with the ids of order and event.
pub fn attendee(
    form: &Form,
    (order, number): (&Order, u8),
    event: &Event,
    office: &Office,
    into: &mut Vec<u8>,
) {
    form.fill_attendee(number, into, |gap, into| fill(gap, order, event, office, into));
    into.pop();
    let belongs =
        Belongs { order_id: Digits(order_id(order, office)), event_id: Digits::from(event.id) };
    further(&belongs, into);
    into.push(b'}');
}

/// An order with what is needed to render it.
struct Party<'a> {
    order: &'a Order,
    event: &'a Event,
    office: &'a Office,
    booker: &'a Person,
    member: Option<u32>,
}

impl<'a> Party<'a> {
    /// One of the codes that the organizer has given out for the event. A set id changes none of them.
    fn access_code(&self, chance: &mut Chance) -> &'static str {
        let drawn = self.event.number.id(self.office.ids.event, 1);
        let place = drawn as usize + chance.below(CODES_OF_EVENT) as usize;
        ACCESS_CODES[place % ACCESS_CODES.len()]
    }

    fn details(&self, chance: &mut Chance) -> Details<'a> {
        let (order, booker) = (self.order, self.booker);
        let id = order_id(order, self.office);
        let hidden =
            |ticket: &order::Ticket| self.event.categories[usize::from(ticket.category)].hidden;
        Details {
            id: Digits(id),
            member_id: self.member.map(Digits::from),
            invoice_id: format!("TX-{id:07}"),
            salutation: booker.salutation,
            title: booker.title,
            first_name: &booker.name.first,
            last_name: &booker.name.last,
            company_name: &booker.company,
            email: &booker.email,
            street: booker.street,
            house_num: &booker.house,
            city: booker.city,
            country: booker.country,
            zip: booker.zip,
            total_coupon_discount: order.discount,
            promotion_code: order.coupon.as_deref(),
            access_code: order.tickets.iter().any(hidden).then(|| self.access_code(chance)),
            // It always contains a letter, so that nobody reads it as a number.
            buyer_hash: format!("{:011x}f", chance.bits() >> 20),
            buyer_uploaded_files_answers: false,
        }
    }

    fn attendee(&self, number: u8, chance: &mut Chance, form: &mut Form) {
        let (order, office) = (self.order, self.office);
        let id = office.ids.attendee + order.first_attendee + u32::from(number);
        form.text().extend_from_slice(b"{\"id\":");
        object(&Digits::from(id), form.text());
        form.text().extend_from_slice(b",\"status\":\"");
        form.gap(Gap::Attendee);
        form.text().push(b'"');
        let asked = !self.event.booker_alone;
        if asked && number == 0 {
            further(&Attendee::booker(self.booker, self.member), form.text());
        } else if asked {
            let names = order.names.as_ref().and_then(|names| names.guest.as_deref());
            let (name, email) = called(chance, self.booker.tongue, names.filter(|_| number == 1));
            further(&Attendee::guest(&name, &email), form.text());
        }
        self.ticket(number, form);
        if asked {
            form.text().extend_from_slice(b",\"answers\":");
            office.kept.attendee_answers(id.into(), chance, form.text());
        }
        form.text().push(b'}');
    }

    fn ticket(&self, number: u8, form: &mut Form) {
        let order = self.order;
        let id = self.ticket_id(number);
        let category = order.tickets[usize::from(number)].category;
        form.text().extend_from_slice(b",\"ticket\":{\"id\":");
        object(&Digits(id), form.text());
        form.text().extend_from_slice(b",\"status\":\"");
        form.gap(Gap::Ticket(number));
        form.text().push(b'"');
        form.text().extend_from_slice(b",\"custom_price\":false,\"event_ticket_id\":");
        object(&self.event.categories[usize::from(category)].id, form.text());
        self.link("pdf_link", ("/tickets/", id, ".pdf"), form.text());
        if !self.event.booker_alone {
            self.link("name_tag_link", ("/name-tags/", id, ".pdf"), form.text());
        }
        form.only(Gap::IfAdmitted, |text| {
            self.link("passbook_link", ("/passbook/", id, ".pkpass"), text);
        });
        self.link("checkin_link", ("/check-in/", id, ""), form.text());
        form.text().push(b'}');
    }

    /// Writes a member that is a link, after other members.
    fn link(&self, name: &str, (before, id, after): (&str, u64, &str), into: &mut Vec<u8>) {
        into.extend_from_slice(b",\"");
        into.extend_from_slice(name.as_bytes());
        into.extend_from_slice(b"\":");
        self.office.kept.link(before, id, after, into);
    }

    fn payment(&self, form: &mut Form) {
        let (order, office) = (self.order, self.office);
        let id = order_id(order, office);
        let agreed = Agreed {
            amount: order.amount.text(),
            method: order.method,
            booking_date: office.dates.text(order.booked),
            transaction_fees: Nothing {},
            expected_attachments_link: [],
        };
        form.text().extend_from_slice(b",\"payment\":");
        opening(&agreed, form.text());
        form.gap(Gap::Payment);
        form.only(Gap::IfInvoiced, |text| {
            self.link("invoice_file_url", ("/orders/", id, "/invoice.pdf"), text);
        });
        let text = form.text();
        let asked = !self.event.booker_alone;
        text.extend_from_slice(b",\"original_tickets\":{\"tickets_archive_zipped\":true");
        text.extend_from_slice(b",\"nametags_archive_zipped\":");
        object(&asked, text);
        self.link("tickets_archive_url", ("/orders/", id, "/tickets.zip"), text);
        if asked {
            self.link("nametags_archive_url", ("/orders/", id, "/name-tags.zip"), text);
        }
        form.text().extend_from_slice(b",\"passbook_link\":[");
        form.only(Gap::IfAdmitted, |text| {
            for number in 0..order.tickets.len() as u8 {
                if number > 0 {
                    text.push(b',');
                }
                office.kept.link("/passbook/", self.ticket_id(number), ".pkpass", text);
            }
        });
        form.text().extend_from_slice(b"]}}");
    }

    fn closing(&self) -> Closing<'a> {
        let self_link = link(self.office, "/v1/orders/", order_id(self.order, self.office), "");
        Closing {
            invoice_details: InvoiceDetails { use_company_name: true },
            external_customer_id: self.member.map(|member| format!("crm-{member}")),
            _links: Links::to(self_link),
        }
    }

    fn ticket_id(&self, number: u8) -> u64 {
        let first = self.office.ids.ticket + self.order.first_attendee;
        u64::from(first) + u64::from(number)
    }
}

fn order_id(order: &Order, office: &Office) -> u64 {
    u64::from(order.number.id(office.ids.order, 1))
}

fn link<'a>(office: &'a Office, before: &'static str, id: u64, after: &'static str) -> Link<'a> {
    Link { host: &office.host, before, id, after }
}

fn cancellation_invoice<'a>(order: &Order, office: &'a Office) -> Option<Link<'a>> {
    let id = order_id(order, office);
    has_cancellation_invoice(order).then(|| link(office, "/orders/", id, "/cancellation.pdf"))
}

/// Whether it has a cancellation invoice: a cancelled order that has an invoice gets one (H2, H5).
fn has_cancellation_invoice(order: &Order) -> bool {
    order.invoiced && order.was_cancelled()
}
