//! EventsIdEditGetResponse (SW, with `buyer_price` and `display_price` of seed 003), and the event
//! in the bodies of its orders.

use std::ops::RangeFrom;

use super::event_model::{
    Additional, Address, Asked, Attribute, Attributes, Body, CategoryBody, CheckoutText, Contact,
    Cover, Description, FieldOptions, History, Limitation, OrderCategory, OrderEvent, QuarterBody,
    Questions, Sale, Settings, Template, Terms,
};
use super::link::{Link, Links};
use super::office::Office;
use super::text::{Digits, object};
use crate::vendors::doo::dates::DateText;
use crate::vendors::doo::event::{Category, Event};
use crate::vendors::doo::money::Pricing;
use crate::vendors::doo::questions::{
    OF_ATTENDEES, OF_BOOKERS, Question, USUAL_OF_ATTENDEES, USUAL_OF_BOOKERS,
};
use crate::vendors::doo::state::EventState;
use crate::vendors::doo::titles::descriptions;
use crate::vendors::doo::unknown;
use crate::vendors::doo::venue::Venue;

/// The smallest and the largest number of tickets in an order.
const TICKETS: (u64, u64) = (1, 10);
/// The organizer's contact. The number is reserved for fiction.
const CONTACT: (&str, &str, &str) = ("Ilka Brandvold", "team@example.test", "+493023125042");

/// The body of an event.
pub fn whole(event: &Event, office: &Office, into: &mut Vec<u8>) {
    object(&body(event, office), into);
}

/// The event in the bodies of its orders.
pub fn in_orders(event: &Event, office: &Office, into: &mut Vec<u8>) {
    let part = OrderEvent {
        id: id(event),
        title: &event.title,
        start_date: office.dates.text(event.start),
        end_date: office.dates.text(event.end),
        event_type: &event.event_type,
        vat_option: vat_option(event),
        booking_approval: booking_approval(event),
        status: event.state.name(),
        ticket_categories: event.categories.iter().map(category_in_orders).collect(),
    };
    object(&part, into);
}

fn category_in_orders(category: &Category) -> OrderCategory<'_> {
    OrderCategory {
        id: category.id,
        name: &category.name,
        price: category.euros,
        vat: category.vat_percent,
        vat_percent: category.vat_percent,
        organizer_price: category.euros,
    }
}

fn body<'a>(event: &'a Event, office: &'a Office) -> Body<'a> {
    let venue = event.venue;
    Body {
        description: description(event, venue, office),
        history: history(event, office),
        sale: sale(event, office),
        address: address(event, venue, office),
        questions: questions(event, office),
        contact: Contact {
            name: CONTACT.0,
            email: CONTACT.1,
            phone: CONTACT.2,
            organization: &office.organizer,
            organizer_id: Digits::from(office.ids.user),
        },
        terms: Terms { r#type: unknown::TERMS_TYPE },
        event_attributes: attributes(office),
        ticket_limitation: Limitation { min: Digits(TICKETS.0), max: Digits(TICKETS.1) },
        event_settings: settings(event),
        ticket_categories: categories(event, live_date(event, office)),
        participants_count: event.tally.participants,
        show_bank_transfer: !event.is_free(),
        _links: Links::to(Link {
            host: &office.host,
            before: "/v1/events/",
            id: id(event).0,
            after: "/edit",
        }),
        external_user_id: office.external_user.as_deref(),
        readonly_prefill: false,
    }
}

/// A published event has a description.
fn description<'a>(event: &'a Event, venue: &Venue, office: &'a Office) -> Description<'a> {
    let published = |text| event.live_since.map(|_| text);
    let (short, long) = descriptions(&event.title);
    let (image_id, _) = images(event, office);
    Description {
        id: event.id,
        user_id: office.ids.user,
        contact_detail_id: office.ids.user / 4 + 7,
        email_attachment_id: (!event.is_free()).then_some(Digits::from(image_id / 2)),
        location_id: event.number.id(office.ids.user / 3, 1),
        title: &event.title,
        organizer_name: &office.organizer,
        description: published(long),
        short_description: published(short),
        venue_address: venue.formatted,
        venue_name: venue.hall,
    }
}

fn history(event: &Event, office: &Office) -> History {
    let dates = &office.dates;
    let date = |moment: Option<_>| moment.map(|moment| dates.text(moment));
    History {
        start_date: dates.text(event.start),
        end_date: dates.text(event.end),
        created_date: dates.text(event.created),
        update_date: dates.text(event.updated),
        draft_date: dates.text(event.created),
        live_date: live_date(event, office),
        is_deleted: if event.state == EventState::Deleted { "1" } else { "0" },
        deletion_date: date(event.deleted),
        cancelled_date: date(event.cancelled),
    }
}

fn sale<'a>(event: &'a Event, office: &'a Office) -> Sale<'a> {
    let (image_id, cover_id) = images(event, office);
    let image =
        |id: u32, after| Link { host: &office.host, before: "/images/", id: id.into(), after };
    let cover = |after| match event.is_free() {
        true => Cover::None(""),
        false => Cover::There(image(cover_id, after)),
    };
    let sold = |text| (!event.is_free()).then_some(text);
    let capacity = event.categories.iter().map(|category| category.capacity).sum();
    Sale {
        short_name: &event.short_name,
        r#type: unknown::TYPE,
        comment: event.postponed.then_some("Postponed: see the new dates."),
        event_type: &event.event_type,
        bank_transfer_period: Digits(unknown::BANK_TRANSFER_DAYS),
        booking_approval: booking_approval(event),
        duplicate_email_detection: false,
        total_event_capacity: Digits(capacity),
        status: event.state.name(),
        total_amount: capacity,
        image_shape_type: &event.image_shape,
        image: image(image_id, ".png"),
        image_cover: cover(".png"),
        has_manual_approve: event.approval,
        fees_type: unknown::FEES_TYPE,
        vat_option: vat_option(event),
        vat_option_text: sold(match event.pricing {
            Pricing::Net => unknown::VAT_NET_TEXT,
            Pricing::Gross | Pricing::Free => unknown::VAT_GROSS_TEXT,
        }),
        ticket_option: false,
        amount: event.categories.iter().map(|category| category.taken).sum(),
        creation_status: unknown::CREATION_STATUS,
        is_publishable: event.state == EventState::Draft,
        image_preview_url: image(image_id, "-preview.png"),
        image_id: Digits::from(image_id),
        image_cover_id: (!event.is_free()).then_some(Digits::from(cover_id)),
        email_attachments: sold("programme.pdf"),
        total_revenue: event.tally.revenue,
        demo_screen: [],
        image_cover_preview_url: cover("-preview.png"),
        has_order_with_booking_approval: event.tally.waiting > 0,
        has_coupons: !event.is_free(),
        has_access_codes: event.categories.iter().any(|category| category.hidden),
    }
}

fn live_date(event: &Event, office: &Office) -> Option<DateText> {
    event.live_since.map(|moment| office.dates.text(moment))
}

fn id(event: &Event) -> Digits {
    Digits::from(event.id)
}

fn vat_option(event: &Event) -> u8 {
    match event.pricing {
        Pricing::Net => unknown::VAT_NET,
        Pricing::Gross | Pricing::Free => unknown::VAT_GROSS,
    }
}

fn booking_approval(event: &Event) -> &'static str {
    if event.approval { unknown::APPROVAL_WANTED } else { unknown::NO_APPROVAL }
}

/// The ids of an event's image and cover.
fn images(event: &Event, office: &Office) -> (u32, u32) {
    let image = event.number.id(office.ids.image, 2);
    (image, image + 1)
}

fn address<'a>(event: &Event, venue: &Venue, office: &'a Office) -> Address<'a> {
    let quarter = venue.quarter.map(|quarter| {
        let [level_3, level_4, level_5] = quarter.areas;
        let [one, two, three, four, five] = quarter.sublocalities;
        QuarterBody {
            administrative_area_level_3: level_3,
            administrative_area_level_4: level_4,
            administrative_area_level_5: level_5,
            sublocality_level_1: one,
            sublocality_level_2: two,
            sublocality_level_3: three,
            sublocality_level_4: four,
            sublocality_level_5: five,
        }
    });
    Address {
        id: event.number.id(office.ids.user / 5, 1),
        place_id: venue.place_id,
        latitude: venue.latitude,
        longitude: venue.longitude,
        street_address: venue.street.map(|(address, ..)| address),
        street_number: venue.street.map(|(_, number, _)| number),
        route: venue.street.map(|(.., route)| route),
        city: venue.city,
        country: venue.country,
        timezone_id: office.dates.zone_name(),
        postcode: venue.postcode,
        administrative_area_level_1: venue.areas.0,
        administrative_area_level_2: venue.areas.1,
        quarter,
        formatted_address: venue.formatted,
        timezone_offset: office.dates.offset_seconds(event.start),
    }
}

fn questions(event: &Event, office: &Office) -> Questions {
    let first = office.ids.question;
    let ids = &office.questions;
    let of_attendees = if event.booker_alone { &[] } else { OF_ATTENDEES };
    // A set id leaves all other ids as they are.
    let (drawn_of_bookers, drawn_of_attendees) = (first.., first + OF_BOOKERS.len() as u32..);
    Questions {
        buyer_questions: Asked {
            id: Some(event.number.id(first / 7, 2)),
            default_questions: USUAL_OF_BOOKERS,
            additional_questions: additional(
                (OF_BOOKERS, event.pricing),
                (&ids.of_bookers, drawn_of_bookers),
                Digits(0),
            ),
        },
        attendee_questions: Asked {
            id: (!event.booker_alone).then_some(event.number.id(first / 7, 2) + 1),
            default_questions: if event.booker_alone { &[] } else { USUAL_OF_ATTENDEES },
            additional_questions: additional(
                (of_attendees, event.pricing),
                (&ids.of_attendees, drawn_of_attendees),
                0,
            ),
        },
    }
}

/// Those of the questions with these ids that are asked. The second list has the drawn ids.
fn additional<A: Clone>(
    (questions, pricing): (&[Question], Pricing),
    (ids, drawn): (&[u32], RangeFrom<u32>),
    answer_id: A,
) -> Vec<Additional<A>> {
    let known = questions.iter().zip(ids.iter().zip(drawn));
    let asked = known.filter(|(question, _)| question.is_asked(pricing));
    let one = |(order, (question, (id, drawn))): (usize, (&Question, (&u32, u32)))| Additional {
        id: *id,
        question_id: drawn / 2 + 700,
        answer_id: answer_id.clone(),
        answer: "",
        required: question.required,
        label: question.label,
        field_type: unknown::FIELD_TYPE,
        field_options: FieldOptions { size: question.size },
        order,
    };
    (1..).zip(asked).map(one).collect()
}

fn attributes(office: &Office) -> Attributes {
    let template = office.ids.question / 11;
    Attributes {
        attributes: [Attribute {
            controlling: true,
            data: "Robotics",
            id: template + 2,
            order: 1,
            template_id: template,
        }],
        templates: [
            Template {
                controlling: true,
                id: template,
                name: "Topic",
                r#type: unknown::TEMPLATE_SEARCH,
                default: false,
                template: true,
                data: Some("Robotics, Harbour, Schule"),
            },
            Template {
                controlling: false,
                id: template + 1,
                name: "Audience",
                r#type: unknown::TEMPLATE_OTHER,
                default: true,
                template: true,
                data: None,
            },
        ],
    }
}

fn settings(event: &Event) -> Settings {
    let payable = u8::from(!event.is_free());
    Settings {
        custom_checkout_text: CheckoutText { de: "", en: "" },
        has_white_labels: 0,
        payment_bank_transfer: payable,
        payment_credit_card: payable,
        payment_paypal: payable,
    }
}

fn categories(event: &Event, live_date: Option<DateText>) -> Vec<CategoryBody<'_>> {
    let places = event.categories.iter().enumerate();
    places
        .map(|(place, category)| CategoryBody {
            id: Digits::from(category.id),
            name: &category.name,
            amount: category.capacity,
            price: category.euros,
            description: "",
            show_remaining_capacity: false,
            max: TICKETS.1,
            min: TICKETS.0,
            vat: category.vat_percent,
            vat_percent: category.vat_percent,
            start_date: live_date,
            relative_start_date: "30",
            relative_start_date_type: unknown::RELATIVE_DATE_TYPE,
            relative_end_date: "0",
            relative_end_date_type: unknown::RELATIVE_DATE_TYPE,
            display_order: Digits(place as u64 + 1),
            hide_ticket_category: category.hidden,
            available_amount: category.available(),
            is_featured: false,
            is_ended: event.is_over(),
            taken_amount: Digits(category.taken),
            price_parts: category.price,
            max_available_amount: category.available().min(TICKETS.1),
            min_available_amount: category.available().min(TICKETS.0),
        })
        .collect()
}
