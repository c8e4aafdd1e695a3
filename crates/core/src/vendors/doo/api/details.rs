//! An event with its newest orders, as on the organizer's page (SW).

use serde::Serialize;
use serde_json::Value as Json;

use super::events::{picked, to_number};
use super::link::answer;
use super::wrong::{Status, Wrong};
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::doo::account::DooAccount;
use crate::vendors::doo::event::EventNumber;
use crate::vendors::doo::order::{Order, OrderNumber};
use crate::vendors::doo::unknown;

/// The most orders in the answer, newest first (assumed).
const MOST_ORDERS: usize = 25;

#[derive(Serialize)]
struct Details {
    #[serde(flatten)]
    status: Status,
    data: Data,
    _links: Json,
}

#[derive(Serialize)]
struct Data {
    #[serde(flatten)]
    event: Json,
    ticket_categories: Vec<Json>,
    orders: Vec<InDetails>,
    participants_count: u64,
    total_revenue: u64,
    manual_revenue: u64,
    participants_excel_url: String,
    show_event_created_hint: bool,
    show_email_campaign_promotion: bool,
}

#[derive(Serialize)]
struct InDetails {
    id: u32,
    first_name: Json,
    last_name: Json,
    order_date: Json,
    is_manual_registration: bool,
    is_unpaid_bank_transfer: bool,
    tickets: Vec<Tickets>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_date: Option<Json>,
}

#[derive(Serialize)]
struct Tickets {
    amount: usize,
    ticket_category_name: String,
}

const OF_EVENT: &[&str] = &[
    "event_type",
    "id",
    "title",
    "start_date",
    "end_date",
    "status",
    "amount",
    "has_order_with_booking_approval",
    "address",
];
const OF_CATEGORY: &[&str] =
    &["id", "name", "amount", "price", "is_featured", "is_ended", "taken_amount"];

impl DooAccount {
    /// Reads an event with its newest orders.
    pub(super) fn read_event_details(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let number = self.event_called(call.parameter("eventId"))?;
        let mut whole = self.event_edit(number);
        let categories = whole["ticket_categories"].take();
        let categories = categories.as_array().into_iter().flatten().map(|category| {
            let mut category = picked(category.clone(), OF_CATEGORY);
            to_number(&mut category, "id");
            to_number(&mut category, "taken_amount");
            category
        });
        let orders = self.orders.items().rev().filter(|order| order.event == number);
        let id = self.event(number).id;
        Ok(answer(&Details {
            status: Status::SUCCESS,
            data: Data {
                event: picked(whole, OF_EVENT),
                ticket_categories: categories.collect(),
                orders: orders.take(MOST_ORDERS).map(|one| self.in_details(one)).collect(),
                participants_count: self.event(number).tally.participants,
                total_revenue: self.whole_revenue(number),
                // No attendee is registered by hand.
                manual_revenue: 0,
                participants_excel_url: format!(
                    "https://{}/events/{id}/participants.xlsx",
                    self.office.host
                ),
                show_event_created_hint: false,
                show_email_campaign_promotion: false,
            },
            _links: self.event_links(number, "/details"),
        }))
    }

    fn in_details(&self, order: &Order) -> InDetails {
        let mut body = self.order_json(order.number);
        let details = &mut body["order_details"];
        let cancelled_date = details.get_mut("cancellation_date").map(Json::take);
        InDetails {
            id: self.order_id(order.number),
            first_name: details["first_name"].take(),
            last_name: details["last_name"].take(),
            order_date: details["payment"]["booking_date"].take(),
            is_manual_registration: false,
            is_unpaid_bank_transfer: order.method == unknown::BANK_TRANSFER && order.paid.is_none(),
            tickets: self.tickets_of(order),
            status: order.status.name(),
            cancelled_date,
        }
    }

    fn tickets_of(&self, order: &Order) -> Vec<Tickets> {
        let categories = self.event(order.event).categories.iter().enumerate();
        let counted = categories.map(|(place, category)| Tickets {
            amount: order.tickets.iter().filter(|one| usize::from(one.category) == place).count(),
            ticket_category_name: category.name.clone(),
        });
        counted.filter(|tickets| tickets.amount > 0).collect()
    }

    /// The id of an order.
    pub(super) fn order_id(&self, number: OrderNumber) -> u32 {
        number.id(self.office.ids.order, 1)
    }

    /// The orders of an event, in the order in which they were placed.
    pub(super) fn orders_of(&self, number: EventNumber) -> impl Iterator<Item = &Order> {
        self.orders.items().filter(move |order| order.event == number)
    }
}
