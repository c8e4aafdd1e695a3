//! A server as a process, with a client whose requests can also have the headers of a browser.

use serde_json::Value as Json;

#[path = "../common/served.rs"]
mod process;

/// A running server, with a journal of its own.
pub struct Served {
    process: process::Served,
    /// Its URL.
    pub url: String,
    client: reqwest::Client,
}

impl Served {
    /// Starts a server whose vendors deliver to this receiver, with these arguments.
    pub fn start(receiver: &str, arguments: &[&str]) -> Self {
        let arguments = [&["--target", receiver], arguments].concat();
        let process = process::Served::start(&arguments);
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { url: process.url.clone(), process, client }
    }

    /// Kills it, as a crash would.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts it again with its journal.
    pub fn restart(&mut self) {
        self.process.restart();
        self.url.clone_from(&self.process.url);
    }

    /// A request to the control API. Returns status and body.
    pub async fn ask(&self, method: &str, path: &str, body: Option<Json>) -> (u16, Json) {
        self.ask_with(method, path, body, &[]).await
    }

    /// The same request with these headers.
    pub async fn ask_with(
        &self,
        method: &str,
        path: &str,
        body: Option<Json>,
        headers: &[(&str, &str)],
    ) -> (u16, Json) {
        let url = format!("{}/api/v1{path}", self.url);
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

    /// A request that must be answered with this status. Returns the body.
    pub async fn expect(&self, status: u16, method: &str, path: &str, body: Option<Json>) -> Json {
        let (found, answer) = self.ask(method, path, body).await;
        assert_eq!(found, status, "{method} {path}: {answer}");
        answer
    }
}
