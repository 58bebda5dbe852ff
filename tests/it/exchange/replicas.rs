//! Reads from a real standby of PostgreSQL: used when it has seen enough, and never missed.

use gdtx_domain::access::reach::Reach;
use gdtx_service::{Clock, access::client};
use serde_json::json;

use crate::support::{Answer, Client, Service, centre, province, replica::Pair};

fn names(answer: &Answer) -> Vec<&str> {
    let items = answer.body["items"].as_array().expect("a list").iter();
    items.map(|item| item["name"].as_str().expect("a name")).collect()
}

fn position(answer: &Answer) -> i64 {
    answer.header("position").parse().unwrap_or_else(|_| panic!("no position: {}", answer.text))
}

#[test]
fn reads_go_to_a_standby_that_has_seen_enough() {
    actix_web::rt::System::new().block_on(async {
        let mut pair = Pair::start();
        let s = Service::on(&pair).await;
        story(&s, &mut pair).await;
        s.end().await;
    });
}

async fn story(s: &Service, pair: &mut Pair) {
    let mut settings = s.settings.clone();
    settings.replica_urls = pair.standby().into();
    settings.replica_wait_milliseconds = 0;
    let reading = s.at_time(settings.clone(), Clock::System).await;
    let served = || reading.app.db.replicas().served();
    let writer = s.vendor().await.at(&reading);
    let reader = s.client("province_department", province("31")).await.at(&reading);

    let first = writer.post("/v1/centres", centre("Trung tâm Một", "11407")).await.expect(201);
    pair.reaches(position(&first)).await;
    let before = served();
    let seen = reader.get("/v1/centres").await.expect(200);
    assert_eq!((names(&seen), served().replica), (vec!["Trung tâm Một"], before.replica + 1));
    assert!(position(&seen) >= position(&first));

    // The standby stands still: others read the past there, the writer reads its write.
    pair.pause().await;
    let second = writer.post("/v1/centres", centre("Trung tâm Hai", "11407")).await.expect(201);
    assert!(position(&second) > position(&first));
    let past = reader.get("/v1/centres").await.expect(200);
    assert_eq!(names(&past), ["Trung tâm Một"]);
    assert!(position(&past) < position(&second));
    let own = writer.get("/v1/centres").await.expect(200);
    assert_eq!(names(&own), ["Trung tâm Một", "Trung tâm Hai"]);
    // Who knows the position of the write is shown it, on both surfaces.
    let behind = served().behind;
    let asking = reader.with("min-position", second.header("position"));
    assert_eq!(names(&asking.get("/v1/centres").await.expect(200)), ["Trung tâm Một", "Trung tâm Hai"]);
    let nodes = asking.data("{ listCentres { nodes { name } } }", json!({})).await;
    assert_eq!(nodes["listCentres"]["nodes"].as_array().map(Vec::len), Some(2));
    assert!(served().behind > behind);
    let future = (position(&second) + 1000).to_string();
    reader.with("min-position", &future).get("/v1/centres").await.expect(400);

    // A revocation holds at once though the standby knows nothing of it.
    let gone = Client::register(s, "vendor", province("31"), &[]).await.at(&reading);
    gone.get("/v1/centres").await.expect(200);
    client::revoke(&s.system(), gone.id.expect("an id")).await.expect("a revoked client");
    gone.get("/v1/centres").await.expect(401);

    // A read waits for a standby that goes on.
    settings.replica_wait_milliseconds = 60_000;
    let patient = s.at_time(settings, Clock::System).await;
    let waiting = asking.at(&patient);
    let (answer, ()) = tokio::join!(waiting.get("/v1/centres"), pair.resume());
    assert_eq!(names(&answer.expect(200)).len(), 2);
    assert_eq!((patient.app.db.replicas().served().replica, patient.app.db.replicas().served().behind), (1, 0));

    // Without the standby nothing is refused.
    pair.lose().await;
    for _ in 0..3 {
        assert_eq!(names(&reader.get("/v1/centres").await.expect(200)).len(), 2);
    }
    assert!(served().failed > 0);
    writer.post("/v1/centres", centre("Trung tâm Ba", "11407")).await.expect(201);
    assert_eq!(names(&reader.get("/v1/centres").await.expect(200)).len(), 3);
    s.client("administrator", Reach::default()).await.at(&reading).get("/v1/clients").await.expect(200);
    for running in [reading, patient] {
        running.stop().await.expect("a clean stop");
    }
}
