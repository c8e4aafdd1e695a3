//! What is under `deploy/` does what it says: its commands run here as Kubernetes and Slurm would run
//! them, against a server that counts.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value as Json;
use standin::clock::{after, real_time};

use super::server::{Behaviour, Server};

const SHARDS: usize = 8;

fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn manifest(path: &str) -> Json {
    serde_saphyr::from_str(&text(&format!("kubernetes/{path}"))).expect("YAML")
}

fn at<'a>(manifest: &'a Json, pointer: &str) -> &'a Json {
    manifest.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is missing"))
}

fn texts(list: &Json) -> Vec<String> {
    let list = list.as_array().expect("a list").iter();
    list.map(|one| one.as_str().expect("text").to_owned()).collect()
}

fn said(output: &Output) -> String {
    String::from_utf8([&output.stdout[..], &output.stderr].concat()).expect("UTF-8")
}

fn report(path: &Path) -> Json {
    let text = std::fs::read_to_string(path).expect("results");
    serde_json::from_str(&text).expect("JSON")
}

/// The same text, with a part replaced that must be in it.
fn with(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "{old} is not in {text}");
    text.replace(old, new)
}

const CONTAINER: &str = "/spec/template/spec/containers/0";

#[test]
fn the_manifests_run_each_shard_once_and_all_at_the_same_time() {
    let load = manifest("load.yaml");
    let spec = &load["spec"];
    assert_eq!(spec["completionMode"], "Indexed");
    assert_eq!((&spec["completions"], &spec["parallelism"]), (&8.into(), &8.into()));
    assert_eq!(spec["backoffLimitPerIndex"], 0);
    assert_eq!(at(&load, "/spec/template/spec/restartPolicy"), "Never");
    let rules = at(&load, "/spec/podFailurePolicy/rules").as_array().expect("rules").iter();
    let rules: Vec<(&str, String)> = rules
        .map(|rule| {
            let action = rule["action"].as_str().expect("text");
            assert_eq!(
                at(rule, "/onExitCodes/containerName"),
                at(&load, &format!("{CONTAINER}/name"))
            );
            (action, at(rule, "/onExitCodes/values").to_string())
        })
        .collect();
    assert_eq!(rules, [("FailIndex", "[1]".to_owned()), ("FailJob", "[2,3]".to_owned())]);
    let arguments = texts(at(&load, &format!("{CONTAINER}/args")));
    assert!(arguments.contains(&format!("--shard=$(JOB_COMPLETION_INDEX)/{SHARDS}")));
}

#[test]
fn the_commands_of_the_manifests_load_a_receiver_and_join_the_results() {
    let server = Server::start(Behaviour::Accepts);
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_str().expect("UTF-8");
    let settings = manifest("settings.yaml");
    let settings = at(&settings, "/data/standin.yaml").as_str().expect("text").to_owned();
    let host = "receiver.staging.svc.cluster.local";
    let settings = with(&settings, &format!("http://{host}:8080"), &server.url);
    std::fs::write(folder.path().join("standin.yaml"), settings).expect("a file");
    let logins = manifest("logins.yaml");
    let logins: BTreeMap<&String, &str> = at(&logins, "/stringData")
        .as_object()
        .expect("a map")
        .iter()
        .map(|(name, value)| (name, value.as_str().expect("text")))
        .collect();
    let start_at = after(real_time(), Duration::from_secs(3));
    let load = texts(at(&manifest("load.yaml"), &format!("{CONTAINER}/args"))).join("\n");
    let load = with(&load, "--rate=8000/s\n--for=60s", "--rate=500/s\n--for=1s");
    let load = with(&load, "$(START_AT)", &start_at.to_string());
    let load = with(&with(&load, "/etc/standin", place), "/results", place);
    assert!(load.contains(&format!("--allow-host={host}\n--yes")), "{load}");
    let command = |arguments: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
        command.args(arguments.lines()).env_clear().envs(&logins).current_dir(&folder);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    };
    let shards: Vec<_> = (0..SHARDS)
        .map(|index| command(&with(&load, "$(JOB_COMPLETION_INDEX)", &index.to_string())))
        .collect();
    for shard in shards {
        let output = shard.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    let merge = texts(at(&manifest("merge.yaml"), &format!("{CONTAINER}/args"))).join("\n");
    let output = command(&with(&merge, "/results", place)).wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(report(&folder.path().join("whole.json"))["webhooks"]["accepted"], 500);
    assert_eq!(server.stop().len(), 500);
}

#[test]
fn the_scripts_for_slurm_load_a_receiver_and_join_the_results() {
    let server = Server::start(Behaviour::Accepts);
    let folder = tempfile::tempdir().expect("a folder");
    // It runs an array as processes side by side, and a job that depends on another at once: the
    // array is over by then.
    let sbatch = r#"#!/usr/bin/env bash
set -euo pipefail
[ "$1" = --parsable ]; shift
case $1 in --dependency=afterany:41) shift ;; esac
array=$(sed -n 's/^#SBATCH --array=0-//p' "$1")
if [ -z "$array" ]; then
  bash "$@" >merge.log 2>&1
  echo 42
  exit
fi
export SLURM_ARRAY_TASK_COUNT=$((array + 1)) SLURM_CPUS_PER_TASK=1
for task in $(seq 0 "$array"); do
  SLURM_ARRAY_TASK_ID=$task bash "$@" >"load-$task.log" 2>&1 &
done
wait
echo "41;cluster"
"#;
    let program = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("its mode");
    };
    program("sbatch", sbatch);
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_standin"), folder.path().join("standin"))
        .expect("a link");
    let path = std::env::var("PATH").expect("a path");
    let submit = |arguments: &str| {
        Command::new("bash")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/slurm/submit.sh"))
            .args(arguments.split_whitespace())
            .current_dir(&folder)
            .env("PATH", format!("{}:{path}", folder.path().display()))
            // On a busy machine eight processes take seconds to begin.
            .env("START_IN", "10")
            .output()
            .expect("bash runs")
    };
    assert_eq!(submit("").status.code(), Some(2));
    let arguments = format!(
        "--target {} --seed 7 --rate 500/s --for 1s --vendor ombori --sample 0",
        server.url
    );
    let output = submit(&arguments);
    let logs = std::fs::read_to_string(folder.path().join("load-0.log")).unwrap_or_default();
    assert_eq!(output.status.code(), Some(0), "{}{logs}", said(&output));
    let (_, whole) = said(&output).trim().rsplit_once(' ').map_or_else(
        || panic!("{}", said(&output)),
        |(one, other)| (one.to_owned(), other.to_owned()),
    );
    assert_eq!(report(Path::new(&whole))["webhooks"]["sent"], 500, "{logs}");
    assert!(said(&output).contains("load 41 starts at"), "{}", said(&output));
    server.stop();
}
