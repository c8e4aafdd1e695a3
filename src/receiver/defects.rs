//! The bugs that the receiver can be told to have: their names and what each does. The bugs
//! themselves stand in the code at the point where a team would make them.

use std::time::Duration;

/// Declares the enum and its table together, so that a defect is one entry and cannot lack a text.
macro_rules! defects {
    ($($variant:ident $vendor:literal $name:literal $about:literal)+) => {
        /// A bug that teams really make, which the receiver can be told to have.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Defect { $(#[doc = $about] $variant,)+ }

        /// Every defect, in the order in which they are listed to a user.
        pub fn defects() -> &'static [Defect] {
            &[$(Defect::$variant,)+]
        }

        impl Defect {
            /// Its name on the command line: `creation-required`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The vendor whose contract catches it: `ombori`.
            pub fn vendor(self) -> &'static str {
                match self { $(Self::$variant => $vendor,)+ }
            }

            /// What the receiver does wrong, as the end of "the receiver …".
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)+ }
            }
        }
    };
}

impl Defect {
    /// The defect of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        defects().iter().copied().find(|defect| defect.name() == name)
    }
}

defects! {
    CredentialsIgnored "ombori" "credentials-ignored"
        "looks at no credentials"
    AnyCredentialAccepted "ombori" "any-credential-accepted"
        "asks for the header, but takes any value in it"
    Redirects "ombori" "redirects"
        "answers 308 with the same address and a slash"
    SlowAcknowledgement "ombori" "slow-acknowledgement"
        "applies at once, but answers after 30 seconds"
    AcknowledgedAndForgotten "ombori" "acknowledged-and-forgotten"
        "answers 200 to positionCompleted and drops it"
    ServerErrorOnRefusal "ombori" "server-error-on-refusal"
        "answers 500 instead of 4xx to any invalid body"
    CorruptBodyAcknowledged "ombori" "corrupt-body-acknowledged"
        "answers 200 to a body that is not JSON"
    CorruptBodyApplied "ombori" "corrupt-body-applied"
        "takes id and status by text search from a body that is not JSON, and applies them"
    MissingFieldCrashes "ombori" "missing-field-crashes"
        "answers 500 when a field is missing"
    MistypedFieldCrashes "ombori" "mistyped-field-crashes"
        "answers 500 when a field is null or of another type"
    MissingStatusDefaulted "ombori" "missing-status-defaulted"
        "reads a missing or null status as pending"
    ExtraFieldFails "ombori" "extra-field-fails"
        "answers 500 to a field of the position that it does not know"
    MessageRequired "ombori" "message-required"
        "answers 500 when message is null or absent"
    LocationObjectExpected "ombori" "location-object-expected"
        "answers 500 when location is a string"
    RegistrationObjectExpected "ombori" "registration-object-expected"
        "answers 500 when registrationData is an array"
    NullStationCrashes "ombori" "null-station-crashes"
        "answers 500 when station is null"
    EmptyLabelRefused "ombori" "empty-label-refused"
        "refuses a position without a label, as bookings are until they are activated"
    ManualTypeRefused "ombori" "manual-type-refused"
        "refuses tickets that staff issued"
    LongTextFails "ombori" "long-text-fails"
        "answers 500 when the feedback message is longer than 255 characters"
    UnicodeMangled "ombori" "unicode-mangled"
        "stores ? for every character beyond ASCII in the guest's name and feedback"
    UnknownTriggerFails "ombori" "unknown-trigger-fails"
        "answers 500 to a trigger that it does not know"
    UnknownTriggerApplied "ombori" "unknown-trigger-applied"
        "applies a trigger that it does not know"
    BookingRemovedUnknown "ombori" "booking-removed-unknown"
        "ignores bookingRemoved, the older name of positionRemoved"
    StaffCancellationIgnored "ombori" "staff-cancellation-ignored"
        "ignores positionCancelledByStaff"
    RetryIgnored "ombori" "retry-ignored"
        "takes positionRetry for old news"
    CreationRequired "ombori" "creation-required"
        "answers 404 to a position whose creation it has not seen"
    EarlyFeedbackRefused "ombori" "early-feedback-refused"
        "refuses feedback that overtook the completion"
    FeedbackLostLate "ombori" "feedback-lost-late"
        "loses the feedback when the completion comes after it"
    DuplicatesAppliedTwice "ombori" "duplicates-applied-twice"
        "applies an identical webhook again, with its effect"
    SimultaneousDuplicatesRace "ombori" "simultaneous-duplicates-race"
        "checks, then applies: two identical webhooks at the same instant both take effect"
    SameStatusIsDuplicate "ombori" "same-status-is-duplicate"
        "takes a webhook for a duplicate when the status is the same, so a new slot is lost"
    OldStateOverwritesNew "ombori" "old-state-overwrites-new"
        "believes whatever came last"
    FinishedPositionReopens "ombori" "finished-position-reopens"
        "lets a late webhook reopen a position that is completed or rejected"
    RetryCountIgnored "ombori" "retry-count-ignored"
        "orders by status alone, so a late call undoes the retry that followed it"
    SignatureIgnored "waitwhile" "signature-ignored"
        "looks at no signature"
    UnsignedAccepted "waitwhile" "unsigned-accepted"
        "checks the signature only when there is one"
    EmptySignatureAccepted "waitwhile" "empty-signature-accepted"
        "takes an empty signature for a webhook that needs none"
    MalformedSignatureCrashes "waitwhile" "malformed-signature-crashes"
        "answers 500 to a signature that is not base64"
    TwoSignaturesCrash "waitwhile" "two-signatures-crash"
        "answers 500 to two signature headers"
    BodyReserialised "waitwhile" "body-reserialised"
        "checks the signature over the JSON as it would write it, not over the bytes that came"
    SignedPathIgnored "waitwhile" "signed-path-ignored"
        "takes a signature that was made for the bare host as well"
    RefusalCrashes "waitwhile" "refusal-crashes"
        "answers 500 instead of 4xx to any visit, message or location that it refuses"
    UnknownTypeFails "waitwhile" "unknown-type-fails"
        "answers 500 to a type that it does not know"
    UnknownTypeApplied "waitwhile" "unknown-type-applied"
        "takes any type that begins with visit for an update"
    UnknownFieldFails "waitwhile" "unknown-field-fails"
        "answers 500 to a field of the visit that it does not know"
    TrimmedFieldsRequired "waitwhile" "trimmed-fields-required"
        "answers 500 without resources, services and fields, which profile 2024 leaves out"
    EstimateRequired "waitwhile" "estimate-required"
        "answers 500 without estWaitDuration, as once a visit is served"
    PositionRequired "waitwhile" "position-required"
        "answers 500 without a position, as of a booking and of a completed visit"
    LocaleRequired "waitwhile" "locale-required"
        "answers 500 when locale is null"
    ServeTimeRequired "waitwhile" "serve-time-required"
        "answers 500 when serveTime is null, as before a visit is served and after it is restored"
    TagObjectsExpected "waitwhile" "tag-objects-expected"
        "answers 500 when a tag is a string"
    EmptyNameRefused "waitwhile" "empty-name-refused"
        "refuses a visit without a name, as of people who were only counted in"
    NameMangled "waitwhile" "name-mangled"
        "stores ? for every character beyond ASCII in the guest's name"
    LocalDateAsUtc "waitwhile" "local-date-as-utc"
        "takes the local time of a booking for UTC"
    SyncedBookingFails "waitwhile" "synced-booking-fails"
        "answers 500 to a booking that has a position, as once it is moved to the waitlist"
    BeforeApplied "waitwhile" "before-applied"
        "applies before instead of after"
    AbsentKeepsOld "waitwhile" "absent-keeps-old"
        "merges after into what it knew, so that what is absent or null now stays as it was"
    VisitCreationRequired "waitwhile" "visit-creation-required"
        "answers 404 to an update of a visit whose creation it has not seen"
    DuplicateNotifiedAgain "waitwhile" "duplicate-notified-again"
        "applies a webhook that it has had again, with its effect"
    DuplicateRefused "waitwhile" "duplicate-refused"
        "answers 409 to a webhook that it has had"
    SimultaneousUpdatesRace "waitwhile" "simultaneous-updates-race"
        "checks, then applies: two identical webhooks at the same instant both take effect"
    SameMomentIsDuplicate "waitwhile" "same-moment-is-duplicate"
        "takes visits that changed at the same moment for duplicates, so most of a burst is lost"
    OldAfterOverwrites "waitwhile" "old-after-overwrites"
        "believes whatever came last"
    PositionChangeIgnored "waitwhile" "position-change-ignored"
        "ignores an update that changes the position and not the state"
    CompleteIsFinal "waitwhile" "complete-is-final"
        "takes COMPLETE for the end, so that a restored visit stays completed"
    CompleteIsRemoval "waitwhile" "complete-is-removal"
        "forgets a visit as soon as it is COMPLETE"
    CancellationForgotten "waitwhile" "cancellation-forgotten"
        "answers 200 to the update that cancels a visit and drops it"
    RemovalIgnored "waitwhile" "removal-ignored"
        "ignores visit.removed"
    RemovedVisitRevived "waitwhile" "removed-visit-revived"
        "takes a late update of a removed visit for a new visit"
    DeliveryFailureIgnored "waitwhile" "delivery-failure-ignored"
        "ignores that a message failed: only DELIVERED ends PENDING"
    LateMessageCreationWins "waitwhile" "late-message-creation-wins"
        "puts a message back to PENDING when its creation comes late"
    LocationStatusIgnored "waitwhile" "location-status-ignored"
        "ignores location-status.updated"
}

/// How long a race's gap between check and write stays open: longer than two requests sent at the
/// same instant are apart, so that the race is lost every time and not now and then.
pub(super) const RACE_GAP: Duration = Duration::from_millis(20);

/// Takes real time. The slow and the racing defects are about nothing else.
#[expect(clippy::disallowed_methods, reason = "a receiver that is slow has to be slow")]
pub(super) async fn pause(length: Duration) {
    tokio::time::sleep(length).await;
}
