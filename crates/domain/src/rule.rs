//! What a single field may hold, declared once: the same rule is checked on entry and written into
//! the OpenAPI schema, so that neither can say something else.

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

/// A number from `min` to `max`, in whole units.
pub const fn number(min: i64, max: i64) -> Rule {
    Rule::of(Form::Number { min, max }, usize::MAX)
}

/// What stands between the digits of telephone numbers: older records hold two in one field.
/// The hyphen comes first: elsewhere in a character class it would make a range.
const PHONE_SIGNS: &str = "- +().,;/";
/// Emergency and service numbers are the shortest.
const PHONE_DIGITS: usize = 3;
/// Length limit for digits, whose own rule reports a wrong length.
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
        checks.text(pointer, self, if rule.form == Form::Digits { UNJUDGED } else { rule.max });
        if checks.problems.len() > before {
            return;
        }
        match rule.form {
            Form::Phone => phone_number(pointer, self, checks),
            Form::Email => email_address(pointer, self, checks),
            Form::Website => web_address(pointer, self, checks),
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
mod tests {
    use super::*;

    fn codes(rule: Rule, value: &str) -> (Vec<&'static str>, Vec<&'static str>) {
        let mut checks = Checks::default();
        Some(value.to_owned()).obey(rule, "/x", &mut checks);
        (checks.problems.iter().map(|p| p.code).collect(), checks.warnings.iter().map(|p| p.code).collect())
    }

    #[test]
    fn telephone_numbers_are_digits_with_signs_between() {
        for right in ["0225 3 876 543", "+84 (0)225.3876543", "0225-3876543/0912345678", "1900", ""] {
            assert_eq!(codes(phone(40), right), (vec![], vec![]), "{right}");
        }
        for wrong in ["không có", "0225x387", "+84", "--", "０２２５ ３"] {
            assert_eq!(codes(phone(40), wrong).0, ["invalid_phone"], "{wrong}");
        }
    }

    #[test]
    fn an_email_address_has_a_host_of_several_labels() {
        for right in ["lien.he@gdtx.example.vn", "a@b.vn", ""] {
            assert_eq!(codes(email(50), right), (vec![], vec![]), "{right}");
        }
        for wrong in ["a", "a@", "@b.vn", "a@b", "a@.", "a@b.", "a@.vn", "a@b..vn", "a@b@c.vn", "a b@c.vn"] {
            assert_eq!(codes(email(50), wrong).0, ["invalid_email"], "{wrong}");
        }
    }

    #[test]
    fn web_sites_have_a_host_and_no_other_scheme() {
        for right in ["https://gdtx.example.vn", "http://gdtx.example.vn/tin-tuc?x=1", "https://trườnghọc.vn"] {
            assert_eq!(codes(website(50), right), (vec![], vec![]), "{right}");
        }
        assert_eq!(codes(website(50), "www.gdtx.example.vn"), (vec![], vec!["website_without_scheme"]));
        for wrong in ["không có", "localhost", "javascript:alert(1)", "ftp://example.vn", "https://a b.vn", "a@b.vn"]
        {
            assert_eq!(codes(website(50), wrong).0, ["invalid_website"], "{wrong}");
        }
    }

    #[test]
    fn a_required_value_is_missed_and_a_blank_one_counts_as_absent() {
        assert_eq!(codes(text(5).required(), "  ").0, ["required"]);
        assert_eq!(codes(text(5), "  ").0, Vec::<&str>::new());
        assert_eq!(codes(text(5), "abcdef").0, ["too_long"]);
    }

    #[test]
    fn numbers_keep_to_both_ends() {
        let code = |value: i64| {
            let mut checks = Checks::default();
            Decimal2(value).obey(number(0, 2), "/x", &mut checks);
            checks.is_ok()
        };
        assert_eq!([-1, 0, 200, 201].map(code), [false, true, true, false]);
    }

    #[test]
    fn patterns_are_those_of_the_check() {
        let signs = "- +().,;/";
        assert_eq!(phone(20).pattern(false), Some(format!("^( *|([{signs}]*[0-9]){{3}}[{signs}0-9]*)$")));
        assert_eq!(phone(20).pattern(true), Some(format!("^(([{signs}]*[0-9]){{3}}[{signs}0-9]*)$")));
        assert_eq!(digits(12).pattern(true).as_deref(), Some("^[0-9]{12}$"));
    }
}
