//! Invented recognitions: the literacy standard of every commune, and the table of cases.

use std::collections::HashSet;

use chrono::NaiveDate;
use gdtx_domain::{
    recognitions::{criteria, kind},
    territory::{
        find::find,
        successor::predecessors,
        unit::{LAST_LEGACY_DAY, Unit, UnitLevel},
    },
    text,
};
use gdtx_service::{
    Batch, Error,
    recognitions::{decision::Step, recognition::Recognitions},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Plan, World,
    cases::{CASES, End, Holder},
    dice::Dice,
    people, shape, shares,
};

/// A dossier and how far it comes.
struct Dossier {
    body: Value,
    level: Option<i32>,
    submitted: NaiveDate,
    decided: NaiveDate,
    authority: Option<&'static str>,
    end: End,
}

impl World<'_> {
    /// Creates every recognition.
    pub async fn recognise(&mut self, communes: &[&'static Unit]) -> Result<(), Error> {
        let batch = Batch::begin(self.ctx).await?;
        let today = self.ctx.clock.today();
        for unit in communes {
            let level = Some(if self.dice.chance(shares::LITERACY_LEVEL_2_PERCENT) { 2 } else { 1 });
            let body = dossier("literacy_place", self.plan.year, level, place(unit));
            self.decide(
                &batch,
                Dossier { body, level, submitted: today, decided: today, authority: None, end: End::Granted },
            )
            .await?;
        }
        for case in &CASES {
            let times = if self.plan.national && case.holder.is_many() { shares::NATIONAL_CASES } else { 1 };
            let wanted = (case.holder, case.count * times);
            let holders = holders(&mut self.dice, self.plan, communes, &self.secondary, wanted);
            for (number, holder) in holders.into_iter().enumerate() {
                let day = |text: &str| text.parse().unwrap_or(today);
                let body = dossier(case.kind, case.year, case.level, holder);
                let dossier = Dossier {
                    body,
                    level: case.level,
                    submitted: day(case.submitted),
                    decided: day(case.decided),
                    authority: case.authority,
                    end: case.ends[number % case.ends.len()],
                };
                self.decide(&batch, dossier).await?;
            }
        }
        batch.commit().await
    }

    /// Creates a dossier and takes the steps to its end.
    async fn decide(&mut self, batch: &Batch, dossier: Dossier) -> Result<(), Error> {
        let Dossier { mut body, level, submitted, decided, authority, end } = dossier;
        if end != End::Draft {
            body["submittedOn"] = json!(submitted);
        }
        let made = batch.create::<Recognitions>(shape(body)?).await?;
        self.noted(&made);
        self.summary.recognitions += 1;
        let reasons = json!({ "reasons": ["Lý do mẫu: minh chứng chưa đầy đủ."] });
        let appraise = || {
            shape(json!({
                "appraisedOn": decided, "body": "Tổ thẩm định (mẫu)",
                "proposesGrant": end != End::Refused, "level": level,
            }))
        };
        let number = format!("{}/QĐ-MAU", self.summary.recognitions);
        let steps = match end {
            End::Draft => vec![],
            End::Submitted => vec![Step::Submit],
            End::Returned => vec![Step::Submit, Step::Return(shape(reasons)?)],
            End::Withdrawn => vec![Step::Submit, Step::Withdraw],
            End::Appraised => vec![Step::Submit, Step::Appraise(appraise()?)],
            End::Refused => {
                let mut refusal = reasons;
                refusal["date"] = json!(decided);
                vec![Step::Submit, Step::Appraise(appraise()?), Step::Refuse(shape(refusal)?)]
            }
            End::Granted => {
                let grant = json!({
                    "number": number, "date": decided, "authority": "Cơ quan có thẩm quyền (mẫu)",
                    "authorityKind": authority, "level": level,
                });
                vec![Step::Submit, Step::Appraise(appraise()?), Step::Grant(shape(grant)?)]
            }
        };
        for step in steps {
            self.noted(&batch.take_step(made.record.id, step).await?);
        }
        Ok(())
    }
}

/// The first holders of a kind in the province, each as the fields that name it.
fn holders(
    dice: &mut Dice,
    plan: &Plan,
    communes: &[&'static Unit],
    secondary: &[Uuid],
    (holder, count): (Holder, usize),
) -> Vec<Value> {
    let mut taken = HashSet::new();
    let mut named = |kind: &str, name: &str| -> Vec<Value> {
        let one = |unit: &&Unit| {
            let mut person = people::adult_name(dice);
            while !taken.insert((unit.code.clone(), text::fold(&person))) {
                person = people::adult_name(dice);
            }
            let name = name.replace("{}", &person);
            json!({ "holderKind": kind, "holderName": name, "place": { "code": unit.code } })
        };
        communes.iter().cycle().take(count).map(one).collect()
    };
    // A commune that was divided lies under several of today's.
    let mut met = HashSet::new();
    let mut old = || {
        let links = communes.iter().flat_map(|unit| predecessors(unit));
        let once: Vec<_> = links.filter(|l| l.from_code.len() == 5 && met.insert(l.from_code.clone())).collect();
        once.into_iter().filter_map(|l| find(&l.from_code, Some(UnitLevel::Commune), LAST_LEGACY_DAY))
    };
    let all: Vec<Value> = match holder {
        Holder::Commune => communes.iter().map(|unit| place(unit)).collect(),
        Holder::OldCommune => old().map(place).collect(),
        Holder::OldDistrict => {
            let mut codes: Vec<String> = old().filter_map(|unit| unit.district_code.clone()).collect();
            codes.sort();
            codes.dedup();
            codes.iter().filter_map(|c| find(c, Some(UnitLevel::District), LAST_LEGACY_DAY)).map(place).collect()
        }
        Holder::Province => {
            find(&plan.province, Some(UnitLevel::Province), plan.start()).map(place).into_iter().collect()
        }
        Holder::Centre => {
            let centre = |id| json!({ "holderKind": "organisation", "centreId": id });
            secondary.iter().map(centre).collect()
        }
        Holder::Organisation => named("organisation", "Trường Mầm non {} (mẫu)"),
        Holder::Family => named("family", "Gia đình {} (mẫu)"),
        Holder::Clan => named("clan", "Dòng họ {} (mẫu)"),
        Holder::Village => named("village", "Tổ dân phố {} (mẫu)"),
        Holder::Citizen => named("citizen", "{} (mẫu)"),
    };
    all.into_iter().take(count).collect()
}

/// A unit as a holder, under the code of its days.
fn place(unit: &Unit) -> Value {
    let kind = match unit.level {
        UnitLevel::Province => "province",
        UnitLevel::District => "district",
        UnitLevel::Commune => "commune",
    };
    let as_of = unit.is_legacy().then_some(LAST_LEGACY_DAY);
    json!({ "holderKind": kind, "place": { "code": unit.code, "asOf": as_of } })
}

/// A dossier in which every indicator that was read is met.
fn dossier(kind: &str, year: i32, level: Option<i32>, holder: Value) -> Value {
    let mut body = holder;
    body["kind"] = json!(kind);
    body["assessedYear"] = json!(year);
    body["requestedLevel"] = json!(level);
    body["selfAssessment"] = json!("Số liệu mẫu: báo cáo tự đánh giá.");
    body["documents"] = json!(["Báo cáo tự đánh giá (mẫu)", "Bảng tổng hợp tiêu chí (mẫu)"]);
    let set = kind::find(kind).and_then(|k| k.criteria_set.as_deref()).and_then(criteria::find);
    if let Some(set) = set {
        let plain = set.indicators().filter(|(_, indicator)| indicator.applies_to.is_none());
        let mut rows: Vec<Value> =
            plain.map(|(_, indicator)| json!({ "indicator": indicator.code, "met": true })).collect();
        // Where the text of a criterion was not read, a result under its prefix stands for it.
        let unread = set.criteria.iter().filter(|c| !c.complete && c.indicators.is_empty());
        rows.extend(unread.map(|c| json!({ "indicator": format!("{}1", c.prefix()), "met": true })));
        body["indicatorResults"] = json!(rows);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use gdtx_domain::territory::find::{UnitFilter, valid_on};

    #[test]
    fn no_holder_in_the_country_comes_twice_for_one_case() {
        let provinces = UnitFilter { level: Some(UnitLevel::Province), ..UnitFilter::default() };
        let start = NaiveDate::from_ymd_opt(2025, 9, 5).unwrap_or_default();
        let mut found = 0;
        for (seed, unit) in (1..).zip(valid_on(start, &provinces)) {
            let plan =
                Plan { province: unit.code.clone(), year: 2025, seed, scale: 100, national: true, beside: false };
            let (mut dice, communes) = (Dice::new(seed), crate::demo::communes(&plan));
            for case in CASES {
                let wanted = (case.holder, case.count * shares::NATIONAL_CASES);
                let holders = holders(&mut dice, &plan, &communes, &[], wanted);
                let name =
                    |h: &Value| (text::fold(h["holderName"].as_str().unwrap_or_default()), h["place"].to_string());
                let names: HashSet<_> = holders.iter().map(name).collect();
                assert_eq!(names.len(), holders.len(), "{} in {}", case.kind, unit.code);
                found += holders.len();
            }
        }
        assert!(found > 10_000, "{found} holders");
    }
}
