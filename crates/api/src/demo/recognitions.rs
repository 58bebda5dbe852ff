//! Invented recognitions: the literacy standard of every commune, for the year of the plan.

use gdtx_domain::territory::{find::UnitFilter, find::valid_on, unit::UnitLevel};
use gdtx_service::{
    Ctx, Error,
    recognitions::{
        decision::{GrantRecognition, Step, take},
        recognition::Recognitions,
    },
};
use serde_json::json;

use super::{Plan, dice::Dice, shape};

/// Creates, submits, appraises and grants; two in a hundred stay with level 1.
pub async fn fill(ctx: &Ctx, plan: &Plan, dice: &mut Dice) -> Result<usize, Error> {
    let filter =
        UnitFilter { level: Some(UnitLevel::Commune), province_code: Some(&plan.province), ..UnitFilter::default() };
    let communes = valid_on(plan.start(), &filter);
    for (number, unit) in communes.iter().enumerate() {
        let level = if dice.chance(2) { 1 } else { 2 };
        let dossier = json!({
            "kind": "literacy_place",
            "holderKind": "commune",
            "holderName": unit.name_with_type,
            "place": { "code": unit.code },
            "assessedYear": plan.year,
            "requestedLevel": level,
            "selfAssessment": "Số liệu mẫu: báo cáo tự đánh giá.",
        });
        let id = gdtx_service::create::<Recognitions>(ctx, shape(dossier)?).await?.record.id;
        take(ctx, id, Step::Submit, None).await?;
        let appraisal = json!({
            "appraisedOn": ctx.clock.today(), "body": "Tổ thẩm định (mẫu)", "proposesGrant": true, "level": level,
        });
        take(ctx, id, Step::Appraise(shape(appraisal)?), None).await?;
        let grant: GrantRecognition = shape(json!({
            "number": format!("{}/QĐ-MAU", number + 1),
            "date": ctx.clock.today(),
            "authority": "Cơ quan có thẩm quyền (mẫu)",
            "level": level,
        }))?;
        take(ctx, id, Step::Grant(grant), None).await?;
    }
    Ok(communes.len())
}
