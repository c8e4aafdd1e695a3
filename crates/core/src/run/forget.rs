//! Forgets subjects that are over, so that a run needs the same memory however long it lasts.
//!
//! The next webhooks have the same bytes as without it. Only whoever refers to a forgotten subject
//! notices: it is unknown. So it is an input, and a replay forgets the same subjects. The journal also names
//! them, for whoever repeats what the vendors did without the deliveries that decided it.

use std::collections::BTreeMap;

use super::{Channel, Run, record};
use crate::journal::{EntryKind, Ranges};
use crate::model::SubjectIndex;
use crate::sim::AccountIndex;

impl Run {
    /// Forgets the subjects to which nothing can happen any more, unless they have a name or a
    /// delivery that is kept. Does nothing unless there is a [limit](Run::limit), and until there
    /// are as many new subjects as are kept. So it costs the same for each subject, however many
    /// there are.
    pub fn forget_ended(&mut self) {
        let Some(deliveries) = self.deliveries.most() else { return };
        let is_due = |(account, channel): (AccountIndex, &Channel)| {
            channel.crowd.is_due(&self.sim, account, deliveries)
        };
        if self.channels.iter().enumerate().any(is_due) {
            self.forget_beyond(deliveries, Naming::Named);
        }
    }

    /// How many subjects an account knows: all that it has ever had, but the forgotten ones.
    pub fn subjects_kept(&self, account: AccountIndex) -> usize {
        self.channels[account].crowd.known(&self.sim, account)
    }

    /// Forgets the subjects that are over, except those of the last `deliveries` deliveries that are
    /// over, and of those that are not.
    fn forget_beyond(&mut self, deliveries: usize, naming: Naming) {
        let mut subjects = BTreeMap::new();
        for account in 0..self.channels.len() {
            let told = self.deliveries.last_over(deliveries).filter(|one| one.account == account);
            let told = told.map(|delivery| &delivery.webhook.subject);
            let forgotten = self.sim.forget_ended(account, told);
            let numbers: Ranges = forgotten.iter().map(|subject| subject.id(0, 1)).collect();
            if !numbers.is_empty() {
                subjects.insert(self.channels[account].name.to_string(), numbers);
            }
            self.note_forgotten(account, &forgotten);
        }
        let subjects = (naming == Naming::Named).then_some(subjects);
        self.record_input(record::run_context(), EntryKind::Forgot { deliveries, subjects });
    }

    /// The same for a replay: the entry names the subjects if the one that it repeats does.
    pub(super) fn forget_as(&mut self, deliveries: usize, named: Option<BTreeMap<String, Ranges>>) {
        let naming = if named.is_some() { Naming::Named } else { Naming::Unnamed };
        self.forget_beyond(deliveries, naming);
    }

    /// Forgets these subjects, by account, whatever deliveries are kept.
    pub(super) fn forget_again(&mut self, subjects: &BTreeMap<String, Ranges>) {
        for account in 0..self.channels.len() {
            let Some(numbers) = subjects.get(&*self.channels[account].name) else { continue };
            let is_one = |subject: SubjectIndex| numbers.contains(subject.id(0, 1));
            let forgotten = self.sim.forget_only(account, is_one);
            self.note_forgotten(account, &forgotten);
        }
    }

    fn note_forgotten(&mut self, account: AccountIndex, forgotten: &[SubjectIndex]) {
        self.channels[account].crowd.note(&self.sim, account, forgotten.len());
        for subject in forgotten {
            self.versions.forget((account, *subject));
        }
    }
}

/// Whether the journal names the subjects that are forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    /// It does.
    Named,
    /// It was written by an older version, and does not.
    Unnamed,
}
