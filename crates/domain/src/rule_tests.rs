//! Values that keep and break the rules of single fields.

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
    for wrong in ["không có", "localhost", "javascript:alert(1)", "ftp://example.vn", "https://a b.vn", "a@b.vn"] {
        assert_eq!(codes(website(50), wrong).0, ["invalid_website"], "{wrong}");
    }
}

#[test]
fn organisation_ids_are_groups_joined_by_dots() {
    for right in ["G03", "H24.17.03", &"A".repeat(35), ""] {
        assert_eq!(codes(egov_id(), right), (vec![], vec![]), "{right}");
    }
    for wrong in ["g03", "H24..03", "H24.", "H24-03", "Đ24"] {
        assert_eq!(codes(egov_id(), wrong).0, ["invalid_egov_id"], "{wrong}");
    }
    assert_eq!(codes(egov_id(), &"A".repeat(36)).0, ["too_long"]);
}

#[test]
fn a_day_has_times_from_00_00_to_23_59() {
    for right in ["00:00", "07:30", "23:59"] {
        assert_eq!(codes(time(), right), (vec![], vec![]), "{right}");
    }
    for wrong in ["24:00", "7:30", "07:60", "07.30", "07:30:00", "+7:30", "0７:30"] {
        assert_eq!(codes(time(), wrong).0, ["invalid_time"], "{wrong}");
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
