//! The limit of open files: each connection takes one, and a receiver must not be blamed for ours.

/// How many open files are kept for everything but connections: the terminal, the journal, the reports, the
/// runtime.
const KEPT: u64 = 32;

/// How many open files a scenario of the contract takes at the most, for its requests, probes and calls of
/// an API.
const OF_SCENARIO: u64 = 4;

/// Raises the limit as far as this process may.
pub fn raise() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        if current != maximum {
            // Where that is refused, the lower limit holds, and is asked for.
            let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
        }
    }
}

/// How many files may be open. None: as many as one likes.
fn open_files() -> Option<u64> {
    #[cfg(unix)]
    return rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(unix))]
    None
}

/// How many scenarios run at the same time if so many are wished for. Says so if it is fewer.
pub fn jobs(wished: usize) -> usize {
    within(wished, OF_SCENARIO, "scenarios run at the same time")
}

/// How many connections a load has if so many are wished for. Says so if it is fewer.
#[cfg(target_os = "linux")]
pub fn connections(wished: usize) -> usize {
    within(wished, 1, "connections are used")
}

fn within(wished: usize, each: u64, what: &str) -> usize {
    let Some(limit) = open_files() else { return wished };
    let most = most(limit, each);
    if wished <= most {
        return wished;
    }
    say!(
        "warning: this process may have {limit} open files, so {most} {what} instead of {wished} \
         (`ulimit -n` sets the limit)"
    );
    most
}

fn most(limit: u64, each: u64) -> usize {
    let most = limit.saturating_sub(KEPT) / each;
    usize::try_from(most).unwrap_or(usize::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_room_for_other_files() {
        assert_eq!(most(64, OF_SCENARIO), 8);
        assert_eq!(most(1024, 1), 992);
        assert_eq!(most(10, OF_SCENARIO), 1);
    }
}
