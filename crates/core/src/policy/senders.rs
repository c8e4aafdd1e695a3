//! How well-known senders sign. Each value is documented where `source` says, unless `assumed` names it.
//!
//! They are as of [`AS_OF`]. Then the senders' own libraries, or those of others, accepted what
//! is signed like this; `.ci/signatures` tries that again in each run.

use super::handshake::{Handshake, PING, URL_VERIFICATION, VALIDATION};
use super::header::JSON;
use super::template::{self, TemplateError};
use crate::model::signature::{Algorithm, Encoding, KeyForm, Retried, Signature};

/// When the senders documented this.
pub const AS_OF: &str = "November 2026";

/// A sender, and how it signs.
#[derive(Debug)]
pub struct Sender {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it sends, in a few words.
    pub about: &'static str,
    /// The documents that say so.
    pub source: &'static str,
    /// Where these documents are.
    pub urls: &'static [&'static str],
    /// What they do not say. Empty if they say all of it.
    pub assumed: &'static str,
    /// How long it waits for an answer, in seconds, if it documents that.
    pub answer_within_s: Option<u64>,
    /// The variable of the environment that usually holds its key.
    pub variable: &'static str,
    /// How it proves that it sends a request.
    pub proof: Proof,
    /// The content type of its events.
    pub content_type: &'static str,
    /// Headers that its requests have besides.
    pub headers: &'static [(&'static str, &'static str)],
    header: &'static str,
    over: &'static str,
    value: &'static str,
    joined_by: Option<&'static str>,
    algorithm: Algorithm,
    key: KeyForm,
    encoding: Encoding,
    id_header: Option<&'static str>,
    time_header: Option<&'static str>,
    tolerance_s: Option<u64>,
    body_hash: Option<&'static str>,
    /// How it tries a receiver first, if it does.
    pub handshake: Option<Handshake>,
}

/// How a sender proves that it sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By a signature.
    Signature,
    /// By the key itself, in a header.
    Key,
    /// It does not.
    None,
}

/// The place of the key in the value of a header that carries it.
pub const KEY_PLACE: &str = "{key}";

/// What most senders have in common.
const USUAL: Sender = Sender {
    name: "",
    about: "",
    source: "",
    urls: &[],
    assumed: "",
    answer_within_s: None,
    variable: "",
    proof: Proof::Signature,
    content_type: JSON,
    headers: &[],
    header: "",
    over: "{body}",
    value: "{signature}",
    joined_by: None,
    algorithm: Algorithm::HmacSha256,
    key: KeyForm::Text,
    encoding: Encoding::Base64,
    id_header: None,
    time_header: None,
    tolerance_s: None,
    body_hash: None,
    handshake: None,
};

/// Five minutes, in seconds.
const FIVE_MINUTES: Option<u64> = Some(300);

const STANDARD: Sender = Sender {
    name: "standard-webhooks",
    about: "Standard Webhooks, with a shared secret",
    source: "Standard Webhooks 1.0.0, sections \"Webhook headers\", \"Signature scheme\" and \"Verifying the timestamp\"",
    urls: &[
        "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
    ],
    assumed: "the tolerance of five minutes, which is that of the published libraries",
    variable: "WEBHOOK_SECRET",
    header: "webhook-signature",
    over: "{id}.{timestamp}.{body}",
    value: "v1,{signature}",
    joined_by: Some(" "),
    key: KeyForm::Whsec,
    id_header: Some("webhook-id"),
    time_header: Some("webhook-timestamp"),
    tolerance_s: FIVE_MINUTES,
    ..USUAL
};

const GITHUB: Sender = Sender {
    name: "github",
    about: "GitHub, with SHA-256",
    source: "GitHub Docs, \"Validating webhook deliveries\" and \"Webhook events and payloads\" (delivery headers)",
    urls: &[
        "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
        "https://docs.github.com/en/webhooks/webhook-events-and-payloads",
    ],
    answer_within_s: Some(10),
    variable: "GITHUB_WEBHOOK_SECRET",
    header: "X-Hub-Signature-256",
    value: "sha256={signature}",
    encoding: Encoding::Hex,
    id_header: Some("X-GitHub-Delivery"),
    handshake: Some(PING),
    ..USUAL
};

/// All senders.
pub const SENDERS: &[Sender] = &[
    STANDARD,
    Sender {
        name: "standard-webhooks-asymmetric",
        about: "Standard Webhooks, with a pair of keys",
        assumed: "the tolerance of five minutes; that the key after `whsk_` is the seed of 32 bytes, or the 64 bytes \
                  of seed and public key",
        variable: "WEBHOOK_PRIVATE_KEY",
        value: "v1a,{signature}",
        algorithm: Algorithm::Ed25519,
        key: KeyForm::Private,
        ..STANDARD
    },
    Sender {
        name: "svix",
        about: "Svix, as Standard Webhooks under its own header names",
        source: "Svix docs, \"Verifying webhooks manually\"",
        urls: &["https://docs.svix.com/receiving/verifying-payloads/how-manual"],
        assumed: "the tolerance of five minutes, which is that of Svix's libraries",
        variable: "SVIX_SECRET",
        header: "svix-signature",
        id_header: Some("svix-id"),
        time_header: Some("svix-timestamp"),
        ..STANDARD
    },
    Sender {
        name: "stripe",
        about: "Stripe; a retry has a new time and a new signature",
        source: "Stripe Docs, \"Resolve webhook signature verification errors\" and \"Receive Stripe events in your \
                 webhook endpoint\" (verifying manually, replay attacks)",
        urls: &["https://docs.stripe.com/webhooks/signature", "https://docs.stripe.com/webhooks"],
        variable: "STRIPE_WEBHOOK_SECRET",
        header: "Stripe-Signature",
        over: "{timestamp}.{body}",
        value: "t={timestamp},v1={signature}",
        joined_by: Some(","),
        encoding: Encoding::Hex,
        tolerance_s: FIVE_MINUTES,
        ..USUAL
    },
    GITHUB,
    Sender {
        name: "github-sha1",
        about: "GitHub's older header, with SHA-1",
        variable: "GITHUB_WEBHOOK_SECRET",
        header: "X-Hub-Signature",
        value: "sha1={signature}",
        algorithm: Algorithm::HmacSha1,
        ..GITHUB
    },
    Sender {
        name: "shopify",
        about: "Shopify",
        source: "Shopify Docs, \"Deliver webhooks through HTTPS\" (verify the webhook, headers)",
        urls: &["https://shopify.dev/docs/apps/build/webhooks/subscribe/https"],
        variable: "SHOPIFY_CLIENT_SECRET",
        header: "X-Shopify-Hmac-SHA256",
        id_header: Some("X-Shopify-Webhook-Id"),
        ..USUAL
    },
    Sender {
        name: "slack",
        about: "Slack",
        source: "Slack API, \"Verifying requests from Slack\"",
        urls: &["https://api.slack.com/authentication/verifying-requests-from-slack"],
        assumed: "the new time of a retry",
        answer_within_s: Some(3),
        variable: "SLACK_SIGNING_SECRET",
        header: "X-Slack-Signature",
        over: "v0:{timestamp}:{body}",
        value: "v0={signature}",
        encoding: Encoding::Hex,
        time_header: Some("X-Slack-Request-Timestamp"),
        tolerance_s: FIVE_MINUTES,
        handshake: Some(URL_VERIFICATION),
        ..USUAL
    },
    Sender {
        name: "twilio",
        about: "Twilio: the URL and the fields of a form; for other bodies the URL with their hash in it",
        source: "Twilio Docs, \"Webhooks security\" and \"Security\" (validating requests)",
        urls: &[
            "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
            "https://www.twilio.com/docs/usage/security",
        ],
        assumed: "that a field that is there twice with the same value is signed once, as Twilio's libraries do",
        variable: "TWILIO_AUTH_TOKEN",
        header: "X-Twilio-Signature",
        over: "{url}{form}",
        algorithm: Algorithm::HmacSha1,
        body_hash: Some("bodySHA256"),
        ..USUAL
    },
    Sender {
        name: "square",
        about: "Square: the URL and the body",
        source: "Square Developer, \"Verify and validate an event notification\"",
        urls: &["https://developer.squareup.com/docs/webhooks/step3validate"],
        variable: "SQUARE_SIGNATURE_KEY",
        header: "x-square-hmacsha256-signature",
        over: "{url}{body}",
        ..USUAL
    },
    Sender {
        name: "sendgrid",
        about: "Twilio SendGrid's event webhook, with a pair of keys",
        source: "SendGrid Docs, \"Getting started with the event webhook security features\"",
        urls: &[
            "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features",
        ],
        assumed: "that the signature is in DER, as its libraries read it; the new time of a retry",
        variable: "SENDGRID_PRIVATE_KEY",
        header: "X-Twilio-Email-Event-Webhook-Signature",
        over: "{timestamp}{body}",
        algorithm: Algorithm::EcdsaP256,
        key: KeyForm::Private,
        time_header: Some("X-Twilio-Email-Event-Webhook-Timestamp"),
        ..USUAL
    },
    Sender {
        name: "cloudevents",
        about: "CloudEvents over HTTP, such as Azure Event Grid: a token, and leave to send",
        source: "CloudEvents 1.0.2, \"HTTP 1.1 Web Hooks for Event Delivery\", sections 2.1, 3.1 and 4; \"JSON event \
                 format\", section 3",
        urls: &[
            "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md",
            "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md",
        ],
        assumed: "that the request for leave has no token; an event in structured mode, which is one JSON object",
        variable: "CLOUDEVENTS_TOKEN",
        // RFC 6750, section 2.1.
        proof: Proof::Key,
        header: "Authorization",
        value: "Bearer {key}",
        content_type: "application/cloudevents+json",
        headers: &[(ORIGIN, "standin.example.test")],
        handshake: Some(VALIDATION),
        ..USUAL
    },
];

/// The header that says who asks for leave to send, and who sends.
pub const ORIGIN: &str = "WebHook-Request-Origin";

/// All senders that sign.
pub fn signing() -> impl Iterator<Item = &'static Sender> {
    SENDERS.iter().filter(|sender| sender.proof == Proof::Signature)
}

/// The sender of this name.
pub fn find(name: &str) -> Option<&'static Sender> {
    SENDERS.iter().find(|sender| sender.name == name)
}

impl Sender {
    /// How it signs, without a key. One that does not sign signs the body alone.
    ///
    /// # Errors
    /// If its template is wrong, which a test rules out.
    pub fn signature(&self) -> Result<Signature, TemplateError> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Ok(Signature {
            header: self.header.to_owned(),
            secret: None,
            older: Vec::new(),
            over: template::signed_parts(self.over)?,
            algorithm: self.algorithm,
            key: self.key,
            encoding: self.encoding,
            value: self.value.to_owned(),
            joined_by: owned(self.joined_by),
            id_header: owned(self.id_header),
            time_header: owned(self.time_header),
            retry_id: Retried::Same,
            retry_time: Retried::New,
            tolerance_s: self.tolerance_s,
            body_hash: owned(self.body_hash),
        })
    }

    /// The name of the header that carries its signature.
    pub fn header(&self) -> &'static str {
        self.header
    }

    /// The template of what it signs.
    pub fn over(&self) -> &'static str {
        self.over
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::signature::Moment;
    use crate::model::{Authentication, Secret};
    use crate::policy::sign::credentials;
    use crate::policy::signed::{Message, check, url as signed_url};

    /// The headers of a request with this key, this moment, this URL and this body.
    fn headers(
        name: &str,
        key: &str,
        (id, at_s): (&str, i64),
        (url, content_type): (&str, &str),
        body: &str,
    ) -> Vec<(String, String)> {
        let mut signature = find(name).expect(name).signature().expect(name);
        signature.secret = Some(Secret::new(key));
        let moment = Moment { id: id.to_owned(), at_s };
        let (moment, body) = (&moment, body.as_bytes());
        let mut message = Message { moment, method: "POST", url, content_type, body };
        let hashed = signed_url(&signature, &message);
        message.url = &hashed;
        let headers = credentials(&Authentication::Signature(signature), None, &message, None);
        headers.into_iter().map(|one| (one.name, one.value.reveal().to_owned())).collect()
    }

    const NO_URL: (&str, &str) = ("", "application/json");

    #[test]
    fn every_sender_can_be_read_and_says_where_it_is_documented() {
        for sender in SENDERS {
            if sender.proof == Proof::Signature {
                let signature = sender.signature().expect(sender.name);
                assert_eq!(check(&signature), Ok(()), "{}", sender.name);
            }
            for text in [sender.about, sender.source, sender.variable] {
                assert!(!text.is_empty(), "{}", sender.name);
            }
            assert!(!sender.urls.is_empty(), "{}", sender.name);
            assert!(sender.urls.iter().all(|url| url.starts_with("https://")), "{}", sender.name);
            assert_eq!(SENDERS.iter().filter(|one| one.name == sender.name).count(), 1);
        }
    }

    #[test]
    fn github_signs_as_its_documents_show() {
        // GitHub Docs, "Validating webhook deliveries", "Testing the webhook payload validation".
        let sent =
            headers("github", "It's a Secret to Everybody", ("", 0), NO_URL, "Hello, World!");
        let wanted = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert_eq!(sent[1], ("X-Hub-Signature-256".to_owned(), wanted.to_owned()));
    }

    #[test]
    fn slack_signs_as_its_documents_show() {
        // Slack API, "Verifying requests from Slack", the example of its section on validation.
        let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V\
                    &channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=\
                    &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F\
                    96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        let key = "8f742231b10e8888abcd99yyyzzz85a5";
        let sent = headers("slack", key, ("", 1_531_420_618), NO_URL, body);
        let wanted = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
        assert_eq!(sent[1], ("X-Slack-Signature".to_owned(), wanted.to_owned()));
        assert_eq!(sent[0].1, "1531420618");
    }

    #[test]
    fn twilio_signs_a_form_as_its_documents_show() {
        // Twilio Docs, "Security", the example of validating a request.
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let body = "Digits=1234&To=%2B18005551212&From=%2B12349013030&Caller=%2B12349013030\
                    &CallSid=CA1234567890ABCDE";
        let form = (url, "application/x-www-form-urlencoded");
        let sent = headers("twilio", "12345", ("", 0), form, body);
        assert_eq!(
            sent,
            [("X-Twilio-Signature".to_owned(), "0/KCTR6DLpKmkAf8muzZqo1nDgQ=".to_owned())]
        );
    }

    #[test]
    fn twilio_puts_the_hash_of_another_body_into_the_url() {
        let signature = find("twilio").expect("it").signature().expect("it");
        let moment = Moment::default();
        let message = Message {
            moment: &moment,
            method: "POST",
            url: "https://example.test/sms",
            content_type: "application/json",
            body: b"{}",
        };
        let hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(signed_url(&signature, &message), format!("{}?bodySHA256={hash}", message.url));
    }

    #[test]
    fn standard_webhooks_signs_as_its_libraries_test() {
        // The test vector of the reference libraries.
        let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let moment = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330);
        let sent = headers("standard-webhooks", key, moment, NO_URL, r#"{"test": 2432232314}"#);
        let wanted = [
            ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ];
        assert_eq!(sent, wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
