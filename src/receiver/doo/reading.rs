//! Reads an order. It checks only the fields that the receiver needs, and ignores undocumented and
//! unneeded ones. A field that the documents do not require may be absent or null.

use serde_json::Value;

use super::event::{EVENT_ID, EVENT_STATUS};
use super::order::{
    ATTENDEE_STATUS, Attendee, AttendeeRecord, AttendeeStatus, EventOfOrder, ORDER_STATUS, Order,
    OrderStatus, TICKET_STATUS, Ticket, TicketStatus,
};
use super::storage::stored;
use crate::receiver::defects::Defect;
use crate::receiver::fields::{Fields, ID, INTEGER, TEXT, mistyped};
use crate::receiver::refusal::Refusal;
use crate::receiver::variation::Defects;

impl Order {
    /// Reads an order: the body itself.
    pub(super) fn read(body: &Fields<'_>, defects: &Defects) -> Result<Self, Refusal> {
        Reader { body, details: body.object("order_details")?, defects }.order()
    }
}

impl AttendeeRecord {
    /// Reads the body of an attendee trigger in its assumed form: as in the order, with the ids of
    /// order and event.
    pub(super) fn read(body: &Fields<'_>, defects: &Defects) -> Result<Self, Refusal> {
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
    defects: &'a Defects,
}

impl Reader<'_> {
    fn order(&self) -> Result<Order, Refusal> {
        self.crash_if_defective()?;
        let (body, details) = (self.body, &self.details);
        let text = |key| details.required(key, TEXT).map(|text| stored(key, text, self.defects));
        let order = Order {
            id: details.required("id", ID)?,
            status: details.required("status", ORDER_STATUS)?,
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
        Ok(self.with_misreadings(order))
    }

    fn event(&self) -> Result<EventOfOrder, Refusal> {
        let event = self.body.object("event")?;
        Ok(EventOfOrder {
            id: event.required("id", EVENT_ID)?,
            title: stored("title", event.required("title", TEXT)?, self.defects),
            status: event.required("status", EVENT_STATUS)?,
        })
    }

    /// The amount to be paid, with the coupon already taken off. Its currency and format are not
    /// documented, and nothing here adds amounts up, so it stays text.
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

    /// The crashes of receivers that generalised from one example. A correct receiver has none.
    fn crash_if_defective(&self) -> Result<(), Refusal> {
        let absent = |fields: &Fields<'_>, key| fields.get(key).is_none_or(Value::is_null);
        let status = self.details.get("status").and_then(Value::as_str);
        let known = |key| DOCUMENTED.split(' ').any(|documented| documented == key);
        for (defect, crashes, why) in [
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
            if crashes && self.has(defect) {
                return Err(Refusal::Crash(why));
            }
        }
        Ok(())
    }

    /// The misreadings of valid fields. A correct receiver has none.
    fn with_misreadings(&self, mut order: Order) -> Order {
        if self.has(Defect::ApprovalSkipped) && order.status.is_pending() {
            order.status = OrderStatus::Active;
        }
        if self.has(Defect::SecondTicketOverlooked) {
            order.attendees.truncate(1);
        }
        for attendee in &mut order.attendees {
            let unpaid = order.status == OrderStatus::Active;
            if self.has(Defect::UnpaidTakenAsPaid) && unpaid {
                attendee.status = AttendeeStatus::Active;
            }
            let Some(ticket) = &mut attendee.ticket else { continue };
            match ticket.status {
                TicketStatus::Pending if unpaid && self.has(Defect::UnpaidTakenAsPaid) => {
                    ticket.status = TicketStatus::Valid;
                }
                TicketStatus::Checked if self.has(Defect::CheckinIgnored) => {
                    ticket.status = TicketStatus::Valid
                }
                _ => {}
            }
        }
        order
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }
}

/// An attendee. If the event asks only the booker, it has just its id and status.
fn attendee(fields: &Fields<'_>, defects: &Defects) -> Result<Attendee, Refusal> {
    let text = |key| {
        let text = fields.nullable(key, TEXT);
        text.map(|text| text.map(|text| stored(key, text, defects)))
    };
    let first_name = text("first_name")?;
    if first_name.is_none() && defects.contains(&Defect::BookerOnlyAttendeesCrash) {
        return Err(Refusal::Crash("first_name is null"));
    }
    Ok(Attendee {
        id: fields.required("id", ID)?,
        status: fields.required("status", ATTENDEE_STATUS)?,
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
        status: ticket.required("status", TICKET_STATUS)?,
        category: ticket.required("event_ticket_id", INTEGER)?,
    }))
}

/// The documented fields of `order_details`. Only a defect uses them.
const DOCUMENTED: &str = "\
    id member_id invoice_id salutation title first_name last_name company_name email street \
    house_num city country zip status cancellation_date removed_date organizer_comment \
    total_coupon_discount regenerate_requested_date promotion_code access_code buyer_hash \
    booking_approval_date buyer_uploaded_files_answers cancellation_invoice_id attendees \
    buyer_answers payment answers_salutation_translations answer_title_translations";
