//! Fills one centre: programmes, classes, learners and their enrolments, in one transaction.

use chrono::NaiveDate;
use gdtx_service::{
    Batch, Ctx, Error,
    centres::centre::Centres,
    learners::{enrolment::Enrolments, learner::Learners},
    programmes::{class::Classes, programme::Programmes},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Plan, Summary,
    centres::NewCentre,
    dice::Dice,
    lessons::{self, Lesson, SUBJECTS},
    people, shape,
};

/// Creates a centre with everything in it.
pub async fn fill(
    ctx: &Ctx,
    plan: &Plan,
    dice: &mut Dice,
    centre: NewCentre,
    summary: &mut Summary,
) -> Result<(), Error> {
    let batch = Batch::begin(ctx).await?;
    let id = Box::pin(batch.create::<Centres>(shape(centre.body)?)).await?.record.id;
    summary.centres += 1;
    let mut learners = 0;
    for lesson in lessons::of(centre.kind) {
        let classes = scaled(dice.between(lesson.classes.0, lesson.classes.1), plan.scale, dice);
        if classes == 0 {
            continue;
        }
        let programme = batch.create::<Programmes>(shape(programme(id, lesson, plan))?).await?.record.id;
        batch.publish_programme(programme).await?;
        summary.programmes += 1;
        for number in 1..=classes {
            let class = batch.create::<Classes>(shape(class(programme, lesson, plan, number))?).await?.record.id;
            batch.open_class(class, plan.start()).await?;
            summary.classes += 1;
            for _ in 0..dice.between(lesson.size.0, lesson.size.1) {
                learners += 1;
                let person = people::person(dice, id, &centre.commune, learners, lesson.crowd, plan.start());
                let learner = batch.create::<Learners>(shape(person)?).await?.record.id;
                batch.create::<Enrolments>(shape(enrolment(learner, class, lesson, plan.start(), dice))?).await?;
                summary.enrolments += 1;
            }
        }
    }
    summary.learners += learners;
    batch.commit().await
}

/// A number of classes at the plan's scale; what is left over decides by chance.
fn scaled(classes: u32, scale: u32, dice: &mut Dice) -> u32 {
    let hundredths = classes * scale;
    hundredths / 100 + u32::from(dice.between(0, 99) < hundredths % 100)
}

fn programme(centre_id: Uuid, lesson: &Lesson, plan: &Plan) -> Value {
    let mut value = json!({
        "centreId": centre_id,
        "kind": lesson.programme_kind,
        "name": lesson.name,
        "level": lesson.level,
        "language": lesson.language,
        "grades": lesson.grade.into_iter().collect::<Vec<_>>(),
        "aims": "Số liệu mẫu: mục tiêu của khóa học.",
        "content": "Số liệu mẫu: nội dung của khóa học.",
        "materials": "Số liệu mẫu: tài liệu của khóa học.",
        "teachers": "Số liệu mẫu: đội ngũ giáo viên.",
        "assessment": "Số liệu mẫu: cách đánh giá.",
        "startsOn": plan.start(),
        "feeVnd": lesson.fee_vnd,
    });
    if lesson.programme_kind.starts_with("gdtx_") {
        value["curriculumVersion"] = json!("curriculum_2018");
        value["subjects"] = lessons::taught(lesson.programme_kind)
            .iter()
            .map(|(subject, presence)| json!({ "subject": subject, "presence": presence }))
            .collect();
    }
    if lesson.programme_kind == "it_basic" {
        value["itModules"] = json!(["iu01", "iu02", "iu03", "iu04", "iu05", "iu06"]);
    }
    value
}

fn class(programme_id: Uuid, lesson: &Lesson, plan: &Plan, number: u32) -> Value {
    let label = lesson.grade.map_or_else(|| "L".to_owned(), |g| g.rsplit('_').next().unwrap_or("L").to_owned());
    json!({
        "programmeId": programme_id,
        "schoolYear": plan.year,
        "code": format!("{label}-{number:02}"),
        "name": format!("Lớp {label}-{number:02} (mẫu)"),
        "grade": lesson.grade,
        "studyForm": "in_service",
        "capacity": lesson.size.1,
        "opensOn": plan.start(),
        "timetable": [
            { "weekday": 2, "starts": "18:00", "ends": "20:15" },
            { "weekday": 5, "starts": "18:00", "ends": "20:15" },
        ],
    })
}

fn enrolment(learner_id: Uuid, class_id: Uuid, lesson: &Lesson, on: NaiveDate, dice: &mut Dice) -> Value {
    let mut value = json!({ "learnerId": learner_id, "classId": class_id, "enrolledOn": on });
    if lesson.programme_kind == "gdtx_upper_secondary" {
        value["chosenSubjects"] = json!(SUBJECTS);
        let clusters = if dice.chance(50) {
            ["literature", "mathematics", "history"]
        } else {
            ["mathematics", "physics", "chemistry"]
        };
        value["topicClusters"] = clusters.iter().map(|s| json!({ "subject": s })).collect();
    }
    value
}
