//! Writes customers: names, how to reach them, and the other keys of the customer database.

use jiff::Timestamp;

use super::Asked;
use super::body::Body;
use super::find::is_live;
use super::wrong::Wrong;
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::waitwhile::act::Act;
use crate::vendors::waitwhile::guest::{Channel, Guest};
use crate::vendors::waitwhile::people::apart;
use crate::vendors::waitwhile::visit::{By, Card, CustomerNumber, VisitNumber};

/// The most tags of a customer.
const MOST_TAGS: usize = 100;

/// The names of a customer, and how to reach them.
pub struct Contact {
    first: Option<String>,
    last: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    external: Option<String>,
}

impl Contact {
    /// Reads `name`, `firstName`, `lastName`, `phone`, `email`, and the id in another system, whose
    /// key is given.
    pub fn read(body: &Body, external: &str) -> Result<Self, Wrong> {
        let whole = body.text("name")?.map(|name| apart(&name));
        let (first, last) = whole.unzip();
        let phone = body.text("phone")?;
        if phone.as_ref().is_some_and(|phone| !phone.is_empty() && !is_phone(phone)) {
            return Err(Wrong::bad("phone must be in E.164, such as +12025550101"));
        }
        let email = body.text("email")?;
        if email.as_ref().is_some_and(|email| !email.is_empty() && !is_email(email)) {
            return Err(Wrong::bad("email must be an address, such as kim@example.test"));
        }
        Ok(Self {
            first: body.text("firstName")?.or(first),
            last: body.text("lastName")?.or(last),
            phone,
            email,
            external: body.text(external)?,
        })
    }

    /// Writes the names that the call gives.
    pub fn name(&self, first: &mut String, last: &mut String) {
        replace(first, self.first.as_ref());
        replace(last, self.last.as_ref());
    }

    /// Writes the phone number and the e-mail address that the call gives. With a number, the guest
    /// gets text messages.
    pub fn reach(&self, guest: &mut Guest) {
        replace(&mut guest.phone, self.phone.as_ref());
        replace(&mut guest.email, self.email.as_ref());
        if self.phone.is_some() || self.email.is_some() {
            guest.channel = if guest.phone.is_empty() { Channel::Email } else { Channel::Sms };
        }
    }

    /// Writes the id in another system, if the call gives one.
    pub fn external(&self, id: &mut String) {
        replace(id, self.external.as_ref());
    }

    /// Whether everything but the names is unchanged.
    pub fn is_known(&self, guest: &Guest, external: &str) -> bool {
        self.phone.as_ref().is_none_or(|phone| *phone == guest.phone)
            && self.email.as_ref().is_none_or(|email| *email == guest.email)
            && self.external.as_ref().is_none_or(|id| *id == external)
    }

    /// Whether phone number and e-mail address are unchanged.
    fn reaches(&self, guest: &Guest) -> bool {
        let same = |given: Option<&String>, known: &String| {
            given.is_some_and(|given| !given.is_empty() && given == known)
        };
        same(self.email.as_ref(), &guest.email) || same(self.phone.as_ref(), &guest.phone)
    }
}

fn replace(known: &mut String, given: Option<&String>) {
    if let Some(given) = given {
        known.clone_from(given);
    }
}

/// A plus sign and 7 to 15 digits. The first digit is not 0.
fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0')
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let plain = |part: &str| !part.is_empty() && !part.contains(['@', ' ', '\t', '\n', '\r']);
    parts.is_some_and(|(local, domain)| plain(local) && plain(domain))
}

/// The other keys of a customer in a call.
pub struct CardWrite {
    tags: Option<Vec<String>>,
    add: Option<String>,
    remove: Option<String>,
    locations: Option<Vec<u16>>,
}

impl CardWrite {
    /// Reads `tags`, `addTag`, `removeTag` and `locationIds`.
    pub fn read(body: &Body, account: &WaitwhileAccount) -> Result<Self, Wrong> {
        let locations = body.texts("locationIds")?;
        let located = |ids: Vec<String>| -> Result<Vec<u16>, Wrong> {
            ids.iter().map(|id| account.location_named("locationIds", id)).collect()
        };
        Ok(Self {
            tags: body.texts("tags")?,
            add: body.filled("addTag")?,
            remove: body.text("removeTag")?,
            locations: locations.map(located).transpose()?,
        })
    }

    /// The tags after this call.
    fn tags(&self, before: &[String]) -> Vec<String> {
        let mut tags = self.tags.clone().unwrap_or_else(|| before.to_vec());
        tags.retain(|tag| Some(tag) != self.remove.as_ref());
        tags.extend(self.add.clone());
        let mut once: Vec<String> = Vec::new();
        for tag in tags {
            if !once.contains(&tag) {
                once.push(tag);
            }
        }
        once.truncate(MOST_TAGS);
        once
    }
}

impl WaitwhileAccount {
    /// The customer with this id in another system, or else with this address or number.
    pub(super) fn customer_like(&self, contact: &Contact) -> Option<CustomerNumber> {
        let listed = || {
            let all = self.all_customers().map(|(_, number)| number);
            all.filter(|number| self.customer(*number).card.listed)
        };
        let external = contact.external.as_ref().filter(|id| !id.is_empty());
        let same = |number: &CustomerNumber| Some(&self.customer(*number).card.external_id);
        let by_id = external.and_then(|id| listed().find(|number| same(number) == Some(id)));
        by_id.or_else(|| listed().find(|number| contact.reaches(&self.customer(*number).guest)))
    }

    /// Creates a customer with this contact.
    pub(super) fn add_customer(&mut self, contact: &Contact, now: Timestamp) -> CustomerNumber {
        let mut guest = Guest {
            first_name: String::new(),
            last_name: String::new(),
            phone: String::new(),
            email: String::new(),
            channel: Channel::Email,
            locale: None,
            remote_ip: String::new(),
            origin: None,
        };
        contact.name(&mut guest.first_name, &mut guest.last_name);
        contact.reach(&mut guest);
        let (id, user) = (self.api.id(22), self.api.id(28));
        let number = self.new_customer(id, user, guest, Card::new(now, By::Key));
        contact.external(&mut self.customer_mut(number).card.external_id);
        number
    }

    /// Changes a customer. Each visit that is not over changes with it and sends its webhook.
    pub(super) fn change_customer(
        &mut self,
        number: CustomerNumber,
        contact: &Contact,
        card: &CardWrite,
        asked: Asked<'_>,
    ) {
        let cause = &mut asked.cause(Act::Rename);
        let customer = self.customer(number);
        let guest = &customer.guest;
        let mut names = (guest.first_name.clone(), guest.last_name.clone());
        contact.name(&mut names.0, &mut names.1);
        let known = contact.is_known(guest, &customer.card.external_id)
            && (&names.0, &names.1) == (&guest.first_name, &guest.last_name);
        let visits: Vec<VisitNumber> = customer.visits.clone();
        let live = |number: &VisitNumber| {
            let visit = self.visit(*number);
            is_live(visit.state) && !visit.anonymous
        };
        let visits: Vec<VisitNumber> = visits.into_iter().filter(live).filter(|_| !known).collect();
        if !visits.is_empty() {
            self.begin(cause);
        }
        for visit in &visits {
            self.before(*visit);
        }
        let customer = self.customer_mut(number);
        contact.name(&mut customer.guest.first_name, &mut customer.guest.last_name);
        contact.reach(&mut customer.guest);
        contact.external(&mut customer.card.external_id);
        customer.card.tags = card.tags(&customer.card.tags);
        if let Some(locations) = &card.locations {
            customer.card.locations.clone_from(locations);
        }
        (customer.card.updated, customer.card.updated_by) = (cause.now, cause.by);
        for visit in visits {
            let changed = self.visit_mut(visit);
            contact.name(&mut changed.first_name, &mut changed.last_name);
            contact.external(&mut changed.external_customer_id);
            self.emit_updated(visit, cause);
        }
    }
}
