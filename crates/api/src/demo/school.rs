//! Fills one centre: premises, staff, programmes, classes, learners and their enrolments, in one
//! transaction.

use std::collections::HashMap;

use chrono::{Days, Months, NaiveDate};
use gdtx_domain::{SchoolYear, programmes::class::ClassEvent};
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

impl Room {
    /// The day of the last lesson.
    fn closes(&self) -> NaiveDate {
        self.opens + Days::new(histories::length(&self.lesson))
    }

    /// The class with those in which its learners sat before, the earliest first.
    fn history(&self) -> Vec<&Room> {
        let mut rooms: Vec<&Room> = std::iter::successors(Some(self), |room| room.before.as_deref()).collect();
        rooms.reverse();
        rooms
    }
}

/// The grades that a centre teaches, each with its programme.
type Grades = HashMap<&'static str, (Uuid, &'static Lesson)>;

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
            let teachers = self.hire(&batch, id, centre).await?;
            let (mut rooms, mut grades) = (Vec::new(), Grades::new());
            for lesson in lessons::of(centre.kind, centre.sub_kind) {
                let programme = Box::pin(self.offer(&batch, id, centre.first, lesson)).await?;
                let Some((programme, classes)) = programme else { continue };
                grades.extend(lesson.grade.map(|grade| (grade, (programme, lesson))));
                for number in 1..=classes {
                    let teaching = self.teach(&batch, (programme, number), lesson, &grades, &teachers);
                    rooms.push(Box::pin(teaching).await?);
                }
            }
            self.seat(&batch, id, &centre.unit.code, &rooms).await?;
            for room in rooms.iter().flat_map(Room::history) {
                self.end(&batch, room).await?;
            }
        }
        batch.commit().await?;
        Ok(id)
    }

    /// Creates the programme of a lesson; tells in how many classes it is taught.
    async fn offer(
        &mut self,
        batch: &Batch,
        centre_id: Uuid,
        first: bool,
        lesson: &Lesson,
    ) -> Result<Option<(Uuid, u32)>, Error> {
        let taught = first || self.dice.chance(lesson.percent);
        let full = if taught { self.dice.between(lesson.classes.0, lesson.classes.1) } else { 0 };
        let classes = scaled(full, self.plan.scale, &mut self.dice).max(u32::from(first));
        if classes == 0 {
            return Ok(None);
        }
        let made = batch.create::<Programmes>(shape(programme(centre_id, lesson, self.opening_of(lesson)))?).await?;
        self.noted(&made);
        let programme = made.record.id;
        // A course to come is published, or still a draft.
        if lesson.when != When::Coming || self.dice.chance(50) {
            self.noted(&batch.publish_programme(programme).await?);
        }
        self.summary.programmes += 1;
        Ok(Some((programme, classes)))
    }

    /// Opens a class of a lesson, and those of the grades below in which its learners sat before; in the country
    /// also the same course a year ago.
    async fn teach(
        &mut self,
        batch: &Batch,
        (programme, number): (Uuid, u32),
        lesson: &'static Lesson,
        grades: &Grades,
        teachers: &[Uuid],
    ) -> Result<Room, Error> {
        let mut opens = self.opening_of(lesson);
        let mut newest = Box::pin(self.open(batch, (programme, number), lesson, opens, teachers)).await?;
        if lesson.when != When::Now || !(self.plan.national || lesson.grade.is_some()) {
            return Ok(newest);
        }
        let mut earlier = Vec::new();
        let below = std::iter::successors(lesson.grade, |grade| lessons::grade_below(grade)).skip(1);
        let below: Vec<_> = below.map_while(|grade| grades.get(grade)).copied().collect();
        let courses = if lesson.grade.is_some() { below } else { vec![(programme, lesson)] };
        for (programme, lesson) in courses {
            opens = opens - Months::new(12);
            let past = Lesson { when: When::Past, ..*lesson };
            earlier.push(Box::pin(self.open(batch, (programme, number), &past, opens, teachers)).await?);
        }
        newest.before = earlier.into_iter().rev().fold(None, |before, room| Some(Box::new(Room { before, ..room })));
        Ok(newest)
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
            for sat in room.history() {
                let path = if std::ptr::eq(sat, room) {
                    histories::choose(&sat.lesson, (records_start, sat.before.is_some()), &mut self.dice)
                } else {
                    histories::passed(&sat.lesson)
                };
                self.enrol(batch, learner.record.id, sat, path).await?;
            }
        }
        Ok(())
    }

    /// Gives a learner a place in a class, and what comes of it.
    async fn enrol(&mut self, batch: &Batch, learner: Uuid, room: &Room, path: histories::Path) -> Result<(), Error> {
        let Room { class, lesson, choice, opens, .. } = room;
        let first = *opens.min(&self.ctx.clock.today());
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
        self.walk(batch, made.record.id, path, first, lesson).await
    }

    /// Closes a class of the past, and cancels some of those to come.
    async fn end(&mut self, batch: &Batch, room: &Room) -> Result<(), Error> {
        let step = match room.lesson.when {
            When::Past => Some((ClassEvent::Close, Some(room.closes()))),
            // Not every course to come finds enough learners.
            When::Coming if self.dice.chance(20) => Some((ClassEvent::Cancel, None)),
            When::Now | When::Coming => None,
        };
        if let Some((event, on)) = step {
            self.noted(&batch.step_class(room.class, event, on).await?);
        }
        Ok(())
    }

    fn opening_of(&self, lesson: &Lesson) -> NaiveDate {
        let start = self.plan.start();
        match lesson.when {
            When::Now => start,
            When::Past => start - Days::new(histories::length(lesson) + 15),
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
        // Some rooms are too small: the answers to the last enrolments warn.
        let capacity = if self.dice.chance(3) { lesson.size.0 } else { lesson.size.1 };
        json!({
            "programmeId": programme_id,
            // A summer course belongs to the school year that it ends.
            "schoolYear": SchoolYear::of(opens),
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

/// A number of classes or people at the plan's scale; what is left over decides by chance.
pub fn scaled(full: u32, scale: u32, dice: &mut Dice) -> u32 {
    let hundredths = full * scale;
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
