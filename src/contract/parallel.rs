//! Work on many things at the same time.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What becomes of each of these, in their order. As many threads work on them as there are cores.
pub fn each<T: Sync, U: Send>(items: &[T], work: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let next = AtomicUsize::new(0);
    let some = || {
        let taken = std::iter::from_fn(|| {
            let place = next.fetch_add(1, Ordering::Relaxed);
            items.get(place).map(|item| (place, work(item)))
        });
        taken.collect::<Vec<(usize, U)>>()
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut all = thread::scope(|scope| {
        let others: Vec<_> = (1..cores.min(items.len())).map(|_| scope.spawn(some)).collect();
        let mut all = some();
        for other in others {
            all.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        all
    });
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, done)| done).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_stays() {
        let numbers: Vec<usize> = (0..1000).collect();
        assert_eq!(each(&numbers, |number| number + 1), (1..1001).collect::<Vec<_>>());
        assert_eq!(each(&[], |number: &usize| *number), Vec::<usize>::new());
    }

    #[test]
    #[should_panic(expected = "seven")]
    fn a_panic_is_passed_on() {
        each(&[1, 7, 3], |number| assert_ne!(*number, 7, "seven"));
    }
}
