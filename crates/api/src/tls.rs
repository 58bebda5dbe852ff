//! TLS with a certificate and a key from files, for a service that no proxy stands in front of.

use std::{path::Path, sync::Arc};

use rustls::{
    Error, ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject},
    },
};

use crate::Settings;

/// What the listener needs, or nothing when these settings speak plain HTTP. The error is one line
/// for the terminal.
pub fn config(settings: &Settings) -> Result<Option<ServerConfig>, String> {
    if !settings.tls() {
        return Ok(None);
    }
    let chain = CertificateDer::pem_file_iter(&settings.tls_cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .and_then(|chain| if chain.is_empty() { Err(pem::Error::NoItemsFound) } else { Ok(chain) })
        .map_err(|e| unread("tls_cert", &settings.tls_cert, e, "certificate"))?;
    let key = PrivateKeyDer::from_pem_file(&settings.tls_key)
        .map_err(|e| unread("tls_key", &settings.tls_key, e, "private key"))?;
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|versions| versions.with_no_client_auth().with_single_cert(chain, key))
        .map(Some)
        .map_err(|error| match error {
            Error::InconsistentKeys(_) => {
                wrong("tls_key", &settings.tls_key, "is not the key of the certificate in tls_cert")
            }
            Error::InvalidCertificate(_) => wrong("tls_cert", &settings.tls_cert, "holds a malformed certificate"),
            error => wrong("tls_key", &settings.tls_key, &error.to_string()),
        })
}

/// Why a file gives nothing. What a parser says about its text is left out: it may quote a key.
fn unread(setting: &str, file: &Path, error: pem::Error, what: &str) -> String {
    match error {
        pem::Error::Io(error) => wrong(setting, file, &error.to_string()),
        _ => wrong(setting, file, &format!("holds no {what} in PEM")),
    }
}

fn wrong(setting: &str, file: &Path, why: &str) -> String {
    format!("configuration: {setting}: {}: {why}", file.display())
}
