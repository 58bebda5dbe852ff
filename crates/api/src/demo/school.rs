//! Fills one centre: premises, programmes, classes, learners and their enrolments, in one
//! transaction.

use chrono::{Days, NaiveDate};
use gdtx_domain::programmes::class::ClassEvent;
use gdtx_service::{
    Batch, Error,
    centres::centre::Centres,
    learners::{enrolment::Enrolments, learner::Learners},
    programmes::{class::Classes, programme::Programmes},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    World,
    centres::NewCentre,
    dice::Dice,
    histories,
    lessons::{self, Lesson, When},
    people, shape,
    subjects::{self, Choice},
};

/// A class with what its enrolments need to know.
struct Room<'a> {
    centre: &'a NewCentre,
    centre_id: Uuid,
    class: Uuid,
    lesson: &'a Lesson,
    choice: Option<Choice>,
    opens: NaiveDate,
    /// Learners whose record the centre keeps so far.
    learners: &'a mut usize,
}

impl World<'_> {
    /// Creates a centre with everything in it.
    pub async fn fill_centre(&mut self, centre: &NewCentre) -> Result<Uuid, Error> {
        let batch = Batch::begin(self.ctx).await?;
        let made = Box::pin(batch.create::<Centres>(shape(centre.body.clone())?)).await?;
        self.noted(&made);
        let id = made.record.id;
        self.summary.centres += 1;
        self.build(&batch, id, centre).await?;
        if centre.fate.teaches() {
            let staff =
                if centre.kind.ends_with("gdtx_centre") { self.dice.between(15, 30) } else { self.dice.between(2, 6) };
            let teachers: Vec<Uuid> = (0..staff).map(|_| self.ctx.new_id()).collect();
            let mut learners = 0;
            for lesson in lessons::of(centre.kind, centre.sub_kind) {
                Box::pin(self.teach(&batch, id, centre, lesson, &teachers, &mut learners)).await?;
            }
            self.summary.learners += learners;
        }
        batch.commit().await?;
        Ok(id)
    }

    async fn teach(
        &mut self,
        batch: &Batch,
        centre_id: Uuid,
        centre: &NewCentre,
        lesson: &Lesson,
        teachers: &[Uuid],
        learners: &mut usize,
    ) -> Result<(), Error> {
        let taught = centre.first || self.dice.chance(lesson.percent);
        let full = if taught { self.dice.between(lesson.classes.0, lesson.classes.1) } else { 0 };
        let classes = scaled(full, self.plan.scale, &mut self.dice).max(u32::from(centre.first));
        if classes == 0 {
            return Ok(());
        }
        let opens = self.opening_of(lesson.when);
        let made = batch.create::<Programmes>(shape(programme(centre_id, lesson, opens))?).await?;
        self.noted(&made);
        let programme = made.record.id;
        // A course to come is published, or still a draft.
        if lesson.when != When::Coming || self.dice.chance(50) {
            self.noted(&batch.publish_programme(programme).await?);
        }
        self.summary.programmes += 1;
        for number in 1..=classes {
            let choice = subjects::choice(lesson, &mut self.dice);
            let class = self.class(programme, lesson, number, opens, choice, teachers);
            let made = batch.create::<Classes>(shape(class)?).await?;
            self.noted(&made);
            let class = made.record.id;
            self.summary.classes += 1;
            if lesson.when != When::Coming {
                batch.step_class(class, ClassEvent::Approve, None).await?;
                batch.step_class(class, ClassEvent::Open, Some(opens)).await?;
            }
            self.seat(batch, Room { centre, centre_id, class, lesson, choice, opens, learners }).await?;
            match lesson.when {
                When::Past => {
                    let closes = opens + Days::new(80);
                    self.noted(&batch.step_class(class, ClassEvent::Close, Some(closes)).await?);
                }
                // Not every course to come finds enough learners.
                When::Coming if self.dice.chance(20) => {
                    self.noted(&batch.step_class(class, ClassEvent::Cancel, None).await?);
                }
                When::Now | When::Coming => {}
            }
        }
        Ok(())
    }

    /// Fills a class with learners.
    async fn seat(&mut self, batch: &Batch, room: Room<'_>) -> Result<(), Error> {
        let Room { centre, centre_id, class, lesson, choice, opens, learners } = room;
        let records_start = self.dice.chance(30);
        let (least, most) = if lesson.when == When::Coming { (0, 4) } else { lesson.size };
        for _ in 0..self.dice.between(least, most) {
            *learners += 1;
            let person = people::person(&mut self.dice, centre_id, &centre.unit.code, *learners, lesson, opens);
            let made = batch.create::<Learners>(shape(person)?).await?;
            self.noted(&made);
            let first = opens.min(self.ctx.clock.today());
            let path = histories::choose(lesson, records_start, &mut self.dice);
            let mut enrolment = json!({ "learnerId": made.record.id, "classId": class, "enrolledOn": first });
            path.enter(&mut enrolment);
            // A few have not chosen their subjects yet: the answer warns.
            if let Some(choice) = choice.filter(|_| self.dice.chance(98)) {
                enrolment["chosenSubjects"] = json!(choice.subjects());
                enrolment["topicClusters"] = choice.clusters();
            }
            let made = batch.create::<Enrolments>(shape(enrolment)?).await?;
            self.noted(&made);
            self.summary.enrolments += 1;
            self.walk(batch, made.record.id, path, first, lesson.when).await?;
        }
        Ok(())
    }

    fn opening_of(&self, when: When) -> NaiveDate {
        let start = self.plan.start();
        match when {
            When::Now => start,
            When::Past => start - Days::new(95),
            When::Coming => start + Days::new(60),
        }
    }

    fn class(
        &mut self,
        programme_id: Uuid,
        lesson: &Lesson,
        number: u32,
        opens: NaiveDate,
        choice: Option<Choice>,
        teachers: &[Uuid],
    ) -> Value {
        let label = lesson.grade.map_or("L", |g| g.rsplit('_').next().unwrap_or("L"));
        // A summer course belongs to the school year that it ends.
        let year = if lesson.when == When::Past { self.plan.year - 1 } else { self.plan.year };
        // Some rooms are too small: the answers to the last enrolments warn.
        let capacity = if self.dice.chance(3) { lesson.size.0 } else { lesson.size.1 };
        json!({
            "programmeId": programme_id,
            "schoolYear": year,
            "code": format!("{label}-{number:02}"),
            "name": format!("Lớp {label}-{number:02} (mẫu)"),
            "grade": lesson.grade,
            "studyForm": if lesson.is_school() { "periodic_concentrated" } else { "in_service" },
            "sessionsPerWeek": if lesson.is_school() { json!("sessions_5") } else { Value::Null },
            "teacherId": self.dice.one_of(teachers),
            "subjectAssignments": subjects::assignments(lesson, choice, teachers, &mut self.dice),
            "capacity": capacity,
            "opensOn": opens,
            "timetable": timetable(lesson),
        })
    }
}

/// Five mornings for grades, weekends for children, evenings for everybody else.
fn timetable(lesson: &Lesson) -> Value {
    let children = lesson.crowd.ages.1 < 18;
    let (days, starts, ends): (&[u32], _, _) = match () {
        () if lesson.is_school() => (&[1, 2, 3, 4, 5], "07:15", "11:30"),
        () if children => (&[6, 7], "08:00", "09:30"),
        () => (&[2, 5], "18:00", "20:15"),
    };
    let place = lesson.programme_kind.starts_with("literacy").then_some("Nhà văn hóa thôn (mẫu)");
    days.iter().map(|day| json!({ "weekday": day, "starts": starts, "ends": ends, "place": place })).collect()
}

/// A number of classes at the plan's scale; what is left over decides by chance.
fn scaled(classes: u32, scale: u32, dice: &mut Dice) -> u32 {
    let hundredths = classes * scale;
    hundredths / 100 + u32::from(dice.between(0, 99) < hundredths % 100)
}

fn programme(centre_id: Uuid, lesson: &Lesson, starts: NaiveDate) -> Value {
    let modules: &[&str] = match lesson.programme_kind {
        "it_basic" => &["iu01", "iu02", "iu03", "iu04", "iu05", "iu06"],
        "it_advanced" => &["iu01", "iu02", "iu03", "iu04", "iu05", "iu06", "iu07", "iu08", "iu09"],
        _ => &[],
    };
    json!({
        "centreId": centre_id,
        "kind": lesson.programme_kind,
        "name": lesson.name,
        "level": lesson.level,
        "language": lesson.language,
        "suggestedHours": lesson.hours,
        "grades": lesson.grade.into_iter().collect::<Vec<_>>(),
        "curriculumVersion": lesson.is_school().then_some("curriculum_2018"),
        "subjects": subjects::offered(lesson.programme_kind),
        "itModules": modules,
        "aims": "Số liệu mẫu: mục tiêu của khóa học.",
        "content": "Số liệu mẫu: nội dung của khóa học.",
        "materials": "Số liệu mẫu: tài liệu của khóa học.",
        "teachers": "Số liệu mẫu: đội ngũ giáo viên.",
        "assessment": "Số liệu mẫu: cách đánh giá.",
        "startsOn": starts,
        "feeVnd": lesson.fee_vnd,
    })
}
