//! The API of a vendor at its mount path: reads requests to it, and writes its answers.

use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use serde_json::Value as Json;

use crate::clock::real_time;
use crate::model::Secret;
use crate::server::reply::status_of;
use crate::vendors::api::{ApiAnswer, ApiBody, ApiRequest, Method};
use crate::vendors::{Api, Vendor};

/// A vendor whose API is mounted.
#[derive(Clone, Copy)]
pub struct Mounted {
    /// The vendor.
    pub vendor: &'static dyn Vendor,
    /// Its API.
    pub api: &'static Api,
}

impl Mounted {
    /// The vendor whose API serves a path, and the rest of the path below its mount.
    pub fn find(
        vendors: impl IntoIterator<Item = &'static dyn Vendor>,
        path: &str,
    ) -> Option<(Self, &str)> {
        vendors.into_iter().find_map(|vendor| {
            let api = vendor.api()?;
            let rest = path.strip_prefix(api.mount)?;
            let below = rest.is_empty() || rest.starts_with('/');
            below.then_some((Self { vendor, api }, rest))
        })
    }

    /// An HTTP request as a request to the API; `None` if the API does not know its method.
    pub fn api_request(self, request: &HttpRequest, path: &str, body: Bytes) -> Option<ApiRequest> {
        Some(ApiRequest {
            method: Method::of(request.method().as_str())?,
            path: path.to_owned(),
            query: url::form_urlencoded::parse(
                request.uri().query().unwrap_or_default().as_bytes(),
            )
            .into_owned()
            .collect(),
            headers: credentials(self.api, request),
            body,
            received: real_time(),
        })
    }

    /// The answer to an unknown method.
    pub fn unknown_method(self) -> HttpResponse {
        self.error(405, "this method is not supported")
    }

    /// An error in the vendor's format.
    pub fn error(self, status: u16, why: &str) -> HttpResponse {
        to_response(&ApiAnswer::json(status, (self.api.error)(status, why)))
    }
}

/// The headers of a request that may carry a credential.
fn credentials(api: &Api, request: &HttpRequest) -> Vec<(String, Secret)> {
    let named =
        |name: &str| api.credentials.iter().any(|one| one.header.eq_ignore_ascii_case(name));
    let headers = request.headers().iter().filter(|(name, _)| named(name.as_str()));
    headers
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), Secret::new(value.to_str().ok()?)))
        })
        .collect()
}

/// An answer as an HTTP response.
pub fn to_response(answer: &ApiAnswer) -> HttpResponse {
    let mut response = HttpResponse::build(status_of(answer.status));
    for (name, value) in &answer.headers {
        response.insert_header((*name, value.as_str()));
    }
    match &answer.body {
        ApiBody::Empty => response.finish(),
        ApiBody::Json(Json::Null) => response.content_type("application/json").body("null"),
        ApiBody::Json(json) => response.content_type("application/json").body(json.to_string()),
        ApiBody::Other(kind, text) => response.content_type(*kind).body(text.clone()),
    }
}
