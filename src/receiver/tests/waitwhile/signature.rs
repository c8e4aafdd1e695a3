//! Signatures of webhooks: right and wrong ones in every form.

use super::*;

/// Ways to send the creation of the visit.
#[derive(Clone, Copy, Debug)]
enum Way {
    Right,
    WrongSecret,
    Tampered,
    Rewritten,
    Missing,
    Empty,
    NotBase64,
    Hex,
    Short,
    ForHostAlone,
    ForOtherPath,
    WithoutUrl,
    WrongThenRight,
    RightTwice,
    List,
}

/// The status of the answer to the creation, sent in this way.
async fn sent(receiver: &Receiver, way: Way) -> u16 {
    // With spaces, so that re-serialising it changes the bytes.
    let body = format!("{:#}", created());
    let url = receiver.url();
    let right = signature(SECRET, &url, body.as_bytes());
    let wrong = signature("other", &url, body.as_bytes());
    let text = match way {
        Way::Right | Way::Tampered | Way::Missing | Way::Rewritten => right.clone(),
        Way::WrongSecret | Way::WrongThenRight => wrong,
        Way::Empty => String::new(),
        Way::NotBase64 => "not*base64*at*all".into(),
        Way::Hex => "9f86d081884c7d659a2feaa0c55ad015".repeat(2),
        Way::Short => right[..24].into(),
        Way::ForHostAlone => {
            signature(SECRET, &format!("{}/", receiver.0.running.url), body.as_bytes())
        }
        Way::ForOtherPath => signature(SECRET, &format!("{url}/"), body.as_bytes()),
        Way::WithoutUrl => signature(SECRET, "", body.as_bytes()),
        Way::RightTwice => right.clone(),
        Way::List => format!("{wrong},{right}"),
    };
    let mut headers = signed(&text);
    match way {
        Way::Missing => drop(headers.remove(HEADER)),
        Way::WrongThenRight | Way::RightTwice => {
            headers.append(HEADER, right.parse().unwrap());
        }
        _ => {}
    }
    let body = match way {
        Way::Tampered => body.replace("\"partySize\": 2", "\"partySize\": 3"),
        Way::Rewritten => created().to_string(),
        _ => body,
    };
    receiver.post(headers, body).await.status().as_u16()
}

const WAYS: [Way; 15] = [
    Way::Right,
    Way::WrongSecret,
    Way::Tampered,
    Way::Rewritten,
    Way::Missing,
    Way::Empty,
    Way::NotBase64,
    Way::Hex,
    Way::Short,
    Way::ForHostAlone,
    Way::ForOtherPath,
    Way::WithoutUrl,
    Way::WrongThenRight,
    Way::RightTwice,
    Way::List,
];

#[tokio::test]
async fn only_a_right_signature_over_url_and_raw_body_is_accepted() {
    for way in WAYS {
        let receiver = Receiver::good().await;
        let expected = if matches!(way, Way::Right) { 200 } else { 401 };
        assert_eq!(sent(&receiver, way).await, expected, "{way:?}");
        assert_eq!(receiver.visit(VISIT).await.is_some(), expected == 200, "{way:?}");
    }
}

/// Each defect changes the answers that it is about, and no others.
#[tokio::test]
async fn each_signature_defect_changes_only_its_own_answers() {
    for (defect, answers) in [
        (Defect::UnsignedAccepted, &[(Way::Missing, 200)][..]),
        (Defect::EmptySignatureAccepted, &[(Way::Empty, 200)]),
        (Defect::MalformedSignatureCrashes, &[(Way::NotBase64, 500), (Way::List, 500)]),
        (Defect::TwoSignaturesCrash, &[(Way::WrongThenRight, 500), (Way::RightTwice, 500)]),
        (Defect::BodyReserialised, &[(Way::Right, 401)]),
        (Defect::SignedPathIgnored, &[(Way::ForHostAlone, 200)]),
    ] {
        for way in WAYS {
            let receiver = Receiver::bad(defect).await;
            let normal = if matches!(way, Way::Right) { 200 } else { 401 };
            let own = answers.iter().find(|(own, _)| format!("{own:?}") == format!("{way:?}"));
            let expected = own.map_or(normal, |(_, status)| *status);
            assert_eq!(sent(&receiver, way).await, expected, "{} {way:?}", defect.name());
        }
    }
    for way in WAYS {
        let receiver = Receiver::bad(Defect::SignatureIgnored).await;
        assert_eq!(sent(&receiver, way).await, 200, "{way:?}");
    }
}

#[tokio::test]
async fn only_a_defect_accepts_a_re_serialised_body() {
    let spaced = format!("{:#}", created());
    for (defect, expected) in [(None, 401), (Some(Defect::BodyReserialised), 200)] {
        let defects = defect.into_iter().collect();
        let receiver = Receiver::with(Options { defects, ..Options::default() }).await;
        let of_compact = signature(SECRET, &receiver.url(), created().to_string().as_bytes());
        assert_eq!(receiver.post(signed(&of_compact), spaced.clone()).await.status(), expected);
    }
}

#[tokio::test]
async fn the_signature_covers_the_configured_url_letter_for_letter() {
    let public = "https://hooks.example.test/waitwhile?shop=7";
    let signing = Signing { secret: Secret::new(SECRET), url: Some(public.into()) };
    let options = Options { waitwhile: Some(signing), ..Options::default() };
    let receiver = Receiver(Host::with(options).await);
    let body = created().to_string();
    for (url, expected) in [(public, 200), (receiver.url().as_str(), 401)] {
        let headers = signed(&signature(SECRET, url, body.as_bytes()));
        assert_eq!(receiver.post(headers, body.clone()).await.status(), expected, "{url}");
    }
}

#[tokio::test]
async fn the_host_header_does_not_change_the_signed_url() {
    let receiver = Receiver::good().await;
    let body = created().to_string();
    let url = "http://evil.example.test/webhooks/waitwhile";
    let mut headers = signed(&signature(SECRET, url, body.as_bytes()));
    headers.insert("host", "evil.example.test".parse().unwrap());
    headers.insert("x-forwarded-host", "evil.example.test".parse().unwrap());
    assert_eq!(receiver.post(headers, body).await.status(), 401);
}

#[tokio::test]
async fn the_signature_is_checked_before_the_body() {
    let receiver = Receiver::good().await;
    let unsigned = async |content_type: &str, body: &str| {
        let request = receiver.0.client.post(receiver.url()).header("content-type", content_type);
        status_and_text(request.body(body.to_owned()).send().await.unwrap()).await
    };
    let missing = "401 the header X-Waitwhile-Signature is missing";
    assert_eq!(unsigned("application/json", "{").await, missing);
    assert_eq!(unsigned("text/plain", "{}").await, missing);
    let other = receiver.post(signed("!"), "{").await;
    let wanted = "401 the header X-Waitwhile-Signature is not one signature in base64";
    assert_eq!(status_and_text(other).await, wanted);
    let other = receiver.post(signed("AAAA"), "{").await;
    assert_eq!(
        status_and_text(other).await,
        "401 the header X-Waitwhile-Signature has the wrong value"
    );
}

#[tokio::test]
async fn a_receiver_that_queues_refuses_an_unsigned_webhook() {
    let queues = Some(std::time::Duration::ZERO);
    let receiver = Receiver::with(Options { queues, ..Options::default() }).await;
    assert_eq!(sent(&receiver, Way::Missing).await, 401);
    assert_eq!(sent(&receiver, Way::Tampered).await, 401);
    assert_eq!(receiver.send_bytes("{").await, "202 queued");
    assert_eq!(receiver.send(&created()).await, "202 queued");
    while receiver.visit(VISIT).await.is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(receiver.believes().await, "WAITING at 3, told 1");
}

#[tokio::test]
async fn without_a_secret_there_are_no_routes() {
    let receiver = Receiver(Host::with(Options::default()).await);
    assert_eq!(receiver.send(&created()).await, "404 this path does not exist");
    assert_eq!(receiver.visit(VISIT).await, None);
}
