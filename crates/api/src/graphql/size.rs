//! How large a document is with its fragments written out, counted without writing them out.

use std::collections::HashMap;

use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

/// The most fields and spreads of a document with its fragments written out.
pub const MOST: u64 = 20_000;

/// The size of each fragment that was met; none while it is being counted.
type Known<'a> = HashMap<&'a Name, Option<u64>>;

/// The number of fields and spreads of all operations, with their fragments written out; none when
/// a fragment holds itself.
pub fn of(document: &ExecutableDocument) -> Option<u64> {
    let mut known = Known::new();
    let mut sum = 0_u64;
    for (_, operation) in document.operations.iter() {
        sum = sum.saturating_add(in_set(&operation.node.selection_set.node, document, &mut known)?);
    }
    Some(sum)
}

fn in_set<'a>(set: &'a SelectionSet, document: &'a ExecutableDocument, known: &mut Known<'a>) -> Option<u64> {
    let mut sum = 0_u64;
    for item in &set.items {
        let inner = match &item.node {
            Selection::Field(field) => in_set(&field.node.selection_set.node, document, known)?,
            Selection::InlineFragment(inner) => in_set(&inner.node.selection_set.node, document, known)?,
            Selection::FragmentSpread(spread) => in_fragment(&spread.node.fragment_name.node, document, known)?,
        };
        sum = sum.saturating_add(inner).saturating_add(1);
    }
    Some(sum)
}

fn in_fragment<'a>(name: &'a Name, document: &'a ExecutableDocument, known: &mut Known<'a>) -> Option<u64> {
    if let Some(size) = known.get(name) {
        return *size;
    }
    let Some(fragment) = document.fragments.get(name) else { return Some(0) };
    known.insert(name, None);
    let size = in_set(&fragment.node.selection_set.node, document, known)?;
    known.insert(name, Some(size));
    Some(size)
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::{MOST, of};

    fn size(text: &str) -> Option<u64> {
        of(&parse_query(text).expect("a document"))
    }

    #[test]
    fn fragments_count_wherever_they_are_spread() {
        assert_eq!(size("{ a { b } c }"), Some(3));
        assert_eq!(size("{ ...F x { ...F } } fragment F on Q { a { b } }"), Some(7));
        assert_eq!(size("{ ...Nobody }"), Some(1));
    }

    #[test]
    fn a_bomb_is_measured_without_going_off() {
        let spread = |n: usize| format!("fragment F{n} on Q {{ {} }}", format!("...F{} ", n + 1).repeat(10));
        let chain: String = (0..30).map(spread).collect();
        assert!(size(&format!("{{ ...F0 }} {chain} fragment F30 on Q {{ a }}")) > Some(MOST));
    }

    #[test]
    fn circles_have_no_size() {
        assert_eq!(size("{ ...A } fragment A on Q { ...B ...B } fragment B on Q { a ...A ...A }"), None);
    }
}
