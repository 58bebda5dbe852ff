//! The history of a record on REST: `GET /v1/{resource}/{id}/history`.

use actix_web::{HttpRequest, web::Path};
use gdtx_domain::exchange::resource::Operation;
use gdtx_service::PageRequest;
use serde::Deserialize;
use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        Components, Object, OpenApi, Ref, RefOr, Schema, SchemaFormat,
        path::{Operation as Described, OperationBuilder, ParameterIn},
        schema::{ArrayBuilder, KnownFormat, ObjectBuilder, SchemaType, Type},
    },
};

use super::{
    describe,
    operations::{Answer, parse_id},
    query, respond,
};
use crate::{headers::Caller, resource::Exposed};

/// Which page of a history.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct HistoryParameters {
    /// Versions on the page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    first: Option<u32>,
    /// The `endCursor` of the page before.
    after: Option<String>,
}

pub async fn read<R: Exposed>(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Answer {
    let asked = query::read::<HistoryParameters>(req.query_string())?;
    let ctx = ctx.narrowed_to(asked.fields.as_deref());
    let page = PageRequest { first: asked.given.first, after: asked.given.after, ..PageRequest::default() };
    let page = Box::pin(gdtx_service::history::<R>(&ctx, parse_id(&id)?, page)).await?;
    Ok(respond::page(&req, &page, asked.fields.as_deref())?)
}

/// Describes the history of a kind of record; registers the shapes of its answer.
pub fn describe<R: Exposed>(document: &mut OpenApi, operation: OperationBuilder) -> Described {
    let components = document.components.get_or_insert_with(Components::new);
    describe::register::<Operation>(components);
    let record = <R::Record as ToSchema>::name();
    let (version, page) = (format!("{record}Version"), format!("{record}VersionPage"));
    components.schemas.insert(version.clone(), version_of(&record));
    components.schemas.insert(page.clone(), describe::page_of(&version));
    HistoryParameters::into_params(|| Some(ParameterIn::Query))
        .into_iter()
        .fold(operation, OperationBuilder::parameter)
        .parameter(describe::fields())
        .response("200", describe::body("A page, newest first.", &page))
        .response("404", describe::refusal("There is no such record within reach."))
        .build()
}

fn version_of(record: &str) -> RefOr<Schema> {
    let of = |kind: Type, format: KnownFormat, about: &str| {
        ObjectBuilder::new().schema_type(kind).format(Some(SchemaFormat::KnownFormat(format))).description(Some(about))
    };
    let maybe = |schema: ObjectBuilder, kind: Type| schema.schema_type(SchemaType::from_iter([kind, Type::Null]));
    let text = |about: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(about));
    let position = "Position of the change in the journal: with it as `asOf` everything is read as it was then; null for a moment after the write.";
    let client = "The client that made it: told to itself, and to those who may read clients.";
    let fields = "The fields that differ from the version before, as far as the caller may see them; of the first version those that hold a value.";
    let names = ArrayBuilder::new().items(Object::with_type(Type::String)).description(Some(fields));
    ObjectBuilder::new()
        .property("id", of(Type::String, KnownFormat::Uuid, "The record."))
        .property("version", of(Type::Integer, KnownFormat::Int64, "Its version after the change."))
        .property("position", maybe(of(Type::Integer, KnownFormat::Int64, position), Type::Integer))
        .property("operation", Ref::from_schema_name("Operation"))
        .property("recordedAt", of(Type::String, KnownFormat::DateTime, "When it was recorded (UTC)."))
        .property("requestId", text("The request that made it."))
        .property("actor", text("The role that made it; `system` for the service itself."))
        .property("clientId", maybe(of(Type::String, KnownFormat::Uuid, client), Type::String))
        .property("changedFields", names)
        .property("record", Ref::from_schema_name(record))
        .required("id")
        .required("version")
        .required("position")
        .required("operation")
        .required("recordedAt")
        .required("requestId")
        .required("actor")
        .required("clientId")
        .required("changedFields")
        .required("record")
        .description(Some("A version of a record."))
        .into()
}
