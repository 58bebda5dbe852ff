//! What figures are broken down by, and what the members of each dimension are called.
//!
//! A dimension names a field of the answer, so its code is written like one.

use chrono::NaiveDate;

use super::{age_band::AgeBand, area::Area, entry::Entry, period::StatisticsPeriod};
use crate::{
    Label,
    centres::{
        digital_level::DigitalLevel,
        kind::{CentreKind, Ownership},
        life_cycle::CentreStatus,
    },
    code_enum,
    learners::{
        enrolment::EnrolmentStatus,
        learner::Gender,
        literacy::{LiteracyLevel, LiteracyResult},
        result::{AcademicLevel, ConductLevel, ResultTerm},
    },
    programmes::{
        class::ClassState,
        kind::{self as programme_kind, ProgrammeGroup},
    },
    recognitions::{kind as recognition_kind, recognition::RecognitionState},
    territory::{code_list, find, unit::UnitLevel},
};

code_enum! {
    /// What figures are broken down by.
    Dimension {
        SchoolYear = "schoolYear" ("Năm học", "School year"),
        /// A point of the school year.
        Period = "period" ("Thời điểm", "Point in time"),
        /// A calendar year.
        Year = "year" ("Năm", "Year"),
        /// The province of today, or of the day whose boundaries are asked for.
        Province = "province" ("Tỉnh, thành phố", "Province"),
        /// There were districts until 2025-06-30: on the boundaries of a day before.
        District = "district" ("Quận, huyện (đến 30/6/2025)", "District (until 2025-06-30)"),
        /// The commune of today, or of the day whose boundaries are asked for.
        Commune = "commune" ("Xã, phường, đặc khu", "Commune"),
        /// As the kind of the commune tells.
        Area = "area" ("Thành thị, nông thôn", "Urban or rural"),
        /// The unit that was reported: a commune of today, or one of before 2025-07-01 with `@legacy` behind it.
        ReportedUnit = "reportedUnit" ("Đơn vị như đã báo cáo", "Unit as reported"),
        CentreKind = "centreKind" ("Loại hình cơ sở", "Kind of centre"),
        Ownership = "ownership" ("Loại hình sở hữu", "Ownership"),
        CentreStatus = "centreStatus" ("Tình trạng cơ sở", "Status of the centre"),
        Terrain = "terrain" ("Vùng địa hình", "Terrain"),
        /// Of the centre; one in several such areas is counted in each.
        DifficultArea = "difficultArea" ("Vùng khó khăn", "Difficult area"),
        DigitalLevel = "digitalLevel" ("Mức độ chuyển đổi số", "Digital level"),
        Facility = "facility" ("Cơ sở vật chất", "Facility"),
        /// Whether there is such a facility.
        Has = "has" ("Có hay không", "Whether there is one"),
        ProgrammeGroup = "programmeGroup" ("Nhóm chương trình", "Programme group"),
        ProgrammeKind = "programmeKind" ("Chương trình", "Programme"),
        Grade = "grade" ("Khối", "Grade"),
        StudyForm = "studyForm" ("Hình thức học", "Form of study"),
        ClassState = "classState" ("Trạng thái lớp", "State of the class"),
        Gender = "gender" ("Giới tính", "Gender"),
        /// Whether of an ethnic minority.
        Minority = "minority" ("Dân tộc thiểu số", "Ethnic minority"),
        EthnicGroup = "ethnicGroup" ("Dân tộc", "Ethnic group"),
        Disability = "disability" ("Khuyết tật", "Disability"),
        AgeBand = "ageBand" ("Nhóm tuổi", "Age band"),
        LiteracyLevel = "literacyLevel" ("Mức độ biết chữ", "Level of literacy"),
        /// Somebody of several groups is counted in each.
        PolicyGroup = "policyGroup" ("Diện chính sách", "Policy group"),
        /// Whether an earlier school year in the same kind of programme is on record.
        Entry = "entry" ("Tuyển mới hay học tiếp", "New or continuing"),
        EnrolmentStatus = "enrolmentStatus" ("Trạng thái ghi danh", "Status of the enrolment"),
        DropoutReason = "dropoutReason" ("Lý do thôi học", "Reason for dropping out"),
        /// What a result is of: the same learner has one of each.
        ResultTerm = "resultTerm" ("Học kỳ", "Term of the result"),
        AcademicLevel = "academicLevel" ("Kết quả học tập", "Result of learning"),
        ConductLevel = "conductLevel" ("Kết quả rèn luyện", "Result of conduct"),
        /// Whether somebody goes up to the next grade or has completed the last one.
        Promoted = "promoted" ("Được lên lớp", "Goes up"),
        LiteracyResult = "literacyResult" ("Kết quả kỳ xoá mù chữ", "Result of a literacy term"),
        StaffGroup = "staffGroup" ("Nhóm cán bộ", "Group of staff"),
        StaffStatus = "staffStatus" ("Trạng thái cán bộ", "Status of staff"),
        ContractKind = "contractKind" ("Hình thức hợp đồng", "Kind of contract"),
        Qualification = "qualification" ("Trình độ chuyên môn", "Professional qualification"),
        RecognitionKind = "recognitionKind" ("Danh hiệu, loại công nhận", "Kind of recognition"),
        RecognitionState = "recognitionState" ("Trạng thái hồ sơ", "State of the dossier"),
        Level = "level" ("Mức độ", "Level"),
    }
}

code_enum! {
    /// A facility of a centre.
    Facility {
        Computers = "computers" ("Máy tính", "Computers"),
        Internet = "internet" ("Internet", "Internet"),
        GridPower = "grid_power" ("Điện lưới", "Grid power"),
        CleanWater = "clean_water" ("Nước sạch", "Clean water"),
        Sanitation = "sanitation" ("Công trình vệ sinh", "Sanitation"),
        Accessible = "accessible" ("Tiếp cận cho người khuyết tật", "Accessible for disabled people"),
    }
}

code_enum! {
    /// An answer to a question.
    Answer {
        Yes = "yes" ("Có", "Yes"),
        No = "no" ("Không", "No"),
    }
}

/// The member of what is not told.
pub const NOT_TOLD: &str = "unknown";
/// The member of those of whom there is nothing of the kind to tell.
pub const NONE: &str = "none";
/// What stands behind the code of a unit of before 2025-07-01.
pub const LEGACY: &str = "@legacy";

impl Dimension {
    /// Whether figures of its members may be added up: points in time and terms hold the same people again, and somebody may
    /// be of several groups, or a centre of several areas.
    pub const fn adds_up(self) -> bool {
        !matches!(
            self,
            Self::SchoolYear
                | Self::Period
                | Self::ResultTerm
                | Self::Facility
                | Self::DifficultArea
                | Self::PolicyGroup
        )
    }

    /// Whether its members are years.
    pub const fn is_time(self) -> bool {
        matches!(self, Self::SchoolYear | Self::Year)
    }

    /// What a member is sorted by: what has an order of its own by that, the others by their codes, and what is
    /// not told at the end.
    pub fn order(self, code: &str) -> (bool, usize, &str) {
        let place = match self {
            Self::Period => StatisticsPeriod::ALL.iter().position(|period| period.code() == code),
            Self::AgeBand => AgeBand::ALL.iter().position(|band| band.code() == code),
            Self::LiteracyLevel => LiteracyLevel::ALL.iter().position(|level| level.code() == code),
            Self::ResultTerm => ResultTerm::ALL.iter().position(|term| term.code() == code),
            Self::AcademicLevel => AcademicLevel::ALL.iter().position(|level| level.code() == code),
            Self::ConductLevel => ConductLevel::ALL.iter().position(|level| level.code() == code),
            Self::LiteracyResult => LiteracyResult::ALL.iter().position(|result| result.code() == code),
            Self::Facility => Facility::ALL.iter().position(|facility| facility.code() == code),
            _ => None,
        };
        (code == NOT_TOLD, place.unwrap_or_default(), code)
    }

    /// What a member is called on a day; none for a code that is no member.
    pub fn label_of(self, code: &str, today: NaiveDate) -> Option<Label> {
        if code == NOT_TOLD {
            return Some(Label::new("Chưa có thông tin", "Not told"));
        }
        let unit = |code: &str, level, on| {
            let unit = find::find(code, level, on)?;
            Some(Label::new(&unit.name_with_type, &unit.name_with_type))
        };
        match self {
            Self::SchoolYear => {
                code.parse::<crate::SchoolYear>().ok().filter(|year| year.to_string() == code).map(plain)
            }
            Self::Year | Self::Level => code.parse::<i32>().ok().map(plain),
            Self::Province => unit(code, Some(UnitLevel::Province), today),
            Self::District => unit(code, Some(UnitLevel::District), today),
            Self::Commune => unit(code, Some(UnitLevel::Commune), today),
            Self::Area => Area::from_code(code).map(Area::label),
            Self::ReportedUnit => match code.strip_suffix(LEGACY) {
                Some(code) => unit(code, None, crate::territory::unit::REFORM.pred_opt()?),
                None => unit(code, None, today),
            },
            Self::Period => StatisticsPeriod::from_code(code).map(StatisticsPeriod::label),
            Self::CentreKind => CentreKind::from_code(code).map(CentreKind::label),
            Self::Ownership => Ownership::from_code(code).map(Ownership::label),
            Self::CentreStatus => CentreStatus::from_code(code).map(CentreStatus::label),
            Self::Terrain => listed("terrain", code),
            Self::DifficultArea => match code {
                NONE => Some(Label::new("Không ghi vùng khó khăn", "No difficult area on record")),
                code => listed("difficult_area", code),
            },
            Self::DigitalLevel => DigitalLevel::from_code(code).map(DigitalLevel::label),
            Self::Facility => Facility::from_code(code).map(Facility::label),
            Self::Has | Self::Minority | Self::Promoted => Answer::from_code(code).map(Answer::label),
            Self::ProgrammeGroup => ProgrammeGroup::from_code(code).map(ProgrammeGroup::label),
            Self::ProgrammeKind => programme_kind::find(code).map(|kind| Label::new(&kind.label_vi, &kind.label_en)),
            Self::Grade => listed("grade", code),
            Self::StudyForm => listed("study_form", code),
            Self::ClassState => ClassState::from_code(code).map(ClassState::label),
            Self::Gender => Gender::from_code(code).map(Gender::label),
            Self::EthnicGroup => listed("ethnic_group", code),
            Self::Disability => match code {
                NONE => Some(Label::new("Không khuyết tật", "No disability")),
                code => listed("disability_kind", code),
            },
            Self::AgeBand => AgeBand::from_code(code).map(AgeBand::label),
            Self::LiteracyLevel => LiteracyLevel::from_code(code).map(LiteracyLevel::label),
            Self::PolicyGroup => match code {
                NONE => Some(Label::new("Không thuộc diện chính sách", "No policy group")),
                code => listed("policy_group", code),
            },
            Self::Entry => Entry::from_code(code).map(Entry::label),
            Self::EnrolmentStatus => EnrolmentStatus::from_code(code).map(EnrolmentStatus::label),
            Self::DropoutReason => match code {
                NONE => Some(Label::new("Không thôi học", "Did not drop out")),
                code => listed("dropout_reason", code),
            },
            Self::ResultTerm => ResultTerm::from_code(code).map(ResultTerm::label),
            Self::AcademicLevel => AcademicLevel::from_code(code).map(AcademicLevel::label),
            Self::ConductLevel => ConductLevel::from_code(code).map(ConductLevel::label),
            Self::LiteracyResult => LiteracyResult::from_code(code).map(LiteracyResult::label),
            Self::StaffGroup => listed("staff_group", code),
            Self::StaffStatus => listed("staff_status", code),
            Self::ContractKind => listed("contract_kind", code),
            Self::Qualification => listed("professional_qualification", code),
            Self::RecognitionKind => {
                recognition_kind::find(code).map(|kind| Label::new(&kind.label_vi, &kind.label_en))
            }
            Self::RecognitionState => RecognitionState::from_code(code).map(RecognitionState::label),
        }
    }
}

/// The label of a value of a code list.
fn listed(list: &str, code: &str) -> Option<Label> {
    code_list::item(list, code).map(code_list::CodeItem::label)
}

/// What is called by itself in both languages.
fn plain(code: impl std::fmt::Display) -> Label {
    let code = code.to_string();
    Label::new(&code, &code)
}
