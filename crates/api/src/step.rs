//! One declaration per step of a record beside its standard operations: from it follow the REST
//! route with its OpenAPI and the GraphQL mutation.

/// Declares the steps of a resource on both surfaces: the documentation of REST, the name of the
/// operation, the last part of its path and what it answers; then what it takes beside the record
/// (with the type that GraphQL takes for it), the documentation of GraphQL, and the use case.
macro_rules! steps {
    (
        $resource:ty, node $node:ty, mutation $mutation:ident;
        $(
            $(#[doc = $about:literal])+
            $name:ident at $step:literal answers $answer:literal
                $(takes $input:ident : $shape:ty as $sent:ty, $body:literal)?
                does $short:literal
                by |$ctx:ident, $id:ident, $expected:ident| $call:expr;
        )+
    ) => {
        $(
            async fn $name(
                $ctx: &gdtx_service::Ctx,
                $id: uuid::Uuid,
                $expected: Option<i64>,
                $( $input: $shape, )?
            ) -> gdtx_service::Result<gdtx_service::Written<<$resource as gdtx_service::Resource>::Record>> {
                Box::pin($call).await
            }
        )+

        /// Mounts the steps.
        pub fn mount(config: &mut actix_web::web::ServiceConfig) {
            $({
                async fn take(
                    req: actix_web::HttpRequest,
                    step: $crate::rest::step::Step<$crate::step::shape!($($shape)?)>,
                ) -> $crate::rest::operations::Answer {
                    step.options.check::<$resource>()?;
                    let done = $name(&step.ctx, step.id, step.expected, $( $crate::step::Sent::<$shape>::sent(step.input) )?).await?;
                    $crate::rest::operations::written::<$resource>(&req, &step.ctx, &done, &step.options)
                }
                let path = $crate::rest::step::path::<$resource>($step);
                config.service(actix_web::web::resource(path).route(actix_web::web::post().to(take)));
            })+
        }

        /// Describes them.
        pub fn describe(document: &mut utoipa::openapi::OpenApi) {
            $(
                $( $crate::rest::describe::shape::<$shape>(document); )?
                $crate::rest::step::describe::<$resource>(document, &$crate::rest::step::Described {
                    name: stringify!($name),
                    step: $step,
                    about: concat!($($about, "\n"),+),
                    answer: $answer,
                    body: &[$( (<$shape as utoipa::ToSchema>::name(), $body) )?],
                });
            )+
        }

        #[derive(Default)]
        pub struct $mutation;

        #[async_graphql::Object]
        impl $mutation {
            $(
                #[doc = $short]
                async fn $name(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    id: async_graphql::ID,
                    $( $input: $sent, )?
                    expected_version: Option<i64>,
                    #[graphql(default)] dry_run: bool,
                ) -> async_graphql::Result<$crate::graphql::Written<$node>> {
                    let request = $crate::graphql::writer(ctx, dry_run)?;
                    let id = $crate::graphql::wrap(&request, $crate::rest::operations::parse_id(&id))?;
                    $crate::graphql::written(
                        &request,
                        $name(&request, id, expected_version, $( $crate::step::Sent::<$shape>::sent($input) )?).await,
                    )
                }
            )+
        }
    };
}

/// What a step reads from the body.
macro_rules! shape {
    () => {
        $crate::rest::step::NoInput
    };
    ($shape:ty) => {
        $shape
    };
}

pub(crate) use {shape, steps};

/// What GraphQL takes for an input: the input itself, or none where everything in it may be absent.
pub trait Sent<T> {
    fn sent(self) -> T;
}

impl<T> Sent<T> for T {
    fn sent(self) -> T {
        self
    }
}

impl<T: Default> Sent<T> for Option<T> {
    fn sent(self) -> T {
        self.unwrap_or_default()
    }
}
