//! One slot: asks the work what to send, sends it, and tells the result, one request at a time.

use std::rc::Rc;
use std::time::{Duration, Instant};

use standin_wire::{Failure, Http2, Next, Reply, Work};

use crate::clock;
use crate::config::{Config, Protocol};
use crate::link::Link;
use crate::message::{self, Buffers, Read};
use crate::run::Run;

/// What slots do alike.
pub(crate) struct Settings {
    protocol: Protocol,
    scheme: &'static str,
    within: Duration,
    connect_within: Duration,
    largest_reply: usize,
}

impl Settings {
    pub(crate) fn new(config: &Config) -> Self {
        Settings {
            protocol: config.protocol,
            scheme: if config.security.is_some() { "https" } else { "http" },
            within: config.request_timeout,
            connect_within: config.connect_timeout,
            largest_reply: config.largest_reply,
        }
    }
}

/// When a request was sent and its reply was complete.
struct Times {
    sent: Instant,
    received: Instant,
}

/// Serves a slot until the work has nothing more for it, or the run is stopped.
pub(crate) async fn serve<W: Work>(
    slot: usize,
    run: &Run<'_, W>,
    link: &Rc<Link>,
    settings: &Settings,
) {
    let mut request = Vec::new();
    let mut buffers = Buffers::default();
    while !run.is_stopped() {
        if let Some(at) = link.retry_at()
            && at > clock::now()
        {
            run.until(at).await;
            continue;
        }
        // A request does not wait for a connection that could have been made before.
        if link.wants_to_connect() {
            // If it fails, that is told with the next request.
            let _ = run.unless_stopped(link.connect()).await;
            continue;
        }
        match run.next(slot, &mut request) {
            Next::Send(tag) | Next::Prepare(tag) => {
                let exchange = exchange(&request, link, settings, &mut buffers);
                let result = run.unless_aborted(exchange).await.unwrap_or(Err(Failure::Aborted));
                run.done(slot, tag, result.map(|(read, times)| reply(&buffers, read, &times)));
                // A receiver that answers at once must not keep other slots and the ticks from running.
                tokio::task::consume_budget().await;
            }
            Next::WaitUntil(at) => run.until(at).await,
            Next::Idle => run.next_tick().await,
            Next::Finished => return,
        }
    }
}

fn reply<'a>(buffers: &'a Buffers, read: Read, times: &Times) -> Reply<'a> {
    Reply {
        status: read.status,
        head: &buffers.head,
        body: &buffers.body,
        cut: read.cut,
        early: false,
        sent: times.sent,
        received: times.received,
    }
}

async fn exchange(
    bytes: &[u8],
    link: &Rc<Link>,
    settings: &Settings,
    buffers: &mut Buffers,
) -> Result<(Read, Times), Failure> {
    let request = message::request(bytes, settings.protocol, settings.scheme)?;
    // Each try to connect has this limit already, and there are at most two.
    let lease = tokio::time::timeout(2 * settings.connect_within, link.lease());
    let mut lease = lease.await.unwrap_or(Err(Failure::ConnectTimedOut))?;
    let sent = clock::now();
    let deadline = sent + settings.within;
    let talk = async {
        let response = lease.send(request).await?;
        message::read(response, buffers, settings.largest_reply).await
    };
    let result = tokio::time::timeout_at(deadline.into(), talk).await;
    match result.unwrap_or(Err(Failure::TimedOut)) {
        Ok(read) => {
            let ends = !read.keep || (read.cut && settings.protocol == Protocol::Http1);
            if ends {
                link.retire(&lease.open);
            }
            link.replied(lease);
            Ok((read, Times { sent, received: clock::now() }))
        }
        // The other streams of the connection go on.
        Err(failure @ Failure::Http2(Http2::Reset)) => Err(failure),
        Err(failure) => {
            link.failed_on(&lease.open);
            link.retire(&lease.open);
            Err(lease.open.why(failure).await)
        }
    }
}
