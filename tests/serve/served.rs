//! A server as a process, for tests: started on a free port, asked over HTTP, killed or stopped.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value as Json;

/// A running server.
pub struct Served {
    child: Child,
    /// Its URL.
    pub url: String,
    client: reqwest::Client,
}

impl Served {
    /// Starts a server in this folder, with these arguments.
    pub async fn start(folder: &Path, arguments: &[&str]) -> Self {
        let ready = folder.join("ready");
        let _ = std::fs::remove_file(&ready);
        let child = Command::new(env!("CARGO_BIN_EXE_standin"))
            .args(["serve", "--listen", "127.0.0.1:0", "--ready-file", "ready"])
            .args(arguments)
            .current_dir(folder)
            .env_remove("STANDIN_ADMIN_TOKEN")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let client =
            standin::delivery::client(std::time::Duration::from_secs(5)).expect("a client");
        let mut served = Self { child, url: String::new(), client };
        let mut ticks = tokio::time::interval(std::time::Duration::from_millis(20));
        for _ in 0..1500 {
            ticks.tick().await;
            if let Ok(url) = std::fs::read_to_string(&ready)
                && url.ends_with('\n')
            {
                served.url = url.trim().to_owned();
                return served;
            }
            let ended = served.child.try_wait().expect("a state");
            assert!(ended.is_none(), "the server has ended: {ended:?}");
        }
        panic!("the server is not ready");
    }

    /// Kills it, as a crash would.
    pub fn kill(mut self) {
        self.child.kill().expect("it is there");
        self.child.wait().expect("it has ended");
    }

    /// A request to the control API: status and body.
    pub async fn ask(&self, method: &str, path: &str, body: Option<Json>) -> (u16, Json) {
        self.ask_with(method, path, body, &[]).await
    }

    /// The same with these headers.
    pub async fn ask_with(
        &self,
        method: &str,
        path: &str,
        body: Option<Json>,
        headers: &[(&str, &str)],
    ) -> (u16, Json) {
        let url = match path.starts_with("/api") || path.matches('/').count() == 0 {
            true => format!("{}{path}", self.url),
            false => format!("{}/api/v1{path}", self.url),
        };
        self.send(method, &url, body, headers).await
    }

    /// A request to the vendors' own APIs.
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<Json>,
        headers: &[(&str, &str)],
    ) -> (u16, Json) {
        self.send(method, &format!("{}{path}", self.url), body, headers).await
    }

    async fn send(
        &self,
        method: &str,
        url: &str,
        body: Option<Json>,
        headers: &[(&str, &str)],
    ) -> (u16, Json) {
        let method = method.parse().expect("a method");
        let mut request = self.client.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Json::String(text)))
    }

    /// A request that is answered with this status. Returns the body.
    pub async fn expect(&self, status: u16, method: &str, path: &str, body: Option<Json>) -> Json {
        let (found, answer) = self.ask(method, path, body).await;
        assert_eq!(found, status, "{method} {path}: {answer}");
        answer
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
