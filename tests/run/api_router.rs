//! Which scenario answers a call of a vendor's API: the one with the presented key. If several have
//! it, the one with the subject in the call. If that is not clear, none.

use std::time::Duration;

use bytes::Bytes;
use standin::chance::Chance;
use standin::cli::settings::{self, Overrides};
use standin::clock::{default_start, real_time};
use standin::delivery::{Allowed, Sender};
use standin::driver::Driver;
use standin::driver::api_router::{ApiClient, ApiRouter, ScenarioGuard, Unanswered, channel};
use standin::journal::Memory;
use standin::model::{Secret, Settings};
use standin::run::Run;
use standin::sim::Opening;
use standin::vendors::api::{ApiRequest, GivenApiKeys, Method};
use standin::vendors::{Vendor, registry};

fn waitwhile() -> &'static dyn Vendor {
    registry::shipped().find("waitwhile").expect("a vendor")
}

/// A scenario in which Anna waits, with this key, and the id of her visit. Nothing is sent.
fn scenario(router: &ApiRouter, seed: u64, key: &str) -> (Driver, String, ScenarioGuard) {
    let vendor = waitwhile();
    let catalogue = vendor.catalogue();
    let read = settings::read(
        registry::shipped(),
        "standin.yaml",
        settings::BUILT_IN,
        &Overrides::default(),
    );
    let mut route =
        read.unwrap_or_else(|_| panic!("right settings")).target.vendors["waitwhile"].route();
    route.api_keys = GivenApiKeys { key: Some(Secret::new(key)), ..GivenApiKeys::default() };
    let sender = Sender::new(Duration::from_secs(5), Allowed::default()).expect("a client");
    let run = Run::new(&Chance::from_seed(seed), default_start());
    let mut driver = Driver::new(run, sender, Memory::default());
    let opening = Opening {
        name: "waitwhile".to_owned(),
        profile: catalogue.default_profile(),
        settings: Settings::check(catalogue.settings, []).expect("defaults"),
    };
    let account = driver.open(vendor, opening, route).expect("it is written");
    driver.hold().expect("it is written");
    let text = "Anna joins the waitlist";
    let parsed = standin::phrase::read(catalogue, text).expect("a phrase");
    let pump = driver.pump();
    let subject = pump.apply(|run| run.act(account, &parsed, text)).expect("it is written");
    let id = driver.sim().subject(account, subject.expect("it is legal")).id;
    (driver, id, router.register(pump, account, vendor))
}

async fn status(client: &ApiClient, key: &str, path: &str) -> Result<u16, Unanswered> {
    let request = ApiRequest {
        method: Method::Get,
        path: path.to_owned(),
        query: Vec::new(),
        headers: vec![("apikey".to_owned(), Secret::new(key))],
        body: Bytes::new(),
        received: real_time(),
    };
    client.ask(waitwhile(), request).await.map(|answer| answer.status)
}

fn calls(driver: &Driver) -> usize {
    let journal = driver.journal();
    journal.entries().filter(|entry| entry.kind.name() == "requested").count()
}

#[tokio::test]
async fn a_call_is_answered_by_the_scenario_that_it_is_for() {
    let router = ApiRouter::default();
    let (client, asked) = channel();
    let (one, anna, first) = scenario(&router, 1, "shared");
    let (other, another_anna, second) = scenario(&router, 2, "shared");
    let (alone, _, _third) = scenario(&router, 3, "alone");
    assert_ne!(anna, another_anna);
    let visit = |id: &str| format!("/visits/{id}");
    let told = async {
        assert_eq!(status(&client, "shared", &visit(&anna)).await, Ok(200));
        assert_eq!(status(&client, "shared", &visit(&another_anna)).await, Ok(200));
        assert_eq!((calls(&one), calls(&other), calls(&alone)), (1, 1, 0));
        // The request does not name a subject, so it could be for either scenario.
        assert_eq!(status(&client, "shared", "/visits").await, Err(Unanswered::Several));
        assert_eq!(status(&client, "alone", "/visits").await, Ok(200));
        assert_eq!(status(&client, "wrong", "/visits").await, Err(Unanswered::NoAccount));
        assert_eq!((calls(&one), calls(&other), calls(&alone)), (1, 1, 1));
        // The key of another account gives no access to this one.
        assert_eq!(status(&client, "alone", &visit(&anna)).await, Ok(404));

        drop(first);
        assert_eq!(status(&client, "shared", "/visits").await, Ok(200));
        assert_eq!(status(&client, "shared", &visit(&anna)).await, Ok(200), "it came late");
        assert_eq!((calls(&one), calls(&other)), (2, 2));
        drop(second);
        assert_eq!(status(&client, "shared", "/visits").await, Err(Unanswered::NoAccount));
    };
    tokio::select! {
        () = router.serve(asked) => panic!("requests can still come"),
        () = told => {}
    }
    assert_eq!(status(&client, "alone", "/visits").await, Err(Unanswered::Closed));
}
