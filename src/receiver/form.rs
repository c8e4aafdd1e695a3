//! The form of a token request, and of a request that revokes a token.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Payload;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use super::intake;
use super::refusal::Refusal;

/// The id and the secret that HTTP Basic carries, as the fields that say the same. A client that says them twice
/// has a field twice, which is refused.
fn basic(request: &HttpRequest) -> Option<[(String, String); 2]> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, both) = value.split_once(' ')?;
    let both = STANDARD.decode(both.trim()).ok()?;
    let both = String::from_utf8(both).ok()?;
    let (id, secret) = both.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let read = |text: &str| {
        let field = form_urlencoded::parse(text.as_bytes()).next();
        field.map_or(String::new(), |(text, _)| text.into_owned())
    };
    Some([("client_id".to_owned(), read(id)), ("client_secret".to_owned(), read(secret))])
}

/// The fields of a form, with what HTTP Basic says.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the form of a request.
    pub(super) async fn of(request: &HttpRequest, body: Payload) -> Result<Self, Refusal> {
        intake::check_form_type(request)?;
        let body = intake::read_form(body).await?;
        let mut fields: Vec<_> = form_urlencoded::parse(&body).into_owned().collect();
        fields.extend(basic(request).into_iter().flatten());
        Ok(Self(fields))
    }

    /// Whether any field has this value.
    pub(super) fn has_value(&self, value: &str) -> bool {
        self.0.iter().any(|(_, one)| one == value)
    }

    /// A field that must not be repeated (RFC 6749, section 3.2).
    pub(super) fn one(&self, field: &'static str) -> Result<Option<&str>, Refusal> {
        let mut values = self.0.iter().filter(|(name, _)| name == field);
        let first = values.next().map(|(_, value)| value.as_str());
        match values.next() {
            None => Ok(first),
            Some(_) => Err(Refusal::FormField { field }),
        }
    }
}
