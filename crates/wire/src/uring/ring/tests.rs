//! Claims about the ring's setups and its end. They say nothing where the kernel refuses io_uring.

use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

use super::*;
use crate::uring::probe;

fn ring(setup: Setup) -> Option<Ring> {
    probe::check().ok()?;
    let mut ring = Ring::new(4, setup).expect("a kernel that passes the check has every setup");
    ring.provide(Buffers::new(8, 64).unwrap()).unwrap();
    Some(ring)
}

#[test]
fn every_setup_of_a_kernel_that_has_the_best_one_passes_the_check() {
    if probe::check().is_ok_and(|features| features.setup == Setup::Deferred) {
        for setup in Setup::ALL {
            assert_eq!(probe::attempt(setup), Ok(()), "{setup:?}");
        }
    }
}

#[test]
fn operations_under_way_end_when_they_are_cancelled() {
    for setup in Setup::ALL {
        let Some(mut ring) = ring(setup) else { return };
        let (ours, theirs) = UnixStream::pair().unwrap();
        theirs.set_nonblocking(true).unwrap();
        // Filled up, so that a poll for room waits.
        while std::io::Write::write(&mut &theirs, &[0; 4096]).is_ok() {}
        ring.receive(Target::Descriptor(ours.as_raw_fd()), Mark::new(Kind::Receive, 0, 0)).unwrap();
        let full = Target::Descriptor(theirs.as_raw_fd());
        ring.poll_writable(full, Mark::new(Kind::Writable, 0, 1)).unwrap();
        assert_eq!(ring.in_flight, 2);
        ring.quiesce().unwrap();
        assert_eq!(ring.in_flight, 0);
        ring.ring.submitter().unregister_buf_ring(GROUP).unwrap();
        drop(ring.buffers.take());
    }
}

#[test]
fn a_cancelled_receive_says_so_once() {
    for setup in Setup::ALL {
        let Some(mut ring) = ring(setup) else { return };
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let mark = Mark::new(Kind::Receive, 7, 3);
        ring.receive(Target::Descriptor(ours.as_raw_fd()), mark).unwrap();
        ring.cancel([mark].into_iter()).unwrap();
        let mut completions = Vec::new();
        ring.enter(END_WAIT).unwrap();
        ring.take(&mut completions);
        let found: Vec<_> = completions.iter().map(|c| (c.mark, c.result, c.last)).collect();
        assert_eq!(found, [(mark, -Errno::CANCELED.raw_os_error(), true)]);
        assert_eq!(ring.in_flight, 0);
    }
}

#[test]
fn a_queue_that_is_full_is_submitted_and_goes_on() {
    let Some(mut ring) = ring(Setup::Plain) else { return };
    let (ours, _theirs) = UnixStream::pair().unwrap();
    for number in 0..200 {
        let target = Target::Descriptor(ours.as_raw_fd());
        ring.poll_writable(target, Mark::new(Kind::Writable, 0, number)).unwrap();
    }
    let mut completions = Vec::new();
    ring.enter(END_WAIT).unwrap();
    ring.take(&mut completions);
    assert_eq!(completions.len(), 200);
    assert_eq!(ring.in_flight, 0);
}

#[test]
fn a_broken_ring_does_nothing_more() {
    let Some(mut ring) = ring(Setup::Plain) else { return };
    ring.state = State::Broken;
    let target = Target::Descriptor(0);
    assert!(ring.poll_writable(target, Mark::new(Kind::Writable, 0, 0)).is_err());
    assert!(ring.enter(Duration::ZERO).is_err());
    assert!(ring.cancel(std::iter::empty()).is_err());
    // This one can still be ended properly.
    ring.state = State::Sound;
}
