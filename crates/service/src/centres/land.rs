//! Land of centres: what is sent and shown, and what must hold.

use gdtx_domain::{
    Checks, Decimal2,
    centres::land::{self, check_areas},
    exchange::resource::ResourceKind,
    partial_date::LAST_YEAR,
    text,
};
use uuid::Uuid;

use super::owned;
use crate::{
    Result,
    access::policy::Permission,
    filter::filter,
    resource::{Draft, Resource, Sort},
    shape::record,
    tx::Tx,
};

record! {
    /// A piece of land that a centre uses (đất đai), QĐ 4998/QĐ-BGDĐT section 5.5.
    Land("LandFields"), NewLand, LandPatch, LandManaged of land::Model {
    given {
        /// The centre that uses the land (Đơn vị); never changes. QĐ 4998: `DON_VI_ID`.
        centre_id: Uuid,
    }
    required {
        /// Where it lies (Địa điểm), at most 500 characters. QĐ 4998: `DIA_DIEM`.
        location: String [text(500)],
    }
    optional {
        /// Institution (Tên cơ sở đào tạo), at most 255 characters. QĐ 4998: `TEN_CO_SO_DAO_TAO`.
        institution_name: String [text(255)] = None,
        /// Area of the land in m² (Diện tích đất), 0 or more. QĐ 4998: `DIEN_TICH_DAT`.
        land_area_m2: Decimal2 = None,
        /// Area built over in m² (Diện tích xây dựng), 0 or more. QĐ 4998: `DIEN_TICH_XAY_DUNG`.
        built_area_m2: Decimal2 = None,
        /// Form of ownership (Hình thức sở hữu): a code of the Ministry's list
        /// `DM_HINH_THUC_SO_HUU`, whose values are not published: `unverified`, no value is refused;
        /// at most 60 characters.
        /// QĐ 4998: `SO_HUU_ID`.
        ownership_form: String [text(60)] = None,
        /// Owner (Tên người sở hữu), at most 50 characters. QĐ 4998: `TEN_NGUOI_SO_HUU`.
        owner_name: String [text(50)] = None,
        /// Evidence of ownership (Minh chứng quyền sở hữu đất đai), at most 255 characters.
        /// QĐ 4998: `MINH_CHUNG_QUYEN_SO_HUU`.
        ownership_evidence: String [text(255)] = None,
        /// Use (Mục đích sử dụng đất), at most 255 characters. QĐ 4998: `MUC_DICH_SU_DUNG_DAT`.
        land_use: String [text(255)] = None,
        /// What stands on it (Công trình xây dựng), at most 100 characters.
        /// QĐ 4998: `CONG_TRINH_XAY_DUNG`.
        construction: String [text(100)] = None,
        /// First year of use (Năm bắt đầu sử dụng), 1800 to this year. QĐ 4998: `NAM_BAT_DAU_SU_DUNG`.
        use_start_year: i32 [number(1800, LAST_YEAR)] = None,
        /// Length of use in years (Thời gian sử dụng), 0 to 999. QĐ 4998: `THOI_GIAN_SU_DUNG`.
        use_years: i32 [number(0, 999)] = None,
    }
    }
}

filter! {
    /// Which pieces of land to list.
    LandFilter of land::Entity {
        /// The centre.
        centre_id: Uuid => "centre_id" eq,
        /// Today's province code of the centre (2 digits).
        province_code: String => "province_code" eq,
        /// Today's commune code of the centre (5 digits).
        commune_code: String => "commune_code" eq,
        /// Form of ownership.
        ownership_form: String => "ownership_form" eq,
    }
}

/// Land as a resource.
pub struct Lands;

impl Resource for Lands {
    type Entity = land::Entity;
    type Model = land::Model;
    type ActiveModel = land::ActiveModel;
    type Record = Land;
    type Filter = LandFilter;

    const KIND: ResourceKind = ResourceKind::Lands;
    const BY_CLASS: bool = true;
    const READ: Permission = Permission::CentreRead;
    const WRITE: Permission = Permission::CentreWrite;
    const SORTS: &'static [Sort] = &[Sort::ID, Sort::CREATED_AT, Sort::UPDATED_AT];

    fn managed(_: &NewLand) -> LandManaged {
        LandManaged {}
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<Land>, checks: &mut Checks) -> Result<()> {
        owned::follow_centre(tx, &mut draft.meta, draft.new.centre_id, checks).await?;
        let new = &mut draft.new;
        checks.fields(new);
        check_areas(new.land_area_m2, new.built_area_m2, checks);
        checks.year("/useStartYear", new.use_start_year, tx.ctx.clock.today());
        let parts = [Some(new.location.as_str()), new.institution_name.as_deref(), new.land_use.as_deref()];
        draft.meta.search_text = text::fold(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "));
        Ok(())
    }
}
