//! What every driver of a run can do.

use std::time::Duration;

use super::{Driven, Driver};
use crate::journal::{Journal, JournalError};
use crate::run::Run;

/// Drives a run.
#[expect(
    async_fn_in_trait,
    reason = "each caller knows its driver, and whether its futures are Send"
)]
pub trait Drive {
    /// Reads something from the run.
    fn ask<T>(&self, question: impl FnOnce(&Run) -> T) -> T;

    /// Applies an input to the run.
    ///
    /// # Errors
    /// If the journal cannot be written.
    async fn input<T: Send + 'static>(
        &mut self,
        what: impl FnOnce(&mut Run) -> T + Send,
    ) -> Result<T, JournalError>;

    /// Sends what is due now, and waits for the answers.
    ///
    /// # Errors
    /// If the journal cannot be written.
    async fn send_due(&mut self) -> Driven;

    /// Lets virtual time pass: vendors act by themselves, and due attempts are made.
    ///
    /// # Errors
    /// If the journal cannot be written.
    async fn pass(&mut self, length: Duration) -> Driven;

    /// Makes every pending attempt, while the vendors' time stands still.
    ///
    /// # Errors
    /// If the journal cannot be written.
    async fn settle(&mut self) -> Driven;
}

impl<J: Journal> Drive for Driver<J> {
    fn ask<T>(&self, question: impl FnOnce(&Run) -> T) -> T {
        question(&self.run())
    }

    async fn input<T: Send + 'static>(
        &mut self,
        what: impl FnOnce(&mut Run) -> T + Send,
    ) -> Result<T, JournalError> {
        self.apply(what)
    }

    async fn send_due(&mut self) -> Driven {
        Driver::send_due(self).await
    }

    async fn pass(&mut self, length: Duration) -> Driven {
        Driver::pass(self, length).await
    }

    async fn settle(&mut self) -> Driven {
        Driver::settle(self).await
    }
}
