//! Code lists against the codings of the Ministry, the data centre and the statistics office.

use serde::Deserialize;

use crate::{
    Checks,
    territory::{
        code_list::{
            CodeItem, CodeScheme, Translation, check, contains, is_minority, item, items, label, list, lists, translate,
        },
        resolution::ResolutionOutcome::{Ambiguous, Unique, Unknown},
        rows::rows,
    },
};
use CodeScheme::{Api, Gso1979, Gso2008, Moet2020, Ndc2025, Vendor};

fn codes(item: &CodeItem, scheme: CodeScheme) -> Vec<&str> {
    item.codes_in(scheme)
}

fn unique(list: &str, from: CodeScheme, to: CodeScheme, code: &str) -> Option<String> {
    let Translation { outcome, code, .. } = translate(list, from, to, code);
    assert_eq!(code.is_some(), outcome == Unique);
    code
}

/// The problem of a value that must be refused, in English.
fn refusal(list: &str, value: &str) -> (&'static str, String) {
    let mut checks = Checks::default();
    check(&mut checks, "/code", list, Some(value));
    checks.problems.pop().map(|p| (p.code, p.detail.en)).unwrap_or_default()
}

#[test]
fn every_row_of_every_file_is_read() {
    assert_eq!(lists().len(), 59);
    assert_eq!(lists().iter().filter(|l| l.official_name.is_some()).count(), 51);
    let count: usize = lists().iter().map(|l| items(&l.id).len()).sum();
    // 467 of the Ministry, 56 ethnic groups, 14 religions, and 42 of the crosswalk that are new.
    assert_eq!(count, 467 + 56 + 14 + 42);
    assert!(lists().iter().all(|l| l.schemes.contains(&Api)));
    // Lists whose values are not published are named, and marked so.
    assert!(lists().iter().filter(|l| items(&l.id).is_empty()).all(|l| l.mark == "unverified"));
    assert!(lists().windows(2).all(|pair| pair[0].id < pair[1].id));
}

#[test]
fn codes_are_unique_and_labels_complete() {
    for head in lists() {
        let mut own: Vec<&str> = items(&head.id).iter().map(|i| i.code.as_str()).collect();
        let all = own.len();
        own.sort_unstable();
        own.dedup();
        assert_eq!(own.len(), all, "{}", head.id);
        assert!(items(&head.id).iter().all(|i| !i.label_vi.is_empty() && !i.label_en.is_empty() && i.list == head.id));
    }
}

#[test]
fn the_crosswalk_agrees_with_the_ministry() {
    for head in lists() {
        let mut official: Vec<&str> = items(&head.id).iter().flat_map(|i| i.codes_in(Moet2020)).collect();
        assert!(items(&head.id).iter().all(|i| i.codes_in(Moet2020).len() <= 1), "{}", head.id);
        let all = official.len();
        official.sort_unstable();
        official.dedup();
        assert_eq!(official.len(), all, "{}", head.id);
    }
}

#[test]
fn english_labels_belong_to_items() {
    #[derive(Deserialize)]
    struct Row {
        list: String,
        code: String,
        label_en: String,
    }
    let written: Vec<Row> = rows(include_str!("../../../codelists/code_labels_en.csv"));
    assert_eq!(written.len(), 409);
    for row in written {
        assert_eq!(label(&row.list, &row.code).map(|l| l.en), Some(row.label_en), "{} {}", row.list, row.code);
    }
    assert_eq!(label("foreign_language", "english").map(|l| l.en).as_deref(), Some("English"));
    assert_eq!(label("id_document_kind", "birth_certificate").map(|l| l.en).as_deref(), Some("Birth certificate"));
}

#[test]
fn lists_of_decision_4998_exist() {
    let official = [
        "DM_CAP_HOC",
        "DM_NHOM_CAP_HOC",
        "DM_LOAI_HINH",
        "DM_LOAI_TRUNG_TAM",
        "DM_VUNG_KHO_KHAN",
        "DM_KHU_VUC",
        "DM_VUNG",
        "DM_KHOI",
        "DM_KIEU_LOP",
        "DM_HINH_THUC_DAO_TAO_HOC_TAP",
        "DM_LOP_DAO_TAO_BOI_DUONG",
        "DM_LOP_HUONG_NGHIEP_DAY_NGHE",
        "DM_MON_HOC",
        "DM_LY_DO_THOI_HOC",
        "DM_DAN_TOC",
        "DM_TON_GIAO",
        "DM_GIOI_TINH",
        "DM_LOAI_KHUYET_TAT",
        "DM_DIEN_CHINH_SACH",
        "DM_SO_BUOI_HOC_TREN_TUAN",
        "DM_KHEN_THUONG_GV",
        "DM_TIENG_DAN_TOC",
        "DM_MUC_DAT_CHUAN_QG_CLGD",
        "DM_NHOM_CAN_BO",
        "DM_LOAI_CAN_BO",
        "DM_TRANG_THAI_CAN_BO",
        "DM_HINH_THUC_HOP_DONG",
        "DM_TRANG_THAI_HOC_SINH",
    ];
    for name in official {
        assert_eq!(list(name).and_then(|l| l.official_name.as_deref()), Some(name));
    }
    assert_eq!(list("DM_LY_DO_THOI_HOC"), list("dropout_reason"));
    assert_eq!(item("DM_DIEN_CHINH_SACH", "orphan_both_parents").map(|i| codes(i, Moet2020)), Some(vec!["05"]));
    // Named by the decision, absent from the lists of 2020: no value can be checked.
    for unpublished in ["DM_HINH_THUC_SO_HUU", "DM_TINH_TRANG_SO_HUU"] {
        assert_eq!(list(unpublished).map(|l| l.mark.as_str()), Some("unverified"));
        assert!(items(unpublished).is_empty());
    }
    assert!(list("DM_NUOC").is_none());
}

#[test]
fn three_codings_of_gender() {
    assert_eq!(unique("gender", Moet2020, Api, "02").as_deref(), Some("female"));
    assert_eq!(unique("gender", Vendor, Api, "0").as_deref(), Some("female"));
    assert_eq!(unique("gender", Ndc2025, Api, "0").as_deref(), Some("unknown"));
    assert_eq!(unique("gender", Vendor, Ndc2025, "0").as_deref(), Some("2"));
    assert_eq!(unique("gender", Ndc2025, Moet2020, "1").as_deref(), Some("01"));
    let unknown = translate("gender", Ndc2025, Moet2020, "0");
    assert_eq!((unknown.outcome, unknown.items.len()), (Unknown, 1));
}

#[test]
fn ethnic_groups_have_two_codings() {
    let groups: Vec<&CodeItem> =
        items("ethnic_group").iter().filter(|i| !["foreigner", "unknown"].contains(&i.code.as_str())).collect();
    assert_eq!(groups.len(), 54);
    assert_eq!(groups.iter().filter(|i| codes(i, Gso1979) != codes(i, Gso2008)).count(), 37);
    assert!(groups.iter().all(|i| codes(i, Gso1979) == codes(i, Moet2020)));
    assert_eq!(unique("ethnic_group", Gso1979, Gso2008, "06").as_deref(), Some("04"));
    assert_eq!(unique("ethnic_group", Moet2020, Api, "06").as_deref(), Some("muong"));
    assert_eq!(unique("ethnic_group", Gso2008, Api, "06").as_deref(), Some("hoa"));
    assert_eq!(groups.iter().filter(|i| is_minority(&i.code) == Some(true)).count(), 53);
    assert_eq!(["kinh", "foreigner", "unknown"].map(is_minority), [Some(false), Some(false), None]);
}

#[test]
fn continuing_education_is_05_and_6() {
    assert_eq!(unique("education_level", Api, Moet2020, "continuing").as_deref(), Some("05"));
    assert_eq!(unique("education_level", Vendor, Api, "6").as_deref(), Some("continuing"));
    assert_eq!(unique("education_level", Vendor, Api, "4").as_deref(), Some("preschool"));
    let back = translate("education_level", Api, Vendor, "preschool");
    assert_eq!((back.outcome, back.codes.len()), (Ambiguous, 3));
}

#[test]
fn a_code_with_several_values_is_ambiguous() {
    let studying = translate("learner_status", Vendor, Api, "1");
    assert_eq!((studying.outcome, studying.codes.len()), (Ambiguous, 6));
    assert_eq!(unique("learner_status", Api, Vendor, "dropped_out_summer").as_deref(), Some("4"));
    let level = translate("academic_level", Api, Ndc2025, "good");
    assert_eq!((level.outcome, level.codes), (Ambiguous, vec!["1".to_owned(), "T".to_owned()]));
    assert_eq!(unique("academic_level", Ndc2025, Api, "CĐ").as_deref(), Some("fail"));
}

#[test]
fn the_vendor_misuse_stays_flagged() {
    let misuse = translate("ownership", Vendor, Api, "3");
    assert_eq!((misuse.outcome, misuse.codes.len(), misuse.items.len()), (Unknown, 0, 1));
    assert_eq!(misuse.note.as_deref(), Some("do not import vendor value 3 as ownership"));
    assert!(!contains("ownership", "gdtx"));
    assert_eq!(unique("ownership", Ndc2025, Api, "3").as_deref(), Some("private"));
    let (code, detail) = refusal("ownership", "gdtx");
    assert_eq!(code, "unknown_code");
    assert!(detail.contains("misuse"), "{detail}");
}

#[test]
fn lists_that_share_a_name_stay_apart() {
    assert_eq!(items("area").len(), 4);
    assert_eq!(items("exam_priority_area").len(), 5);
    assert!(items("area").iter().all(|i| codes(i, Ndc2025).is_empty()));
    // Discipline: one list, two codings.
    assert_eq!(unique("staff_discipline", Moet2020, Ndc2025, "03").as_deref(), Some("05"));
    assert_eq!(items("staff_discipline").len(), 8);
    assert_eq!(items("study_form").len(), 5);
}

#[test]
fn parents_are_our_codes() {
    let parents = |list, code| item(list, code).map(|i| i.parents.clone()).unwrap_or_default();
    assert_eq!(parents("grade", "gdtx_grade_10"), ["continuing"]);
    assert_eq!(parents("level_group", "pho_thong"), ["primary", "lower_secondary", "upper_secondary"]);
    assert_eq!(parents("ethnic_language", "ede"), ["e_de"]);
    assert_eq!(parents("staff_position", "giam_doc"), ["manager"]);
    assert_eq!(parents("language_certificate", "international_ielts"), ["international"]);
    for head in lists().iter().filter(|l| l.parent_list.is_some()) {
        let parent = head.parent_list.as_deref().unwrap_or_default();
        assert!(items(&head.id).iter().flat_map(|i| &i.parents).all(|code| contains(parent, code)), "{}", head.id);
    }
}

#[test]
fn subjects_of_continuing_education_have_the_plain_code() {
    let code = |code| item("subject", code).map(|i| codes(i, Moet2020));
    assert_eq!(
        (code("toan"), code("primary_toan"), code("gdcd")),
        (Some(vec!["53"]), Some(vec!["01"]), Some(vec!["65"]))
    );
    assert_eq!(items("subject").iter().filter(|i| i.used_by_gdtx == Some(true)).count(), 10);
}

#[test]
fn refusals_say_what_was_meant() {
    let mut checks = Checks::default();
    check(&mut checks, "/code", "dropout_reason", Some("illness"));
    check(&mut checks, "/code", "dropout_reason", None);
    assert!(checks.is_ok());
    let (code, detail) = refusal("dropout_reason", "ilness");
    assert_eq!(code, "unknown_code");
    assert!(detail.contains("/v1/code-lists/dropout_reason") && detail.contains("Did you mean “illness”?"), "{detail}");
    let (_, detail) = refusal("DM_KHOI", "13");
    assert!(detail.contains("moet_2020: gdtx_grade_10"), "{detail}");
    let (_, detail) = refusal("gender", "0");
    assert!(detail.contains("ndc_2025: unknown") && detail.contains("vendor: female"), "{detail}");
    assert!(refusal("ethnic_group", "Ê Đê").1.contains("“e_de”"));
    assert!(!refusal("gender", "zzz").1.contains("Did you"));
    assert_eq!(refusal("no_such_list", "x").0, "unknown_list");
}
