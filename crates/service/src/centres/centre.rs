//! Centres: what is sent and shown, and what must hold before one is written.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks, Decimal2, PartialDate,
    centres::{
        centre::{self, OperatingLicence, check_egov_id},
        digital_level::DigitalLevel,
        kind::{CentreKind, LanguageItSubKind, Ownership},
        life_cycle::{AuthorityKind, CentreStatus},
    },
    exchange::resource::ResourceKind,
    territory::place::{Place, PlaceInput},
    text,
};
use uuid::Uuid;

use crate::{
    Result,
    access::policy::Permission,
    filter::filter,
    resource::{Draft, Resource},
    shape::record,
    territory,
    tx::Tx,
};

record! {
    /// A centre of continuing education: every field of the three official record forms of
    /// QĐ 4998/QĐ-BGDĐT sections 5.1.1 to 5.1.3, its place and its stand in life.
    Centre("CentreFields"), NewCentre, CentrePatch, CentreManaged of centre::Model {
    required {
        /// Name (Tên trung tâm), at most 200 characters. `TEN`.
        name: String,
        /// Kind (Loại trung tâm). `MA_LOAI_TRUNG_TAM`.
        kind: CentreKind,
        /// Ownership (Loại hình). `MA_LOAI_HINH_TRUNG_TAM`.
        ownership: Ownership,
    }
    optional {
        /// Code granted by the State (Mã trung tâm), at most 20 characters. `TRUNG_TAM_ID`.
        official_id: String = None,
        /// Electronic organisation id (Mã định danh điện tử, QĐ 20/2020/QĐ-TTg), at most 35 characters.
        egov_id: String = None,
        /// What a language and IT centre teaches.
        sub_kind: LanguageItSubKind = None,
        /// Level group (Nhóm cấp học), list `DM_NHOM_CAP_HOC`. `MA_NHOM_CAP_HOC`.
        level_group: String = None,
        /// Address (Địa chỉ), at most 200 characters. `DIA_CHI`.
        address_line: String = None,
        /// Name of the body that manages the centre (Cơ quan quản lý trực tiếp), at most 200 characters.
        managing_body: String = None,
        /// Kind of that body.
        authority_kind: AuthorityKind = None,
        /// Area kind (Khu vực), list `DM_KHU_VUC`. `MA_KHU_VUC`.
        area: String = None,
        /// Terrain (Vùng), list `DM_VUNG`. `MA_VUNG`.
        terrain: String = None,
        /// Difficult area (Vùng khó khăn), list `DM_VUNG_KHO_KHAN`. `MA_VUNG_KHO_KHAN`.
        difficult_area: String = None,
        /// Quality standard reached (Đạt chuẩn đánh giá CLGD). `MA_DAT_CHUAN_DANH_GIA_CLGD`.
        quality_standard: String = None,
        /// Telephone (Điện thoại), at most 20 characters. `DIEN_THOAI`.
        phone: String = None,
        /// E-mail, at most 50 characters. `EMAIL`.
        email: String = None,
        /// Fax, at most 20 characters. `FAX`.
        fax: String = None,
        /// Web site, at most 50 characters. `WEBSITE`.
        website: String = None,
        /// Director (Giám đốc), at most 50 characters; basic personal data. `GIAM_DOC`.
        director_name: String = Basic,
        /// Director's telephone, at most 20 characters; basic personal data. `DIEN_THOAI_GIAM_DOC`.
        director_phone: String = Basic,
        /// Director's e-mail, at most 50 characters; basic personal data. `EMAIL_GIAM_DOC`.
        director_email: String = Basic,
        /// Area of the premises in m² (Diện tích). `DIEN_TICH`.
        area_m2: Decimal2 = None,
        /// Position on the map (Vị trí bản đồ), at most 50 characters. `VI_TRI_BAN_DO`.
        map_position: String = None,
        /// Founded on (Ngày thành lập). `NAM_THANH_LAP`.
        established_on: PartialDate = None,
        /// Operation renewed on (Ngày gia hạn hoạt động). `NAM_HOAT_DONG`.
        operation_renewed_on: PartialDate = None,
        /// Licence to operate, for centres from before NĐ 125/2024/NĐ-CP (Giấy phép hoạt động).
        operating_licence: OperatingLicence = None,
        /// Rank (Hạng trung tâm), at most 10 characters. `HANG_TRUNG_TAM`.
        centre_rank: String = None,
        /// Accreditation level (Kiểm định cấp độ). `KIEM_DINH_CAP_DO`.
        accreditation_level: i32 = None,
        /// Level of digital transformation (QĐ 4725/QĐ-BGDĐT).
        digital_level: DigitalLevel = None,
        /// Uses computers to manage and teach. `IS_SU_DUNG_MAY_TINH_DAY_HOC`.
        uses_computers: bool = None,
        /// Has Internet. `IS_KHAI_THAC_INTERNET_DAY_HOC`.
        has_internet: bool = None,
        /// Has power from the grid. `IS_DIEN_LUOI`.
        has_grid_power: bool = None,
        /// Has clean water. `IS_NGUON_NUOC_SACH`.
        has_clean_water: bool = None,
        /// Has sanitation. `IS_CONG_TRINH_VE_SINH`.
        has_sanitation: bool = None,
        /// Accessible for disabled people. `IS_CO_HA_TANG_TLHT_PHU_HOP_HSKT`.
        accessible_for_disabled: bool = None,
        /// Has counselling. `IS_CONG_TAC_TU_VAN_HOC_DUONG`.
        has_counselling: bool = None,
        /// Teaches about gender, abuse and violence. `IS_GIOI_TINH_XAM_HAI_BAO_LUC`.
        has_gender_abuse_violence_education: bool = None,
        /// Has a Party cell. `IS_CO_CHI_BO_DANG`.
        has_party_cell: bool = None,
        /// Teaches life skills. `IS_KY_NANG_SONG_GDXH`.
        teaches_life_skills: bool = None,
        /// Teaches people to read and write. `IS_XOA_MU_CHU`.
        teaches_literacy: bool = None,
        /// Teaches foreign languages. `DAY_KY_NANG_NGOAI_NGU`.
        teaches_foreign_language: bool = None,
        /// Teaches the use of IT. `DAY_UNG_DUNG_CNTT`.
        teaches_it_application: bool = None,
        /// Has the minimum of teaching equipment. `THIET_BI_DAY_HOC_TOI_THIEU`.
        meets_minimum_equipment: bool = None,
        /// Is a GDTX centre. `IS_TT_GDTX_HUYEN`.
        is_gdtx_centre: bool = None,
        /// Is a GDNN-GDTX centre. `IS_TT_GDTX_HUONG_NGHIEP_NGHE`.
        is_vocational_gdtx_centre: bool = None,
        /// Has foreign capital. `IS_TT_NN_CO_VON_NUOC_NGOAI`.
        has_foreign_capital: bool = None,
        /// Is a head office. `IS_TRU_SO_CHINH`.
        is_head_office: bool = None,
        /// Is an operating location. `IS_DIA_DIEM_HOAT_DONG`.
        is_operating_location: bool = None,
        /// Has a teacher on secondment. `IS_GIAO_VIEN_BIET_PHAI`.
        has_seconded_teacher: bool = None,
        /// Has collaborators. `IS_CONG_TAC_VIEN`.
        has_collaborators: bool = None,
        /// Attendances in a year (Số lượt học viên); the text declares it Boolean, a slip. `IS_HOC_VIEN`.
        learner_turns_per_year: i32 = None,
        /// Learners in a year (Số người học); the text declares it Boolean, a slip. `IS_NGUOI_HOC`.
        learners_per_year: i32 = None,
    }
    lists {
        /// All difficult areas (Danh sách vùng khó khăn), same list. `TRUONG_VUNG_KHO_KHANS`.
        difficult_areas: String = None,
    }
    placed {
        /// Province, legacy district and commune. `TINH_THANH_ID`, `QUAN_HUYEN_ID`, `XA_PHUONG_ID`.
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
        let new = &mut draft.new;
        check_texts(new, checks);
        if draft.before.is_none() {
            draft.managed.status_since = tx.ctx.clock.today();
        }
        draft.managed.place = territory::place::resolve(tx, "/place", &new.place, checks);
        if let Some(place) = &draft.managed.place {
            draft.meta.province_code = Some(place.province_code.clone());
            draft.meta.commune_code.clone_from(&place.commune_code);
        }
        draft.meta.centre_id = Some(draft.meta.id);
        draft.meta.search_text = text::fold(&format!("{} {}", new.name, new.official_id.as_deref().unwrap_or_default()));
        Ok(())
    }
}

fn check_texts(new: &mut NewCentre, checks: &mut Checks) {
    checks.text("/name", &mut new.name, 200);
    checks.opt_text("/officialId", &mut new.official_id, 20);
    check_egov_id("/egovId", new.egov_id.as_deref(), checks);
}
