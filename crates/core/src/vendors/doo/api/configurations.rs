//! Webhook configurations (CFG, CO, LS13): create, list and delete. No call changes one (CFG).

use serde::Serialize;

use super::body::Body;
use super::configuration::{Configuration, Said};
use super::link::{Links, answer, json, url};
use super::page::Page;
use super::state::team;
use super::wrong::{Status, Wrong};
use crate::vendors::api::{ApiAnswer, ApiBody, ApiCall};
use crate::vendors::doo::account::DooAccount;

/// The name of the list.
const LIST: &str = "webhooks";

#[derive(Serialize)]
struct Created {
    #[serde(flatten)]
    status: Status,
    data: String,
    _links: Links,
}

#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    #[serde(flatten)]
    said: &'a Said,
    _links: Links,
}

impl DooAccount {
    /// Creates a configuration.
    pub(super) fn create_configuration(&mut self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let secret = call.secrets.first().and_then(Option::as_ref);
        let said = Said::read(&Body::of(call)?, secret)?;
        if !self.api.has_room() {
            return Err(Wrong::bad("no more configurations can be made"));
        }
        let data = self.api.configure(|id| Configuration { id, said });
        let links = Links::own(self.configurations_url());
        Ok(answer(&Created { status: Status::SUCCESS, data, _links: links }))
    }

    /// Lists the configurations.
    pub(super) fn list_configurations(&self, call: &ApiCall) -> Result<ApiAnswer, Wrong> {
        let page = Page::of(call)?;
        let all = self.api.configurations();
        let shown = &all[page.range(all.len())];
        let items = shown.iter().map(|it| {
            let own = url(&self.office.host, &format!("/webhooks/{}", it.id));
            json(&Listed { id: &it.id, said: &it.said, _links: Links::own(own) })
        });
        let items = items.collect();
        Ok(reveal(shown, page.answer(&self.configurations_url(), LIST, items, all.len())))
    }

    /// Deletes the configuration with this id, if there is one.
    pub(super) fn delete_configuration(&mut self, call: &ApiCall) -> ApiAnswer {
        self.api.drop_configuration(call.parameter("webhookId"));
        ApiAnswer::empty(204)
    }

    fn configurations_url(&self) -> String {
        url(&self.office.host, &format!("/team/{}/webhooks", team(&self.office.ids)))
    }
}

/// Shows the secrets of these configurations unmasked, as the vendor does (LS11). A secret that
/// also occurs elsewhere in the answer stays hidden. Otherwise the masked answer in the journal
/// would differ from that of a replayed run, which does not know the secret.
fn reveal(shown: &[Configuration], mut answer: ApiAnswer) -> ApiAnswer {
    let ApiBody::Json(body) = &mut answer.body else { return answer };
    let text = body.to_string().to_ascii_lowercase();
    for (place, configuration) in shown.iter().enumerate() {
        let Some(secret) = configuration.secret() else { continue };
        if !text.contains(&secret.reveal().to_ascii_lowercase()) {
            let item = &mut body["_embedded"][LIST][place];
            item["authentication"]["credentials"]["client_secret"] = secret.reveal().into();
            answer.secrets.push(secret.clone());
        }
    }
    answer
}
