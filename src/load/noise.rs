//! Whether a difference between two runs is more than noise.
//!
//! Seconds of one run differ, too. If those of two runs are as mixed as they would be by chance, the
//! difference between the runs says nothing.

/// How likely it is by chance alone that the new values are as much larger than the old ones, or more:
/// the Mann–Whitney U test, one-sided, by the normal approximation with ties and continuity corrected.
pub fn by_chance(old: &[f64], new: &[f64]) -> f64 {
    let (few, many) = (old.len() as f64, new.len() as f64);
    let all = few + many;
    let mut ranked: Vec<(f64, bool)> = old.iter().map(|value| (*value, false)).collect();
    ranked.extend(new.iter().map(|value| (*value, true)));
    ranked.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut rank_sum, mut ties, mut before) = (0.0, 0.0, 0);
    for equal in ranked.chunk_by(|one, other| one.0 == other.0) {
        let size = equal.len() as f64;
        let rank = before as f64 + (size + 1.0) / 2.0;
        rank_sum += rank * equal.iter().filter(|(_, is_new)| *is_new).count() as f64;
        ties += size * size * size - size;
        before += equal.len();
    }
    let above = rank_sum - many * (many + 1.0) / 2.0;
    let variance = few * many / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)).max(1.0));
    if variance <= 0.0 {
        return 1.0;
    }
    upper_tail((above - few * many / 2.0 - 0.5) / variance.sqrt())
}

/// More than this many are counted by the normal approximation.
const MOST_EXACT: u64 = 10_000;

/// How likely it is by chance alone that the new share is as much larger, or more: Fisher's exact test,
/// one-sided, or for many cases its normal approximation with continuity corrected. A share is a count
/// and what it is a part of.
pub fn share_by_chance(old: (u64, u64), new: (u64, u64)) -> f64 {
    let (cases, all) = (old.0 + new.0, old.1 + new.1);
    if cases == 0 || cases >= all || old.1 == 0 || new.1 == 0 {
        return 1.0;
    }
    if cases > MOST_EXACT {
        let part = new.1 as f64 / all as f64;
        let expected = cases as f64 * part;
        let variance = expected * (1.0 - part) * (all - cases) as f64 / (all - 1) as f64;
        return upper_tail((new.0 as f64 - expected - 0.5) / variance.sqrt());
    }
    let ways = |of: u64, some: u64| {
        let factorial = |number: u64| libm::lgamma(number as f64 + 1.0);
        factorial(of) - factorial(some) - factorial(of - some)
    };
    let chance = |new_cases: u64| {
        let log = ways(new.1, new_cases) + ways(old.1, cases - new_cases) - ways(all, cases);
        log.exp()
    };
    let possible = new.0.max(cases.saturating_sub(old.1))..=cases.min(new.1);
    possible.map(chance).sum::<f64>().min(1.0)
}

/// A count as a share of what it is a part of.
pub fn share((count, all): (u64, u64)) -> f64 {
    if all == 0 { 0.0 } else { count as f64 / all as f64 }
}

/// The part of the normal distribution above this many standard deviations.
fn upper_tail(deviations: f64) -> f64 {
    libm::erfc(deviations / std::f64::consts::SQRT_2) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values from SciPy 1.17: `mannwhitneyu(new, old, alternative="greater", method="asymptotic")`.
    #[test]
    fn the_test_agrees_with_another_implementation() {
        let cases: &[(&[f64], &[f64], f64)] = &[
            (&[1.0, 2.0, 3.0, 4.0, 5.0], &[6.0, 7.0, 8.0, 9.0, 10.0], 0.006_092_890_177_672_406),
            (&[1.0, 2.0, 2.0, 3.0, 3.0], &[2.0, 3.0, 3.0, 4.0, 9.0, 1.0], 0.172_156_145_130_438_44),
            (&[5.0, 6.0, 7.0, 8.0, 9.0, 9.5], &[5.5, 6.5, 7.5, 8.5, 9.2], 0.536_367_763_237_383_9),
        ];
        for (old, new, wanted) in cases {
            let found = by_chance(old, new);
            assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
        }
    }

    /// Values from the definition, in whole numbers: the sum of `C(n, x) C(o, k - x) / C(n + o, k)`.
    #[test]
    fn the_test_of_shares_is_exact() {
        for (old, new, wanted) in [
            ((0, 1000), (6, 1000), 0.015507929980894002),
            ((3, 50), (9, 40), 0.023800733548690094),
            ((9, 40), (3, 50), 0.9957664426680198),
        ] {
            let found = share_by_chance(old, new);
            assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
        }
        let exact = share_by_chance((4900, 99_000), (5100, 99_000));
        assert!((exact - 0.020561).abs() < 1e-5, "{exact}");
        // Beyond the most that is counted exactly, it hardly differs.
        let approximate = share_by_chance((5000, 100_000), (5200, 100_000));
        assert!((approximate - 0.021552).abs() < 1e-4, "{approximate}");
    }

    #[test]
    fn equal_runs_differ_by_chance() {
        assert_eq!(by_chance(&[3.0; 8], &[3.0; 8]), 1.0);
        let mixed: Vec<f64> = (0..40).map(|place| f64::from(place * 7 % 11)).collect();
        assert!(by_chance(&mixed[..20], &mixed[20..]) > 0.05);
        assert_eq!(share_by_chance((0, 1000), (0, 1000)), 1.0);
        assert!(share_by_chance((0, 1000), (2, 1000)) > 0.01);
    }

    #[test]
    fn a_clear_difference_is_no_chance_and_an_improvement_is_no_difference() {
        let (low, high) = ([1.0, 1.1, 1.2, 1.3, 1.4, 1.5], [2.0, 2.1, 2.2, 2.3, 2.4, 2.5]);
        assert!(by_chance(&low, &high) < 0.01);
        assert!(by_chance(&high, &low) > 0.99);
        assert!(share_by_chance((5, 1000), (60, 1000)) < 0.001);
        assert!(share_by_chance((60, 1000), (5, 1000)) > 0.999);
    }
}
