//! The server under load: many accounts, a receiver that calls back, slow readers of events.

#[path = "common/served.rs"]
mod served;

use served::Served;

#[test]
fn the_token_guards_every_operation_but_health_and_ready() {
    let mut server = Served::start(&["--admin-token", "s3cret"]);
    let document = standin::server::document(standin::vendors::registry::shipped());
    let paths = document["paths"].as_object().expect("paths");
    let (mut guarded, mut open) = (0, 0);
    for (path, methods) in paths.iter() {
        let path = path.replace(['{', '}'], "");
        for method in methods.as_object().expect("methods").keys() {
            let answer = server.call(&method.to_uppercase(), &path, None);
            if ["/api/v1/health", "/api/v1/ready"].contains(&path.as_str()) {
                answer.expect(200);
                open += 1;
            } else {
                let answer = answer.expect(401);
                assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{path}");
                guarded += 1;
            }
        }
    }
    assert!(guarded >= 18 && open == 2, "{guarded} are guarded, {open} are open");
    let right = [("authorization", "Bearer s3cret")];
    let read = |headers| {
        served::request(server.authority(), "GET", "/api/v1/accounts", headers, b"")
            .expect("it answers")
    };
    assert_eq!(read(&right).status, 200);
    assert_eq!(read(&[("authorization", "Bearer s3cre")]).status, 401);
    assert_eq!(read(&[("authorization", "Bearer s3crets")]).status, 401);
    assert!(server.stop().success(), "{}", server.stderr());
}
