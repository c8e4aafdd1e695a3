//! Whether an answer counts as accepted, refused or failed.

use crate::model::{Accepted, Failure, Outcome};

/// The outcome of an answer with this status, under a vendor's rule for accepted answers.
pub fn judge(accepted: Accepted, status: u16) -> Outcome {
    let is_accepted = match accepted {
        Accepted::Any2xx => (200..300).contains(&status),
        Accepted::Exactly200 => status == 200,
    };
    match status {
        _ if is_accepted => Outcome::Accepted,
        300..400 => Outcome::Failed(Failure::Redirected(None)),
        400..500 => Outcome::Refused,
        500..600 => Outcome::Failed(Failure::ServerError),
        _ => Outcome::Failed(Failure::UnexpectedStatus),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accepted_statuses_depend_on_the_vendor() {
        let cases = [
            (200, "accepted", "accepted"),
            (204, "accepted", "unexpected-status"),
            (302, "redirected", "redirected"),
            (404, "refused", "refused"),
            (503, "server-error", "server-error"),
            (100, "unexpected-status", "unexpected-status"),
            (999, "unexpected-status", "unexpected-status"),
        ];
        for (status, any, exactly) in cases {
            assert_eq!(judge(Accepted::Any2xx, status).name(), any, "{status}");
            assert_eq!(judge(Accepted::Exactly200, status).name(), exactly, "{status}");
        }
    }
}
