//! Forgets subjects that are over, so that a run needs the same memory however long it lasts.
//!
//! The next webhooks have the same bytes as without it. Only whoever refers to a forgotten subject
//! notices: it is unknown. So it is an input, and a replay forgets the same subjects.

use super::{Run, record};
use crate::journal::EntryKind;
use crate::sim::AccountIndex;

/// The fewest new subjects that are worth a search for those that are over.
const FEWEST: usize = 100;

impl Run {
    /// Forgets the subjects to which nothing can happen any more, unless they have a name or a
    /// delivery that is kept. Does nothing unless there is a [limit](Run::limit), and until there
    /// are as many new subjects as are kept. So it costs the same for each subject, however many
    /// there are.
    pub fn forget_ended(&mut self) {
        let Some(deliveries) = self.deliveries.most() else { return };
        let grown = |account: AccountIndex| {
            let had = self.sim.subjects(account).len();
            let new = had - self.channels[account].forgetting.had;
            new >= FEWEST.max(deliveries).max(self.subjects_kept(account) - new)
        };
        if (0..self.channels.len()).any(grown) {
            self.forget_beyond(deliveries);
        }
    }

    /// How many subjects an account knows: all that it has ever had, but the forgotten ones.
    pub fn subjects_kept(&self, account: AccountIndex) -> usize {
        self.sim.subjects(account).len() - self.channels[account].forgetting.forgotten
    }

    /// Forgets the subjects that are over, except those of the last `deliveries` deliveries that are
    /// over, and of those that are not.
    pub(super) fn forget_beyond(&mut self, deliveries: usize) {
        self.record_input(record::run_context(), EntryKind::Forgot { deliveries });
        for account in 0..self.channels.len() {
            let told = self.deliveries.last_over(deliveries).filter(|one| one.account == account);
            let told = told.map(|delivery| &delivery.webhook.subject);
            let forgotten = self.sim.forget_ended(account, told);
            let forgetting = &mut self.channels[account].forgetting;
            forgetting.had = self.sim.subjects(account).len();
            forgetting.forgotten += forgotten.len();
            for subject in forgotten {
                self.versions.forget((account, subject));
            }
        }
    }
}
