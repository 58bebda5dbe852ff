//! What a single field may hold, declared once: the same rule is checked on entry and written into
//! the OpenAPI schema, so that neither can say something else.

use chrono::NaiveTime;

use crate::{Checks, Decimal2, PartialDate, text};

/// The form of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Anything of its type.
    Any,
    /// A line of text.
    Text,
    /// Telephone numbers as people write them.
    Phone,
    /// An e-mail address.
    Email,
    /// The address of a web site.
    Website,
    /// So many digits. Only normalised here: the number's own rule tells what is wrong with it.
    Digits,
    /// The electronic id of an organisation: groups of A-Z and 0-9 joined by dots (QĐ 20/2020/QĐ-TTg,
    /// amended by QĐ 09/2025/QĐ-TTg).
    EgovId,
    /// A time of day, `HH:MM`.
    Time,
    /// A whole or decimal number, both ends included.
    Number { min: i64, max: i64 },
}

/// What a single field may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub form: Form,
    /// The most characters of a text.
    pub max: usize,
    /// Refused when absent, though an answer may lack it (because it can be masked).
    pub required: bool,
}

impl Rule {
    pub const ANY: Self = Self { form: Form::Any, max: usize::MAX, required: false };

    const fn of(form: Form, max: usize) -> Self {
        Self { form, max, required: false }
    }

    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The form of a value, as a regular expression both for JSON Schema and for people. Where it
    /// need not be given, a blank text counts as absent.
    pub fn pattern(self, must: bool) -> Option<String> {
        let blank = if must { "" } else { " *|" };
        let hidden = text::HIDDEN;
        match self.form {
            Form::Phone => Some(format!("^({blank}([{PHONE_SIGNS}]*[0-9]){{{PHONE_DIGITS}}}[{PHONE_SIGNS}0-9]*)$")),
            Form::Digits => Some(format!("^[0-9]{{{}}}$", self.max)),
            Form::EgovId => Some(format!(r"^({blank}[A-Z0-9]+(\.[A-Z0-9]+)*)$")),
            Form::Time => Some(format!("^({blank}([01][0-9]|2[0-3]):[0-5][0-9])$")),
            Form::Email => {
                let (local, label) = (format!(r"[^@\s{hidden}]+"), format!(r"[^@.\s{hidden}]+"));
                Some(format!(r"^({blank}{local}@{label}(\.{label})+)$"))
            }
            Form::Text | Form::Website if must => Some(format!(r"^[^{hidden}]*[^\s{hidden}][^{hidden}]*$")),
            Form::Text | Form::Website => Some(format!("^[^{hidden}]*$")),
            Form::Any | Form::Number { .. } => None,
        }
    }
}

/// Any value of its type.
pub const fn any() -> Rule {
    Rule::ANY
}

/// A text of at most so many characters.
pub const fn text(max: usize) -> Rule {
    Rule::of(Form::Text, max)
}

/// Telephone numbers in at most so many characters.
pub const fn phone(max: usize) -> Rule {
    Rule::of(Form::Phone, max)
}

/// An e-mail address of at most so many characters.
pub const fn email(max: usize) -> Rule {
    Rule::of(Form::Email, max)
}

/// A web address of at most so many characters.
pub const fn website(max: usize) -> Rule {
    Rule::of(Form::Website, max)
}

/// Exactly so many digits.
pub const fn digits(count: usize) -> Rule {
    Rule::of(Form::Digits, count)
}

/// The electronic id of an organisation, at most 35 characters.
pub const fn egov_id() -> Rule {
    Rule::of(Form::EgovId, 35)
}

/// A time of day, `HH:MM`.
pub const fn time() -> Rule {
    Rule::of(Form::Time, "HH:MM".len())
}

/// A number from `min` to `max`, in whole units.
pub const fn number(min: i64, max: i64) -> Rule {
    Rule::of(Form::Number { min, max }, usize::MAX)
}

/// What stands between the digits of telephone numbers: older records hold two in one field.
/// The hyphen comes first: elsewhere in a character class it would make a range.
const PHONE_SIGNS: &str = "- +().,;/";
/// Emergency and service numbers are the shortest.
const PHONE_DIGITS: usize = 3;
/// Length limit where the rule of the form tells of a wrong length.
const UNJUDGED: usize = 100;

/// A value that a rule can be asked of.
pub trait Ruled {
    /// The rules of its fields, by their Rust names, where it is a shape.
    const RULES: &'static [(&'static str, Rule)] = &[];

    /// Normalises the value in place and finds what is wrong with it.
    fn obey(&mut self, _rule: Rule, _pointer: &str, _checks: &mut Checks) {}

    /// Whether the value says no more than an absent one.
    fn is_blank(&self) -> bool {
        false
    }
}

impl Ruled for String {
    fn obey(&mut self, rule: Rule, pointer: &str, checks: &mut Checks) {
        let before = checks.problems.len();
        let judges_length = matches!(rule.form, Form::Digits | Form::Time);
        checks.text(pointer, self, if judges_length { UNJUDGED } else { rule.max });
        if checks.problems.len() > before {
            return;
        }
        match rule.form {
            Form::Phone => phone_number(pointer, self, checks),
            Form::Email => email_address(pointer, self, checks),
            Form::Website => web_address(pointer, self, checks),
            Form::EgovId => organisation_id(pointer, self, checks),
            Form::Time => time_of_day(pointer, self, checks),
            Form::Any | Form::Text | Form::Digits | Form::Number { .. } => {}
        }
    }

    fn is_blank(&self) -> bool {
        self.trim().is_empty()
    }
}

impl<T: Ruled> Ruled for Option<T> {
    fn obey(&mut self, rule: Rule, pointer: &str, checks: &mut Checks) {
        if self.as_ref().is_some_and(T::is_blank) {
            *self = None;
        }
        match self {
            Some(value) => value.obey(rule, pointer, checks),
            None if rule.required => checks.required::<T>(pointer, None),
            None => {}
        }
    }
}

impl<T: Ruled> Ruled for Vec<T> {
    fn obey(&mut self, rule: Rule, pointer: &str, checks: &mut Checks) {
        for (i, value) in self.iter_mut().enumerate() {
            value.obey(rule, &format!("{pointer}/{i}"), checks);
        }
    }
}

impl Ruled for Decimal2 {
    fn obey(&mut self, rule: Rule, pointer: &str, checks: &mut Checks) {
        if let Form::Number { min, max } = rule.form {
            checks.range(pointer, Some(*self), Self(min * 100), Self(max * 100));
        }
    }
}

macro_rules! whole {
    ($($number:ty),+) => {$(
        impl Ruled for $number {
            fn obey(&mut self, rule: Rule, pointer: &str, checks: &mut Checks) {
                if let Form::Number { min, max } = rule.form {
                    checks.range(pointer, Some(i64::from(*self)), min, max);
                }
            }
        }
    )+};
}
whole!(i32, i64);

impl Ruled for PartialDate {}

/// The pointer of a field of a shape.
pub fn at(pointer: &str, field: &str) -> String {
    format!("{pointer}/{}", text::camel(field))
}

/// Declares the rules of the fields of a shape: `rules!(Reward { content: text(255), note: text(255) })`.
#[macro_export]
macro_rules! rules {
    ($shape:ty { $($field:ident : $rule:expr),+ $(,)? }) => {
        impl $crate::rule::Ruled for $shape {
            const RULES: &'static [(&'static str, $crate::rule::Rule)] = {
                #[allow(unused_imports, reason = "not every shape has every kind of rule")]
                use $crate::rule::*;
                &[$((stringify!($field), $rule)),+]
            };

            fn obey(&mut self, _: $crate::rule::Rule, pointer: &str, checks: &mut $crate::Checks) {
                #[allow(unused_imports, reason = "not every shape has every kind of rule")]
                use $crate::rule::*;
                $( self.$field.obey($rule, &at(pointer, stringify!($field)), checks); )+
            }
        }
    };
}

fn phone_number(pointer: &str, value: &str, checks: &mut Checks) {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    if digits < PHONE_DIGITS || value.chars().any(|c| !c.is_ascii_digit() && !PHONE_SIGNS.contains(c)) {
        checks.refuse(
            pointer,
            "invalid_phone",
            "Số điện thoại chỉ gồm chữ số và các dấu + ( ) . , ; / - giữa các số, ví dụ 0225 3 000 000.",
            "A telephone number holds digits and the signs + ( ) . , ; / - between them, e.g. 0225 3 000 000.",
        );
    }
}

fn email_address(pointer: &str, value: &str, checks: &mut Checks) {
    let fits = value.split_once('@').is_some_and(|(local, host)| {
        let labels = || host.split('.');
        !local.is_empty()
            && labels().count() > 1
            && labels().all(|label| !label.is_empty())
            && !value.contains(' ')
            && !host.contains('@')
    });
    if !fits {
        checks.refuse(pointer, "invalid_email", "Địa chỉ thư điện tử không hợp lệ.", "Not an e-mail address.");
    }
}

fn organisation_id(pointer: &str, value: &str, checks: &mut Checks) {
    let group = |g: &str| !g.is_empty() && g.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !value.split('.').all(group) {
        checks.refuse(
            pointer,
            "invalid_egov_id",
            "Mã định danh điện tử gồm các nhóm A-Z, 0-9 nối bằng dấu chấm, ví dụ H24.17.03.",
            "An electronic organisation id consists of groups of A-Z and 0-9 joined by dots, e.g. H24.17.03.",
        );
    }
}

/// Reads `HH:MM`, spelled in this one way.
pub fn read_time(value: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(value, "%H:%M").ok().filter(|time| time.format("%H:%M").to_string() == value)
}

fn time_of_day(pointer: &str, value: &str, checks: &mut Checks) {
    if read_time(value).is_none() {
        checks.refuse(
            pointer,
            "invalid_time",
            "Giờ phải có dạng HH:MM, từ 00:00 đến 23:59.",
            "Times are written HH:MM, from 00:00 to 23:59.",
        );
    }
}

/// Older records name a site without its scheme: kept as it is, and told.
fn web_address(pointer: &str, value: &str, checks: &mut Checks) {
    let bare = !value.contains("://");
    let whole = if bare { format!("https://{value}") } else { value.to_owned() };
    let fits = url::Url::parse(&whole).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.domain().is_some_and(|host| host.trim_matches('.').contains('.'))
    });
    if !fits || value.contains(char::is_whitespace) {
        checks.refuse(
            pointer,
            "invalid_website",
            "Không phải địa chỉ web, ví dụ https://gdtx.example.vn.",
            "Not a web address such as https://gdtx.example.vn.",
        );
    } else if bare {
        checks.warn(
            pointer,
            "website_without_scheme",
            "Nên ghi đủ địa chỉ web, bắt đầu bằng https:// hoặc http://.",
            "A web address is best written whole, with https:// or http:// in front.",
        );
    }
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;
