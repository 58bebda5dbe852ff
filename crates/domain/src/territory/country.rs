//! Country codes by ISO 3166-1 alpha-2, as QCVN 109:2017 annex H has them.
//!
//! The Ministry's own list, `DM_NUOC`, is not published; senders who know another coding of the
//! same standard are told the code that stands here.

use crate::Checks;

/// Refuses what is not a country code in force; absent values pass.
pub fn check(pointer: &str, value: Option<&str>, checks: &mut Checks) {
    let Some(value) = value else { return };
    let country = rust_iso3166::from_alpha2(value).filter(|country| country.alpha2 == value);
    if country.is_some() {
        return;
    }
    let upper = value.trim().to_uppercase();
    let meant = rust_iso3166::from_alpha2(&upper)
        .or_else(|| rust_iso3166::from_alpha3(&upper))
        .or_else(|| rust_iso3166::from_numeric_str(&upper));
    let (vi, en) = meant.map_or_else(Default::default, |country| {
        (format!(" Có phải ý bạn là “{}”?", country.alpha2), format!(" Did you mean “{}”?", country.alpha2))
    });
    checks.refuse(
        pointer,
        "invalid_country",
        format!("Mã nước là mã ISO 3166-1 gồm hai chữ in hoa đang có hiệu lực, ví dụ VN.{vi}"),
        format!("A country is an ISO 3166-1 code in force, of two capital letters, e.g. VN.{en}"),
    );
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::Checks;

    #[test]
    fn codes_in_force_pass_and_others_are_told_their_own() {
        let said = |value: &str| {
            let mut checks = Checks::default();
            check("/nationality", Some(value), &mut checks);
            checks.problems.first().map(|p| p.detail.en.clone())
        };
        for known in ["VN", "LA", "KH", "US"] {
            assert_eq!(said(known), None, "{known}");
        }
        for (other, meant) in [("VNM", "“VN”"), ("704", "“VN”"), ("vn", "“VN”"), ("LAO", "“LA”")] {
            assert!(said(other).is_some_and(|text| text.contains(meant)), "{other}");
        }
        for unknown in ["XX", "ZZ", "Việt Nam", ""] {
            assert!(said(unknown).is_some_and(|text| !text.contains("mean")), "{unknown}");
        }
    }
}
