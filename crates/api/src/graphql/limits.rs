//! Refuses requests that are too deep or too complex, and says by how much.
//!
//! The engine's own limits tell neither the limit nor the count, so that a caller must guess.

use std::sync::Arc;

use async_graphql::{
    Response, ServerError, ValidationResult,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextSubscribe, NextValidation},
};
use futures::{StreamExt, stream::BoxStream};
use gdtx_service::Ctx;

use super::engine;

/// The limits of one request.
#[derive(Clone, Copy)]
pub struct Limits {
    pub depth: usize,
    pub complexity: usize,
}

impl ExtensionFactory for Limits {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(*self)
    }
}

#[async_trait::async_trait]
impl Extension for Limits {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let found = next.run(ctx).await?;
        if found.complexity > self.complexity {
            return Err(vec![engine::exceeded("complex", found.complexity, self.complexity)]);
        }
        if found.depth > self.depth {
            return Err(vec![engine::exceeded("deep", found.depth, self.depth)]);
        }
        Ok(found)
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
