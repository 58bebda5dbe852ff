//! Every number of the demonstration in one place, each with where it comes from.
//!
//! *Counted*: published figures of Viet Nam's education statistics and press. *Peer*: a province
//! of like size. *Guess*: nobody published it; it is there so that the case occurs. Nothing here
//! says anything about a real centre or person.

/// A kind of centre: its code, the beginning of its invented names, how many a province has for
/// every hundred communes, and in how many percent of centres the State is the owner.
pub struct Kind {
    pub code: &'static str,
    pub title: &'static str,
    pub per_hundred_communes: u32,
    pub public: bool,
}

/// Hải Phòng has 114 communes since 1 July 2025. Peer: Hưng Yên has 2 GDTX and 18 GDNN-GDTX
/// centres. Counted: 357 language, IT, life-skill and extracurricular centres in the old city
/// (2024-25), here with a share for Hải Dương, and split as the country is: 5,642 language and IT
/// to 658 life-skill centres (2021). Community learning centres: see [`COMMUNITY_PERCENT`].
pub const KINDS: [Kind; 6] = [
    kind("gdtx_centre", "Trung tâm Giáo dục thường xuyên", 2, true),
    kind("vocational_gdtx_centre", "Trung tâm GDNN-GDTX", 20, true),
    kind("language_it_centre", "Trung tâm Ngoại ngữ - Tin học", 395, false),
    kind("life_skills_centre", "Trung tâm Kỹ năng sống", 53, false),
    kind("knowledge_culture_arts_centre", "Trung tâm Bồi dưỡng kiến thức, văn hóa", 88, false),
    kind("extracurricular_centre", "Trung tâm Hoạt động ngoài giờ chính khóa", 44, false),
];

const fn kind(code: &'static str, title: &'static str, per_hundred_communes: u32, public: bool) -> Kind {
    Kind { code, title, per_hundred_communes, public }
}

/// Counted: 10,917 community learning centres stood in 97.8% of the communes (2018-19).
pub const COMMUNITY_PERCENT: u32 = 98;
/// Counted: 24.5 million attendances in about 10,900 community learning centres (2024-25), some
/// 2,250 a centre and year.
pub const COMMUNITY_ATTENDANCES: (u32, u32) = (1_000, 3_500);
/// Peer: 158 of 1,961 language and IT centres of Hồ Chí Minh City have foreign capital (2025).
pub const FOREIGN_CAPITAL_PERCENT: u32 = 8;
/// Guess: communes whose community learning centre was formed anew out of those of the communes
/// before 1 July 2025, percent. The merging itself is counted, its number is not.
pub const FORMED_ANEW_PERCENT: u32 = 10;

/// Guess: centres of the kinds above in the country, percent of what Hải Phòng has for its communes;
/// meant to give 15,000 centres.
pub const NATIONAL_CENTRES_PERCENT: u32 = 59;
/// Guess: classes of the country in hundredths of the full number; meant to give a million learners.
pub const NATIONAL_CLASSES: u32 = 70;
/// Guess: dossiers in the country for each in the table, where people and groups hold them; meant to
/// give 20,000 recognitions.
pub const NATIONAL_CASES: usize = 9;

/// Guess: completed enrolments of the country whose results are on record, percent; in one province all are.
pub const NATIONAL_RESULTS_PERCENT: u32 = 10;

/// Guess: learners of a grade who went up only after the tests in summer, percent.
pub const RETESTS_PERCENT: u32 = 4;

/// Learners in a class. Counted ranges: languages 5 to 25 (5.5 on average in Hồ Chí Minh City),
/// upper secondary 35 to 45, literacy 12 to 25 (15.5 in 15 classes of Võ Nhai, 2024).
pub const LANGUAGE_CLASS: (u32, u32) = (5, 25);
pub const UPPER_CLASS: (u32, u32) = (35, 45);
pub const LITERACY_CLASS: (u32, u32) = (12, 25);

/// Who learns in a kind of class: ages in years, and percent of women and of ethnic minorities.
#[derive(Clone, Copy)]
pub struct Crowd {
    pub ages: (u32, u32),
    pub women: u32,
    pub minority: u32,
}

/// Guess, but for literacy: counted are its shape (mostly 36 to 60 years, women, minorities) and
/// its 80% minorities country-wide (2024-25), of which a delta city has far fewer.
pub const YOUNG: Crowd = Crowd { ages: (15, 19), women: 42, minority: 1 };
pub const ADULTS: Crowd = Crowd { ages: (19, 62), women: 58, minority: 1 };
pub const CHILDREN: Crowd = Crowd { ages: (7, 15), women: 51, minority: 1 };
pub const MIXED: Crowd = Crowd { ages: (8, 40), women: 55, minority: 1 };
pub const LITERACY: Crowd = Crowd { ages: (30, 59), women: 64, minority: 30 };

/// Percent of community learning centres with a class of each literacy stage: with these, 100 to
/// 500 learners a year. Counted: both stages are equally many country-wide (34,920 and 35,799).
pub const LITERACY_PERCENT: u32 = 9;

/// What happens to centres, in thousandths. Guess: no register of these events is published.
pub const PRIVATE_FATES: [(super::life::Fate, u32); 7] = [
    (super::life::Fate::Proposed, 12),
    (super::life::Fate::Established, 10),
    (super::life::Fate::Renamed, 25),
    (super::life::Fate::Suspended, 15),
    (super::life::Fate::Resumed, 8),
    (super::life::Fate::Dissolved, 15),
    (super::life::Fate::Merged, 8),
];

/// Guess: learners with a disability and of poor or nearly poor households, percent.
pub const DISABLED_PERCENT: u32 = 2;
pub const POOR_PERCENT: u32 = 4;

/// Counted: 98.60% of the communes hold level 2 of literacy (2024).
pub const LITERACY_LEVEL_2_PERCENT: u32 = 98;
