//! The same story, driven by clients in curl, Python and Node (`tests/clients/`).

use std::process::Command;

use super::served::Served;

/// The programs, each with its script.
const CLIENTS: &[(&str, &str)] =
    &[("bash", "story.sh"), ("python3", "story.py"), ("node", "story.mjs")];

/// The output of each: the webhooks of the story, and the number of attempts in the stream.
const PRINTED: &str = "positionCreated\npositionCalled\npositionFulfilled\n3\n";

#[tokio::test(flavor = "multi_thread")]
async fn curl_python_and_node_tell_the_same_story() {
    let running = super::receiver().await;
    let served = Served::start(&running.url, &["--no-accounts"]);
    for (program, script) in CLIENTS {
        let script = format!("{}/tests/clients/{script}", env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(program);
        command.arg(script).arg(&served.url);
        let output = tokio::task::spawn_blocking(move || command.output());
        let output = output.await.expect("no panic").unwrap_or_else(|_| panic!("no {program}"));
        let (said, printed) = (output.stderr, String::from_utf8_lossy(&output.stdout));
        assert_eq!(printed, PRINTED, "{program}: {}", String::from_utf8_lossy(&said));
    }
    running.stop().await;
}
