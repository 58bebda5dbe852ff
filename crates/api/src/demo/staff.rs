//! Invented staff of a centre: who leads it, who teaches and who does the rest.

use chrono::{Days, NaiveDate};
use gdtx_service::{Batch, Error, centres::staff_member::StaffMembers};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{World, centres::NewCentre, dice::Dice, people, school::scaled, shape};

/// How many of each group a kind of centre has, at full scale. Guess.
struct Posts {
    managers: (u32, u32),
    teachers: (u32, u32),
    employees: (u32, u32),
    /// Contracts of those who are there for good and of the others.
    contracts: [&'static str; 2],
    /// What teachers teach, by the Ministry's list; nothing where it has no such subject.
    subjects: &'static [&'static str],
}

const SECONDARY: Posts = Posts {
    managers: (1, 2),
    teachers: (12, 20),
    employees: (1, 3),
    contracts: ["official_indefinite", "visiting"],
    subjects: &[
        "toan",
        "ngu_van",
        "lich_su",
        "dia_li",
        "vat_li",
        "hoa_hoc",
        "sinh_hoc",
        "tin_hoc",
        "ngoai_ngu",
        "gdcd",
    ],
};
const COMMUNITY: Posts = Posts {
    managers: (1, 1),
    teachers: (2, 4),
    employees: (0, 0),
    contracts: ["service_contract", "visiting"],
    subjects: &["toan", "ngu_van"],
};
const LANGUAGES: Posts = Posts {
    managers: (1, 1),
    teachers: (2, 6),
    employees: (0, 2),
    contracts: ["labour_over_1_year", "labour_up_to_1_year"],
    subjects: &["ngoai_ngu", "tin_hoc"],
};
const OTHER: Posts = Posts { subjects: &[], ..LANGUAGES };

fn of(kind: &str) -> &'static Posts {
    match kind {
        "gdtx_centre" | "vocational_gdtx_centre" => &SECONDARY,
        "community_learning_centre" => &COMMUNITY,
        "language_it_centre" => &LANGUAGES,
        _ => &OTHER,
    }
}

/// What becomes of staff beside working, in thousandths. Guess.
const STATUSES: [(&str, u32); 4] = [("awaiting_retirement", 10), ("moved_in", 20), ("seconded", 10), ("moved_out", 10)];

impl World<'_> {
    /// Creates the staff of a centre; tells its teachers.
    pub async fn hire(&mut self, batch: &Batch, id: Uuid, centre: &NewCentre) -> Result<Vec<Uuid>, Error> {
        let posts = of(centre.kind);
        let mut people = Vec::new();
        for (group, (least, most)) in
            [("manager", posts.managers), ("teacher", posts.teachers), ("employee", posts.employees)]
        {
            let full = self.dice.between(least, most);
            // Small plans have small centres; somebody leads and teaches in each.
            for nth in 0..scaled(full, self.plan.scale, &mut self.dice).max(least.min(3)) {
                let number = people.len() + 1;
                people.push(shape(self.member(id, centre, group, nth == 0, number))?);
            }
        }
        let hired = batch.create_all::<StaffMembers>(people).await?;
        self.summary.staff_members += hired.len();
        for one in &hired {
            self.noted(one);
        }
        let hired = hired.iter().map(|one| &one.record);
        let here = hired
            .filter(|one| one.staff_group.as_deref() == Some("teacher") && one.status.as_deref() == Some("working"));
        Ok(here.map(|one| one.id).collect())
    }

    /// An invented member of staff. The first of a group works there; the first manager is the director.
    fn member(&mut self, centre_id: Uuid, centre: &NewCentre, group: &str, first: bool, number: usize) -> Value {
        let (posts, start, dice) = (of(centre.kind), self.plan.start(), &mut self.dice);
        let woman = dice.chance(60);
        let director = centre.body["directorName"].as_str().filter(|_| first && group == "manager");
        let (name, woman) = match director {
            Some(name) => (name.to_owned(), people::is_woman(name)),
            None => (people::name(dice, woman), woman),
        };
        let born = people::birth_date(dice, (24, 59), start);
        let community = centre.kind == "community_learning_centre";
        let status = dice.by_thousandths(&STATUSES).filter(|_| !first).unwrap_or("working");
        let recruited = recruited(born, start - Days::new(30), dice.between(0, 100));
        let mut member = json!({
            "centreId": centre_id,
            "externalIds": [{ "system": people::MARK, "value": format!("{centre_id}-staff-{number}") }],
            "fullName": name,
            "dateOfBirth": { "value": born.to_string(), "precision": "day" },
            "gender": if woman { "female" } else { "male" },
            "nationality": "VN",
            "ethnicGroup": if dice.chance(2) { dice.pick(&people::MINORITIES) } else { "kinh" },
            "staffGroup": group,
            "status": status,
            "contractKind": posts.contracts[usize::from(dice.chance(25))],
            // Who works at a community learning centre mostly holds another post too.
            "isPartTime": community || dice.chance(10),
            "recruitedOn": recruited,
            "endedOn": (status == "moved_out").then(|| start - Days::new(30)),
            "professionalQualification": dice.pick(&["dai_hoc", "dai_hoc_su_pham", "thac_si", "cao_dang_su_pham"]),
            "itLevel": dice.pick(&["co_ban_tt03", "co_ban_tt03", "nang_cao_tt03", "chuan_ic3"]),
            "foreignLanguage": "english",
            "foreignLanguageLevel": dice.pick(&["level_2", "level_3", "level_3", "level_4"]),
        });
        appoint(dice, centre.kind, group, (first, number), &mut member);
        member
    }
}

/// What goes with the group of an invented member of staff, of whom so many came before at the centre.
fn appoint(dice: &mut Dice, kind: &str, group: &str, (first, number): (bool, usize), member: &mut Value) {
    let posts = of(kind);
    match group {
        "manager" => {
            member["position"] = json!(if first { "giam_doc" } else { "pho_giam_doc" });
            member["educationManagementLevel"] = json!("certificate");
            member["politicalTheoryLevel"] = json!("intermediate");
        }
        "employee" => {
            let position = dice.pick(&["nhan_vien_ke_toan", "nhan_vien_van_thu", "nhan_vien_bao_ve"]);
            member["position"] = json!(position);
        }
        // A part of the teachers of a GDNN-GDTX centre teaches trades.
        _ if kind == "vocational_gdtx_centre" && !first && dice.chance(20) => {
            member["staffGroup"] = json!("vocational_teacher");
        }
        _ => {
            member["taughtSubject"] = posts.subjects.get(number % posts.subjects.len().max(1)).copied().into();
            member["professionalStandardResult"] = json!(dice.pick(&["good", "fair", "fair", "pass"]));
        }
    }
    if posts.contracts[0].starts_with("official") {
        member["officialRating"] = json!(dice.pick(&["excellent", "good", "good", "completed"]));
    }
}

/// A day of recruitment in the life of somebody at work, `percent` of the way from 23 years of age to today.
fn recruited(born: NaiveDate, today: NaiveDate, percent: u32) -> NaiveDate {
    let first = born + Days::new(23 * 365 + 6);
    let days = u64::try_from((today - first).num_days()).unwrap_or_default();
    first + Days::new(days * u64::from(percent) / 100)
}
