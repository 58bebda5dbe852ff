//! The workloads: what is asked of the service, and of what it is measured against.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use gdtx_api::{Settings, access::token::Tokens};
use gdtx_service::Clock;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    load::{self, Call, Maker, Measured, once, run},
    process::{Place, Process},
    sample::{Sample, Start, token},
};

/// How long one side runs in a round.
const LASTING: Duration = Duration::from_secs(2);

/// What a ratio must reach.
#[derive(Clone, Copy)]
pub enum Bar {
    AtLeast(f64),
}

/// One side of a measurement.
struct Side {
    to: SocketAddr,
    calls: Maker,
    expected: u16,
}

/// A workload and what it is measured against.
pub struct Pair {
    pub name: &'static str,
    pub against: &'static str,
    pub bar: Bar,
    ours: Side,
    theirs: Side,
}

impl Pair {
    /// Both sides, one after the other.
    pub async fn run(&self) -> (Measured, Measured) {
        let side = |side: &Side| {
            let (to, calls, expected) = (side.to, Arc::clone(&side.calls), side.expected);
            async move { run(to, &calls, expected, LASTING).await }
        };
        (side(&self.ours).await, side(&self.theirs).await)
    }
}

/// Spreads the numbers of requests over a list as if at random, the same in each run.
pub fn any<T>(list: &[T], number: u64) -> &T {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    &list[usize::try_from((mixed >> 20) % list.len() as u64).unwrap_or(0)]
}

const FIELDS: &str = "id version createdAt updatedAt name kind subKind ownership status levelGroup addressLine phone
    email website areaM2 usesComputers hasInternet managingBody place { communeCode communeName provinceName }";

fn graphql(query: &str, variables: &Value, token: &str) -> Call {
    Call::post("/graphql", json!({ "query": query, "variables": variables }).to_string()).with("authorization", token)
}

fn after(start: &Start) -> String {
    if start.cursor.is_empty() { String::new() } else { format!("&after={}", start.cursor) }
}

fn cursor(start: &Start) -> Value {
    if start.cursor.is_empty() { Value::Null } else { json!(start.cursor) }
}

/// Every pair. Tags for 304 are read once here.
pub async fn pairs(sample: &Arc<Sample>, service: &Process, floor: &Process) -> Vec<Pair> {
    let ours = |calls: Maker, expected| Side { to: service.address, calls, expected };
    let theirs = |calls: Maker, expected| Side { to: floor.address, calls, expected };
    let maker = |make: fn(&Sample, u64) -> Call| -> Maker {
        let sample = Arc::clone(sample);
        Arc::new(move |number| make(&sample, number))
    };
    let floor_one = || maker(|s, n| Call::get(format!("/centres/{}", any(&s.centres, n))));
    let floor_list = || {
        maker(|s, n| {
            let Start { province, kind, after, .. } = any(&s.lists, n);
            Call::get(format!("/centres?province={province}&kind={kind}&after={after}"))
        })
    };
    let rest_one =
        || maker(|s, n| Call::get(format!("/v1/centres/{}", any(&s.centres, n))).with("authorization", &s.token));
    let sampled = Arc::clone(sample);
    let pair = |name, against, bar, ours, theirs| Pair { name, against, bar: Bar::AtLeast(bar), ours, theirs };
    vec![
        pair("get a centre, REST", "floor", 0.60, ours(rest_one(), 200), theirs(floor_one(), 200)),
        pair("get a centre, GraphQL", "floor", 0.35, ours(maker(graphql_one), 200), theirs(floor_one(), 200)),
        pair("list 50 centres, REST", "floor", 0.65, ours(maker(rest_list), 200), theirs(floor_list(), 200)),
        pair("list 50 centres, GraphQL", "floor", 0.45, ours(maker(graphql_list), 200), theirs(floor_list(), 200)),
        pair(
            "20 centres nested, GraphQL",
            "floor",
            0.60,
            ours(maker(graphql_nested), 200),
            theirs(
                maker(|s, n| {
                    let Start { province, after, .. } = any(&s.nested, n);
                    Call::get(format!("/nested?province={province}&after={after}"))
                }),
                200,
            ),
        ),
        pair(
            "last page of all learners",
            "first page",
            1.0 / 1.2,
            ours(maker(|s, _| learners(s, &format!("?after={}", s.last_learners))), 200),
            ours(maker(|s, _| learners(s, "")), 200),
        ),
        pair("304 on a centre", "its 200", 2.0, ours(unchanged(sample, service).await, 304), ours(rest_one(), 200)),
        pair(
            "create an enrolment, REST",
            "floor",
            0.50,
            ours(creating(sample, &sample.token), 201),
            theirs(Arc::new(move |n| create(n, &sampled, "/enrolments")), 201),
        ),
    ]
}

fn create(n: u64, s: &Sample, path: &str) -> Call {
    let (learner, class) = s.pair(n);
    let body = json!({ "learnerId": learner, "classId": class, "enrolledOn": "2025-10-06" });
    Call::post(path, body.to_string())
}

/// Enrolments that there are not yet.
pub fn creating(sample: &Arc<Sample>, token: &str) -> Maker {
    let (sample, token) = (Arc::clone(sample), token.to_owned());
    Arc::new(move |n| create(n, &sample, "/v1/enrolments").with("authorization", &token))
}

fn graphql_one(s: &Sample, n: u64) -> Call {
    let query = format!("query($id: ID!) {{ getCentre(id: $id) {{ {FIELDS} }} }}");
    graphql(&query, &json!({ "id": any(&s.centres, n) }), &s.token)
}

fn rest_list(s: &Sample, n: u64) -> Call {
    let start = any(&s.lists, n);
    let path = format!("/v1/centres?provinceCode={}&kind={}&first=50{}", start.province, start.kind, after(start));
    Call::get(path).with("authorization", &s.token)
}

fn graphql_list(s: &Sample, n: u64) -> Call {
    let start = any(&s.lists, n);
    let query = "query($province: String, $kind: CentreKind, $after: String) {
        listCentres(filter: { provinceCode: $province, kind: $kind }, first: 50, after: $after) {
            nodes { id version name kind subKind ownership status addressLine phone place { communeCode communeName } }
            pageInfo { endCursor hasNextPage } } }";
    graphql(query, &json!({ "province": start.province, "kind": start.kind, "after": cursor(start) }), &s.token)
}

fn graphql_nested(s: &Sample, n: u64) -> Call {
    let start = any(&s.nested, n);
    let query = "query($province: String, $after: String) {
        listCentres(filter: { provinceCode: $province }, first: 20, after: $after) { nodes { id name status
            programmes { nodes { id name kind state } }
            enrolments(count: exact) { totalCount } } } }";
    graphql(query, &json!({ "province": start.province, "after": cursor(start) }), &s.token)
}

fn learners(s: &Sample, query: &str) -> Call {
    Call::get(format!("/v1/learners{query}")).with("authorization", &s.token)
}

/// Requests for centres that the client has already.
async fn unchanged(sample: &Arc<Sample>, service: &Process) -> Maker {
    let mut tags = Vec::new();
    for id in sample.centres.iter().take(200) {
        let call = Call::get(format!("/v1/centres/{id}")).with("authorization", &sample.token);
        tags.push((*id, load::tag(service.address, call).await));
    }
    let token = sample.token.clone();
    Arc::new(move |number| {
        let (id, tag) = any(&tags, number);
        Call::get(format!("/v1/centres/{id}")).with("authorization", &token).with("if-none-match", tag)
    })
}

/// Tells the planner what is there, as a server in use does by itself.
pub async fn analyse(place: &Place) {
    let db = sea_orm::Database::connect(&place.url).await.expect("a connection");
    db.execute_unprepared("ANALYZE").await.expect("statistics");
}

/// Microseconds to know a token that was seen before; who stands behind it is read with the data.
pub async fn token_cost(settings: &Settings, token: &str) -> f64 {
    const TIMES: u32 = 100_000;
    let db = gdtx_api::server::open(settings).await.expect("an open database");
    let tokens = Tokens::new(settings).expect("keys");
    tokens.actor(&db, Clock::System, token).await.expect("a good token");
    let begun = std::time::Instant::now();
    for _ in 0..TIMES {
        tokens.actor(&db, Clock::System, token).await.expect("a good token");
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES)
}

/// A token that was revoked is refused with the next request.
pub async fn revoked_is_out(to: SocketAddr, id: &str, secret: &str) {
    let short = token(to, id, secret).await;
    let ask = || Call::get("/v1/centres?first=1".to_owned()).with("authorization", &format!("Bearer {short}"));
    assert!(matches!(once(to, ask()).await, Ok((200, _))), "a fresh token is good");
    let form = format!("token={short}&client_id={id}&client_secret={secret}");
    let form = Call {
        headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
        ..Call::post("/oauth/revoke", form)
    };
    assert!(matches!(once(to, form).await, Ok((200, _))), "the token is revoked");
    assert!(matches!(once(to, ask()).await, Ok((401, _))), "a revoked token is out at once");
}
