//! Learners: every field of the official form, who may see it, and how learners are found.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks, DataClass, Decimal2, PartialDate,
    exchange::resource::ResourceKind,
    learners::{
        age, enrolment,
        learner::{self, Gender, Reward},
        literacy::LiteracyLevel,
        merge::Merge,
    },
    partial_date::{FIRST_YEAR, LAST_YEAR},
    territory::place::{Place, PlaceInput},
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{duplicates, learner_checks};
use crate::{
    Code, Error, Result,
    access::{policy::Permission, scope::Sight},
    field::Veil,
    filter::filter,
    resource::{Draft, Person, Resource},
    shape::{Record, record},
    tx::Tx,
};

record! {
    /// A learner of continuing education (Học viên): the 60 fields of QĐ 4998/QĐ-BGDĐT section 5.4,
    /// both addresses, and what protecting a person needs beside them.
    Learner("LearnerFields"), NewLearner, LearnerPatch, LearnerManaged of learner::Model {
    given {
        /// The centre that keeps the learner's record. QĐ 4998: `TRUNG_TAM_ID`.
        centre_id: Uuid,
    }
    optional {
        /// Sector identifier (Mã học viên), issued after import, at most 20 characters. QĐ 4998: `HOC_VIEN_ID`.
        official_id: String [text(20)] = Basic,
        /// Number of the lifelong learning record (Hồ sơ học tập suốt đời, NĐ 88/2026/NĐ-CP art. 9), at most 20 characters.
        lifelong_record_no: String [text(20)] = Restricted,
        /// Full name (Họ tên), required, at most 50 characters. QĐ 4998: `HO_TEN`.
        full_name: String [text(50).required()] = Basic,
        /// Short name (Tên viết tắt), at most 20 characters. QĐ 4998: `TEN_TAT`.
        short_name: String [text(20)] = Basic,
        /// Date of birth (Ngày sinh), required, as far as it is known. QĐ 4998: `NGAY_SINH`.
        date_of_birth: PartialDate [any().required()] = Basic,
        /// Gender (Giới tính), required; `unknown` where it is not known. QĐ 4998: `MA_GIOI_TINH`.
        gender: Gender [any().required()] = Basic,
        /// Personal number (Số định danh cá nhân, Luật Căn cước 2023 art. 12), 12 digits. QĐ 4998: `MA_CONG_DAN_ID`.
        personal_number: String [digits(12)] = Restricted,
        /// Kind of identity paper (Loại giấy tờ tùy thân), list `id_document_kind`.
        id_document_kind: String = Basic,
        /// Number of an identity paper other than the personal number (Số giấy tờ), at most 20 characters; with `idDocumentKind`.
        id_document_number: String [text(20)] = Restricted,
        /// Identity paper issued by (Nơi cấp), at most 150 characters. QĐ 4998: `NOI_CAP`.
        id_issued_by: String [text(150)] = Basic,
        /// Identity paper issued on (Ngày cấp). QĐ 4998: `NGAY_CAP`.
        id_issued_on: NaiveDate = Basic,
        /// Nationality (Quốc tịch), ISO 3166-1 alpha-2 as in QCVN 109:2017 annex H, e.g. `VN`. QĐ 4998: `QUOC_TICH_ID`.
        nationality: String = Basic,
        /// Ethnic group (Dân tộc), list `ethnic_group`. QĐ 4998: `MA_DAN_TOC`.
        ethnic_group: String = Sensitive,
        /// Ethnic group as the birth certificate has it (Dân tộc theo giấy khai sinh), at most 50 characters. QĐ 4998: `DAN_TOC_THEO_GIAY_KHAI_SINH`.
        ethnicity_on_birth_certificate: String [text(50)] = Sensitive,
        /// House number and street (Địa chỉ), at most 200 characters.
        address_line: String [text(200)] = Basic,
        /// Place of birth as text (Nơi sinh), at most 250 characters. QĐ 4998: `NOI_SINH`.
        place_of_birth: String [text(250)] = Basic,
        /// Area kind (Khu vực), list `area`. QĐ 4998: `MA_KHU_VUC`.
        area: String = Basic,
        /// Lives in a difficult area (Vùng khó khăn). QĐ 4998: `IS_VUNG_KK`.
        in_difficult_area: bool = Basic,
        /// Telephone (Điện thoại liên hệ), at most 20 characters. QĐ 4998: `DIEN_THOAI_LIEN_HE`.
        contact_phone: String [phone(20)] = Basic,
        /// E-mail (Thư điện tử), at most 50 characters.
        contact_email: String [email(50)] = Basic,
        /// Category of learner (Đối tượng học viên), at most 60 characters, e.g. `school_age`, `worker`, `disabled`, `social_policy`; the values of TT 10/2021/TT-BGDĐT are unverified, so none is refused.
        learner_category: String [text(60)] = Sensitive,
        /// Grade as last reported (Khối), list `grade`, continuing level; enrolments tell it in time. QĐ 4998: `MA_KHOI`.
        grade: String = None,
        /// Official code of the class as last reported (Mã lớp), at most 20 characters (the text has 10 here, 20 in the class form). QĐ 4998: `MA_LOP`.
        class_code: String [text(20)] = None,
        /// Order in the class list (Số thứ tự), 0 to 1,000,000. QĐ 4998: `THU_TU`.
        sort_order: i32 [number(0, 1_000_000)] = None,
        /// Form of study (Hình thức học tập), list `study_form`. QĐ 4998: `MA_HINH_THUC_HOC_TAP`.
        study_form: String = Basic,
        /// Sessions a week (Số buổi học trên tuần), list `sessions_per_week`. QĐ 4998: `MA_SO_BUOI_HOC_TREN_TUAN`.
        sessions_per_week: String = Basic,
        /// Reason for dropping out as last reported (Lý do thôi học), list `dropout_reason`; enrolments tell it in time. QĐ 4998: `MA_LY_DO_THOI_HOC`.
        dropout_reason: String = Basic,
        /// Repeats last year's grade (Lưu ban năm trước). QĐ 4998: `IS_LUU_BAN_NAM_TRUOC`.
        repeated_last_year: bool = Basic,
        /// Follows the Ministry's life-skill programme (Học chương trình giáo dục của Bộ). QĐ 4998: `IS_HOC_CTGD_CUA_BO`.
        follows_ministry_life_skill_programme: bool = Basic,
        /// Level of literacy (Mức độ biết chữ, NĐ 20/2014/NĐ-CP art. 19).
        literacy_level: LiteracyLevel = Basic,
        /// Member of the Pioneers (Đội viên). QĐ 4998: `IS_DOI_VIEN`.
        pioneer_member: bool = Basic,
        /// Member of the Youth Union (Đoàn viên). QĐ 4998: `IS_DOAN_VIEN`.
        youth_union_member: bool = Basic,
        /// Has rewards (Có cập nhật khen thưởng). QĐ 4998: `CAP_NHAT_KHEN_THUONG`.
        has_reward: bool = Basic,
        /// Height in cm (Chiều cao), 20 to 280. QĐ 4998: `CHIEU_CAO`.
        height_cm: Decimal2 [number(20, 280)] = Sensitive,
        /// Weight in kg (Cân nặng), 1 to 600. QĐ 4998: `CAN_NANG`.
        weight_kg: Decimal2 [number(1, 600)] = Sensitive,
        /// Body mass index in kg/m² (Chỉ số BMI), 5 to 200. QĐ 4998: `CHI_SO_BMI`.
        bmi: Decimal2 [number(5, 200)] = Sensitive,
        /// Blood group (Nhóm máu), at most 10 characters. QĐ 4998: `NHOM_MAU`.
        blood_group: String [text(10)] = Sensitive,
        /// Eye disease (Các bệnh về mắt), at most 20 characters. QĐ 4998: `BENH_VE_MAT`.
        eye_disease: String [text(20)] = Sensitive,
        /// Congenital disease (Các bệnh bẩm sinh), at most 150 characters. QĐ 4998: `BENH_BAM_SINH`.
        congenital_disease: String [text(150)] = Sensitive,
        /// Disease of the spine (Các bệnh về cột sống), at most 150 characters. QĐ 4998: `BENH_COT_SONG`.
        spine_disease: String [text(150)] = Sensitive,
        /// Rickets (Bệnh còi xương), at most 150 characters. QĐ 4998: `BENH_COI_XUONG`.
        rickets: String [text(150)] = Sensitive,
        /// Can swim (Biết bơi); the text declares it a string of 4. QĐ 4998: `BIET_BOI`.
        can_swim: bool = Basic,
        /// Kind of disability (Loại khuyết tật), list `disability_kind`. QĐ 4998: `MA_LOAI_KHUYET_TAT`.
        disability_kind: String = Sensitive,
        /// Not assessed because of a disability (Khuyết tật không đánh giá). QĐ 4998: `IS_KHUYET_TAT_KHONG_DANH_GIA`.
        disability_exempt_from_assessment: bool = Sensitive,
        /// Father (Tên cha), at most 50 characters. QĐ 4998: `TEN_CHA`.
        father_name: String [text(50)] = Basic,
        /// Father's occupation (Nghề nghiệp cha), at most 150 characters. QĐ 4998: `NGHE_NGHIEP_CHA`.
        father_occupation: String [text(150)] = Basic,
        /// Father's year of birth (Năm sinh cha), 1880 to this year. QĐ 4998: `NAM_SINH_CHA`.
        father_birth_year: i32 [number(FIRST_YEAR, LAST_YEAR)] = Basic,
        /// Father is of an ethnic minority (Cha dân tộc). QĐ 4998: `IS_CHA_DT`.
        father_is_ethnic_minority: bool = Sensitive,
        /// Mother (Tên mẹ), at most 50 characters. QĐ 4998: `TEN_ME`.
        mother_name: String [text(50)] = Basic,
        /// Mother's occupation (Nghề nghiệp mẹ), at most 150 characters. QĐ 4998: `NGHE_NGHIEP_ME`.
        mother_occupation: String [text(150)] = Basic,
        /// Mother's year of birth (Năm sinh mẹ), 1880 to this year. QĐ 4998: `NAM_SINH_ME`.
        mother_birth_year: i32 [number(FIRST_YEAR, LAST_YEAR)] = Basic,
        /// Mother is of an ethnic minority (Mẹ dân tộc). QĐ 4998: `IS_ME_DT`.
        mother_is_ethnic_minority: bool = Sensitive,
        /// Guardian (Người đỡ đầu), at most 50 characters; a learner under 16 needs a parent, a guardian or a representative. QĐ 4998: `TEN_NGUOI_DD`.
        guardian_name: String [text(50)] = Basic,
        /// Guardian's occupation (Nghề nghiệp người đỡ đầu), at most 150 characters. QĐ 4998: `NGHE_NGHIEP_NGUOI_DD`.
        guardian_occupation: String [text(150)] = Basic,
        /// Guardian's year of birth (Năm sinh người đỡ đầu), 1880 to this year. QĐ 4998: `NAM_SINH_NGUOI_DO_DAU`.
        guardian_birth_year: i32 [number(FIRST_YEAR, LAST_YEAR)] = Basic,
        /// Who acts for a child in matters of its data (Người đại diện theo pháp luật, Luật 91/2025/QH15 art. 24), at most 50 characters.
        representative_name: String [text(50)] = Basic,
        /// Representative's telephone (Điện thoại người đại diện), at most 20 characters.
        representative_phone: String [phone(20)] = Basic,
        /// Representative's relation to the learner (Quan hệ với học viên), at most 50 characters.
        representative_relation: String [text(50)] = Basic,
        /// Exempt from tuition (Miễn học phí). QĐ 4998: `IS_MIEN_HOC_PHI`.
        tuition_exempt: bool = Restricted,
        /// Reduced tuition (Giảm học phí). QĐ 4998: `IS_GIAM_HOC_PHI`.
        tuition_reduced: bool = Restricted,
        /// Support for study costs (Hỗ trợ chi phí học tập). QĐ 4998: `IS_HO_TRO_CHI_PHI_HOC_TAP`.
        study_cost_support: bool = Restricted,
        /// Support for housing (Hỗ trợ nhà ở). QĐ 4998: `IS_HO_TRO_NHA_O`.
        housing_support: bool = Restricted,
        /// Monthly allowance (Cấp tiền hàng tháng). QĐ 4998: `IS_CAP_TIEN_HANG_THANG`.
        receives_monthly_allowance: bool = Restricted,
        /// Rice (Cấp gạo). QĐ 4998: `IS_CAP_GAO`.
        receives_rice: bool = Restricted,
    }
    lists {
        /// Rewards (Nội dung khen thưởng). QĐ 4998: `NOI_DUNG_KHEN_THUONG`.
        rewards: Reward [any()] = Basic,
        /// Policy groups (Diện chính sách), list `policy_group`, the one to report first. QĐ 4998: `MA_DIEN_CHINH_SACH`.
        policy_groups: String = Restricted,
        /// Priority groups (Đối tượng ưu tiên), at most 60 characters each; no official list was found.
        priority_groups: String [text(60)] = Restricted,
    }
    sent {
        /// Residence (Nơi cư trú): province, legacy district and commune.
        /// QĐ 4998: `TINH_THANH_ID`, `QUAN_HUYEN_ID`, `XA_PHUONG_ID`.
        residence: PlaceInput as Place = Basic,
        /// Where the birth was registered (Nơi đăng ký khai sinh).
        birth_place: PlaceInput as Place = Basic,
    }
    managed_optional {
        /// Year of birth, from the date of birth.
        birth_year: i32 = Basic,
        /// The personal number with all but its last four digits hidden, e.g. `********1234`.
        personal_number_masked: String = Basic,
        /// Under 16 today (Trẻ em, Luật Trẻ em 102/2016/QH13 art. 1); null where the date of birth leaves it open.
        is_child: bool = Basic,
        /// The record of the same person that this one was merged into (Hồ sơ đã gộp vào); its address leads there.
        merged_into: Uuid = None,
    }
    hidden {
        /// By which the personal number is found.
        personal_number_print: Option<String>,
        /// By which people of one name, born on one day, are found.
        person_print: Option<String>,
        /// What went over in a merge.
        merge: Option<Merge>,
    }
    sealed {
        /// Sensitive and restricted fields.
        envelope,
    }
    }
}

filter! {
    /// Which learners to list. Words and the fields marked so need sight of that class of personal
    /// data: a filter by a hidden field would tell it. Nobody filters by sensitive fields, which lie
    /// encrypted.
    LearnerFilter of learner::Entity {
        /// The centre that keeps the record.
        centre_id: Uuid => "centre_id" eq,
        /// Today's province code (2 digits) of that centre.
        province_code: String => "province_code" eq,
        /// Today's commune code (5 digits) of that centre.
        commune_code: String => "commune_code" eq,
        /// Grade as last reported.
        grade: String => "grade" eq,
        /// Official code of the class as last reported.
        class_code: String => "class_code" eq,
        /// Sector identifier; needs sight of basic data.
        official_id: String => "official_id" eq needs Basic,
        /// Born in this year; needs sight of basic data.
        birth_year: i32 => "birth_year" eq needs Basic,
        /// Born in this year or later; needs sight of basic data.
        birth_year_from: i32 => "birth_year" gte needs Basic,
        /// Born in this year or earlier; needs sight of basic data.
        birth_year_to: i32 => "birth_year" lte needs Basic,
        /// Gender; needs sight of basic data.
        gender: Gender => "gender" eq needs Basic,
        /// Form of study; needs sight of basic data.
        study_form: String => "study_form" eq needs Basic,
        /// Level of literacy; needs sight of basic data.
        literacy_level: LiteracyLevel => "literacy_level" eq needs Basic,
    }
}

impl Learner {
    /// Blanks how to reach a child, where it lives and its family.
    fn veil_private_life(&mut self) {
        let veiled = [
            ("addressLine", self.address_line.veil()),
            ("residence", self.residence.veil()),
            ("birthPlace", self.birth_place.veil()),
            ("placeOfBirth", self.place_of_birth.veil()),
            ("contactPhone", self.contact_phone.veil()),
            ("contactEmail", self.contact_email.veil()),
            ("fatherName", self.father_name.veil()),
            ("fatherOccupation", self.father_occupation.veil()),
            ("fatherBirthYear", self.father_birth_year.veil()),
            ("motherName", self.mother_name.veil()),
            ("motherOccupation", self.mother_occupation.veil()),
            ("motherBirthYear", self.mother_birth_year.veil()),
            ("guardianName", self.guardian_name.veil()),
            ("guardianOccupation", self.guardian_occupation.veil()),
            ("guardianBirthYear", self.guardian_birth_year.veil()),
            ("representativeName", self.representative_name.veil()),
            ("representativePhone", self.representative_phone.veil()),
            ("representativeRelation", self.representative_relation.veil()),
        ];
        self.masked_fields.extend(veiled.into_iter().filter(|(_, was)| *was).map(|(name, _)| name.to_owned()));
    }
}

/// Learners as a resource.
pub struct Learners;

impl Resource for Learners {
    type Entity = learner::Entity;
    type Model = learner::Model;
    type ActiveModel = learner::ActiveModel;
    type Record = Learner;
    type Filter = LearnerFilter;

    const KIND: ResourceKind = ResourceKind::Learners;
    const READ: Permission = Permission::LearnerRead;
    const WRITE: Permission = Permission::LearnerWrite;
    const MERGES: bool = true;
    /// Names and sector identifiers.
    const SEARCH_TEXT: DataClass = DataClass::Basic;

    fn managed(_: &NewLearner) -> LearnerManaged {
        LearnerManaged {
            residence: None,
            birth_place: None,
            birth_year: None,
            personal_number_masked: None,
            personal_number_print: None,
            envelope: None,
            is_child: None,
            merged_into: None,
            person_print: None,
            merge: None,
        }
    }

    fn merged_into(learner: &Learner) -> Option<Uuid> {
        learner.merged_into
    }

    fn person(learner: &Learner) -> Person {
        Person::Learner(learner.id)
    }

    /// A child is recognised on the day of reading, and shown with more care (Luật 91/2025/QH15
    /// art. 24). Whoever may be one, as the date of birth leaves it open, is treated as one.
    fn show(learner: &mut Learner, sight: Sight, today: NaiveDate) {
        learner.is_child = learner.date_of_birth.as_ref().and_then(|birth| age::is_child(birth, today));
        if learner.is_child == Some(false) && !sight.child {
            return learner.mask(sight);
        }
        learner.mask(sight.of_child());
        if sight.in_list {
            learner.veil_private_life();
        }
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<Learner>, checks: &mut Checks) -> Result<()> {
        learner_checks::settle(tx, draft, checks).await?;
        learner_checks::check(tx, draft, checks);
        duplicates::warn(tx, draft, checks).await
    }

    async fn foresee(tx: &Tx, inputs: &[NewLearner]) -> Result<()> {
        duplicates::foresee(tx, inputs).await
    }

    /// A learner who takes part in a class stays.
    async fn check_retire(tx: &Tx, learner: &Learner) -> Result<()> {
        let anywhere = tx.existence(Permission::LearnerRead);
        let current: Vec<_> = enrolment::EnrolmentStatus::ALL.iter().copied().filter(|s| s.is_current()).collect();
        let open = tx
            .select::<enrolment::Entity>(&anywhere)
            .filter(enrolment::Column::LearnerId.eq(learner.id))
            .filter(enrolment::Column::DeletedAt.is_null())
            .filter(enrolment::Column::Status.is_in(current))
            .count(&tx.db)
            .await?;
        if open == 0 {
            return Ok(());
        }
        Err(Error::new(
            Code::Conflict,
            format!("Học viên còn {open} ghi danh đang hiệu lực; kết thúc hoặc hủy chúng trước."),
            format!("The learner has {open} current enrolments; end or retire them first."),
        ))
    }
}
