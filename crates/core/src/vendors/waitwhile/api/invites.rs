//! Invites of users (W10). An invite is only stored: nobody gets mail, and nobody becomes a user.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::body::Body;
use super::customer_write::Contact;
use super::page::Page;
use super::state::{Invite, InviteSaid, MOST_KEPT};
use super::wrong::Wrong;
use super::{Asked, unplayed};
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::wire::Milliseconds;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InviteBody<'a> {
    id: &'a str,
    account_id: &'a str,
    name: &'a str,
    email: &'a str,
    phone: &'a str,
    default_location_id: Option<&'a str>,
    location_ids: &'a [String],
    roles: &'a [String],
    resource_id: Option<&'a str>,
    created: Milliseconds,
    created_by: &'a str,
    updated: Milliseconds,
    updated_by: &'a str,
}

impl WaitwhileAccount {
    pub(super) fn answer_invites(&mut self, asked: Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let call = asked.call;
        match call.operation.id {
            "getInvites" => self.list_invites(call),
            "postInvites" => {
                let said = self.invite_said(&Body::of(call)?)?;
                if self.api.invites.len() >= MOST_KEPT {
                    let why = format!("at most {MOST_KEPT} invites are kept");
                    return Err(Wrong::bad(why));
                }
                let (created, updated, id) = (asked.now, asked.now, self.api.id(20));
                self.api.invites.push(Invite { id, said, created, updated, removed: false });
                Ok(self.one_invite(self.api.invites.len() - 1))
            }
            "getInvitesInviteid" => Ok(self.one_invite(self.invite_of(call)?)),
            "postInvitesInviteidResend" => {
                let place = self.invite_of(call)?;
                self.api.invites[place].updated = asked.now;
                Ok(self.one_invite(place))
            }
            "deleteInvitesInviteid" => {
                let place = self.invite_of(call)?;
                self.api.invites[place].removed = true;
                Ok(ApiAnswer::json(200, json!({})))
            }
            _ => unplayed(call),
        }
    }

    fn list_invites(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let location = self.location_asked(call)?.map(|number| self.location_id(number));
        let all = self.api.invites.iter().enumerate();
        let all: Vec<_> = all.map(|(place, invite)| (invite.id.as_str(), place)).collect();
        let keep = |place: usize| {
            let invite = &self.api.invites[place];
            !invite.removed
                && location.is_none_or(|id| invite.said.locations.iter().any(|one| one == id))
        };
        Page::of(call)?.of_all(all.into_iter(), keep, |place| self.invite_read(place))
    }

    fn invite_said(&self, body: &Body) -> Result<InviteSaid, Wrong> {
        // Number and address must be valid, as for a customer.
        Contact::read(body, "name")?;
        let email = body.filled("email")?.ok_or_else(|| Wrong::bad("email is missing"))?;
        let default = body.text("defaultLocationId")?.filter(|id| !id.is_empty());
        if let Some(id) = &default {
            self.location_named("defaultLocationId", id)?;
        }
        let locations = body.texts("locationIds")?.unwrap_or_default();
        for id in &locations {
            self.location_named("locationIds", id)?;
        }
        let resource = body.text("resourceId")?.filter(|id| !id.is_empty());
        let known = |id: &String| self.locations.iter().any(|one| one.resources.contains(id));
        if !resource.as_ref().is_none_or(known) {
            return Err(Wrong::bad("resourceId: there is no resource with this id"));
        }
        Ok(InviteSaid {
            name: body.text("name")?.unwrap_or_default(),
            email,
            phone: body.text("phone")?.unwrap_or_default(),
            default_location: default,
            locations,
            roles: body.texts("roles")?.unwrap_or_default(),
            resource,
        })
    }

    fn invite_of(&self, call: &ApiCall) -> Result<usize, Wrong> {
        let id = call.parameter("inviteId");
        let same = |invite: &Invite| !invite.removed && invite.id == id;
        self.api.invites.iter().position(same).ok_or_else(|| Wrong::unknown("invite"))
    }

    fn one_invite(&self, place: usize) -> ApiAnswer {
        ApiAnswer::json(200, self.invite_read(place))
    }

    fn invite_read(&self, place: usize) -> Json {
        let Invite { id, said, created, updated, .. } = &self.api.invites[place];
        let body = InviteBody {
            id,
            account_id: &self.office.account,
            name: &said.name,
            email: &said.email,
            phone: &said.phone,
            default_location_id: said.default_location.as_deref(),
            location_ids: &said.locations,
            roles: &said.roles,
            resource_id: said.resource.as_deref(),
            created: Milliseconds(*created),
            created_by: &self.office.key_user,
            updated: Milliseconds(*updated),
            updated_by: &self.office.key_user,
        };
        serde_json::to_value(body).unwrap_or_else(|error| panic!("an invite is JSON: {error}"))
    }
}
