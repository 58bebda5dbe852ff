//! A parsed document with what is told from its text alone: a client sends the same few again and
//! again, and parsing is half of the work of a small query.

use std::{collections::BTreeSet, sync::Arc};

use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};

/// A document that may run.
pub struct Document {
    pub parsed: ExecutableDocument,
    /// Every field that it names, at whichever depth: what it may show of a record.
    pub names: Arc<BTreeSet<String>>,
}

impl From<ExecutableDocument> for Document {
    fn from(parsed: ExecutableDocument) -> Self {
        Self { names: Arc::new(names(&parsed)), parsed }
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
    use async_graphql::parser::parse_query;

    use super::Document;

    fn document(text: &str) -> Document {
        parse_query(text).expect("a document").into()
    }

    #[test]
    fn every_field_is_named_once_fragments_too() {
        let found = document("{ a { b } ...F } fragment F on Q { c a }").names;
        assert_eq!(found.iter().collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn the_operation_that_runs_decides_whether_a_document_writes() {
        let two = document("query A { a } mutation B { b }");
        assert!(!two.writes(Some("A")) && two.writes(Some("B")) && two.writes(None));
    }
}
