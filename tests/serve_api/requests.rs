//! Requests to each operation: one that is right, and those that are wrong in its own way.

/// A request: the operation, the status of its answer, the values in its path, its query and its body.
pub type Asked = (&'static str, u16, &'static [&'static str], &'static str, &'static str);

/// The body that is the account's snapshot.
pub const SNAPSHOT: &str = "its snapshot";

const TICKET: &str = r#"{"phrase":"Bo takes a walk-in ticket"}"#;
const TWICE: &str = r#"{"phrase":"every webhook is delivered twice"}"#;

/// Each operation once, as it should be used. The order matters: what is read or removed was made before.
pub const RIGHT: &[Asked] = &[
    ("getHealth", 200, &[], "", ""),
    ("getOpenApi", 200, &[], "", ""),
    ("listVendors", 200, &[], "", ""),
    ("listAccounts", 200, &[], "", ""),
    ("createAccount", 201, &[], "", r#"{"name":"second","vendor":"doo"}"#),
    ("getAccount", 200, &["ombori"], "", ""),
    ("getCredentials", 200, &["ombori"], "", ""),
    ("getSnapshot", 200, &["ombori"], "", ""),
    ("listActions", 200, &["ombori"], "", ""),
    ("say", 200, &["ombori"], "wait=delivered", TICKET),
    ("performAction", 200, &["ombori", "call"], "", r#"{"arguments":{"who":"Anna"}}"#),
    ("getClock", 200, &["ombori"], "", ""),
    ("setSpeed", 200, &["ombori"], "", r#"{"speed":null}"#),
    ("advanceClock", 200, &["ombori"], "", r#"{"by":"1m"}"#),
    ("settleDeliveries", 200, &["ombori"], "", ""),
    ("listSubjects", 200, &["ombori"], "kind=position&limit=1", ""),
    ("getSubject", 200, &["ombori", "position", "Anna"], "", ""),
    ("getBelief", 200, &["ombori", "position", "Anna"], "", ""),
    ("listDeliveries", 200, &["ombori"], "state=over&limit=1", ""),
    ("getDelivery", 200, &["ombori", "0"], "", ""),
    ("repeatDelivery", 202, &["ombori", "0"], "", ""),
    ("editDelivery", 202, &["ombori", "0"], "", r#"{"body":"{"}"#),
    ("listDeadLetters", 200, &["ombori"], "", ""),
    ("sendDeadLetters", 200, &["ombori"], "", r#"{"name":"Anna"}"#),
    ("getEndpoint", 200, &["ombori"], "", ""),
    ("reactivateEndpoint", 200, &["ombori"], "", ""),
    ("listFaults", 200, &["ombori"], "", ""),
    ("addFault", 201, &["ombori"], "", TWICE),
    ("removeFault", 204, &["ombori", "1"], "", ""),
    ("removeFaults", 204, &["ombori"], "", ""),
    ("getTraffic", 200, &["ombori"], "", ""),
    ("startTraffic", 200, &["ombori"], "", r#"{"per_hour":6}"#),
    ("stopTraffic", 204, &["ombori"], "", ""),
    ("listCalls", 200, &["ombori"], "limit=1", ""),
    ("listTokenRequests", 200, &["ombori"], "limit=1", ""),
    ("getCoverage", 200, &["ombori"], "", ""),
    ("streamEvents", 200, &[], "until=now", ""),
    ("restoreSnapshot", 200, &["ombori"], "", SNAPSHOT),
    ("listScenarios", 200, &[], "", ""),
    (
        "playScenario",
        202,
        &["waitwhile"],
        "",
        r#"{"text":"vendor: waitwhile\nsteps:\n  - wait: 1m\n"}"#,
    ),
    ("getScenario", 200, &["waitwhile"], "", ""),
    ("stopScenario", 204, &["waitwhile"], "", ""),
    ("deleteAccount", 204, &["second"], "", ""),
    ("getReady", 200, &[], "", ""),
];

/// What is wrong with a request to one operation only.
pub const WRONG: &[Asked] = &[
    ("createAccount", 409, &[], "", r#"{"name":"ombori","vendor":"ombori"}"#),
    ("createAccount", 422, &[], "", r#"{"name":"x","vendor":"acme"}"#),
    ("createAccount", 422, &[], "", r#"{"name":"x","vendor":"doo","profile":"1999"}"#),
    ("createAccount", 422, &[], "", r#"{"name":"x","vendor":"doo","settings":{"colour":"blue"}}"#),
    (
        "createAccount",
        422,
        &[],
        "",
        r#"{"name":"x","vendor":"doo","deliver":"http://example.test"}"#,
    ),
    (
        "createAccount",
        422,
        &[],
        "",
        r#"{"name":"x","vendor":"doo","deliver":"http://127.0.0.1:9/{event}"}"#,
    ),
    ("createAccount", 400, &[], "", r#"{"name":"-","vendor":"doo"}"#),
    ("createAccount", 400, &[], "", r#"{"name":"x","vendor":"doo","speed":0}"#),
    ("restoreSnapshot", 422, &["ombori"], "", EMPTY_SNAPSHOT),
    ("say", 409, &["ombori"], "", r#"{"phrase":"staff check out Anna"}"#),
    ("say", 422, &["ombori"], "", r#"{"phrase":"Anna flies"}"#),
    ("say", 400, &["ombori"], "wait=for-ever", TICKET),
    ("performAction", 404, &["ombori", "fly"], "", "{}"),
    ("performAction", 404, &["ombori", "call"], "", r#"{"arguments":{"who":"Nobody"}}"#),
    ("performAction", 409, &["ombori", "check-out"], "", r#"{"arguments":{"who":"Anna"}}"#),
    ("performAction", 422, &["ombori", "call"], "", r#"{"arguments":{"who":7}}"#),
    ("setSpeed", 400, &["ombori"], "", r#"{"speed":-1}"#),
    ("advanceClock", 422, &["ombori"], "", r#"{"by":"soon"}"#),
    ("advanceClock", 400, &["ombori"], "", r#"{"by":"1m","to":"2031-03-04T09:00:00Z"}"#),
    ("listSubjects", 422, &["ombori"], "cursor=x", ""),
    ("listSubjects", 400, &["ombori"], "limit=0", ""),
    ("listSubjects", 422, &["ombori"], "kind=visit", ""),
    ("listSubjects", 422, &["ombori"], "state=asleep", ""),
    ("getSubject", 404, &["ombori", "position", "Nobody"], "", ""),
    ("getBelief", 404, &["ombori", "position", "Nobody"], "", ""),
    ("listDeliveries", 422, &["ombori"], "cursor=x", ""),
    ("listDeliveries", 400, &["ombori"], "limit=501", ""),
    ("listDeliveries", 400, &["ombori"], "state=lost", ""),
    ("listDeliveries", 400, &["ombori"], "outcome=acepted", ""),
    ("listDeliveries", 422, &["ombori"], "trigger=positionCaled", ""),
    ("getDelivery", 404, &["ombori", "999"], "", ""),
    ("getDelivery", 404, &["ombori", "first"], "", ""),
    ("repeatDelivery", 404, &["ombori", "999"], "", ""),
    ("editDelivery", 404, &["ombori", "999"], "", r#"{"body":"{}"}"#),
    ("editDelivery", 422, &["ombori", "0"], "", r#"{"body":"{}","fault":"is blue"}"#),
    ("listDeadLetters", 422, &["ombori"], "cursor=x", ""),
    ("addFault", 422, &["ombori"], "", r#"{"phrase":"every webhook is blue"}"#),
    ("addFault", 422, &["ombori"], "", r#"{"phrase":"every order_created is lost"}"#),
    ("removeFaults", 404, &["ombori"], "phrase=every+webhook+is+lost", ""),
    ("removeFault", 404, &["ombori", "7"], "", ""),
    ("startTraffic", 422, &["ombori"], "", r#"{"settings":{"colour":"blue"}}"#),
    ("startTraffic", 400, &["ombori"], "", r#"{"per_hour":-1}"#),
    ("playScenario", 422, &["ombori"], "", r#"{"name":"ombori/none.yaml"}"#),
    ("playScenario", 422, &["doo"], "", r#"{"name":"ombori/walk-in.yaml"}"#),
    ("listCalls", 422, &["ombori"], "cursor=x", ""),
    ("listTokenRequests", 422, &["ombori"], "cursor=x", ""),
    ("streamEvents", 404, &[], "account=nobody", ""),
    ("streamEvents", 400, &[], "until=tomorrow", ""),
];

/// What opens an account that is not there yet.
pub const ANOTHER: Asked = ("createAccount", 201, &[], "", r#"{"name":"third","vendor":"doo"}"#);

const EMPTY_SNAPSHOT: &str =
    r#"{"snapshot":1,"vendor":"ombori","seed":1,"start":"2031-03-04T08:00:00Z","entries":[]}"#;
