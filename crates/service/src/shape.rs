//! One declaration per record: what goes out, what comes in, what a change looks like, how it is
//! stored and what is masked.
//!
//! A field and its documentation are written once and appear in OpenAPI, in the SDL and in the
//! journal. Sections of a declaration:
//! `given` (named at creation, never changed), `initial` (told at creation only; the use case keeps
//! what follows from it), `required`, `optional`, `lists` (what a caller
//! sends; with the personal-data class), `sent` (sent as one type, kept and shown resolved;
//! and `placed` the same but required), `managed` (written by use cases only), `hidden` (the
//! same, and never shown) and `sealed` (the column of the fields that lie encrypted).
//! A field's rule stands in brackets behind its type, `name: String [text(200)]` (see
//! `gdtx_domain::rule`): it is checked by `Checks::fields` and written into the OpenAPI schema.

use gdtx_domain::{
    Checks, DataClass, Ruled, access::reach::Keys, envelope::Envelope, exchange::external_id::ExternalId,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::scope::Sight;
pub use crate::meta::Meta;

/// A record as both surfaces show it.
pub trait Record: Clone + Serialize + DeserializeOwned + ToSchema + Send + Sync + 'static {
    type Model: Send;
    type New: Ruled + Serialize + DeserializeOwned + ToSchema + Clone + Send + Sync;
    type Patch: Serialize + Clone + Send + Sync;
    type Managed: Clone + Send + Sync;

    /// Every field on the wire with its personal-data class.
    const FIELDS: &'static [(&'static str, DataClass)];
    /// Names of the fields that are lists.
    const LISTS: &'static [&'static str];
    /// Whether the journal keeps its personal data sealed.
    const SEALED: bool;

    fn from_model(model: Self::Model) -> Self;
    fn split(model: Self::Model) -> (Meta, Self::New, Self::Managed);
    fn model(meta: Meta, new: Self::New, managed: Self::Managed) -> Self::Model;
    /// Applies a change in three states: absent keeps, null clears, a value replaces.
    fn apply(new: &mut Self::New, patch: Self::Patch, checks: &mut Checks);
    /// Blanks what the caller may not see and names it in `maskedFields`.
    fn mask(&mut self, sight: Sight);
    /// Names on the wire of the personal fields that hold a value.
    fn personal(&self) -> Vec<String>;
    /// The keys that a caller sends.
    fn external_ids(new: &mut Self::New) -> &mut Vec<ExternalId>;
    /// The keys of the record in other systems.
    fn keys_elsewhere(&self) -> &[ExternalId];
    /// Keeps the stored value of what is masked for a caller and was not sent by it.
    fn keep_unseen(new: &mut Self::New, stored: Self::New, masked: &[String]);
    /// The fields that hold a value which the reader may not see.
    fn masked(&self) -> &[String];
    fn centre_id(&self) -> Option<Uuid>;
    /// The keys of a row that decide who may see it.
    fn keys(model: &Self::Model) -> Keys;
    /// Identity and version of a row.
    fn place(model: &Self::Model) -> (Uuid, i64);
    /// Where a row keeps what is sealed; none for a record that seals nothing.
    fn envelope(model: &mut Self::Model) -> Option<&mut Option<Envelope>>;
    /// What is to be sealed, by name.
    fn secrets(model: &Self::Model) -> Map<String, Value>;
    /// Puts back what was sealed.
    fn restore(model: &mut Self::Model, secrets: Map<String, Value>) -> Result<(), serde_json::Error>;
    fn id(&self) -> Uuid;
    fn version(&self) -> i64;
}

/// Declares a record. See the head of this file for the sections.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $record:ident ($gql:literal), $new:ident, $patch:ident, $managed:ident of $model:path {
            $(given { $( $(#[$gm:meta])* $g:ident : $gt:ty ),* $(,)? })?
            $(initial { $( $(#[$im:meta])* $i:ident : $it:ty $([ $ir:expr ])? ),* $(,)? })?
            $(required { $( $(#[$rm:meta])* $r:ident : $rt:ty $([ $rr:expr ])? ),* $(,)? })?
            $(optional { $( $(#[$om:meta])* $o:ident : $ot:ty $([ $or:expr ])? = $oc:ident ),* $(,)? })?
            $(lists { $( $(#[$lm:meta])* $l:ident : $lt:ty $([ $lr:expr ])? = $lc:ident ),* $(,)? })?
            $(placed { $( $(#[$am:meta])* $a:ident : $ai:ty as $ao:ty ),* $(,)? })?
            $(sent { $( $(#[$sm:meta])* $s:ident : $si:ty as $so:ty = $sc:ident ),* $(,)? })?
            $(managed { $( $(#[$mm:meta])* $m:ident : $mt:ty ),* $(,)? })?
            $(managed_lists { $( $(#[$nm:meta])* $n:ident : $nt:ty ),* $(,)? })?
            $(managed_optional { $( $(#[$pm:meta])* $p:ident : $pt:ty = $pc:ident ),* $(,)? })?
            $(hidden { $( $(#[$hm:meta])* $h:ident : $ht:ty ),* $(,)? })?
            $(sealed { $( $(#[$em:meta])* $e:ident ),* $(,)? })?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, async_graphql::SimpleObject, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase")]
        #[graphql(name = $gql)]
        pub struct $record {
            /// Identity: UUIDv7, given by the service.
            // Each node shows it as the `ID` of its interface.
            #[graphql(skip)]
            pub id: uuid::Uuid,
            /// Rises by one with each change; the strong `ETag` is made of it.
            pub version: i64,
            /// When the record came to be (UTC).
            pub created_at: chrono::DateTime<chrono::Utc>,
            /// When the record changed last (UTC).
            pub updated_at: chrono::DateTime<chrono::Utc>,
            /// When the record was retired; null for a live record.
            pub deleted_at: Option<chrono::DateTime<chrono::Utc>>,
            /// The centre that the record belongs to. QĐ 4998: `TRUNG_TAM_ID`, `DON_VI_ID`.
            pub centre_id: Option<uuid::Uuid>,
            /// Keys of the record in other systems.
            pub external_ids: Vec<gdtx_domain::exchange::external_id::ExternalId>,
            /// Fields that hold a value which the caller may not see.
            #[serde(default)]
            pub masked_fields: Vec<String>,
            $($( $(#[$rm])* pub $r: $rt, )*)?
            $($( $(#[$om])* pub $o: Option<$ot>, )*)?
            $($( $(#[$lm])* pub $l: Vec<$lt>, )*)?
            $($( $(#[$am])* pub $a: $ao, )*)?
            $($( $(#[$sm])* pub $s: Option<$so>, )*)?
            $($( $(#[$mm])* pub $m: $mt, )*)?
            $($( $(#[$nm])* pub $n: Vec<$nt>, )*)?
            $($( $(#[$pm])* pub $p: Option<$pt>, )*)?
        }

        #[doc = concat!("What a caller sends to create a record of `", stringify!($record), "`.")]
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, async_graphql::InputObject, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $new {
            $($( $(#[$gm])* pub $g: $gt, )*)?
            /// Keys of the record in other systems.
            #[serde(default)]
            #[graphql(default)]
            pub external_ids: Vec<gdtx_domain::exchange::external_id::ExternalId>,
            $($( $(#[$rm])* pub $r: $rt, )*)?
            $($( $(#[$am])* pub $a: $ai, )*)?
            $($( $(#[$om])* #[serde(default)] pub $o: Option<$ot>, )*)?
            $($( $(#[$lm])* #[serde(default)] #[graphql(default)] pub $l: Vec<$lt>, )*)?
            $($( $(#[$sm])* #[serde(default)] pub $s: Option<$si>, )*)?
            $($( $(#[$im])* #[serde(default, skip_serializing_if = "Option::is_none")] pub $i: Option<$it>, )*)?
        }

        #[doc = concat!("A change of `", stringify!($record), "`: absent fields stay, null clears, a value replaces (RFC 7396).")]
        #[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize, async_graphql::InputObject, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        pub struct $patch {
            /// Keys of the record in other systems.
            #[serde(skip_serializing_if = "async_graphql::MaybeUndefined::is_undefined")]
            #[schema(value_type = Option<Vec<gdtx_domain::exchange::external_id::ExternalId>>)]
            pub external_ids: async_graphql::MaybeUndefined<Vec<gdtx_domain::exchange::external_id::ExternalId>>,
            $($( $(#[$rm])* #[serde(skip_serializing_if = "async_graphql::MaybeUndefined::is_undefined")] #[schema(value_type = $rt, required = false)] pub $r: async_graphql::MaybeUndefined<$rt>, )*)?
            $($( $(#[$am])* #[serde(skip_serializing_if = "async_graphql::MaybeUndefined::is_undefined")] #[schema(value_type = $ai, required = false)] pub $a: async_graphql::MaybeUndefined<$ai>, )*)?
            $($( $(#[$om])* #[serde(skip_serializing_if = "async_graphql::MaybeUndefined::is_undefined")] #[schema(value_type = Option<$ot>)] pub $o: async_graphql::MaybeUndefined<$ot>, )*)?
            $($( $(#[$lm])* #[serde(skip_serializing_if = "async_graphql::MaybeUndefined::is_undefined")] #[schema(value_type = Option<Vec<$lt>>)] pub $l: async_graphql::MaybeUndefined<Vec<$lt>>, )*)?
            $($( $(#[$sm])* #[serde(skip_serializing_if = "async_graphql::MaybeUndefined::is_undefined")] #[schema(value_type = Option<$si>)] pub $s: async_graphql::MaybeUndefined<$si>, )*)?
        }

        #[doc = concat!("What use cases write into `", stringify!($record), "`.")]
        #[derive(Clone, Debug, PartialEq)]
        pub struct $managed {
            $($( pub $a: Option<$ao>, )*)?
            $($( pub $s: Option<$so>, )*)?
            $($( pub $m: $mt, )*)?
            $($( pub $n: Vec<$nt>, )*)?
            $($( pub $p: Option<$pt>, )*)?
            $($( $(#[$hm])* pub $h: $ht, )*)?
            $($( $(#[$em])* pub $e: Option<gdtx_domain::envelope::Envelope>, )*)?
        }

        impl $crate::shape::Record for $record {
            type Model = $model;
            type New = $new;
            type Patch = $patch;
            type Managed = $managed;

            const FIELDS: &'static [(&'static str, gdtx_domain::DataClass)] = &[
                $($( (stringify!($r), gdtx_domain::DataClass::None), )*)?
                $($( (stringify!($o), gdtx_domain::DataClass::$oc), )*)?
                $($( (stringify!($l), gdtx_domain::DataClass::$lc), )*)?
                $($( (stringify!($a), gdtx_domain::DataClass::None), )*)?
                $($( (stringify!($s), gdtx_domain::DataClass::$sc), )*)?
                $($( (stringify!($m), gdtx_domain::DataClass::None), )*)?
                $($( (stringify!($n), gdtx_domain::DataClass::None), )*)?
                $($( (stringify!($p), gdtx_domain::DataClass::$pc), )*)?
            ];

            const LISTS: &'static [&'static str] = &[$($( stringify!($l), )*)? $($( stringify!($n), )*)?];
            const SEALED: bool = false $($( || !stringify!($e).is_empty() )*)?;

            fn from_model(model: $model) -> Self {
                Self {
                    id: model.id,
                    version: model.version,
                    created_at: model.created_at,
                    updated_at: model.updated_at,
                    deleted_at: model.deleted_at,
                    centre_id: model.centre_id,
                    external_ids: model.external_ids.into(),
                    masked_fields: Vec::new(),
                    $($( $r: model.$r, )*)?
                    $($( $o: model.$o, )*)?
                    $($( $l: model.$l.into(), )*)?
                    $($( $a: model.$a, )*)?
                    $($( $s: model.$s, )*)?
                    $($( $m: model.$m, )*)?
                    $($( $n: model.$n.into(), )*)?
                    $($( $p: model.$p, )*)?
                }
            }

            fn split(model: $model) -> ($crate::meta::Meta, $new, $managed) {
                let new = $new {
                    $($( $g: model.$g.unwrap_or_default(), )*)?
                    external_ids: model.external_ids.0.clone(),
                    $($( $r: model.$r, )*)?
                    $($( $o: model.$o, )*)?
                    $($( $l: model.$l.into(), )*)?
                    $($( $a: <$ai>::from(&model.$a), )*)?
                    $($( $s: model.$s.as_ref().map(<$si>::from), )*)?
                    $($( $i: None, )*)?
                };
                let managed = $managed {
                    $($( $a: Some(model.$a), )*)?
                    $($( $s: model.$s, )*)?
                    $($( $m: model.$m, )*)?
                    $($( $n: model.$n.into(), )*)?
                    $($( $p: model.$p, )*)?
                    $($( $h: model.$h, )*)?
                    $($( $e: model.$e, )*)?
                };
                let meta = $crate::meta::Meta {
                    id: model.id,
                    version: model.version,
                    created_at: model.created_at,
                    updated_at: model.updated_at,
                    deleted_at: model.deleted_at,
                    province_code: model.province_code,
                    commune_code: model.commune_code,
                    centre_id: model.centre_id,
                    search_text: model.search_text,
                    external_ids: model.external_ids,
                };
                (meta, new, managed)
            }

            #[allow(clippy::needless_update, unused_variables, reason = "generated for records with and without such fields")]
            fn model(meta: $crate::meta::Meta, new: $new, managed: $managed) -> $model {
                type Model = $model;
                Model {
                    id: meta.id,
                    version: meta.version,
                    created_at: meta.created_at,
                    updated_at: meta.updated_at,
                    deleted_at: meta.deleted_at,
                    province_code: meta.province_code,
                    commune_code: meta.commune_code,
                    centre_id: meta.centre_id,
                    search_text: meta.search_text,
                    external_ids: new.external_ids.into(),
                    $($( $r: new.$r, )*)?
                    $($( $o: new.$o, )*)?
                    $($( $l: new.$l.into(), )*)?
                    $($( $a: managed.$a.unwrap_or_default(), )*)?
                    $($( $s: managed.$s, )*)?
                    $($( $m: managed.$m, )*)?
                    $($( $n: managed.$n.into(), )*)?
                    $($( $p: managed.$p, )*)?
                    $($( $h: managed.$h, )*)?
                    $($( $e: managed.$e, )*)?
                }
            }

            #[allow(unused_variables, reason = "generated for records with and without required fields")]
            fn apply(new: &mut $new, patch: $patch, checks: &mut gdtx_domain::Checks) {
                $crate::field::set_list(&mut new.external_ids, patch.external_ids);
                $($( $crate::field::set_required(&format!("/{}", gdtx_domain::text::camel(stringify!($r))), &mut new.$r, patch.$r, checks); )*)?
                $($( $crate::field::set_required(&format!("/{}", gdtx_domain::text::camel(stringify!($a))), &mut new.$a, patch.$a, checks); )*)?
                $($( $crate::field::set_optional(&mut new.$o, patch.$o); )*)?
                $($( $crate::field::set_list(&mut new.$l, patch.$l); )*)?
                $($( $crate::field::set_optional(&mut new.$s, patch.$s); )*)?
            }

            #[allow(unused_variables, reason = "generated for records with and without personal data")]
            fn mask(&mut self, sight: $crate::access::scope::Sight) {
                use $crate::field::Veil;
                let mut masked = std::mem::take(&mut self.masked_fields);
                $($( if !sight.allows(gdtx_domain::DataClass::$oc) && self.$o.veil() { masked.push(gdtx_domain::text::camel(stringify!($o))); } )*)?
                $($( if !sight.allows(gdtx_domain::DataClass::$lc) && self.$l.veil() { masked.push(gdtx_domain::text::camel(stringify!($l))); } )*)?
                $($( if !sight.allows(gdtx_domain::DataClass::$sc) && self.$s.veil() { masked.push(gdtx_domain::text::camel(stringify!($s))); } )*)?
                $($( if !sight.allows(gdtx_domain::DataClass::$pc) && self.$p.veil() { masked.push(gdtx_domain::text::camel(stringify!($p))); } )*)?
                self.masked_fields = masked;
            }

            #[allow(unused_mut, reason = "generated for records with and without personal data")]
            fn personal(&self) -> Vec<String> {
                use $crate::field::Veil;
                let mut shown = Vec::new();
                $($( if gdtx_domain::DataClass::$oc.is_personal() && self.$o.shows() { shown.push(gdtx_domain::text::camel(stringify!($o))); } )*)?
                $($( if gdtx_domain::DataClass::$lc.is_personal() && self.$l.shows() { shown.push(gdtx_domain::text::camel(stringify!($l))); } )*)?
                $($( if gdtx_domain::DataClass::$sc.is_personal() && self.$s.shows() { shown.push(gdtx_domain::text::camel(stringify!($s))); } )*)?
                $($( if gdtx_domain::DataClass::$pc.is_personal() && self.$p.shows() { shown.push(gdtx_domain::text::camel(stringify!($p))); } )*)?
                shown
            }

            fn external_ids(new: &mut $new) -> &mut Vec<gdtx_domain::exchange::external_id::ExternalId> {
                &mut new.external_ids
            }

            fn keys_elsewhere(&self) -> &[gdtx_domain::exchange::external_id::ExternalId] {
                &self.external_ids
            }

            #[allow(unused_variables, reason = "generated for records with and without personal data")]
            fn keep_unseen(new: &mut $new, stored: $new, masked: &[String]) {
                let unseen = |name: &str| masked.contains(&gdtx_domain::text::camel(name));
                $($( if unseen(stringify!($o)) && new.$o.is_none() { new.$o = stored.$o; } )*)?
                $($( if unseen(stringify!($l)) && new.$l.is_empty() { new.$l = stored.$l; } )*)?
                $($( if unseen(stringify!($s)) && new.$s.is_none() { new.$s = stored.$s; } )*)?
            }

            fn masked(&self) -> &[String] {
                &self.masked_fields
            }

            fn centre_id(&self) -> Option<uuid::Uuid> {
                self.centre_id
            }

            fn keys(model: &$model) -> gdtx_domain::access::reach::Keys {
                gdtx_domain::access::reach::Keys {
                    province_code: model.province_code.clone(),
                    commune_code: model.commune_code.clone(),
                    centre_id: model.centre_id,
                }
            }

            fn place(model: &$model) -> (uuid::Uuid, i64) {
                (model.id, model.version)
            }

            #[allow(unused_variables, reason = "generated for records with and without an envelope")]
            fn envelope(model: &mut $model) -> Option<&mut Option<gdtx_domain::envelope::Envelope>> {
                $($( return Some(&mut model.$e); )*)?
                #[allow(unreachable_code, reason = "the same")]
                None
            }

            #[allow(unused_variables, unused_mut, reason = "generated for records with and without personal data")]
            fn secrets(model: &$model) -> serde_json::Map<String, serde_json::Value> {
                let mut secrets = serde_json::Map::new();
                $($( $crate::field::keep_secret(&mut secrets, stringify!($o), gdtx_domain::DataClass::$oc, &model.$o); )*)?
                $($( $crate::field::keep_secret(&mut secrets, stringify!($l), gdtx_domain::DataClass::$lc, &model.$l); )*)?
                secrets
            }

            #[allow(unused_variables, unused_mut, reason = "generated for records with and without personal data")]
            fn restore(
                model: &mut $model,
                mut secrets: serde_json::Map<String, serde_json::Value>,
            ) -> Result<(), serde_json::Error> {
                $($( $crate::field::restore_secret(&mut secrets, stringify!($o), &mut model.$o)?; )*)?
                $($( $crate::field::restore_secret(&mut secrets, stringify!($l), &mut model.$l)?; )*)?
                Ok(())
            }

            fn id(&self) -> uuid::Uuid {
                self.id
            }

            fn version(&self) -> i64 {
                self.version
            }
        }

        impl gdtx_domain::Ruled for $new {
            const RULES: &'static [(&'static str, gdtx_domain::Rule)] = {
                #[allow(unused_imports, reason = "not every record has every kind of rule")]
                use gdtx_domain::rule::*;
                &[
                    $($( $( (stringify!($r), $rr), )? )*)?
                    $($( $( (stringify!($o), $or), )? )*)?
                    $($( $( (stringify!($l), $lr), )? )*)?
                    $($( $( (stringify!($i), $ir), )? )*)?
                ]
            };

            fn obey(&mut self, _: gdtx_domain::Rule, pointer: &str, checks: &mut gdtx_domain::Checks) {
                #[allow(unused_imports, reason = "not every record has every kind of rule")]
                use gdtx_domain::rule::*;
                $($( $( self.$r.obey($rr, &at(pointer, stringify!($r)), checks); )? )*)?
                $($( $( self.$o.obey($or, &at(pointer, stringify!($o)), checks); )? )*)?
                $($( $( self.$l.obey($lr, &at(pointer, stringify!($l)), checks); )? )*)?
                $($( $( self.$i.obey($ir, &at(pointer, stringify!($i)), checks); )? )*)?
            }
        }
    };
}

pub(crate) use record;
