//! Refuses requests that are too deep or too complex, and says by how much; tells each answer's cost.
//!
//! The engine's own limits tell neither the limit nor the count, so that a caller must guess.

use std::sync::{Arc, OnceLock};

use async_graphql::{
    Request, Response, ServerError, ServerResult, ValidationResult, Value,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextExecute, NextPrepareRequest, NextSubscribe, NextValidation,
    },
    value,
};
use futures::{StreamExt, stream::BoxStream};
use gdtx_service::Ctx;

use super::{engine, gate::Gate};

/// The limits of one request. They stand in one extension with the gate: each extension of the engine
/// costs at every field.
#[derive(Clone, Copy)]
pub struct Limits {
    pub gate: Gate,
    pub depth: usize,
    pub complexity: usize,
}

impl ExtensionFactory for Limits {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Measured { limits: *self, found: OnceLock::new() })
    }
}

/// One request, measured.
struct Measured {
    limits: Limits,
    found: OnceLock<(usize, usize)>,
}

impl Measured {
    /// What goes into `extensions.cost`.
    fn cost(&self) -> Option<Value> {
        let (complexity, depth) = self.found.get()?;
        let Limits { complexity: max_complexity, depth: max_depth, .. } = self.limits;
        Some(value!({
            "complexity": complexity, "maxComplexity": max_complexity, "depth": depth, "maxDepth": max_depth,
        }))
    }
}

#[async_trait::async_trait]
impl Extension for Measured {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let admitted = self.limits.gate.admit(ctx, request).await?;
        next.run(ctx, admitted).await
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let found = next.run(ctx).await?;
        let most = self.limits;
        if found.complexity > most.complexity {
            return Err(vec![engine::exceeded("complex", found.complexity, most.complexity)]);
        }
        if found.depth > most.depth {
            return Err(vec![engine::exceeded("deep", found.depth, most.depth)]);
        }
        let _ = self.found.set((found.complexity, found.depth));
        Ok(found)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut answer = next.run(ctx, operation_name).await;
        answer.extensions.extend(self.cost().map(|cost| ("cost".to_owned(), cost)));
        answer
    }

    /// What comes over a web socket is explained here; the handler explains the rest.
    fn subscribe<'s>(
        &self,
        ctx: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        let caller = ctx.data_opt::<Ctx>().cloned();
        let answers = next.run(ctx, stream);
        answers
            .map(move |mut answer| {
                if let Some(caller) = &caller {
                    engine::explain(&mut answer, caller);
                }
                answer
            })
            .boxed()
    }
}
