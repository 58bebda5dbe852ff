//! What holds for every operation, written into the document once: the form of the headers and
//! parameters that many of them take, and how each of them can fail.

use utoipa::{
    ToSchema,
    openapi::{
        Content, KnownFormat, Object, ObjectBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder, Schema,
        SchemaFormat,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        schema::{SchemaType, Type},
        security::SecurityRequirement,
    },
};

use super::{describe, query::LONGEST};
use crate::access::oauth::OAuthFailure;

/// One entity tag that this service may have issued, or `*` (RFC 9110, 13.1.1).
const TAG: &str = r#"^(\*|(W/)?"[!#-~]*")$"#;
/// 1 to 255 visible ASCII characters and blanks, bare or as a quoted string (RFC 9651, 3.3.3).
const KEY: &str = r#"^("[ !#-\[\]-~]{1,255}"|[!#-\[\]-~]([ !#-\[\]-~]{0,253}[!#-\[\]-~])?)$"#;
/// What stands in URLs holds no control characters.
const LINE: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";
/// Names of fields, comma-separated, with a dot where one reaches into another.
const NAMES: &str = r"^[A-Za-z0-9]+(\.[A-Za-z0-9]+)*(,[A-Za-z0-9]+(\.[A-Za-z0-9]+)*)*$";
/// Cursors are base64url.
const CURSOR: &str = "^[A-Za-z0-9_-]+$";

/// Completes every operation of the document.
pub fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(parameter) = parameter {
                    form(parameter);
                }
            }
            failures(path, operation);
            if needs_token(operation) {
                operation.parameters.get_or_insert_default().push(data_purpose().into());
            }
        }
        // Public reference data lie in memory; the rest is read at a position.
        if let Some(read) = item.get.as_mut().filter(|read| path.starts_with("/v1/") && needs_token(read)) {
            read.parameters.get_or_insert_default().push(min_position().into());
        }
    }
    let schemas = document.components.iter_mut().flat_map(|c| &mut c.schemas);
    for (_, schema) in schemas.filter(|(name, _)| name.ends_with("Patch")) {
        if let RefOr::T(Schema::Object(patch)) = schema {
            without_defaults(patch);
        }
    }
}

/// The header by which a caller asks for what it has seen written.
fn min_position() -> Parameter {
    let position = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(0))
        .maximum(Some(isize::MAX));
    ParameterBuilder::new()
        .name("Min-Position")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "A position of the journal that the read must have seen; the answer tells its own in `Position`. \
            400 when it lies beyond the end.",
        ))
        .schema(Some(position.build()))
        .build()
}

fn needs_token(operation: &Operation) -> bool {
    operation.security.as_ref().is_some_and(|needed| *needed != [SecurityRequirement::default()])
}

/// The header by which a caller says what it reads personal data for.
fn data_purpose() -> Parameter {
    ParameterBuilder::new()
        .name("Data-Purpose")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "What personal data are read for: a purpose of the client's agreement. Without it they are masked.",
        ))
        .schema(Some(Ref::from_schema_name("Purpose")))
        .build()
}

/// What a merge patch leaves out stays as it is: its fields have no value of their own.
fn without_defaults(patch: &mut Object) {
    for property in patch.properties.values_mut() {
        match property {
            RefOr::Ref(named) => named.default = None,
            RefOr::T(Schema::Object(object)) => object.default = None,
            RefOr::T(Schema::Array(array)) => array.default = None,
            RefOr::T(Schema::OneOf(one)) => one.default = None,
            RefOr::T(_) => {}
        }
    }
}

/// Writes down what the values of a parameter look like.
fn form(parameter: &mut Parameter) {
    let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema else { return };
    if let SchemaType::Array(types) = &object.schema_type {
        // A parameter is absent or has a value; null has no spelling in a URL or a header.
        if let Some(only) = types.iter().find(|t| **t != Type::Null).cloned() {
            object.schema_type = SchemaType::Type(only);
        }
    }
    if object.schema_type != SchemaType::Type(Type::String) || object.format.is_some() || object.enum_values.is_some() {
        return;
    }
    match (&parameter.parameter_in, parameter.name.as_str()) {
        (ParameterIn::Header, "If-Match") => object.pattern = Some(TAG.to_owned()),
        (ParameterIn::Header, "Idempotency-Key") => object.pattern = Some(KEY.to_owned()),
        (ParameterIn::Query, "after") => line(object, CURSOR),
        (ParameterIn::Query, "fields") => line(object, NAMES),
        (ParameterIn::Query | ParameterIn::Path, _) => line(object, LINE),
        _ => {}
    }
}

fn line(object: &mut Object, pattern: &str) {
    object.pattern.get_or_insert_with(|| pattern.to_owned());
    object.max_length.get_or_insert(LONGEST);
}

/// Each operation can meet a fault of the service; each that reads a token can be sent a bad one.
fn failures(path: &str, operation: &mut Operation) {
    let is_key = |p: &RefOr<Parameter>| matches!(p, RefOr::T(p) if p.name == "Idempotency-Key");
    let keyed = operation.parameters.iter().flatten().any(is_key);
    let mut add = |status: &str, description: &str| {
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(failure(path, description)));
    };
    add("500", "The service failed; its log knows the reason by the id of the request.");
    add("503", "The service is busy or stopping; try again after `Retry-After` seconds.");
    if keyed {
        add("422", "The `Idempotency-Key` has come with another request.");
    }
    if path.starts_with("/v1/") {
        add("401", "No token is needed here, but the one that came is bad.");
    }
}

fn failure(path: &str, description: &str) -> Response {
    if path.starts_with("/oauth/") && path != "/oauth/jwks.json" {
        let content = Content::new(Some(Ref::from_schema_name(OAuthFailure::name())));
        return ResponseBuilder::new().description(description).content("application/json", content).build();
    }
    describe::refusal(description)
}
