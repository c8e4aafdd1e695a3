//! The endpoints of an account: where its webhooks go, and the tokens and the health of each
//! endpoint.
//!
//! The first one comes from the settings. A receiver can register others through the vendor's API.
//! While one is registered, webhooks go to the registered endpoints and not to the first.

use std::sync::Arc;

use super::Route;
use super::health::Health;
use super::tokens::Tokens;
use crate::model::policy::Client;
use crate::model::signature::KeyForm;
use crate::model::{Address, Authentication, OAuth, Policy};
use crate::policy::url;
use crate::vendors::api::{Subscription, SubscriptionLogin};

/// The index of an endpoint in its account, from 0. Endpoint 0 comes from the settings.
pub type EndpointIndex = usize;

/// An endpoint of an account.
#[derive(Debug)]
pub struct Endpoint {
    /// The subscription that registered it; `None`: it comes from the settings.
    pub subscription: Option<Subscription>,
    /// Its registration was removed. Deliveries that have begun still go there.
    pub removed: bool,
    /// How webhooks reach it.
    pub route: Arc<Route>,
    /// Its tokens.
    pub tokens: Tokens,
    /// Whether attempts there succeed.
    pub health: Health,
}

/// The endpoints of an account.
#[derive(Debug)]
pub struct Endpoints(Vec<Endpoint>);

impl Endpoint {
    fn new(subscription: Option<Subscription>, route: Route) -> Self {
        let (tokens, health) = (Tokens::default(), Health::default());
        Self { subscription, removed: false, route: Arc::new(route), tokens, health }
    }
}

impl Endpoints {
    /// Only the endpoint of the settings.
    pub fn new(route: Route) -> Self {
        Self(vec![Endpoint::new(None, route)])
    }

    /// The endpoint with this index.
    pub fn get(&self, index: EndpointIndex) -> &Endpoint {
        &self.0[index]
    }

    /// The endpoint with this index, mutable.
    pub fn get_mut(&mut self, index: EndpointIndex) -> &mut Endpoint {
        &mut self.0[index]
    }

    /// All endpoints, including the removed ones.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Endpoint> {
        self.0.iter_mut()
    }

    /// The endpoints that a webhook of this trigger goes to, in order.
    pub fn of(&self, trigger: &str) -> Vec<EndpointIndex> {
        let registered = |one: &Endpoint| one.subscription.is_some() && !one.removed;
        let any = self.0.iter().any(registered);
        let goes_to = |one: &Endpoint| {
            (if any { registered(one) } else { one.subscription.is_none() })
                && one.route.address(trigger).is_some()
        };
        (0..self.0.len()).filter(|index| goes_to(&self.0[*index])).collect()
    }

    /// Adds endpoints that were newly registered, and marks those that are no longer registered as
    /// removed.
    pub fn register(&mut self, subscriptions: &[Subscription]) {
        for endpoint in &mut self.0 {
            if let Some(known) = &endpoint.subscription {
                endpoint.removed = !subscriptions.contains(known);
            }
        }
        for new in subscriptions {
            if self.0.iter().all(|one| one.subscription.as_ref() != Some(new)) {
                let route = route(&self.0[0].route, new);
                self.0.push(Endpoint::new(Some(new.clone()), route));
            }
        }
    }
}

/// The route to a registered endpoint: the route of the settings, with its own URLs and
/// credentials.
fn route(settings: &Route, new: &Subscription) -> Route {
    // The user's headers are for all requests of the vendor.
    let headers = settings.urls.values().next().map(|one| Arc::clone(&one.headers));
    let headers = headers.unwrap_or_default();
    let token = match &settings.policy.authentication {
        Authentication::Token(oauth) => oauth.endpoint.as_ref(),
        _ => None,
    };
    let known = settings.urls.values().chain(token).map(|one| one.sent.as_str());
    // After a restart, the settings may have the secrets that the journal does not keep. Those of another place
    // are not sent there, and a URL that lacks one is not sent to at all.
    let whole = |url: &String| {
        let same = known.clone().filter(|one| url::place(one) == url::place(url));
        url::with_secrets_of(url, same).unwrap_or_else(|_| url.clone())
    };
    let address = |url: &String| Address { headers: Arc::clone(&headers), ..whole(url).into() };
    let hooks = new.hooks.iter();
    let urls = hooks.map(|(trigger, url)| ((*trigger).to_owned(), address(url))).collect();
    let policy = policy(&settings.policy, new.login.as_ref(), &whole);
    Route { policy, urls, ..settings.clone() }
}

fn policy(
    settings: &Policy,
    login: Option<&SubscriptionLogin>,
    whole: &impl Fn(&String) -> String,
) -> Policy {
    let authentication = match (login, &settings.authentication) {
        (None, Authentication::Token(_)) => Authentication::None,
        (None, given) => given.clone(),
        (Some(SubscriptionLogin::Signature(secret)), Authentication::Signature(given)) => {
            let mut signature = given.clone();
            // A registration tells a text, which may be no key in another form.
            if signature.key == KeyForm::Text {
                signature.secret = Some(secret.clone());
            }
            Authentication::Signature(signature)
        }
        (Some(SubscriptionLogin::Token { endpoint, client, header, value }), given) => {
            let known = match given {
                Authentication::Token(oauth) => Some(&**oauth),
                _ => None,
            };
            let usual = OAuth::of(client.as_ref().map_or("", |client| client.id.as_str()));
            let base = known.cloned().unwrap_or(usual);
            Authentication::Token(Box::new(OAuth {
                endpoint: Some(whole(endpoint).into()),
                client: match client.clone() {
                    Some(client) if client.secret.reveal().is_empty() => {
                        Client { secret: base.client.secret, ..client }
                    }
                    Some(client) => client,
                    None => base.client,
                },
                header: header.clone().unwrap_or(base.header),
                header_value: value.clone().unwrap_or(base.header_value),
                ..base
            }))
        }
        (Some(SubscriptionLogin::Signature(_)), given) => given.clone(),
    };
    Policy { authentication, ..settings.clone() }
}
