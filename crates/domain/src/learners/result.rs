//! What a learner has reached in a term, a year or a course (Kết quả học tập).
//!
//! QĐ 4998/QĐ-BGDĐT has one form for the results of a term or a year and one for those of the tests
//! in summer; both are results of an enrolment here, told apart by their term. Measures of
//! discipline and the class of the diploma are part of the first and are not kept: nothing that this
//! service does needs them. Rewards stand with the learner.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::literacy::LiteracyResult;
use crate::{Decimal2, List, code_enum, envelope::Envelope, exchange::external_id::ExternalId};

code_enum! {
    /// What a result is of.
    ResultTerm {
        Term1 = "term_1" ("Học kỳ 1", "Term 1"),
        Term2 = "term_2" ("Học kỳ 2", "Term 2"),
        /// A course that knows no years has its result here.
        Year = "year" ("Cả năm, cả khoá", "Whole year or course"),
        /// After the tests and the training of the summer; it takes the place of the year's
        /// (TT 43/2021/TT-BGDĐT art. 12, 13).
        Retest = "retest" ("Thi lại, rèn luyện lại trong hè", "After the tests in summer"),
        /// Terms of the literacy programme (TT 33/2021/TT-BGDĐT).
        Literacy1 = "literacy_term_1" ("Kỳ 1 xoá mù chữ", "Literacy programme, term 1"),
        Literacy2 = "literacy_term_2" ("Kỳ 2 xoá mù chữ", "Literacy programme, term 2"),
        Literacy3 = "literacy_term_3" ("Kỳ 3 xoá mù chữ", "Literacy programme, term 3"),
        Literacy4 = "literacy_term_4" ("Kỳ 4 xoá mù chữ", "Literacy programme, term 4"),
        Literacy5 = "literacy_term_5" ("Kỳ 5 xoá mù chữ", "Literacy programme, term 5"),
    }
}

code_enum! {
    /// Result of learning (TT 43/2021/TT-BGDĐT).
    AcademicLevel {
        Good = "good" ("Tốt", "Good"),
        Fair = "fair" ("Khá", "Fair"),
        Pass = "pass" ("Đạt", "Pass"),
        Fail = "fail" ("Chưa đạt", "Fail"),
    }
}

code_enum! {
    /// Result of training in conduct (Rèn luyện, TT 43/2021/TT-BGDĐT).
    ConductLevel {
        Good = "good" ("Tốt", "Good"),
        Fair = "fair" ("Khá", "Fair"),
        Pass = "pass" ("Đạt", "Pass"),
        Fail = "fail" ("Chưa đạt", "Fail"),
    }
}

code_enum! {
    /// Title of a learner at the end of a year (TT 43/2021/TT-BGDĐT art. 14).
    LearnerTitle {
        Excellent = "excellent_learner" ("Học viên Xuất sắc", "Excellent learner"),
        Good = "good_learner" ("Học viên Giỏi", "Good learner"),
    }
}

/// The score of a subject.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(input_name = "SubjectScoreInput")]
pub struct SubjectScore {
    /// Code of the subject (Môn học). QĐ 4998: `MA_MON_HOC`.
    pub subject: String,
    /// Score, 0 to 10 with one decimal (Điểm). QĐ 4998: `DIEM`.
    pub score: Decimal2,
}

crate::rules!(SubjectScore { score: number(0, 10) });

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_result")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre that runs the class.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// The enrolment that the result is of.
    pub enrolment_id: Uuid,
    /// What it is of. `HOC_KY`.
    pub term: ResultTerm,
    /// Its class; that of the enrolment. `MA_LOP`.
    pub class_id: Uuid,
    /// Its learner; that of the enrolment. `HOC_VIEN_ID`.
    pub learner_id: Uuid,
    /// Mean of the subjects, 0 to 10 with one decimal; basic. `DIEM_TONG_KET`.
    pub overall_score: Option<Decimal2>,
    /// Result of learning; basic. `MA_HOC_LUC`.
    pub academic_level: Option<AcademicLevel>,
    /// Result of training in conduct; restricted. `MA_HANH_KIEM`.
    #[sea_orm(ignore)]
    pub conduct_level: Option<ConductLevel>,
    /// Result of a term of the literacy programme; basic.
    pub literacy_result: Option<LiteracyResult>,
    /// Title at the end of the year; basic. `MA_DANH_HIEU`.
    pub title: Option<LearnerTitle>,
    /// Days, or sessions where there is one a day, that were missed; basic. `SO_NGAY_NGHI`.
    pub days_absent: Option<i32>,
    /// Goes up to the next grade, or has completed the last one; basic. `IS_LEN_LOP`.
    pub promoted: Option<bool>,
    /// Has to train conduct again in summer; basic. `IS_REN_LUYEN_LAI`.
    pub must_retrain_conduct: Option<bool>,
    /// May sit for or be considered for graduation; basic. `IS_DU_THI_XET_TOT_NGHIEP`.
    pub eligible_for_graduation: Option<bool>,
    /// Scores of the subjects; basic. `DIEM_MONS`.
    pub subject_scores: List<SubjectScore>,
    /// Remark (Nhận xét), at most 255 characters; basic. `NHAN_XET`.
    pub remark: Option<String>,
    /// The level of conduct, which has no column, encrypted.
    pub envelope: Option<Envelope>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl ResultTerm {
    /// The term of the literacy programme, 1 to 5.
    pub const fn of_literacy(self) -> Option<u8> {
        match self {
            Self::Literacy1 => Some(1),
            Self::Literacy2 => Some(2),
            Self::Literacy3 => Some(3),
            Self::Literacy4 => Some(4),
            Self::Literacy5 => Some(5),
            Self::Term1 | Self::Term2 | Self::Year | Self::Retest => None,
        }
    }

    /// Whether it is decided then who goes up.
    pub const fn ends_year(self) -> bool {
        matches!(self, Self::Year | Self::Retest)
    }
}

#[cfg(test)]
mod tests {
    use super::{AcademicLevel, ConductLevel};
    use crate::territory::code_list;

    #[test]
    fn levels_are_those_of_the_code_lists() {
        let codes = |list| code_list::items(list).iter().map(|item| item.code.as_str()).collect::<Vec<_>>();
        assert_eq!(codes("academic_level"), AcademicLevel::ALL.iter().map(|level| level.code()).collect::<Vec<_>>());
        assert_eq!(codes("conduct_level"), ConductLevel::ALL.iter().map(|level| level.code()).collect::<Vec<_>>());
    }
}
