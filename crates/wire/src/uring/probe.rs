//! Whether this kernel, in this container, does what the engine needs. It is tried on a pair of sockets: a
//! version number says little where system calls are filtered and features are ported back.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send};

use super::buffers::Buffers;
use super::operation::{Completion, Kind, Mark, Setup, Target};
use super::ring::Ring;

/// How long the kernel may take for what should be there at once.
const PATIENCE: Duration = Duration::from_millis(200);

/// What this kernel can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Features {
    pub(crate) setup: Setup,
}

/// The best setup that works, or why none does.
pub(crate) fn check() -> Result<Features, String> {
    let mut why = String::new();
    for setup in Setup::ALL {
        match attempt(setup) {
            Ok(()) => return Ok(Features { setup }),
            // The last setup asks for least, so its reason tells most.
            Err(reason) => why = reason,
        }
    }
    Err(why)
}

pub(crate) fn attempt(setup: Setup) -> Result<(), String> {
    let mut ring = Ring::new(1, setup).map_err(|error| format!("no ring: {error}"))?;
    let buffers = Buffers::new(4, 16).map_err(|error| error.to_string())?;
    ring.provide(buffers).map_err(|error| format!("no ring of provided buffers: {error}"))?;
    let (ours, theirs) = small_pair().map_err(|error| format!("no pair of sockets: {error}"))?;
    let target = Target::Descriptor(ours.as_raw_fd());
    receives_repeatedly(&mut ring, target, &theirs)
        .map_err(|error| format!("no multishot receive into provided buffers: {error}"))?;
    sends_without_waiting(&mut ring, target, &theirs)
        .map_err(|error| format!("sends do not end with their call: {error}"))
}

/// Connected sockets with little room.
fn small_pair() -> Result<(OwnedFd, OwnedFd), Errno> {
    let (ours, theirs) = rustix::net::socketpair(
        AddressFamily::UNIX,
        SocketType::STREAM,
        SocketFlags::CLOEXEC,
        None,
    )?;
    rustix::net::sockopt::set_socket_send_buffer_size(&ours, 16 * 1024)?;
    Ok((ours, theirs))
}

fn wrong(what: &str) -> io::Error {
    io::Error::other(what.to_owned())
}

fn next(ring: &mut Ring, wait: Duration) -> io::Result<Option<Completion>> {
    let mut completions = Vec::new();
    ring.enter(wait)?;
    ring.take(&mut completions);
    match completions.as_slice() {
        [] => Ok(None),
        [completion] => Ok(Some(*completion)),
        _ => Err(wrong("more completions than operations")),
    }
}

/// One operation must receive twice, each time into a buffer.
fn receives_repeatedly(ring: &mut Ring, target: Target, theirs: &OwnedFd) -> io::Result<()> {
    ring.receive(target, Mark::new(Kind::Receive, 0, 0))?;
    for text in [&b"one"[..], b"two"] {
        if next(ring, Duration::ZERO)?.is_some() {
            return Err(wrong("it completed without bytes"));
        }
        send(theirs, text, SendFlags::NOSIGNAL)?;
        let Some(completion) = next(ring, PATIENCE)? else {
            return Err(wrong("it did not complete"));
        };
        if completion.result < 0 {
            return Err(Errno::from_raw_os_error(-completion.result).into());
        }
        let buffer = completion.buffer.ok_or_else(|| wrong("it named no buffer"))?;
        if completion.last || ring.bytes(buffer, text.len()) != Some(text) {
            return Err(wrong("it ended early, or brought other bytes"));
        }
        ring.give_back(buffer);
        ring.publish();
    }
    Ok(())
}

/// A send must take what there is room for during its call. It must be silent about all bytes, tell about fewer,
/// and must not wait for room.
fn sends_without_waiting(ring: &mut Ring, target: Target, theirs: &OwnedFd) -> io::Result<()> {
    let mark = Mark::new(Kind::Send, 0, 0);
    let small = b"all of it";
    // SAFETY: `small` is a constant.
    unsafe { ring.send(target, small, mark) }?;
    if next(ring, Duration::ZERO)?.is_some() {
        return Err(wrong("a complete send was not silent"));
    }
    let mut got = [0; 32];
    let (_, length) = recv(theirs, &mut got[..], RecvFlags::DONTWAIT)?;
    if got[..length] != small[..] {
        return Err(wrong("a send was not complete after its call"));
    }
    // Far more than the socket takes. Leaked unless the kernel does as it should: then it may keep the pointer.
    let large = vec![b'x'; 1 << 20].into_boxed_slice();
    let result = overfill(ring, target, mark, &large);
    if result.is_err() {
        std::mem::forget(large);
    }
    result
}

fn overfill(ring: &mut Ring, target: Target, mark: Mark, large: &[u8]) -> io::Result<()> {
    // SAFETY: the caller keeps `large` until `enter` has returned, and for ever unless all is well.
    unsafe { ring.send(target, large, mark) }?;
    match next(ring, Duration::ZERO)?.map(|completion| completion.result) {
        Some(taken) if taken > 0 && (taken as usize) < large.len() => {}
        _ => return Err(wrong("a partial send was not told about")),
    }
    // SAFETY: as above.
    unsafe { ring.send(target, large, mark) }?;
    let full = -Errno::AGAIN.raw_os_error();
    match next(ring, Duration::ZERO)?.map(|completion| completion.result) {
        Some(result) if result == full => Ok(()),
        _ => Err(wrong("a send into a full socket was not refused")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The version of the running kernel, as far as it is comparable.
    fn version() -> (u32, u32) {
        let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
        let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map(|n| n.parse().unwrap());
        (numbers.next().unwrap(), numbers.next().unwrap())
    }

    /// Without this, a check that always fails would leave every other test to epoll.
    #[test]
    fn a_new_kernel_that_allows_rings_passes_the_check_with_the_best_setup() {
        let allowed = io_uring::IoUring::new(2).is_ok();
        if allowed && version() >= (6, 1) {
            assert_eq!(check(), Ok(Features { setup: Setup::Deferred }));
        }
    }
}
