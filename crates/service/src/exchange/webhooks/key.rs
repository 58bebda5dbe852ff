//! Keys of webhooks after Standard Webhooks: a shared secret, or Ed25519.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::STANDARD};
use gdtx_domain::exchange::webhook::subscription::WebhookSignature;
use uuid::Uuid;

use crate::{Ctx, Error, Result, vault::Vault};

/// A key of 256 bits: the shared secret, or the seed of the key pair.
pub(super) struct Key {
    kind: WebhookSignature,
    bytes: Vec<u8>,
}

impl Key {
    pub fn new(ctx: &Ctx, kind: WebhookSignature) -> Result<Self> {
        let bytes = ctx.ids.key().ok_or_else(|| Error::internal("no randomness"))?;
        Ok(Self { kind, bytes: bytes.to_vec() })
    }

    pub fn open(vault: &Vault, webhook: Uuid, kind: WebhookSignature, sealed: &str) -> Result<Self> {
        let text = vault.open_text(&place(webhook), sealed)?;
        Ok(Self { kind, bytes: STANDARD.decode(text).map_err(Error::internal)? })
    }

    pub fn seal(&self, vault: &Vault, webhook: Uuid) -> Result<String> {
        vault.seal_text(&place(webhook), STANDARD.encode(&self.bytes))
    }

    /// What the receiver is told once; nothing where it verifies with the public key.
    pub fn secret(&self) -> Option<String> {
        (self.kind == WebhookSignature::Symmetric).then(|| format!("whsec_{}", STANDARD.encode(&self.bytes)))
    }

    pub fn public(&self) -> Result<Option<String>> {
        if self.kind == WebhookSignature::Symmetric {
            return Ok(None);
        }
        Ok(Some(format!("whpk_{}", STANDARD.encode(self.pair()?.public_key()))))
    }

    /// The signature of a message with its version in front.
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> Result<String> {
        match self.kind {
            WebhookSignature::Symmetric => {
                let signer = standardwebhooks::Webhook::from_bytes(self.bytes.clone()).map_err(Error::internal)?;
                signer.sign(id, timestamp, body).map_err(Error::internal)
            }
            WebhookSignature::Ed25519 => {
                let signed = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
                Ok(format!("v1a,{}", STANDARD.encode(self.pair()?.sign(&signed))))
            }
        }
    }

    fn pair(&self) -> Result<Ed25519KeyPair> {
        Ed25519KeyPair::from_seed_unchecked(&self.bytes).map_err(Error::internal)
    }
}

fn place(webhook: Uuid) -> String {
    format!("webhook/{webhook}")
}
