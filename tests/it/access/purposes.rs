//! Personal data are shown for a purpose that was agreed on, and those of children with more care.

use gdtx_domain::access::reach::Reach;
use serde_json::{Value, json};

use crate::{
    learners::people::{NUMBER, centre_of, person_with, whole},
    on_both,
    support::{Client, province},
};

on_both!(
    async fn nobody_is_shown_to_who_does_not_say_what_for(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let id = vendor.post("/v1/learners", whole(&centre)).await.expect(201).id();
        let path = format!("/v1/learners/{id}");
        let silent = vendor.without_purpose();

        let masked = silent.get(&path).await.expect(200);
        assert!(!masked.text.contains(NUMBER) && !masked.text.contains("Nguyễn"), "{}", masked.text);
        let named = masked.body["maskedFields"].as_array().expect("a list");
        assert!(["fullName", "ethnicGroup", "personalNumber"].iter().all(|f| named.contains(&json!(f))), "{named:?}");
        let shown = vendor.get(&path).await.expect(200);
        assert_eq!((&shown.body["fullName"], &shown.body["personalNumber"]), (&json!("Nguyễn Thị Thử"), &json!(NUMBER)));
        assert_ne!(shown.header("etag"), masked.header("etag"), "the two are different representations");

        for query in ["search=thu", "birthYear=1985"] {
            let refused = silent.get(&format!("/v1/learners?{query}")).await.expect(403);
            let parameter = query.split('=').next().expect("a name");
            refused.refuses(parameter, "purpose_required");
        }
        silent.post("/v1/learners/find", json!({ "personalNumber": NUMBER })).await.expect(403);
        silent.get("/v1/learners?grade=gdtx_grade_10").await.expect(200);
        let why = |client: &Client| { let client = client.clone(); async move { client.get("/v1/access/explain?operation=findLearners").await.expect(200).body["outcome"].clone() } };
        assert_eq!((why(&silent).await, why(&vendor).await), (json!("purpose_missing"), json!("allowed")));
    }
);

on_both!(
    async fn a_write_without_a_purpose_keeps_everything_and_shows_nothing(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let silent = vendor.without_purpose();
        let body = person_with(&centre, json!({ "contactPhone": "0225 000 000" }));
        let made = silent.put("/v1/learners/by-external-id/purpose-1", body).await.expect(201);
        assert_eq!(made.body["fullName"], Value::Null);
        // Who may see the field takes it away by leaving it out, purpose or not.
        silent.put("/v1/learners/by-external-id/purpose-1", person_with(&centre, json!({}))).await.expect(200);
        let kept = vendor.get(&format!("/v1/learners/{}", made.id())).await.expect(200).body;
        assert_eq!((&kept["fullName"], &kept["contactPhone"]), (&json!("Nguyễn Thị Thử"), &Value::Null));
    }
);

on_both!(
    async fn a_purpose_is_one_of_the_list_and_of_the_agreement(s) {
        let vendor = s.vendor().await.english();
        let unknown = vendor.with("data-purpose", "curiosity").get("/v1/learners").await.expect(400);
        assert_eq!((&unknown.body["code"], &unknown.body["errors"][0]["header"]), (&json!("invalid_header"), &json!("Data-Purpose")));
        assert!(unknown.text.contains("school_administration"), "{}", unknown.text);

        for asked in [vendor.with("data-purpose", "credentials"), Client::register(s, "administrator", Reach::default(), &[]).await.with("data-purpose", "inspection")] {
            let refused = asked.get("/v1/clients").await.expect(403);
            assert_eq!((&refused.body["code"], &refused.body["errors"][0]["header"]), (&json!("purpose_not_agreed"), &json!("Data-Purpose")));
        }
        let refused = vendor.with("data-purpose", "credentials").graphql("{ listLearners { nodes { id } } }", json!({})).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], "purpose_not_agreed", "{}", refused.text);
        vendor.with("data-purpose", "inspection").get("/v1/learners").await.expect(200);
        // Without an agreement there is nothing to name a purpose of.
        Client::register(s, "vendor", province("31"), &[]).await.get("/v1/learners").await.expect(200);
    }
);

on_both!(
    async fn a_child_is_recognised_on_the_day_and_shown_with_care(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let private = json!({
            "motherName": "Trần Thị Thử", "contactPhone": "0225 000 000", "addressLine": "Số 0 đường Thử Nghiệm",
            "ethnicGroup": "tay", "studyForm": "in_service",
        });
        let born = async |date: &str, precision: &str| {
            let mut body = person_with(&centre, private.clone());
            body["dateOfBirth"] = json!({ "value": date, "precision": precision });
            vendor.post("/v1/learners", body).await.expect(201).id()
        };
        let (child, adult, either) = (born("2016-03-01", "day").await, born("1985-04-30", "day").await, born("2010", "year").await);
        let today = gdtx_service::Clock::System.today();
        assert!((today - chrono::NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day")).num_days() < 365 * 6, "the child has grown up");
        let inspector = vendor.with("data-purpose", "inspection");
        let listed = vendor.get("/v1/learners?sort=id").await.expect(200).body;
        for (i, (id, is_child, guarded)) in [(&child, json!(true), true), (&adult, json!(false), false)].into_iter().enumerate() {
            let teaching = vendor.get(&format!("/v1/learners/{id}")).await.expect(200).body;
            assert_eq!((&teaching["isChild"], &teaching["ethnicGroup"], &teaching["motherName"]), (&is_child, &json!("tay"), &json!("Trần Thị Thử")));
            // Sensitive data of a child are shown for its own sake only.
            let inspecting = inspector.get(&format!("/v1/learners/{id}")).await.expect(200).body;
            assert_eq!(inspecting["ethnicGroup"].is_null(), guarded, "{inspecting}");
            // A list tells neither where a child lives nor who its family is.
            let item = &listed["items"][i];
            assert_eq!(item["id"], json!(id));
            for field in ["motherName", "contactPhone", "addressLine"] {
                assert_eq!(item[field].is_null(), guarded, "{field}: {item}");
                assert_eq!(item["maskedFields"].as_array().expect("a list").contains(&json!(field)), guarded);
            }
            assert_eq!((&item["fullName"], &item["studyForm"]), (&json!("Nguyễn Thị Thử"), &json!("in_service")));
        }
        // Born some day of 2010: on 1 January 2026 it could be 15 or 16.
        let open = vendor.get(&format!("/v1/learners/{either}")).await.expect(200).body;
        assert!(open["isChild"].is_null() || open["isChild"] == json!(false), "{open}");
    }
);
