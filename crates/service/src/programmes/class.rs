//! Classes: the 15 fields of QĐ 4998/QĐ-BGDĐT 5.2 with timetable and state, and what must hold
//! before one is written.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks, SchoolYear,
    access::reach::Keys,
    exchange::resource::ResourceKind,
    learners::enrolment,
    programmes::{
        class::{self, ClassState, Session, SubjectAssignment},
        class_check::check_class,
        programme::ProgrammeState,
    },
    territory::code_list,
    text,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{
    programme::{Programmes, immutable},
    teachers,
};
use crate::{
    Code, Error, Result,
    access::policy::Permission,
    filter::filter,
    resource::{Draft, Lock, Resource, owner_row},
    shape::{Record, record},
    tx::Tx,
};

record! {
    /// A class (lớp học) of a programme: every field of the record form of QĐ 4998/QĐ-BGDĐT
    /// section 5.2, its timetable, which may move in time and place, and its stand.
    Class("ClassFields"), NewClass, ClassPatch, ClassManaged of class::Model {
    required {
        /// The programme taught (Chương trình); it names the centre too. Never changes.
        programme_id: Uuid,
        /// School year in which the class is held (Năm học), `2026` or `2026-2027`.
        school_year: SchoolYear,
        /// The centre's own code (Mã lớp), at most 20 characters. QĐ 4998: `MA`.
        code: String [text(20)],
        /// Name (Tên lớp); QĐ 4998 has 20 characters, up to 150 are accepted. QĐ 4998: `TEN`.
        name: String [text(150)],
    }
    optional {
        /// Code granted by the State, at most 20 characters; absent until issued.
        official_id: String [text(20)] = None,
        /// Form teacher (Giáo viên chủ nhiệm), a member of staff of the centre. QĐ 4998: `GIAO_VIEN_ID`.
        teacher_id: Uuid = None,
        /// Grade (Khối), list `DM_KHOI`, continuing level; required when the programme has grades. QĐ 4998: `MA_KHOI`.
        grade: String = None,
        /// Kind of class (Kiểu lớp), list `DM_KIEU_LOP`. QĐ 4998: `MA_KIEU_LOP`.
        class_kind: String = None,
        /// Form of study (Hình thức đào tạo, học tập), list `DM_HINH_THUC_DAO_TAO_HOC_TAP` and Luật Giáo dục
        /// 43/2019/QH14 art. 43 cl. 2. QĐ 4998: `MA_HINH_THUC_DAO_TAO_HOC_TAP`.
        study_form: String = None,
        /// Kind of training class (Lớp đào tạo, bồi dưỡng), list `DM_LOP_DAO_TAO_BOI_DUONG`.
        /// QĐ 4998: `MA_LOP_DAO_TAO_BOI_DUONG`.
        training_class_kind: String = None,
        /// Kind of vocational class (Lớp hướng nghiệp, dạy nghề), list `DM_LOP_HUONG_NGHIEP_DAY_NGHE`.
        /// QĐ 4998: `MA_LOP_HUONG_NGHIEP_DAY_NGHE`.
        vocational_class_kind: String = None,
        /// Place in lists (Số thứ tự), 0 to 100,000. QĐ 4998: `THU_TU`.
        sort_order: i32 [number(0, 100_000)] = None,
        /// Parents are represented in the class (Đại diện cha mẹ học viên lớp). QĐ 4998: `DAI_DIEN_CHA_ME_HV_LOP`.
        has_class_parent_rep: bool = None,
        /// Parents of the class are represented in the centre (Đại diện cha mẹ học viên trường).
        /// QĐ 4998: `DAI_DIEN_CHA_ME_HV_TRUONG`.
        has_centre_parent_rep: bool = None,
        /// The class has disabled learners (Lớp có học viên khuyết tật). QĐ 4998: `IS_LOP_HOC_VIEN_KHUYET_TAT`.
        has_disabled_learners: bool = None,
        /// Sessions a week (Số buổi học trên tuần), list `DM_SO_BUOI_HOC_TREN_TUAN`.
        /// QĐ 4998: `MA_SO_BUOI_HOC_TREN_TUAN`.
        sessions_per_week: String = None,
        /// The most learners admitted (Sĩ số tối đa), 1 to 10,000.
        capacity: i32 [number(1, 10_000)] = None,
        /// An organisation that the class is held with (Đơn vị phối hợp), at most 200 characters.
        partner_organisation: String [text(200)] = None,
        /// First day of class (Ngày khai giảng).
        opens_on: NaiveDate = None,
        /// Last day of class (Ngày kết thúc).
        closes_on: NaiveDate = None,
    }
    lists {
        /// Who teaches what (Phân công môn học). QĐ 4998: `MON_HOCS`.
        subject_assignments: SubjectAssignment [any()] = None,
        /// Sessions (Thời khoá biểu), weekly or single, each at its own time and place.
        timetable: Session [any()] = None,
    }
    managed {
        /// Where the class stands; `approveClass`, `openClass`, `closeClass` and `cancelClass` change it.
        state: ClassState,
    }
    }
}

filter! {
    /// Which classes to list.
    ClassFilter of class::Entity {
        /// The centre that holds them.
        centre_id: Uuid => "centre_id" eq,
        /// The programme taught.
        programme_id: Uuid => "programme_id" eq,
        /// School year, `2026` or `2026-2027`.
        school_year: SchoolYear => "school_year" eq,
        /// Where they stand.
        state: ClassState => "state" eq,
        /// Grade.
        grade: String => "grade" eq,
        /// Form teacher.
        teacher_id: Uuid => "teacher_id" eq,
        /// The centre's own code.
        code: String => "code" eq,
        /// Code granted by the State.
        official_id: String => "official_id" eq,
        /// Today's province code of the centre (2 digits).
        province_code: String => "province_code" eq,
        /// Today's commune code of the centre (5 digits).
        commune_code: String => "commune_code" eq,
    }
}

/// Classes as a resource.
pub struct Classes;

impl Resource for Classes {
    type Entity = class::Entity;
    type Model = class::Model;
    type ActiveModel = class::ActiveModel;
    type Record = Class;
    type Filter = ClassFilter;

    const KIND: ResourceKind = ResourceKind::Classes;
    const BY_CLASS: bool = true;
    const YEAR_AT: Option<&'static str> = Some("/schoolYear");
    const READ: Permission = Permission::ProgrammeRead;
    const WRITE: Permission = Permission::ProgrammeWrite;

    fn managed(_: &NewClass) -> ClassManaged {
        ClassManaged { state: ClassState::Planned }
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<Class>, checks: &mut Checks) -> Result<()> {
        checks.fields(&mut draft.new);
        let programme_id = draft.new.programme_id;
        if draft.before.as_ref().is_some_and(|before| before.programme_id != programme_id) {
            immutable("/programmeId", checks);
        }
        check_codes(&draft.new, checks);
        let Some(programme) = owner_row::<Programmes>(tx, "/programmeId", programme_id, Lock::Shared, checks).await?
        else {
            return Ok(());
        };
        if draft.before.is_none() && programme.state == ProgrammeState::Withdrawn {
            checks.refuse(
                "/programmeId",
                "programme_withdrawn",
                "Chương trình đã ngừng tuyển sinh.",
                "The programme is no longer offered.",
            );
        }
        draft.meta.set_keys(&Keys {
            province_code: programme.province_code.clone(),
            commune_code: programme.commune_code.clone(),
            centre_id: programme.centre_id,
        });
        let mut model = Class::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone());
        check_class(&mut model, &programme, checks);
        let official_id = model.official_id.as_deref().unwrap_or_default();
        draft.meta.search_text = text::fold(&format!("{} {} {official_id}", model.name, model.code));
        draft.new = Class::split(model).1;
        teachers::check(tx, draft, checks).await?;
        warn_same_code(tx, draft, checks).await
    }

    async fn school_years(_: &Tx, draft: &Draft<Class>) -> Result<Vec<SchoolYear>> {
        Ok(draft.before.iter().map(|before| before.school_year).chain([draft.new.school_year]).collect())
    }

    async fn check_retire(tx: &Tx, record: &Class) -> Result<()> {
        let enrolments = tx
            .select::<enrolment::Entity>(&tx.require(Self::WRITE)?)
            .filter(enrolment::Column::ClassId.eq(record.id))
            .filter(enrolment::Column::DeletedAt.is_null());
        if record.state != ClassState::Open && enrolments.count(&tx.db).await? == 0 {
            return Ok(());
        }
        Err(Error::new(
            Code::Conflict,
            "Lớp đang học hoặc còn ghi danh; hãy kết thúc hoặc huỷ lớp thay vì xoá.",
            "The class is open or has enrolments; close or cancel it instead.",
        ))
    }
}

fn check_codes(new: &NewClass, checks: &mut Checks) {
    for (pointer, list, value) in [
        ("/grade", "grade", &new.grade),
        ("/classKind", "class_kind", &new.class_kind),
        ("/studyForm", "study_form", &new.study_form),
        ("/trainingClassKind", "training_class_kind", &new.training_class_kind),
        ("/vocationalClassKind", "vocational_class_kind", &new.vocational_class_kind),
        ("/sessionsPerWeek", "sessions_per_week", &new.sessions_per_week),
    ] {
        code_list::check(checks, pointer, list, value.as_deref());
    }
}

/// Two classes of a centre with one code in one year are mostly one class sent twice. No text
/// forbids it, so the sender is told and the write goes on.
async fn warn_same_code(tx: &Tx, draft: &Draft<Class>, checks: &mut Checks) -> Result<()> {
    let twins = tx
        .select::<class::Entity>(&tx.require(Permission::ProgrammeRead)?)
        .filter(class::Column::CentreId.eq(draft.meta.centre_id))
        .filter(class::Column::SchoolYear.eq(draft.new.school_year))
        .filter(class::Column::Code.eq(draft.new.code.as_str()))
        .filter(class::Column::Id.ne(draft.meta.id))
        .filter(class::Column::DeletedAt.is_null());
    if twins.count(&tx.db).await? > 0 {
        checks.warn(
            "/code",
            "code_in_use",
            "Trong năm học này cơ sở đã có lớp khác mang mã này.",
            "The centre has another class with this code in this school year.",
        );
    }
    Ok(())
}
