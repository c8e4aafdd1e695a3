//! A gateway that checks a login and passes the rest on. It knows nothing of Standin's code.

#[path = "gateway/jwt.rs"]
mod jwt;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The header that proves the vendor, and its value.
pub const HEADER: (&str, &str) = ("x-gateway-key", "Key gw-0042-Bluebell");
/// Another one, which must be right, too.
pub const TENANT: (&str, &str) = ("x-gateway-tenant", "tenant-0042-Foxglove");
/// The vendor's client, and its secret.
pub const CLIENT: (&str, &str) = ("ombori", "client-s3cret-0042");
/// A client that may get tokens, and must not send webhooks.
pub const OTHER_CLIENT: (&str, &str) = ("till", "till-s3cret-0042");
/// A token that has expired.
pub const EXPIRED: &str = "expired-token-0042";

/// How a webhook must prove itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Login {
    Header,
    Token,
    /// A token for an assertion that the client signs.
    Assertion,
}

/// What is wrong with a gateway.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Defect {
    None,
    /// It lets everything through.
    Open,
    /// It answers 404 to every POST.
    NotFound,
    /// It keeps what is about some locations only, and answers 200 to the rest.
    SomeLocations,
    /// It compares the first half of the header.
    Beginning,
    /// It does not tell upper from lower case.
    AnyCase,
    /// It looks at the first header only.
    FirstOnly,
    /// It looks at the last header only.
    LastOnly,
    /// After a wrong value it refuses everything.
    LocksOut,
    /// It gives a token to anybody who names a client.
    AnySecret,
    /// It does not look at the grant.
    AnyGrant,
    /// A revoked token stays valid.
    NeverRevokes,
    /// A token of any client will do.
    AnyClient,
    /// A new token voids the one before.
    OneToken,
    /// A token is good for one webhook.
    OneUse,
    /// It accepts an assertion with the algorithm `none`.
    Unsigned,
    /// It does not look at one of the claims.
    AnyIssuer,
    AnySubject,
    AnyAudience,
    AnyExpiry,
    /// It accepts an assertion that never expires.
    Endless,
    /// It accepts an assertion a second time.
    AnyUse,
}

pub struct Gateway {
    login: Login,
    defect: Defect,
    /// Its own URL.
    url: String,
    /// Host and port of the receiver behind it.
    behind: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Tokens that are valid, and whose they are.
    tokens: BTreeMap<String, String>,
    issued: usize,
    is_locked: bool,
    /// The ids of assertions.
    seen: BTreeSet<String>,
}

/// A request as it came.
struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(one, _)| one.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    /// Whether it is about one of the locations whose ids begin with a small letter.
    fn is_elsewhere(&self) -> bool {
        let body = String::from_utf8_lossy(&self.body);
        let location = body.split_once("\"locationId\":\"").map(|(_, rest)| rest.to_owned());
        location.is_some_and(|id| id.starts_with(|first: char| first.is_ascii_lowercase()))
    }

    fn form(&self) -> BTreeMap<String, String> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }
}

impl Gateway {
    /// Starts one before the receiver at this URL. Returns its own URL. It ends with the runtime.
    pub async fn start(login: Login, defect: Defect, behind: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let behind = behind.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let gateway = Self { login, defect, url: url.clone(), behind, state: Mutex::default() };
        let gateway = Arc::new(gateway);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let gateway = Arc::clone(&gateway);
                tokio::spawn(async move { gateway.serve(stream).await });
            }
        });
        url
    }

    async fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let request = read(&mut stream).await?;
        let answer = match (request.method.as_str(), request.path.as_str()) {
            ("POST", _) if self.defect == Defect::NotFound => (404, String::new()),
            ("POST", _) if self.defect == Defect::SomeLocations && request.is_elsewhere() => {
                (200, String::new())
            }
            ("POST", "/oauth/token") => self.issue(&request),
            ("POST", "/oauth/revoke") => self.revoke(&request),
            ("POST", _) if !self.lets_through(&request) => (401, String::new()),
            _ => return self.pass_on(&request, stream).await,
        };
        let (status, body) = answer;
        let answer = format!(
            "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await.ok()
    }

    async fn pass_on(&self, request: &Request, mut stream: TcpStream) -> Option<()> {
        let mut behind = TcpStream::connect(&self.behind).await.ok()?;
        let mut head =
            format!("{} {} HTTP/1.1\r\nconnection: close\r\n", request.method, request.path);
        for (name, value) in &request.headers {
            if !name.eq_ignore_ascii_case("connection") {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        head.push_str("\r\n");
        behind.write_all(head.as_bytes()).await.ok()?;
        behind.write_all(&request.body).await.ok()?;
        tokio::io::copy(&mut behind, &mut stream).await.ok().map(drop)
    }

    fn lets_through(&self, request: &Request) -> bool {
        let mut state = self.state.lock().expect("no panic");
        let right = match self.login {
            _ if self.defect == Defect::Open => true,
            Login::Header => {
                let first = self.is_right(request.header(HEADER.0), HEADER.1);
                let last = self.is_right(request.header(TENANT.0), TENANT.1);
                match self.defect {
                    Defect::FirstOnly => first,
                    Defect::LastOnly => last,
                    _ => first && last,
                }
            }
            Login::Token | Login::Assertion => self.has_token(request, &mut state),
        };
        if self.defect == Defect::LocksOut {
            state.is_locked |= !right;
            return !state.is_locked;
        }
        right
    }

    fn is_right(&self, value: Option<&str>, right: &str) -> bool {
        let Some(value) = value else { return false };
        match self.defect {
            Defect::Beginning => value.starts_with(&right[..right.len() / 2]),
            Defect::AnyCase => value.eq_ignore_ascii_case(right),
            _ => value == right,
        }
    }

    fn has_token(&self, request: &Request, state: &mut State) -> bool {
        let Some(value) = request.header("authorization") else { return false };
        let Some(token) = value.strip_prefix("Bearer ") else { return false };
        let Some(client) = state.tokens.get(token).cloned() else { return false };
        if self.defect == Defect::OneUse {
            state.tokens.remove(token);
        }
        client == CLIENT.0 || self.defect == Defect::AnyClient
    }

    fn issue(&self, request: &Request) -> (u16, String) {
        let form = request.form();
        let of = |name: &str| form.get(name).map_or("", String::as_str);
        let clients = BTreeSet::from([CLIENT, OTHER_CLIENT]);
        let (mut id, secret) = (of("client_id"), of("client_secret"));
        let mut state = self.state.lock().expect("no panic");
        let endpoint = format!("{}/oauth/token", self.url);
        let known = match self.defect {
            _ if self.login == Login::Assertion => {
                id = CLIENT.0;
                let assertion = of("client_assertion");
                jwt::proves(assertion, (id, &endpoint), self.defect, &mut state.seen)
            }
            Defect::AnySecret => clients.iter().any(|(one, _)| *one == id),
            _ => clients.contains(&(id, secret)),
        };
        if !known {
            return (401, r#"{"error":"invalid_client"}"#.to_owned());
        }
        if of("grant_type") != "client_credentials" && self.defect != Defect::AnyGrant {
            return (400, r#"{"error":"unsupported_grant_type"}"#.to_owned());
        }
        state.issued += 1;
        let token = format!("Tk{:04}xYz", state.issued);
        if self.defect == Defect::OneToken {
            state.tokens.retain(|_, client| client != id);
        }
        state.tokens.insert(token.clone(), id.to_owned());
        (200, format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":3600}}"#))
    }

    /// RFC 7009.
    fn revoke(&self, request: &Request) -> (u16, String) {
        let form = request.form();
        if let Some(token) = form.get("token").filter(|_| self.defect != Defect::NeverRevokes) {
            self.state.lock().expect("no panic").tokens.remove(token);
        }
        (200, String::new())
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    let mut request = Request { method, path, headers, body: bytes.split_off(end + 4) };
    let length = request.header("content-length").and_then(|one| one.parse().ok()).unwrap_or(0);
    while request.body.len() < length {
        if stream.read_buf(&mut request.body).await.ok()? == 0 {
            return None;
        }
    }
    Some(request)
}
