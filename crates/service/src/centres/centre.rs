//! Centres: what is sent and shown, and what must hold before one is written.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks, Decimal2, PartialDate,
    centres::{
        beginning::Establishment,
        centre::{self, OperatingLicence},
        digital_level::DigitalLevel,
        kind::{CentreKind, LanguageItSubKind, Ownership},
        life_cycle::{AuthorityKind, CentreStatus},
    },
    exchange::resource::ResourceKind,
    territory::place::{Place, PlaceInput},
    text,
};
use uuid::Uuid;

use super::{beginning, centre_check, relocation};
use crate::{
    Result,
    access::policy::Permission,
    filter::filter,
    resource::{Draft, Resource},
    shape::{Meta, record},
    territory,
    tx::Tx,
};

record! {
    /// A centre of continuing education: every field of the three official record forms of
    /// QĐ 4998/QĐ-BGDĐT sections 5.1.1 to 5.1.3, its place and its stand in life.
    Centre("CentreFields"), NewCentre, CentrePatch, CentreManaged of centre::Model {
    initial {
        /// Where the centre stands when it is put on record (Tình trạng ban đầu): `proposed` when absent,
        /// `established` or `operating`; the latter two need `establishment`. Told at creation only: later steps
        /// are events, and a repeated `PUT` leaves the status alone.
        initial_status: CentreStatus,
        /// The decision that established the centre (Quyết định thành lập), for a centre that comes on
        /// record as established or operating. It is kept as the first event of the history.
        establishment: Establishment,
    }
    required {
        /// Name (Tên trung tâm), at most 200 characters. A centre that takes another name is renamed
        /// by an event; once it is established only `centre_decide` corrects it. QĐ 4998: `TEN`.
        name: String [text(200)],
        /// Kind (Loại trung tâm); once established only `centre_decide` corrects it. QĐ 4998:
        /// `MA_LOAI_TRUNG_TAM`.
        kind: CentreKind,
        /// Ownership (Loại hình); once established only `centre_decide` corrects it. QĐ 4998:
        /// `MA_LOAI_HINH_TRUNG_TAM`.
        ownership: Ownership,
    }
    optional {
        /// Code granted by the State (Mã trung tâm), at most 20 characters. QĐ 4998: `TRUNG_TAM_ID`.
        official_id: String [text(20)] = None,
        /// Electronic organisation id (Mã định danh điện tử, QĐ 20/2020/QĐ-TTg), at most 35 characters.
        egov_id: String [egov_id()] = None,
        /// What a language and IT centre teaches; for that kind only.
        sub_kind: LanguageItSubKind = None,
        /// Level group (Nhóm cấp học), list `DM_NHOM_CAP_HOC`. QĐ 4998: `MA_NHOM_CAP_HOC`.
        level_group: String = None,
        /// Address (Địa chỉ), at most 200 characters. QĐ 4998: `DIA_CHI`.
        address_line: String [text(200)] = None,
        /// Name of the body that manages the centre (Cơ quan quản lý trực tiếp), at most 200
        /// characters. A transfer is an event; once established only `centre_decide` corrects it.
        managing_body: String [text(200)] = None,
        /// Kind of that body (Cấp quản lý); as its name.
        authority_kind: AuthorityKind = None,
        /// Area kind (Khu vực), list `DM_KHU_VUC`. QĐ 4998: `MA_KHU_VUC`.
        area: String = None,
        /// Terrain (Vùng), list `DM_VUNG`. QĐ 4998: `MA_VUNG`.
        terrain: String = None,
        /// Difficult area (Vùng khó khăn), list `DM_VUNG_KHO_KHAN`. QĐ 4998: `MA_VUNG_KHO_KHAN`.
        difficult_area: String = None,
        /// Quality standard reached (Đạt chuẩn đánh giá chất lượng giáo dục), list
        /// `DM_MUC_DAT_CHUAN_QG_CLGD`. QĐ 4998: `MA_DAT_CHUAN_DANH_GIA_CLGD`.
        quality_standard: String = None,
        /// Telephone (Điện thoại), at most 20 characters. QĐ 4998: `DIEN_THOAI`.
        phone: String [phone(20)] = None,
        /// E-mail, at most 50 characters. QĐ 4998: `EMAIL`.
        email: String [email(50)] = None,
        /// Fax, at most 20 characters. QĐ 4998: `FAX`.
        fax: String [phone(20)] = None,
        /// Web site, at most 50 characters. QĐ 4998: `WEBSITE`.
        website: String [website(50)] = None,
        /// Director (Giám đốc), at most 50 characters; basic personal data. QĐ 4998: `GIAM_DOC`.
        director_name: String [text(50)] = Basic,
        /// Director's telephone (Điện thoại giám đốc), at most 20 characters; basic personal data.
        /// QĐ 4998: `DIEN_THOAI_GIAM_DOC`.
        director_phone: String [phone(20)] = Basic,
        /// Director's e-mail (Email giám đốc), at most 50 characters; basic personal data.
        /// QĐ 4998: `EMAIL_GIAM_DOC`.
        director_email: String [email(50)] = Basic,
        /// Area of the premises in m² (Diện tích), 0 to 1,000,000,000. QĐ 4998: `DIEN_TICH`.
        area_m2: Decimal2 [number(0, 1_000_000_000)] = None,
        /// Position on the map (Vị trí bản đồ), at most 50 characters. QĐ 4998: `VI_TRI_BAN_DO`.
        map_position: String [text(50)] = None,
        /// Founded on (Ngày thành lập), not in the future. QĐ 4998: `NAM_THANH_LAP`.
        established_on: PartialDate = None,
        /// Operation renewed on (Ngày gia hạn hoạt động), not in the future. QĐ 4998: `NAM_HOAT_DONG`.
        operation_renewed_on: PartialDate = None,
        /// Licence to operate, for centres from before NĐ 125/2024/NĐ-CP (Giấy phép hoạt động).
        operating_licence: OperatingLicence [any()] = None,
        /// Rank (Hạng trung tâm), at most 10 characters. QĐ 4998: `HANG_TRUNG_TAM`.
        centre_rank: String [text(10)] = None,
        /// Accreditation level (Đạt kiểm định cấp độ), 0 to 9. QĐ 4998: `KIEM_DINH_CAP_DO`.
        accreditation_level: i32 [number(0, 9)] = None,
        /// Level of digital transformation (QĐ 4725/QĐ-BGDĐT).
        digital_level: DigitalLevel = None,
        /// Uses computers to manage and teach (Có sử dụng máy vi tính phục vụ quản lý và dạy học).
        /// QĐ 4998: `IS_SU_DUNG_MAY_TINH_DAY_HOC`.
        uses_computers: bool = None,
        /// Has Internet (Được kết nối Internet). QĐ 4998: `IS_KHAI_THAC_INTERNET_DAY_HOC`.
        has_internet: bool = None,
        /// Has power from the grid (Có điện lưới). QĐ 4998: `IS_DIEN_LUOI`.
        has_grid_power: bool = None,
        /// Has clean water (Có nguồn nước sạch). QĐ 4998: `IS_NGUON_NUOC_SACH`.
        has_clean_water: bool = None,
        /// Has sanitation (Có công trình vệ sinh). QĐ 4998: `IS_CONG_TRINH_VE_SINH`.
        has_sanitation: bool = None,
        /// Accessible for disabled people (Có hạ tầng tiếp cận học sinh khuyết tật).
        /// QĐ 4998: `IS_CO_HA_TANG_TLHT_PHU_HOP_HSKT`.
        accessible_for_disabled: bool = None,
        /// Has counselling (Có bộ phận công tác tư vấn học đường). QĐ 4998: `IS_CONG_TAC_TU_VAN_HOC_DUONG`.
        has_counselling: bool = None,
        /// Teaches about gender, abuse and violence (Có giáo dục về giới tính, xâm hại, bạo lực).
        /// QĐ 4998: `IS_GIOI_TINH_XAM_HAI_BAO_LUC`.
        has_gender_abuse_violence_education: bool = None,
        /// Has a Party cell (Có chi bộ đảng). QĐ 4998: `IS_CO_CHI_BO_DANG`.
        has_party_cell: bool = None,
        /// Teaches life skills (Có dạy kỹ năng sống giáo dục xã hội). QĐ 4998: `IS_KY_NANG_SONG_GDXH`.
        teaches_life_skills: bool = None,
        /// Teaches people to read and write (Có dạy xóa mù chữ). QĐ 4998: `IS_XOA_MU_CHU`.
        teaches_literacy: bool = None,
        /// Teaches foreign languages (Có dạy kỹ năng ngoại ngữ). QĐ 4998: `DAY_KY_NANG_NGOAI_NGU`.
        teaches_foreign_language: bool = None,
        /// Teaches the use of IT (Có dạy kỹ năng ứng dụng CNTT). QĐ 4998: `DAY_UNG_DUNG_CNTT`.
        teaches_it_application: bool = None,
        /// Has the minimum of teaching equipment (Đủ thiết bị dạy học tối thiểu).
        /// QĐ 4998: `THIET_BI_DAY_HOC_TOI_THIEU`.
        meets_minimum_equipment: bool = None,
        /// Is a GDTX centre (Có là trung tâm giáo dục thường xuyên). QĐ 4998: `IS_TT_GDTX_HUYEN`.
        is_gdtx_centre: bool = None,
        /// Is a GDNN-GDTX centre (Có là trung tâm giáo dục nghề nghiệp - giáo dục thường xuyên).
        /// QĐ 4998: `IS_TT_GDTX_HUONG_NGHIEP_NGHE`.
        is_vocational_gdtx_centre: bool = None,
        /// Has foreign capital (Có vốn đầu tư nước ngoài). QĐ 4998: `IS_TT_NN_CO_VON_NUOC_NGOAI`.
        has_foreign_capital: bool = None,
        /// Is a head office (Có là trụ sở chính). QĐ 4998: `IS_TRU_SO_CHINH`.
        is_head_office: bool = None,
        /// Is an operating location (Có là địa điểm hoạt động). QĐ 4998: `IS_DIA_DIEM_HOAT_DONG`.
        is_operating_location: bool = None,
        /// Has a teacher on secondment (Có giáo viên biệt phái). QĐ 4998: `IS_GIAO_VIEN_BIET_PHAI`.
        has_seconded_teacher: bool = None,
        /// Has collaborators (Có cộng tác viên). QĐ 4998: `IS_CONG_TAC_VIEN`.
        has_collaborators: bool = None,
        /// Attendances in a year (Số lượt học viên trong năm), 0 or more; the text declares it Boolean, a
        /// slip. QĐ 4998: `IS_HOC_VIEN`.
        learner_turns_per_year: i32 [number(0, 2_147_483_647)] = None,
        /// Learners in a year (Số người học tại trung tâm), 0 or more; the text declares it Boolean, a
        /// slip. QĐ 4998: `IS_NGUOI_HOC`.
        learners_per_year: i32 [number(0, 2_147_483_647)] = None,
    }
    lists {
        /// All difficult areas (Danh sách vùng khó khăn), same list, each once. QĐ 4998: `TRUONG_VUNG_KHO_KHANS`.
        difficult_areas: String = None,
    }
    placed {
        /// Province, legacy district and commune (Tỉnh/Thành, Quận/Huyện, Xã/Phường).
        /// QĐ 4998: `TINH_THANH_ID`, `QUAN_HUYEN_ID`, `XA_PHUONG_ID`.
        place: PlaceInput as Place,
    }
    managed {
        /// Where the centre stands in its life; events change it.
        status: CentreStatus,
        /// Since when.
        status_since: NaiveDate,
    }
    managed_lists {
        /// The centres that came out of this one by merger, division, separation or conversion.
        successor_ids: Uuid,
        /// The centres that this one came out of.
        predecessor_ids: Uuid,
    }
    }
}

filter! {
    /// Which centres to list.
    CentreFilter of centre::Entity {
        /// Kind of centre.
        kind: CentreKind => "kind" eq,
        /// Ownership.
        ownership: Ownership => "ownership" eq,
        /// Stand in life.
        status: CentreStatus => "status" eq,
        /// Today's province code (2 digits).
        province_code: String => "province_code" eq,
        /// Today's commune code (5 digits).
        commune_code: String => "commune_code" eq,
        /// Code granted by the State.
        official_id: String => "official_id" eq,
    }
}

/// Centres as a resource.
pub struct Centres;

impl Resource for Centres {
    type Entity = centre::Entity;
    type Model = centre::Model;
    type ActiveModel = centre::ActiveModel;
    type Record = Centre;
    type Filter = CentreFilter;

    const KIND: ResourceKind = ResourceKind::Centres;
    const BY_CLASS: bool = true;
    const READ: Permission = Permission::CentreRead;
    const WRITE: Permission = Permission::CentreWrite;

    fn managed(_: &NewCentre) -> CentreManaged {
        CentreManaged {
            place: None,
            status: CentreStatus::Proposed,
            status_since: NaiveDate::default(),
            successor_ids: Vec::new(),
            predecessor_ids: Vec::new(),
        }
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<Centre>, checks: &mut Checks) -> Result<()> {
        let (new, today) = (&mut draft.new, tx.ctx.clock.today());
        centre_check::check(new, today, checks);
        if draft.before.is_none() {
            let (status, since) = beginning::check(tx, draft.meta.id, new, checks);
            draft.managed.status = status;
            draft.managed.status_since = since;
        }
        if let Some(before) = &draft.before {
            centre_check::check_settled(tx, &draft.meta.keys(), before, new, checks);
        }
        draft.managed.place = territory::place::resolve(tx, "/place", &new.place, checks);
        if let Some(place) = &draft.managed.place {
            centre_check::check_place(new.kind, place, checks);
            draft.meta.province_code = Some(place.province_code.clone());
            draft.meta.commune_code.clone_from(&place.commune_code);
        }
        draft.meta.centre_id = Some(draft.meta.id);
        draft.meta.search_text = search_text(new, draft.managed.place.as_ref());
        centre_check::warn_of_namesake(tx, &draft.meta, new.official_id.as_deref(), checks).await
    }

    async fn created(tx: &Tx, meta: &Meta, new: &NewCentre) -> Result<()> {
        beginning::write(tx, &meta.keys(), new).await
    }

    async fn check_retire(tx: &Tx, record: &Centre) -> Result<()> {
        centre_check::check_erasable(tx, record)?;
        relocation::check_alone(tx, record.id).await
    }
}

/// What a centre is found by: name, official code, commune and address.
pub(crate) fn search_text(new: &NewCentre, place: Option<&Place>) -> String {
    let commune = place.and_then(|p| p.commune_name.as_deref());
    let parts = [Some(new.name.as_str()), new.official_id.as_deref(), commune, new.address_line.as_deref()];
    text::fold(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}
