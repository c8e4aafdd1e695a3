//! The list of all keys of standin.yaml: which values each takes, and how much of a value may be
//! shown.
//!
//! The JSON Schema, the check for unknown keys and the masking of secrets come from this list. The
//! values are read elsewhere. A vendor's section also takes the settings of the vendor's catalogue.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;
use serde_saphyr::Spanned;

use super::key::section;
pub use super::key::{Key, Shown};
use super::names::{
    AcceptedName, AddressFamilyName, ClientLoginName, OrderingName, RaceName, RequestFormatName,
    TokenUseName,
};
use super::sender_keys::{SenderSection, SignatureSection};
use super::values::{Deliver, ProfileName, Words};
use crate::model::failure_kind::FailureKind;
use crate::yaml::{Scalar, Single};

/// A vendor's section with untyped values: the parser's own messages could show a secret.
pub type Section = BTreeMap<String, Spanned<Json>>;

/// How much of the value of a key may be shown. The section does not matter.
pub fn shown(name: &str) -> Option<Shown> {
    let key = SECTIONS.iter().copied().flatten().find(|key| key.name == name);
    key.map(|key| key.shown)
}

/// The keys of every section.
const SECTIONS: &[&[Key]] = &[
    SettingsFile::KEYS,
    ReceiverSection::KEYS,
    VendorSection::KEYS,
    OAuthSection::KEYS,
    OtherClientSection::KEYS,
    AssertionSection::KEYS,
    SenderSection::KEYS,
    SignatureSection::KEYS,
    ProbeSection::KEYS,
    AbsentSection::KEYS,
    CompareSection::KEYS,
    CheckSection::KEYS,
    KnownSection::KEYS,
];

/// A key whose lines below it are all commented out is empty.
fn or_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

section! {
    /// standin.yaml as it is written.
    #[schemars(deny_unknown_fields)]
    #[schemars(title = "standin.yaml")]
    SettingsFile {
        /// The receiver under test.
        #[schemars(with = "ReceiverSection")]
        receiver: Option<ReceiverSection> => Keys,
        /// How each vendor reaches it, by the vendor's name.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<BTreeMap<String, VendorSection>>")]
        vendors: BTreeMap<String, Spanned<Section>> => Sections,
        /// Senders of your own, which `--as` takes like the well-known ones, by name.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<BTreeMap<String, SenderSection>>")]
        senders: BTreeMap<String, Spanned<Section>> => Sections,
        /// The probes that read the receiver's state, by `vendor.kind`.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<BTreeMap<String, ProbeSection>>")]
        probes: BTreeMap<String, Spanned<ProbeSection>> => Sections,
        /// What `standin check` does with what it finds.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<CheckSection>")]
        check: CheckSection => Keys,
    }
}

section! {
    #[derive(Default)]
    #[schemars(deny_unknown_fields)]
    #[schemars(rename = "Check")]
    CheckSection {
        /// Whether a run fails in which a scenario was skipped or passed only in part.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<bool>")]
        fail_on_skipped: bool => All,
        /// Features, or folders with features, that it runs after the shipped contract if it is given
        /// no PATH; relative to this file.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<Vec<String>>")]
        features: Vec<String> => All,
        /// Whether a failure of a rule of level `should` fails the run. By default it only warns.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<bool>")]
        strict: bool => All,
        /// The failures that are known. They are shown apart and do not fail the run.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<Vec<KnownSection>>")]
        known: Vec<Spanned<KnownSection>> => Keys,
    }
}

section! {
    /// Failures that are known: those of a rule, or those of a scenario.
    #[schemars(deny_unknown_fields)]
    #[schemars(rename = "KnownFailures")]
    KnownSection {
        /// The id of the rule.
        #[schemars(with = "Option<String>")]
        rule: Option<Spanned<String>> => All,
        /// The scenario: FILE:LINE, FILE:NAME, or its name. A file that is not shipped is relative to
        /// this file.
        #[schemars(with = "Option<String>")]
        scenario: Option<Spanned<String>> => All,
        /// Only scenarios of this vendor.
        #[schemars(with = "Option<String>")]
        vendor: Option<Spanned<String>> => All,
        /// Only failures of this kind. Other failures of these scenarios count.
        #[schemars(with = "Option<FailureKind>")]
        failure: Option<Spanned<String>> => All,
        /// Why they are known.
        #[schemars(with = "String")]
        reason: Option<Spanned<String>> => All,
        /// The last day on which they are: `2031-03-04`. Afterwards they fail again.
        #[schemars(with = "Option<String>")]
        until: Option<Spanned<String>> => All,
    }
}

section! {
    #[derive(Default)]
    #[schemars(deny_unknown_fields)]
    #[schemars(rename = "Receiver")]
    ReceiverSection {
        /// Its base URL: `http://127.0.0.1:8080`.
        #[schemars(with = "String")]
        url: Option<Spanned<String>> => All,
        /// The base URL under which the vendors know it, if it is behind a proxy or a tunnel. Vendors
        /// that sign a URL sign this one. Nothing is sent there.
        #[schemars(with = "Option<String>")]
        public_url: Option<Spanned<String>> => All,
        /// The time limit for an answer: `5s`. A slower answer is a failed attempt.
        #[schemars(with = "Option<String>")]
        ack_within: Option<Spanned<String>> => All,
        /// How long it may take until probes show the effect of a webhook: `5s`.
        #[schemars(with = "Option<String>")]
        believes_within: Option<Spanned<String>> => All,
        /// How long a value must stay the same to count as unchanged: `500ms` if the receiver
        /// queues.
        #[schemars(with = "Option<String>")]
        quiet_for: Option<Spanned<String>> => All,
        /// Whether it acknowledges first and validates later.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<bool>")]
        queues: bool => All,
        /// Hosts that requests may go to besides loopback: one, or a list.
        #[serde(default)]
        #[schemars(with = "Option<Scalar>")]
        allow_host: Option<Spanned<Scalar>> => All,
        /// A PEM file with the authorities that its certificate may come from, besides those of the
        /// platform; relative to this file.
        #[schemars(with = "Option<String>")]
        ca_file: Option<Spanned<String>> => All,
        /// Whether any certificate is taken. Only for a receiver on loopback.
        #[schemars(with = "Option<bool>")]
        insecure: Option<Spanned<bool>> => All,
        /// A PEM file with the certificate that is shown to the receiver, for one that asks for it;
        /// relative to this file.
        #[schemars(with = "Option<String>")]
        client_cert_file: Option<Spanned<String>> => All,
        /// A PEM file with its private key, if that is not in the same file; relative to this file.
        #[schemars(with = "Option<String>")]
        client_key_file: Option<Spanned<String>> => All,
        /// The most requests in a time, for a receiver behind a limiter: `100/m`. Real time.
        #[schemars(with = "Option<String>")]
        rate: Option<Spanned<String>> => All,
        /// The most requests at the same time.
        #[schemars(with = "Option<u16>")]
        concurrency: Option<Spanned<u16>> => All,
        /// A limiter's `Retry-After` of at most this long is waited for in real time: `60s`.
        #[schemars(with = "Option<String>")]
        await_retry_after: Option<Spanned<String>> => All,
        /// Whether connections are used again, as most HTTP clients do.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<bool>")]
        keep_alive: bool => All,
        /// Which addresses of the host are used: `any`, `ipv4` or `ipv6`.
        #[schemars(with = "Option<AddressFamilyName>")]
        address_family: Option<Spanned<String>> => All,
    }
}

section! {
    /// A vendor's section, for the schema. Other keys are settings of the vendor's catalogue.
    #[expect(
        dead_code,
        reason = "describes the keys that are read one by one, so that mistakes have a place"
    )]
    VendorSection {
        /// One URL for all triggers, or a map trigger → URL; relative to `receiver.url`. `{trigger}`
        /// in a URL stands for the name of the trigger.
        deliver: Deliver => All,
        /// The version of the payloads that the vendor sends.
        profile: Option<ProfileName> => All,
        /// Request headers that authenticate the vendor.
        headers: Option<BTreeMap<String, String>> => Names,
        /// Request headers besides, which carry no credentials: what a gateway adds, or another `User-Agent`.
        request_headers: Option<BTreeMap<String, String>> => Names,
        /// The key for signatures.
        secret: Option<String> => Nothing,
        /// How the vendor signs its webhooks, in place of its own login.
        signature: Option<SignatureSection> => Keys,
        /// The delivery policy of another sender, by name.
        policy: Option<String> => All,
        /// The waits before each retry: `[1m, 10m]`; `[]` for none.
        retries: Option<Vec<String>> => All,
        /// The largest share by which a wait is lengthened or shortened at random (from the seed).
        retry_jitter: Option<f64> => All,
        /// Whether `Retry-After` is honoured.
        retry_after: Option<bool> => All,
        /// `any-2xx` or `exactly-200`.
        accepted: Option<AcceptedName> => All,
        /// `none`, `per-subject` or `global`.
        ordering: Option<OrderingName> => All,
        /// The endpoint is deactivated when attempts have failed for this long: `3d`; `off` for never.
        disable_after: Option<String> => All,
        /// Whether webhooks whose every attempt has failed are kept as dead letters.
        dead_letters: Option<bool> => All,
        /// The key of the vendor's own API. Without it, each account has a key of its own.
        api_key: Option<String> => Nothing,
        /// The id of its OAuth client.
        api_client_id: Option<String> => All,
        /// The secret of that client.
        api_client_secret: Option<String> => Nothing,
        /// When the webhooks of an API call are sent: `with` its answer, `before` it, `after` it,
        /// or at `any` of these times at random (from the seed).
        api_race: Option<RaceName> => All,
        /// The ids of what each account has from the start: kind → name → id (see
        /// `standin vendors NAME`). Without it they are drawn.
        ids: Option<BTreeMap<String, BTreeMap<String, Single>>> => All,
        /// How the vendor gets tokens. Without it webhooks are sent without tokens.
        oauth: Option<OAuthSection> => Keys,
        ;
        /// Other keys are settings of the vendor (see `standin vendors NAME`).
        #[serde(flatten)]
        settings: BTreeMap<String, Scalar>
    }
}

section! {
    /// How the vendor gets and uses tokens.
    #[expect(dead_code, reason = "only described: the keys are read one by one")]
    OAuthSection {
        /// The URL where the receiver issues tokens; relative to `receiver.url`.
        endpoint: String => All,
        /// The vendor's client secret at the receiver. A client that signs an assertion has none.
        client_secret: Option<String> => Nothing,
        /// The vendor's client id at the receiver.
        client_id: Option<String> => All,
        /// How the vendor proves who it is there: `form`, `basic` or `private_key_jwt`.
        request_with: Option<ClientLoginName> => All,
        /// How the body of a token request is written: `form`, or `json`.
        request_format: Option<RequestFormatName> => All,
        /// The assertion that the vendor signs to get a token.
        assertion: Option<AssertionSection> => Keys,
        /// The field `scope` of a token request (RFC 6749, section 3.3).
        scope: Option<String> => All,
        /// Its field `audience`, which some servers want.
        audience: Option<String> => All,
        /// Its field `resource` (RFC 8707).
        resource: Option<String> => All,
        /// The header that carries the token.
        header: Option<String> => All,
        /// Its value, with `%ACCESS_TOKEN%` in place of the token.
        header_value: Option<String> => Nothing,
        /// `per-attempt`, or `cached` until the token expires.
        token_use: Option<TokenUseName> => All,
        /// A cached token is replaced this long before it expires: `30s`.
        margin: Option<String> => All,
        /// An expired token of the receiver, for the scenarios that need one.
        expired_token: Option<String> => Nothing,
        /// How long `check` waits until a token has expired, if it has none: `10s`; `0s`: not at all.
        await_expiry: Option<String> => All,
        /// The URL where the receiver revokes tokens (RFC 7009), for the scenarios that need it.
        revoke: Option<String> => All,
        /// How the client shows its credentials there: `form`, `basic` or `private_key_jwt`.
        revoke_with: Option<ClientLoginName> => All,
        /// How the body of a revocation is written: `form` (RFC 7009), or `json`.
        revoke_format: Option<RequestFormatName> => All,
        /// Another client of the receiver, for the scenarios that need one.
        other_client: Option<OtherClientSection> => Keys,
    }
}

section! {
    #[expect(dead_code, reason = "only described, as the part itself")]
    OtherClientSection {
        /// Its client id at the receiver.
        client_id: String => All,
        /// Its client secret.
        client_secret: String => Nothing,
    }
}

section! {
    /// A JWT that the vendor signs for each token request (RFC 7523, section 3), with one of the two keys.
    #[expect(dead_code, reason = "only described, as the part itself")]
    AssertionSection {
        /// A PEM file with the private key: RSA, P-256 or Ed25519; relative to this file.
        private_key_file: Option<String> => All,
        /// The private key itself, in PEM.
        private_key: Option<String> => Nothing,
        /// Who issues it. For `private_key_jwt`: the client's id, if not given.
        iss: Option<String> => All,
        /// Whom it is about. For `private_key_jwt`: the client's id, if not given.
        sub: Option<String> => All,
        /// For whom it is. For `private_key_jwt`: the URL of the token endpoint, if not given.
        aud: Option<String> => All,
        /// How long it is valid: `5m`.
        expires_after: Option<String> => All,
        /// The id of the key in its header.
        kid: Option<String> => All,
    }
}

section! {
    /// How to read one kind of subject from the receiver.
    #[schemars(deny_unknown_fields)]
    ProbeSection {
        /// The URL, with `{id}` in the place of the subject's id; relative to `receiver.url`.
        #[schemars(with = "String")]
        get: Option<Spanned<String>> => All,
        /// The vendor's field → its place in the answer (JSONPath, RFC 9535).
        #[schemars(with = "BTreeMap<String, String>")]
        fields: Option<BTreeMap<String, Spanned<String>>> => All,
        /// The place of a count of effects, which a duplicate must not raise.
        #[schemars(with = "Option<String>")]
        effects: Option<Spanned<String>> => All,
        /// The place of a mark that the subject was deleted, for a receiver that keeps deleted
        /// subjects. Any value but null and false means the same as a 404.
        #[schemars(with = "Option<String>")]
        gone: Option<Spanned<String>> => All,
        /// What else means that the receiver does not know the subject.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<AbsentSection>")]
        absent: AbsentSection => Keys,
        /// The vendor's field → the receiver's word → the vendor's word, or a list of those that
        /// the receiver does not tell apart.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<BTreeMap<String, BTreeMap<String, Words>>>")]
        translate: BTreeMap<String, BTreeMap<String, Words>> => All,
        /// How values are compared, by the vendor's field.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<BTreeMap<String, CompareSection>>")]
        compare: BTreeMap<String, Spanned<CompareSection>> => Sections,
        /// Request headers of the GET.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<BTreeMap<String, String>>")]
        headers: BTreeMap<String, String> => Names,
    }
}

section! {
    #[derive(Default)]
    #[schemars(deny_unknown_fields)]
    #[schemars(rename = "Absent")]
    AbsentSection {
        /// The statuses that say so: 404 and 410 if none are named.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<Vec<u16>>")]
        statuses: Vec<u16> => All,
        /// A place in the answer (JSONPath). If it is missing, null or empty, the receiver does not
        /// know the subject.
        #[schemars(with = "Option<String>")]
        without: Option<Spanned<String>> => All,
    }
}

section! {
    #[schemars(deny_unknown_fields)]
    #[schemars(rename = "Compare")]
    CompareSection {
        /// Whether only the same text is equal: `91.50` is then not `91.5`.
        #[serde(default, deserialize_with = "or_empty")]
        #[schemars(with = "Option<bool>")]
        strict: bool => All,
        /// The receiver's number is the vendor's times this: 100 for an amount in cents.
        factor: Option<u32> => All,
        /// The zone of times that the receiver keeps without an offset: `Europe/Berlin`.
        zone: Option<String> => All,
    }
}

impl ReceiverSection {
    /// The texts that may refer to the environment.
    pub fn texts(&mut self) -> impl Iterator<Item = &mut Spanned<String>> {
        let texts = [
            &mut self.url,
            &mut self.public_url,
            &mut self.ca_file,
            &mut self.client_cert_file,
            &mut self.client_key_file,
            &mut self.rate,
            &mut self.await_retry_after,
            &mut self.address_family,
            &mut self.ack_within,
            &mut self.believes_within,
            &mut self.quiet_for,
        ];
        texts.into_iter().flatten()
    }
}

impl ProbeSection {
    /// The texts that may refer to the environment.
    pub fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        self.get.iter_mut().map(|get| &mut get.value).chain(self.headers.values_mut())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Masking looks keys up by name alone, since a broken file may not show the section.
    #[test]
    fn a_key_of_several_sections_is_shown_alike_in_all_of_them() {
        for key in SECTIONS.iter().copied().flatten() {
            assert_eq!(shown(key.name), Some(key.shown), "{}", key.name);
        }
    }
}
