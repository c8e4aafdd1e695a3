//! Tokens of webhooks: valid and invalid ones in every form.

use std::time::Duration;

use super::*;
use crate::clock::Stopwatch;

/// Ways to send the creation of the order.
#[derive(Clone, Copy, Debug)]
enum Way {
    Right,
    LowerCase,
    Missing,
    Empty,
    SchemeAlone,
    MadeUp,
    Expired,
    Revoked,
    OfPartner,
    NoScheme,
    OtherScheme,
    NotAToken,
    NotText,
    Long,
    WrongThenRight,
    RightTwice,
    List,
    InAddress,
}

const WAYS: [Way; 18] = [
    Way::Right,
    Way::LowerCase,
    Way::Missing,
    Way::Empty,
    Way::SchemeAlone,
    Way::MadeUp,
    Way::Expired,
    Way::Revoked,
    Way::OfPartner,
    Way::NoScheme,
    Way::OtherScheme,
    Way::NotAToken,
    Way::NotText,
    Way::Long,
    Way::WrongThenRight,
    Way::RightTwice,
    Way::List,
    Way::InAddress,
];

fn normal(way: Way) -> u16 {
    match way {
        Way::Right | Way::LowerCase => 200,
        Way::OfPartner => 403,
        _ => 401,
    }
}

/// The answer to the creation, sent in this way.
async fn sent(receiver: &Receiver, way: Way) -> Response {
    let token = match way {
        Way::OfPartner => receiver.token("partner", PARTNER).await,
        Way::Expired => EXPIRED.into(),
        Way::MadeUp => "0f4b2ad58cc64d0aa3d6e6d1a57c9e11".into(),
        Way::NotAToken => "!neither token nor base64!".into(),
        Way::Long => "a".repeat(4_000),
        _ => receiver.token("doo", SECRET).await,
    };
    if matches!(way, Way::Revoked) {
        let form = format!("client_id=doo&client_secret={SECRET}&token={token}");
        assert_eq!(receiver.form("/oauth/revoke", &form).await.status(), 200);
    }
    let mut headers = match way {
        Way::LowerCase => header(&format!("bearer  {token}")),
        Way::Missing | Way::InAddress => HeaderMap::new(),
        Way::Empty => header(""),
        Way::SchemeAlone => header("Bearer "),
        Way::NoScheme => header(&token),
        Way::OtherScheme => header(&format!("Basic {token}")),
        Way::WrongThenRight => bearer("made-up"),
        Way::List => header(&format!("Bearer {token}, Bearer {token}")),
        Way::NotText => {
            let mut headers = HeaderMap::new();
            let value = reqwest::header::HeaderValue::from_bytes(b"Bearer \xff\xfe").unwrap();
            headers.insert("authorization", value);
            headers
        }
        _ => bearer(&token),
    };
    if matches!(way, Way::WrongThenRight | Way::RightTwice) {
        headers.append("authorization", format!("Bearer {token}").parse().unwrap());
    }
    let path = match way {
        Way::InAddress => format!("order-created?access_token={token}"),
        _ => "order-created".into(),
    };
    receiver.post(&path, headers, paid().to_string()).await
}

#[tokio::test]
async fn only_a_valid_token_of_the_right_client_is_accepted() {
    for way in WAYS {
        let receiver = Receiver::good().await;
        let answer = sent(&receiver, way).await;
        assert_eq!(answer.status(), normal(way), "{way:?}");
        assert_eq!(answer.headers().contains_key("www-authenticate"), normal(way) == 401);
        assert_eq!(receiver.order().await.is_some(), normal(way) == 200, "{way:?}");
    }
}

/// Each defect changes the answers that it is about, and no others.
#[tokio::test]
async fn each_token_defect_changes_only_its_own_answers() {
    let malformed =
        [Way::NoScheme, Way::OtherScheme, Way::NotAToken, Way::NotText, Way::Long, Way::List];
    let given = [Way::MadeUp, Way::Expired, Way::Revoked, Way::OfPartner];
    for (defect, ways, status) in [
        (Defect::MissingTokenAccepted, &[Way::Missing, Way::InAddress][..], 200),
        (Defect::EmptyTokenAccepted, &[Way::Empty, Way::SchemeAlone], 200),
        (Defect::AnyTokenAccepted, &given, 200),
        (Defect::MalformedTokenCrashes, &malformed, 500),
        (Defect::UnknownTokenCrashes, &[Way::MadeUp], 500),
        (Defect::ExpiredTokenAccepted, &[Way::Expired], 200),
        (Defect::RevokedTokenAccepted, &[Way::Revoked], 200),
        (Defect::OtherClientsTokenAccepted, &[Way::OfPartner], 200),
        (Defect::TokenIgnored, &WAYS, 200),
        (Defect::CredentialsIgnored, &[], 200),
    ] {
        for way in WAYS {
            let receiver = Receiver::bad(defect).await;
            let own = ways.iter().any(|own| format!("{own:?}") == format!("{way:?}"));
            let expected = if own { status } else { normal(way) };
            let answer = sent(&receiver, way).await.status();
            assert_eq!(answer, expected, "{} {way:?}", defect.name());
        }
    }
}

#[tokio::test]
async fn defects_of_one_kind_of_answer_and_of_the_second_use() {
    let receiver = Receiver::bad(Defect::LoginRedirect).await;
    for way in WAYS {
        let expected = if normal(way) == 401 { 302 } else { normal(way) };
        assert_eq!(sent(&receiver, way).await.status(), expected, "{way:?}");
    }
    let receiver = Receiver::bad(Defect::TokenUsedOnce).await;
    let token = receiver.token("doo", SECRET).await;
    for expected in [200, 401] {
        let answer = receiver.post("order-created", bearer(&token), paid().to_string()).await;
        assert_eq!(answer.status(), expected);
    }
}

#[tokio::test]
async fn a_refusal_says_what_is_wrong_with_the_token() {
    let receiver = Receiver::good().await;
    for (way, text) in [
        (Way::Missing, "401 the header Authorization is missing"),
        (Way::Empty, "401 the header Authorization is not one token in the configured form"),
        (Way::MadeUp, "401 the token was not issued here"),
        (Way::Expired, "401 the token has expired"),
        (Way::Revoked, "401 the token was revoked"),
        (Way::OfPartner, "403 the client partner may not send these webhooks"),
    ] {
        assert_eq!(status_and_description(sent(&receiver, way).await).await, text);
    }
}

/// The lifetime of a token is real time.
#[tokio::test]
async fn a_token_is_valid_exactly_for_its_lifetime() {
    let lifetime = Duration::from_millis(400);
    let options =
        Options { doo: Some(OAuth { token_lifetime: lifetime, ..oauth() }), ..Options::default() };
    let receiver = Receiver(Host::with(options).await);
    let asked = Stopwatch::start();
    let token = receiver.token("doo", SECRET).await;
    let had = Stopwatch::start();
    loop {
        let before = had.elapsed();
        assert!(before < Duration::from_secs(20), "the token is good for ever");
        let answer = receiver.post("order-created", bearer(&token), paid().to_string()).await;
        match answer.status().as_u16() {
            200 => assert!(before < lifetime, "{before:?} is too long"),
            401 => {
                assert!(asked.elapsed() >= lifetime, "the token was good for less");
                break;
            }
            other => panic!("{other}"),
        }
    }
    // A new token is valid again.
    assert_eq!(receiver.send("order-created", &paid()).await, "200 duplicate");
}

#[tokio::test]
async fn the_header_and_its_value_can_be_configured() {
    let token_of = async |header: &str, value: &str| {
        let (header, header_value) = (header.to_owned(), value.to_owned());
        let doo = Some(OAuth { header, header_value, ..oauth() });
        let receiver = Receiver(Host::with(Options { doo, ..Options::default() }).await);
        let token = receiver.token("doo", SECRET).await;
        (receiver, token)
    };
    for (name, template, sent, expected) in [
        ("Oauth-Token", "%ACCESS_TOKEN%", "TOKEN", 200),
        ("Oauth-Token", "%ACCESS_TOKEN%", "Bearer TOKEN", 401),
        ("Oauth-Token", "doo %ACCESS_TOKEN%;v=1", "doo TOKEN;v=1", 200),
        ("Oauth-Token", "doo %ACCESS_TOKEN%;v=1", "doo TOKEN", 401),
        ("Oauth-Token", "doo %ACCESS_TOKEN%;v=1", "doo", 401),
        ("Authorization", "Bearer %ACCESS_TOKEN%", "Bearer TOKEN;v=1", 401),
    ] {
        let (receiver, token) = token_of(name, template).await;
        let mut headers = HeaderMap::new();
        let name: reqwest::header::HeaderName = name.parse().unwrap();
        headers.insert(name, sent.replace("TOKEN", &token).parse().unwrap());
        let answer = receiver.post("order-created", headers, paid().to_string()).await;
        assert_eq!(answer.status(), expected, "{template} {sent}");
    }
}

#[tokio::test]
async fn the_token_is_checked_before_the_body() {
    let receiver = Receiver::good().await;
    let missing = "401 the header Authorization is missing";
    let answer = receiver.post("order-created", HeaderMap::new(), "{").await;
    assert_eq!(status_and_description(answer).await, missing);
    let request = receiver.0.client.post(receiver.url("/webhooks/doo/event-created"));
    let answer = request.header("content-type", "text/plain").body("{").send().await.unwrap();
    assert_eq!(status_and_description(answer).await, missing);
}

#[tokio::test]
async fn a_receiver_that_queues_says_200_to_whoever_may_send() {
    let queues = Some(Duration::ZERO);
    let receiver = Receiver::with(Options { queues, ..Options::default() }).await;
    assert_eq!(sent(&receiver, Way::Missing).await.status(), 401);
    assert_eq!(sent(&receiver, Way::Expired).await.status(), 401);
    assert_eq!(receiver.send_bytes("order-created", "{").await, "200 queued");
    assert_eq!(receiver.send("order-created", &paid()).await, "200 queued");
    while receiver.order().await.is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(receiver.believes().await, "Åsa, active, active valid, told 1, let in 0");
}

#[tokio::test]
async fn without_clients_there_are_no_routes() {
    let receiver = Receiver(Host::with(Options::default()).await);
    let answer = receiver.post("order-created", bearer("a"), paid().to_string()).await;
    assert_eq!(status_and_text(answer).await, "404 this path does not exist");
    assert_eq!(receiver.form("/oauth/token", &credentials("doo", SECRET)).await.status(), 404);
    assert_eq!(receiver.order().await, None);
}
