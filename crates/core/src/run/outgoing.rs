//! A request that is about to be sent, with the faults that strike it.

use crate::model::Fault;
use crate::policy::Request;
use crate::policy::transit::Transit;

/// A request and its faults.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// What is sent.
    pub request: Request,
    /// What happens to it on its way.
    pub transit: Transit,
    /// The texts of the faults.
    pub fault: Option<String>,
}

impl Outgoing {
    /// A request with these faults. Damage to its body and its credentials is already done.
    pub fn new(mut request: Request, faults: &[Fault]) -> Self {
        let transit = Transit::under(faults);
        if let Some(other) = &transit.content_type {
            request.set_content_type(other);
        }
        let texts: Vec<&str> = faults.iter().map(|fault| fault.text.as_str()).collect();
        let fault = (!texts.is_empty()).then(|| texts.join("; "));
        Self { request, transit, fault }
    }
}
