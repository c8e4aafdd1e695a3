//! The organizer that the token belongs to, and the team.
//!
//! The names and types of the profile's members are documented (SW). Their values are invented.

use serde::Serialize;

use super::link::{Links, answer, url};
use super::state::{organization, team};
use super::wrong::Wrong;
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::doo::account::DooAccount;
use crate::vendors::doo::event::Event;
use crate::vendors::doo::money::Pricing;
use crate::vendors::doo::state::EventState;

/// An empty list.
type NoItems = [(); 0];

#[derive(Serialize)]
struct Profile<'a> {
    id: u32,
    first_name: &'static str,
    last_name: &'static str,
    email: &'static str,
    is_active: bool,
    recently_logo: NoItems,
    recently_cover: NoItems,
    recently_contacts: [Contact<'a>; 1],
    allowed_access_code_amount: u32,
    allowed_coupon_code_amount: u32,
    recently_vat_texts: NoItems,
    recently_attribute_files: NoItems,
    invoice_details: Invoice<'a>,
    fees: Fees,
    product_fees: Fees,
    require_vat_id: bool,
    #[serde(flatten)]
    pages: Pages,
    event_attributes: Attributes,
    #[serde(flatten)]
    has: Has,
    #[serde(flatten)]
    guide: Guide,
    _links: Links,
}

#[derive(Serialize)]
struct Contact<'a> {
    name: &'static str,
    email: &'static str,
    phone: &'static str,
    organization: &'a str,
}

#[derive(Serialize)]
struct Invoice<'a> {
    account_holder: &'a str,
    iban: &'static str,
    bic: &'static str,
    bank_name: &'static str,
    vat_id: &'static str,
    name: &'a str,
    street: &'static str,
    zip_code: &'static str,
    city: &'static str,
    house: &'static str,
}

#[derive(Serialize)]
struct Fees {
    service_fees: u32,
    payment_fees: u32,
    viovendi_fees: u32,
}

#[derive(Serialize)]
struct Pages {
    manager_events_per_page: u32,
    bookings_per_page: u32,
    event_bookings_per_page: u32,
    manager_contacts_per_page: u32,
    manager_email_campaigns_per_page: u32,
    team_members_per_page: u32,
}

#[derive(Serialize)]
struct Attributes {
    templates: NoItems,
}

#[derive(Serialize)]
struct Has {
    has_events: bool,
    has_live_events: bool,
    has_paid_events: bool,
    has_events_with_taxes: bool,
}

#[derive(Serialize)]
struct Guide {
    demo_screens: NoItems,
    registration_current_step: u32,
    dashboard_guide_show: bool,
    event_guide_show: bool,
    disabled_guided_tour: bool,
}

#[derive(Serialize)]
struct Organizations {
    active_team: Team,
    _links: Links,
}

#[derive(Serialize)]
struct Team {
    id: u32,
    organization_id: u32,
}

const CONTACT: (&str, &str, &str) = ("Ilka Brandvold", "team@example.test", "+493023125042");
const A_PAGE: u32 = 25;
const FREE: Fees = Fees { service_fees: 0, payment_fees: 0, viovendi_fees: 0 };

impl DooAccount {
    /// The organizer's profile.
    pub(super) fn organizer(&self) -> ApiAnswer {
        let organization = self.office.organizer.as_str();
        let (name, email, phone) = CONTACT;
        let any = |holds: fn(&Event) -> bool| self.events.items().any(holds);
        answer(&Profile {
            id: self.office.ids.user,
            first_name: "Ilka",
            last_name: "Brandvold",
            email,
            is_active: true,
            recently_logo: [],
            recently_cover: [],
            recently_contacts: [Contact { name, email, phone, organization }],
            allowed_access_code_amount: 100,
            allowed_coupon_code_amount: 100,
            recently_vat_texts: [],
            recently_attribute_files: [],
            invoice_details: Invoice {
                account_holder: organization,
                iban: "",
                bic: "",
                bank_name: "",
                vat_id: "",
                name: organization,
                street: "Kaistraße",
                zip_code: "23552",
                city: "Lübeck",
                house: "7b",
            },
            fees: FREE,
            product_fees: FREE,
            require_vat_id: false,
            pages: Pages {
                manager_events_per_page: A_PAGE,
                bookings_per_page: A_PAGE,
                event_bookings_per_page: A_PAGE,
                manager_contacts_per_page: A_PAGE,
                manager_email_campaigns_per_page: A_PAGE,
                team_members_per_page: A_PAGE,
            },
            event_attributes: Attributes { templates: [] },
            has: Has {
                has_events: any(|_| true),
                has_live_events: any(|event| event.state == EventState::Live),
                has_paid_events: any(|event| !event.is_free()),
                has_events_with_taxes: any(|event| event.pricing != Pricing::Free),
            },
            guide: Guide {
                demo_screens: [],
                registration_current_step: 0,
                dashboard_guide_show: false,
                event_guide_show: false,
                disabled_guided_tour: true,
            },
            _links: Links::own(url(&self.office.host, "/organizers/current")),
        })
    }

    /// The team. Other calls need its id.
    pub(super) fn organizations(&self) -> ApiAnswer {
        let ids = &self.office.ids;
        answer(&Organizations {
            active_team: Team { id: team(ids), organization_id: organization(ids) },
            _links: Links::own(url(&self.office.host, "/organizers/current/organizations")),
        })
    }

    /// Refuses a path that names another team.
    pub(super) fn unless_other_team(&self, call: &ApiCall) -> Result<(), Wrong> {
        let own = team(&self.office.ids).to_string();
        if call.parameter("teamId") == own { Ok(()) } else { Err(Wrong::unknown("team")) }
    }
}
