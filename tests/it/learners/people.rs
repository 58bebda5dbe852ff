//! Invented people for the stories of this room; nobody of this name, number or birth exists.

use serde_json::{Value, json};

use crate::support::{Client, centre};

/// A personal number that fits the person of [`person`]: Hải Phòng (031), woman of the 1900s (1), 1985.
pub const NUMBER: &str = "031185009999";

/// A new invented centre in Hải Phòng; tells its id.
pub async fn centre_of(client: &Client) -> String {
    client.post("/v1/centres", centre("Trung tâm GDTX Thử Nghiệm", "11407")).await.expect(201).id()
}

/// An invented adult with what a learner must have.
pub fn person(centre: &str) -> Value {
    json!({
        "centreId": centre, "fullName": "Nguyễn Thị Thử", "gender": "female",
        "dateOfBirth": { "value": "1985-04-30", "precision": "day" },
    })
}

/// The same person with more or other fields.
pub fn person_with(centre: &str, more: Value) -> Value {
    merged(person(centre), more)
}

fn merged(mut one: Value, other: Value) -> Value {
    let fields = other.as_object().expect("an object").clone();
    one.as_object_mut().expect("an object").extend(fields);
    one
}

/// Everything that a learner can be sent with, invented.
pub fn whole(centre: &str) -> Value {
    let study = json!({
        "officialId": "HV-THU-0001", "lifelongRecordNo": "HSHT-THU-1", "shortName": "Thử",
        "personalNumber": NUMBER, "idDocumentKind": "passport", "idDocumentNumber": "X0000000",
        "idIssuedBy": "Cơ quan Thử Nghiệm", "idIssuedOn": "2021-05-01", "nationality": "VN",
        "ethnicGroup": "tay", "ethnicityOnBirthCertificate": "Tày",
        "residence": { "code": "11407" }, "addressLine": "Số 0 đường Thử Nghiệm",
        "birthPlace": { "code": "11401", "asOf": "2025-06-30" }, "placeOfBirth": "Nhà hộ sinh Thử Nghiệm",
        "area": "urban", "inDifficultArea": false, "contactPhone": "0225 000 000", "contactEmail": "thu@example.org",
        "learnerCategory": "worker", "grade": "gdtx_grade_10", "classCode": "10-THU", "sortOrder": 7,
        "studyForm": "in_service", "sessionsPerWeek": "sessions_5", "dropoutReason": "distance",
        "repeatedLastYear": false, "followsMinistryLifeSkillProgramme": true, "literacyLevel": "level_2",
        "pioneerMember": false, "youthUnionMember": true, "hasReward": true,
        "rewards": [{ "rewardCode": "thu", "content": "Khen thưởng thử", "note": "Ghi chú thử" }],
    });
    let body_and_family = json!({
        "heightCm": 158.5, "weightKg": 50, "bmi": 19.9, "bloodGroup": "O", "eyeDisease": "Không",
        "congenitalDisease": "Không", "spineDisease": "Không", "rickets": "Không", "canSwim": true,
        "disabilityKind": "motor", "disabilityExemptFromAssessment": false,
        "fatherName": "Nguyễn Văn Thử", "fatherOccupation": "Thợ thử", "fatherBirthYear": 1955, "fatherIsEthnicMinority": true,
        "motherName": "Trần Thị Thử", "motherOccupation": "Thợ thử", "motherBirthYear": 1958, "motherIsEthnicMinority": false,
        "guardianName": "Lê Văn Thử", "guardianOccupation": "Thợ thử", "guardianBirthYear": 1950,
        "representativeName": "Phạm Thị Thử", "representativePhone": "0225 000 001", "representativeRelation": "Cô",
        "policyGroups": ["poor_household", "other"], "priorityGroups": ["thu"],
        "tuitionExempt": true, "tuitionReduced": false, "studyCostSupport": true, "housingSupport": false,
        "receivesMonthlyAllowance": false, "receivesRice": true,
    });
    person_with(centre, merged(study, body_and_family))
}
