//! Decimals with at most two digits, kept as integers: SQLite would turn a decimal into a float.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A number with at most two decimal digits (areas in m², heights in cm, weights in kg),
/// stored as hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Decimal2(pub i64);

/// Beyond this a double no longer holds two exact decimal digits.
const LIMIT: f64 = 1e13;

impl Decimal2 {
    /// Reads a number, refusing more than two decimal digits and absurd sizes.
    #[allow(clippy::cast_possible_truncation, reason = "the bound keeps the value far inside i64")]
    #[allow(clippy::float_cmp, reason = "two digits that are printed and read again give the very same double")]
    pub fn from_f64(number: f64) -> Option<Self> {
        let nearest = Self((number * 100.0).round() as i64);
        (number.abs() < LIMIT && nearest.to_f64() == number).then_some(nearest)
    }

    #[allow(clippy::cast_precision_loss, reason = "values are bounded by LIMIT")]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

impl std::fmt::Display for Decimal2 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.to_f64())
    }
}

impl Serialize for Decimal2 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 { serializer.serialize_i64(self.0 / 100) } else { serializer.serialize_f64(self.to_f64()) }
    }
}

impl<'de> Deserialize<'de> for Decimal2 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        Self::from_f64(number).ok_or_else(|| D::Error::custom("a number with at most two decimal digits"))
    }
}

/// A number with at most two decimal digits.
#[Scalar(name = "Decimal2")]
impl ScalarType for Decimal2 {
    fn parse(value: async_graphql::Value) -> InputValueResult<Self> {
        match &value {
            async_graphql::Value::Number(n) => n
                .as_f64()
                .and_then(Self::from_f64)
                .ok_or_else(|| InputValueError::custom("a number with at most two decimal digits")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> async_graphql::Value {
        serde_json::to_value(self).map_or(async_graphql::Value::Null, |v| {
            async_graphql::Value::from_json(v).unwrap_or(async_graphql::Value::Null)
        })
    }
}

impl utoipa::PartialSchema for Decimal2 {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::Number)
            .description(Some("A number with at most two decimal digits."))
            .into()
    }
}

impl utoipa::ToSchema for Decimal2 {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Decimal2;

    #[test]
    fn two_digits_pass_and_three_are_refused() {
        assert_eq!(Decimal2::from_f64(120.5), Some(Decimal2(12_050)));
        assert_eq!(Decimal2::from_f64(0.1), Some(Decimal2(10)));
        assert_eq!(Decimal2::from_f64(1.005), None);
        assert_eq!(Decimal2::from_f64(1e300), None);
        assert_eq!(Decimal2::from_f64(f64::NAN), None);
    }

    #[test]
    fn the_wire_shows_a_plain_number() {
        assert_eq!(serde_json::to_string(&Decimal2(760)).unwrap_or_default(), "7.6");
        assert_eq!(serde_json::to_string(&Decimal2(1200)).unwrap_or_default(), "12");
    }
    #[test]
    fn a_third_digit_is_refused_however_small() {
        for number in [1.000_000_1, 0.000_001, 1e-300, 12.340_000_1, 9_999_999.990_01] {
            assert_eq!(Decimal2::from_f64(number), None, "{number}");
        }
        assert_eq!(Decimal2::from_f64(-0.0), Some(Decimal2(0)));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(hundredths in -999_999_999_999_999..=999_999_999_999_999_i64) {
            let decimal = Decimal2(hundredths);
            prop_assert_eq!(serde_json::from_str::<Decimal2>(&serde_json::to_string(&decimal).unwrap()).unwrap(), decimal);
            prop_assert_eq!(decimal.to_string().parse::<f64>().ok().and_then(Decimal2::from_f64), Some(decimal));
        }

        #[test]
        fn any_number_is_kept_as_it_is_or_refused(number in any::<f64>()) {
            if let Some(decimal) = Decimal2::from_f64(number) {
                prop_assert!((decimal.to_f64() - number).abs() < f64::EPSILON, "{} became {}", number, decimal);
            }
        }

        #[test]
        fn digits_tell_whether_a_number_is_taken(whole in 0..1_000_000_u32, digits in "[0-9]{1,9}") {
            let text = format!("{whole}.{digits}");
            let taken = serde_json::from_str::<Decimal2>(&text).is_ok();
            prop_assert_eq!(taken, digits.trim_end_matches('0').len() <= 2, "{}", text);
        }
    }
}
