//! Values that the documents do not give. All are *assumed*: the fields are documented as plain
//! strings or numbers, and we have seen no real body. They are all in this file, so that a real
//! body needs one change.

/// `type` of events.
pub const TYPE: &str = "public";
/// `booking_approval` if the organizer approves each booking.
pub const APPROVAL_WANTED: &str = "1";
/// `booking_approval` otherwise.
pub const NO_APPROVAL: &str = "0";
/// `vat_option` of net prices.
pub const VAT_NET: u8 = 1;
/// `vat_option` of gross prices, and of free events.
pub const VAT_GROSS: u8 = 2;
/// `vat_option_text` of net prices.
pub const VAT_NET_TEXT: &str = "plus VAT";
/// `vat_option_text` of gross prices.
pub const VAT_GROSS_TEXT: &str = "VAT included";
/// `fees_type`: the buyer pays the fees.
pub const FEES_TYPE: u8 = 1;
/// `creation_status`: all steps of creating an event are done.
pub const CREATION_STATUS: u8 = 1;
/// `terms.type`.
pub const TERMS_TYPE: &str = "standard";
/// `relative_start_date_type` and `relative_end_date_type`.
pub const RELATIVE_DATE_TYPE: &str = "days";
/// `event_attributes.templates[].type`: an attribute that events are found by.
pub const TEMPLATE_SEARCH: u8 = 1;
/// `event_attributes.templates[].type`: any other.
pub const TEMPLATE_OTHER: u8 = 2;
/// `bank_transfer_period`, in days.
pub const BANK_TRANSFER_DAYS: u64 = 7;

/// `display_type` of answers and `field_type` of questions.
pub const FIELD_TYPE: &str = "text";

/// `payment.method`. The first three are named in the help centre (H3).
pub const BANK_TRANSFER: &str = "bank_transfer";
/// By credit card.
pub const CREDIT_CARD: &str = "credit_card";
/// By PayPal.
pub const PAYPAL: &str = "paypal";
/// For a free event.
pub const FREE: &str = "free";

/// `payment.status` until it is paid.
pub const OPEN: &str = "open";
/// `payment.status` after the payment, or if nothing is due.
pub const PAID: &str = "paid";

/// `answers_salutation_translations`, by the value of `salutation`.
pub const SALUTATIONS: [&str; 2] = ["Herr", "Frau"];
/// `answer_title_translations`, by the value of `title`.
pub const TITLES: [&str; 2] = ["Dr.", "Prof."];
