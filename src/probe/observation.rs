//! A request of a probe and what came back, as they were on the wire. A probe that is wrong shows itself
//! in them.

use std::time::Duration;

use hyper::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue, LOCATION};

use super::{Absence, ID, Probe, ProbeReading, Prober, trouble};
use crate::delivery::client::Answering;
use crate::delivery::connection::Body;
use crate::delivery::{ANSWER_LIMIT, location};
use crate::model::unreadable;
use crate::policy::url;

/// How long a body is waited for if the status alone says what the answer means.
const BODY_WITHIN: Duration = Duration::from_millis(250);

/// A request of a probe and what came back. Its body is as it came, since it is compared with what the
/// vendor knows: [`Prober::secrets`] masks what is shown of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observation {
    /// Where it went, without the secrets that its query may have.
    pub url: String,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// The `Location` of the answer, if it has one.
    pub location: Option<String>,
    /// The body of the answer, as far as it came and is not too large.
    pub body: Vec<u8>,
}

impl Prober {
    /// Reads the subject of this id once. Says what the answer means, and what it was.
    pub async fn observe(&self, probe: &Probe, id: &str) -> (ProbeReading, Observation) {
        let url = self.secrets.text(&url::shown(&probe.url, &[ID]).replace(ID, id));
        let mut seen = Observation { url, ..Observation::default() };
        let read = tokio::time::timeout(self.within, self.read(probe, id, &mut seen)).await;
        let late = || ProbeReading::Trouble(format!("no answer within {:?}", self.within));
        (read.unwrap_or_else(|_| late()), seen)
    }

    async fn read(&self, probe: &Probe, id: &str, seen: &mut Observation) -> ProbeReading {
        let url = match self.allowed.check(&probe.url.replace(ID, id)) {
            Ok(url) => url,
            Err(problem) => return ProbeReading::Trouble(problem.to_string()),
        };
        let headers = match headers(probe) {
            Ok(headers) => headers,
            Err(error) => return ProbeReading::Trouble(error.to_string()),
        };
        let make = || {
            let mut request = hyper::Request::new(Body::default());
            request.headers_mut().clone_from(&headers);
            Ok(request)
        };
        let mut answering = match self.client.send(&url, make).await {
            Ok(answering) => answering,
            Err(failure) => return trouble(failure),
        };
        let status = answering.status;
        seen.status = Some(status);
        let location = answering.headers.get(LOCATION);
        seen.location = location.map(|value| location::shown(value.as_bytes(), &self.secrets));
        let meaning = if probe.absent.has_status(status) {
            Some(ProbeReading::Absent(Absence::Status(status)))
        } else if (200..300).contains(&status) {
            None
        } else {
            Some(ProbeReading::Trouble(format!("the probe answered {status}")))
        };
        let body = receive(&mut answering, &mut seen.body);
        if let Some(meaning) = meaning {
            // The body only tells a person more.
            let _ = tokio::time::timeout(BODY_WITHIN, body).await;
            return meaning;
        }
        if let Err(why) = body.await {
            return why;
        }
        match serde_json::from_slice(&seen.body) {
            Ok(json) => probe.understand(&json),
            Err(error) => {
                let why = match seen.body.trim_ascii_start().first() {
                    Some(b'<') => {
                        "is not JSON: it begins with `<`, as a page in HTML does".to_owned()
                    }
                    _ => unreadable::json(&error),
                };
                ProbeReading::Trouble(format!("the probe's answer {why}"))
            }
        }
    }
}

/// A request of a probe as it is sent. Its own `Accept` takes the place of the usual one.
fn headers(probe: &Probe) -> Result<HeaderMap, hyper::http::Error> {
    let mut headers = HeaderMap::new();
    for (name, value) in &probe.headers {
        headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value.reveal())?);
    }
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
    Ok(headers)
}

async fn receive(answering: &mut Answering, body: &mut Vec<u8>) -> Result<(), ProbeReading> {
    loop {
        match answering.piece().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > ANSWER_LIMIT => {
                let why = "the probe's answer is too large".to_owned();
                return Err(ProbeReading::Trouble(why));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(()),
            Err(failure) => return Err(trouble(failure)),
        }
    }
}

impl Probe {
    /// The places of this probe at which an answer has nothing: the field (or `effects`), and the place.
    pub fn unmatched(&self, answer: &serde_json::Value) -> Vec<(&str, String)> {
        let fields = self.fields.iter().map(|(field, path)| (field.as_str(), path));
        let places = fields.chain(self.effects.iter().map(|path| ("effects", path)));
        let nothing = places.filter(|(_, path)| path.query(answer).is_empty());
        nothing.map(|(field, path)| (field, path.to_string())).collect()
    }
}
