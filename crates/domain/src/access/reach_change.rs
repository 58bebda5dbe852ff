//! What a client gains and loses when its reach changes.
//!
//! A replica drops what was lost and lists what was gained, in this order. Parts of a reach may
//! lie inside each other (a centre in a commune in a province), so a part that stays covered is
//! not lost, and a part that is kept inside a lost one is gained again.

use std::collections::HashMap;

use uuid::Uuid;

use super::reach::{Keys, Reach};

/// Where the named communes and centres lie today; parts that are absent lie nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Atlas {
    /// The province of a commune.
    pub communes: HashMap<String, String>,
    /// The keys of a centre.
    pub centres: HashMap<Uuid, Keys>,
}

/// A change of reach as a replica must follow it: first drop, then list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReachChange {
    pub lost: Reach,
    pub gained: Reach,
}

/// One entry of a reach.
enum Part<'a> {
    Country,
    Province(&'a str),
    Commune(&'a str),
    Centre(Uuid),
}

impl ReachChange {
    /// Compares two reaches.
    pub fn between(old: &Reach, new: &Reach, atlas: &Atlas) -> Self {
        let lost = old.keep(|part| !new.holds(part, atlas));
        let gained = new.keep(|part| !old.holds(part, atlas) || lost.holds(part, atlas));
        Self { lost, gained }
    }
}

impl Reach {
    /// Sorts the lists and drops what says nothing: repeated parts, and lists beside the country.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        if self.country {
            return Self::whole_country();
        }
        for codes in [&mut self.provinces, &mut self.communes] {
            codes.sort_unstable();
            codes.dedup();
        }
        self.centres.sort_unstable();
        self.centres.dedup();
        self
    }

    /// Whether a part lies inside.
    fn holds(&self, part: &Part<'_>, atlas: &Atlas) -> bool {
        match part {
            Part::Country => self.country,
            Part::Province(code) => self.covers(&Keys { province_code: Some((*code).to_owned()), ..Keys::default() }),
            Part::Commune(code) => self.covers(&Keys {
                province_code: atlas.communes.get(*code).cloned(),
                commune_code: Some((*code).to_owned()),
                centre_id: None,
            }),
            Part::Centre(id) => {
                let place = atlas.centres.get(id).cloned().unwrap_or_default();
                self.covers(&Keys { centre_id: Some(*id), ..place })
            }
        }
    }

    fn keep(&self, wanted: impl Fn(&Part<'_>) -> bool) -> Self {
        let codes = |codes: &[String], part: fn(&str) -> Part<'_>| {
            codes.iter().filter(|code| wanted(&part(code))).cloned().collect()
        };
        Self {
            country: self.country && wanted(&Part::Country),
            provinces: codes(&self.provinces, |code| Part::Province(code)),
            communes: codes(&self.communes, |code| Part::Commune(code)),
            centres: self.centres.iter().copied().filter(|id| wanted(&Part::Centre(*id))).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CENTRE: Uuid = Uuid::from_u128(1);

    fn atlas() -> Atlas {
        let keys =
            Keys { province_code: Some("31".into()), commune_code: Some("11410".into()), centre_id: Some(CENTRE) };
        Atlas {
            communes: HashMap::from([("11410".to_owned(), "31".to_owned())]),
            centres: HashMap::from([(CENTRE, keys)]),
        }
    }

    fn province(code: &str) -> Reach {
        Reach { provinces: vec![code.to_owned()], ..Reach::default() }
    }

    fn centre() -> Reach {
        Reach { centres: vec![CENTRE], ..Reach::default() }
    }

    #[test]
    fn nothing_changes_between_equal_reaches() {
        assert_eq!(ReachChange::between(&province("31"), &province("31"), &atlas()), ReachChange::default());
    }

    #[test]
    fn another_province_is_lost_and_gained() {
        let change = ReachChange::between(&province("31"), &province("01"), &atlas());
        assert_eq!(change, ReachChange { lost: province("31"), gained: province("01") });
    }

    #[test]
    fn a_kept_centre_inside_a_lost_province_is_gained_again() {
        let old = Reach { centres: vec![CENTRE], ..province("31") };
        let change = ReachChange::between(&old, &centre(), &atlas());
        assert_eq!(change, ReachChange { lost: province("31"), gained: centre() });
    }

    #[test]
    fn a_part_that_stays_covered_is_not_lost() {
        let old = Reach { communes: vec!["11410".to_owned()], centres: vec![CENTRE], ..province("31") };
        assert_eq!(ReachChange::between(&old, &province("31"), &atlas()), ReachChange::default());
        let back = ReachChange::between(&province("31"), &old, &atlas());
        assert_eq!(back, ReachChange::default(), "and naming it beside its province gains nothing");
    }

    #[test]
    fn a_province_instead_of_the_country_is_gained_after_the_loss() {
        let change = ReachChange::between(&Reach::whole_country(), &province("31"), &atlas());
        assert_eq!(change, ReachChange { lost: Reach::whole_country(), gained: province("31") });
        let change = ReachChange::between(&province("31"), &Reach::whole_country(), &atlas());
        assert_eq!(change, ReachChange { lost: Reach::default(), gained: Reach::whole_country() });
    }

    #[test]
    fn a_reach_is_kept_sorted_and_without_repeats() {
        let reach = Reach { provinces: vec!["31".into(), "01".into(), "31".into()], ..Reach::default() };
        assert_eq!(reach.clone().tidy().provinces, ["01", "31"]);
        assert_eq!(Reach { country: true, ..reach }.tidy(), Reach::whole_country());
    }
}
