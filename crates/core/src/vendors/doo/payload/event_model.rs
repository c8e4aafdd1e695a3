//! The members of EventsIdEditGetResponse (SW, seed 003) and of the event in an order, in the order
//! of the documents.

use serde::Serialize;

use super::link::{Link, Links};
use super::text::Digits;
use crate::vendors::doo::dates::DateText;
use crate::vendors::doo::money::{Cents, Price};

#[derive(Serialize)]
pub struct OrderEvent<'a> {
    pub id: Digits,
    pub title: &'a str,
    pub start_date: DateText,
    pub end_date: DateText,
    pub event_type: &'a str,
    pub vat_option: u8,
    pub booking_approval: &'static str,
    pub status: &'static str,
    pub ticket_categories: Vec<OrderCategory<'a>>,
}

#[derive(Serialize)]
pub struct OrderCategory<'a> {
    pub id: u32,
    pub name: &'a str,
    pub price: u64,
    pub vat: u64,
    pub vat_percent: u64,
    pub organizer_price: u64,
}

#[derive(Serialize)]
pub struct Body<'a> {
    #[serde(flatten)]
    pub description: Description<'a>,
    #[serde(flatten)]
    pub history: History,
    #[serde(flatten)]
    pub sale: Sale<'a>,
    pub address: Address<'a>,
    pub questions: Questions,
    pub contact: Contact<'a>,
    pub terms: Terms,
    pub event_attributes: Attributes,
    pub ticket_limitation: Limitation,
    pub event_settings: Settings,
    pub ticket_categories: Vec<CategoryBody<'a>>,
    pub participants_count: u64,
    pub show_bank_transfer: bool,
    pub _links: Links<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_user_id: Option<&'a str>,
    pub readonly_prefill: bool,
}

/// Members of the body: what the event is, and where it takes place.
#[derive(Serialize)]
pub struct Description<'a> {
    pub id: u32,
    pub user_id: u32,
    pub contact_detail_id: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_attachment_id: Option<Digits>,
    pub location_id: u32,
    pub title: &'a str,
    pub organizer_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_description: Option<&'static str>,
    pub venue_address: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue_name: Option<&'static str>,
}

/// Members of the body: times.
#[derive(Serialize)]
pub struct History {
    pub start_date: DateText,
    pub end_date: DateText,
    pub created_date: DateText,
    pub update_date: DateText,
    pub draft_date: DateText,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_date: Option<DateText>,
    pub is_deleted: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_date: Option<DateText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled_date: Option<DateText>,
}

/// Members of the body: the sale of tickets, and the page of the event.
#[derive(Serialize)]
pub struct Sale<'a> {
    pub short_name: &'a str,
    pub r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<&'static str>,
    pub event_type: &'a str,
    pub bank_transfer_period: Digits,
    pub booking_approval: &'static str,
    pub duplicate_email_detection: bool,
    pub total_event_capacity: Digits,
    pub status: &'static str,
    pub total_amount: u64,
    pub image_shape_type: &'a str,
    pub image: Link<'a>,
    pub image_cover: Cover<'a>,
    pub has_manual_approve: bool,
    pub fees_type: u8,
    pub vat_option: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vat_option_text: Option<&'static str>,
    pub ticket_option: bool,
    pub amount: u64,
    pub creation_status: u8,
    pub is_publishable: bool,
    pub image_preview_url: Link<'a>,
    pub image_id: Digits,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_cover_id: Option<Digits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_attachments: Option<&'static str>,
    pub total_revenue: Cents,
    pub demo_screen: [(); 0],
    pub image_cover_preview_url: Cover<'a>,
    pub has_order_with_booking_approval: bool,
    pub has_coupons: bool,
    pub has_access_codes: bool,
}

/// A link to the cover. An empty text if there is none (minLength 0).
#[derive(Serialize)]
#[serde(untagged)]
pub enum Cover<'a> {
    There(Link<'a>),
    None(&'static str),
}

#[derive(Serialize)]
pub struct Address<'a> {
    pub id: u32,
    pub place_id: &'static str,
    pub latitude: &'static str,
    pub longitude: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_number: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<&'static str>,
    pub city: &'static str,
    pub country: &'static str,
    pub timezone_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<&'static str>,
    pub administrative_area_level_1: &'static str,
    pub administrative_area_level_2: &'static str,
    #[serde(flatten)]
    pub quarter: Option<QuarterBody>,
    pub formatted_address: &'static str,
    pub timezone_offset: i32,
}

#[derive(Serialize)]
pub struct QuarterBody {
    pub administrative_area_level_3: &'static str,
    pub administrative_area_level_4: &'static str,
    pub administrative_area_level_5: &'static str,
    pub sublocality_level_1: &'static str,
    pub sublocality_level_2: &'static str,
    pub sublocality_level_3: &'static str,
    pub sublocality_level_4: &'static str,
    pub sublocality_level_5: &'static str,
}

#[derive(Serialize)]
pub struct Questions {
    pub buyer_questions: Asked<Digits>,
    pub attendee_questions: Asked<u32>,
}

/// The ids of answers are texts for bookers and numbers for attendees (SW).
#[derive(Serialize)]
pub struct Asked<A> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
    pub default_questions: &'static [&'static str],
    pub additional_questions: Vec<Additional<A>>,
}

#[derive(Serialize)]
pub struct Additional<A> {
    pub id: u32,
    pub question_id: u32,
    pub answer_id: A,
    pub answer: &'static str,
    pub required: bool,
    pub label: &'static str,
    pub field_type: &'static str,
    pub field_options: FieldOptions,
    pub order: usize,
}

#[derive(Serialize)]
pub struct FieldOptions {
    pub size: &'static str,
}

#[derive(Serialize)]
pub struct Contact<'a> {
    pub name: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub organization: &'a str,
    pub organizer_id: Digits,
}

#[derive(Serialize)]
pub struct Terms {
    pub r#type: &'static str,
}

#[derive(Serialize)]
pub struct Attributes {
    pub attributes: [Attribute; 1],
    pub templates: [Template; 2],
}

#[derive(Serialize)]
pub struct Attribute {
    pub controlling: bool,
    pub data: &'static str,
    pub id: u32,
    pub order: u8,
    pub template_id: u32,
}

#[derive(Serialize)]
pub struct Template {
    pub controlling: bool,
    pub id: u32,
    pub name: &'static str,
    pub r#type: u8,
    pub default: bool,
    pub template: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<&'static str>,
}

#[derive(Serialize)]
pub struct Limitation {
    pub min: Digits,
    pub max: Digits,
}

#[derive(Serialize)]
pub struct Settings {
    pub custom_checkout_text: CheckoutText,
    pub has_white_labels: u8,
    pub payment_bank_transfer: u8,
    pub payment_credit_card: u8,
    pub payment_paypal: u8,
}

#[derive(Serialize)]
pub struct CheckoutText {
    pub de: &'static str,
    pub en: &'static str,
}

#[derive(Serialize)]
pub struct CategoryBody<'a> {
    pub id: Digits,
    pub name: &'a str,
    pub amount: u64,
    pub price: u64,
    pub description: &'static str,
    pub show_remaining_capacity: bool,
    pub max: u64,
    pub min: u64,
    pub vat: u64,
    pub vat_percent: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<DateText>,
    pub relative_start_date: &'static str,
    pub relative_start_date_type: &'static str,
    pub relative_end_date: &'static str,
    pub relative_end_date_type: &'static str,
    pub display_order: Digits,
    pub hide_ticket_category: bool,
    pub available_amount: u64,
    pub is_featured: bool,
    pub is_ended: bool,
    pub taken_amount: Digits,
    #[serde(flatten)]
    pub price_parts: Price,
    pub max_available_amount: u64,
    pub min_available_amount: u64,
}
