//! Windows by hand: instants at their edges, units inside each other, and who outranks whom.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Model, Stand, SyncKind, Verdict, WindowLevel, judge, refusal};
use crate::{SchoolYear, access::reach::Keys, territory::code_list};

const YEAR: SchoolYear = SchoolYear(2026);
const KIND: Option<SyncKind> = Some(SyncKind::YearStart);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn window(id: u128, unit: WindowLevel, set_by: WindowLevel, times: (Option<&str>, Option<&str>)) -> Model {
    Model {
        id: Uuid::from_u128(id),
        version: 1,
        created_at: at("2026-08-01T00:00:00Z"),
        updated_at: at("2026-08-01T00:00:00Z"),
        deleted_at: None,
        province_code: (unit > WindowLevel::Country).then(|| "31".to_owned()),
        commune_code: (unit > WindowLevel::Province).then(|| "11407".to_owned()),
        centre_id: (unit > WindowLevel::Commune).then(|| Uuid::from_u128(7)),
        search_text: String::new(),
        external_ids: Vec::new().into(),
        unit,
        place: None,
        school_year: YEAR,
        sync_kind: KIND,
        opens_at: times.0.map(at),
        closes_at: times.1.map(at),
        note: None,
        set_by,
        locked_at: None,
        locked_by: None,
        lock_reason: None,
        unlocked_at: None,
        unlock_reason: None,
    }
}

fn locked(mut window: Model, by: WindowLevel) -> Model {
    window.locked_at = Some(at("2026-10-01T10:00:00Z"));
    window.locked_by = Some(by);
    window.lock_reason = Some("Đã chốt số liệu".to_owned());
    window
}

/// Open from 1 September, 7 a.m. in Viet Nam, to 1 October.
const SEPTEMBER: (Option<&str>, Option<&str>) = (Some("2026-09-01T00:00:00Z"), Some("2026-10-01T00:00:00Z"));
const ALWAYS: (Option<&str>, Option<&str>) = (None, None);
const NOW: &str = "2026-10-02T00:00:00Z";

fn stand(windows: &[Model], now: &str) -> Option<Stand> {
    match judge(windows, YEAR, KIND, at(now)) {
        Verdict::Undeclared => None,
        Verdict::Open(_) => Some(Stand::Open),
        Verdict::Closed(_, stand) => Some(stand),
    }
}

#[test]
fn kinds_are_those_of_the_list() {
    let listed = |kind: &SyncKind| code_list::item("sync_kind", kind.code()).map(|item| item.label_vi.clone());
    for kind in SyncKind::ALL {
        assert_eq!(listed(kind), Some(kind.label().vi), "{kind}");
    }
    assert_eq!(code_list::items("sync_kind").len(), SyncKind::ALL.len());
}

#[test]
fn a_window_is_open_from_its_first_instant_and_not_at_its_last() {
    let september = [window(1, WindowLevel::Province, WindowLevel::Province, SEPTEMBER)];
    assert_eq!(stand(&september, "2026-08-31T23:59:59.999999Z"), Some(Stand::NotYet));
    assert_eq!(stand(&september, "2026-09-01T00:00:00Z"), Some(Stand::Open));
    assert_eq!(stand(&september, "2026-09-30T23:59:59.999999Z"), Some(Stand::Open));
    assert_eq!(stand(&september, "2026-10-01T00:00:00Z"), Some(Stand::Over));
    assert_eq!(stand(&[], "2026-10-01T00:00:00Z"), None);
}

#[test]
fn another_year_or_kind_is_another_period() {
    let september = [window(1, WindowLevel::Province, WindowLevel::Province, SEPTEMBER)];
    assert_eq!(judge(&september, SchoolYear(2025), KIND, at(NOW)), Verdict::Undeclared);
    assert_eq!(judge(&september, YEAR, Some(SyncKind::Change), at(NOW)), Verdict::Undeclared);
    assert_eq!(judge(&september, YEAR, None, at(NOW)), Verdict::Undeclared);
}

#[test]
fn the_closest_window_of_a_department_decides() {
    use WindowLevel::{Centre, Province};
    let over = window(1, Province, Province, SEPTEMBER);
    let exception = window(2, Centre, Province, ALWAYS);
    assert_eq!(stand(&[over.clone(), exception.clone()], NOW), Some(Stand::Open));
    // And the other way round: one centre is closed while its province is open.
    let open = window(3, Province, Province, ALWAYS);
    assert_eq!(stand(&[open, locked(exception, Province)], NOW), Some(Stand::Locked));
}

#[test]
fn a_lower_department_does_not_open_what_a_higher_one_closed() {
    use WindowLevel::{Centre, Commune, Country, Province};
    let over = window(1, Province, Province, SEPTEMBER);
    let by_commune = window(2, Centre, Commune, ALWAYS);
    assert_eq!(stand(&[over.clone(), by_commune.clone()], NOW), Some(Stand::Over));
    let by_ministry = window(3, Centre, Country, ALWAYS);
    assert_eq!(stand(&[over, by_commune.clone(), by_ministry], NOW), Some(Stand::Open));
    // It may close more than the higher one did.
    let open = window(4, Province, Province, ALWAYS);
    assert_eq!(stand(&[open, locked(by_commune, Commune)], NOW), Some(Stand::Locked));
}

#[test]
fn a_lock_holds_by_the_rank_of_who_locked() {
    use WindowLevel::{Country, Province};
    let ministrys = locked(window(1, Province, Province, ALWAYS), Country);
    let october = window(2, Province, Province, (Some("2026-10-01T00:00:00Z"), None));
    assert_eq!(stand(&[ministrys, october.clone()], NOW), Some(Stand::Locked));
    let own = locked(window(1, Province, Province, SEPTEMBER), Province);
    assert_eq!(stand(&[own, october], NOW), Some(Stand::Open));
}

#[test]
fn what_is_still_to_come_is_told_before_what_is_over() {
    use WindowLevel::Province;
    let over = window(1, Province, Province, SEPTEMBER);
    let later = window(2, Province, Province, (Some("2027-01-10T00:00:00Z"), None));
    let sooner = window(3, Province, Province, (Some("2026-12-01T00:00:00Z"), Some("2026-12-15T00:00:00Z")));
    let all = [over, later, sooner];
    let Verdict::Closed(window, Stand::NotYet) = judge(&all, YEAR, KIND, at(NOW)) else { panic!("it is closed") };
    assert_eq!(window.id, Uuid::from_u128(3));
}

#[test]
fn units_hold_their_records() {
    use WindowLevel::{Centre, Commune, Country, Province};
    let keys = |province: &str, commune: &str, centre: u128| Keys {
        province_code: Some(province.to_owned()),
        commune_code: Some(commune.to_owned()),
        centre_id: Some(Uuid::from_u128(centre)),
    };
    let of = |unit| window(1, unit, Country, ALWAYS);
    let (here, beside, elsewhere) = (keys("31", "11407", 7), keys("31", "11407", 8), keys("01", "00004", 9));
    assert!(of(Country).governs(&elsewhere) && of(Country).governs(&Keys::default()));
    assert!(
        of(Province).governs(&beside) && !of(Province).governs(&elsewhere) && !of(Province).governs(&Keys::default())
    );
    assert!(of(Commune).governs(&beside) && !of(Commune).governs(&elsewhere));
    assert!(of(Centre).governs(&here) && !of(Centre).governs(&beside));
}

#[test]
fn windows_that_touch_do_not_overlap() {
    use WindowLevel::Province;
    let of = |times| window(1, Province, Province, times);
    let october = (Some("2026-10-01T00:00:00Z"), None);
    assert!(!of(SEPTEMBER).overlaps(&of(october)) && !of(october).overlaps(&of(SEPTEMBER)));
    assert!(of(SEPTEMBER).overlaps(&of(ALWAYS)) && of(ALWAYS).overlaps(&of(october)));
    assert!(of(SEPTEMBER).overlaps(&of((Some("2026-09-30T23:59:59Z"), None))));
}

#[test]
fn refusals_name_the_period_the_reason_and_the_local_time() {
    use WindowLevel::{Country, Province};
    let (code, words) = refusal(&locked(window(1, Country, Country, ALWAYS), Country), Stand::Locked);
    assert_eq!(code, "period_locked");
    assert_eq!(
        words.vi,
        "Kỳ “Đồng bộ dữ liệu đầu năm” năm học 2026-2027 (cả nước) đã khóa từ 17:00 ngày 01/10/2026: Đã chốt số liệu"
    );
    assert_eq!(
        words.en,
        "The period “Start of the year” of the school year 2026-2027 (the whole country) is locked since 2026-10-01 17:00 (UTC+7): Đã chốt số liệu"
    );
    let september = window(1, Province, Province, SEPTEMBER);
    let (code, words) = refusal(&september, Stand::NotYet);
    assert_eq!(
        (code, words.en.ends_with("opens at 2026-09-01 07:00 (UTC+7): send it again then.")),
        ("period_not_open", true)
    );
    let (code, words) = refusal(&Model { sync_kind: None, ..september }, Stand::Over);
    assert_eq!(code, "period_closed");
    assert_eq!(words.vi, "Sổ năm học 2026-2027 (tỉnh, thành phố) đã đóng từ 07:00 ngày 01/10/2026.");
}
