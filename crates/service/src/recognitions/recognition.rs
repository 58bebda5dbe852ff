//! Recognitions: the dossier as it is sent and shown, and what must hold while it is a draft.
//!
//! A dossier is edited as a draft. Once handed in it changes by its operations only, which stand
//! in `decision`.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    centres::life_cycle::AuthorityKind,
    exchange::resource::ResourceKind,
    recognitions::{
        kind::HolderKind,
        period,
        recognition::{self, Appraisal, IndicatorResult, RecognitionState},
    },
    territory::place::{Place, PlaceInput},
};
use sea_orm::{Condition, ExprTrait, QueryFilter, Select, sea_query::Expr};
use uuid::Uuid;

use super::dossier;
use crate::{
    Code, Error, Record, Result,
    access::{policy::Permission, scope::Sight},
    filter::{Filter, filter},
    resource::{Draft, Person, Resource},
    shape::record,
    tx::Tx,
};

record! {
    /// A recognition (công nhận): the dossier of a holder for one kind and year, and the decision
    /// it ends with. Where the holder is a family or a citizen, name, report, results, documents
    /// and appraisal are basic personal data and masked.
    Recognition("RecognitionFields"), NewRecognition, RecognitionPatch, RecognitionManaged of recognition::Model {
    initial {
        /// The centre that is the holder, for good; the record then lies where the centre lies.
        centre_id: Uuid,
    }
    required {
        /// Kind of recognition (Danh hiệu, loại công nhận): a code of `/v1/recognition-kinds`.
        kind: String,
        /// Who or what holds it (Đối tượng).
        holder_kind: HolderKind,
        /// The calendar year assessed (Năm đánh giá), from 1 January to 31 December.
        assessed_year: i32,
    }
    optional {
        /// Name of the holder (Tên đối tượng), at most 200 characters. When absent it is taken from
        /// the centre or the administrative unit. Basic personal data of a family or a citizen.
        holder_name: String [text(200)] = Basic,
        /// Electronic agency id of an organisation (Mã định danh điện tử, QĐ 20/2020/QĐ-TTg), at
        /// most 35 characters.
        holder_egov_id: String [egov_id()] = None,
        /// Level asked for (Mức độ đề nghị); absent for a title without levels.
        requested_level: i32 = None,
        /// The holder's report on itself (Báo cáo tự đánh giá), at most 20,000 characters. Basic
        /// personal data of a family or a citizen.
        self_assessment: String [text(20_000)] = Basic,
        /// The day the dossier was handed in (Ngày nộp hồ sơ), not in the future; the day of
        /// `submitRecognition` when absent. Rules are those of this day.
        submitted_on: NaiveDate = None,
    }
    lists {
        /// Results for the indicators of the criteria set (Kết quả theo chỉ tiêu). Basic personal
        /// data of a family or a citizen.
        indicator_results: IndicatorResult [any()] = Basic,
        /// Titles or addresses of the documents of the dossier (Thành phần hồ sơ), at most 100 of
        /// at most 500 characters each. Basic personal data of a family or a citizen.
        documents: String [text(500)] = Basic,
    }
    sent {
        /// Where the holder is, or the place recognised (Địa bàn). Required unless `centreId` is
        /// given; a district is named by its legacy code of 3 digits.
        place: PlaceInput as Place = None,
    }
    managed {
        /// Where the dossier stands (Trạng thái); a grant past its last day is shown as expired.
        state: RecognitionState,
    }
    managed_lists {
        /// Why the dossier was last sent back (Lý do trả lại).
        return_reasons: String,
        /// Why it was not granted (Lý do không công nhận).
        refusal_reasons: String,
    }
    managed_optional {
        /// Criteria set that the results answer to (Bộ tiêu chí): a code of `/v1/criteria-sets`.
        criteria_set: String = None,
        /// The appraisal by the receiving body (Thẩm định). Basic personal data of a family or a
        /// citizen.
        appraisal: Appraisal = Basic,
        /// Number of the decision (Số quyết định).
        decision_number: String = None,
        /// Day of the decision (Ngày quyết định), granted or refused.
        decision_date: NaiveDate = None,
        /// Who decided (Cơ quan, người quyết định), as the decision names it.
        decision_authority: String = None,
        /// Kind of that authority; absent when outside the State or unknown.
        decision_authority_kind: AuthorityKind = None,
        /// Level granted (Mức độ công nhận).
        decision_level: i32 = None,
        /// Public code (Mã tra cứu) under which, with the number, anyone can check the decision.
        verification_code: String = None,
        /// First day on which the recognition counts (Hiệu lực từ).
        valid_from: NaiveDate = None,
        /// Last day on which it counts (Hiệu lực đến); absent when the kind sets no period.
        valid_to: NaiveDate = None,
        /// The recognition of the same holder and kind that this one renews or upgrades.
        previous_recognition_id: Uuid = None,
    }
    hidden {
        holder_key: String,
    }
    }
}

filter! {
    /// Which recognitions to list.
    RecognitionFilter of recognition::Entity {
        /// Code of the kind.
        kind: String => "kind" eq,
        /// Kind of holder.
        holder_kind: HolderKind => "holder_kind" eq,
        /// Stand of the dossier today; `granted` leaves out what has expired.
        state: RecognitionState => "state" eq,
        /// Calendar year assessed.
        assessed_year: i32 => "assessed_year" eq,
        /// Level granted.
        decision_level: i32 => "decision_level" eq,
        /// Number of the decision.
        decision_number: String => "decision_number" eq,
        /// The centre that is the holder.
        centre_id: Uuid => "centre_id" eq,
        /// Today's province code (2 digits).
        province_code: String => "province_code" eq,
        /// Today's commune code (5 digits).
        commune_code: String => "commune_code" eq,
    }
}

/// Recognitions as a resource.
pub struct Recognitions;

impl Resource for Recognitions {
    type Entity = recognition::Entity;
    type Model = recognition::Model;
    type ActiveModel = recognition::ActiveModel;
    type Record = Recognition;
    type Filter = RecognitionFilter;

    const KIND: ResourceKind = ResourceKind::Recognitions;
    const READ: Permission = Permission::RecognitionRead;
    const WRITE: Permission = Permission::RecognitionWrite;

    fn managed(_: &NewRecognition) -> RecognitionManaged {
        RecognitionManaged {
            place: None,
            state: RecognitionState::Draft,
            return_reasons: Vec::new(),
            refusal_reasons: Vec::new(),
            criteria_set: None,
            appraisal: None,
            decision_number: None,
            decision_date: None,
            decision_authority: None,
            decision_authority_kind: None,
            decision_level: None,
            verification_code: None,
            valid_from: None,
            valid_to: None,
            previous_recognition_id: None,
            holder_key: String::new(),
        }
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<Recognition>, checks: &mut Checks) -> Result<()> {
        dossier::prepare(tx, draft, checks).await
    }

    /// Nobody stores that a grant has expired, so the state asked for is split by the last day.
    fn narrow(filter: &RecognitionFilter, select: Select<Self::Entity>, today: NaiveDate) -> Select<Self::Entity> {
        let select = RecognitionFilter { state: None, ..filter.clone() }.narrow(select);
        let over = || Expr::col("valid_to").lt(today);
        let still = || Condition::any().add(Expr::col("valid_to").is_null()).add(Expr::col("valid_to").gte(today));
        match filter.state {
            None => select,
            Some(RecognitionState::Expired) => select.filter(stored(RecognitionState::Granted)).filter(over()),
            Some(RecognitionState::Granted) => select.filter(stored(RecognitionState::Granted)).filter(still()),
            Some(state) => select.filter(stored(state)),
        }
    }

    /// Names of organisations and places are public; those of persons are masked.
    fn show(record: &mut Recognition, sight: Sight, today: NaiveDate) {
        record.state = period::state_on(record.state, record.valid_to, today);
        let person = record.holder_kind.is_person();
        record.mask(if person { sight } else { Sight::FULL });
        if person && !sight.basic {
            // Reasons are written about the person.
            record.refusal_reasons.clear();
            record.return_reasons.clear();
        }
    }

    fn person(record: &Recognition) -> Person {
        if record.holder_kind.is_person() { Person::Other } else { Person::Nobody }
    }

    async fn check_retire(_: &Tx, record: &Recognition) -> Result<()> {
        match record.state {
            RecognitionState::Draft | RecognitionState::Withdrawn => Ok(()),
            state => Err(frozen(state)),
        }
    }
}

fn stored(state: RecognitionState) -> Condition {
    Condition::all().add(Expr::col("state").eq(state))
}

/// The refusal to edit or retire a dossier that was handed in.
pub(super) fn frozen(state: RecognitionState) -> Error {
    let label = state.label();
    Error::new(
        Code::ImpossibleTransition,
        format!("Hồ sơ ở trạng thái “{}” chỉ thay đổi qua các thao tác của hồ sơ.", label.vi),
        format!("A dossier in the state “{}” changes by its operations only.", label.en),
    )
}
