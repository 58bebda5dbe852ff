//! Staff of centres: what is sent and shown, and what must hold.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks, DataClass, PartialDate,
    centres::staff_member::{self, check_days, check_position},
    exchange::resource::ResourceKind,
    learners::learner::Gender,
    territory::{code_list, country},
    text,
};
use uuid::Uuid;

use super::owned;
use crate::{
    Result,
    access::policy::Permission,
    filter::filter,
    resource::{Draft, Resource},
    shape::record,
    tx::Tx,
};

record! {
    /// A member of staff of a centre (Cán bộ, giáo viên, nhân viên): the fields of QĐ 4998/QĐ-BGDĐT
    /// section 5.3 that counts of staff need. Identity papers, insurance, salary, religion and
    /// membership of the Party are not collected.
    StaffMember("StaffMemberFields"), NewStaffMember, StaffMemberPatch, StaffMemberManaged of staff_member::Model {
    given {
        /// The centre that keeps the record; never changes. QĐ 4998: `TRUNG_TAM_ID`.
        centre_id: Uuid,
    }
    optional {
        /// Sector identifier (Mã giáo viên), at most 20 characters; absent until issued. QĐ 4998: `GIAO_VIEN_ID`.
        official_id: String [text(20)] = Basic,
        /// Full name (Họ tên), required, at most 50 characters. QĐ 4998: `HO_TEN`.
        full_name: String [text(50).required()] = Basic,
        /// Date of birth (Ngày sinh), as far as it is known. QĐ 4998: `NGAY_SINH`.
        date_of_birth: PartialDate = Basic,
        /// Gender (Giới tính), required; `unknown` where it is not known. QĐ 4998: `MA_GIOI_TINH`.
        gender: Gender [any().required()] = Basic,
        /// Nationality (Quốc tịch), ISO 3166-1 alpha-2 as in QCVN 109:2017 annex H, e.g. `VN`. QĐ 4998: `QUOC_TICH_ID`.
        nationality: String = Basic,
        /// Ethnic group (Dân tộc), list `ethnic_group`. QĐ 4998: `MA_DAN_TOC`.
        ethnic_group: String = Sensitive,
        /// Group (Nhóm cán bộ), list `staff_group`, required. QĐ 4998: `MA_NHOM_CAN_BO`.
        staff_group: String [text(60).required()] = Basic,
        /// Position (Loại cán bộ), list `staff_position`; one that the list has under another group is told. QĐ 4998: `MA_LOAI_CAN_BO`.
        position: String = Basic,
        /// Status (Trạng thái cán bộ), list `staff_status`, required. QĐ 4998: `MA_TRANG_THAI_CAN_BO`.
        status: String [text(60).required()] = Basic,
        /// Kind of contract (Hình thức hợp đồng), list `contract_kind`; `visiting` for visiting teachers. QĐ 4998: `MA_HINH_THUC_HOP_DONG`.
        contract_kind: String = Basic,
        /// Works here beside another post (Kiêm nhiệm).
        is_part_time: bool = Basic,
        /// First day of service (Ngày tuyển dụng). QĐ 4998: `NGAY_TUYEN_DUNG`.
        recruited_on: NaiveDate = Basic,
        /// Last day at the centre (Ngày thôi làm việc).
        ended_on: NaiveDate = Basic,
        /// Rank of the career (Mã ngạch/hạng), at most 60 characters; the values of the official list are
        /// not published: `unverified`, no value is refused. QĐ 4998: `MA_NGACH`.
        career_rank: String [text(60)] = Basic,
        /// Professional qualification (Trình độ chuyên môn), list `professional_qualification`. QĐ 4998: `MA_TRINH_DO_CHUYEN_MON`.
        professional_qualification: String = Basic,
        /// Level of education management (Trình độ quản lý giáo dục), list `education_management_level`. QĐ 4998: `MA_TRINH_DO_QLGD`.
        education_management_level: String = Basic,
        /// Level of political theory (Trình độ lý luận chính trị), list `political_theory_level`. QĐ 4998: `MA_TRINH_DO_LLCT`.
        political_theory_level: String = Basic,
        /// Foreign language (Ngoại ngữ), list `foreign_language`. QĐ 4998: `MA_NGOAI_NGU`.
        foreign_language: String = Basic,
        /// Level of the foreign language (Trình độ ngoại ngữ), list `foreign_language_level`. QĐ 4998: `MA_TRINH_DO_NGOAI_NGU`.
        foreign_language_level: String = Basic,
        /// Level of informatics (Trình độ tin học), list `it_level`. QĐ 4998: `MA_TRINH_DO_TIN_HOC`.
        it_level: String = Basic,
        /// Subject that a teacher teaches (Môn dạy), list `subject`. QĐ 4998: `MA_MON_DAY`.
        taught_subject: String = Basic,
        /// Second subject of a teacher (Môn kiêm nhiệm), list `subject`, another than `taughtSubject`. QĐ 4998: `MA_MON_KIEM_NHIEM`.
        second_subject: String = Basic,
        /// Kind of teacher of general subjects (Loại giáo viên giảng dạy văn hóa), list `culture_teacher_kind`. QĐ 4998: `MA_LOAI_GV_GIANG_DAY_VAN_HOA`.
        culture_teacher_kind: String = Basic,
        /// Result of a teacher against the professional standard (Kết quả chuẩn nghề nghiệp), list `professional_standard_result`. QĐ 4998: `MA_KET_QUA_CHUAN_NGHE_NGHIEP`.
        professional_standard_result: String = Basic,
        /// Yearly rating of public employees (Đánh giá viên chức), list `official_rating`. QĐ 4998: `MA_DG_VIEN_CHUC`.
        official_rating: String = Basic,
    }
    sealed {
        /// The ethnic group.
        envelope,
    }
    }
}

filter! {
    /// Which staff to list. Words and the fields marked so need sight of that class of personal data:
    /// a filter by a hidden field would tell it. Nobody filters by the ethnic group, which lies encrypted.
    StaffMemberFilter of staff_member::Entity {
        /// The centre that keeps the record.
        centre_id: Uuid => "centre_id" eq,
        /// Today's province code (2 digits) of that centre.
        province_code: String => "province_code" eq,
        /// Today's commune code (5 digits) of that centre.
        commune_code: String => "commune_code" eq,
        /// Sector identifier; needs sight of basic data.
        official_id: String => "official_id" eq needs Basic,
        /// Gender; needs sight of basic data.
        gender: Gender => "gender" eq needs Basic,
        /// Group; needs sight of basic data.
        staff_group: String => "staff_group" eq needs Basic,
        /// Position; needs sight of basic data.
        position: String => "position" eq needs Basic,
        /// Status; needs sight of basic data.
        status: String => "status" eq needs Basic,
        /// Kind of contract; needs sight of basic data.
        contract_kind: String => "contract_kind" eq needs Basic,
        /// Professional qualification; needs sight of basic data.
        professional_qualification: String => "professional_qualification" eq needs Basic,
        /// Subject taught; needs sight of basic data.
        taught_subject: String => "taught_subject" eq needs Basic,
    }
}

/// Staff as a resource.
pub struct StaffMembers;

impl Resource for StaffMembers {
    type Entity = staff_member::Entity;
    type Model = staff_member::Model;
    type ActiveModel = staff_member::ActiveModel;
    type Record = StaffMember;
    type Filter = StaffMemberFilter;

    const KIND: ResourceKind = ResourceKind::StaffMembers;
    const READ: Permission = Permission::StaffRead;
    const WRITE: Permission = Permission::StaffWrite;
    /// Names and sector identifiers.
    const SEARCH_TEXT: DataClass = DataClass::Basic;

    fn managed(_: &NewStaffMember) -> StaffMemberManaged {
        StaffMemberManaged { envelope: None }
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<StaffMember>, checks: &mut Checks) -> Result<()> {
        owned::follow_centre(tx, &mut draft.meta, draft.new.centre_id, checks).await?;
        checks.fields(&mut draft.new);
        check_codes(&draft.new, checks);
        let new = &draft.new;
        if let Some(birth) = &new.date_of_birth {
            birth.check("/dateOfBirth", tx.ctx.clock.today(), checks);
        }
        check_days(new.date_of_birth.as_ref(), new.recruited_on, new.ended_on, checks);
        country::check("/nationality", new.nationality.as_deref(), checks);
        if new.second_subject.is_some() && new.second_subject == new.taught_subject {
            checks.refuse("/secondSubject", "duplicate", "Giá trị bị lặp.", "The value occurs twice.");
        }
        // A warning on a change by someone who may not see the group would tell it.
        if draft.before.is_none() || tx.entitled().basic {
            check_position(new.staff_group.as_deref(), new.position.as_deref(), checks);
        }
        let words = [new.full_name.as_deref(), new.official_id.as_deref()];
        draft.meta.search_text = text::fold(&words.into_iter().flatten().collect::<Vec<_>>().join(" "));
        Ok(())
    }
}

fn check_codes(new: &NewStaffMember, checks: &mut Checks) {
    for (pointer, list, value) in [
        ("/ethnicGroup", "ethnic_group", &new.ethnic_group),
        ("/staffGroup", "staff_group", &new.staff_group),
        ("/position", "staff_position", &new.position),
        ("/status", "staff_status", &new.status),
        ("/contractKind", "contract_kind", &new.contract_kind),
        ("/professionalQualification", "professional_qualification", &new.professional_qualification),
        ("/educationManagementLevel", "education_management_level", &new.education_management_level),
        ("/politicalTheoryLevel", "political_theory_level", &new.political_theory_level),
        ("/foreignLanguage", "foreign_language", &new.foreign_language),
        ("/foreignLanguageLevel", "foreign_language_level", &new.foreign_language_level),
        ("/itLevel", "it_level", &new.it_level),
        ("/taughtSubject", "subject", &new.taught_subject),
        ("/secondSubject", "subject", &new.second_subject),
        ("/cultureTeacherKind", "culture_teacher_kind", &new.culture_teacher_kind),
        ("/professionalStandardResult", "professional_standard_result", &new.professional_standard_result),
        ("/officialRating", "official_rating", &new.official_rating),
    ] {
        code_list::check(checks, pointer, list, value.as_deref());
    }
}
