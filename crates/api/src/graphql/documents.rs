//! Remembers documents that were parsed: a client sends the same few again and again, and parsing
//! is half of the work of a small query.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::parser::{
    Error, parse_query,
    types::{ExecutableDocument, OperationType, Selection, SelectionSet},
};

/// The most documents that are remembered; then all are forgotten.
const MAX_DOCUMENTS: usize = 500;
/// The longest document that is, in bytes: parsed it takes some twenty times as much.
const MAX_LENGTH: usize = 8 * 1024;

/// A document with what is told from it alone.
pub struct Document {
    pub parsed: ExecutableDocument,
    /// Every field that it names, at whichever depth: what it may show of a record.
    pub names: Arc<BTreeSet<String>>,
}

/// Documents that came before.
#[derive(Default)]
pub struct Documents(Mutex<HashMap<String, Arc<Document>>>);

impl Documents {
    /// The document of a query, parsed now or before.
    pub fn of(&self, query: &str) -> Result<Arc<Document>, Error> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(query) {
            return Ok(Arc::clone(known));
        }
        let parsed = parse_query(query)?;
        let document = Arc::new(Document { names: Arc::new(names(&parsed)), parsed });
        if query.len() <= MAX_LENGTH {
            let mut kept = kept();
            if kept.len() >= MAX_DOCUMENTS {
                kept.clear();
            }
            kept.insert(query.to_owned(), Arc::clone(&document));
        }
        Ok(document)
    }
}

impl Document {
    /// Whether the operation that is to run, or one that may be it, writes.
    pub fn writes(&self, operation: Option<&str>) -> bool {
        self.parsed.operations.iter().any(|(name, definition)| {
            definition.node.ty == OperationType::Mutation
                && (operation.is_none() || name.is_none_or(|name| Some(name.as_str()) == operation))
        })
    }
}

fn names(document: &ExecutableDocument) -> BTreeSet<String> {
    fn walk(selection: &SelectionSet, found: &mut BTreeSet<String>) {
        for item in &selection.items {
            match &item.node {
                Selection::Field(field) => {
                    found.insert(field.node.name.node.to_string());
                    walk(&field.node.selection_set.node, found);
                }
                Selection::InlineFragment(fragment) => walk(&fragment.node.selection_set.node, found),
                // Walked with all fragments below.
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    let mut found = BTreeSet::new();
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    operations.chain(fragments).for_each(|selection| walk(selection, &mut found));
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Documents;

    #[test]
    fn the_same_text_is_parsed_once_and_a_long_one_is_not_kept() {
        let documents = Documents::default();
        let of = |query: &str| documents.of(query).expect("a document");
        assert!(Arc::ptr_eq(&of("{ a { b } }"), &of("{ a { b } }")));
        assert_eq!(of("{ a { b } ...F } fragment F on Q { c }").names.iter().collect::<Vec<_>>(), ["a", "b", "c"]);
        let long = format!("{{ {} }}", "a ".repeat(5_000));
        assert!(!Arc::ptr_eq(&of(&long), &of(&long)));
        assert!(documents.of("{").is_err());
    }

    #[test]
    fn the_operation_that_runs_decides_whether_a_document_writes() {
        let documents = Documents::default();
        let two = documents.of("query A { a } mutation B { b }").expect("a document");
        assert!(!two.writes(Some("A")) && two.writes(Some("B")) && two.writes(None));
    }
}
