//! The bugs that the receiver can be told to have: their names and what each does. The bugs
//! themselves stand in the code at the point where a team would make them.

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
}

/// Takes real time. Two defects are about nothing else.
#[expect(clippy::disallowed_methods, reason = "a receiver that is slow has to be slow")]
pub(super) async fn pause(length: std::time::Duration) {
    tokio::time::sleep(length).await;
}
