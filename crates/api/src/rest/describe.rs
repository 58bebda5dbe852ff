//! The OpenAPI of the standard operations: written once, true for every resource.

use gdtx_domain::Ruled;
use gdtx_service::{AsOf, Record, Resource};
use serde_json::json;
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        Components, Content, HttpMethod, KnownFormat, Object, OpenApi, Ref, RefOr, Required, ResponseBuilder, Schema,
        SchemaFormat,
        header::HeaderBuilder,
        path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
        schema::{ArrayBuilder, ObjectBuilder, Type},
        security::SecurityRequirement,
    },
};

use super::{
    history,
    limits::{self, Way},
};
use crate::{
    exchange::{exports::ExportParameters, sheet::XLSX},
    problem::Problem,
    resource::Exposed,
};

/// Adds the standard operations of a resource to the document.
pub fn add<R: Exposed>(document: &mut OpenApi) {
    type New<R> = <<R as Resource>::Record as Record>::New;
    type Patch<R> = <<R as Resource>::Record as Record>::Patch;
    let (page, written) = shapes::<R::Record>(document);
    let components = document.components.get_or_insert_with(Components::new);
    register::<New<R>>(components);
    register::<Patch<R>>(components);
    let rules = <New<R> as Ruled>::RULES;
    limits::write(components, &New::<R>::name(), rules, Way::New);
    limits::write(components, &Patch::<R>::name(), rules, Way::Change);
    limits::write(components, &R::Record::name(), rules, Way::Shown);
    let record = R::Record::name().to_string();

    let (one, item) = (R::SINGULAR, format!("{}/{{id}}", R::PATH));
    let mut put = |path: &str, method: HttpMethod, operation: Operation| {
        document.paths.add_path_operation(path, vec![method], operation);
    };
    put(R::PATH, HttpMethod::Get, list::<R>(&page));
    let create = writing::<R>(format!("create{one}"), "Create", &New::<R>::name(), "application/json")
        .parameter(idempotency_key())
        .response("201", with_location("The new record.", &written))
        .build();
    put(R::PATH, HttpMethod::Post, create);
    let get = base::<R>(format!("get{one}"), format!("Read one of {}", words(R::PLURAL)), "")
        .parameter(id())
        .parameter(fields())
        .parameter(as_of())
        .parameter(header("If-None-Match", "ETag of the representation the caller has; answered with 304."))
        .response("200", with_etag("The record.", &record))
        .response("304", ResponseBuilder::new().description("The caller has this version.").build())
        .response("404", refusal("There is no such record within reach."));
    let get = if R::MERGES { get.response("307", elsewhere()) } else { get };
    put(&item, HttpMethod::Get, get.build());
    let update = writing::<R>(format!("update{one}"), "Change", &Patch::<R>::name(), "application/merge-patch+json")
        .parameter(id())
        .parameter(idempotency_key())
        .parameter(header("If-Match", "ETag the change is based on; 412 when the record has changed since."))
        .response("200", with_etag("The record after the change.", &written))
        .response("404", refusal("There is no such record within reach."))
        .response("412", refusal("The record has changed since it was read."))
        .build();
    put(&item, HttpMethod::Patch, update);
    let retire = base::<R>(
        format!("retire{one}"),
        format!("Retire one of {}", words(R::PLURAL)),
        "The record stays readable with `deletedAt`.",
    )
    .parameter(id())
    .parameter(idempotency_key())
    .parameter(dry_run())
    .parameter(fields())
    .parameter(header("If-Match", "ETag the decision is based on."))
    .response("200", with_etag("The retired record.", &written))
    .response("404", refusal("There is no such record within reach."))
    .response("409", refusal("The record is retired already, or others depend on it."))
    .response("412", refusal("The record has changed since it was read."))
    .build();
    put(&item, HttpMethod::Delete, retire);
    let upsert = writing::<R>(
        format!("put{one}ByExternalId"),
        "Create or replace by the caller's own key",
        &New::<R>::name(),
        "application/json",
    )
    .parameter(path_parameter("value", "The caller's own key; it lives in the caller's own `system`.", None))
    .parameter(idempotency_key())
    .parameter(header(
        "If-Match",
        "ETag the content is based on; 412 when the record has changed since, or is not there.",
    ))
    .parameter(header("If-None-Match", "`*` creates only: 412 when the key has a record."))
    .response("200", with_etag("The record; unchanged when the content was the same.", &written))
    .response("201", with_location("The new record.", &written))
    .response(
        "412",
        refusal("The record has changed since it was read, is not there, or is there though it should not."),
    )
    .build();
    put(&format!("{}/by-external-id/{{value}}", R::PATH), HttpMethod::Put, upsert);
    let versions = base::<R>(
        format!("list{one}History"),
        format!("List the versions of one of {}", words(R::PLURAL)),
        "Newest first, each masked as the record is today, with who changed what and when. A record that was merged \
        keeps its own history.",
    );
    let versions = history::describe::<R>(document, versions.parameter(id()));
    document.paths.add_path_operation(format!("{item}/history"), vec![HttpMethod::Get], versions);
}

/// Adds the export of a resource.
pub fn add_export<R: Exposed>(document: &mut OpenApi) {
    let path = R::PATH.replacen("/v1/", "/v1/exports/", 1);
    let media = ["application/x-ndjson", "text/csv", XLSX];
    let file = media.into_iter().fold(ResponseBuilder::new().description("The file."), |response, media| {
        response.content(media, Content::new(Some(ObjectBuilder::new().schema_type(Type::String))))
    });
    let export = base::<R>(
        format!("export{}", R::PLURAL),
        format!("Export {}", words(R::PLURAL)),
        "The whole list as a file, with the filters of the list, streamed in the order of ids. Personal data need a \
        purpose, as in a list, and what was shown stands in the access log.",
    );
    let own = ExportParameters::into_params(|| Some(ParameterIn::Query));
    let filter = R::Filter::into_params(|| Some(ParameterIn::Query));
    let export = own.into_iter().chain(filter).fold(export, OperationBuilder::parameter);
    document.paths.add_path_operation(
        path,
        vec![HttpMethod::Get],
        export.parameter(fields()).parameter(as_of()).response("200", file.build()).build(),
    );
}

/// The answer at the address of a record that was merged.
fn elsewhere() -> utoipa::openapi::Response {
    ResponseBuilder::new()
        .description("The record was merged into the one at this address.")
        .header("Location", HeaderBuilder::new().description(Some("Path of the record that stays.")).build())
        .build()
}

/// Registers a record with its page and its answer to a write; tells the names of the latter two.
pub fn shapes<T: ToSchema>(document: &mut OpenApi) -> (String, String) {
    let components = document.components.get_or_insert_with(Components::new);
    register::<gdtx_service::Problem>(components);
    let record = T::name().to_string();
    let written = format!("Written{record}");
    components.schemas.insert(written.clone(), written_of(&record));
    (page::<T>(document), written)
}

/// Registers a shape and a page of it; tells the name of the page.
pub fn page<T: ToSchema>(document: &mut OpenApi) -> String {
    let components = document.components.get_or_insert_with(Components::new);
    register::<T>(components);
    register::<gdtx_service::PageInfo>(components);
    let name = format!("{}Page", T::name());
    components.schemas.insert(name.clone(), page_of(&T::name()));
    name
}

/// Registers a shape alone.
pub fn shape<T: ToSchema>(document: &mut OpenApi) {
    register::<T>(document.components.get_or_insert_with(Components::new));
}

fn base<R: Exposed>(operation_id: String, summary: String, more: &str) -> OperationBuilder {
    OperationBuilder::new()
        .operation_id(Some(operation_id))
        .summary(Some(summary))
        .description(Some(format!("{} {more}", capital(R::ABOUT)).trim().to_owned()))
        .tag(R::PATH.trim_start_matches("/v1/"))
        .security(SecurityRequirement::new::<_, [&str; 0], &str>("oauth2", []))
        .response("400", refusal("A parameter or the body is malformed."))
        .response("401", refusal("No or bad token."))
        .response("403", refusal("The grant is missing, or does not reach this place."))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn list<R: Exposed>(page: &str) -> Operation {
    let mut operation = base::<R>(format!("list{}", R::PLURAL), format!("List {}", words(R::PLURAL)), "")
        .response("200", body("A page.", page));
    for parameter in R::Filter::into_params(|| Some(ParameterIn::Query)) {
        operation = operation.parameter(parameter);
    }
    let sorts: Vec<_> = R::SORTS.iter().flat_map(|s| [json!(s.name), json!(format!("-{}", s.name))]).collect();
    let sort = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(sorts)).default(Some(json!("id")));
    operation
        .parameter(query("sort", "Sort key; `-` in front turns the order around.", sort.build()))
        .parameters(Some(paging()))
        .parameter(fields())
        .parameter(as_of())
        .build()
}

/// The parameters of every list that choose its page.
pub(super) fn paging() -> [Parameter; 3] {
    let first = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(1))
        .maximum(Some(200))
        .default(Some(json!(50)));
    let count = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["exact", "estimated"]));
    [
        query("first", "Records on the page.", first.build()),
        query("after", "The `endCursor` of the page before.", string()),
        query("count", "Ask for `totalCount`.", count.build()),
    ]
}

fn writing<R: Exposed>(operation_id: String, verb: &str, shape: &str, media: &str) -> OperationBuilder {
    let content = Content::new(Some(Ref::from_schema_name(shape)));
    base::<R>(operation_id, format!("{verb}: {}", words(R::SINGULAR)), "")
        .parameter(dry_run())
        .parameter(fields())
        .request_body(Some(RequestBodyBuilder::new().content(media, content).required(Some(Required::True)).build()))
        .response("409", refusal("The record exists already, or its state rules this out."))
        .response("413", refusal("The body is too large."))
        .response("415", refusal("The body is not JSON."))
        .response("422", refusal("The content breaks rules; `errors[]` names each field."))
}

/// Registers a schema and everything it refers to.
pub fn register<T: ToSchema + PartialSchema>(components: &mut Components) {
    let mut found = vec![(T::name().to_string(), T::schema())];
    T::schemas(&mut found);
    components.schemas.extend(found);
}

pub(super) fn page_of(record: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .property("items", ArrayBuilder::new().items(Ref::from_schema_name(record)))
        .required("items")
        .property("pageInfo", Ref::from_schema_name("PageInfo"))
        .required("pageInfo")
        .property(
            "totalCount",
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
                .minimum(Some(0))
                .description(Some("Only with `count`.")),
        )
        .description(Some("A page of records."))
        .into()
}

fn written_of(record: &str) -> RefOr<Schema> {
    use utoipa::openapi::schema::AllOfBuilder;
    let warnings = ObjectBuilder::new().property(
        "warnings",
        ArrayBuilder::new()
            .items(Ref::from_schema_name("Warning"))
            .description(Some("What did not stop the write but is worth a look; absent when there is nothing.")),
    );
    AllOfBuilder::new()
        .item(Ref::from_schema_name(record))
        .item(warnings)
        .description(Some("The record after a write, with warnings."))
        .into()
}

pub(super) fn body(description: &str, schema: &str) -> utoipa::openapi::Response {
    ResponseBuilder::new()
        .description(description)
        .content("application/json", Content::new(Some(Ref::from_schema_name(schema))))
        .build()
}

pub(super) fn with_etag(description: &str, schema: &str) -> utoipa::openapi::Response {
    let etag = HeaderBuilder::new()
        .schema(Some(Object::with_type(Type::String)))
        .description(Some("Strong, made of the record's version."))
        .build();
    let mut response = body(description, schema);
    response.headers.insert("ETag".to_owned(), RefOr::T(etag));
    response
}

/// The answer that tells where the new record is read.
fn with_location(description: &str, schema: &str) -> utoipa::openapi::Response {
    let location = HeaderBuilder::new()
        .schema(Some(Object::with_type(Type::String)))
        .description(Some("Path of the new record; absent with `dryRun`."))
        .build();
    let mut response = with_etag(description, schema);
    response.headers.insert("Location".to_owned(), RefOr::T(location));
    response
}

pub fn refusal(description: &str) -> utoipa::openapi::Response {
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", Content::new(Some(Ref::from_schema_name(Problem::name()))))
        .build()
}

pub(super) fn string() -> Object {
    Object::with_type(Type::String)
}

pub(super) fn query(name: &str, about: &str, schema: Object) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(schema))
        .build()
}

/// A name of a type in words.
fn words(name: &str) -> String {
    let spaced = name.chars().flat_map(|c| [c.is_uppercase().then_some(' '), Some(c.to_ascii_lowercase())]);
    spaced.flatten().collect::<String>().trim_start().to_owned()
}

pub fn header(name: &str, about: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(string()))
        .build()
}

fn path_parameter(name: &str, about: &str, format: Option<&str>) -> Parameter {
    let mut schema = ObjectBuilder::new().schema_type(Type::String);
    if let Some(format) = format {
        schema = schema.format(Some(SchemaFormat::Custom(format.to_owned())));
    }
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(about))
        .schema(Some(schema.build()))
        .build()
}

fn id() -> Parameter {
    path_parameter("id", "Identity of the record.", Some("uuid"))
}

fn idempotency_key() -> Parameter {
    header(
        "Idempotency-Key",
        "At most 255 characters; the same request under the same key within 24 hours is answered again, not repeated.",
    )
}

fn dry_run() -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::Boolean).default(Some(json!(false)));
    query("dryRun", "Do everything but the commit.", schema.build())
}

fn as_of() -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some(AsOf::PATTERN));
    query(
        "asOf",
        "Reads the past: after the entry of the journal with this position, or after everything that was recorded \
        until this instant. 400 when it has not come yet, 404 before the record existed.",
        schema.build(),
    )
}

pub(super) fn fields() -> Parameter {
    query("fields", "Only these fields, comma-separated; `place.communeName` reaches into a field.", string())
}
