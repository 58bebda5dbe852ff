//! Encryption at rest: what the law calls sensitive, and personal numbers, never lie in the clear.
//!
//! Master keys come from the operator and lock the keys of records; each record's key seals its
//! fields in the row and all its personal data in the journal. A rotation locks the keys anew and
//! leaves the data as they are; a record whose key is forgotten stays unreadable for ever.

mod cipher;
mod keyring;
mod row;

use aws_lc_rs::hmac;
use gdtx_domain::{access::vault_key, envelope::Envelope};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};
use uuid::Uuid;

use crate::{Clock, Error, OpenError, Result, clock::Ids};

pub use keyring::{KEY_LEN, Keyring};
pub(crate) use row::revealed;
pub use row::rewrap;

/// The one key of the service itself, from which those of prints and kept texts follow.
const SERVICE: &str = "service";

/// The key of one record.
#[derive(Clone)]
pub(crate) struct RecordKey([u8; KEY_LEN]);

/// The keys in use.
pub(crate) struct Vault {
    ring: Keyring,
    service: [u8; KEY_LEN],
    print: hmac::Key,
    texts: [u8; KEY_LEN],
}

impl Vault {
    /// Unlocks the service's own key; makes it when the database is new.
    pub(crate) async fn open(db: &impl ConnectionTrait, ring: Keyring) -> Result<Self, OpenError> {
        if stored(db).await?.is_none() {
            make(db, &ring).await?;
        }
        let row = stored(db).await?.ok_or_else(|| OpenError::Keys("the service key was not kept".to_owned()))?;
        let Some(master) = ring.get(&row.master) else {
            return Err(OpenError::Keys(format!(
                "the database is locked with the key “{}”, which is not among the configured ones",
                row.master
            )));
        };
        let key = cipher::open(master, SERVICE, &row.locked).ok().and_then(|key| key.try_into().ok());
        let key: [u8; KEY_LEN] = key.ok_or_else(|| {
            OpenError::Keys(format!("the key “{}” is another one than the database is locked with", row.master))
        })?;
        let derive = |what: &str| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), what.as_bytes());
        let mut texts = [0; KEY_LEN];
        texts.copy_from_slice(derive("texts").as_ref());
        Ok(Self { ring, service: key, print: hmac::Key::new(hmac::HMAC_SHA256, derive("prints").as_ref()), texts })
    }

    /// A keyed hash by which a value is found that nobody may read in the database.
    pub(crate) fn print(&self, what: &str, value: &str) -> String {
        hex::encode(hmac::sign(&self.print, format!("{what}\n{value}").as_bytes()))
    }

    /// Seals a text of the service itself.
    pub(crate) fn seal_text(&self, place: &str, text: String) -> Result<String> {
        cipher::seal(&self.texts, place, text.into_bytes())
    }

    /// Opens a text of the service itself.
    pub(crate) fn open_text(&self, place: &str, text: &str) -> Result<String> {
        String::from_utf8(cipher::open(&self.texts, place, text)?).map_err(Error::internal)
    }

    /// Seals a piece of what a client sent.
    pub(crate) fn seal_piece(&self, place: &str, bytes: Vec<u8>) -> Result<Vec<u8>> {
        cipher::seal_bytes(&self.texts, place, bytes)
    }

    /// Opens a piece of what a client sent.
    pub(crate) fn open_piece(&self, place: &str, sealed: Vec<u8>) -> Result<Vec<u8>> {
        cipher::open_bytes(&self.texts, place, sealed)
    }

    /// Seals what a cursor keeps of a record in a list.
    pub(crate) fn seal_cursor(&self, list: &[u8], id: Uuid, value: String) -> Result<Vec<u8>> {
        cipher::seal_bytes(&self.texts, &cursor_of(list, id), value.into_bytes())
    }

    /// Opens what a cursor keeps; `None` when the service did not seal it for this list and record.
    pub(crate) fn open_cursor(&self, list: &[u8], id: Uuid, sealed: Vec<u8>) -> Option<String> {
        String::from_utf8(cipher::open_bytes(&self.texts, &cursor_of(list, id), sealed).ok()?).ok()
    }

    /// Whether an envelope is locked with the master key of today.
    fn is_current(&self, envelope: &Envelope) -> bool {
        envelope.master == self.ring.current().0
    }

    /// The key of a record, from its envelope.
    pub(crate) fn key_of(&self, id: Uuid, envelope: &Envelope) -> Result<RecordKey> {
        let master = self.ring.get(&envelope.master);
        let master = master.ok_or_else(|| Error::internal(format!("no data key “{}”", envelope.master)))?;
        let key = cipher::open(master, &format!("key/{id}"), &envelope.key)?;
        key.try_into().map(RecordKey).map_err(|_| Error::internal("a record's key has the wrong length"))
    }

    /// Locks the service's own key with the master key of today.
    async fn relock(&self, db: &impl ConnectionTrait) -> Result<()> {
        let (name, master) = self.ring.current();
        let row = vault_key::ActiveModel {
            name: Set(SERVICE.to_owned()),
            master: Set(name.to_owned()),
            locked: Set(cipher::seal(master, SERVICE, self.service.to_vec())?),
            ..Default::default()
        };
        vault_key::Entity::update(row).exec(db).await?;
        Ok(())
    }

    /// Locks the key of a record with the master key of today.
    fn lock(&self, id: Uuid, key: &RecordKey) -> Result<(String, String)> {
        let (name, master) = self.ring.current();
        Ok((name.to_owned(), cipher::seal(master, &format!("key/{id}"), key.0.to_vec())?))
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("ring", &self.ring).finish_non_exhaustive()
    }
}

#[expect(clippy::disallowed_methods, reason = "keys belong to the service, not to a caller")]
async fn stored(db: &impl ConnectionTrait) -> Result<Option<vault_key::Model>, OpenError> {
    Ok(vault_key::Entity::find_by_id(SERVICE).one(db).await?)
}

/// Makes the service's key. Two processes may try at once: the first one's stays.
async fn make(db: &impl ConnectionTrait, ring: &Keyring) -> Result<(), OpenError> {
    let wrong = |why: &str| OpenError::Keys(why.to_owned());
    let mut key = vec![0; KEY_LEN];
    aws_lc_rs::rand::fill(&mut key).map_err(|_| wrong("no randomness"))?;
    let (name, master) = ring.current();
    let row = vault_key::ActiveModel {
        name: Set(SERVICE.to_owned()),
        master: Set(name.to_owned()),
        locked: Set(cipher::seal(master, SERVICE, key).map_err(|_| wrong("the service key cannot be locked"))?),
        created_at: Set(Clock::System.now()),
    };
    vault_key::Entity::insert(row)
        .on_conflict(OnConflict::column(vault_key::Column::Name).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Where the content of a cursor lies.
fn cursor_of(list: &[u8], id: Uuid) -> String {
    format!("cursor/{}/{id}", hex::encode(list))
}

/// A new key for a record.
fn fresh(ids: &Ids) -> Result<RecordKey> {
    ids.key().map(RecordKey).ok_or_else(|| Error::internal("no randomness"))
}
