//! What a request costs: its class follows from method and path, and a field of GraphQL costs what
//! the REST operation of that name costs.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use actix_web::http::Method;
use async_graphql::{
    Name, Positioned,
    parser::types::{
        ExecutableDocument, FragmentDefinition, OperationDefinition, OperationType, Selection, SelectionSet,
    },
};
use gdtx_domain::access::rate::RateClass;

use crate::statistics::pxweb;

/// How a request is counted at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toll {
    /// Pages, probes and metadata are not.
    None,
    /// By what the document in it asks for.
    ByDocument,
    /// One request of a class.
    One(RateClass),
}

/// Paths that are bulk, by their beginning.
const BULK: [&str; 5] = ["/v1/batch", "/v1/changes", "/v1/imports", "/v1/exports", "/v1/export-jobs"];

/// How a request is counted.
pub fn of_request(method: &Method, path: &str) -> Toll {
    if path == "/graphql" {
        Toll::ByDocument
    } else if path.starts_with("/oauth/") && method == Method::POST {
        Toll::One(RateClass::Token)
    } else if path == "/graphql/ws" {
        Toll::One(RateClass::Read)
    } else if pxweb::root_of(path).is_some() {
        Toll::One(RateClass::Statistics)
    } else if path.starts_with("/v1/") {
        Toll::One(class(method, path))
    } else {
        Toll::None
    }
}

fn class(method: &Method, path: &str) -> RateClass {
    if path.starts_with("/v1/statistics") {
        RateClass::Statistics
    } else if BULK.iter().any(|start| path.starts_with(start)) {
        RateClass::Bulk
    } else if method.is_safe() {
        RateClass::Read
    } else {
        RateClass::Write
    }
}

/// The class of each operation of the REST document, by its id.
static OPERATIONS: LazyLock<HashMap<String, RateClass>> = LazyLock::new(|| {
    let document = serde_json::to_value(crate::openapi::document()).unwrap_or_default();
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    let operations = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().into_iter().flatten();
        item.filter_map(move |(method, operation)| {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).ok()?;
            Some((operation["operationId"].as_str()?.to_owned(), class(&method, path)))
        })
    });
    operations.collect()
});

/// What a GraphQL document costs: each field of its root what the REST operation of that name
/// costs, and every document at least one read. No fragment of it may hold itself.
pub fn of_document(document: &ExecutableDocument, operation: Option<&str>) -> Vec<(RateClass, i64)> {
    let mut costs = BTreeMap::new();
    let named = |name: Option<&Name>| operation.is_none() || name.is_none_or(|n| Some(n.as_str()) == operation);
    for (_, definition) in document.operations.iter().filter(|(name, _)| named(*name)) {
        let OperationDefinition { ty, selection_set, .. } = &definition.node;
        let other = if *ty == OperationType::Mutation { RateClass::Write } else { RateClass::Read };
        let mut fields = Vec::new();
        roots(&selection_set.node, &document.fragments, &mut fields);
        for field in fields.iter().filter(|field| !field.starts_with("__")) {
            *costs.entry(OPERATIONS.get(*field).copied().unwrap_or(other)).or_insert(0) += 1;
        }
    }
    if costs.is_empty() {
        costs.insert(RateClass::Read, 1);
    }
    costs.into_iter().collect()
}

fn roots<'a>(
    set: &'a SelectionSet,
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    found: &mut Vec<&'a str>,
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => found.push(field.node.name.node.as_str()),
            Selection::InlineFragment(inner) => roots(&inner.node.selection_set.node, fragments, found),
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = fragments.get(&spread.node.fragment_name.node) {
                    roots(&fragment.node.selection_set.node, fragments, found);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_costs_what_its_operation_costs() {
        let costs = |query: &str, operation: Option<&str>| {
            of_document(&async_graphql::parser::parse_query(query).expect("a document"), operation)
        };
        assert_eq!(costs("{ __schema { description } }", None), [(RateClass::Read, 1)]);
        assert_eq!(
            costs("{ a: listCentres { nodes { id } } ...F } fragment F on Query { b: node(id: 1) { id } }", None),
            [(RateClass::Read, 2)]
        );
        assert_eq!(
            costs("{ listCentres { nodes { id } } changes { nextAfter } }", None),
            [(RateClass::Read, 1), (RateClass::Bulk, 1)]
        );
        assert_eq!(
            costs("mutation A { retireRoom(id: 1) { created } } query B { getRoom(id: 1) { id } }", Some("A")),
            [(RateClass::Write, 1)]
        );
    }

    #[test]
    fn classes_follow_from_method_and_path() {
        for (method, path, toll) in [
            (Method::GET, "/v1/centres", Toll::One(RateClass::Read)),
            (Method::PUT, "/v1/centres/by-external-id/1", Toll::One(RateClass::Write)),
            (Method::GET, "/v1/changes", Toll::One(RateClass::Bulk)),
            (Method::GET, "/v1/statistics/cells", Toll::One(RateClass::Statistics)),
            (Method::POST, "/pxweb/v2/tables/classes/data", Toll::One(RateClass::Statistics)),
            (Method::GET, "/pxweb/api/v2/config", Toll::One(RateClass::Statistics)),
            (Method::POST, "/oauth/token", Toll::One(RateClass::Token)),
            (Method::GET, "/oauth/jwks.json", Toll::None),
            (Method::GET, "/readyz", Toll::None),
            (Method::POST, "/graphql", Toll::ByDocument),
        ] {
            assert_eq!(of_request(&method, path), toll, "{method} {path}");
        }
    }
}
