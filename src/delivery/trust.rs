//! Which certificates a receiver may show: those of the platform's authorities, and of the user's own.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;

/// The user's own authorities, besides those of the platform.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    own: Vec<CertificateDer<'static>>,
}

impl Trust {
    /// Reads authorities from the text of a PEM file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let own: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
        let own = own.map_err(|error| format!("it is not PEM: {error}"))?;
        if own.is_empty() {
            return Err("it holds no certificate (`-----BEGIN CERTIFICATE-----`)".to_owned());
        }
        let trust = Self { own };
        trust.tls().map_err(|error| format!("a certificate in it cannot be used: {error}"))?;
        Ok(trust)
    }

    /// What decides about a certificate.
    ///
    /// # Errors
    /// If the platform's certificates cannot be read.
    pub fn tls(&self) -> Result<Arc<ClientConfig>, rustls::Error> {
        let provider = Arc::new(default_provider());
        let verifier = Verifier::new_with_extra_roots(self.own.clone(), Arc::clone(&provider))?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Arc::new(config))
    }
}
