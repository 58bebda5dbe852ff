//! A rolling restart: one of two processes ends, and no request fails.

use crate::{
    on_both,
    support::{Client, centre, process::Process},
};

/// A balancer in front of two processes: in turn, and only where `/readyz` answers.
struct Balancer {
    ports: [Client; 2],
    turn: usize,
}

impl Balancer {
    async fn get(&mut self, path: &str) {
        loop {
            self.turn += 1;
            let port = &self.ports[self.turn % 2];
            if port.try_get("/readyz").await {
                port.get(path).await.expect(200);
                return;
            }
            assert!(self.ports[(self.turn + 1) % 2].try_get("/readyz").await, "one of the two is ready");
        }
    }
}

on_both!(
    async fn a_restart_fails_no_request(s) {
        let vendor = s.vendor().await;
        let (mut old, new) = (Process::serve(s).await, Process::serve(s).await);
        let at = |process: &Process| vendor.based(&process.base);
        let (leaving, staying) = (at(&old), at(&new));
        let mut balancer = Balancer { ports: [leaving.clone(), staying.clone()], turn: 0 };
        for _ in 0..10 {
            balancer.get("/v1/centres").await;
        }
        let last = staying.get("/v1/changes?after=0").await.expect(200).body["lastPosition"].clone();
        // A request that runs for long, on a connection of its own.
        let long = Client::new(&old.base, vendor.token.clone());
        let path = format!("/v1/changes?after={last}&wait=25");
        let running = long.get(&path);
        let restart = async {
            old.terminate();
            while leaving.try_get("/readyz").await {
                tokio::task::yield_now().await;
            }
            // Not ready, and not gone: who did not notice yet is answered, and told to go.
            let answer = leaving.get("/v1/centres").await.expect(200);
            assert_eq!(answer.header("connection"), "close");
            staying.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201);
            while !old.ended() {
                balancer.get("/v1/centres").await;
            }
            for _ in 0..10 {
                balancer.get("/v1/centres").await;
            }
        };
        let (long, ()) = tokio::join!(running, restart);
        let found = long.expect(200).body["items"].as_array().map_or(0, Vec::len);
        assert!(found > 0, "the long request ended with what it waited for");
    }
);
