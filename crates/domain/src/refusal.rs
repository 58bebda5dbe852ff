//! A rule's refusal of a whole act, with the article it rests on; single fields use `Checks`.

use crate::Label;

/// Why something may not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable snake_case code, e.g. `group_not_allowed`.
    pub code: &'static str,
    /// The reason in both languages.
    pub detail: Label,
    /// Document and article, e.g. `Luật GD 43/2019/QH14, art. 44`; empty for a rule of the service.
    pub basis: String,
}

impl Refusal {
    pub fn new(code: &'static str, vi: impl Into<String>, en: impl Into<String>, basis: impl Into<String>) -> Self {
        Self { code, detail: Label::new(vi, en), basis: basis.into() }
    }

    /// A change of state that the state of the record does not allow.
    pub fn transition(from: &Label, event: &Label) -> Self {
        Self::new(
            "transition_not_allowed",
            format!("Không thể thực hiện \"{}\" khi đang ở trạng thái \"{}\".", event.vi, from.vi),
            format!("\"{}\" is not possible in the state \"{}\".", event.en, from.en),
            "",
        )
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.detail.en)
    }
}

impl std::error::Error for Refusal {}
