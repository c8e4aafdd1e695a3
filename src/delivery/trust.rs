//! Which certificates a receiver may show, and which one is shown to it.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::{Error as PemError, PemObject as _};
use rustls::pki_types::{CertificateDer, IpAddr, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, Error, InconsistentKeys, SignatureScheme};
use rustls_platform_verifier::Verifier;

/// The certificates that a receiver may show, and the client's own. By default: those of the platform's
/// authorities, and none.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The user's own authorities, besides those of the platform.
    own: Vec<CertificateDer<'static>>,
    identity: Option<Arc<Identity>>,
    loopback: Loopback,
}

/// Whether the certificates of receivers on this machine are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loopback {
    /// As all others.
    #[default]
    Checked,
    /// Any is taken.
    Unchecked,
}

/// A client certificate with its private key.
struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(***)")
    }
}

impl Trust {
    /// The same, with authorities from the text of a PEM file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn with_authorities(self, text: &str) -> Result<Self, String> {
        let trust = Self { own: certificates(text)?, ..self };
        trust.tls().map_err(|error| format!("a certificate in it cannot be used: {error}"))?;
        Ok(trust)
    }

    /// The same, with a client certificate and its private key from the texts of PEM files.
    ///
    /// # Errors
    /// What is wrong with one of them. No part of the key is in it.
    pub fn with_identity(self, certificate: &str, key: &str) -> Result<Self, IdentityProblem> {
        let chain = certificates(certificate).map_err(IdentityProblem::Certificate)?;
        let key = private_key(key).map_err(IdentityProblem::Key)?;
        let trust = Self { identity: Some(Arc::new(Identity { chain, key })), ..self };
        trust.tls().map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                IdentityProblem::Key("it is not the key of the certificate".to_owned())
            }
            other => IdentityProblem::Key(format!("it cannot be used: {other}")),
        })?;
        Ok(trust)
    }

    /// The same, which takes any certificate of receivers on this machine, or none of them unchecked.
    #[must_use]
    pub fn with_loopback(self, loopback: Loopback) -> Self {
        Self { loopback, ..self }
    }

    /// Whether certificates of receivers on this machine are checked.
    pub fn loopback(&self) -> Loopback {
        self.loopback
    }

    /// What decides about a certificate.
    ///
    /// # Errors
    /// If the platform's certificates cannot be read, or those of the user cannot be used.
    pub fn tls(&self) -> Result<Arc<ClientConfig>, Error> {
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(self.judge()?));
        Ok(Arc::new(match &self.identity {
            None => config.with_no_client_auth(),
            Some(own) => config.with_client_auth_cert(own.chain.clone(), own.key.clone_key())?,
        }))
    }

    fn judge(&self) -> Result<Judge, Error> {
        let (own, loopback) = (self.own.clone(), self.loopback);
        let usual = Verifier::new_with_extra_roots(own.clone(), Arc::new(default_provider()))?;
        Ok(Judge { usual, own, loopback })
    }
}

/// What is wrong with a client certificate or its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityProblem {
    /// With the certificate.
    Certificate(String),
    /// With the key.
    Key(String),
}

fn certificates(text: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    // What the parser says could repeat a part of a key that is there too.
    let read = read.map_err(|_| "it is not PEM".to_owned())?;
    if read.is_empty() {
        return Err("it holds no certificate (`-----BEGIN CERTIFICATE-----`)".to_owned());
    }
    Ok(read)
}

fn private_key(text: &str) -> Result<PrivateKeyDer<'static>, String> {
    match PrivateKeyDer::from_pem_slice(text.as_bytes()) {
        Ok(key) => Ok(key),
        Err(PemError::NoItemsFound) if text.contains("ENCRYPTED") => {
            Err("its private key is encrypted: give it without a passphrase".to_owned())
        }
        Err(PemError::NoItemsFound) => {
            Err("it holds no private key (`-----BEGIN PRIVATE KEY-----`)".to_owned())
        }
        // What the parser says could repeat a part of the key.
        Err(_) => Err("its private key is not PEM".to_owned()),
    }
}

/// Decides about the certificate of a receiver.
#[derive(Debug)]
struct Judge {
    usual: Verifier,
    own: Vec<CertificateDer<'static>>,
    loopback: Loopback,
}

impl Judge {
    /// Whether a certificate is one of the user's own, for this name. Tools make certificates for a desk that are those of an
    /// authority at the same time (CA:TRUE). The usual rules refuse one that a server shows, as soon as they have found
    /// it valid at this time.
    fn is_own(
        &self,
        certificate: &CertificateDer<'_>,
        name: &ServerName<'_>,
        why: &Error,
    ) -> Result<bool, Error> {
        if !is_of_an_authority(why) || !self.own.iter().any(|one| one == certificate) {
            return Ok(false);
        }
        verify_server_name(&ParsedCertificate::try_from(certificate)?, name).map(|()| true)
    }
}

/// Whether a certificate was refused since it is that of an authority. The platform's verifier gives this error only as
/// a text.
pub(super) fn is_of_an_authority(why: &impl fmt::Debug) -> bool {
    format!("{why:?}").contains("CaUsedAsEndEntity")
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.loopback == Loopback::Unchecked && is_loopback(server_name) {
            return Ok(ServerCertVerified::assertion());
        }
        let judged = self.usual.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match judged {
            Err(why) if self.is_own(end_entity, server_name, &why)? => {
                Ok(ServerCertVerified::assertion())
            }
            judged => judged,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

/// Whether a receiver of this name is on this machine: `localhost` leads nowhere else (`resolve.rs`).
fn is_loopback(name: &ServerName<'_>) -> bool {
    match name {
        ServerName::DnsName(name) => name.as_ref().eq_ignore_ascii_case("localhost"),
        ServerName::IpAddress(address) => {
            let address = match address {
                IpAddr::V4(four) => std::net::IpAddr::from(*four.as_ref()),
                IpAddr::V6(six) => std::net::IpAddr::from(*six.as_ref()),
            };
            address.to_canonical().is_loopback()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_taken_without_a_check() {
        let taken = |name: &'static str| is_loopback(&ServerName::try_from(name).expect(name));
        for name in ["localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]
        {
            assert!(taken(name), "{name}");
        }
        for name in ["example.test", "localhost.example.test", "10.0.0.1", "::2", "0.0.0.0"] {
            assert!(!taken(name), "{name}");
        }
    }

    #[test]
    fn an_own_certificate_may_be_that_of_an_authority() {
        use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};
        let made = |until: i32| {
            let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
            let mut params = CertificateParams::new(names).expect("names");
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.not_after = date_time_ymd(until, 1, 1);
            params.self_signed(&KeyPair::generate().expect("a key")).expect("made")
        };
        let (own, other, expired) = (made(4000), made(4000), made(2001));
        let text = own.pem() + &expired.pem();
        let judge = Trust::default().with_authorities(&text).expect("PEM").judge().expect("read");
        let now = UnixTime::now();
        let judged = |certificate: &rcgen::Certificate, name: &'static str| {
            let name = ServerName::try_from(name).expect("a name");
            judge.verify_server_cert(certificate.der(), &[], &name, &[], now)
        };
        assert!(judged(&own, "localhost").is_ok() && judged(&own, "127.0.0.1").is_ok());
        for (certificate, name) in [
            (&own, "example.test"),
            (&own, "127.0.0.2"),
            (&other, "localhost"),
            (&expired, "localhost"),
        ] {
            assert!(judged(certificate, name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_private_key_is_not_shown() {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
        let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        let trust = Trust::default().with_identity(&certificate, &key).expect("they fit");
        assert!(format!("{trust:?}").contains("Identity(***)"), "{trust:?}");
        let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
        let other = other.signing_key.serialize_pem();
        let cut = &key[..key.len() / 2];
        for (certificate, key, why) in [
            (certificate.as_str(), other.as_str(), "it is not the key of the certificate"),
            (&certificate, &certificate, "it holds no private key (`-----BEGIN PRIVATE KEY-----`)"),
            (&certificate, cut, "its private key is not PEM"),
            (
                &certificate,
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "its private key is encrypted: give it without a passphrase",
            ),
        ] {
            let problem = Trust::default().with_identity(certificate, key).map(|_| ());
            assert_eq!(problem, Err(IdentityProblem::Key(why.to_owned())));
        }
        let torn = format!("{certificate}{}", key.replacen('\n', "", 1));
        let problem = Trust::default().with_identity(&torn, &torn).map(|_| ());
        let not_pem = IdentityProblem::Certificate("it is not PEM".to_owned());
        assert_eq!(problem, Err(not_pem), "a line of the key stands where a certificate could");
        let problem = Trust::default().with_identity(&key, &key).map(|_| ());
        assert!(matches!(problem, Err(IdentityProblem::Certificate(_))), "{problem:?}");
    }
}
