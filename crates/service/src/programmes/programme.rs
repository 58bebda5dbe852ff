//! Programmes: what a centre offers, and what must hold before one is written.

use chrono::{DateTime, NaiveDate, Utc};
use gdtx_domain::{
    Checks,
    centres::kind::CentreKind,
    exchange::resource::ResourceKind,
    programmes::{
        class::{self, ClassState},
        curriculum::CurriculumVersion,
        kind::{self, ProgrammeGroup},
        offer::may_offer,
        programme::{self, ProgrammeState, ProgrammeSubject},
        programme_check::{check_programme, check_publication},
    },
    text,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    Code, Error, Result,
    access::policy::Permission,
    centres::centre::Centres,
    filter::filter,
    resource::{Draft, Resource, owner},
    shape::{Record, record},
    tx::Tx,
};

record! {
    /// A programme that a centre offers (chương trình của cơ sở), with what the centre must make
    /// public before a course opens (TT 01/2023/TT-BGDĐT art. 12).
    Programme("ProgrammeFields"), NewProgramme, ProgrammePatch, ProgrammeManaged of programme::Model {
    given {
        /// The centre that offers the programme (Cơ sở).
        centre_id: Uuid,
    }
    required {
        /// Kind of programme (Loại chương trình), a code of `/v1/programme-kinds`; fixed once published.
        kind: String,
        /// Name (Tên chương trình), at most 200 characters.
        name: String [text(200)],
    }
    optional {
        /// Curriculum (Chương trình GDPT) of a lower or upper secondary programme; required there.
        curriculum_version: CurriculumVersion = None,
        /// Language taught (Ngoại ngữ, tiếng dân tộc), list `DM_NGOAI_NGU` or `DM_TIENG_DAN_TOC`.
        language: String = None,
        /// Level of the six-level language framework (Bậc năng lực), 1 to 6.
        level: i32 = None,
        /// Clusters of topics offered per grade (Cụm chuyên đề), 0 to 30.
        topic_clusters: i32 [number(0, 30)] = None,
        /// Class hours (Thời lượng), 1 to 20,000.
        suggested_hours: i32 [number(1, 20_000)] = None,
        /// Institution that awards the diploma in joint training (Cơ sở liên kết), at most 200 characters.
        partner_organisation: String [text(200)] = None,
        /// The partner's electronic agency id (Mã định danh điện tử, QĐ 20/2020/QĐ-TTg), at most 35 characters.
        partner_egov_id: String [egov_id()] = None,
        /// To be published: aims (Mục tiêu), at most 4,000 characters.
        aims: String [text(4000)] = None,
        /// To be published: content (Nội dung), where the Ministry issues no text, at most 20,000 characters.
        content: String [text(20_000)] = None,
        /// To be published: teaching materials (Tài liệu), at most 4,000 characters.
        materials: String [text(4000)] = None,
        /// To be published: who teaches (Đội ngũ giảng dạy), at most 4,000 characters.
        teachers: String [text(4000)] = None,
        /// To be published: how learners are assessed (Kiểm tra, đánh giá), at most 4,000 characters.
        assessment: String [text(4000)] = None,
        /// To be published: the day the course opens (Ngày khai giảng).
        starts_on: NaiveDate = None,
        /// To be published: fee of the whole course or school year in đồng (Học phí); 0 when free.
        fee_vnd: i64 [number(0, 10_000_000_000)] = None,
    }
    lists {
        /// Grades taught (Khối), list `DM_KHOI`, continuing level; empty means all of the kind.
        grades: String = None,
        /// IT modules taught (Mô đun CNTT), `iu01` to `iu15`.
        it_modules: String = None,
        /// Subjects and activities (Môn học, hoạt động giáo dục) with their place in the programme.
        subjects: ProgrammeSubject [any()] = None,
    }
    managed {
        /// Group of the law (Nhóm chương trình), follows from `kind` (Luật Giáo dục 43/2019/QH14 art. 43 cl. 1).
        group: ProgrammeGroup,
        /// Where the programme stands; `publishProgramme`, `reviseProgramme` and `withdrawProgramme` change it.
        state: ProgrammeState,
    }
    managed_optional {
        /// When it was made public (Thời điểm công bố, UTC).
        published_at: DateTime<Utc> = None,
    }
    }
}

filter! {
    /// Which programmes to list.
    ProgrammeFilter of programme::Entity {
        /// The centre that offers them.
        centre_id: Uuid => "centre_id" eq,
        /// Kind of programme.
        kind: String => "kind" eq,
        /// Group of the law.
        group: ProgrammeGroup => "group" eq,
        /// Where they stand.
        state: ProgrammeState => "state" eq,
        /// Language taught.
        language: String => "language" eq,
        /// Today's province code of the centre (2 digits).
        province_code: String => "province_code" eq,
        /// Today's commune code of the centre (5 digits).
        commune_code: String => "commune_code" eq,
    }
}

/// Programmes as a resource.
pub struct Programmes;

impl Resource for Programmes {
    type Entity = programme::Entity;
    type Model = programme::Model;
    type ActiveModel = programme::ActiveModel;
    type Record = Programme;
    type Filter = ProgrammeFilter;

    const KIND: ResourceKind = ResourceKind::Programmes;
    const BY_CLASS: bool = true;
    const READ: Permission = Permission::ProgrammeRead;
    const WRITE: Permission = Permission::ProgrammeWrite;

    fn managed(new: &NewProgramme) -> ProgrammeManaged {
        // An unknown kind has no group; it is refused before anything is stored.
        let group = kind::find(&new.kind).map_or(ProgrammeGroup::LearnerNeeds, |kind| kind.group);
        ProgrammeManaged { group, state: ProgrammeState::Draft, published_at: None }
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<Programme>, checks: &mut Checks) -> Result<()> {
        checks.fields(&mut draft.new);
        let centre_id = draft.new.centre_id;
        if draft.before.as_ref().is_some_and(|before| before.centre_id != Some(centre_id)) {
            immutable("/centreId", checks);
        }
        let centre = owner::<Centres>(tx, "/centreId", centre_id, checks).await?;
        draft.meta.centre_id = Some(centre_id);
        if let Some((_, keys)) = &centre {
            draft.meta.set_keys(keys);
        }
        check_kind(tx, draft, centre.map(|(centre, _)| centre.kind), checks).await?;
        let mut model = Programme::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone());
        check_programme(&mut model, checks);
        if model.state == ProgrammeState::Published {
            check_publication(&model, checks);
        }
        draft.meta.search_text = search_text(&model);
        draft.new = Programme::split(model).1;
        Ok(())
    }

    async fn check_retire(tx: &Tx, record: &Programme) -> Result<()> {
        let going_on = [ClassState::Planned, ClassState::Approved, ClassState::Open];
        if count_classes(tx, record.id, &going_on).await? == 0 {
            return Ok(());
        }
        Err(Error::new(
            Code::Conflict,
            "Còn lớp dự kiến, đã duyệt hoặc đang học theo chương trình này; hãy kết thúc hoặc huỷ lớp trước.",
            "Classes on this programme are planned, approved or open; close or cancel them first.",
        ))
    }
}

/// The name first, since lists are sorted by it; then what people look for.
fn search_text(model: &programme::Model) -> String {
    let kind = kind::find(&model.kind).map_or("", |kind| kind.label_vi.as_str());
    text::fold(&format!("{} {kind} {}", model.name, model.partner_organisation.as_deref().unwrap_or_default()))
}

/// Sets the group and refuses a kind that the centre may not run or that can no longer change.
async fn check_kind(
    tx: &Tx,
    draft: &mut Draft<Programme>,
    centre: Option<CentreKind>,
    checks: &mut Checks,
) -> Result<()> {
    let Some(kind) = kind::find(&draft.new.kind) else { return Ok(()) };
    draft.managed.group = kind.group;
    if let Some(centre) = centre {
        check_offer(centre, kind, checks);
    }
    if let Some(before) = draft.before.as_ref().filter(|before| before.kind != kind.code)
        && (before.state != ProgrammeState::Draft || count_classes(tx, before.id, ClassState::ALL).await? > 0)
    {
        immutable("/kind", checks);
    }
    Ok(())
}

/// Who may run what is a hard rule; the refusal names the article.
pub(super) fn check_offer(centre: CentreKind, kind: &kind::ProgrammeKind, checks: &mut Checks) {
    if let Err(refusal) = may_offer(centre, kind.group, &kind.code) {
        let (detail, basis) = (&refusal.detail, &refusal.basis);
        checks.refuse("/kind", refusal.code, format!("{} ({basis})", detail.vi), format!("{} ({basis})", detail.en));
    }
}

/// Refuses the change of a field that a record keeps for life.
pub(crate) fn immutable(pointer: &str, checks: &mut Checks) {
    checks.refuse(pointer, "immutable", "Trường này không thay đổi được nữa.", "This field can no longer change.");
}

/// How many live classes on a programme are in these states. They lie in the same centre, so
/// whoever may write the programme reaches all of them.
async fn count_classes(tx: &Tx, programme_id: Uuid, states: &[ClassState]) -> Result<u64> {
    let classes = tx
        .select::<class::Entity>(&tx.require(Permission::ProgrammeRead)?)
        .filter(class::Column::ProgrammeId.eq(programme_id))
        .filter(class::Column::DeletedAt.is_null())
        .filter(class::Column::State.is_in(states.iter().copied()));
    Ok(classes.count(&tx.db).await?)
}
