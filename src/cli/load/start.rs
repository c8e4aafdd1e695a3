//! `--start-at`: shards on several machines begin at the same moment.

use std::time::Duration;

use jiff::Timestamp;

use crate::cli::errors::CliError;
use crate::clock::{self, Moment};
use crate::load::{Plan, rate};

/// The longest wait. A time further away is a mistake.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Reads a time.
pub(super) fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "it takes a time such as 2031-05-01T09:00:00Z".to_owned())
}

/// The moment that is meant.
pub(super) fn moment(time: Timestamp) -> Result<Moment, CliError> {
    let Some(moment) = clock::moment_of(time) else {
        let why = format!("--start-at {time} has passed: nothing was sent");
        return Err(CliError::Usage(why));
    };
    let left = clock::until(moment);
    if left > LONGEST {
        let left = rate::shown(Duration::from_secs(left.as_secs()));
        return Err(CliError::Usage(format!("--start-at {time} is in {left}; a day is the most")));
    }
    Ok(moment)
}

/// What a person sees while a load waits for its start. None if it has come.
pub(super) fn waiting(start: Moment) -> Option<String> {
    let left = clock::until(start).as_secs_f64().ceil();
    (left > 0.0).then(|| {
        format!("starts in {}; Ctrl-C ends it", rate::shown(Duration::from_secs_f64(left)))
    })
}

/// A run that was ended before its start has no results.
pub(super) fn must_have_come(plan: &Plan) -> Result<(), CliError> {
    match plan.start_at.is_some_and(|start| !clock::until(start).is_zero()) {
        true => Err(CliError::Usage("ended before --start-at: nothing was sent".to_owned())),
        false => Ok(()),
    }
}
