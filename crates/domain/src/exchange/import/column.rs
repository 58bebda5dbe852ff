//! The columns of a sheet: which field each holds, by whatever name the sender knows it.

use std::collections::HashMap;

use super::{job::DateFormat, words};
use crate::{Label, exchange::resource::ResourceKind, rule::Form, territory::unit::UnitLevel, text};

/// The member that holds the sender's own key.
pub const KEY: &str = "externalId";
/// The member that names the kind of record in a batch of several kinds.
pub const RESOURCE: &str = "resource";

/// What stands behind the heading of a column of labels.
pub const LABEL: &str = " (label)";

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Decimal,
    Boolean,
    Date,
    PartialDate,
    /// One of these codes of ours.
    Enum(Vec<String>),
    /// Several texts.
    Texts,
    /// An object, or several: JSON.
    Structure,
}

/// A field that a row can fill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its place in the record, `contactPhone` or `residence.code`.
    pub path: String,
    pub kind: Kind,
    /// The form of its value, where a rule names one.
    pub form: Form,
    /// The most characters of a text.
    pub max: Option<usize>,
    /// The code list that its values come from.
    pub list: Option<String>,
    /// Its official symbols (QĐ 4998).
    pub symbols: Vec<String>,
    /// Its Vietnamese name.
    pub label: String,
    /// Its documentation.
    pub about: String,
    pub required: bool,
    /// Whether it tells something of a person.
    pub personal: bool,
    /// What its codes are called, as [`text::key`] has it, with the codes.
    pub spellings: Vec<(String, String)>,
    /// The labels of its codes, where they are a closed list of ours.
    pub labels: Vec<(String, Label)>,
    /// The kind of record whose id it holds.
    pub reference: Option<ResourceKind>,
}

impl Field {
    /// The column by which a record is named with the sender's own key: `classExternalId` for `classId`.
    pub fn by_key(&self) -> Option<String> {
        self.reference?;
        self.path.strip_suffix("Id").map(|name| format!("{name}ExternalId"))
    }

    /// Whether it is the code of a place, which two columns may tell: a commune and its province.
    pub fn is_place(&self) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, member)| member == "code")
    }

    /// The object that the code of a place stands in: `residence` of `residence.code`.
    pub fn place(&self) -> Option<&str> {
        self.path.strip_suffix(".code")
    }

    /// The code that a sheet spells out; the text itself where it spells none.
    pub fn spelled(&self, text: String) -> String {
        let key = text::key(&text);
        let found = self.spellings.iter().find(|(word, _)| *word == key);
        found.map_or(text, |(_, code)| code.clone())
    }

    /// JSON Pointer of the field.
    pub fn pointer(&self) -> String {
        format!("/{}", self.path.replace('.', "/"))
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The sender's own key of the record.
    Key,
    /// The kind of record.
    Resource,
    /// A field, with the format of its dates where the heading names one.
    Field { field: usize, dates: Option<DateFormat> },
    /// The sender's own key of the record whose id the field holds.
    Reference { field: usize },
    /// The name of a unit, of which the field holds the code.
    PlaceName { field: usize, level: UnitLevel },
    /// Nothing that is read.
    Ignored,
    /// What only the service writes, as a sheet that was exported has it.
    ReadOnly,
    /// No heading: nothing stands below it.
    Blank,
}

/// The fields of a kind of record, by all their names.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    pub fields: Vec<Field>,
    names: HashMap<String, Column>,
}

impl Layout {
    /// The layout of these fields. A Vietnamese name or a symbol that several share names none.
    pub fn new(fields: Vec<Field>) -> Self {
        let mut names = HashMap::from([(KEY.to_lowercase(), Column::Key)]);
        for (field, f) in fields.iter().enumerate() {
            names.insert(f.path.to_lowercase(), Column::Field { field, dates: None });
            if let Some(name) = f.by_key() {
                names.insert(name.to_lowercase(), Column::Reference { field });
            }
        }
        let mut shared: HashMap<String, Vec<usize>> = HashMap::new();
        for (field, f) in fields.iter().enumerate() {
            let mut own: Vec<String> = f.symbols.iter().map(|symbol| symbol.to_lowercase()).collect();
            own.push(text::fold(&f.label));
            own.dedup();
            for name in own.into_iter().filter(|name| !name.is_empty()) {
                shared.entry(name).or_default().push(field);
            }
        }
        for (name, among) in shared {
            // Where somebody lives is meant before where somebody was born.
            let lives = |field: &&usize| fields[**field].path.starts_with("residence.");
            let meant = if among.len() > 1 { among.iter().find(lives) } else { among.first() };
            if let Some(field) = meant {
                names.entry(name).or_insert(Column::Field { field: *field, dates: None });
            }
        }
        Self { fields, names }
    }

    /// The same, that knows what a record shows beside: a sheet that was exported is read without it, but for the
    /// place as it was sent, which is read.
    #[must_use]
    pub fn beside(mut self, shown: &[Field]) -> Self {
        for (field, own) in self.fields.iter().enumerate() {
            if let Some(sent) = as_sent(&own.path) {
                self.names.insert(sent.to_lowercase(), Column::Field { field, dates: None });
            }
        }
        for field in shown {
            let own = self.fields.iter().position(|own| own.path == field.path);
            let column = own.map_or(Column::ReadOnly, |field| Column::Field { field, dates: None });
            for name in std::iter::once(&field.path).chain(&field.symbols) {
                if self.find(name).is_none() {
                    self.names.insert(name.to_lowercase(), column);
                }
            }
        }
        self
    }

    /// The column with this heading: the field's name or official symbol in any case, or its
    /// Vietnamese name; a format of dates may follow in brackets, `NGAY_SINH (dd/mm/yyyy)`.
    pub fn find(&self, heading: &str) -> Option<Column> {
        let (name, dates) = formatted(heading);
        // The label beside a code says nothing more.
        if let Some(column) = heading.trim().strip_suffix(LABEL) {
            return self.find(column).map(|_| Column::ReadOnly);
        }
        let known = self.names.get(&name.to_lowercase()).or_else(|| self.names.get(&text::fold(name))).copied();
        let column = known.or_else(|| self.place_name(name))?;
        Some(match column {
            Column::Field { field, .. } => Column::Field { field, dates },
            other => other,
        })
    }

    /// The column of names of units: `communeName`, `Phường/Xã`, or `birthPlace.communeName` where the
    /// record has several places.
    fn place_name(&self, heading: &str) -> Option<Column> {
        let (place, name) = heading.rsplit_once('.').map_or((None, heading), |(place, name)| (Some(place), name));
        let level = words::level(name)?;
        let mut places = self.fields.iter().enumerate().filter_map(|(at, field)| field.place().map(|name| (at, name)));
        let (field, _) = match place {
            Some(place) => places.find(|(_, name)| name.eq_ignore_ascii_case(place))?,
            // Where somebody lives is meant before where somebody was born.
            None => places.clone().find(|(_, name)| *name == "residence").or_else(|| places.next())?,
        };
        Some(Column::PlaceName { field, level })
    }

    /// Whether a member is an object that fields stand in, such as a place.
    pub fn holds(&self, member: &str) -> bool {
        self.fields.iter().any(|f| f.path.strip_prefix(member).is_some_and(|rest| rest.starts_with('.')))
    }

    /// Every name that a heading may have.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().flat_map(|f| std::iter::once(f.path.as_str()).chain(f.symbols.iter().map(String::as_str)))
    }
}

/// Where a record shows what was sent as this member of a place: `residence.sent.code` of `residence.code`.
pub fn as_sent(path: &str) -> Option<String> {
    path.split_once('.').map(|(place, member)| format!("{place}.sent.{member}"))
}

/// A heading without the format of dates behind it.
fn formatted(heading: &str) -> (&str, Option<DateFormat>) {
    let heading = heading.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let Some((name, format)) = heading.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) else {
        return (heading, None);
    };
    match format.trim().to_lowercase().as_str() {
        "dd/mm/yyyy" | "d/m/yyyy" | "ngày/tháng/năm" => (name.trim_end(), Some(DateFormat::Dmy)),
        "yyyy-mm-dd" => (name.trim_end(), Some(DateFormat::Iso)),
        _ => (heading, None),
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Field, Kind, Layout, formatted};
    use crate::{
        exchange::{import::job::DateFormat, resource::ResourceKind},
        rule::Form,
        territory::unit::UnitLevel,
    };

    fn field(path: &str, symbols: &[&str], label: &str) -> Field {
        Field {
            path: path.to_owned(),
            kind: Kind::Text,
            form: Form::Any,
            max: None,
            list: None,
            symbols: symbols.iter().map(|s| (*s).to_owned()).collect(),
            label: label.to_owned(),
            about: String::new(),
            required: false,
            personal: false,
            spellings: Vec::new(),
            labels: Vec::new(),
            reference: (path == "classId").then_some(ResourceKind::Classes),
        }
    }

    #[test]
    fn a_column_goes_by_every_name_of_its_field() {
        let layout = Layout::new(vec![
            field("fullName", &["HO_TEN"], "Họ tên"),
            field("dateOfBirth", &["NGAY_SINH"], "Ngày sinh"),
            field("classId", &[], "Lớp"),
            field("residence.code", &["XA_PHUONG_ID"], "Mã xã"),
            field("birthPlace.code", &["XA_PHUONG_ID"], "Mã xã"),
        ]);
        let at = |field| Some(Column::Field { field, dates: None });
        for name in ["fullName", "FULLNAME", "HO_TEN", "ho_ten", "Họ tên", "\u{FEFF}Họ  tên ", "Ho\u{323} te\u{302}n"]
        {
            assert_eq!(layout.find(name), at(0), "{name}");
        }
        assert_eq!(layout.find("externalId"), Some(Column::Key));
        assert_eq!(layout.find("classExternalId"), Some(Column::Reference { field: 2 }));
        let dmy = Some(Column::Field { field: 1, dates: Some(DateFormat::Dmy) });
        assert_eq!(layout.find("Ngày sinh (dd/mm/yyyy)"), dmy);
        assert_eq!(layout.find("residence.code"), at(3));
        assert_eq!(layout.find("XA_PHUONG_ID"), at(3), "where somebody lives");
        for unclear in ["HoTen", "fullNam", ""] {
            assert_eq!(layout.find(unclear), None, "{unclear}");
        }
    }

    #[test]
    fn names_of_units_have_columns_of_their_own() {
        let places = ["birthPlace.code", "residence.code", "place.code"];
        let layout = Layout::new(places.map(|path| field(path, &[], "")).to_vec());
        let named = |field, level| Some(Column::PlaceName { field, level });
        assert_eq!(layout.find("communeName"), named(1, UnitLevel::Commune), "where somebody lives");
        assert_eq!(layout.find("Quận / Huyện"), named(1, UnitLevel::District));
        assert_eq!(layout.find("birthPlace.provinceName"), named(0, UnitLevel::Province));
        assert_eq!(layout.find("place.Tỉnh/TP"), named(2, UnitLevel::Province));
        assert_eq!(layout.find("land.communeName"), None);
        assert_eq!(Layout::new(vec![field("name", &[], "")]).find("Tỉnh"), None, "of a record without a place");
    }

    #[test]
    fn only_a_format_of_dates_is_cut_off() {
        assert_eq!(formatted(" NGAY_CAP (DD/MM/YYYY) "), ("NGAY_CAP", Some(DateFormat::Dmy)));
        assert_eq!(formatted("Diện tích (m2)"), ("Diện tích (m2)", None));
    }
}
