//! Invented land, rooms and sites of a centre.

use gdtx_service::{
    Batch, Error,
    centres::{campus::Campuses, land::Lands, room::Rooms},
};
use serde_json::json;
use uuid::Uuid;

use super::{World, centres::NewCentre, shape};

/// What a kind of centre stands on: percent with land of their own, rooms with their area in m²
/// and how many there are, percent with another site and what that is. Guess.
struct Premises {
    land_percent: u32,
    rooms: &'static [(&'static str, u32, (u32, u32))],
    site_percent: u32,
    site: &'static str,
}

const SECONDARY: Premises = Premises {
    land_percent: 100,
    rooms: &[
        ("Phòng học", 48, (8, 24)),
        ("Phòng máy tính", 54, (1, 3)),
        ("Phòng thực hành, thí nghiệm", 60, (1, 4)),
        ("Thư viện", 72, (1, 1)),
    ],
    site_percent: 30,
    site: "campus",
};
const COMMUNITY: Premises =
    Premises {
        land_percent: 10, rooms: &[("Hội trường", 90, (1, 1))], site_percent: 0, site: "operating_location"
    };
const PRIVATE: Premises =
    Premises { land_percent: 3, rooms: &[("Phòng học", 30, (2, 12))], site_percent: 8, site: "operating_location" };

fn of(kind: &str) -> &'static Premises {
    match kind {
        "gdtx_centre" | "vocational_gdtx_centre" => &SECONDARY,
        "community_learning_centre" => &COMMUNITY,
        _ => &PRIVATE,
    }
}

impl World<'_> {
    /// Creates what the centre stands on.
    pub async fn build(&mut self, batch: &Batch, id: Uuid, centre: &NewCentre) -> Result<(), Error> {
        let premises = of(centre.kind);
        if centre.first || self.dice.chance(premises.land_percent) {
            let area = self.dice.between(400, 9_000);
            let land = json!({
                "centreId": id,
                "location": format!("{} (mẫu)", centre.unit.name_with_type),
                "landAreaM2": area,
                "builtAreaM2": area * self.dice.between(20, 60) / 100,
                "ownerName": "Chủ sở hữu (mẫu)",
                "landUse": "Đất cơ sở giáo dục và đào tạo",
                "useStartYear": self.dice.between(1995, 2020),
            });
            self.noted(&batch.create::<Lands>(shape(land)?).await?);
            self.summary.lands += 1;
        }
        for (name, area, (least, most)) in premises.rooms {
            let count = self.dice.between(*least, *most);
            // Some totals are mistyped, as they are in real reports: the answer warns.
            let slip = u32::from(self.dice.chance(3));
            let room = json!({
                "centreId": id, "roomName": name, "areaM2": area, "count": count, "totalAreaM2": area * count + slip,
            });
            self.noted(&batch.create::<Rooms>(shape(room)?).await?);
            self.summary.rooms += 1;
        }
        if premises.site_percent > 0 && (centre.first || self.dice.chance(premises.site_percent)) {
            let site = json!({
                "centreId": id,
                "name": format!("Cơ sở 2 – {}", centre.name),
                "kind": premises.site,
                "place": { "code": centre.unit.code },
                "distanceKm": self.dice.between(1, 15),
                "areaM2": self.dice.between(60, 900),
            });
            self.noted(&batch.create::<Campuses>(shape(site)?).await?);
            self.summary.campuses += 1;
        }
        Ok(())
    }
}
