//! The members of OrdersIdGetResponse (SW), grouped by the parts in which they are rendered,
//! roughly in the order of the documents. Also our own members in the body of the attendee
//! triggers.

use serde::Serialize;

use super::link::{Link, Links};
use super::text::Digits;
use crate::vendors::doo::addresses::Country;
use crate::vendors::doo::dates::DateText;
use crate::vendors::doo::people::{Name, Person};

#[derive(Serialize)]
pub struct Belongs {
    pub order_id: Digits,
    pub event_id: Digits,
}

/// The constant members of `order_details`, before the attendees.
#[derive(Serialize)]
pub struct Details<'a> {
    pub id: Digits,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<Digits>,
    pub invoice_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salutation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'static str>,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub company_name: &'a str,
    pub email: &'a str,
    pub street: &'static str,
    pub house_num: &'a str,
    pub city: &'static str,
    pub country: Country,
    pub zip: &'static str,
    pub total_coupon_discount: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promotion_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_code: Option<&'static str>,
    pub buyer_hash: String,
    pub buyer_uploaded_files_answers: bool,
}

/// The members that depend on the status.
#[derive(Serialize)]
pub struct Status {
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_date: Option<DateText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_date: Option<DateText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organizer_comment: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regenerate_requested_date: Option<DateText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booking_approval_date: Option<DateText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_invoice_id: Option<String>,
}

/// The members of an attendee between its status and its ticket.
#[derive(Serialize)]
pub struct Attendee<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<Digits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salutation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'static str>,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house_num: Option<&'a str>,
}

impl<'a> Attendee<'a> {
    /// The booker, who is an attendee too.
    pub fn booker(booker: &'a Person, member: Option<u32>) -> Self {
        Self {
            member_id: member.map(Digits::from),
            company_name: Some(&booker.company),
            salutation: booker.salutation,
            title: booker.title,
            zip: Some(booker.zip),
            street: Some(booker.street),
            city: Some(booker.city),
            country: Some(booker.country),
            house_num: Some(&booker.house),
            ..Self::guest(&booker.name, &booker.email)
        }
    }

    /// A guest of the booker. Only the name and the e-mail address are known.
    pub fn guest(name: &'a Name, email: &'a str) -> Self {
        Self {
            member_id: None,
            company_name: None,
            salutation: None,
            title: None,
            first_name: &name.first,
            last_name: &name.last,
            email,
            zip: None,
            street: None,
            city: None,
            country: None,
            house_num: None,
        }
    }
}

/// An answer, after the id of the person who gave it.
#[derive(Serialize)]
pub struct Answer {
    pub id: u32,
    pub answer: &'static str,
    pub question: &'static str,
    pub display_type: &'static str,
}

/// The constant members of the payment, before the others.
#[derive(Serialize)]
pub struct Agreed {
    pub amount: String,
    pub method: &'static str,
    pub booking_date: DateText,
    pub transaction_fees: Nothing,
    pub expected_attachments_link: [(); 0],
}

/// An object without members.
#[derive(Serialize)]
pub struct Nothing {}

#[derive(Serialize)]
pub struct Paid<'a> {
    pub payment_date: DateText,
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_invoice_link: Option<Link<'a>>,
}

#[derive(Serialize)]
pub struct Translations {
    #[serde(rename = "1")]
    pub one: &'static str,
    #[serde(rename = "2")]
    pub two: &'static str,
}

#[derive(Serialize)]
pub struct Cancelled<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_invoice: Option<Link<'a>>,
}

/// The members of the root after `order_details`.
#[derive(Serialize)]
pub struct Closing<'a> {
    pub invoice_details: InvoiceDetails,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_customer_id: Option<String>,
    pub _links: Links<'a>,
}

#[derive(Serialize)]
pub struct InvoiceDetails {
    pub use_company_name: bool,
}

impl Translations {
    pub fn of([one, two]: [&'static str; 2]) -> Self {
        Self { one, two }
    }
}
