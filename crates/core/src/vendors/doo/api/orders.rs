//! Orders and attendees in the API (SW): an order in the form that webhooks have, and two lists.

use serde::Serialize;
use serde_json::Value as Json;

use super::events::picked;
use super::link::{json, url};
use super::page::Page;
use super::wrong::Wrong;
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::doo::account::DooAccount;
use crate::vendors::doo::order::OrderNumber;
use crate::vendors::doo::state::TicketState;

/// An order in the list of its event.
#[derive(Serialize)]
struct Listed {
    event: Json,
    order: InList,
}

#[derive(Serialize)]
struct InList {
    id: Json,
    event_name: Json,
    status: Json,
    invoice_id: Json,
    first_name: Json,
    last_name: Json,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellation_date: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removed_date: Option<Json>,
    active_date: Json,
    order_amount: Json,
    payment: Json,
}

/// An attendee in the list of its event.
#[derive(Serialize)]
struct Attendee {
    attendee_id: Json,
    attendee_status: Json,
    #[serde(skip_serializing_if = "Option::is_none")]
    attendee_first_name: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attendee_last_name: Option<Json>,
    buyer_first_name: Json,
    buyer_last_name: Json,
    category_id: u32,
    category_name: String,
    is_checked: bool,
    order_id: u32,
    ticket_hash: String,
}

impl DooAccount {
    /// Reads an order.
    pub(super) fn read_order(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let first = self.office.ids.order;
        let id = call.parameter("orderId").parse().ok();
        let place = id.and_then(|id: u32| id.checked_sub(first));
        let order = place.and_then(|place| self.orders.nth(place as usize));
        let order = order.ok_or_else(|| Wrong::unknown("order"))?;
        Ok(ApiAnswer::json(200, self.order_json(order.number)).about(order.index))
    }

    /// Lists the orders of an event.
    pub(super) fn list_event_orders(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let event = self.event_called(call.parameter("eventId"))?;
        let page = Page::of(call)?;
        let orders: Vec<OrderNumber> = self.orders_of(event).map(|order| order.number).collect();
        let shown = &orders[page.range(orders.len())];
        let items = shown.iter().map(|number| self.order_in_list(*number)).collect();
        let path = format!("/events/{}/orders", self.event(event).id);
        Ok(page.answer(&url(&self.office.host, &path), "orders", items, orders.len()))
    }

    /// Lists the attendees of an event.
    pub(super) fn list_event_attendees(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let event = self.event_called(call.parameter("eventId"))?;
        let page = Page::of(call)?;
        let total = self.orders_of(event).map(|order| order.tickets.len()).sum();
        let range = page.range(total);
        let mut before = 0;
        let mut items = Vec::new();
        for order in self.orders_of(event) {
            let places = before..before + order.tickets.len();
            before = places.end;
            if places.start < range.end && range.start < places.end {
                let placed = places.zip(self.attendee_items(order.number));
                items.extend(placed.filter(|(place, _)| range.contains(place)).map(|(_, it)| it));
            }
        }
        let path = format!("/events/{}/attendees", self.event(event).id);
        Ok(page.answer(&url(&self.office.host, &path), "attendees", items, total))
    }

    fn order_in_list(&self, number: OrderNumber) -> Json {
        let order = self.order(number);
        let mut body = self.order_json(number);
        let event = body["event"].take();
        let details = &mut body["order_details"];
        let payment = details["payment"].take();
        // Before the order is active, this is the day of the booking (assumed).
        let active = order.approved.unwrap_or(order.booked);
        json(&Listed {
            order: InList {
                id: details["id"].take(),
                event_name: event["title"].clone(),
                status: details["status"].take(),
                invoice_id: details["invoice_id"].take(),
                first_name: details["first_name"].take(),
                last_name: details["last_name"].take(),
                cancellation_date: details.get_mut("cancellation_date").map(Json::take),
                removed_date: details.get_mut("removed_date").map(Json::take),
                active_date: json(&self.office.dates.text(active)),
                order_amount: payment["amount"].clone(),
                payment: picked(
                    payment,
                    &["status", "amount", "method", "payment_date", "booking_date"],
                ),
            },
            event: picked(event, &["id", "title", "start_date", "end_date", "event_type"]),
        })
    }

    /// The attendees of an order, in the form of the list.
    pub(super) fn attendee_items(&self, number: OrderNumber) -> Vec<Json> {
        let order = self.order(number);
        let categories = &self.event(order.event).categories;
        let mut body = self.order_json(number);
        let details = &mut body["order_details"];
        let item = |(place, ticket): (usize, &crate::vendors::doo::order::Ticket)| {
            let category = &categories[usize::from(ticket.category)];
            let buyer = [details["first_name"].clone(), details["last_name"].clone()];
            let [buyer_first_name, buyer_last_name] = buyer;
            let attendee = &mut details["attendees"][place];
            json(&Attendee {
                attendee_id: attendee["id"].take(),
                attendee_status: attendee["status"].take(),
                attendee_first_name: attendee.get_mut("first_name").map(Json::take),
                attendee_last_name: attendee.get_mut("last_name").map(Json::take),
                buyer_first_name,
                buyer_last_name,
                category_id: category.id,
                category_name: category.name.clone(),
                is_checked: ticket.status == TicketState::Checked,
                order_id: self.order_id(number),
                ticket_hash: self.ticket_hash(number, place as u8),
            })
        };
        order.tickets.iter().enumerate().map(item).collect()
    }
}
