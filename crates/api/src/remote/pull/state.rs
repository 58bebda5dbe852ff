//! How far a copy is: what a later run needs to go on, and nothing about anybody.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Pull;
use crate::remote::{Trouble, words::say};

/// The state of a copy.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// Which client, and so which service.
    client_id: Uuid,
    purpose: Option<String>,
    /// The kinds that were asked for; all when empty.
    resources: Vec<String>,
    /// How far the feed is in the copy; none until the copy is whole.
    pub position: Option<i64>,
    /// How many records of each kind are in the copy.
    pub records: BTreeMap<String, u64>,
    /// The full copy that is being made.
    pub plan: Option<Plan>,
}

/// A full copy, as the service planned it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    pub position: i64,
    pub partitions: Vec<Part>,
    pub from_feed: Vec<String>,
}

/// A part of a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    pub resource: String,
    pub partition: String,
    pub estimated_records: u64,
}

impl State {
    /// That of a copy which was not begun.
    pub fn of(pull: &Pull) -> Self {
        Self {
            client_id: pull.target.client_id,
            purpose: pull.purpose.clone(),
            resources: pull.resource.clone(),
            position: None,
            records: BTreeMap::new(),
            plan: None,
        }
    }

    /// What is said when another copy is wanted where this one is.
    pub fn other_copy(&self, folder: &Path) -> Trouble {
        let purpose = self.purpose.as_ref().map(|purpose| format!(" --purpose {purpose}"));
        let kinds = Some(self.resources.join(",")).filter(|kinds| !kinds.is_empty());
        let kinds = kinds.map(|kinds| format!(" --resource {kinds}"));
        let made =
            format!("--client-id {}{}{}", self.client_id, purpose.unwrap_or_default(), kinds.unwrap_or_default());
        let said = say(
            "Ở đây có bản sao khác, tạo với: {}. Chạy lại như vậy, chọn --out khác, hoặc tạo lại với --full.",
            "Another copy is here, made with: {}. Run with the same, choose another --out, or make it anew with --full.",
        );
        Trouble::Here(format!("{}: {}", folder.display(), said.replace("{}", &made)))
    }

    /// Whether it is of the same copy: for another client or purpose the records look different.
    pub fn is_of(&self, other: &Self) -> bool {
        let print = |state: &Self| (state.client_id, state.purpose.clone(), state.resources.clone());
        print(self) == print(other)
    }
}
