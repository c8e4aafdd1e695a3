//! The keys that describe a signature in standin.yaml: of a sender of the user's own, and of a vendor.

use super::key::section;
use super::names::{AlgorithmName, EncodingName, KeyFormName, RetriedName};

/// Declares a section with the keys of a signature, and with these besides.
macro_rules! signing_section {
    ($(#[$about:meta])* $section:ident { $($more:tt)* }) => {
        section! {
            $(#[$about])*
            $section {
                /// The well-known sender from which it differs (see `standin senders`). Its signature holds for all
                /// that is not said here.
                like: Option<String> => All,
                /// The header that carries the signature. A sender may write `off`: then nothing proves who sends.
                header: Option<String> => All,
                /// What is signed: text with `{id}`, `{timestamp}`, `{method}`, `{url}`, `{path}`, `{body}` or
                /// `{form}` in it; `{body}` if it is not given.
                over: Option<String> => All,
                /// The value of the header: text with `{signature}` in it, and possibly `{timestamp}` and `{id}`. A sender
                /// may write `{key}` in place of all of them: then the header carries the key itself.
                value: Option<String> => All,
                /// What stands between the parts of that value, and between several signatures in it: `,`; `off`
                /// if the header holds one signature only.
                joined_by: Option<String> => All,
                /// How the signature is computed; `hmac-sha256` if it is not given.
                algorithm: Option<AlgorithmName> => All,
                /// How the key is written: the `text` as it is, in `base64`, `whsec` for `whsec_` and base64, or a
                /// `private` key in PEM or as `whsk_` and base64.
                key_form: Option<KeyFormName> => All,
                /// How the bytes of the signature are written; `base64` if it is not given.
                encoding: Option<EncodingName> => All,
                /// The header that carries the id of the message; `off` for none.
                id_header: Option<String> => All,
                /// The header that carries the time of sending, in seconds since 1970; `off` for none.
                time_header: Option<String> => All,
                /// Whether a retry has the `same` id as the first attempt, or a `new` one.
                retry_id: Option<RetriedName> => All,
                /// Whether a retry has a `new` time of sending, or the `same` as the first attempt.
                retry_time: Option<RetriedName> => All,
                /// How far from its own clock a receiver lets the time of sending be: `5m`; `off` for any time.
                tolerance: Option<String> => All,
                /// A parameter that is added to the query of the URL, with the SHA-256 of a body that is no form;
                /// `off` for none.
                body_hash: Option<String> => All,
                $($more)*
            }
        }
    };
}

signing_section! {
    /// A sender of the user's own: how it signs. Its key stays out of this file.
    #[expect(dead_code, reason = "only described: the keys are read one by one")]
    SenderSection {
        /// What it sends, in a few words.
        about: Option<String> => All,
        /// The variable of the environment that holds the key.
        key_env: Option<String> => Nothing,
    }
}

signing_section! {
    /// How a vendor signs, in place of its own login. Its key is its `secret`.
    #[expect(dead_code, reason = "only described: the keys are read one by one")]
    SignatureSection {}
}
