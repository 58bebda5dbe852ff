//! What every document passes before the engine looks at it, over HTTP as over a web socket: its
//! cost is counted against the quotas of its caller.

use std::{
    any::{Any, TypeId},
    sync::Arc,
};

use async_graphql::{
    Pos, Request, ServerError, ServerResult,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest},
};
use gdtx_domain::{Lang, access::rate::RateClass};
use gdtx_service::{Ctx, Error};

use crate::{
    access::limits::{Meter, of_document},
    problem::graphql_error,
};

/// The gate.
pub struct Gate;

impl ExtensionFactory for Gate {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for Gate {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        mut request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let lang = known::<Ctx>(&request, ctx).map_or(Lang::Vi, |c| c.lang);
        let meter = known::<Arc<Meter>>(&request, ctx).cloned();
        let operation = request.operation_name.clone();
        let costs = request.parsed_query().map(|document| of_document(document, operation.as_deref()));
        if let Some(meter) = meter {
            let charged = meter.charge(&costs.unwrap_or_else(|_| vec![(RateClass::Read, 1)])).await;
            charged.map_err(|error| refusal(&error, lang))?;
        }
        next.run(ctx, request).await
    }
}

/// Data of the request, or of the session of a web socket.
fn known<'a, D: Any + Send + Sync>(request: &'a Request, ctx: &'a ExtensionContext<'_>) -> Option<&'a D> {
    let own = request.data.get(&TypeId::of::<D>()).and_then(|data| data.downcast_ref::<D>());
    own.or_else(|| ctx.data_opt::<D>())
}

fn refusal(error: &Error, lang: Lang) -> ServerError {
    graphql_error(error, lang).into_server_error(Pos::default())
}
