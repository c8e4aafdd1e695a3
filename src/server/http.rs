//! Requests to the server: finds the handler of each one, and writes its answer.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value as Json;

use super::api;
use super::context::Context;
use super::guard::{Guard, GuardedHeaders};
use super::idempotency::Claim;
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
    let context = Context { server, path: values, query, body: body.clone(), last_event };
    let key = text("idempotency-key").filter(|_| route.method != Method::Get);
    let Some(key) = key else { return Ok(to_response(carry_out(route, context).await?)) };
    let request = [method.as_bytes(), path.as_bytes(), &body];
    match app.server.idempotency.claim(key, &request)? {
        Claim::Answered(status, body) => Ok(json(status, &body)),
        Claim::New(claimed) => {
            let reply = carry_out(route, context).await?;
            match &reply {
                Reply::Json(status, body) => claimed.keep(*status, body.clone()),
                Reply::Empty(status) => claimed.keep(*status, Json::Null),
                Reply::Events(_) => {}
            }
            Ok(to_response(reply))
        }
    }
}

async fn carry_out(route: &Route, context: Context) -> Result<Reply, Problem> {
    (route.handler)(context).await
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
