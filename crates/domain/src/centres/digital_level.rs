//! The level of digital transformation that points stand for, so that 75 means one thing everywhere.
//!
//! QĐ 4725/QĐ-BGDĐT (30/12/2022): two groups of items, teaching and management, 100 points each.

use crate::{Decimal2, code_enum};

code_enum! {
    /// Level of digital transformation of a centre.
    DigitalLevel {
        /// Level 1: below 50 points.
        NotMet = "not_met" ("Chưa đáp ứng", "Not met"),
        /// Level 2: 50 to 75 points, both included.
        Basic = "basic" ("Đáp ứng cơ bản", "Basically met"),
        /// Level 3: above 75 points.
        Good = "good" ("Đáp ứng tốt", "Well met"),
    }
}

/// The most points that one group can reach.
pub const GROUP_MAXIMUM: Decimal2 = Decimal2(10_000);
/// From here on a group is at level 2.
const BASIC_FROM: Decimal2 = Decimal2(5_000);
/// Above this a group is at level 3.
const GOOD_ABOVE: Decimal2 = Decimal2(7_500);

impl DigitalLevel {
    /// The level of one group of items; `None` outside 0 to 100 points.
    pub fn of_group(points: Decimal2) -> Option<Self> {
        if points < Decimal2(0) || points > GROUP_MAXIMUM {
            return None;
        }
        Some(if points > GOOD_ABOVE {
            Self::Good
        } else if points >= BASIC_FROM {
            Self::Basic
        } else {
            Self::NotMet
        })
    }

    /// The lower of both groups. The decision speaks of "the total of each group" and fixes no
    /// overall level: this reading is `unverified` and is shown beside both group levels.
    pub fn overall(teaching: Self, management: Self) -> Self {
        teaching.min(management)
    }
}

#[cfg(test)]
mod tests {
    use super::DigitalLevel;
    use crate::Decimal2;

    #[test]
    fn boundaries_belong_to_level_two() {
        let level = |hundredths| DigitalLevel::of_group(Decimal2(hundredths));
        assert_eq!(level(4_999), Some(DigitalLevel::NotMet));
        assert_eq!(level(5_000), Some(DigitalLevel::Basic));
        assert_eq!(level(7_500), Some(DigitalLevel::Basic));
        assert_eq!(level(7_550), Some(DigitalLevel::Good));
        assert_eq!(level(10_001), None);
        assert_eq!(level(-1), None);
    }

    #[test]
    fn the_weaker_group_decides() {
        assert_eq!(DigitalLevel::overall(DigitalLevel::Good, DigitalLevel::NotMet), DigitalLevel::NotMet);
    }
}
