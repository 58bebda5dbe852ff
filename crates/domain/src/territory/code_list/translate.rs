//! Translates codes between systems, which give the same numbers different meanings.
//!
//! `0` is a woman in school software and an unknown sex at the national data centre, so a code
//! is only ever read within a named scheme.

use super::{CodeItem, CodeScheme, items};
use crate::territory::resolution::ResolutionOutcome;

/// What a code of one scheme is in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    pub outcome: ResolutionOutcome,
    /// The code in the other scheme when it is the only one.
    pub code: Option<String>,
    /// Every code that it can be in the other scheme.
    pub codes: Vec<String>,
    /// The values that the code means in its own scheme.
    pub items: Vec<&'static CodeItem>,
    /// What to know about the values, e.g. that the code is a misuse of the list.
    pub note: Option<String>,
}

/// Translates a code of a list from one scheme to another.
///
/// Ambiguous when the code means several values, or when its value has several codes there.
/// Unknown when the code means nothing, when the other scheme has no code for it, and for
/// misuses, which are listed with their note but never translated.
pub fn translate(list: &str, from: CodeScheme, to: CodeScheme, code: &str) -> Translation {
    let meant: Vec<&'static CodeItem> = items(list).iter().filter(|item| item.codes_in(from).contains(&code)).collect();
    let mut codes: Vec<String> =
        meant.iter().filter(|item| item.accepted).flat_map(|item| item.codes_in(to)).map(str::to_owned).collect();
    codes.sort();
    codes.dedup();
    let accepted = meant.iter().filter(|item| item.accepted).count();
    let outcome = match (codes.len(), accepted) {
        (0, _) => ResolutionOutcome::Unknown,
        (1, 1) => ResolutionOutcome::Unique,
        // Several values that share one code there still translate to that one code.
        (1, _) if to != CodeScheme::Api => ResolutionOutcome::Unique,
        _ => ResolutionOutcome::Ambiguous,
    };
    let code = codes.first().filter(|_| outcome == ResolutionOutcome::Unique).cloned();
    let note = meant.iter().find_map(|item| item.note.clone());
    Translation { outcome, code, codes, items: meant, note }
}
