//! What must hold of a client before it is registered: its role fits its reach, its system is a
//! plain word, and its outside identity is whole.

use super::{reach::Reach, role::Role};
use crate::{Checks, text};

/// The longest name of a system.
const SYSTEM_MAX: usize = 60;

/// The name of a client's system, made of its own name: lower-case letters, digits, underscores.
pub fn system_from(name: &str) -> String {
    let mut system = String::new();
    for c in text::fold(name).chars() {
        if c.is_ascii_alphanumeric() {
            system.push(c);
        } else if !system.is_empty() && !system.ends_with('_') {
            system.push('_');
        }
    }
    system.truncate(SYSTEM_MAX);
    let system = system.trim_end_matches('_');
    match system.chars().next() {
        Some(first) if first.is_ascii_lowercase() => system.to_owned(),
        _ => format!("client_{system}").trim_end_matches('_').to_owned(),
    }
}

/// Refuses a system that is not lower snake case, and the names that the service keeps for itself.
pub fn check_system(pointer: &str, system: &str, checks: &mut Checks) {
    let fits = system.starts_with(|c: char| c.is_ascii_lowercase())
        && system.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !fits || system.len() > SYSTEM_MAX {
        checks.refuse(
            pointer,
            "invalid_system",
            "Mã hệ thống bắt đầu bằng chữ thường, gồm chữ thường, số và gạch dưới, tối đa 60 ký tự.",
            "A system begins with a lower-case letter and holds lower-case letters, digits and underscores, at most 60.",
        );
    } else if system == "system" {
        checks.refuse(
            pointer,
            "reserved_system",
            "Mã này dành cho dịch vụ.",
            "The service keeps this name for itself.",
        );
    }
}

/// Refuses a reach that does not fit the role: the ministry reaches the country, the others reach
/// what they answer for. A vendor may start with nothing, since centres assign it.
pub fn check_role_reach(pointer: &str, role: Role, reach: &Reach, checks: &mut Checks) {
    let fits = match role {
        Role::Ministry => reach.country,
        Role::ProvinceDepartment => !reach.country && !reach.provinces.is_empty(),
        Role::CommuneOffice => !reach.country && reach.provinces.is_empty() && !reach.communes.is_empty(),
        Role::Centre => {
            !reach.country && reach.provinces.is_empty() && reach.communes.is_empty() && !reach.centres.is_empty()
        }
        Role::Vendor => !reach.country,
        Role::Portal | Role::Auditor | Role::Administrator => true,
    };
    if !fits {
        let role = role.label();
        checks.refuse(
            pointer,
            "reach_does_not_fit_role",
            format!(
                "Phạm vi không hợp với vai trò “{}”: Bộ — cả nước; Sở — ít nhất một tỉnh; xã — chỉ xã; cơ sở — chỉ cơ sở; nhà cung cấp — không phải cả nước.",
                role.vi
            ),
            format!(
                "The reach does not fit the role “{}”: ministry – the country; department – at least one province; commune office – communes; centre – centres; vendor – anything but the country.",
                role.en
            ),
        );
    }
}

/// Refuses half an outside identity, and an issuer that is not a web address.
pub fn check_outside_identity(issuer: &mut Option<String>, subject: &mut Option<String>, checks: &mut Checks) {
    checks.opt_text("/externalIssuer", issuer, 255);
    checks.opt_text("/externalSubject", subject, 255);
    if issuer.is_some() != subject.is_some() {
        let pointer = if issuer.is_some() { "/externalSubject" } else { "/externalIssuer" };
        checks.refuse(
            pointer,
            "issuer_and_subject_together",
            "externalIssuer và externalSubject phải có cùng nhau.",
            "externalIssuer and externalSubject are given together.",
        );
    }
    if issuer.as_deref().is_some_and(|i| !i.starts_with("https://") && !i.starts_with("http://")) {
        checks.refuse("/externalIssuer", "invalid_url", "Phải là địa chỉ http(s).", "Must be an http(s) address.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_made_of_the_name() {
        assert_eq!(system_from("Sở GDĐT Hải Phòng"), "so_gddt_hai_phong");
        assert_eq!(system_from("  SMAS – Viettel (v2) "), "smas_viettel_v2");
        assert_eq!(system_from("3S"), "client_3s");
        assert_eq!(system_from("—"), "client");
        assert_eq!(system_from(&"a".repeat(80)).len(), 60);
    }

    #[test]
    fn a_system_is_lower_snake_case() {
        let code = |system: &str| {
            let mut checks = Checks::default();
            check_system("/system", system, &mut checks);
            checks.problems.first().map(|p| p.code)
        };
        assert_eq!(code("so_gddt_31"), None);
        for wrong in ["", "3s", "SoGDDT", "so gddt", "sở", "_so"] {
            assert_eq!(code(wrong), Some("invalid_system"), "{wrong}");
        }
        assert_eq!(code("system"), Some("reserved_system"));
    }

    #[test]
    fn a_role_reaches_what_it_answers_for() {
        let provinces = Reach { provinces: vec!["31".into()], ..Reach::default() };
        let communes = Reach { communes: vec!["11410".into()], ..Reach::default() };
        let centres = Reach { centres: vec![uuid::Uuid::nil()], ..Reach::default() };
        let fits = |role, reach: &Reach| {
            let mut checks = Checks::default();
            check_role_reach("/reach", role, reach, &mut checks);
            checks.is_ok()
        };
        assert!(fits(Role::Ministry, &Reach::whole_country()) && !fits(Role::Ministry, &provinces));
        assert!(fits(Role::ProvinceDepartment, &provinces) && !fits(Role::ProvinceDepartment, &communes));
        assert!(fits(Role::CommuneOffice, &communes) && !fits(Role::CommuneOffice, &provinces));
        assert!(
            fits(Role::Centre, &centres) && !fits(Role::Centre, &communes) && !fits(Role::Centre, &Reach::default())
        );
        assert!(fits(Role::Vendor, &Reach::default()) && !fits(Role::Vendor, &Reach::whole_country()));
        assert!(fits(Role::Portal, &Reach::default()) && fits(Role::Portal, &Reach::whole_country()));
    }

    #[test]
    fn an_outside_identity_is_whole() {
        let code = |issuer: Option<&str>, subject: Option<&str>| {
            let mut checks = Checks::default();
            check_outside_identity(&mut issuer.map(str::to_owned), &mut subject.map(str::to_owned), &mut checks);
            checks.problems.first().map(|p| (p.pointer.clone(), p.code))
        };
        assert_eq!(code(None, None), None);
        assert_eq!(code(Some("https://id.example.vn/realms/a"), Some("x")), None);
        assert_eq!(
            code(Some("https://id.example.vn"), None),
            Some(("/externalSubject".into(), "issuer_and_subject_together"))
        );
        assert_eq!(code(Some("vneid"), Some("x")), Some(("/externalIssuer".into(), "invalid_url")));
    }
}
