//! Whether somebody is new in a kind of programme, since forms ask for new learners apart from those who go on.

use crate::{SchoolYear, code_enum};

code_enum! {
    /// Whether a learner is new.
    Entry {
        /// No earlier year in the same kind of programme is on record.
        New = "new" ("Tuyển mới", "New"),
        Continuing = "continuing" ("Học tiếp", "Continuing"),
    }
}

impl Entry {
    /// Of a school year, when the first one in the same kind of programme is known.
    pub fn of(year: SchoolYear, first: SchoolYear) -> Self {
        if first < year { Self::Continuing } else { Self::New }
    }
}

#[cfg(test)]
mod tests {
    use super::Entry;
    use crate::SchoolYear;

    #[test]
    fn the_first_year_is_that_of_a_new_learner() {
        assert_eq!(Entry::of(SchoolYear(2025), SchoolYear(2025)), Entry::New);
        assert_eq!(Entry::of(SchoolYear(2025), SchoolYear(2024)), Entry::Continuing);
    }
}
