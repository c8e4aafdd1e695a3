//! Signatures are those of others: of an RFC, of OpenSSL, and as ring checks them.

use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
    VerificationAlgorithm,
};

use super::*;
use crate::policy::key::tests::{P256, P256_PUBLIC};
use std::time::Duration;

// A pair of keys that OpenSSL made for these tests, in both of its forms.
const RSA: &str = "-----BEGIN PRIVATE KEY-----\n\
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDFpiU5nyfCX9pw\n\
b0VmQHU8ej0xq3PVihOplYWVJM6TDVESaS3tHp9hJ/Ib8HaRsNUHzggz6fD5i7Cy\n\
qeIOtm4+YHH++4+uf7e8bYWSXa7BkM8rz9y1oRgHRC8zJzKRfFYYeZsOVbVXn0Mw\n\
PKuYkcEr/9AcM5jIhiSi9S5Z0x68w89jA+JgZTj4du1NV203E5UnyuBNPH+kP6IX\n\
XMtawPJ0xOhjmnbhMGRWlQh3Isvo29ZEqu/LwFTzuEmvQzh4y70eUEWa+vKYsbeb\n\
H/B+HzgN0kQWG6MQVc9uBiEDvLHPZtxWuKoCvfAJ7bo6sG58dg7l9jWgRIftSZnQ\n\
Vxnp8y31AgMBAAECggEAAN33ONb9ZilkfGzIiafLu92vagneArhN2McapGpaa6O5\n\
0NJcTLd/LH5v3faClqYHcTbSq2Oh1n5p4obDQpxDRIvIxD0XRsUxqaZzWQ6HJzs6\n\
5W7OgY942wNOD7Pi0WeRux7BcuEmYAGHWm1RtWQiTE6de5owV+TawUpBD0zRTDOv\n\
uG93YdaXiF7UZaiauQavLU/eqklUStL6j6RkptwfTzUQ9x6b+btaFWumE/3XRJkG\n\
RvKDPJGH13k9UfndqwfHixH6D7v3dA/74uaIEv5h4GsHsfdCS9Nsx4SQUeq+KlU3\n\
XVrFXUYhDLn6h9uSt1aw8Df7OMl/8X3Jnl8Ri2TSKwKBgQD2HdAucIuZpZJl2CI8\n\
4MzjBIPvDE2IwAN6aIXq+dV40zlDlsIUfbVsBJRb2hdzkK6WbEF0LqHUFkqtPX2l\n\
5q5jZTL2R2V2BcsCJY3PYLNoR11Wy9t9YMi9kEYEbjJc+wXGxCftu/wD84MRGI8/\n\
hzQYgykwhR98FFqCnKKxGcz+LwKBgQDNlhCxcIp9E1liEexHX0NmAkoUSWXEcgSa\n\
4vhzhS7/WRXz4iY2dBtpm7OnJVpc2et398Oyv5uwf9w1aEGo7Ipc+TU7/oW8qMXO\n\
8IYhiaXOLAylKyBNrgS9U21yFUMF9W5Dz+J15F7Ltx1ouPdEaDTN85Fp7mz3YBMO\n\
J/ZgYzDRGwKBgAxc2wQ6KwkAxCXRgYbFVAVjSK1NVOe1nXccoP14pzx2f73haMZW\n\
ujI+2KT0g5EOh3aO4YrQfNiGdiHVoOYgfEoJ31F3rKUNDXGCKWltVhW63/loLBJU\n\
NkEvahT25Bi/kz60w7yxYKtiJAdL0IZEaF2C2SLSzQ4Sh6lf7Nwwi5eJAoGBAI8a\n\
vWX2M8BanqZgWXtY+X5ha5VxffBfeYsjINSwyYUfSuOn8PeInKhHpKddnefyHTE1\n\
+zhKniIe7ncSqlnexXVwVzj6s7ceOAsTbBqeSRcZnHfAbE0GK/BpyU5XNH9KV0XG\n\
yBlOLRpazZLe5eftLYyK1hbJy3nqm3kIIjz37rwvAoGAFIqBHVGICK0L2IYhzVO4\n\
o6DsVL7IE1yp/PJavKAcO97g9dWuhMIB0Hn8yINVugS5p0FTWG/2lSJpL3JM4rwH\n\
7r0CJOolTaqohsSqkTVS7xhrzN1vXmjkZo/qzisEoVoYCWsNPiwNXKMPQbZ2VsZb\n\
FJghcFqW3gLp/N0X017bmhs=\n\
-----END PRIVATE KEY-----";
const RSA_PKCS1: &str = "-----BEGIN RSA PRIVATE KEY-----\n\
MIIEowIBAAKCAQEAxaYlOZ8nwl/acG9FZkB1PHo9Matz1YoTqZWFlSTOkw1REmkt\n\
7R6fYSfyG/B2kbDVB84IM+nw+YuwsqniDrZuPmBx/vuPrn+3vG2Fkl2uwZDPK8/c\n\
taEYB0QvMycykXxWGHmbDlW1V59DMDyrmJHBK//QHDOYyIYkovUuWdMevMPPYwPi\n\
YGU4+HbtTVdtNxOVJ8rgTTx/pD+iF1zLWsDydMToY5p24TBkVpUIdyLL6NvWRKrv\n\
y8BU87hJr0M4eMu9HlBFmvrymLG3mx/wfh84DdJEFhujEFXPbgYhA7yxz2bcVriq\n\
Ar3wCe26OrBufHYO5fY1oESH7UmZ0FcZ6fMt9QIDAQABAoIBAADd9zjW/WYpZHxs\n\
yImny7vdr2oJ3gK4TdjHGqRqWmujudDSXEy3fyx+b932gpamB3E20qtjodZ+aeKG\n\
w0KcQ0SLyMQ9F0bFMammc1kOhyc7OuVuzoGPeNsDTg+z4tFnkbsewXLhJmABh1pt\n\
UbVkIkxOnXuaMFfk2sFKQQ9M0Uwzr7hvd2HWl4he1GWomrkGry1P3qpJVErS+o+k\n\
ZKbcH081EPcem/m7WhVrphP910SZBkbygzyRh9d5PVH53asHx4sR+g+793QP++Lm\n\
iBL+YeBrB7H3QkvTbMeEkFHqvipVN11axV1GIQy5+ofbkrdWsPA3+zjJf/F9yZ5f\n\
EYtk0isCgYEA9h3QLnCLmaWSZdgiPODM4wSD7wxNiMADemiF6vnVeNM5Q5bCFH21\n\
bASUW9oXc5CulmxBdC6h1BZKrT19peauY2Uy9kdldgXLAiWNz2CzaEddVsvbfWDI\n\
vZBGBG4yXPsFxsQn7bv8A/ODERiPP4c0GIMpMIUffBRagpyisRnM/i8CgYEAzZYQ\n\
sXCKfRNZYhHsR19DZgJKFEllxHIEmuL4c4Uu/1kV8+ImNnQbaZuzpyVaXNnrd/fD\n\
sr+bsH/cNWhBqOyKXPk1O/6FvKjFzvCGIYmlziwMpSsgTa4EvVNtchVDBfVuQ8/i\n\
deRey7cdaLj3RGg0zfORae5s92ATDif2YGMw0RsCgYAMXNsEOisJAMQl0YGGxVQF\n\
Y0itTVTntZ13HKD9eKc8dn+94WjGVroyPtik9IORDod2juGK0HzYhnYh1aDmIHxK\n\
Cd9Rd6ylDQ1xgilpbVYVut/5aCwSVDZBL2oU9uQYv5M+tMO8sWCrYiQHS9CGRGhd\n\
gtki0s0OEoepX+zcMIuXiQKBgQCPGr1l9jPAWp6mYFl7WPl+YWuVcX3wX3mLIyDU\n\
sMmFH0rjp/D3iJyoR6SnXZ3n8h0xNfs4Sp4iHu53EqpZ3sV1cFc4+rO3HjgLE2wa\n\
nkkXGZx3wGxNBivwaclOVzR/SldFxsgZTi0aWs2S3uXn7S2MitYWyct56pt5CCI8\n\
9+68LwKBgBSKgR1RiAitC9iGIc1TuKOg7FS+yBNcqfzyWrygHDve4PXVroTCAdB5\n\
/MiDVboEuadBU1hv9pUiaS9yTOK8B+69AiTqJU2qqIbEqpE1Uu8Ya8zdb15o5GaP\n\
6s4rBKFaGAlrDT4sDVyjD0G2dlbGWxSYIXBalt4C6fzdF9Ne25ob\n\
-----END RSA PRIVATE KEY-----";
const RSA_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxaYlOZ8nwl/acG9FZkB1\n\
PHo9Matz1YoTqZWFlSTOkw1REmkt7R6fYSfyG/B2kbDVB84IM+nw+YuwsqniDrZu\n\
PmBx/vuPrn+3vG2Fkl2uwZDPK8/ctaEYB0QvMycykXxWGHmbDlW1V59DMDyrmJHB\n\
K//QHDOYyIYkovUuWdMevMPPYwPiYGU4+HbtTVdtNxOVJ8rgTTx/pD+iF1zLWsDy\n\
dMToY5p24TBkVpUIdyLL6NvWRKrvy8BU87hJr0M4eMu9HlBFmvrymLG3mx/wfh84\n\
DdJEFhujEFXPbgYhA7yxz2bcVriqAr3wCe26OrBufHYO5fY1oESH7UmZ0FcZ6fMt\n\
9QIDAQAB\n\
-----END PUBLIC KEY-----";
/// What OpenSSL signs with it: `openssl dgst -sha256 -sign`.
const SIGNED_BY_OPENSSL: (&str, &str) = (
    "eyJhbGciOiJSUzI1NiJ9.e30",
    "IVJ1xjRvOVQcVkng5cs1LsW_JtK3fJAXlc472yCdVtZU0iH2Nl7jwG3mvnKb4PAXnwmXQua35XuTWpxQjlfiANnmaB8zj-dMCP9s3Iox1eSSEoCYnaLEG7X0aVOWC2pUHqXxPrXmMPkB3rQ0fzxXHmPF3vy1wZqBbKiyCeqi5rqsLTIb3PFv0rJV--It83mCBtMWk2oTBdWi1N6_EyMZqdjmI3dJEdhMz9wjSCxyg7u4MzznK_L9PJaldgrbBFGH3wuu-BTbe6uwcPKec6RmPSYDL_fT3OfRTWaIrhRnkS7kU4vrV8PPB7SZ2hpHn7oTP98LrAYCnwW8iGGdX2zaJQ",
);
/// A kind of key that signs no assertions.
const P384: &str = "-----BEGIN PRIVATE KEY-----\n\
MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCVgLq8xxK6F/zkcH5z\n\
XfHQvxNmQmgdl9lAWLhGLqbsy2xNeDNCyyYaSPwLKUmsCbGhZANiAASoi6/ijg0k\n\
j3o5f5jM2z2fWa6ml9q5KNzvwC/XYoS4xRZOLqkDsICT0l2/I0gej4ki159K+vQS\n\
utLZ2XBr4ibe7Nub3kcBYUYN8Otwh6IucJwWN2IDZda2ZPAmwg2ykNQ=\n\
-----END PRIVATE KEY-----";
/// The key of RFC 8037, appendix A.1.
const ED25519_D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

fn ed25519() -> String {
    let seed = BASE64URL.decode(ED25519_D).expect("base64");
    let prefix = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let der = base64::engine::general_purpose::STANDARD.encode([&prefix[..], &seed].concat());
    format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n")
}

fn key(pem: &str) -> Key {
    Key::read(&Secret::new(pem)).expect("a key")
}

fn assertion(pem: &str) -> Assertion {
    Assertion {
        key: Secret::new(pem),
        key_id: Some("k1".to_owned()),
        issuer: "waitwhile".to_owned(),
        subject: "someone".to_owned(),
        audience: "https://hooks.example.test/token".to_owned(),
        lives: Duration::from_secs(300),
    }
}

fn made() -> Made {
    Made { at: "2031-03-04T08:00:00Z".parse().expect("a time"), id: "an-id".to_owned() }
}

/// The header, the claims, what is signed and the signature.
fn parts(jwt: &str) -> (Json, Json, String, Vec<u8>) {
    let (text, signature) = jwt.rsplit_once('.').expect("a dot");
    let (header, claims) = text.split_once('.').expect("two dots");
    let read = |part: &str| {
        let bytes = BASE64URL.decode(part).expect("base64url without padding");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    let signature = BASE64URL.decode(signature).expect("base64url without padding");
    (read(header), read(claims), text.to_owned(), signature)
}

#[test]
fn signatures_are_those_of_rfc_8037_and_of_openssl() {
    let text = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    assert_eq!(
        BASE64URL.encode(key(&ed25519()).sign(text)),
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    );
    let (text, signature) = SIGNED_BY_OPENSSL;
    for pem in [RSA, RSA_PKCS1] {
        assert_eq!(BASE64URL.encode(key(pem).sign(text.as_bytes())), signature);
    }
}

#[test]
fn an_assertion_says_who_for_whom_and_for_how_long_and_each_kind_of_key_signs_it() {
    let ed25519_public = "-----BEGIN PUBLIC KEY-----\n\
        MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----";
    let kinds: [(&str, &str, &str, &dyn VerificationAlgorithm); 3] = [
        (RSA, RSA_PUBLIC, "RS256", &RSA_PKCS1_2048_8192_SHA256),
        (P256, P256_PUBLIC, "ES256", &ECDSA_P256_SHA256_FIXED),
        (&ed25519(), ed25519_public, "EdDSA", &ED25519),
    ];
    for (private, public, algorithm, checks) in kinds {
        let jwt = compact(&assertion(private), &made(), None);
        let (header, claims, text, signature) = parts(&jwt);
        assert_eq!(header, json!({"alg": algorithm, "typ": "JWT", "kid": "k1"}));
        // 2031-03-04T08:00:00Z, by `date +%s`.
        let at = 1_930_377_600;
        assert_eq!(
            claims,
            json!({
                "iss": "waitwhile", "sub": "someone", "aud": "https://hooks.example.test/token",
                "iat": at, "exp": at + 300, "jti": "an-id",
            })
        );
        let public = public_key(public).expect("a public key");
        assert_eq!(public.algorithm, algorithm);
        let public = UnparsedPublicKey::new(checks, &public.bytes);
        assert_eq!(public.verify(text.as_bytes(), &signature), Ok(()), "{algorithm}");
        for damage in [CredentialDamage::Wrong, CredentialDamage::Nearly(Near::Last)] {
            let (.., text, signature) = parts(&compact(&assertion(private), &made(), Some(damage)));
            assert!(public.verify(text.as_bytes(), &signature).is_err(), "{algorithm} {damage:?}");
        }
        let nearly = Near::ALL.map(CredentialDamage::Nearly);
        for damage in nearly {
            assert_ne!(compact(&assertion(private), &made(), Some(damage)), jwt, "{damage:?}");
        }
    }
}

#[test]
fn a_damaged_assertion_differs_in_one_claim_and_is_rightly_signed() {
    let right = parts(&compact(&assertion(P256), &made(), None)).1;
    let public = public_key(P256_PUBLIC).expect("a public key");
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &public.bytes);
    for (damage, changed) in [
        (AssertionDamage::Expired, &["iat", "exp"][..]),
        (AssertionDamage::Endless, &["exp"]),
        (AssertionDamage::Audience, &["aud"]),
        (AssertionDamage::Issuer, &["iss"]),
        (AssertionDamage::Subject, &["sub"]),
        (AssertionDamage::Used, &[]),
    ] {
        let jwt = compact(&assertion(P256), &made(), Some(CredentialDamage::Assertion(damage)));
        let (_, claims, text, signature) = parts(&jwt);
        let keys = ["iss", "sub", "aud", "iat", "exp", "jti"];
        let differ: Vec<&str> = keys.into_iter().filter(|key| claims[key] != right[key]).collect();
        let mut wanted = changed.to_vec();
        wanted.sort_by_key(|key| keys.iter().position(|one| one == key));
        assert_eq!(differ, wanted, "{damage:?}");
        assert_eq!(public.verify(text.as_bytes(), &signature), Ok(()), "{damage:?}");
    }
    let unsigned = Some(CredentialDamage::Assertion(AssertionDamage::Unsigned));
    let (header, claims, _, signature) = parts(&compact(&assertion(P256), &made(), unsigned));
    assert_eq!((header["alg"].as_str(), claims), (Some("none"), right));
    assert!(signature.is_empty());
}

#[test]
fn a_key_that_cannot_sign_says_why_and_shows_nothing() {
    let encrypted = RSA.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let cut = &RSA[..RSA.len() / 2];
    for (pem, why) in [
        ("s3cr3t", AssertionKeyError::NotPem),
        ("", AssertionKeyError::NotPem),
        (cut, AssertionKeyError::NotPem),
        (RSA_PUBLIC, AssertionKeyError::Public),
        (&encrypted, AssertionKeyError::Encrypted),
        (P384, AssertionKeyError::Kind),
    ] {
        assert_eq!(algorithm(&Secret::new(pem)), Err(why));
    }
    assert_eq!(public_key(RSA), Err(AssertionKeyError::NotPublic));
}
