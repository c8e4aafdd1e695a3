//! All randomness and all ids, from one printed seed.
//!
//! Every purpose gets a child stream of its own, so that drawing more for one never shifts
//! another. The generator (PCG) and every mapping from its bits to a value are fixed here, and
//! logarithms come from a software library, so that the same seed gives the same bytes on every
//! platform and in every release. None of it is fit for cryptography.

use std::time::Duration;

use rand_core::{Infallible, Rng as _, SeedableRng, TryRng};
use rand_pcg::Pcg64Mcg;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A stream of chance.
#[derive(Clone, Debug)]
pub struct Chance {
    key: [u8; 32],
    generator: Pcg64Mcg,
}

const ALPHANUMERIC: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl Chance {
    /// The stream of a seed.
    pub fn from_seed(seed: u64) -> Self {
        Self::from_key(Sha256::digest(seed.to_le_bytes()).into())
    }

    /// The child stream for a purpose. It depends on the seed and the purpose alone, not on what
    /// has been drawn so far.
    pub fn child(&self, purpose: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(self.key);
        hasher.update(purpose.as_bytes());
        Self::from_key(hasher.finalize().into())
    }

    fn from_key(key: [u8; 32]) -> Self {
        let mut state = [0; 16];
        state.copy_from_slice(&key[..16]);
        Self { key, generator: Pcg64Mcg::from_seed(state) }
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// A whole number from 0 to `limit - 1`; 0 if the limit is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        // The bias of a plain widening multiplication is under 2^-32 for the limits used here.
        ((u128::from(self.bits()) * u128::from(limit)) >> 64) as u64
    }

    /// A whole number from `least` to `most`, both included.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// A number from 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// True in this share of draws.
    pub fn happens(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// One of these.
    ///
    /// # Panics
    /// If there are none: a bug.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    /// Shuffles these.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            list.swap(end, self.below(end as u64 + 1) as usize);
        }
    }

    /// An exponentially distributed wait with this mean: the time to the next arrival. It is cut
    /// off at the longest length of time.
    pub fn exponential(&mut self, mean: Duration) -> Duration {
        times(mean, -libm::log(1.0 - self.unit()))
    }

    /// A skewed length of time: log-normal around this median. A spread of 0.5 puts two thirds
    /// of them between 0.6 and 1.65 times the median. At most 20 times the median.
    pub fn skewed(&mut self, median: Duration, spread: f64) -> Duration {
        times(median, libm::exp(spread * self.normal()).min(20.0))
    }

    /// A normally distributed number with mean 0 and deviation 1.
    fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(std::f64::consts::TAU * self.unit())
    }

    /// A version 4 UUID.
    pub fn uuid(&mut self) -> Uuid {
        let bits = (u128::from(self.bits()) << 64) | u128::from(self.bits());
        uuid::Builder::from_u128(bits)
            .with_variant(uuid::Variant::RFC4122)
            .with_version(uuid::Version::Random)
            .into_uuid()
    }

    /// Letters and digits.
    pub fn alphanumeric(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(*self.pick(ALPHANUMERIC))).collect()
    }
}

fn times(length: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(length.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}

// Lets the library `fake` draw from our stream.
impl TryRng for Chance {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.generator.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.generator.next_u64())
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        self.generator.fill_bytes(target);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_values_in_every_release() {
        let mut chance = Chance::from_seed(42);
        // Computed independently of this code: SHA-256 of the seed into PCG-XSL-RR 128/64 (MCG).
        assert_eq!(chance.uuid().to_string(), "26a18ff1-e57e-4325-8772-69b582f5f939");
        assert_eq!(chance.alphanumeric(20), "oREHq4M2R1xSGR30ZGqr");
        assert_eq!(chance.exponential(Duration::from_secs(60)).as_millis(), 25899);
        assert_eq!(chance.child("staff").below(1_000_000), 221_010);
    }

    #[test]
    fn a_child_does_not_depend_on_what_was_drawn_before() {
        let mut one = Chance::from_seed(7);
        let two = Chance::from_seed(7);
        one.bits();
        assert_eq!(one.child("people").bits(), two.child("people").bits());
        assert_ne!(two.child("people").bits(), two.child("staff").bits());
    }

    #[test]
    fn a_wait_is_never_longer_than_a_length_of_time_can_be() {
        let mut chance = Chance::from_seed(1);
        for _ in 0..100 {
            assert!(chance.exponential(Duration::MAX) <= Duration::MAX);
            assert!(chance.skewed(Duration::MAX, 0.5) <= Duration::MAX);
        }
    }

    #[test]
    fn draws_stay_within_their_bounds() {
        let mut chance = Chance::from_seed(1);
        for _ in 0..10_000 {
            assert!((3..=5).contains(&chance.between(3, 5)));
            assert!((0.0..1.0).contains(&chance.unit()));
            assert!(chance.skewed(Duration::from_secs(60), 0.5) <= Duration::from_secs(1200));
        }
        assert_eq!(chance.below(0), 0);
        assert!(!chance.happens(0.0) && chance.happens(1.0));
    }
}
