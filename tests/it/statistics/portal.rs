//! `/portal`: the page and its files come from the service alone, and nothing runs that did not.

use crate::{on_both, support::Service};

/// The addresses of the page's own files.
fn files(page: &str) -> Vec<String> {
    let own = page.split('"').filter(|part| part.starts_with("assets/portal/"));
    own.map(|path| format!("/{path}")).collect()
}

async fn page(s: &Service, path: &str, lang: &str) -> crate::support::Answer {
    let answer = s.public().get(path).await.expect(200);
    assert!(answer.text.contains(&format!("<html lang=\"{lang}\">")), "{path}");
    answer
}

on_both!(
    async fn the_page_speaks_both_languages_and_runs_nothing_foreign(s) {
        page(s, "/portal", "vi").await;
        let answer = page(s, "/portal?lang=en&figure=women_share&nobody=knows", "en").await;
        assert!(s.public().english().get("/portal").await.expect(200).text.contains("<html lang=\"en\">"));
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("data:"), "{policy}");
        for inside in ["<style", "style=", " onclick=", "<script>"] {
            assert!(!answer.text.contains(inside), "{inside}");
        }
        assert!(answer.header("vary").contains("Accept-Language"), "{}", answer.header("vary"));
        let tag = answer.header("etag").to_owned();
        s.public().with("If-None-Match", &tag).get("/portal?lang=en").await.expect(304);
        s.public().with("If-None-Match", &tag).get("/portal?lang=vi").await.expect(200);
        assert!(s.public().get("/").await.expect(200).text.contains("href=\"portal\""));
    }
);

on_both!(
    async fn its_files_are_kept_for_good_and_those_of_other_versions_are_not(s) {
        let own = files(&page(s, "/portal?lang=vi", "vi").await.text);
        assert_eq!(own, files(&page(s, "/portal?lang=en", "en").await.text));
        let folder = own[0].rsplit_once('/').expect("a folder").0.to_owned();
        for path in own.iter().cloned().chain([format!("{folder}/tiles.json")]) {
            let file = s.public().get(&path).await.expect(200);
            let kind = match path.rsplit_once('.').expect("a kind of file").1 {
                "js" => "text/javascript; charset=utf-8",
                "css" => "text/css; charset=utf-8",
                _ => "application/json",
            };
            assert_eq!(file.header("content-type"), kind, "{path}");
            assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable", "{path}");
            assert!(!file.bytes.is_empty(), "{path}");
        }
        let other = s.public().get("/assets/portal/another/main.js").await.expect(200);
        assert_eq!(other.header("cache-control"), "no-store");
        s.public().get(&format!("{folder}/nothing.js")).await.expect(404);
        s.public().get(&format!("{folder}/../vi.html")).await.expect(404);
    }
);
