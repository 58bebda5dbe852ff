//! Collects everything that is wrong with an input, so that a caller sees all of it at once.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::{Label, Rule, Ruled, text};

/// One thing wrong with one field. `pointer` is a JSON Pointer (RFC 6901) into the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    pub pointer: String,
    /// Stable snake_case code, e.g. `too_long`.
    pub code: &'static str,
    pub detail: Label,
    /// Addresses of records that it is about.
    pub links: Vec<String>,
}

/// The problems (refusals) and warnings (returned beside a success) found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checks {
    pub problems: Vec<FieldProblem>,
    pub warnings: Vec<FieldProblem>,
}

impl Checks {
    /// Records a refusal.
    pub fn refuse(&mut self, pointer: &str, code: &'static str, vi: impl Into<String>, en: impl Into<String>) {
        self.problems.push(problem(pointer, code, Label::new(vi, en)));
    }

    /// Records a warning: the write goes on, the caller is told.
    pub fn warn(&mut self, pointer: &str, code: &'static str, vi: impl Into<String>, en: impl Into<String>) {
        self.warnings.push(problem(pointer, code, Label::new(vi, en)));
    }

    /// Says which records the last warning is about.
    pub fn link(&mut self, links: Vec<String>) {
        if let Some(warning) = self.warnings.last_mut() {
            warning.links = links;
        }
    }

    /// Refuses an absent value.
    pub fn required<T>(&mut self, pointer: &str, value: Option<&T>) {
        if value.is_none() {
            self.refuse(pointer, "required", "Trường này là bắt buộc.", "This field is required.");
        }
    }

    /// Normalises a text in place and refuses control and hidden characters, emptiness and excess length
    /// (`max` in characters).
    pub fn text(&mut self, pointer: &str, value: &mut String, max: usize) {
        match text::clean(value) {
            Err(c) => self.hidden(pointer, c),
            Ok(clean) if clean.is_empty() => {
                self.refuse(pointer, "empty", "Văn bản không được để trống.", "The text must not be empty.");
            }
            Ok(clean) => {
                let length = clean.chars().count();
                if length > max {
                    self.refuse(
                        pointer,
                        "too_long",
                        format!("Dài {length} ký tự; tối đa {max}."),
                        format!("{length} characters long; at most {max} are allowed."),
                    );
                }
                *value = clean;
            }
        }
    }

    /// Refuses a character that nobody sees, by its number.
    fn hidden(&mut self, pointer: &str, c: char) {
        let (number, is_control) = (u32::from(c), c.is_control());
        let (code, vi, en) = if is_control {
            ("control_character", "ký tự điều khiển", "a control character")
        } else {
            ("hidden_character", "ký tự ẩn hoặc đổi chiều chữ", "a character that is invisible or turns the writing")
        };
        self.refuse(
            pointer,
            code,
            format!("Văn bản chứa {vi} (U+{number:04X}); hãy xóa ký tự này hoặc gõ lại văn bản."),
            format!("The text contains {en} (U+{number:04X}); delete it or type the text anew."),
        );
    }

    /// Normalises the fields of a shape and refuses what breaks their rules; pointers start at the body.
    pub fn fields<T: Ruled>(&mut self, shape: &mut T) {
        shape.obey(Rule::ANY, "", self);
    }

    /// [`Checks::text`] for an optional value; an empty text counts as absent.
    pub fn opt_text(&mut self, pointer: &str, value: &mut Option<String>, max: usize) {
        if value.as_deref().is_some_and(|v| v.trim().is_empty()) {
            *value = None;
        }
        if let Some(inner) = value {
            self.text(pointer, inner, max);
        }
    }

    /// Refuses a number outside `min..=max`.
    pub fn range<T: Copy + PartialOrd + std::fmt::Display>(&mut self, pointer: &str, value: Option<T>, min: T, max: T) {
        if let Some(value) = value
            && (value < min || value > max)
        {
            self.refuse(
                pointer,
                "out_of_range",
                format!("Giá trị phải từ {min} đến {max}."),
                format!("The value must lie between {min} and {max}."),
            );
        }
    }

    /// Refuses a year after that of `today`.
    pub fn year(&mut self, pointer: &str, value: Option<i32>, today: NaiveDate) {
        if value.is_some_and(|year| year > today.year()) {
            self.refuse(pointer, "in_future", "Năm nằm trong tương lai.", "The year lies in the future.");
        }
    }

    /// Refuses two dates in the wrong order.
    pub fn order<T: PartialOrd>(&mut self, pointer: &str, earlier: Option<T>, later: Option<T>) {
        if let (Some(earlier), Some(later)) = (earlier, later)
            && later < earlier
        {
            self.refuse(
                pointer,
                "dates_out_of_order",
                "Ngày kết thúc trước ngày bắt đầu.",
                "The end lies before the beginning.",
            );
        }
    }

    pub fn is_ok(&self) -> bool {
        self.problems.is_empty()
    }
}

fn problem(pointer: &str, code: &'static str, detail: Label) -> FieldProblem {
    FieldProblem { pointer: pointer.to_owned(), code, detail, links: Vec::new() }
}
