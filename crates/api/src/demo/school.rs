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
struct Room {
    class: Uuid,
    lesson: Lesson,
    choice: Option<Choice>,
    opens: NaiveDate,
    /// The class in which its learners sat a year ago.
    before: Option<Box<Room>>,
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
            let mut rooms = Vec::new();
            for lesson in lessons::of(centre.kind, centre.sub_kind) {
                rooms.extend(Box::pin(self.teach(&batch, id, centre.first, lesson, &teachers)).await?);
            }
            self.seat(&batch, id, &centre.unit.code, &rooms).await?;
            for room in &rooms {
                for room in [Some(room), room.before.as_deref()].into_iter().flatten() {
                    self.end(&batch, room).await?;
                }
            }
        }
        batch.commit().await?;
        Ok(id)
    }

    /// Opens the classes of a lesson.
    async fn teach(
        &mut self,
        batch: &Batch,
        centre_id: Uuid,
        first: bool,
        lesson: &Lesson,
        teachers: &[Uuid],
    ) -> Result<Vec<Room>, Error> {
        let taught = first || self.dice.chance(lesson.percent);
        let full = if taught { self.dice.between(lesson.classes.0, lesson.classes.1) } else { 0 };
        let classes = scaled(full, self.plan.scale, &mut self.dice).max(u32::from(first));
        if classes == 0 {
            return Ok(Vec::new());
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
        let mut rooms = Vec::new();
        for number in 1..=classes {
            let mut room = self.open(batch, (programme, number), lesson, opens, teachers).await?;
            if self.plan.national && lesson.when == When::Now {
                let past = Lesson { when: When::Past, ..*lesson };
                let opened = opens - Days::new(365);
                room.before = Some(Box::new(self.open(batch, (programme, number), &past, opened, teachers).await?));
            }
            rooms.push(room);
        }
        Ok(rooms)
    }

    /// Creates a class, by its number, and opens it unless it is still to come.
    async fn open(
        &mut self,
        batch: &Batch,
        (programme, number): (Uuid, u32),
        lesson: &Lesson,
        opens: NaiveDate,
        teachers: &[Uuid],
    ) -> Result<Room, Error> {
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
        Ok(Room { class, lesson: *lesson, choice, opens, before: None })
    }

    /// Fills classes with learners.
    async fn seat(&mut self, batch: &Batch, centre_id: Uuid, commune: &str, rooms: &[Room]) -> Result<(), Error> {
        let (mut people, mut places) = (Vec::new(), Vec::new());
        for room in rooms {
            let (least, most) = if room.lesson.when == When::Coming { (0, 4) } else { room.lesson.size };
            let records_start = self.dice.chance(30);
            for _ in 0..self.dice.between(least, most) {
                let number = people.len() + 1;
                people.push(shape(people::person(
                    &mut self.dice,
                    centre_id,
                    commune,
                    number,
                    &room.lesson,
                    room.opens,
                ))?);
                places.push((room, records_start));
            }
        }
        let learners = batch.create_all::<Learners>(people).await?;
        self.summary.learners += learners.len();
        for (learner, (room, records_start)) in learners.iter().zip(places) {
            self.noted(learner);
            for room in [room.before.as_deref(), Some(room)].into_iter().flatten() {
                self.enrol(batch, learner.record.id, room, records_start).await?;
            }
        }
        Ok(())
    }

    /// Gives a learner a place in a class, and what comes of it.
    async fn enrol(&mut self, batch: &Batch, learner: Uuid, room: &Room, records_start: bool) -> Result<(), Error> {
        let Room { class, lesson, choice, opens, .. } = room;
        let first = *opens.min(&self.ctx.clock.today());
        let path = histories::choose(lesson, records_start, &mut self.dice);
        let mut enrolment = json!({ "learnerId": learner, "classId": class, "enrolledOn": first });
        path.enter(&mut enrolment);
        // A few have not chosen their subjects yet: the answer warns.
        if let Some(choice) = choice.filter(|_| self.dice.chance(98)) {
            enrolment["chosenSubjects"] = json!(choice.subjects());
            enrolment["topicClusters"] = choice.clusters();
        }
        let made = batch.create::<Enrolments>(shape(enrolment)?).await?;
        self.noted(&made);
        self.summary.enrolments += 1;
        self.walk(batch, made.record.id, path, first, lesson.when).await
    }

    /// Closes a class of the past, and cancels some of those to come.
    async fn end(&mut self, batch: &Batch, room: &Room) -> Result<(), Error> {
        let step = match room.lesson.when {
            When::Past => Some((ClassEvent::Close, Some(room.opens + Days::new(80)))),
            // Not every course to come finds enough learners.
            When::Coming if self.dice.chance(20) => Some((ClassEvent::Cancel, None)),
            When::Now | When::Coming => None,
        };
        if let Some((event, on)) = step {
            self.noted(&batch.step_class(room.class, event, on).await?);
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
