//! The OpenAPI document: standard operations and steps by declaration, the others by attribute.

use gdtx_service::learners::enrolment_event::EnrolmentEvent;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self,
        security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme},
    },
};

use crate::{
    access, centres, exchange, learners, problem, programmes, recognitions, registry, rest::describe, territory,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "GDTX exchange",
        description = "REST service for the data model of Viet Nam's continuing education (giáo dục thường xuyên): centres, programmes, classes, learners, enrolments and recognitions, with one change feed over all of them. GraphQL serves the same use cases at `/graphql`.",
    ),
    servers((url = "/", description = "This service.")),
    paths(
        access::oauth::issue,
        access::about_token::revoke,
        access::about_token::introspect,
        access::well_known::metadata,
        access::well_known::keys,
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
        centres::event::list,
        centres::event::create,
        centres::directory::list,
        centres::directory::get,
        exchange::changes::read,
        learners::enrolment_event::list,
        learners::enrolment_event::create,
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

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let components = document.components.get_or_insert_with(openapi::Components::new);
        let flow = Flow::ClientCredentials(ClientCredentials::new("/oauth/token", Scopes::new()));
        components.add_security_scheme("oauth2", SecurityScheme::OAuth2(OAuth2::new([flow])));
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
    describe::shapes::<EnrolmentEvent>(&mut document);
    territory::describe(&mut document);
    programmes::describe(&mut document);
    centres::directory::describe(&mut document);
    recognitions::describe(&mut document);
    document.tags = Some(tags(&document));
    document
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
