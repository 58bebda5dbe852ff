//! Quotas as a client meets them: exact over processes, told in headers, free for what is known.

use chrono::{DateTime, Duration, Utc};
use gdtx_api::{Running, Settings};
use gdtx_service::Clock;
use serde_json::json;

use super::{CREDENTIALS, basic, bearing, form, with_secret};
use crate::{
    on_both,
    support::{Answer, Client, Service, centre},
};

/// 17 seconds into a window of 60: 43 are left.
fn moment() -> DateTime<Utc> {
    let now = Clock::System.now().timestamp();
    DateTime::from_timestamp(now - now.rem_euclid(60) + 17, 0).expect("an instant")
}

/// A process at that moment, with small quotas.
async fn process(s: &Service, later: i64, change: impl FnOnce(&mut Settings)) -> Running {
    let mut settings = s.settings.clone();
    (settings.rate_read, settings.rate_write, settings.rate_public) = (40, 5, 12);
    change(&mut settings);
    s.at_time(settings.completed().expect("settings"), Clock::Fixed(moment() + Duration::seconds(later))).await
}

/// A client with a token of that process.
async fn caller(s: &Service, running: &Running) -> Client {
    let client = s.vendor().await.at(running);
    let token = client.fetch_token().await;
    bearing(&client, &token)
}

fn allowed(answers: &[Answer]) -> usize {
    for answer in answers {
        assert!(matches!(answer.status.as_u16(), 200 | 429), "{}", answer.text);
    }
    answers.iter().filter(|a| a.status == 200).count()
}

on_both!(
    async fn two_processes_allow_the_quota_and_not_one_more(s) {
        let (one, two) = (process(s, 0, |_| ()).await, process(s, 0, |_| ()).await);
        let client = caller(s, &one).await;
        let ports = [client.clone(), client.at(&two)];
        let at_once = futures::future::join_all((0..60).map(|i| ports[i % 2].get("/v1/rooms"))).await;
        let mut count = allowed(&at_once);
        assert!(count <= 40, "{count}");
        // What one process held back is found by asking both until both refuse.
        loop {
            let both = [ports[0].get("/v1/rooms").await, ports[1].get("/v1/rooms").await];
            let more = allowed(&both);
            count += more;
            if more == 0 {
                break;
            }
        }
        assert_eq!(count, 40);
        // Writes and other clients have quotas of their own, and the next window has a new one.
        ports[0].post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201);
        caller(s, &one).await.get("/v1/rooms").await.expect(200);
        let next = process(s, 60, |_| ()).await;
        let answer = client.at(&next).get("/v1/rooms").await.expect(200);
        assert_eq!(answer.header("ratelimit"), "\"read\";r=39;t=43");
        for running in [one, two, next] {
            running.stop().await.expect("a clean stop");
        }
    }
);

on_both!(
    async fn headers_tell_the_quota_and_a_known_answer_costs_nothing(s) {
        let one = process(s, 0, |_| ()).await;
        let client = caller(s, &one).await;
        let made = client.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201);
        assert_eq!(made.header("ratelimit-policy"), "\"write\";q=5;w=60");
        assert_eq!(made.header("ratelimit"), "\"write\";r=4;t=43");
        let path = format!("/v1/centres/{}", made.id());
        let read = client.get(&path).await.expect(200);
        assert_eq!(read.header("ratelimit-policy"), "\"read\";q=40;w=60");
        assert_eq!(read.header("ratelimit"), "\"read\";r=39;t=43");
        let knowing = client.with("if-none-match", "\"1\"");
        for _ in 0..45 {
            let known = knowing.without_purpose().get(&path).await.expect(304);
            assert_eq!(known.header("ratelimit"), "\"read\";r=39;t=43");
        }
        client.get("/v1/nowhere").await.expect(404);
        assert_eq!(client.get(&path).await.expect(200).header("ratelimit"), "\"read\";r=37;t=43");
        assert_eq!(client.get("/readyz").await.expect(200).header("ratelimit"), "");
        one.stop().await.expect("a clean stop");
    }
);

on_both!(
    async fn a_refusal_says_when_to_come_back_on_both_surfaces(s) {
        let one = process(s, 0, |_| ()).await;
        let client = caller(s, &one).await;
        let query = "mutation($i: NewCentre!) { a: createCentre(input: $i) { created } b: createCentre(input: $i) { created } }";
        let variables = json!({ "i": centre("Trung tâm Thử", "11407") });
        let two = client.graphql(query, variables.clone()).await.expect(200);
        assert_eq!(two.header("ratelimit"), "\"write\";r=3;t=43", "each field of the root costs one: {}", two.text);
        client.graphql(query, variables.clone()).await.expect(200);
        let refused = client.graphql(query, variables.clone()).await.expect(429);
        let error = &refused.body["errors"][0];
        assert_eq!((&error["extensions"]["code"], &error["extensions"]["status"]), (&json!("rate_limited"), &json!(429)));
        assert_eq!(error["extensions"]["retryable"], true);
        assert_eq!((refused.header("retry-after"), refused.body.get("data")), ("43", None));
        assert_eq!(refused.header("ratelimit"), "\"write\";r=1;t=43");
        // One is left, and a single write takes it.
        client.post("/v1/centres", centre("Trung tâm khác", "11407")).await.expect(201);
        let (vi, en) = (client.clone(), client.english());
        for (client, title, words) in [(vi, "Quá nhiều yêu cầu", "Gửi lại sau 43 giây"), (en, "Too many requests", "Ask again in 43 seconds")] {
            let refused = client.post("/v1/centres", centre("Trung tâm khác", "11407")).await.expect(429);
            assert_eq!(refused.header("content-type"), "application/problem+json");
            assert_eq!(refused.header("retry-after"), "43");
            assert_eq!((&refused.body["code"], &refused.body["title"]), (&json!("rate_limited"), &json!(title)));
            assert_eq!(refused.body["retryable"], true);
            assert!(refused.body["detail"].as_str().unwrap().contains(words), "{}", refused.text);
            let refused = client.graphql(query, variables.clone()).await.expect(429);
            assert_eq!(refused.body["errors"][0].get("locations"), None, "the whole request is refused");
            assert!(refused.body["errors"][0]["message"].as_str().unwrap().contains(words), "{}", refused.text);
        }
        // Reads go on, and a document that both reads and follows changes pays both.
        let mixed = client.graphql("{ listRooms { nodes { id } } changes { nextAfter } __typename }", json!({})).await.expect(200);
        assert_eq!(mixed.header("ratelimit"), "\"read\";r=39;t=43, \"bulk\";r=299;t=43");
        one.stop().await.expect("a clean stop");
    }
);

on_both!(
    async fn secrets_cannot_be_guessed_for_long(s) {
        // A later window: registering took its part of this one.
        let one = process(s, 600, |settings| settings.rate_secret = 3).await;
        let (client, other) = (s.vendor().await.at(&one), s.vendor().await.at(&one));
        for _ in 0..6 {
            client.fetch_token().await;
        }
        let guessing = with_secret(s, &client, "wrong").at(&one);
        for _ in 0..3 {
            form(&guessing, "/oauth/token", &[CREDENTIALS]).await.expect(401);
        }
        let refused = form(&guessing, "/oauth/token", &[CREDENTIALS]).await.expect(429);
        assert_eq!((refused.header("retry-after"), &refused.body["error"]), ("43", &json!("temporarily_unavailable")));
        // Spelt otherwise and sent otherwise it is the same client; the right secret must wait too.
        let id = client.id.expect("an id").simple().to_string();
        let posted = [CREDENTIALS, ("client_id", id.as_str()), ("client_secret", "wrong")];
        form(&other.public(), "/oauth/token", &posted).await.expect(429);
        form(&other.public(), "/oauth/introspect", &posted).await.expect(429);
        other.fetch_token().await;
        let right = basic(s, &client).at(&one);
        form(&right, "/oauth/token", &[CREDENTIALS]).await.expect(429);
        let later = process(s, 660, |settings| settings.rate_secret = 3).await;
        client.at(&later).fetch_token().await;
        for running in [one, later] {
            running.stop().await.expect("a clean stop");
        }
    }
);

on_both!(
    async fn strangers_are_counted_by_network(s) {
        let (near, proxied) = (process(s, 0, |_| ()).await, process(s, 0, |settings| settings.trusted_proxies = "127.0.0.0/8".to_owned()).await);
        let path = "/v1/code-lists?first=1";
        let from = |running: &Running, address: &str| s.public().at(running).with("x-forwarded-for", address);
        for i in 0..12 {
            from(&near, &format!("203.0.113.{i}")).get(path).await.expect(200);
        }
        let refused = from(&near, "203.0.113.99").get(path).await.expect(429);
        assert_eq!(refused.header("ratelimit"), "\"public\";r=0;t=43");
        // Behind a proxy of ours each network has its own quota: one address of IPv4, a /64 of IPv6.
        for (address, left) in [("203.0.113.1", 11), ("203.0.113.2", 11), ("203.0.113.1", 10), ("2001:db8::1", 11), ("2001:db8::2", 10), ("2001:db8:0:1::1", 11)] {
            let answer = from(&proxied, address).get(path).await.expect(200);
            assert_eq!(answer.header("ratelimit"), format!("\"public\";r={left};t=43"), "{address}");
        }
        // A bad token is a stranger too.
        let forged = bearing(&from(&proxied, "203.0.113.7"), "forged");
        assert_eq!(forged.get("/v1/rooms").await.expect(401).header("ratelimit"), "\"public\";r=11;t=43");
        let quick = process(s, 0, |settings| settings.rate_token = 2).await;
        let stranger = s.public().at(&quick);
        for status in [401, 401, 429] {
            form(&stranger, "/oauth/token", &[CREDENTIALS]).await.expect(status);
        }
        for running in [near, proxied, quick] {
            running.stop().await.expect("a clean stop");
        }
    }
);

on_both!(
    async fn a_caller_reads_its_own_limits(s) {
        let (one, two) = (process(s, 0, |_| ()).await, process(s, 0, |settings| settings.rate_bulk = 0).await);
        let client = caller(s, &one).await;
        for _ in 0..4 {
            client.get("/v1/rooms").await.expect(200);
        }
        let told = client.get("/v1/limits").await.expect(200).body;
        let rate = |class: &str, quota: i64, remaining: i64| {
            json!({ "class": class, "quota": quota, "windowSeconds": 60, "remaining": remaining, "resetsInSeconds": 43 })
        };
        let due = [rate("read", 40, 35), rate("write", 5, 5), rate("bulk", 300, 300), rate("statistics", 300, 300)];
        assert_eq!(told["rates"], json!(due));
        assert_eq!((&told["maxPageSize"], &told["maxBodyBytes"]), (&json!(200), &json!(2 * 1024 * 1024)));
        let limits = &told["graphql"];
        assert_eq!((&limits["maxDepth"], &limits["maxComplexity"]), (&json!(16), &json!(20_000)));
        let query = "{ getLimits { rates { class quota windowSeconds remaining resetsInSeconds } graphql { maxDepth maxComplexity } maxPageSize maxBodyBytes } }";
        let same = client.data(query, json!({})).await;
        assert_eq!(same["getLimits"]["rates"][0], rate("read", 40, 34));
        assert_eq!(same["getLimits"]["maxPageSize"], told["maxPageSize"]);
        // Another process knows only what was given out: here one slice, an eighth of 40.
        let elsewhere = client.at(&two).get("/v1/limits").await.expect(200).body;
        assert_eq!(elsewhere["rates"].as_array().map(Vec::len), Some(3), "no limit, no entry: {elsewhere}");
        assert!(elsewhere["rates"][0]["remaining"].as_i64().is_some_and(|left| (29..=33).contains(&left)), "{elsewhere}");
        assert_eq!(client.at(&two).get("/v1/changes?after=0").await.expect(200).header("ratelimit"), "");
        let stranger = s.public().at(&one).get("/v1/limits").await.expect(200).body;
        assert_eq!(stranger["rates"], json!([rate("public", 12, 11)]));
        bearing(&s.public().at(&one), "forged").get("/v1/limits").await.expect(401);
        for running in [one, two] {
            running.stop().await.expect("a clean stop");
        }
    }
);
