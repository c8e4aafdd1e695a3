//! Recorded requests as HTTP Archive 1.2, which browsers and proxies open.
//!
//! Times are virtual. Where no answer came the status is 0 and `_outcome` says why. The format has
//! no bytes for the body of a request; one that is not UTF-8 is in `_base64` too. Secrets are `***`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use url::Url;

use super::recorded::Recorded;
use super::status::reason;

/// The whole archive.
pub fn render(requests: &[Recorded]) -> String {
    let entries: Vec<Json> = requests.iter().map(entry).collect();
    let archive = json!({
        "log": {
            "version": "1.2",
            "creator": { "name": "Standin", "version": env!("CARGO_PKG_VERSION") },
            "entries": entries,
        }
    });
    format!("{archive:#}\n")
}

fn entry(request: &Recorded) -> Json {
    let comment = format!("{} {} {}", request.vendor, request.trigger, request.request);
    json!({
        "startedDateTime": request.at,
        "time": request.milliseconds,
        "request": sent(request),
        "response": answered(request),
        "cache": {},
        "timings": { "send": 0, "wait": request.milliseconds, "receive": 0 },
        "comment": comment,
        "_run": request.run,
        "_account": request.account,
        "_subject": { "kind": request.kind, "id": request.id, "name": request.name },
        "_attempt": request.number,
        "_fault": request.fault,
        "_outcome": request.outcome,
    })
}

fn sent(request: &Recorded) -> Json {
    let mime = header(request, "content-type").unwrap_or("application/json");
    let text = String::from_utf8_lossy(&request.body);
    let mut post = json!({ "mimeType": mime, "params": [], "text": text });
    if std::str::from_utf8(&request.body).is_err() {
        post["_base64"] = STANDARD.encode(&request.body).into();
    }
    let url = Url::parse(&request.url).ok();
    let query = url.iter().flat_map(Url::query_pairs);
    json!({
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(request.headers.iter().map(|(name, value)| (&**name, &**value))),
        "queryString": headers(query.map(|(name, value)| (name.into_owned(), value.into_owned()))),
        "postData": post,
        "headersSize": -1,
        "bodySize": request.body.len(),
    })
}

fn answered(request: &Recorded) -> Json {
    let status = request.status.unwrap_or(0);
    // The journal has no headers of answers, so it does not know this one.
    let mut content = json!({ "size": request.answer.len(), "mimeType": "x-unknown" });
    match std::str::from_utf8(&request.answer) {
        Ok(text) => content["text"] = text.into(),
        Err(_) => {
            content["text"] = STANDARD.encode(&request.answer).into();
            content["encoding"] = "base64".into();
        }
    }
    json!({
        "status": status,
        "statusText": request.status.map_or("", reason),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [],
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": if request.status.is_some() { request.answer.len() as i64 } else { -1 },
        "comment": request.why,
    })
}

fn headers<T: Into<Json>>(pairs: impl Iterator<Item = (T, T)>) -> Vec<Json> {
    let pair = |(name, value): (T, T)| json!({ "name": name.into(), "value": value.into() });
    pairs.map(pair).collect()
}

fn header<'a>(request: &'a Recorded, wanted: &str) -> Option<&'a str> {
    let mut headers = request.headers.iter();
    headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| &**value)
}
