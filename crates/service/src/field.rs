//! One field of a record: how a change sets it, a mask blanks it and an envelope keeps it.

use async_graphql::MaybeUndefined;
use gdtx_domain::{Checks, DataClass};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// A value that can be blanked.
pub trait Veil {
    /// Blanks the value; tells whether there was one.
    fn veil(&mut self) -> bool;
    /// Whether there is one.
    fn shows(&self) -> bool;
}

impl<T> Veil for Option<T> {
    fn veil(&mut self) -> bool {
        self.take().is_some()
    }

    fn shows(&self) -> bool {
        self.is_some()
    }
}

impl<T> Veil for Vec<T> {
    fn veil(&mut self) -> bool {
        !std::mem::take(self).is_empty()
    }

    fn shows(&self) -> bool {
        !self.is_empty()
    }
}

/// Applies one field of a change to a required value.
pub fn set_required<T>(pointer: &str, target: &mut T, change: MaybeUndefined<T>, checks: &mut Checks) {
    match change {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => checks.required::<T>(pointer, None),
        MaybeUndefined::Value(value) => *target = value,
    }
}

/// Applies one field of a change to an optional value.
pub fn set_optional<T>(target: &mut Option<T>, change: MaybeUndefined<T>) {
    match change {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *target = None,
        MaybeUndefined::Value(value) => *target = Some(value),
    }
}

/// Applies one field of a change to a list; null empties it.
pub fn set_list<T>(target: &mut Vec<T>, change: MaybeUndefined<Vec<T>>) {
    match change {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => target.clear(),
        MaybeUndefined::Value(value) => *target = value,
    }
}

/// Keeps a field of a sealed class among the secrets of its record, if it holds anything.
pub fn keep_secret<T: Serialize>(secrets: &mut Map<String, Value>, name: &str, class: DataClass, value: &T) {
    let value = if class.is_sealed() { serde_json::to_value(value).unwrap_or_default() } else { Value::Null };
    if !value.is_null() {
        secrets.insert(name.to_owned(), value);
    }
}

/// Puts a field back that was kept so.
pub fn restore_secret<T: DeserializeOwned>(
    secrets: &mut Map<String, Value>,
    name: &str,
    target: &mut T,
) -> Result<(), serde_json::Error> {
    if let Some(value) = secrets.remove(name) {
        *target = serde_json::from_value(value)?;
    }
    Ok(())
}
