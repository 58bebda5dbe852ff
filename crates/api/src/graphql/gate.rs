//! What every document passes before the engine looks at it, over HTTP as over a web socket: it
//! must be one that may run, its aliases are counted, and its cost is taken from the quotas of its
//! caller.

use std::{
    any::{Any, TypeId},
    sync::Arc,
};

use async_graphql::{
    Pos, Request, ServerError, ServerResult,
    extensions::ExtensionContext,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};
use gdtx_domain::{Lang, access::rate::RateClass};
use gdtx_service::{Ctx, Error, Result};

use super::{
    documents::{Documents, persisted, refused},
    size,
};
use crate::{
    access::limits::{Meter, of_document},
    problem::graphql_error,
};

/// The gate, with the most aliases that a document may have.
#[derive(Clone, Copy)]
pub struct Gate(pub usize);

impl Gate {
    /// Lets a request in, parsed, or refuses it.
    pub async fn admit(self, ctx: &ExtensionContext<'_>, mut request: Request) -> ServerResult<Request> {
        let lang = known::<Ctx>(&request, ctx).map_or(Lang::Vi, |c| c.lang);
        let refusal = |error: Error| whole(&error, lang);
        let meter = known::<Arc<Meter>>(&request, ctx).cloned();
        if let Some(documents) = known::<Arc<Documents>>(&request, ctx).cloned() {
            find(&mut request, &documents).map_err(refusal)?;
        }
        // What would take long to walk is refused before anything walks it; circles by the engine.
        let operation = request.operation_name.clone();
        let (mut costs, mut sound) = (vec![(RateClass::Read, 1)], Ok(()));
        if let Ok(document) = request.parsed_query() {
            let size = size::of(document);
            sound = self.check(document, size);
            if sound.is_ok() && size.is_some() {
                costs = of_document(document, operation.as_deref());
            }
        }
        if let Some(meter) = meter {
            meter.charge(&costs).await.map_err(refusal)?;
        }
        sound.map_err(refusal)?;
        Ok(request)
    }

    /// Refuses documents with too many aliases, each of which makes the service answer once more,
    /// and small ones that grow: fragments that spread fragments that spread fragments.
    fn check(self, document: &ExecutableDocument, size: Option<u64>) -> Result<()> {
        if size > Some(size::MOST) {
            return Err(refused(
                "too_complex",
                &format!("Yêu cầu quá phức tạp: các fragment nở ra quá {} trường.", size::MOST),
                &format!("The request is too complex: its fragments grow beyond {} fields.", size::MOST),
            ));
        }
        let (counted, most) = (aliases(document), self.0);
        if counted <= most {
            return Ok(());
        }
        Err(refused(
            "too_many_aliases",
            &format!("Yêu cầu có quá nhiều bí danh: {counted}, tối đa {most}."),
            &format!("The request has too many aliases: {counted}, at most {most}."),
        ))
    }
}

/// A refusal of the whole request, which stands at no place in the document.
pub fn whole(error: &Error, lang: Lang) -> ServerError {
    ServerError { locations: Vec::new(), ..graphql_error(error, lang).into_server_error(Pos::default()) }
}

/// Finds the text that is asked for, and its parsed form when it ran lately.
fn find(request: &mut Request, documents: &Documents) -> Result<()> {
    let extensions = serde_json::to_value(&request.extensions).unwrap_or_default();
    request.query = documents.text(Some(&request.query), persisted(&extensions))?;
    // What does not parse is left to the engine, which tells where.
    if let Ok(document) = documents.of(&request.query) {
        request.set_parsed_query(document.parsed.clone());
    }
    Ok(())
}

/// Data of the request, or of the session of a web socket.
fn known<'a, D: Any + Send + Sync>(request: &'a Request, ctx: &'a ExtensionContext<'_>) -> Option<&'a D> {
    let own = request.data.get(&TypeId::of::<D>()).and_then(|data| data.downcast_ref::<D>());
    own.or_else(|| ctx.data_opt::<D>())
}

/// The aliases in the text of a document.
fn aliases(document: &ExecutableDocument) -> usize {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    operations.chain(fragments).map(in_set).sum()
}

fn in_set(set: &SelectionSet) -> usize {
    let items = set.items.iter().map(|item| match &item.node {
        Selection::Field(field) => usize::from(field.node.alias.is_some()) + in_set(&field.node.selection_set.node),
        Selection::InlineFragment(inner) => in_set(&inner.node.selection_set.node),
        Selection::FragmentSpread(_) => 0,
    });
    items.sum()
}
