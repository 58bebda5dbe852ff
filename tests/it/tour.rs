//! The tour of the README, executed literally.

use std::process::Command;

use gdtx_service::exchange::imports;

use crate::on_both;

on_both!(
    async fn every_step_of_the_readme_works(s) {
        let client = s.vendor().await;
        let readme = include_str!("../../README.md");
        let steps: Vec<&str> = readme.split("```sh tour\n").skip(1).filter_map(|part| part.split("```").next()).collect();
        assert!(steps.len() >= 8, "the tour has {} steps", steps.len());
        let script = format!("set -euo pipefail\n{}", steps.join("\n"));
        let mut bash = Command::new("bash");
        // The tour waits for its import.
        let runner = tokio::spawn(imports::run(s.runner(std::time::Duration::from_secs(60))));
        bash.args(["-c", &script])
            .current_dir(s.home())
            .env("BASE", &s.base)
            .env("CLIENT_ID", client.id.unwrap().to_string())
            .env("CLIENT_SECRET", client.secret.clone().unwrap());
        let done = tokio::task::spawn_blocking(move || bash.output()).await.unwrap().expect("bash and curl");
        runner.abort();
        let shown = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success(), "{shown}\n{}", String::from_utf8_lossy(&done.stderr));
        assert!(shown.contains("unknown_property") && shown.contains("Did you mean “name”?"), "{shown}");
        assert!(shown.contains("\"operation\":\"created\""), "{shown}");
        assert!(shown.contains("invalid_date") && shown.contains("\"created\":1"), "{shown}");
        assert!(shown.contains("\"term\":\"year\"") && !shown.contains("\"deletedAt\":null}"), "{shown}");
    }
);
