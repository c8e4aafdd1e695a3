//! How an order is read. It checks what the receiver needs; fields that the documents do not name
//! are ignored, and so is what it has no use for. What the documents do not require may be absent
//! or null.

use std::collections::BTreeSet;

use serde_json::Value;

use super::event::{EVENT_ID, STAGE};
use super::order::{
    ATTENDANCE, Attendance, Attendee, EventOfOrder, Order, PASS, Pass, STATUS, Status, Stray,
    Ticket,
};
use super::storage::stored;
use crate::receiver::defects::Defect;
use crate::receiver::fields::{Fields, ID, INTEGER, TEXT, mistyped};
use crate::receiver::refusal::Refusal;

impl Order {
    /// Reads an order: the body itself.
    pub(super) fn read(body: &Fields<'_>, defects: &BTreeSet<Defect>) -> Result<Self, Refusal> {
        Reader { body, details: body.object("order_details")?, defects }.order()
    }
}

impl Stray {
    /// Reads an attendee who came alone, in the form that is assumed: as in the order, with the
    /// ids of order and event.
    pub(super) fn read(body: &Fields<'_>, defects: &BTreeSet<Defect>) -> Result<Self, Refusal> {
        Ok(Self {
            attendee: attendee(body, defects)?,
            order: body.nullable("order_id", EVENT_ID)?,
            event: body.nullable("event_id", EVENT_ID)?,
        })
    }
}

struct Reader<'a> {
    body: &'a Fields<'a>,
    details: Fields<'a>,
    defects: &'a BTreeSet<Defect>,
}

impl Reader<'_> {
    fn order(&self) -> Result<Order, Refusal> {
        self.stumble()?;
        let (body, details) = (self.body, &self.details);
        let text = |key| details.required(key, TEXT).map(|text| stored(text, self.defects));
        let order = Order {
            id: details.required("id", ID)?,
            status: details.required("status", STATUS)?,
            first_name: text("first_name")?,
            last_name: text("last_name")?,
            email: text("email")?,
            invoice: details.required("invoice_id", TEXT)?,
            amount: self.amount()?,
            discount: details.required("total_coupon_discount", INTEGER)?,
            customer: body.nullable("external_customer_id", TEXT)?,
            event: self.event()?,
            attendees: self.attendees()?,
        };
        Ok(self.misread(order))
    }

    fn event(&self) -> Result<EventOfOrder, Refusal> {
        let event = self.body.object("event")?;
        Ok(EventOfOrder {
            id: event.required("id", EVENT_ID)?,
            title: stored(event.required("title", TEXT)?, self.defects),
            status: event.required("status", STAGE)?,
        })
    }

    /// What is to be paid, with the coupon off already. Neither its currency nor its form is
    /// documented, and nothing is added up here, so it stays the text that it is.
    fn amount(&self) -> Result<String, Refusal> {
        let amount = self.details.object("payment")?.required("amount", TEXT)?;
        let euros = amount.split('.').next().unwrap_or_default().to_owned();
        if self.has(Defect::AmountAsInteger) && amount.parse::<i64>().is_err() {
            return Err(Refusal::Crash("the amount is not an integer"));
        }
        if self.has(Defect::CentsDropped) {
            return Ok(euros);
        }
        if self.has(Defect::AmountDrifts)
            && let Ok(single) = amount.parse::<f32>()
        {
            return Ok(f64::from(single).to_string());
        }
        let discount = self.details.get("total_coupon_discount").and_then(Value::as_i64);
        if self.has(Defect::CouponTakenOffTwice)
            && let (Ok(whole), Some(discount)) = (euros.parse::<i64>(), discount)
        {
            return Ok(format!("{}{}", whole.saturating_sub(discount), &amount[euros.len()..]));
        }
        Ok(amount)
    }

    fn attendees(&self) -> Result<Vec<Attendee>, Refusal> {
        let path = self.details.path_of("attendees");
        let items = match self.details.get("attendees") {
            Some(Value::Array(items)) => items,
            Some(other) => return Err(mistyped(path, other, "an array of objects")),
            None => return Err(Refusal::Missing { path, wanted: "an array of objects" }),
        };
        let one =
            |(index, item)| attendee(&Fields::of(format!("{path}[{index}]"), item)?, self.defects);
        items.iter().enumerate().map(one).collect()
    }

    /// The crashes of receivers that took one example for the rule. A good one has none of them.
    fn stumble(&self) -> Result<(), Refusal> {
        let absent = |fields: &Fields<'_>, key| fields.get(key).is_none_or(Value::is_null);
        let status = self.details.get("status").and_then(Value::as_str);
        let known = |key| DOCUMENTED.split(' ').any(|documented| documented == key);
        for (defect, stumbles, why) in [
            (
                Defect::AttendeeCancellationUnknown,
                status == Some("attendee_accepted_cancellation"),
                "no constant for the status",
            ),
            (
                Defect::FlaggedOrderUnknown,
                status == Some("pending_organizer_review"),
                "no constant for the status",
            ),
            (
                Defect::PromotionCodeRequired,
                absent(&self.details, "promotion_code"),
                "promotion_code is null",
            ),
            (
                Defect::CustomerIdRequired,
                absent(self.body, "external_customer_id"),
                "external_customer_id is null",
            ),
            (Defect::UnknownOrderFieldFails, !self.details.keys().all(known), "unrecognized field"),
        ] {
            if stumbles && self.has(defect) {
                return Err(Refusal::Crash(why));
            }
        }
        Ok(())
    }

    /// The misunderstandings of what is there. A good receiver has none of them.
    fn misread(&self, mut order: Order) -> Order {
        if self.has(Defect::ApprovalSkipped) && order.status.is_pending() {
            order.status = Status::Active;
        }
        if self.has(Defect::SecondTicketOverlooked) {
            order.attendees.truncate(1);
        }
        for attendee in &mut order.attendees {
            let unpaid = order.status == Status::Active;
            if self.has(Defect::UnpaidTakenAsPaid) && unpaid {
                attendee.status = Attendance::Active;
            }
            let Some(ticket) = &mut attendee.ticket else { continue };
            match ticket.status {
                Pass::Pending if unpaid && self.has(Defect::UnpaidTakenAsPaid) => {
                    ticket.status = Pass::Valid;
                }
                Pass::Checked if self.has(Defect::CheckinIgnored) => ticket.status = Pass::Valid,
                _ => {}
            }
        }
        order
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }
}

/// An attendee, with no more than id and status where the booker alone was asked.
fn attendee(fields: &Fields<'_>, defects: &BTreeSet<Defect>) -> Result<Attendee, Refusal> {
    let text = |key| {
        let text = fields.nullable(key, TEXT);
        text.map(|text| text.map(|text| stored(text, defects)))
    };
    let first_name = text("first_name")?;
    if first_name.is_none() && defects.contains(&Defect::BookerOnlyAttendeesCrash) {
        return Err(Refusal::Crash("first_name is null"));
    }
    Ok(Attendee {
        id: fields.required("id", ID)?,
        status: fields.required("status", ATTENDANCE)?,
        first_name,
        last_name: text("last_name")?,
        email: text("email")?,
        ticket: ticket(fields)?,
    })
}

fn ticket(fields: &Fields<'_>) -> Result<Option<Ticket>, Refusal> {
    if fields.get("ticket").is_none_or(Value::is_null) {
        return Ok(None);
    }
    let ticket = fields.object("ticket")?;
    Ok(Some(Ticket {
        id: ticket.required("id", ID)?,
        status: ticket.required("status", PASS)?,
        category: ticket.required("event_ticket_id", INTEGER)?,
    }))
}

/// The fields of `order_details` that the documents name. Only a defect asks for them.
const DOCUMENTED: &str = "\
    id member_id invoice_id salutation title first_name last_name company_name email street \
    house_num city country zip status cancellation_date removed_date organizer_comment \
    total_coupon_discount regenerate_requested_date promotion_code access_code buyer_hash \
    booking_approval_date buyer_uploaded_files_answers cancellation_invoice_id attendees \
    buyer_answers payment answers_salutation_translations answer_title_translations";
