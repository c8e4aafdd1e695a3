//! The bugs that the receiver can be started with: their names and descriptions. The code of each bug
//! is at the point where a team would write it.

use std::time::Duration;

/// Declares the enum and its table together, so that no defect lacks a description.
macro_rules! defects {
    ($($variant:ident $vendor:literal $name:literal $about:literal)+) => {
        /// A bug that real teams write, and that the receiver can be started with.
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

            /// What the receiver does wrong. It completes the sentence "the receiver …".
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)+ }
            }
        }
    };
}

impl Defect {
    /// What the receiver does, and whether it may.
    pub fn description(self) -> String {
        let allowed = if self.is_allowed() { " (allowed: the contract passes it)" } else { "" };
        format!("{}{allowed}", self.about())
    }

    /// Whether a receiver may do it: no document of the vendor forbids it, and nothing is lost. The
    /// contract passes such a receiver.
    pub fn is_allowed(self) -> bool {
        matches!(
            self,
            Self::UnknownTriggerApplied
                | Self::UnknownTypeApplied
                | Self::DuplicateRefused
                | Self::DuplicateOrderRefused
        )
    }

    /// Whether it is in Waitwhile's login with an assertion.
    pub fn is_of_assertions(self) -> bool {
        matches!(
            self,
            Self::AssertionUnverified
                | Self::UnsignedAssertionAccepted
                | Self::AssertionAudienceIgnored
                | Self::AssertionIssuerIgnored
                | Self::AssertionSubjectIgnored
                | Self::AssertionExpiryIgnored
                | Self::EndlessAssertionAccepted
                | Self::UsedAssertionAccepted
                | Self::AssertionTokenIgnored
        )
    }

    /// Whether it stops its work when the vendor hangs up.
    pub(super) fn stops_at_hang_up(self) -> bool {
        matches!(self, Self::HangUpLosesPosition | Self::HangUpLosesVisit | Self::HangUpLosesOrder)
    }

    /// The defect of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        defects().iter().copied().find(|defect| defect.name() == name)
    }
}

defects! {
    CredentialsIgnored "ombori" "credentials-ignored"
        "does not check credentials"
    AnyCredentialAccepted "ombori" "any-credential-accepted"
        "requires the header, but accepts any value in it"
    Redirects "ombori" "redirects"
        "answers 308 with the same URL and a slash at its end"
    SlowAcknowledgement "ombori" "slow-acknowledgement"
        "applies a webhook immediately, but answers after 30 seconds"
    AcknowledgedAndForgotten "ombori" "acknowledged-and-forgotten"
        "answers 200 to positionCompleted and drops it"
    ServerErrorOnRefusal "ombori" "server-error-on-refusal"
        "answers 500 instead of 4xx to any invalid body"
    CorruptBodyAcknowledged "ombori" "corrupt-body-acknowledged"
        "answers 200 to a body that is not JSON"
    CorruptBodyApplied "ombori" "corrupt-body-applied"
        "applies the first id and status that it finds in a body that is not JSON"
    MissingFieldCrashes "ombori" "missing-field-crashes"
        "answers 500 when a field is missing"
    MistypedFieldCrashes "ombori" "mistyped-field-crashes"
        "answers 500 when a field is null or has the wrong type"
    MissingStatusDefaulted "ombori" "missing-status-defaulted"
        "reads a missing or null status as pending"
    ExtraFieldFails "ombori" "extra-field-fails"
        "answers 500 to an unknown field of the position"
    MessageRequired "ombori" "message-required"
        "answers 500 when message is null or absent"
    LocationObjectExpected "ombori" "location-object-expected"
        "answers 500 when location is a string"
    RegistrationObjectExpected "ombori" "registration-object-expected"
        "answers 500 when registrationData is an array"
    NullStationCrashes "ombori" "null-station-crashes"
        "answers 500 when station is null"
    EmptyLabelRefused "ombori" "empty-label-refused"
        "refuses a position without a label, although a booking has none until it is activated"
    ManualTypeRefused "ombori" "manual-type-refused"
        "refuses tickets that staff issued"
    LongTextFails "ombori" "long-text-fails"
        "answers 500 when the feedback message is longer than 255 characters"
    NulInPositionCrashes "ombori" "nul-in-position-crashes"
        "answers 500 to a text with a character 0, which its database refuses"
    HalfEmojiInPositionCrashes "ombori" "half-emoji-in-position-crashes"
        "answers 500 to a text with half an emoji, which is not Unicode"
    PositionsKeyedByGuest "ombori" "positions-keyed-by-guest"
        "keeps one position per guest, so the second ticket of a guest replaces the first"
    UnicodeMangled "ombori" "unicode-mangled"
        "stores ? for every character beyond ASCII in the guest's name and feedback"
    UnknownTriggerFails "ombori" "unknown-trigger-fails"
        "answers 500 to an unknown trigger"
    UnknownTriggerApplied "ombori" "unknown-trigger-applied"
        "applies an unknown trigger"
    BookingRemovedUnknown "ombori" "booking-removed-unknown"
        "ignores bookingRemoved, the older name of positionRemoved"
    StaffCancellationIgnored "ombori" "staff-cancellation-ignored"
        "ignores positionCancelledByStaff"
    RetryIgnored "ombori" "retry-ignored"
        "ignores positionRetry as stale"
    CreationRequired "ombori" "creation-required"
        "answers 404 to a position whose creation it has not received"
    EarlyFeedbackRefused "ombori" "early-feedback-refused"
        "refuses feedback that arrives before the completion"
    FeedbackLostLate "ombori" "feedback-lost-late"
        "loses the feedback when the completion arrives after it"
    DuplicatesAppliedTwice "ombori" "duplicates-applied-twice"
        "applies an identical webhook again, with its effects"
    SimultaneousDuplicatesRace "ombori" "simultaneous-duplicates-race"
        "checks, then applies: two simultaneous identical webhooks both take effect"
    HangUpLosesPosition "ombori" "hang-up-loses-position"
        "notes a webhook as done before its work is done, and stops the work when the vendor hangs up"
    SameStatusIsDuplicate "ombori" "same-status-is-duplicate"
        "treats a webhook with the same status as a duplicate, so a new slot is lost"
    OldStateOverwritesNew "ombori" "old-state-overwrites-new"
        "stores whichever state arrived last"
    FinishedPositionReopens "ombori" "finished-position-reopens"
        "reopens a completed or rejected position when a webhook is late"
    RetryCountIgnored "ombori" "retry-count-ignored"
        "orders webhooks only by status, so a late call undoes the retry after it"
    AssertionUnverified "waitwhile" "assertion-unverified"
        "gives a token for an assertion without checking its signature"
    UnsignedAssertionAccepted "waitwhile" "unsigned-assertion-accepted"
        "gives a token for an assertion whose algorithm is none"
    AssertionAudienceIgnored "waitwhile" "assertion-audience-ignored"
        "gives a token for an assertion that is for somebody else"
    AssertionIssuerIgnored "waitwhile" "assertion-issuer-ignored"
        "gives a token for an assertion of anybody"
    AssertionSubjectIgnored "waitwhile" "assertion-subject-ignored"
        "gives a token for an assertion about anybody"
    AssertionExpiryIgnored "waitwhile" "assertion-expiry-ignored"
        "gives a token for an assertion that has expired"
    EndlessAssertionAccepted "waitwhile" "endless-assertion-accepted"
        "gives a token for an assertion that never expires"
    UsedAssertionAccepted "waitwhile" "used-assertion-accepted"
        "gives a second token for the same assertion"
    AssertionTokenIgnored "waitwhile" "assertion-token-ignored"
        "checks assertions, but not the tokens that they brought"
    SignatureIgnored "waitwhile" "signature-ignored"
        "does not check the signature"
    UnsignedAccepted "waitwhile" "unsigned-accepted"
        "checks the signature only if there is one"
    EmptySignatureAccepted "waitwhile" "empty-signature-accepted"
        "accepts an empty signature"
    MalformedSignatureCrashes "waitwhile" "malformed-signature-crashes"
        "answers 500 to a signature that is not base64"
    TwoSignaturesCrash "waitwhile" "two-signatures-crash"
        "answers 500 to two signature headers"
    BodyReserialised "waitwhile" "body-reserialised"
        "checks the signature over re-serialised JSON, not over the raw body"
    SignedPathIgnored "waitwhile" "signed-path-ignored"
        "also accepts a signature for the URL without its path"
    RefusalCrashes "waitwhile" "refusal-crashes"
        "answers 500 instead of 4xx when it refuses a visit, message or location"
    UnknownTypeFails "waitwhile" "unknown-type-fails"
        "answers 500 to an unknown type"
    UnknownTypeApplied "waitwhile" "unknown-type-applied"
        "treats any type that begins with visit as an update"
    UnknownFieldFails "waitwhile" "unknown-field-fails"
        "answers 500 to an unknown field of the visit"
    TrimmedFieldsRequired "waitwhile" "trimmed-fields-required"
        "answers 500 without resources, services and fields, which profile 2024 leaves out"
    EstimateRequired "waitwhile" "estimate-required"
        "answers 500 without estWaitDuration, which is missing once a visit is served"
    PositionRequired "waitwhile" "position-required"
        "answers 500 without a position, which bookings and completed visits do not have"
    LocaleRequired "waitwhile" "locale-required"
        "answers 500 when locale is null"
    ServeTimeRequired "waitwhile" "serve-time-required"
        "answers 500 when serveTime is null, as it is before a visit is served and after it is restored"
    TagObjectsExpected "waitwhile" "tag-objects-expected"
        "answers 500 when a tag is a string"
    EmptyNameRefused "waitwhile" "empty-name-refused"
        "refuses a visit without a name, although guests who are only counted in have none"
    NameMangled "waitwhile" "name-mangled"
        "stores ? for every character beyond ASCII in the guest's name"
    NulInVisitCrashes "waitwhile" "nul-in-visit-crashes"
        "answers 500 to a text with a character 0, which its database refuses"
    HalfEmojiInVisitCrashes "waitwhile" "half-emoji-in-visit-crashes"
        "answers 500 to a text with half an emoji, which is not Unicode"
    FoldsCaseOfIds "waitwhile" "folds-case-of-ids"
        "compares ids without regard to case, so two visits become one"
    VisitsKeyedByCustomer "waitwhile" "visits-keyed-by-customer"
        "keeps one visit per customer, so the second visit of a guest replaces the first"
    LocalDateAsUtc "waitwhile" "local-date-as-utc"
        "reads the local time of a booking as UTC"
    SyncedBookingFails "waitwhile" "synced-booking-fails"
        "answers 500 to a booking with a position, which it has once it moves to the waitlist"
    BeforeApplied "waitwhile" "before-applied"
        "applies before instead of after"
    AbsentKeepsOld "waitwhile" "absent-keeps-old"
        "merges after into the stored visit, so fields that are now absent or null keep their old values"
    VisitCreationRequired "waitwhile" "visit-creation-required"
        "answers 404 to an update of a visit whose creation it has not received"
    DuplicateNotifiedAgain "waitwhile" "duplicate-notified-again"
        "applies a duplicate again, with its effects"
    DuplicateRefused "waitwhile" "duplicate-refused"
        "answers 409 to a duplicate"
    SimultaneousUpdatesRace "waitwhile" "simultaneous-updates-race"
        "checks, then applies: two simultaneous identical webhooks both take effect"
    HangUpLosesVisit "waitwhile" "hang-up-loses-visit"
        "notes a webhook as done before its work is done, and stops the work when the vendor hangs up"
    SameMomentIsDuplicate "waitwhile" "same-moment-is-duplicate"
        "treats visits that changed at the same moment as duplicates, so most of a burst is lost"
    OldAfterOverwrites "waitwhile" "old-after-overwrites"
        "stores whichever state arrived last"
    PositionChangeIgnored "waitwhile" "position-change-ignored"
        "ignores an update that changes the position but not the state"
    CompleteIsFinal "waitwhile" "complete-is-final"
        "treats COMPLETE as final, so a restored visit stays completed"
    CompleteIsRemoval "waitwhile" "complete-is-removal"
        "forgets a visit as soon as it is COMPLETE"
    CancellationForgotten "waitwhile" "cancellation-forgotten"
        "answers 200 to the update that cancels a visit and drops it"
    RemovalIgnored "waitwhile" "removal-ignored"
        "ignores visit.removed"
    RemovedVisitRevived "waitwhile" "removed-visit-revived"
        "treats a late update of a removed visit as a new visit"
    DeliveryFailureIgnored "waitwhile" "delivery-failure-ignored"
        "ignores that a message failed: only DELIVERED changes PENDING"
    LateMessageCreationWins "waitwhile" "late-message-creation-wins"
        "sets a message back to PENDING when its creation arrives late"
    LocationStatusIgnored "waitwhile" "location-status-ignored"
        "ignores location-status.updated"
    TokenIgnored "doo" "token-ignored"
        "does not check the token"
    MissingTokenAccepted "doo" "missing-token-accepted"
        "checks the token only if there is one"
    EmptyTokenAccepted "doo" "empty-token-accepted"
        "accepts an empty token"
    AnyTokenAccepted "doo" "any-token-accepted"
        "requires the header, but accepts any token in it"
    AnyGrantAccepted "doo" "any-grant-accepted"
        "issues a token for any grant type"
    SecretSearched "doo" "secret-searched"
        "accepts the client secret in any field of the form"
    MalformedTokenCrashes "doo" "malformed-token-crashes"
        "answers 500 to a header that does not have the form of a token"
    UnknownTokenCrashes "doo" "unknown-token-crashes"
        "answers 500 to a token that it never issued"
    LoginRedirect "doo" "login-redirect"
        "answers 302 to its login page when a token is missing or refused"
    ExpiredTokenAccepted "doo" "expired-token-accepted"
        "accepts expired tokens"
    RevokedTokenAccepted "doo" "revoked-token-accepted"
        "answers 200 to a revocation but still accepts the token"
    OtherClientsTokenAccepted "doo" "other-clients-token-accepted"
        "accepts a token that it issued to another client for other purposes"
    TokenUsedOnce "doo" "token-used-once"
        "accepts each token for one webhook only"
    SecretIgnored "doo" "secret-ignored"
        "issues a token to anybody who names a known client"
    AnyClientAccepted "doo" "any-client-accepted"
        "treats anybody who knows the secret of any client as doo"
    MissingSecretAccepted "doo" "missing-secret-accepted"
        "checks the secret only if there is one"
    WrongSecretCrashes "doo" "wrong-secret-crashes"
        "answers 500 to a wrong secret"
    WrongSecretAnswered200 "doo" "wrong-secret-answered-200"
        "answers 200 to a wrong secret, with the error in the body"
    FormRefused "doo" "form-refused"
        "requires JSON in token requests, although doo sends a form"
    TokenCreated201 "doo" "token-created-201"
        "answers 201 with the token"
    TokenUnnamed "doo" "token-unnamed"
        "answers with the token under another name than access_token"
    TokenAsText "doo" "token-as-text"
        "answers with the token as text, not as JSON"
    Created201 "doo" "created-201"
        "answers 201 to order_created"
    Accepted202 "doo" "accepted-202"
        "answers 202 to every webhook, which doo treats as a failure"
    NoContent204 "doo" "no-content-204"
        "answers 204 without a body to order_updated"
    OrderRefusalCrashes "doo" "order-refusal-crashes"
        "answers 500 instead of 4xx when it refuses an order or event"
    DuplicateOrderRefused "doo" "duplicate-order-refused"
        "answers 409 to a duplicate of an order"
    OrderDuplicatesAppliedTwice "doo" "order-duplicates-applied-twice"
        "applies an identical webhook again, with its e-mail to the booker"
    SimultaneousOrdersRace "doo" "simultaneous-orders-race"
        "checks, then applies: two simultaneous identical orders both take effect"
    HangUpLosesOrder "doo" "hang-up-loses-order"
        "notes a webhook as done before its work is done, and stops the work when the vendor hangs up"
    OrderCreationRequired "doo" "order-creation-required"
        "answers 404 to an update of an order whose creation it has not received"
    UnheardEventRefusesOrders "doo" "unheard-event-refuses-orders"
        "answers 404 to an order for an unknown event"
    LateOrderCreationWins "doo" "late-order-creation-wins"
        "sets an order back to its first state when its creation arrives late"
    OlderOrderOverwrites "doo" "older-order-overwrites"
        "stores whichever order arrived last"
    CancelledOrderReopens "doo" "cancelled-order-reopens"
        "reopens a cancelled order when an update is late"
    SameOrderStatusIsDuplicate "doo" "same-order-status-is-duplicate"
        "treats an order with the same status as a duplicate, so payments and corrections are lost"
    AttendeeCancellationUnknown "doo" "attendee-cancellation-unknown"
        "answers 500 to attendee_accepted_cancellation"
    FlaggedOrderUnknown "doo" "flagged-order-unknown"
        "answers 500 to pending_organizer_review"
    ApprovalSkipped "doo" "approval-skipped"
        "treats an order that waits for approval as active"
    DenialIgnored "doo" "denial-ignored"
        "ignores that an order was denied"
    UnpaidTakenAsPaid "doo" "unpaid-taken-as-paid"
        "treats attendees as active and tickets as valid as soon as the order is active"
    CancellationLeavesTickets "doo" "cancellation-leaves-tickets"
        "leaves the tickets valid when an order is cancelled"
    RemovalForgotten "doo" "removal-forgotten"
        "answers 200 to order_removed and drops it"
    RemovedOrderRevived "doo" "removed-order-revived"
        "applies a late update of a removed order"
    BookerOnlyAttendeesCrash "doo" "booker-only-attendees-crash"
        "answers 500 to attendees without a name, which is usual if only the booker is asked"
    SecondTicketOverlooked "doo" "second-ticket-overlooked"
        "reads only the first attendee of an order"
    CheckinIgnored "doo" "checkin-ignored"
        "keeps a ticket valid after its check-in"
    UndoneCheckinIgnored "doo" "undone-checkin-ignored"
        "ignores the undoing of a check-in as stale"
    AmountAsInteger "doo" "amount-as-integer"
        "answers 500 to an amount with cents, as in 142.80"
    CentsDropped "doo" "cents-dropped"
        "reads an amount only up to the decimal point, and keeps whole euros"
    AmountDrifts "doo" "amount-drifts"
        "stores an amount as a binary fraction"
    CouponTakenOffTwice "doo" "coupon-taken-off-twice"
        "takes the coupon off an amount from which it is already taken off"
    PromotionCodeRequired "doo" "promotion-code-required"
        "answers 500 without promotion_code, which orders without a coupon do not have"
    CustomerIdRequired "doo" "customer-id-required"
        "answers 500 without external_customer_id, which only prefilled bookers have"
    UnknownOrderFieldFails "doo" "unknown-order-field-fails"
        "answers 500 to an unknown field of the order"
    OrderNameMangled "doo" "order-name-mangled"
        "stores ? for every character beyond ASCII in names and titles"
    NulInOrderCrashes "doo" "nul-in-order-crashes"
        "answers 500 to a text with a character 0, which its database refuses"
    HalfEmojiInOrderCrashes "doo" "half-emoji-in-order-crashes"
        "answers 500 to a text with half an emoji, which is not Unicode"
    OrdersKeyedByBooker "doo" "orders-keyed-by-booker"
        "keeps one order per event and e-mail address, so the second order of a booker replaces the first"
    EventIdTypeMismatch "doo" "event-id-type-mismatch"
        "answers 500 to an event whose id is a number, because it is a string in orders"
    EventCreationRequired "doo" "event-creation-required"
        "answers 404 to an update of an event whose creation it has not received"
    EventUpdateOverwrittenByOlder "doo" "event-update-overwritten-by-older"
        "stores whichever state of an event arrived last"
    SameSecondIsDuplicate "doo" "same-second-is-duplicate"
        "treats events that changed in the same second as duplicates"
    CalledOffEventIgnored "doo" "called-off-event-ignored"
        "ignores that an event was cancelled, because no trigger is named after it"
    DeletedFlagAsBoolean "doo" "deleted-flag-as-boolean"
        "answers 500 when is_deleted is a string"
    DeletedFlagTruthy "doo" "deleted-flag-truthy"
        "treats an event as deleted because the string '0' is not empty"
    EventDeletionForgotten "doo" "event-deletion-forgotten"
        "answers 200 to event_removed and drops it"
    DeletedEventRevived "doo" "deleted-event-revived"
        "brings a deleted event back when a webhook is late"
}

/// The gap between check and write in a race. It is longer than the distance of two simultaneous
/// requests, so that the race is lost every time.
pub(super) const RACE_GAP: Duration = Duration::from_millis(20);

/// Waits in real time. Only the queue and the slow and racing defects do so.
#[expect(clippy::disallowed_methods, reason = "a receiver that is slow has to be slow")]
pub(super) async fn pause(length: Duration) {
    tokio::time::sleep(length).await;
}
