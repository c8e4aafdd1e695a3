//! Requests to the server: finds the handler of each one, and writes its answer.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value as Json;

use super::api;
use super::context::Context;
use super::guard::{Guard, GuardedHeaders};
use super::idempotency::{Claim, Claimed, Stage};
use super::listen::{body, guarded, refusal};
use super::problem::{Problem, ProblemType};
use super::query::Query;
use super::reply::{Reply, status_of};
use super::route::{BASE, Group, Method, Route, Unmatched, find};
use super::state::Server;
use super::vendor;

/// What the handlers of all workers share.
#[derive(Clone)]
pub struct App {
    /// The server with its accounts.
    pub server: Arc<Server>,
    guard: Arc<Guard>,
    groups: Arc<Vec<Group>>,
}

impl App {
    /// Serves this server behind this guard.
    pub fn new(server: Arc<Server>, guard: Guard) -> Self {
        Self { server, guard: Arc::new(guard), groups: Arc::new(api::groups()) }
    }
}

/// Answers a request.
pub async fn answer(
    app: web::Data<App>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let path = request.uri().path().to_owned();
    guarded(async {
        if let Some(path) = below(BASE, &path) {
            return control(&app, &request, path, payload).await;
        }
        if let Some((mounted, path)) = vendor::live::find_mounted(&app.server, &path) {
            let body = body(payload, app.server.limits.body).await?;
            return Ok(vendor::live::answer(&app.server, mounted, &request, path, body).await);
        }
        Err(Problem::not_found(format!("there is nothing at `{}`", shortened(&path))))
    })
    .await
}

/// The rest of a path below a base path; `None` if it is not below it.
fn below<'a>(base: &str, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(base)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

fn shortened(path: &str) -> String {
    path.chars().take(200).collect()
}

/// Answers a request to the control API.
async fn control(
    app: &App,
    request: &HttpRequest,
    path: &str,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let method = request.method().as_str();
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let public = api::needs_no_login(path);
    let headers = GuardedHeaders {
        host: text("host"),
        origin: text("origin"),
        fetch_site: text("sec-fetch-site"),
        authorization: text("authorization"),
    };
    match app.guard.check(headers) {
        Err(problem) if problem.status == 401 && public => {}
        checked => checked?,
    }
    let (route, values) = match find(&app.groups, method, path) {
        Ok(found) => found,
        Err(Unmatched::Path) => {
            let detail = format!("there is nothing at `{BASE}{}`", shortened(path));
            return Err(Problem::not_found(detail));
        }
        Err(Unmatched::Method(methods)) => {
            let detail = format!("this path has {}, not {method}", methods.join(", "));
            let problem = Problem::new(ProblemType::MethodNotAllowed, detail);
            let mut response = refusal(&problem);
            if let Ok(allow) = methods.join(", ").parse() {
                response.headers_mut().insert(header::ALLOW, allow);
            }
            return Ok(response);
        }
    };
    let query = Query::check(route.query, request.uri().query().unwrap_or_default())?;
    let body = body(payload, app.server.limits.body).await?;
    let content_type = text("content-type").unwrap_or_default();
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if !body.is_empty() && !kind.eq_ignore_ascii_case("application/json") {
        let detail = format!("the body must be `application/json`, not `{}`", shortened(kind));
        return Err(Problem::new(ProblemType::UnsupportedMediaType, detail));
    }
    if !body.is_empty() && route.body.is_none() {
        let detail = "this operation takes no body";
        return Err(Problem::new(ProblemType::InvalidRequest, detail));
    }
    let last_event = text("last-event-id").map(str::to_owned);
    let server = Arc::clone(&app.server);
    let (of_request, key) = (body.clone(), None);
    let context = Context { server, path: values, query, body, last_event, key };
    let key = text("idempotency-key").filter(|_| route.method != Method::Get);
    let Some(key) = key else { return Ok(to_response((route.handler)(context).await?)) };
    let query = request.uri().query().unwrap_or_default().as_bytes();
    let of_request = [method.as_bytes(), path.as_bytes(), query, &of_request];
    match app.server.idempotency.claim(key, &of_request)? {
        Claim::Answered(status, body) => Ok(json(status, &body)),
        Claim::New(claimed) => carry_out_once(route, context, claimed).await.map(to_response),
    }
}

/// Carries out a request with a key, and keeps its answer: in the journal first, where it is not yet.
async fn carry_out_once(
    route: &Route,
    context: Context,
    claimed: Claimed<'_>,
) -> Result<Reply, Problem> {
    let (server, key) = (Arc::clone(&context.server), claimed.key.clone());
    let before = context.account().ok();
    let context = Context { key: Some(key.clone()), ..context };
    let answered = (route.handler)(context).await;
    let stage = match &answered {
        Ok(Reply::Json(status, body)) => Stage::Answered(*status, body.clone()),
        Ok(Reply::Empty(status)) => Stage::Answered(*status, Json::Null),
        Err(_) if key.is_begun() => Stage::Refused,
        Ok(Reply::Events(_)) | Err(_) => return answered,
    };
    if !key.is_answered() {
        // The account may have been opened just now, or replaced, or deleted.
        let opened = answered.as_ref().ok().and_then(Reply::name);
        let name = before.as_ref().map(|before| before.name.as_str()).or(opened);
        let account = name.and_then(|name| server.account(name).ok()).or(before);
        if let Some(account) = account {
            account.live.note(key.note(&account.name, account.live.now(), &stage)).await?;
        }
    }
    if let Stage::Answered(status, body) = stage {
        claimed.keep(status, body);
    }
    answered
}

fn to_response(reply: Reply) -> HttpResponse {
    match reply {
        Reply::Json(status, body) => json(status, &body),
        Reply::Empty(status) => HttpResponse::build(status_of(status)).finish(),
        Reply::Events(events) => HttpResponse::Ok()
            .content_type("text/event-stream")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .streaming(events.into_stream()),
    }
}

fn json(status: u16, body: &Json) -> HttpResponse {
    match body {
        Json::Null => HttpResponse::build(status_of(status)).finish(),
        body => HttpResponse::build(status_of(status))
            .content_type("application/json")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(body.to_string()),
    }
}
