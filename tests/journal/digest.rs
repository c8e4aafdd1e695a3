//! The state of a run as text, to compare two of them. Secrets are `***` in both.

use std::fmt::Write as _;

use standin::run::Run;

/// All visible state that decides what happens next.
pub fn digest(run: &Run) -> String {
    let mut text = format!("{:?} {:?} {}\n", run.sim().now(), run.next(), run.in_flight());
    for delivery in run.deliveries().iter() {
        let _ = writeln!(text, "{delivery:?}");
    }
    for ticket in run.outstanding() {
        let _ = writeln!(
            text,
            "{} {} {} {:?} {:?} {:?}",
            ticket.id,
            ticket.delivery,
            ticket.attempt,
            ticket.at,
            ticket.kind,
            ticket.request.shown_body()
        );
    }
    for subject in run.sim().subjects(0) {
        let _ = writeln!(text, "{}", run.sim().truth(0, subject));
    }
    text
}
