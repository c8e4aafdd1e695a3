//! The tokens of one vendor in one thread: one is asked for, and the others wait for it.

use std::time::Duration;

use crate::clock::Moment;
use crate::model::Secret;
use crate::model::policy::TokenUse;
use crate::policy::token::Token;

/// The tokens of one vendor.
#[derive(Debug, Default)]
pub struct Tokens {
    kept: Option<(Secret, Option<Moment>)>,
    asking: bool,
}

/// What a webhook that needs a token does.
#[derive(Debug, PartialEq)]
pub enum Need {
    /// It takes this one.
    Has(Secret),
    /// It asks for one.
    Asks,
    /// It waits for one that was asked for.
    Waits,
}

impl Tokens {
    /// A webhook needs a token now.
    pub fn need(&mut self, usage: TokenUse, now: Moment) -> Need {
        if usage == TokenUse::PerAttempt {
            return Need::Asks;
        }
        if self.asking {
            return Need::Waits;
        }
        match &self.kept {
            Some((secret, until)) if until.is_none_or(|until| now < until) => {
                Need::Has(secret.clone())
            }
            _ => {
                self.asking = true;
                Need::Asks
            }
        }
    }

    /// A request for a token has been answered with this one, or with none.
    pub fn answered(&mut self, usage: TokenUse, token: Option<&Token>, now: Moment) {
        let TokenUse::Cached { margin } = usage else { return };
        self.asking = false;
        self.kept = token.map(|token| {
            let used = |lives: Duration| now + lives.saturating_sub(margin);
            (token.secret.clone(), token.lives.map(used))
        });
    }

    /// Drops a token that was refused, if it is the one that is kept.
    pub fn drop_refused(&mut self, token: &Secret) {
        self.kept.take_if(|(kept, _)| kept == token);
    }
}
