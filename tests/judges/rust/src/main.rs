//! The tour of the README by a client that oas3-gen generates from the OpenAPI document.

/// Written by the judge before the build; see `../clients.mjs`.
#[path = "../target/client/mod.rs"]
#[allow(warnings, reason = "generated")]
mod client;

use anyhow::{Context, Result, bail, ensure};
use chrono::NaiveDate;
use client::*;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use uuid::Uuid;

/// The answer of a success; a refusal ends the tour.
fn got<V: std::fmt::Debug, F: std::fmt::Debug>(answer: ApiResponse<V, F>) -> Result<V> {
    match answer {
        ApiResponse::Ok(value) | ApiResponse::Created(value) => Ok(value),
        other => bail!("{other:?}"),
    }
}

fn day(text: &str) -> Result<NaiveDate> {
    Ok(text.parse()?)
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

async fn token(base: &str, id: &str, secret: &str) -> Result<String> {
    let body = TokenRequest {
        grant_type: "client_credentials".to_owned(),
        client_id: text(id),
        client_secret: text(secret),
        ..Default::default()
    };
    let request = CreateTokenRequest { body };
    Ok(got(GdtxExchangeClient::with_base_url(base)?.create_token(request).await?)?.body.access_token)
}

async fn centre(api: &GdtxExchangeClient) -> Result<Uuid> {
    let body = NewCentre {
        name: "Trung tâm Tin học Thử nghiệm (mẫu)".to_owned(),
        kind: CentreKind::LanguageItCentre,
        sub_kind: Some(LanguageItSubKind::It),
        ownership: Ownership::Private,
        place: PlaceInput { code: "11407".to_owned(), ..Default::default() },
        initial_status: Some(CentreStatus::Operating),
        establishment: Some(Establishment {
            decision_number: "12/QĐ-MAU".to_owned(),
            decision_date: day("2025-08-15")?,
            authority_kind: AuthorityKind::SoGddt,
            ..Default::default()
        }),
        ..Default::default()
    };
    let header = CreateCentreRequestHeader { idempotency_key: text("tour-rust"), ..Default::default() };
    let created = got(api.create_centre(CreateCentreRequest { body, header, ..Default::default() }).await?)?;
    ensure!(created.headers.etag.as_deref() == Some("\"1\""), "no strong ETag");
    Ok(created.body.id)
}

async fn class(api: &GdtxExchangeClient, centre_id: Uuid) -> Result<Uuid> {
    let body = NewProgramme {
        centre_id,
        kind: "it_basic".to_owned(),
        name: "Tin học cơ bản".to_owned(),
        it_modules: Some(["iu01", "iu02", "iu03", "iu04", "iu05", "iu06"].map(str::to_owned).to_vec()),
        aims: text("…"),
        materials: text("…"),
        teachers: text("…"),
        assessment: text("…"),
        starts_on: Some(day("2025-09-05")?),
        fee_vnd: Some(1_200_000),
        ..Default::default()
    };
    let programme = got(api.create_programme(CreateProgrammeRequest { body, ..Default::default() }).await?)?.body.id;
    let body = NewClass {
        programme_id: programme,
        school_year: 2025.into(),
        code: "A1".to_owned(),
        name: "Lớp A1".to_owned(),
        ..Default::default()
    };
    let class = got(api.create_class(CreateClassRequest { body, ..Default::default() }).await?)?.body.id;
    let path = PublishProgrammeRequestPath { id: programme };
    got(api.publish_programme(PublishProgrammeRequest { path, ..Default::default() }).await?)?;
    let path = ApproveClassRequestPath { id: class };
    got(api.approve_class(ApproveClassRequest { path, ..Default::default() }).await?)?;
    let (path, body) = (OpenClassRequestPath { id: class }, OpenClass { opens_on: Some(day("2025-09-05")?) });
    let open = got(api.open_class(OpenClassRequest { path, body, ..Default::default() }).await?)?;
    ensure!(open.body.state == ClassState::Open, "the class is {:?}", open.body.state);
    Ok(class)
}

async fn enrol(api: &GdtxExchangeClient, centre_id: Uuid, class_id: Uuid) -> Result<()> {
    let body = NewLearner {
        centre_id,
        full_name: "Nguyễn Văn Mẫu".to_owned(),
        gender: Gender::Male,
        date_of_birth: PartialDate { value: "1990".to_owned(), precision: DatePrecision::Year },
        ..Default::default()
    };
    let learner_id = got(api.create_learner(CreateLearnerRequest { body, ..Default::default() }).await?)?.body.id;
    let body = NewEnrolment { learner_id, class_id, enrolled_on: day("2025-09-05")?, ..Default::default() };
    let enrolment = got(api.create_enrolment(CreateEnrolmentRequest { body, ..Default::default() }).await?)?;
    ensure!(enrolment.body.status == EnrolmentStatus::Enrolled, "the enrolment is {:?}", enrolment.body.status);
    Ok(())
}

/// By hand: the generator has no third state of a field, and would blank what a patch leaves out.
async fn rename(api: &GdtxExchangeClient, centre: Uuid) -> Result<u16> {
    let url = api.base_url.join(&format!("v1/centres/{centre}"))?;
    let patch = serde_json::json!({ "phone": "0225 000 0000" });
    let request = api.client.patch(url).header("If-Match", "\"1\"").json(&patch);
    Ok(request.send().await?.status().as_u16())
}

async fn tour(base: &str, id: &str, secret: &str) -> Result<()> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {}", token(base, id, secret).await?))?);
    let http = reqwest::Client::builder().default_headers(headers).build()?;
    let api = GdtxExchangeClient::with_client(base, http)?;
    let query = ResolveAdministrativeUnitRequestQuery {
        code: text("11296"),
        as_of: Some(day("2024-12-31")?),
        ..Default::default()
    };
    let request = ResolveAdministrativeUnitRequest { query, ..Default::default() };
    got(api.resolve_administrative_unit(request).await?)?;
    let centre = centre(&api).await?;
    ensure!(rename(&api, centre).await? == 200, "the change was refused");
    ensure!(rename(&api, centre).await? == 412, "a stale change was done");
    let class = class(&api, centre).await?;
    enrol(&api, centre, class).await?;
    let query = ChangesRequestQuery { after: Some(0), first: Some(2), ..Default::default() };
    got(api.changes(ChangesRequest { query, ..Default::default() }).await?)?;
    let body = NewRoom { centre_id: centre, room_name: "Phòng thử".to_owned(), ..Default::default() };
    let room = got(api.create_room(CreateRoomRequest { body, ..Default::default() }).await?)?.body.id;
    let path = RetireRoomRequestPath { id: room };
    let off = got(api.retire_room(RetireRoomRequest { path, ..Default::default() }).await?)?;
    ensure!(off.body.deleted_at.is_some(), "the room was not taken off");
    println!("the tour is done");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut given = std::env::args().skip(1);
    let mut next = || given.next().context("gdtx-tour BASE CLIENT_ID CLIENT_SECRET");
    tour(&next()?, &next()?, &next()?).await
}
