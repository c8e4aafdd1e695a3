//! Token requests are as documented, and nothing shows a secret of theirs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::*;
use crate::model::policy::{ClientLogin, RequestFormat};
use crate::policy::{HeaderValue, Request, mask};

fn oauth() -> OAuth {
    let mut oauth = OAuth::of("doo");
    oauth.endpoint = Some("http://127.0.0.1:1/oauth/token".to_owned().into());
    oauth.client.secret = Secret::new("s3cr3t & more");
    oauth.invalid.revocation = Some("http://127.0.0.1:1/oauth/revoke".to_owned().into());
    oauth
}

fn shown(request: &Request) -> &[u8] {
    request.shown_body.as_ref().expect("a form with secrets")
}

#[test]
fn the_request_is_the_documented_form_in_the_documented_order() {
    // Authorization request (AU): client_id, client_secret, grant_type.
    let oauth = oauth();
    let request = request(&oauth, &oauth.client, None).expect("there is an endpoint");
    let wanted = "client_id=doo&client_secret=s3cr3t+%26+more&grant_type=client_credentials";
    assert_eq!(request.body, wanted);
    let wanted = "client_id=doo&client_secret=***&grant_type=client_credentials";
    assert_eq!(shown(&request), wanted.as_bytes());
    assert_eq!(request.headers[0].value.reveal(), "application/x-www-form-urlencoded");
    for answer in ["no s3cr3t & more here", "client_secret=s3cr3t+%26+more"] {
        let none = crate::model::Authentication::None;
        let shown = mask::masked_by(answer.into(), &[&request.needles(&none)]);
        assert!(!String::from_utf8_lossy(&shown).contains("s3cr3t"), "{shown:?}");
    }
}

#[test]
fn each_damage_gives_another_secret() {
    let oauth = oauth();
    let body = |damage| request(&oauth, &oauth.client, Some(damage)).expect("one").body;
    assert_eq!(body(CredentialDamage::Missing), "client_id=doo&grant_type=client_credentials");
    assert_eq!(
        body(CredentialDamage::Empty),
        "client_id=doo&client_secret=&grant_type=client_credentials"
    );
    let wrong = body(CredentialDamage::Wrong);
    assert!(!String::from_utf8_lossy(&wrong).contains("s3cr3t"), "{wrong:?}");
    assert_ne!(body(CredentialDamage::Malformed), wrong);
}

#[test]
fn a_client_that_uses_http_basic_has_neither_id_nor_secret_in_the_form() {
    let request_fields = vec![("scope", "write all".to_owned()), ("audience", "hooks".to_owned())];
    let oauth = OAuth { request_with: ClientLogin::Basic, request_fields, ..oauth() };
    let made = |damage| request(&oauth, &oauth.client, damage).expect("an endpoint");
    let header = |request: &Request| {
        let mut headers = request.headers.iter();
        let header = headers.find(|header| header.name == "Authorization")?;
        assert_eq!(header.value.shown(), MASK);
        Some(header.value.reveal().to_owned())
    };
    let right = format!("Basic {}", BASE64.encode("doo:s3cr3t+%26+more"));
    let honest = made(None);
    assert_eq!(honest.body, "grant_type=client_credentials&scope=write+all&audience=hooks");
    assert_eq!(header(&honest).as_deref(), Some(right.as_str()));
    let none = crate::model::Authentication::None;
    let shown = mask::masked_by(right.clone().into(), &[&honest.needles(&none)]);
    assert!(!String::from_utf8_lossy(&shown).contains(&right[6..]), "{shown:?}");
    use CredentialDamage::{Empty, Malformed, UnknownClient, Wrong};
    for damage in [Empty, Malformed, Wrong, UnknownClient] {
        let request = made(Some(damage));
        assert!(header(&request).is_some_and(|value| value != right), "{damage:?}");
        assert!(request.body.starts_with(b"grant_type="), "{damage:?}");
    }
    for (damage, body) in [
        (CredentialDamage::Missing, "client_id=doo&grant_type="),
        (CredentialDamage::OtherField, "client_id=doo&secret=s3cr3t+%26+more&grant_type="),
    ] {
        let request = made(Some(damage));
        assert!(request.body.starts_with(body.as_bytes()), "{damage:?}: {:?}", request.body);
        assert_eq!(header(&request), None);
    }
}

#[test]
fn a_revocation_shows_no_secret() {
    let request = revocation(&oauth(), &Secret::new("t0k3n")).expect("an endpoint");
    assert_eq!(shown(&request), b"token=***&client_id=doo&client_secret=***");
    assert!(request.body.starts_with(b"token=t0k3n&client_id=doo"));
}

#[test]
fn a_revocation_with_http_basic_has_its_credentials_in_the_header_alone() {
    let mut oauth = oauth();
    oauth.invalid.revoke_with = ClientLogin::Basic;
    let request = revocation(&oauth, &Secret::new("t0k3n")).expect("an endpoint");
    assert_eq!((&request.body[..], shown(&request)), (&b"token=t0k3n"[..], &b"token=***"[..]));
    let header = request.headers.iter().find(|header| header.name == "Authorization");
    let HeaderValue::Secret(value) = &header.expect("credentials").value else {
        panic!("it would be shown");
    };
    // The example of RFC 6749, section 2.3.1, encodes both as in a form.
    assert_eq!(value.reveal(), format!("Basic {}", BASE64.encode("doo:s3cr3t+%26+more")));
}

#[test]
fn a_revocation_is_json_where_the_receiver_wants_that() {
    let mut oauth = oauth();
    oauth.invalid.revoke_format = RequestFormat::Json;
    let request = revocation(&oauth, &Secret::new("t0k3n")).expect("an endpoint");
    let sent = r#"{"token":"t0k3n","client_id":"doo","client_secret":"s3cr3t & more"}"#;
    let masked = r#"{"token":"***","client_id":"doo","client_secret":"***"}"#;
    assert_eq!((&request.body[..], shown(&request)), (sent.as_bytes(), masked.as_bytes()));
}

#[test]
fn a_token_is_read_from_the_documented_answer() {
    // The three documented fields (AU), with the comma that the page lacks.
    let answer = br#"{"message":"ok","description":"issued","access_token":"tok-31f2"}"#;
    let token = read(answer).expect("a token");
    assert_eq!((token.secret.reveal(), token.lives), ("tok-31f2", None));
    for (answer, seconds) in [
        (r#"{"access_token":"a","expires_in":3600}"#, 3600),
        (r#"{"access_token":"a","expires_in":"60"}"#, 60),
        (r#"{"access_token":"a","expires_in":-5}"#, 0),
        (r#"{"access_token":"a","expires_in":1e300}"#, LONGEST_LIFE.as_secs()),
    ] {
        let lives = read(answer.as_bytes()).expect("a token").lives;
        assert_eq!(lives, Some(Duration::from_secs(seconds)), "{answer}");
    }
}

#[test]
fn an_invalid_token_gives_a_reason_that_does_not_show_it() {
    let long = format!(r#"{{"access_token":"{}"}}"#, "x".repeat(LONGEST + 1));
    for (answer, why) in [
        ("", "the answer is not JSON"),
        ("not JSON", "the answer is not JSON"),
        (
            r#"{"access_token": "t", "expires_in": 1e999}"#,
            "the answer has a number too large to hold",
        ),
        (r#"{"message": "a" "description": "b"}"#, "the answer is not JSON"),
        ("[]", "the answer has no `access_token`"),
        ("\"a\"", "the answer has no `access_token`"),
        ("{}", "the answer has no `access_token`"),
        (r#"{"access_token":null}"#, "the answer has no `access_token`"),
        (r#"{"access_token":""}"#, "`access_token` is empty"),
        (r#"{"access_token":7}"#, "`access_token` is not a string"),
        (r#"{"access_token":"a\r\nx: y"}"#, "`access_token` is not allowed in a header"),
        (r#"{"access_token":"ä"}"#, "`access_token` is not allowed in a header"),
        (&long, "`access_token` is longer than 16 KiB"),
    ] {
        assert_eq!(read(answer.as_bytes()).expect_err("none"), why, "{answer}");
    }
}

#[test]
fn no_assertion_is_shown_that_an_answer_repeats() {
    let jwt = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl-_";
    for answer in [
        format!(r#"{{"error":"invalid_grant","error_description":"{jwt} has expired"}}"#),
        format!("cannot read assertion={jwt}&x"),
        format!("<p>{}</p>", jwt.trim_end_matches("c2lnbmF0dXJl-_")),
    ] {
        let answer = Bytes::from(answer);
        let shown = [masked(&answer, &Outcome::Refused), masked_prose(&answer)];
        for shown in shown.map(|shown| String::from_utf8_lossy(&shown).into_owned()) {
            assert!(!shown.contains("eyJ") && shown.contains(MASK), "{shown}");
        }
    }
}

#[test]
fn no_token_is_shown_however_it_is_written() {
    for answer in [
        r#"{"access_token":"t0k3n","refresh_token" : "t0k3n"}"#,
        r#"{"ACCESS_TOKEN":"t0k\"3n t0k3n"#,
        "{\"data\":{\"access_token\":\"t0k3n\"}}",
        "access_token=t0k3n&expires_in=3600",
        "{'access_token': t0k3n}",
        "\u{fffd}{\"id_token\":\"t0k3n\"}",
        r#"{"accessToken":"t0k3n"}"#,
        r#"{"access_token":["t0k3n"],"token":"t0k3n"}"#,
        r#"{"access_token":"t0k3n","access_token":"t0k3n"}"#,
        r#"["t0k3n"]"#,
        "\"t0k3n\"",
        "idToken = t0k3n;",
    ] {
        let answer = Bytes::copy_from_slice(answer.as_bytes());
        for outcome in [Outcome::Accepted, Outcome::Refused] {
            let shown = String::from_utf8_lossy(&masked(&answer, &outcome)).into_owned();
            assert!(!shown.contains("t0k") && shown.contains(MASK), "{shown}");
        }
    }
    let harmless = Bytes::from_static(b"{\"message\":\"wrong secret\"}");
    assert_eq!(masked(&harmless, &Outcome::Accepted), harmless);
    let bare = Bytes::from_static(b"<access_token>t0k3n</access_token>");
    assert_eq!(masked(&bare, &Outcome::Accepted), "*** (34 bytes that cannot be read as JSON)");
}
