//! The OpenAPI document: standard operations and steps by declaration, the others by attribute.

use gdtx_domain::{
    Ruled,
    access::{agreement::Agreement, reach::Reach},
    centres::{beginning::Establishment, centre::OperatingLicence},
    exchange::external_id::ExternalId,
    learners::{enrolment::TopicCluster, learner::Reward, result::SubjectScore},
    programmes::{
        class::{Session, SubjectAssignment},
        programme::ProgrammeSubject,
    },
    recognitions::recognition::{Appraisal, IndicatorResult},
    statistics::report::ReportEntry,
};
use gdtx_service::{
    access::client::NewClient,
    centres::event::NewCentreEvent,
    exchange::{webhooks::NewWebhook, window_lock::WindowReason},
    learners::{
        enrolment_event::NewEnrolmentEvent,
        subject_request_step::{ExtendRequest, FulfilRequest, RefuseRequest},
    },
    recognitions::decision::{GrantRecognition, RefuseRecognition, ReturnRecognition},
    statistics::release::NewStatisticsRelease,
    statistics::report::{ReturnReport, SubmitReport},
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self,
        security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme},
    },
};

use crate::{
    access, centres, exchange, learners, problem, programmes, recognitions, registry,
    rest::{
        limits::{self, Way},
        shared,
    },
    statistics, territory,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "GDTX exchange",
        description = "REST service for the data model of Viet Nam's continuing education (giáo dục thường xuyên): centres, programmes, classes, learners, enrolments, results and recognitions, with one change feed over all of them. GraphQL serves the same use cases at `/graphql`.",
    ),
    servers((url = "/", description = "This service.")),
    paths(
        access::oauth::issue,
        access::about_token::revoke,
        access::about_token::introspect,
        access::well_known::metadata,
        access::well_known::keys,
        access::log::list,
        access::clients::list,
        access::clients::create,
        access::clients::get,
        access::clients::update,
        access::clients::rotate_secret,
        access::clients::suspend,
        access::clients::resume,
        access::clients::revoke,
        access::vendors::assign,
        access::vendors::unassign,
        access::limits::read,
        access::explain::read,
        centres::event::list,
        centres::event::create,
        centres::event::get,
        centres::directory::list,
        centres::directory::get,
        exchange::changes::read,
        exchange::sync::plan,
        exchange::batch::put,
        exchange::window_check::read,
        exchange::imports::list,
        exchange::imports::create,
        exchange::imports::get,
        exchange::imports::cancel,
        exchange::imports::list_receipts,
        exchange::imports::summary,
        exchange::imports::template,
        exchange::imports::offset,
        exchange::imports::upload,
        exchange::exports::list,
        exchange::exports::create,
        exchange::exports::get,
        exchange::exports::cancel,
        exchange::exports::download,
        exchange::webhooks::list,
        exchange::webhooks::create,
        exchange::webhooks::get,
        exchange::webhooks::update,
        exchange::webhooks::delete,
        exchange::webhooks::rotate_secret,
        exchange::webhooks::replay,
        exchange::webhooks::test,
        exchange::webhooks::deliveries,
        learners::enrolment_event::list,
        learners::enrolment_event::create,
        learners::enrolment_event::get,
        statistics::data_set::list,
        statistics::data_set::get,
        statistics::data::read,
        statistics::data::read_released,
        statistics::release::list,
        statistics::release::create,
        statistics::release::get,
        statistics::release_change::list,
        statistics::feed::read,
        statistics::indicator::list,
        statistics::indicator::read,
        statistics::lineage::list,
        statistics::report::form::list,
        statistics::report::form::get,
        statistics::report::due::list,
        statistics::report::file::read,
        territory::unit::list,
        territory::unit::get,
        territory::unit::ancestors,
        territory::unit::descendants,
        territory::succession::successors,
        territory::succession::predecessors,
        territory::resolution::resolve,
        territory::code_list::list,
        territory::code_list::get,
        territory::code_list::items,
        territory::code_list::translate,
        learners::find::find,
        recognitions::kind::list,
        recognitions::kind::get,
        recognitions::criteria::list,
        recognitions::criteria::get,
        recognitions::verification::verify,
        programmes::kind::list_kinds,
        programmes::kind::get_kind,
        programmes::kind::list_levels,
        programmes::kind::list_modules,
        programmes::kind::list_subjects,
    ),
    components(schemas(problem::Problem, problem::FieldError, gdtx_service::Count)),
    modifiers(&Security),
)]
struct Base;

/// What a token is, for those who look into one.
const TOKENS: &str = "Access tokens are JWTs (RFC 9068), checked as RFC8725 asks: one algorithm a key, their own \
    type, our issuer and audience, and times. Whoever holds one treats it as opaque.";

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let components = document.components.get_or_insert_with(openapi::Components::new);
        let flow = Flow::ClientCredentials(ClientCredentials::new("/oauth/token", Scopes::new()));
        components.add_security_scheme("oauth2", SecurityScheme::OAuth2(OAuth2::with_description([flow], TOKENS)));
    }
}

/// The whole document.
pub fn document() -> openapi::OpenApi {
    let mut document = Base::openapi();
    registry::describe(&mut document);
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            // What needs no token says so.
            operation.security.get_or_insert_with(|| vec![openapi::security::SecurityRequirement::default()]);
        }
    }
    centres::event::describe(&mut document);
    exchange::describe(&mut document);
    learners::describe(&mut document);
    territory::describe(&mut document);
    statistics::describe(&mut document);
    programmes::describe(&mut document);
    centres::directory::describe(&mut document);
    recognitions::describe(&mut document);
    exchange::imports::describe(&mut document);
    exchange::webhooks::describe(&mut document);
    access::explain::describe(&mut document);
    shared::complete(&mut document);
    access::limits::describe(&mut document);
    document.tags = Some(tags(&document));
    if let Some(components) = document.components.as_mut() {
        limit(components);
    }
    document
}

/// The rules of shapes that no declaration of a resource names.
fn limit(components: &mut openapi::Components) {
    for (record, new) in [
        ("CentreEvent", NewCentreEvent::RULES),
        ("EnrolmentEvent", NewEnrolmentEvent::RULES),
        ("StatisticsRelease", NewStatisticsRelease::RULES),
    ] {
        limits::write(components, &format!("New{record}"), new, Way::New);
        limits::write(components, record, new, Way::Shown);
    }
    limits::write(components, "ClientPatch", NewClient::RULES, Way::Change);
    limits::own::<NewClient>(components, Way::New);
    limits::write(components, "WebhookPatch", NewWebhook::RULES, Way::Change);
    limits::own::<NewWebhook>(components, Way::New);
    limits::own::<Agreement>(components, Way::New);
    limits::own::<Appraisal>(components, Way::New);
    limits::own::<Establishment>(components, Way::New);
    limits::own::<ExtendRequest>(components, Way::New);
    limits::own::<ExternalId>(components, Way::New);
    limits::own::<FulfilRequest>(components, Way::New);
    limits::own::<GrantRecognition>(components, Way::New);
    limits::own::<IndicatorResult>(components, Way::New);
    limits::own::<OperatingLicence>(components, Way::New);
    limits::own::<Reach>(components, Way::New);
    limits::own::<RefuseRecognition>(components, Way::New);
    limits::own::<ReportEntry>(components, Way::New);
    limits::own::<ReturnRecognition>(components, Way::New);
    limits::own::<ReturnReport>(components, Way::New);
    limits::own::<RefuseRequest>(components, Way::New);
    limits::own::<Reward>(components, Way::New);
    limits::own::<ProgrammeSubject>(components, Way::New);
    limits::own::<Session>(components, Way::New);
    limits::own::<SubjectScore>(components, Way::New);
    limits::own::<SubmitReport>(components, Way::New);
    limits::own::<SubjectAssignment>(components, Way::New);
    limits::own::<TopicCluster>(components, Way::New);
    limits::own::<WindowReason>(components, Way::New);
}

/// The groups of operations, by name.
fn tags(document: &openapi::OpenApi) -> Vec<openapi::Tag> {
    let items = document.paths.paths.values();
    let operations = items.flat_map(|i| [&i.get, &i.post, &i.put, &i.patch, &i.delete]).flatten();
    let names: std::collections::BTreeSet<&String> = operations.flat_map(|o| o.tags.iter().flatten()).collect();
    names
        .into_iter()
        .map(|name| {
            openapi::tag::TagBuilder::new()
                .name(name.clone())
                .description(Some(format!("Operations on {}.", name.replace('-', " "))))
                .build()
        })
        .collect()
}

/// The whole document as pretty JSON, as it is committed and served.
pub fn print() -> String {
    let mut text = document().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}
