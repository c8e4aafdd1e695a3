//! The visit as webhooks show it (seed 002; facts, section 3.1).

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::office::{Around, Version};
use super::render::{CUSTOMER_ID, ID, PUBLIC_ID, USER_ID, more, open, value};
use crate::vendors::waitwhile::guest::Channel;
use crate::vendors::waitwhile::visit::{By, Visit};
use crate::vendors::wire::{Maybe, Members, Milliseconds};

/// Which webhook a visit is rendered for. The examples differ in their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `data` of `visit.created`.
    Created,
    /// `before` and `after` of `visit.updated`.
    Updated,
    /// `data` of `visit.removed`.
    Removed,
}

/// A whole visit.
#[derive(Serialize, JsonSchema)]
pub struct VisitBody<'a> {
    #[serde(flatten)]
    standing: Standing<'a>,
    #[serde(flatten)]
    details: Details<'a>,
}

/// The keys that change when others in line are served. They are rendered for every webhook.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Standing<'a> {
    #[schemars(extend("enum" = ["PENDING", "DRAFT", "BOOKED", "WAITING", "SERVING", "COMPLETE"]))]
    state: &'a str,
    updated: Milliseconds,
    #[schemars(extend("pattern" = USER_ID))]
    updated_by: &'a str,
    /// From 1; null once it is over (VU: nullable).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    position: Maybe<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    last_waiting_position: Option<u32>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    est_wait_duration: Option<u64>,
}

/// The keys that change only when something happens to the visit itself.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Details<'a> {
    #[schemars(extend("pattern" = ID))]
    id: &'a str,
    #[schemars(extend("pattern" = PUBLIC_ID))]
    public_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = ID))]
    account_id: Option<&'a str>,
    #[schemars(extend("pattern" = ID))]
    location_id: &'a str,
    #[schemars(extend("pattern" = CUSTOMER_ID))]
    customer_id: &'a str,
    external_customer_id: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    notes: &'a str,
    is_anonymized: bool,
    is_block: bool,
    created: Milliseconds,
    #[schemars(extend("pattern" = USER_ID))]
    created_by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_expire_time: Maybe<Milliseconds>,
    remote_ip: &'a str,
    country: &'static str,
    region: &'static str,
    city: &'static str,
    source: &'a str,
    locale: Option<&'a str>,
    #[schemars(range(min = 1, max = 100))]
    party_size: u8,
    /// Deprecated: id → 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<Members<&'a str, u8>>,
    #[schemars(inner(regex(pattern = "^[0-9A-Za-z]{20}$")))]
    resource_ids: Vec<&'a str>,
    /// Deprecated: id → 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    services: Option<Members<&'a str, u8>>,
    #[schemars(inner(regex(pattern = "^[0-9A-Za-z]{20}$")))]
    service_ids: Vec<&'a str>,
    /// Deprecated: id → values.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Members<&'a str, &'a [Cow<'static, str>]>>,
    data_fields: Vec<DataField<'a>>,
    #[schemars(length(max = 10))]
    tags: &'a [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    booking_time: Option<Milliseconds>,
    /// Local time of the location, without a zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$"))]
    date: Option<String>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waitlist_time: Maybe<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serve_time: Maybe<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_time: Maybe<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ngrams: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    original_position: Option<u32>,
    #[schemars(regex(pattern = r"^[A-Z]\d{3}$"))]
    ticket: &'a str,
    #[schemars(range(min = 1))]
    num_visits: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev_est_wait_duration: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_est_wait_duration: Option<u64>,
    /// Whole seconds from waitlistTime to serveTime.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_duration: Option<u64>,
    // When messages were sent. Only the example of `visit.removed` has these keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up_sms_time: Maybe<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up_email_time: Maybe<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up_app_time: Maybe<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    booking_reminder_sms_time: Maybe<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    booking_reminder_email_time: Maybe<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    booking_reminder_app_time: Maybe<Milliseconds>,
}

#[derive(Serialize, JsonSchema)]
struct DataField<'a> {
    #[schemars(extend("pattern" = ID))]
    id: &'a str,
    values: &'a [Cow<'static, str>],
}

/// Writes the keys that change when others in line are served. The object stays open for the details.
pub fn standing(visit: &Visit, around: Around<'_>, into: &mut Vec<u8>) {
    open(&Standing::of(visit, around), into);
}

/// Writes the keys that only the visit itself changes. They close the object that the standing opens.
pub fn details(form: Form, visit: &Visit, around: Around<'_>, into: &mut Vec<u8>) {
    more(&Details::of(form, visit, around), into);
    into.push(b'}');
}

/// All fields of a visit that a receiver can know: what the vendor's REST API would return.
pub fn visit_truth(visit: &Visit, around: Around<'_>) -> serde_json::Value {
    let standing = Standing::of(visit, around);
    value(&VisitBody { standing, details: Details::of(Form::Updated, visit, around) })
}

/// A visit as the REST API returns it: as in its last webhook, plus how to reach the guest (VC).
pub fn visit_read(visit: &Visit, around: Around<'_>) -> serde_json::Value {
    let mut shown = visit_truth(visit, around);
    let guest = &around.customer.guest;
    let known = |text: &String| if visit.anonymous { String::new() } else { text.clone() };
    shown["phone"] = known(&guest.phone).into();
    shown["email"] = known(&guest.email).into();
    shown
}

impl<'a> Standing<'a> {
    fn of(visit: &'a Visit, around: Around<'a>) -> Self {
        let waited = visit.waitlist_time.is_some();
        Self {
            state: visit.state.name(),
            updated: Milliseconds(visit.updated),
            updated_by: around.user(visit.updated_by),
            position: waited.then_some(visit.position),
            last_waiting_position: waited.then_some(visit.last_waiting_position),
            est_wait_duration: visit.estimate,
        }
    }
}

impl<'a> Details<'a> {
    fn of(form: Form, visit: &'a Visit, around: Around<'a>) -> Self {
        let Around { office, location, customer, .. } = around;
        let full = office.version == Version::Full;
        let created = form == Form::Created;
        let resource =
            visit.resource.map(|number| location.resources[usize::from(number)].as_str());
        let service = visit.service.map(|number| location.services[usize::from(number)].as_str());
        let guest = &customer.guest;
        // If staff created the visit, its origin is that of the location.
        let here = ("US", location.place.0, location.place.1);
        let itself = matches!(visit.created_by, By::Guest(_));
        let origin = guest.origin.filter(|_| itself).unwrap_or(here);
        let reminded = visit.booking.and_then(|booking| booking.reminded);
        Self {
            id: &visit.id,
            public_id: &visit.id[..6],
            account_id: (form == Form::Removed).then_some(&office.account),
            location_id: &location.id,
            customer_id: &customer.id,
            external_customer_id: &visit.external_customer_id,
            first_name: &visit.first_name,
            last_name: &visit.last_name,
            name: visit.full_name(),
            // Only the creation of a visit on the waitlist has it.
            phone: (created && visit.waitlist_time.is_some()).then_some(&guest.phone),
            notes: &visit.notes,
            is_anonymized: visit.anonymous,
            is_block: false,
            created: Milliseconds(visit.created),
            created_by: around.user(visit.created_by),
            pending_expire_time: full.then_some(visit.hold_expires.map(Milliseconds)),
            // If staff created the visit, there is no browser.
            remote_ip: if itself { &guest.remote_ip } else { "" },
            country: origin.0,
            region: origin.1,
            city: origin.2,
            source: &office.sources[usize::from(visit.source)],
            locale: guest.locale.map(|number| office.locales[usize::from(number)].as_str()),
            party_size: visit.party,
            resources: full.then(|| resource.map(|id| (id, 1)).into_iter().collect()),
            resource_ids: resource.into_iter().collect(),
            services: full.then(|| service.map(|id| (id, 1)).into_iter().collect()),
            service_ids: service.into_iter().collect(),
            fields: full.then(|| Members::in_order(answers(visit, around))),
            data_fields: answers(visit, around)
                .map(|(id, values)| DataField { id, values })
                .collect(),
            tags: &visit.tags,
            booking_time: visit.booking.map(|booking| Milliseconds(booking.made)),
            date: visit.booking.map(|booking| office.slots.date(booking.start)),
            duration: visit.booking.map(|_| office.slots.length.as_secs()),
            waitlist_time: waitlist_time(form, visit),
            serve_time: or_null(form, visit.serve_time),
            completed_time: or_null(form, visit.completed_time),
            ngrams: (full && form != Form::Removed).then(|| ngrams(form, visit, resource)),
            original_position: visit.original.map(|original| original.position),
            ticket: &visit.ticket,
            num_visits: visit.number,
            prev_est_wait_duration: visit.estimate.filter(|_| full && created),
            original_est_wait_duration: visit.original.map(|original| original.estimate),
            wait_duration: visit.waited(),
            follow_up_sms_time: sent(form, visit.followed_up, Channel::Sms),
            follow_up_email_time: sent(form, visit.followed_up, Channel::Email),
            follow_up_app_time: sent(form, None, Channel::Sms),
            booking_reminder_sms_time: sent(form, reminded, Channel::Sms),
            booking_reminder_email_time: sent(form, reminded, Channel::Email),
            booking_reminder_app_time: sent(form, None, Channel::Sms),
        }
    }
}

/// The creation of a booking has null here. Its updates leave out what only a waitlist has (seed
/// 002).
fn waitlist_time(form: Form, visit: &Visit) -> Maybe<Milliseconds> {
    match visit.waitlist_time {
        Some(moment) => Some(Some(Milliseconds(moment))),
        None if form == Form::Created => Some(None),
        None => None,
    }
}

/// The snapshot of a deleted visit leaves out the times that it never had (seed 002).
fn or_null(form: Form, moment: Option<jiff::Timestamp>) -> Maybe<Milliseconds> {
    match moment {
        None if form == Form::Removed => None,
        moment => Some(moment.map(Milliseconds)),
    }
}

/// The internal search index: empty at creation, filled afterwards (seed 002).
fn ngrams(form: Form, visit: &Visit, resource: Option<&str>) -> Vec<String> {
    if form == Form::Created {
        return Vec::new();
    }
    let resource = resource.map(|id| format!("r:{id}"));
    [format!("p:{}", visit.party)].into_iter().chain(resource).collect()
}

fn answers<'a>(
    visit: &'a Visit,
    around: Around<'a>,
) -> impl Iterator<Item = (&'a str, &'a [Cow<'static, str>])> {
    let questions = around.office.questions.iter().map(String::as_str);
    questions.zip(visit.answers.iter().map(Vec::as_slice))
}

/// When a message was sent by a channel, if it was.
fn sent(
    form: Form,
    sent: Option<(Channel, jiff::Timestamp)>,
    channel: Channel,
) -> Maybe<Milliseconds> {
    let by = sent.filter(|(by, _)| *by == channel);
    (form == Form::Removed).then(|| by.map(|(_, at)| Milliseconds(at)))
}
