//! Personal numbers: what is an error and what only a warning, apart; nothing repeats the number.

use serde_json::{Value, json};

use super::people::{NUMBER, centre_of, person_with};
use crate::{
    on_both,
    support::{Client, province},
};

/// The codes of the warnings of an answer.
fn warnings(body: &Value) -> Vec<String> {
    let list = body["warnings"].as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|w| format!("{} {}", w["pointer"].as_str().unwrap_or_default(), w["code"].as_str().unwrap_or_default()))
        .collect()
}

on_both!(
    async fn only_twelve_digits_pass(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        for (number, code) in [
            ("031185009", "old_identity_card"),
            ("03118500999", "invalid_personal_number"),
            ("0311850099990", "invalid_personal_number"),
            ("03118500999X", "invalid_personal_number"),
            ("031 185009999", "invalid_personal_number"),
        ] {
            let refused = vendor.post("/v1/learners", person_with(&centre, json!({"personalNumber": number}))).await.expect(422);
            assert!(!refused.text.contains(number), "the number is repeated: {}", refused.text);
            refused.refuses("/personalNumber", code);
        }
        let number = vendor.english().post("/v1/learners", person_with(&centre, json!({"personalNumber": 31_185_009_999_u64}))).await.expect(400);
        assert!(number.text.contains("expected a text") && !number.text.contains("311850"), "{}", number.text);
        let good = vendor.post("/v1/learners", person_with(&centre, json!({"personalNumber": format!(" {NUMBER} ")}))).await.expect(201);
        assert_eq!(good.body["personalNumber"], NUMBER);
        assert_eq!(warnings(&good.body), Vec::<String>::new());
    }
);

on_both!(
    async fn what_contradicts_the_record_comes_back_as_a_warning_with_success(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        for (number, code) in [
            ("999185000001", "unknown_birth_place_code"),
            ("031085000002", "gender_differs"),
            ("031385000003", "century_differs"),
            ("031186000004", "birth_year_differs"),
        ] {
            let made = vendor.english().post("/v1/learners", person_with(&centre, json!({"personalNumber": number}))).await.expect(201);
            assert_eq!(warnings(&made.body), [format!("/personalNumber {code}")]);
            assert!(!made.body["warnings"].to_string().contains(number));
        }
        let made = vendor
            .data(
                "mutation($input: NewLearner!) { createLearner(input: $input) { warnings { pointer code } record { personalNumberMasked } } }",
                json!({"input": person_with(&centre, json!({"personalNumber": "031085000009"}))}),
            )
            .await;
        assert_eq!(made["createLearner"]["warnings"], json!([{"pointer": "/personalNumber", "code": "gender_differs"}]));
        assert_eq!(made["createLearner"]["record"]["personalNumberMasked"], "********0009");
    }
);

on_both!(
    async fn a_number_on_record_is_told_within_reach_only(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let numbered = json!({"personalNumber": NUMBER});
        let first = vendor.post("/v1/learners", person_with(&centre, numbered.clone())).await.expect(201).id();
        let second = vendor.post("/v1/learners", person_with(&centre, numbered.clone())).await.expect(201);
        assert_eq!(warnings(&second.body), ["/personalNumber possible_duplicate"]);
        assert!(second.body["warnings"].to_string().contains(&first), "{}", second.text);
        // A change of something else does not repeat it.
        let calm = vendor.patch(&format!("/v1/learners/{}", second.id()), json!({"canSwim": true})).await.expect(200);
        assert_eq!(warnings(&calm.body), Vec::<String>::new());

        // Who may not see such numbers is not told that one exists.
        let blind = Client::register(s, "vendor", province("31"), &["basic"]).await;
        let told = blind.post("/v1/learners", person_with(&centre, numbered.clone())).await.expect(201);
        assert_eq!(warnings(&told.body), Vec::<String>::new());

        // Outside the reach there is nobody.
        let far = s.client("province_department", province("01")).await;
        let there = far.post("/v1/centres", crate::support::centre("Trung tâm Thử Nghiệm Xa", "00004")).await.expect(201).id();
        let alone = far.post("/v1/learners", person_with(&there, numbered)).await.expect(201);
        assert_eq!(warnings(&alone.body), Vec::<String>::new());
    }
);

on_both!(
    async fn warnings_do_not_tell_the_blind_what_is_masked(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let id = vendor.post("/v1/learners", person_with(&centre, json!({}))).await.expect(201).id();
        let blind = Client::register(s, "vendor", province("31"), &[]).await;
        // A man of 1990 where the record has a woman of 1985.
        let told = blind.patch(&format!("/v1/learners/{id}"), json!({"personalNumber": "031090000005"})).await.expect(200);
        assert_eq!(warnings(&told.body), Vec::<String>::new());
    }
);
