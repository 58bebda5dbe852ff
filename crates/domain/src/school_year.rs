//! School years: `2026` and `2026-2027` are the same year, shown in the long form.

use std::str::FromStr;

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A school year, stored as its first calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct SchoolYear(pub i32);

impl SchoolYear {
    /// The first year that is taken.
    pub const FIRST: Self = Self(1945);
    /// The last one.
    pub const LAST: Self = Self(2200);

    /// Whether records of it are taken.
    pub fn is_taken(self) -> bool {
        (Self::FIRST..=Self::LAST).contains(&self)
    }

    /// The school year that a day of class belongs to: years turn over on 1 July.
    pub fn of(day: chrono::NaiveDate) -> Self {
        use chrono::Datelike;
        Self(if day.month() >= 7 { day.year() } else { day.year() - 1 })
    }
}

impl std::fmt::Display for SchoolYear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.0, self.0 + 1)
    }
}

impl FromStr for SchoolYear {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a school year such as 2026 or 2026-2027";
        let digits = text.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit())).ok_or(WRONG)?;
        let year = Self(digits.parse().map_err(|_| WRONG)?);
        let fits = text == digits || text == year.to_string();
        if fits && year.is_taken() { Ok(year) } else { Err(WRONG) }
    }
}

impl Serialize for SchoolYear {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SchoolYear {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Wire {
            Number(i32),
            Text(String),
        }
        match Wire::deserialize(deserializer)? {
            Wire::Number(n) => n.to_string().parse(),
            Wire::Text(t) => t.parse(),
        }
        .map_err(D::Error::custom)
    }
}

/// A school year: `2026` and `2026-2027` are accepted, `2026-2027` is shown.
#[Scalar(name = "SchoolYear")]
impl ScalarType for SchoolYear {
    fn parse(value: async_graphql::Value) -> InputValueResult<Self> {
        match &value {
            async_graphql::Value::Number(n) => n.to_string().parse().map_err(InputValueError::custom),
            async_graphql::Value::String(s) => s.parse().map_err(InputValueError::custom),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> async_graphql::Value {
        async_graphql::Value::String(self.to_string())
    }
}

impl utoipa::PartialSchema for SchoolYear {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::SchemaType::from_iter([
                utoipa::openapi::schema::Type::String,
                utoipa::openapi::schema::Type::Integer,
            ]))
            .pattern(Some("^[0-9]{4}(-[0-9]{4})?$"))
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Int32)))
            .minimum(Some(Self::FIRST.0))
            .maximum(Some(Self::LAST.0))
            .description(Some("A school year: `2026` and `2026-2027` are accepted, `2026-2027` is shown."))
            .examples([serde_json::json!("2026-2027")])
            .into()
    }
}

impl utoipa::ToSchema for SchoolYear {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::SchoolYear;

    #[test]
    fn both_spellings_are_one_year() {
        assert_eq!("2026".parse(), Ok(SchoolYear(2026)));
        assert_eq!("2026-2027".parse(), Ok(SchoolYear(2026)));
        assert_eq!(SchoolYear(2026).to_string(), "2026-2027");
        assert!("2026-2028".parse::<SchoolYear>().is_err());
        assert!("26".parse::<SchoolYear>().is_err());
    }
    #[test]
    fn signs_and_zeros_make_no_school_year() {
        for wrong in ["2026-+2027", "2026-02027", "+202", "2026-", "2026-2027 ", "２０２６", "1944", "2201"] {
            assert!(wrong.parse::<SchoolYear>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(year in SchoolYear::FIRST.0..=SchoolYear::LAST.0) {
            let year = SchoolYear(year);
            prop_assert_eq!(year.to_string().parse(), Ok(year));
            prop_assert_eq!(serde_json::from_str::<SchoolYear>(&serde_json::to_string(&year).unwrap()).unwrap(), year);
            prop_assert_eq!(serde_json::from_str::<SchoolYear>(&year.0.to_string()).unwrap(), year);
        }

        #[test]
        fn any_other_text_is_refused(text in r"(?s).{0,10}|[-+ ]?[0-9]{3,5}(-[-+ 0]?[0-9]{3,5})?") {
            if let Ok(year) = text.parse::<SchoolYear>() {
                prop_assert!(text == year.to_string() || text == year.0.to_string(), "{} was taken", text);
            }
        }
    }
}
