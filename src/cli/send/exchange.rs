//! Prints a request before it is sent, and its answer.

use crate::cli::common;
use crate::cli::errors::{BROKEN, BUG, CliError, PASSED, UNREACHABLE};
use crate::model::{Failure, Outcome};
use crate::policy::Request;
use crate::policy::wire::SendResult;

/// Prints a request without its secrets.
pub fn show(request: &Request, trigger: &str) {
    say!("POST {}", request.shown_url(trigger));
    if let Some(url) = request.shown_signed_url(trigger) {
        say!("(signed for {url})");
    }
    for (name, value) in request.shown_headers() {
        say!("{name}: {value}");
    }
    match &request.shown_body {
        Some(body) => say!("{}", String::from_utf8_lossy(body)),
        None => say!("({} bytes)", request.body.len()),
    }
}

/// Prints the answer of the receiver at this URL, and returns the exit code.
pub fn print_answer(url: &str, carried: &SendResult) -> u8 {
    let took = crate::report::duration(carried.took);
    match &carried.answer {
        Some(answer) => {
            let reason = crate::report::reason(answer.status);
            let (status, outcome) = (answer.status, &carried.outcome);
            common::print_last(&format!("{status} {reason}  {outcome}  {took}\n"));
            // The receiver's text must not control the terminal.
            let text = crate::report::printable(&String::from_utf8_lossy(&answer.body));
            common::print_last(&format!("{text}\n"));
        }
        None => {
            common::print_last(&format!("{}  {took}\n", carried.outcome));
        }
    }
    match &carried.outcome {
        Outcome::Accepted => PASSED,
        Outcome::Failed(Failure::Local(_)) => BUG,
        Outcome::Failed(Failure::Unreachable(why)) => {
            CliError::Unreachable { url: url.to_owned(), why: why.clone() }.report();
            UNREACHABLE
        }
        _ => BROKEN,
    }
}
