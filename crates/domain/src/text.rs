//! Vietnamese text as the service keeps it: NFC, trimmed, single blanks; and folded for search.
//!
//! Both databases compare text in their own way, so folding is done here once and stored.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Normalises a text on entry: NFC, outer blanks cut, inner runs of white space to one blank.
///
/// # Errors
/// The first control character or hidden character, which no official field may hold.
pub fn clean(raw: &str) -> Result<String, char> {
    if let Some(c) = raw.chars().find(|c| is_hidden(*c) || c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        return Err(c);
    }
    let mut out = String::with_capacity(raw.len());
    for word in raw.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.nfc());
    }
    Ok(out)
}

/// What [`clean`] refuses, as the inside of a character class. Regular expressions of all kinds read
/// it, and so it leaves out the tags, which lie beyond U+FFFF.
pub const HIDDEN: &str = concat!(
    r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f",
    r"\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164",
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb",
);

/// Whether a character shows nothing or turns the direction of writing around it. Vietnamese needs
/// none of them; two names that look alike would differ, or a name would read backwards.
pub fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{FEFF}'
            | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' // Hangul fillers
            | '\u{2800}' // the empty Braille pattern
            | '\u{FE00}'..='\u{FE0F}' // variation selectors
            | '\u{200B}'..='\u{200F}' // zero width, left-to-right and right-to-left marks
            | '\u{202A}'..='\u{202E}' // embeddings and overrides
            | '\u{2060}'..='\u{206F}' // joiners, isolates and the deprecated ones
            | '\u{FFF9}'..='\u{FFFB}' // annotations
            | '\u{E0000}'..='\u{E007F}' // tags
    )
}

/// Folds a text for search: lower case, no tone or vowel marks, `đ` as `d`, `’` as `'`.
///
/// `Hoà` and `Hòa` fold to the same text, as do NFC and NFD spellings.
pub fn fold(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    // Lower case comes first: that of some letters has a mark of its own.
    for c in raw.chars().flat_map(char::to_lowercase).nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'đ' => out.push('d'),
            '’' | '‘' | 'ʼ' => out.push('\''),
            c if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    while out.ends_with(' ') {
        out.pop();
    }
    out
}

/// A text by its letters and digits alone, folded, with one blank for all between: `TT. GDTX` and
/// `tt gdtx` are one.
pub fn key(raw: &str) -> String {
    let folded = fold(raw);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a text is the name of a field on the wire, or of a part of one: `commune.name`.
pub fn is_path(name: &str) -> bool {
    name.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Turns a Rust field name into its name on the wire: `commune_code` becomes `communeCode`.
pub fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (at, part) in name.split('_').enumerate() {
        let mut rest = part.chars();
        match rest.next() {
            Some(first) if at > 0 => out.extend(first.to_uppercase()),
            Some(first) => out.push(first),
            None => {}
        }
        out.push_str(rest.as_str());
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::{UnicodeNormalization, is_nfc};

    use super::{HIDDEN, camel, clean, fold};

    /// The ranges of a character class whose members are all written by number.
    fn ranges(class: &str) -> Vec<(u32, u32)> {
        let number = |text: &str| u32::from_str_radix(text, 16).unwrap();
        let mut found: Vec<(u32, u32)> = Vec::new();
        let mut open = false;
        for part in class.split(r"\u").skip(1) {
            let code = number(part.trim_end_matches('-'));
            match found.last_mut().filter(|_| open) {
                Some(last) => last.1 = code,
                None => found.push((code, code)),
            }
            open = part.ends_with('-');
        }
        found
    }

    #[test]
    fn the_class_of_hidden_characters_is_what_entry_refuses() {
        let hidden = ranges(HIDDEN);
        for c in (0..=0xFFFF).filter_map(char::from_u32) {
            let listed = hidden.iter().any(|(from, to)| (*from..=*to).contains(&u32::from(c)));
            assert_eq!(clean(&format!("a{c}b")).is_err(), listed, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn spellings_of_one_name_fold_together() {
        assert_eq!(fold("Hoà  Bình"), "hoa binh");
        assert_eq!(fold("Ho\u{0300}a Bi\u{0300}nh"), fold("Hòa Bình"));
        assert_eq!(fold("Đắk Lắk"), "dak lak");
        assert_eq!(fold("Ea H’Leo"), "ea h'leo");
    }

    #[test]
    fn entry_is_normalised_and_control_characters_are_refused() {
        assert_eq!(clean("  TT. GDTX \t Hội An ").as_deref(), Ok("TT. GDTX Hội An"));
        assert_eq!(clean("Ho\u{0300}a").as_deref(), Ok("Hòa"));
        assert_eq!(clean("a\u{0}b"), Err('\u{0}'));
        assert_eq!(clean("a\u{7}"), Err('\u{7}'));
    }

    #[test]
    fn what_hides_or_turns_a_text_is_refused() {
        for c in ['\u{200B}', '\u{200F}', '\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}', '\u{FEFF}', '\u{AD}']
            .into_iter()
            .chain(['\u{115F}', '\u{1160}', '\u{3164}', '\u{FFA0}', '\u{2800}', '\u{FE00}', '\u{FE0F}'])
        {
            assert_eq!(clean(&format!("Nguyễn{c} Thử")), Err(c));
        }
        assert_eq!(clean("Ea H’Leo – “Thử”…").as_deref(), Ok("Ea H’Leo – “Thử”…"));
    }

    #[test]
    fn field_names_become_camel_case() {
        assert_eq!(camel("area_m2"), "areaM2");
        assert_eq!(camel("name"), "name");
    }
    proptest! {
        #[test]
        fn a_clean_text_is_composed_without_outer_blanks_and_stays_as_it_is(raw in r"(?s).{0,40}|[ \ta-zA-ZĂƠưđĐỆ̣́]{0,40}") {
            if let Ok(once) = clean(&raw) {
                prop_assert!(is_nfc(&once) && once.trim() == once && !once.contains("  "));
                prop_assert_eq!(clean(&once), Ok(once.clone()));
                prop_assert_eq!(clean(&raw.nfd().collect::<String>()), Ok(once));
            }
        }

        #[test]
        fn spellings_fold_together_and_folding_twice_is_folding_once(raw in r"(?s).{0,40}|[ a-zA-ZĂƠưđĐỆİΣ̣́]{0,40}") {
            let once = fold(&raw);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert_eq!(fold(&raw.nfd().collect::<String>()), once.clone());
            prop_assert_eq!(fold(&raw.nfc().collect::<String>()), once);
        }
    }
}
