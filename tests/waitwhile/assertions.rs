//! The other login: an assertion that another program signed is the one that the vendor signs.

use std::time::Duration;

use standin::model::Secret;
use standin::model::policy::Assertion;
use standin::policy::assertion::{Made, compact};

use crate::replay::text;
use crate::vectors;

#[test]
fn assertions_are_those_that_another_program_makes() {
    let vectors = vectors("assertions.json");
    assert_eq!(vectors.len(), 3);
    for vector in &vectors {
        let owned = |key: &str| text(vector, key).to_owned();
        let assertion = Assertion {
            key: Secret::new(text(vector, "private_key")),
            key_id: vector["key_id"].as_str().map(str::to_owned),
            issuer: owned("iss"),
            subject: owned("sub"),
            audience: owned("aud"),
            lives: Duration::from_secs(vector["lives_s"].as_u64().expect("a number")),
        };
        let made = Made { at: text(vector, "at").parse().expect("a time"), id: owned("jti") };
        assert_eq!(
            compact(&assertion, &made, None),
            text(vector, "assertion"),
            "{}",
            vector["about"]
        );
    }
}
