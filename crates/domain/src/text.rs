//! Vietnamese text as the service keeps it: NFC, trimmed, single blanks; and folded for search.
//!
//! Both databases compare text in their own way, so folding is done here once and stored.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Normalises a text on entry: NFC, outer blanks cut, inner runs of white space to one blank.
///
/// Returns `None` when the text holds a control character, which no official field may.
pub fn clean(raw: &str) -> Option<String> {
    let mut out = String::with_capacity(raw.len());
    for word in raw.split_whitespace() {
        if word.chars().any(char::is_control) {
            return None;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.nfc());
    }
    if raw.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) { None } else { Some(out) }
}

/// Folds a text for search: lower case, no tone or vowel marks, `đ` as `d`, `’` as `'`.
///
/// `Hoà` and `Hòa` fold to the same text, as do NFC and NFD spellings.
pub fn fold(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'đ' | 'Đ' => out.push('d'),
            '’' | '‘' | 'ʼ' => out.push('\''),
            c if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.extend(c.to_lowercase()),
        }
    }
    while out.ends_with(' ') {
        out.pop();
    }
    out
}

/// Turns a Rust field name into its name on the wire: `commune_code` becomes `communeCode`.
pub fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        if c == '_' {
            upper = true;
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{camel, clean, fold};

    #[test]
    fn spellings_of_one_name_fold_together() {
        assert_eq!(fold("Hoà  Bình"), "hoa binh");
        assert_eq!(fold("Ho\u{0300}a Bi\u{0300}nh"), fold("Hòa Bình"));
        assert_eq!(fold("Đắk Lắk"), "dak lak");
        assert_eq!(fold("Ea H’Leo"), "ea h'leo");
    }

    #[test]
    fn entry_is_normalised_and_control_characters_are_refused() {
        assert_eq!(clean("  TT. GDTX \t Hội An ").as_deref(), Some("TT. GDTX Hội An"));
        assert_eq!(clean("Ho\u{0300}a").as_deref(), Some("Hòa"));
        assert_eq!(clean("a\u{0}b"), None);
        assert_eq!(clean("a\u{7}"), None);
    }

    #[test]
    fn field_names_become_camel_case() {
        assert_eq!(camel("area_m2"), "areaM2");
        assert_eq!(camel("name"), "name");
    }
}
