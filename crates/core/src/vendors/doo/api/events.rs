//! Events in the API: the whole model that webhooks also have, and two smaller ones that are
//! derived from it (SW). In these, some texts are numbers, and `total_revenue` is in whole euros
//! (SW: an integer; that it is rounded down is assumed).

use serde_json::{Map, Value as Json};

use super::link::{Links, json, url};
use super::page::Page;
use super::wrong::Wrong;
use crate::vendors::Account;
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::doo::account::DooAccount;
use crate::vendors::doo::event::EventNumber;
use crate::vendors::doo::state::EventState;

/// The members of the edit model that EventsIdGetResponse lacks.
const NOT_IN_EVENT: &[&str] = &[
    "fees_type",
    "vat_option",
    "vat_option_text",
    "ticket_option",
    "creation_status",
    "is_publishable",
    "image_preview_url",
    "image_id",
    "image_cover_id",
    "image_cover_preview_url",
    "email_attachments",
    "total_revenue",
    "demo_screen",
    "has_order_with_booking_approval",
    "external_user_id",
];
/// The members of the edit model that its ticket categories lack.
const NOT_IN_CATEGORY: &[&str] = &[
    "amount",
    "price",
    "max",
    "relative_start_date",
    "relative_start_date_type",
    "relative_end_date",
    "relative_end_date_type",
    "hide_ticket_category",
    "taken_amount",
];
/// The members of an event in the list: all required ones, and a few others.
const IN_LIST: &[&str] = &[
    "event_type",
    "total_event_capacity",
    "id",
    "title",
    "total_amount",
    "image",
    "venue_address",
    "start_date",
    "end_date",
    "status",
    "type",
    "amount",
    "image_shape_type",
    "participants_count",
    "show_bank_transfer",
    "address",
    "contact",
    "terms",
    "ticket_limitation",
];
/// The members of a ticket category in the list.
const CATEGORY_IN_LIST: &[&str] = &[
    "id",
    "name",
    "description",
    "show_remaining_capacity",
    "min",
    "vat",
    "vat_percent",
    "display_order",
    "available_amount",
    "is_featured",
    "is_ended",
    "buyer_price",
    "display_price",
];

impl DooAccount {
    /// Lists events.
    pub(super) fn list_events(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let wanted = call.query("status");
        let statuses: Vec<&str> = wanted.map(|text| text.split(',').collect()).unwrap_or_default();
        if statuses.iter().any(|status| !EventState::NAMES.contains(status)) {
            let names = EventState::NAMES.join(", ");
            return Err(Wrong::bad(format!("`status` must be one or more of {names}")));
        }
        let page = Page::of(call)?.beside("status", wanted);
        let in_list = |state: EventState| match wanted {
            Some(_) => statuses.contains(&state.name()),
            None => state != EventState::Deleted,
        };
        let events = self.events.items().filter(|event| in_list(event.state));
        let numbers: Vec<EventNumber> = events.map(|event| event.number).collect();
        let shown = &numbers[page.range(numbers.len())];
        let items = shown.iter().map(|number| self.event_in_list(*number)).collect();
        Ok(page.answer(&url(&self.office.host, "/events"), "events", items, numbers.len()))
    }

    /// Reads an event.
    pub(super) fn read_event(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let number = self.event_called(call.parameter("eventId"))?;
        let mut event = self.event_edit(number);
        if let Some(members) = event.as_object_mut() {
            members.retain(|name, _| !NOT_IN_EVENT.contains(&name.as_str()));
        }
        to_number(&mut event, "email_attachment_id");
        for limit in ["min", "max"] {
            to_number(&mut event["ticket_limitation"], limit);
        }
        for category in event["ticket_categories"].as_array_mut().into_iter().flatten() {
            if let Some(members) = category.as_object_mut() {
                members.retain(|name, _| !NOT_IN_CATEGORY.contains(&name.as_str()));
            }
            category["min"] = category["min"].to_string().into();
        }
        event["_links"] = self.event_links(number, "");
        Ok(ApiAnswer::json(200, event))
    }

    /// Reads an event in the form that webhooks have.
    pub(super) fn read_event_edit(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let number = self.event_called(call.parameter("eventId"))?;
        let index = self.event(number).index;
        Ok(ApiAnswer::json(200, self.event_edit(number)).about(index))
    }

    /// The event with this id.
    pub(super) fn event_called(&self, id: &str) -> Result<EventNumber, Wrong> {
        let id: Option<u32> = id.parse().ok();
        let event = self.events.items().find(|event| Some(event.id) == id);
        event.map(|event| event.number).ok_or_else(|| Wrong::unknown("event"))
    }

    /// An event in the form that webhooks have.
    pub(super) fn event_edit(&self, number: EventNumber) -> Json {
        self.truth(self.event(number).index)
    }

    /// The revenue of an event, in whole euros.
    pub(super) fn whole_revenue(&self, number: EventNumber) -> u64 {
        self.event(number).tally.revenue.0 / 100
    }

    /// A link to an event, or to a part of it.
    pub(super) fn event_links(&self, number: EventNumber, after: &str) -> Json {
        let id = self.event(number).id;
        json(&Links::own(url(&self.office.host, &format!("/events/{id}{after}"))))
    }

    fn event_in_list(&self, number: EventNumber) -> Json {
        let mut whole = self.event_edit(number);
        let categories = whole["ticket_categories"].take();
        let mut event = picked(whole, IN_LIST);
        for limit in ["min", "max"] {
            to_number(&mut event["ticket_limitation"], limit);
        }
        event["total_revenue"] = self.whole_revenue(number).into();
        let categories = categories.as_array().cloned().unwrap_or_default().into_iter();
        let categories = categories.map(|category| {
            let mut category = picked(category, CATEGORY_IN_LIST);
            to_number(&mut category, "id");
            to_number(&mut category, "display_order");
            category
        });
        event["ticket_categories"] = categories.collect();
        event["_links"] = self.event_links(number, "");
        event
    }
}

/// The members with these names, in this order.
pub fn picked(mut object: Json, names: &[&str]) -> Json {
    let members = names.iter().filter_map(|name| {
        let value = object.get_mut(*name)?.take();
        Some(((*name).to_owned(), value))
    });
    Json::Object(Map::from_iter(members))
}

/// Makes a number of a member that is a text of digits.
pub fn to_number(object: &mut Json, name: &str) {
    let Some(value) = object.get_mut(name) else { return };
    let number = value.as_str().and_then(|text| text.parse::<u64>().ok());
    if let Some(number) = number {
        *value = number.into();
    }
}
