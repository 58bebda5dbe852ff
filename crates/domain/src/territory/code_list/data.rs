//! Builds the code lists once from the embedded files, so that each list has one place.
//!
//! Which part of the crosswalk belongs to which list stands in `code_lists.csv`: lists that
//! merely share a name (the Ministry's area and the data centre's) are never merged.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    CodeItem, CodeList, CodeScheme, SchemeCode,
    source::{self, CrosswalkRow, EthnicRow, LabelRow, ListRow, MinistryRow, ReligionRow},
};
use crate::territory::rows::rows;

/// A list with its items.
pub(super) struct Entry {
    pub list: &'static CodeList,
    pub items: &'static [CodeItem],
    by_code: HashMap<&'static str, &'static CodeItem>,
}

impl Entry {
    pub fn item(&self, code: &str) -> Option<&'static CodeItem> {
        self.by_code.get(code).copied()
    }
}

pub(super) struct Lists {
    heads: &'static [CodeList],
    entries: Vec<Entry>,
    /// Id and official name → position.
    names: HashMap<&'static str, usize>,
}

impl Lists {
    pub fn lists(&self) -> &'static [CodeList] {
        self.heads
    }

    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.get(*self.names.get(name)?)
    }
}

pub(super) static LISTS: LazyLock<Lists> = LazyLock::new(load);

fn load() -> Lists {
    let heads: Vec<ListRow> = rows(include_str!("../../../codelists/code_lists.csv"));
    let mut items = collect(&heads);
    let labels: Vec<LabelRow> = rows(include_str!("../../../codelists/code_labels_en.csv"));
    let labels: HashMap<(String, String), String> =
        labels.into_iter().map(|row| ((row.list, row.code), row.label_en)).collect();
    for item in items.values_mut().flatten() {
        let written = labels.get(&(item.list.clone(), item.code.clone())).cloned();
        item.label_en = written.unwrap_or_else(|| source::humanise(&item.code));
    }
    resolve_parents(&heads, &mut items);
    assemble(heads, items)
}

type Items = HashMap<String, Vec<CodeItem>>;

/// The items of every list, from the four files that hold values.
fn collect(heads: &[ListRow]) -> Items {
    let mut items = Items::new();
    let by_official: HashMap<&str, &ListRow> = heads.iter().map(|h| (h.official_name.as_str(), h)).collect();
    for row in rows::<MinistryRow>(include_str!("../../../codelists/moet_shared_codelists_2020.csv")) {
        if let Some(head) = by_official.get(row.list.as_str()) {
            items.entry(head.id.clone()).or_default().push(row.item(&head.id));
        }
    }
    let ethnic = rows::<EthnicRow>(include_str!("../../../codelists/ethnic_groups.csv"));
    items.insert(source::ETHNIC_GROUP.to_owned(), ethnic.into_iter().map(EthnicRow::item).collect());
    let religions = rows::<ReligionRow>(include_str!("../../../codelists/religions.csv"));
    items.insert(source::RELIGION.to_owned(), religions.into_iter().map(ReligionRow::item).collect());
    let by_domain: HashMap<&str, &ListRow> = heads.iter().map(|h| (h.crosswalk_domain.as_str(), h)).collect();
    for row in rows::<CrosswalkRow>(include_str!("../../../codelists/enum_crosswalk.csv")) {
        if let Some(head) = by_domain.get(row.domain.as_str()) {
            merge(items.entry(head.id.clone()).or_default(), row.item(&head.id));
        }
    }
    items
}

/// Adds a crosswalk item to its list: its codes to the same item, or itself as a new one.
fn merge(list: &mut Vec<CodeItem>, found: CodeItem) {
    match list.iter_mut().find(|item| item.code == found.code) {
        None => list.push(found),
        Some(item) => {
            let new: Vec<SchemeCode> = found.codes.into_iter().filter(|code| !item.codes.contains(code)).collect();
            item.codes.extend(new);
            item.note = item.note.take().or(found.note);
        }
    }
}

/// Turns the official codes of parents into our codes of the parent list.
fn resolve_parents(heads: &[ListRow], items: &mut Items) {
    for head in heads.iter().filter(|head| !head.parent_list.is_empty()) {
        let ours: HashMap<String, String> = items
            .get(&head.parent_list)
            .into_iter()
            .flatten()
            .flat_map(|p| p.codes_in(CodeScheme::Moet2020).into_iter().map(|code| (code.to_owned(), p.code.clone())))
            .collect();
        for item in items.get_mut(&head.id).into_iter().flatten() {
            item.parents = item.parents.iter().filter_map(|code| ours.get(code).cloned()).collect();
        }
    }
}

fn assemble(heads: Vec<ListRow>, mut items: Items) -> Lists {
    let mut lists = Vec::with_capacity(heads.len());
    let mut leaked: Vec<&'static [CodeItem]> = Vec::with_capacity(heads.len());
    for head in heads {
        let mut own = items.remove(&head.id).unwrap_or_default();
        for item in &mut own {
            (item.valid_from, item.valid_to) = (head.valid_from, head.valid_to);
        }
        let has = |scheme: &CodeScheme| {
            *scheme == CodeScheme::Api || own.iter().any(|item| !item.codes_in(*scheme).is_empty())
        };
        let schemes = CodeScheme::ALL.iter().copied().filter(has).collect();
        leaked.push(Vec::leak(own));
        lists.push(head.list(schemes));
    }
    let lists: &'static [CodeList] = Vec::leak(lists);
    let mut names = HashMap::new();
    for (position, list) in lists.iter().enumerate() {
        names.insert(list.id.as_str(), position);
        names.extend(list.official_name.as_deref().map(|name| (name, position)));
    }
    let entry = |(list, items): (&'static CodeList, &'static [CodeItem])| Entry {
        list,
        items,
        by_code: items.iter().map(|item| (item.code.as_str(), item)).collect(),
    };
    Lists { heads: lists, entries: lists.iter().zip(leaked).map(entry).collect(), names }
}
