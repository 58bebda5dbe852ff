//! What happens to centres after they began: the decisions of the years around the reform.

use chrono::{Days, NaiveDate};
use gdtx_domain::territory::{
    successor::{AreaExtent, predecessors},
    unit::Unit,
};
use gdtx_service::{
    Error,
    centres::{centre::Centres, event},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{World, shape};

/// What becomes of a centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Goes on as it began.
    Steady,
    /// Still a proposal.
    Proposed,
    /// Founded and not yet open.
    Established,
    /// Takes another name.
    Renamed,
    /// Passed from the district to the department on 1 July 2025.
    Transferred,
    Suspended,
    /// Suspended and opened again.
    Resumed,
    Dissolved,
    /// Goes into the centre of its kind before it.
    Merged,
}

impl Fate {
    /// Whether the centre teaches in the school year.
    pub const fn teaches(self) -> bool {
        matches!(self, Self::Steady | Self::Renamed | Self::Transferred | Self::Resumed)
    }
}

/// The day on which districts ended and communes were formed anew.
pub const REFORM: &str = "2025-07-01";

impl World<'_> {
    /// Records what a centre lives through. `neighbour` takes in a merged one.
    pub async fn live(&mut self, id: Uuid, name: &str, fate: Fate, neighbour: Option<Uuid>) -> Result<(), Error> {
        let today = self.ctx.clock.today();
        let ago = |days: u64| today.checked_sub_days(Days::new(days)).unwrap_or(today);
        match fate {
            Fate::Steady | Fate::Proposed | Fate::Established => Ok(()),
            Fate::Renamed => {
                let new = format!("{} Mới (mẫu)", name.trim_end_matches(" (mẫu)"));
                self.event(id, json!({ "kind": "rename", "effectiveOn": ago(60), "newName": new })).await
            }
            Fate::Transferred => {
                let body = "Sở Giáo dục và Đào tạo (mẫu)";
                let event = json!({
                    "kind": "transfer_authority", "effectiveOn": REFORM,
                    "newManagingBody": body, "newAuthorityKind": "so_gddt",
                });
                self.event(id, event).await
            }
            Fate::Suspended => self.suspend(id, ago(20)).await,
            Fate::Resumed => {
                self.suspend(id, ago(120)).await?;
                let event = self.decided("resume", ago(60), "so_gddt");
                self.event(id, event).await
            }
            Fate::Dissolved => {
                let mut event = self.decided("dissolve", ago(40), "so_gddt");
                event["ground"] = json!(self.dice.pick(&["owner_request", "owner_request", "quality_not_assured"]));
                self.event(id, event).await
            }
            Fate::Merged => {
                let Some(into) = neighbour else { return Ok(()) };
                let mut event = self.decided("merge", ago(50), "so_gddt");
                event["successorIds"] = json!([into]);
                self.event(id, event).await
            }
        }
    }

    async fn suspend(&mut self, id: Uuid, on: NaiveDate) -> Result<(), Error> {
        let mut event = self.decided("suspend", on, "so_gddt");
        event["ground"] = json!(self.dice.pick(&["conditions_not_kept", "administrative_sanction"]));
        event["suspendedFrom"] = json!(on);
        event["suspendedTo"] = json!(on.checked_add_days(Days::new(90)));
        self.event(id, event).await
    }

    /// An event that rests on a decision of the same day.
    fn decided(&mut self, kind: &str, on: NaiveDate, authority: &str) -> Value {
        json!({
            "kind": kind,
            "effectiveOn": on,
            "decisionNumber": format!("{}/QĐ-MAU", self.dice.between(1, 999)),
            "decisionDate": on,
            "authorityKind": authority,
        })
    }

    async fn event(&mut self, centre: Uuid, event: Value) -> Result<(), Error> {
        self.summary.centre_events += 1;
        let done = Box::pin(event::record(self.ctx, centre, shape(event)?, None)).await?;
        self.warned(&done.warnings);
        Ok(())
    }

    /// Puts the community learning centres of the communes before the reform on record, and merges
    /// them into the one of the commune of today.
    pub async fn form_out_of_old(&mut self, unit: &Unit, into: Uuid) -> Result<(), Error> {
        let whole = predecessors(unit).into_iter().filter(|link| link.area_extent == AreaExtent::Whole);
        for link in whole.filter(|link| link.from_code.len() == 5) {
            let founded =
                NaiveDate::from_ymd_opt(2008, 1, 1).unwrap_or_default() + Days::new(self.dice.between(0, 4_000).into());
            let centre = json!({
                "name": format!("Trung tâm học tập cộng đồng xã cũ {} (mẫu)", link.from_code),
                "kind": "community_learning_centre",
                "ownership": "public",
                "place": { "code": link.from_code, "asOf": "2025-06-30" },
                "initialStatus": "operating",
                "establishment": {
                    "decisionNumber": format!("{}/QĐ-MAU", self.dice.between(1, 999)),
                    "decisionDate": founded,
                    "authorityKind": "ubnd_huyen",
                },
                "establishedOn": { "value": founded.format("%Y").to_string(), "precision": "year" },
            });
            let done = Box::pin(gdtx_service::create::<Centres>(self.ctx, shape(centre)?)).await?;
            self.warned(&done.warnings);
            self.summary.centres += 1;
            let merged = NaiveDate::from_ymd_opt(2025, 8, 1).unwrap_or_default();
            let mut event = self.decided("merge", merged, "ubnd_xa");
            event["successorIds"] = json!([into]);
            self.event(done.record.id, event).await?;
        }
        Ok(())
    }
}
