//! Any bytes are read as a shape, or refused with a pointer that leads into them and in both languages.

use gdtx_domain::FieldProblem;
use gdtx_service::{Code, Result, centres::centre::NewCentre, learners::learner::LearnerPatch};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::read;

/// The one fault of a refused body.
fn fault<T>(read: Result<T>) -> Option<FieldProblem> {
    let error = read.err()?;
    assert_eq!(error.code, Code::MalformedBody);
    let [field] = error.fields.as_slice() else { panic!("{} faults", error.fields.len()) };
    assert!(field.detail.vi != field.detail.en && !field.detail.vi.is_empty() && !field.detail.en.is_empty());
    Some(field.clone())
}

/// Any JSON value, not too deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "(?s).{0,8}".prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((any_name(), inner), 0..4).prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}

/// Names of properties: ours, near misses, and such as no shape has.
fn any_name() -> impl Strategy<Value = String> {
    let ours =
        ["fullName", "dateOfBirth", "value", "precision", "heightCm", "externalIds", "system", "gender", "place"];
    prop_oneof![prop::sample::select(ours.to_vec()).prop_map(str::to_owned), "[a-z~/`\", ]{0,6}", "(?s).{0,6}"]
}

/// Whether a pointer leads to a value of the document, or to a place in an object of it.
fn leads(pointer: &str, document: &Value) -> bool {
    let holder = pointer.rsplit_once('/').map_or("", |(holder, _)| holder);
    document.pointer(pointer).is_some() || document.pointer(holder).is_some_and(Value::is_object)
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        fault(read::<LearnerPatch>(&bytes));
        fault(read::<NewCentre>(&bytes));
    }

    #[test]
    fn a_refusal_points_into_the_body(body in any_json()) {
        let text = body.to_string();
        let refused = [fault(read::<LearnerPatch>(text.as_bytes())), fault(read::<NewCentre>(text.as_bytes()))];
        for field in refused.into_iter().flatten() {
            prop_assert!(field.pointer.is_empty() || leads(&field.pointer, &body), "{} in {}", field.pointer, body);
        }
    }

    #[test]
    fn a_patch_with_any_values_points_into_itself(name in any_name(), value in any_json(), other in any_json()) {
        let body = json!({ "fullName": "Thử", name.as_str(): value, "heightCm": other });
        if let Some(field) = fault(read::<LearnerPatch>(body.to_string().as_bytes())) {
            prop_assert!(leads(&field.pointer, &body), "{} in {}", field.pointer, body);
        }
    }

    #[test]
    fn a_patch_is_read_as_it_was_written(
        name in prop::option::of("(?s).{0,20}"), height in prop::option::of(0..300_000_i32), year in prop::option::of(any::<i32>()),
        clears in any::<bool>(),
    ) {
        let mut body = json!({ "heightCm": height.map(|h| json!(f64::from(h) / 100.0)), "fatherBirthYear": year });
        if clears {
            body["fatherName"] = json!(name);
        }
        let patch: LearnerPatch = read(body.to_string().as_bytes()).expect("a patch");
        let written = serde_json::to_string(&patch).expect("JSON");
        prop_assert_eq!(read::<LearnerPatch>(written.as_bytes()).ok(), Some(patch));
        let again: Value = serde_json::from_str(&written).expect("JSON");
        prop_assert_eq!(again["fatherBirthYear"].as_i64(), year.map(i64::from));
        prop_assert_eq!(again.get("fatherName").is_some(), clears);
    }

    #[test]
    fn a_property_that_no_shape_has_is_named(name in "[A-Z~/`\", ]{1,8}") {
        let body = json!({ name.as_str(): 1 });
        let field = fault(read::<LearnerPatch>(body.to_string().as_bytes())).expect("a refusal");
        prop_assert_eq!(field.code, "unknown_property");
        prop_assert_eq!(body.pointer(&field.pointer), Some(&json!(1)), "{}", field.pointer);
    }

    #[test]
    fn a_property_that_stands_twice_is_refused(value in "[a-z]{0,5}") {
        let body = format!(r#"{{"fullName": "{value}", "fullName": "{value}"}}"#);
        let field = fault(read::<LearnerPatch>(body.as_bytes())).expect("a refusal");
        prop_assert_eq!((field.pointer.as_str(), field.code), ("/fullName", "repeated"));
    }

    #[test]
    fn a_deep_body_is_refused(depth in 1..3000_usize, open in prop::sample::select(vec!["[", "{\"place\":"])) {
        prop_assert!(fault(read::<NewCentre>(open.repeat(depth).as_bytes())).is_some());
    }
}
