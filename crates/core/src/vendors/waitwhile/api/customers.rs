//! Customers (W8). The keys of a customer are not documented. These are the keys that calls write,
//! with an id and times in the form of a visit's.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::body::Body;
use super::csv::export;
use super::customer_write::{CardWrite, Contact};
use super::find::state_of;
use super::moment::Span;
use super::page::{Page, limit, number};
use super::wrong::Wrong;
use super::{Asked, unplayed};
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::waitwhile::act::Act;
use crate::vendors::waitwhile::visit::CustomerNumber;
use crate::vendors::wire::Milliseconds;

const COLUMNS: &[&str] = &[
    "id",
    "externalId",
    "firstName",
    "lastName",
    "name",
    "phone",
    "email",
    "locale",
    "tags",
    "locationIds",
    "numVisits",
    "created",
    "updated",
];

/// The highest page number of a search.
const LAST_PAGE: usize = 1_000_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CustomerBody<'a> {
    id: &'a str,
    account_id: &'a str,
    external_id: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    name: String,
    phone: &'a str,
    email: &'a str,
    locale: Option<&'a str>,
    tags: &'a [String],
    location_ids: Vec<&'a str>,
    num_visits: u32,
    created: Milliseconds,
    created_by: &'a str,
    updated: Milliseconds,
    updated_by: &'a str,
}

impl WaitwhileAccount {
    pub(super) fn answer_customers(&mut self, asked: Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let call = asked.call;
        match call.operation.id {
            "getCustomers" => self.list_customers(call),
            "getCustomersSearch" => self.search_customers(call),
            "getCustomersExport" => self.export_customers(call),
            "getCustomersCustomerid" => {
                let number = self.customer_of(call.parameter("customerId"))?;
                Ok(self.one_customer(number))
            }
            "postCustomers" => {
                let body = Body::of(call)?;
                let id = body.text("id")?.filter(|id| !id.is_empty());
                let known = id.map(|id| self.customer_of(&id)).transpose()?;
                self.write_customer(known, &body, asked)
            }
            "postCustomersCustomerid" => {
                let number = self.customer_of(call.parameter("customerId"))?;
                self.write_customer(Some(number), &Body::of(call)?, asked)
            }
            "deleteCustomersCustomerid" => {
                let number = self.customer_of(call.parameter("customerId"))?;
                let visits = self.customer(number).visits.clone();
                if !visits.is_empty() {
                    let cause = &mut asked.cause(Act::DeleteCustomer);
                    self.begin(cause);
                    self.delete(&visits, cause);
                }
                self.customer_mut(number).card.listed = false;
                Ok(ApiAnswer::json(200, json!({})))
            }
            _ => unplayed(call),
        }
    }

    fn write_customer(
        &mut self,
        known: Option<CustomerNumber>,
        body: &Body,
        asked: Asked<'_>,
    ) -> Result<ApiAnswer, Wrong> {
        let contact = Contact::read(body, "externalId")?;
        let card = CardWrite::read(body, self)?;
        let number = match known {
            Some(number) => number,
            None => self.add_customer(&contact, asked.now),
        };
        self.change_customer(number, &contact, &card, asked);
        Ok(self.one_customer(number))
    }

    fn one_customer(&self, number: CustomerNumber) -> ApiAnswer {
        ApiAnswer::json(200, self.customer_read(number))
    }

    fn customer_read(&self, number: CustomerNumber) -> Json {
        let customer = self.customer(number);
        let (guest, card) = (&customer.guest, &customer.card);
        let locale = guest.locale.map(|number| self.office.locales[usize::from(number)].as_str());
        let body = CustomerBody {
            id: &customer.id,
            account_id: &self.office.account,
            external_id: &card.external_id,
            first_name: &guest.first_name,
            last_name: &guest.last_name,
            name: guest.full_name(),
            phone: &guest.phone,
            email: &guest.email,
            locale,
            tags: &card.tags,
            location_ids: self
                .locations_of(number)
                .map(|number| self.location_id(number))
                .collect(),
            num_visits: customer.number,
            created: Milliseconds(card.created),
            created_by: self.user_id(card.created_by),
            updated: Milliseconds(card.updated),
            updated_by: self.user_id(card.updated_by),
        };
        serde_json::to_value(body).unwrap_or_else(|error| panic!("a customer is JSON: {error}"))
    }

    /// The locations that a call has given the customer, and those of the customer's visits.
    fn locations_of(&self, number: CustomerNumber) -> impl Iterator<Item = u16> {
        let customer = self.customer(number);
        let visited = |location: &u16| {
            customer.visits.iter().any(|visit| self.visit(*visit).location == *location)
        };
        let all = 0..self.locations.len() as u16;
        all.filter(move |location| customer.card.locations.contains(location) || visited(location))
    }

    /// The customers that match a call.
    fn customers_asked<'a>(
        &'a self,
        call: &'a ApiCall,
    ) -> Result<impl Fn(CustomerNumber) -> bool + 'a, Wrong> {
        let zone = &self.office.slots.zone;
        let location = self.location_asked(call)?;
        let external = call.query("externalId").filter(|id| !id.is_empty());
        let days = Span::of(call, zone, "fromDate", "toDate")?;
        let times = Span::of(call, zone, "fromTime", "toTime")?;
        let updated = match call.query("dateRangeField") {
            None | Some("" | "created") => None,
            Some("updated") => Some(()),
            Some(_) => return Err(Wrong::bad("dateRangeField must be created or updated")),
        };
        Ok(move |number| {
            let card = &self.customer(number).card;
            let moment = updated.map_or(card.created, |()| card.updated);
            let at = |location| self.locations_of(number).any(|known| known == location);
            card.listed
                && location.is_none_or(at)
                && external.is_none_or(|id| id == card.external_id)
                && days.holds(moment)
                && times.holds(moment)
        })
    }

    fn list_customers(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let keep = self.customers_asked(call)?;
        Page::of(call)?.of_all(self.all_customers(), keep, |number| self.customer_read(number))
    }

    fn export_customers(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let keep = self.customers_asked(call)?;
        let kept = self.all_customers().map(|(_, number)| number).filter(|number| keep(*number));
        export(call, COLUMNS, kept.map(|number| self.customer_read(number)))
    }

    /// Searches by the beginning of a name, number, address or id, and by state and tag of the
    /// visits.
    fn search_customers(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let keep = self.customers_asked(call)?;
        let (limit, page) = (limit(call)?, number(call, "page", 1, LAST_PAGE)?);
        let wanted = call.query("q").unwrap_or_default().to_lowercase();
        let state = call.query("state").filter(|state| !state.is_empty()).map(state_of);
        let state = state.transpose()?;
        let tag = call.query("tag").filter(|tag| !tag.is_empty());
        let found = self.all_customers().map(|(_, number)| number).filter(|number| {
            let customer = self.customer(*number);
            let (guest, card) = (&customer.guest, &customer.card);
            let name = guest.full_name();
            let begins = |text: &str| text.to_lowercase().starts_with(&wanted);
            let named = begins(&name) || begins(&guest.last_name);
            let reached = begins(&guest.phone) || begins(&guest.email) || begins(&customer.id);
            let mut visits = customer.visits.iter().map(|visit| self.visit(*visit));
            let tagged = |tag: &str| {
                let mut visits = customer.visits.iter().map(|visit| self.visit(*visit));
                card.tags.iter().any(|known| known == tag)
                    || visits.any(|visit| visit.tags.contains(&tag))
            };
            keep(*number)
                && (named || reached)
                && state.is_none_or(|state| visits.any(|visit| visit.state == state))
                && tag.is_none_or(tagged)
        });
        let found = found.skip((page - 1).saturating_mul(limit)).take(limit);
        let results: Vec<Json> = found.map(|number| self.customer_read(number)).collect();
        Ok(ApiAnswer::json(200, json!({ "results": results })))
    }
}
