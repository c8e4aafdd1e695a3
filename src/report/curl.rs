//! A recorded request as a line for a shell. Secrets are `***` in it, so they must be put in first.

use super::recorded::Recorded;
use crate::text::shell;

/// One comment and one line. A body that a shell cannot hold goes through base64.
pub fn render(request: &Recorded) -> String {
    let headers = request.headers.iter().map(|(name, value)| (&**name, &**value));
    let line = shell::request(&request.method, &request.url, headers, &request.body);
    format!("# {}\n{line}\n", super::printable(&comment(request)).replace('\n', " "))
}

fn comment(request: &Recorded) -> String {
    let Recorded { at, vendor, trigger, kind, id, number, why, .. } = request;
    let what = match &*request.request {
        "webhook" => String::new(),
        other => format!(" ({other})"),
    };
    format!("{at} {vendor} {trigger} {kind} {id}, attempt {number}{what}: {why}")
}
