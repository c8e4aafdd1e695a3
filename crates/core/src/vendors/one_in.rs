//! Something that happens to one of so many, at a random place among them. So it is rare, and still
//! happens in any long run.

use crate::chance::Chance;

/// Deals yes once in so many deals.
pub struct OneIn {
    of: u64,
    /// How many deals are left until the next ones are drawn.
    left: u64,
    /// At how many left the answer is yes.
    hit: u64,
}

impl OneIn {
    /// Yes once in this many deals, at least one.
    pub fn new(of: u64) -> Self {
        Self { of, left: 0, hit: 0 }
    }

    /// The next answer.
    pub fn deal(&mut self, chance: &mut Chance) -> bool {
        if self.left == 0 {
            self.left = self.of;
            self.hit = chance.between(1, self.of);
        }
        let hit = self.left == self.hit;
        self.left -= 1;
        hit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_round_has_one_yes_at_changing_places() {
        let mut chance = Chance::from_seed(4);
        let mut one = OneIn::new(7);
        let mut rounds = std::collections::BTreeSet::new();
        for _ in 0..60 {
            let round: Vec<bool> = (0..7).map(|_| one.deal(&mut chance)).collect();
            assert_eq!(round.iter().filter(|hit| **hit).count(), 1, "{round:?}");
            rounds.insert(round);
        }
        assert!(rounds.len() > 4, "{} different rounds", rounds.len());
    }
}
