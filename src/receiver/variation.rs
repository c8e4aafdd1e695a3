//! Variations of the defects: each bug in the list, but only at some requests or in one field. So a new
//! bug has its variations at once. Bugs of real receivers are seldom there all the time.
//!
//! What a request is like is noted before any vendor's part sees it. A request that no variation needs
//! to know about is not read ahead.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::{self, Bytes, Data};
use actix_web::{Error, error};

use super::defects::{Defect, defects};
use crate::clock::Stopwatch;

/// When a defect strikes, if not always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variation {
    /// At one request in ten: one of ten instances runs an old version.
    OnceInTen,
    /// While it is busier than a check can make it: a pool is exhausted, a cache is full.
    UnderLoad,
    /// In the handler of webhooks that create a subject.
    OnePath,
    /// In every other handler.
    OtherPaths,
    /// In one field.
    OneField(&'static str),
    /// At credentials that are right in this part.
    RightPart(Part),
}

/// What a receiver compares that compares credentials only in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The first half.
    FirstHalf,
    /// The second half.
    SecondHalf,
    /// A quarter at each end.
    Ends,
    /// Everything but the case of letters.
    Letters,
    /// Only as far as the sent credentials go.
    Beginning,
    /// Only as far as the right credentials go.
    AllAndMore,
}

impl Part {
    const ALL: [Self; 6] = [
        Self::FirstHalf,
        Self::SecondHalf,
        Self::Ends,
        Self::Letters,
        Self::Beginning,
        Self::AllAndMore,
    ];

    /// Its name in a variation's.
    fn name(self) -> &'static str {
        match self {
            Self::FirstHalf => "first-half",
            Self::SecondHalf => "second-half",
            Self::Ends => "ends",
            Self::Letters => "letters",
            Self::Beginning => "beginning",
            Self::AllAndMore => "all-and-more",
        }
    }

    /// The credentials that it lets pass. It completes the description of a defect.
    fn about(self) -> &'static str {
        match self {
            Self::FirstHalf => "only at credentials whose first half is right",
            Self::SecondHalf => "only at credentials whose second half is right",
            Self::Ends => "only at credentials whose first and last quarter are right",
            Self::Letters => "only at credentials that are right but for the case of letters",
            Self::Beginning => "only at credentials that the right ones begin with",
            Self::AllAndMore => "only at credentials that begin with the right ones",
        }
    }

    /// Whether these credentials agree with the right ones in this part.
    pub(super) fn agrees(self, sent: &str, right: &str) -> bool {
        let (sent, right) = (sent.as_bytes(), right.as_bytes());
        let begins = |length: usize| sent.get(..length) == right.get(..length);
        let ends = |length: usize| {
            let end =
                |text: &[u8]| text.len().checked_sub(length).map(|from| text[from..].to_vec());
            end(sent) == end(right)
        };
        let half = right.len().div_ceil(2);
        let quarter = right.len().div_ceil(4);
        !sent.is_empty()
            && match self {
                Self::FirstHalf => begins(half),
                Self::SecondHalf => ends(half),
                Self::Ends => begins(quarter) && ends(quarter),
                Self::Letters => sent.eq_ignore_ascii_case(right),
                Self::Beginning => right.starts_with(sent),
                Self::AllAndMore => sent.starts_with(right),
            }
    }
}

/// How many webhooks make it busy, within ten seconds. A check sends fewer to one vendor's part.
pub const BUSY: usize = 3000;
/// A load needs some seconds until the receiver is busy.
const BUSY_WITHIN: Duration = Duration::from_secs(10);
/// How much of a body is read ahead: as much as any vendor's part accepts.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// How the webhooks that create a subject are named in their bodies. doo's are named by their path.
const CREATIONS: [&str; 4] = [
    r#""positionCreated""#,
    r#""bookingConfirmation""#,
    r#""visit.created""#,
    r#""message.created""#,
];

/// The defects that accept any credentials. Each may accept only those that are right in some part.
const CREDENTIALS: [Defect; 4] = [
    Defect::AnyCredentialAccepted,
    Defect::SignatureIgnored,
    Defect::AnyTokenAccepted,
    Defect::SecretIgnored,
];

/// The defects that read or store several fields, and the fields.
const FIELDS: &[(Defect, &[&str])] = &[
    (
        Defect::MissingFieldCrashes,
        &["id", "status", "type", "label", "queue", "locale", "createdAt"],
    ),
    (Defect::MistypedFieldCrashes, &["id", "status", "numberOfPeople", "retryCount", "calledAt"]),
    (Defect::ServerErrorOnRefusal, &["id", "status", "numberOfPeople"]),
    (Defect::UnicodeMangled, &["guest", "feedback"]),
    (Defect::RefusalCrashes, &["id", "state", "partySize", "updated", "locationId"]),
    (Defect::OrderRefusalCrashes, &["id", "status", "amount", "attendees", "start_date"]),
    (Defect::OrderNameMangled, &["title", "first_name", "last_name"]),
];

impl Variation {
    /// Its name behind the defect's: `once-in-ten`.
    pub fn name(self) -> String {
        match self {
            Self::OnceInTen => "once-in-ten".into(),
            Self::UnderLoad => "under-load".into(),
            Self::OnePath => "one-path".into(),
            Self::OtherPaths => "other-paths".into(),
            Self::OneField(field) => format!("field={field}"),
            Self::RightPart(part) => format!("right={}", part.name()),
        }
    }

    /// When it strikes. It completes the description of a defect.
    pub fn about(self) -> String {
        match self {
            Self::OnceInTen => "at one request in ten".into(),
            Self::UnderLoad => format!(
                "after {BUSY} webhooks within {} seconds, which no check sends",
                BUSY_WITHIN.as_secs()
            ),
            Self::OnePath => "only at webhooks that create a subject".into(),
            Self::OtherPaths => "only at webhooks that create no subject".into(),
            Self::OneField(field) => format!("only in the field {field}"),
            Self::RightPart(part) => part.about().into(),
        }
    }
}

impl Defect {
    /// When it can strike, if not always.
    pub fn variations(self) -> Vec<Variation> {
        let fields = FIELDS.iter().filter(|(defect, _)| *defect == self);
        let fields = fields.flat_map(|(_, fields)| *fields).map(|field| Variation::OneField(field));
        let parts: &[Part] = if CREDENTIALS.contains(&self) { &Part::ALL } else { &[] };
        let parts = parts.iter().map(|part| Variation::RightPart(*part));
        let always =
            [Variation::OnceInTen, Variation::UnderLoad, Variation::OnePath, Variation::OtherPaths];
        always.into_iter().chain(fields).chain(parts).collect()
    }
}

/// Every defect with each of its variations.
pub fn variations() -> impl Iterator<Item = (Defect, Variation)> {
    defects().iter().flat_map(|one| one.variations().into_iter().map(|when| (*one, when)))
}

/// The defects of a vendor's part, and when each strikes.
#[derive(Clone, Debug, Default)]
pub(super) struct Defects(BTreeMap<Defect, Option<Variation>>);

impl Defects {
    /// The vendor's own among these.
    pub(super) fn of(
        vendor: &str,
        all: &BTreeSet<Defect>,
        varied: &BTreeMap<Defect, Variation>,
    ) -> Self {
        let own = all.iter().filter(|one| one.vendor() == vendor);
        Self(own.map(|one| (*one, varied.get(one).copied())).collect())
    }

    /// Whether the receiver has the defect at this request, in whatever field.
    pub(super) fn contains(&self, defect: &Defect) -> bool {
        self.strikes(*defect, None)
    }

    /// Whether it has the defect at this request, in this field.
    pub(super) fn strikes_in(&self, field: &str, defect: Defect) -> bool {
        self.strikes(defect, Some(field))
    }

    /// Whether it has the defect at this request, with these credentials.
    pub(super) fn accept(&self, defect: Defect, sent: &str, right: &str) -> bool {
        match self.part(defect) {
            Some(part) => part.agrees(sent, right),
            None => self.contains(&defect),
        }
    }

    /// What it compares, if the defect is that it compares only a part.
    pub(super) fn part(&self, defect: Defect) -> Option<Part> {
        match self.0.get(&defect) {
            Some(Some(Variation::RightPart(part))) => Some(*part),
            _ => None,
        }
    }

    fn strikes(&self, defect: Defect, at: Option<&str>) -> bool {
        match self.0.get(&defect) {
            None => false,
            Some(None) => true,
            Some(Some(Variation::OneField(field))) => at == Some(field),
            Some(Some(Variation::RightPart(_))) => false,
            // Nothing is noted about what happens outside a request.
            Some(Some(when)) => REQUEST.try_with(|request| request.meets(*when)).unwrap_or(false),
        }
    }
}

tokio::task_local! {
    /// The request that is being handled, if a variation needs it.
    static REQUEST: Request;
}

/// What variations need to know of a request.
struct Request {
    is_tenth: bool,
    is_creation: bool,
    is_busy: bool,
}

impl Request {
    fn meets(&self, when: Variation) -> bool {
        match when {
            Variation::OnceInTen => self.is_tenth,
            Variation::UnderLoad => self.is_busy,
            Variation::OnePath => self.is_creation,
            Variation::OtherPaths => !self.is_creation,
            Variation::OneField(_) | Variation::RightPart(_) => false,
        }
    }
}

/// The requests so far, for those that come.
#[derive(Debug, Default)]
pub(super) struct Requests(Mutex<Past>);

#[derive(Debug, Default)]
struct Past {
    count: u64,
    /// The last webhooks of each path of a vendor, up to [`BUSY`], oldest first.
    last: BTreeMap<String, VecDeque<Stopwatch>>,
}

impl Requests {
    /// Notes a request.
    fn next(&self, path: &str) -> (bool, bool) {
        let mut past = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        past.count += 1;
        let is_tenth = is_tenth(past.count);
        let vendor = path.strip_prefix("/webhooks/").and_then(|path| path.split('/').next());
        let Some(vendor) = vendor else { return (is_tenth, false) };
        let last = past.last.entry(vendor.to_owned()).or_default();
        last.push_back(Stopwatch::start());
        if last.len() > BUSY {
            last.pop_front();
        }
        let within = last.front().is_some_and(|first| first.elapsed() < BUSY_WITHIN);
        (is_tenth, last.len() == BUSY && within)
    }
}

/// One in ten, in no rhythm: a scenario sends its requests in a rhythm of its own.
fn is_tenth(count: u64) -> bool {
    let mixed = count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32).is_multiple_of(10)
}

/// Notes a request while it is handled.
pub(super) async fn note(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let path = request.path().to_owned();
    let body = request.extract::<web::Payload>().await?;
    let body = body.to_bytes_limited(BODY_BYTES_MAX).await;
    // Whoever breaks off, or sends more than anybody accepts, waits for no particular answer.
    let body: Bytes = body.map_err(|_| error::ErrorPayloadTooLarge("the body is too large"))??;
    let is_creation = path.ends_with("-created") || names_a_creation(&body);
    let (is_tenth, is_busy) =
        request.app_data::<Data<Requests>>().map_or((false, false), |past| past.next(&path));
    let whole = futures::stream::once(std::future::ready(Ok(body)));
    request.set_payload(Payload::Stream { payload: Box::pin(whole) });
    REQUEST.scope(Request { is_tenth, is_creation, is_busy }, next.call(request)).await
}

fn names_a_creation(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    CREATIONS.iter().any(|name| text.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_request_in_ten_is_struck_and_in_no_rhythm() {
        let struck: Vec<u64> = (1..=10_000).filter(|count| is_tenth(*count)).collect();
        assert!((900..=1100).contains(&struck.len()), "{}", struck.len());
        let gaps: BTreeSet<u64> = struck.windows(2).map(|two| two[1] - two[0]).collect();
        assert!(gaps.len() > 10, "{gaps:?}");
    }

    #[test]
    fn a_part_agrees_with_what_is_right_in_it_and_with_nothing_else() {
        let right = "k3y-Za9f";
        for (sent, agreeing) in [
            ("k3y-xxxx", &[Part::FirstHalf][..]),
            ("xxxxZa9f", &[Part::SecondHalf]),
            ("k3xxxx9f", &[Part::Ends]),
            ("K3Y-zA9f", &[Part::Letters]),
            ("k3y", &[Part::Beginning]),
            ("k3y-Za9f=", &[Part::FirstHalf, Part::AllAndMore]),
            (right, &Part::ALL),
            ("", &[]),
        ] {
            let found: Vec<Part> =
                Part::ALL.into_iter().filter(|part| part.agrees(sent, right)).collect();
            assert_eq!(found, agreeing, "{sent}");
        }
    }

    #[test]
    fn every_defect_has_variations_and_each_has_a_name_of_its_own() {
        let names: BTreeSet<String> =
            variations().map(|(one, when)| format!("{}@{}", one.name(), when.name())).collect();
        assert_eq!(names.len(), variations().count());
        assert!(defects().iter().all(|one| one.variations().len() >= 4));
    }

    #[test]
    fn busy_is_what_gets_many_webhooks_at_once() {
        let requests = Requests::default();
        let busy: Vec<bool> =
            (0..=BUSY).map(|_| requests.next("/webhooks/doo/order-created").1).collect();
        assert_eq!(busy.iter().filter(|busy| **busy).count(), 2, "the last of {BUSY} and one more");
    }
}
