//! `standin serve` and `standin healthcheck` as commands: refusals and exit codes.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use super::served::Served;

/// Runs a command to its end. Returns the exit code and what it wrote to stderr.
async fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
    command.args(arguments).current_dir(folder).env_remove("STANDIN_ADMIN_TOKEN");
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.expect("no panic").expect("the program runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_served_is_exit_2_and_says_what_would_be_right() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let holder = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = holder.local_addr().expect("its address").to_string();
    std::fs::write(folder.path().join("no.db"), "this is no journal").expect("a writable folder");
    let cases: [(&[&str], &str); 7] = [
        (&["serve", "--listen", "0.0.0.0:0"], "--admin-token"),
        (&["serve", "--listen", "127.0.0.1:0", "--admin-token", ""], "--admin-token"),
        (&["serve", "--listen", "127.0.0.1:0", "--admin-token", " a"], "without white space"),
        (&["serve", "--listen", "127.0.0.1:0", "--host-name", ""], "--host-name is empty"),
        (&["serve", "--listen", &taken], &taken),
        (&["serve", "--listen", "127.0.0.1:0", "--journal", "no.db"], "no.db"),
        (&["serve", "--listen", "127.0.0.1:0", "--durable"], "--journal"),
    ];
    for (arguments, says) in cases {
        let (code, said) = run(folder.path(), arguments).await;
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    drop(holder);
}

#[tokio::test(flavor = "multi_thread")]
async fn healthcheck_says_whether_a_server_is_ready() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let running = super::receiver().await;
    let mut served = Served::start(&running.url, &[]);
    assert_eq!(run(folder.path(), &["healthcheck", &served.url]).await.0, Some(0));
    let url = served.url.clone();
    served.kill();
    assert_eq!(run(folder.path(), &["healthcheck", &url]).await.0, Some(3));
    running.stop().await;
}
