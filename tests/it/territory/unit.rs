//! Units by day: counts, kinds, search, identity, the tree and pages. Figures are those of the State.

use reqwest::Method;
use serde_json::json;

use super::texts;
use crate::{on_both, support::Client};

const UNITS: &str = "/v1/administrative-units";

async fn count(client: &Client, query: &str) -> u64 {
    let answer = client.get(&format!("{UNITS}?first=1&count=exact&{query}")).await.expect(200);
    answer.body["totalCount"].as_u64().unwrap_or_default()
}

on_both!(
    async fn counts_follow_the_day(s) {
        let public = s.public();
        for (query, expected) in [
            ("level=province", 34),
            ("level=commune", 3321),
            ("level=district", 0),
            ("level=province&asOf=2025-06-30", 63),
            ("level=district&asOf=2025-06-30", 696),
            ("level=commune&asOf=2025-06-30", 10_035),
            ("level=commune&asOf=2012-01-01", 10_035),
            ("parentCode=31", 114),
            ("provinceCode=31&level=commune&kind=phuong&asOf=2025-07-01", 45),
            // The changes of kind of 2026.
            ("kind=phuong&asOf=2026-04-29", 687),
            ("kind=phuong&asOf=2026-04-30", 697),
            ("kind=phuong&asOf=2026-09-20", 709),
            ("kind=centrally_run_city&asOf=2025-07-01", 6),
            ("kind=centrally_run_city&asOf=2026-09-01", 8),
            ("kind=centrally_run_city&asOf=2026-09-20", 9),
        ] {
            assert_eq!(count(&public, query).await, expected, "{query}");
        }
    }
);

on_both!(
    async fn a_unit_is_shown_as_it_was(s) {
        let public = s.public();
        let name = async |path: &str| {
            let answer = public.get(&format!("{UNITS}/{path}")).await.expect(200);
            answer.body["nameWithType"].as_str().unwrap_or_default().to_owned()
        };
        assert_eq!(name("75?asOf=2026-04-29").await, "Tỉnh Đồng Nai");
        assert_eq!(name("75?asOf=2026-04-30").await, "Thành phố Đồng Nai");
        // One code, two wards.
        assert_eq!(name("00004").await, "Phường Ba Đình");
        assert_eq!(name("00004?asOf=2025-06-30").await, "Phường Trúc Bạch");
        assert_eq!(name("00004@legacy").await, "Phường Trúc Bạch");
        assert_eq!(name("d001@legacy").await, "Quận Ba Đình");
        assert_eq!(name("001?asOf=2025-06-30").await, "Quận Ba Đình");
        let changed = public.get(&format!("{UNITS}/26368?fields=kind,changes")).await.expect(200);
        assert_eq!(
            changed.body,
            json!({"kind": "phuong", "changes": [
                {"on": "2026-04-30", "fromKind": "xa", "toKind": "phuong", "legalBasis": "Nghị quyết 237/NQ-UBTVQH16"},
            ]})
        );
    }
);

on_both!(
    async fn what_is_not_there_is_explained(s) {
        let public = s.public();
        let legacy = public.english().get(&format!("{UNITS}/00001")).await.expect(404);
        assert_eq!(legacy.body["code"], "not_found");
        assert!(legacy.text.contains("asOf=2025-06-30"), "{}", legacy.text);
        let vietnamese = public.get(&format!("{UNITS}/00001")).await.expect(404);
        assert!(vietnamese.text.contains("Mã 00001 (Phường Phúc Xá) chỉ có hiệu lực đến 30/06/2025"), "{}", vietnamese.text);
        for path in ["99999", "00004?level=province", "00004@2025-06-30", "001@legacy", "00004@legacy?asOf=2026-01-01", "99999/successors"] {
            public.get(&format!("{UNITS}/{path}")).await.expect(404);
        }
    }
);

on_both!(
    async fn search_needs_no_accents(s) {
        let public = s.public();
        let found = async |text: &str| {
            let page = public.get(&format!("{UNITS}?first=200&search={text}")).await.expect(200).body;
            texts(&page, "code")
        };
        let spelt = found("Hòa Bình").await;
        assert_eq!(found("Hoà Bình").await, spelt);
        assert_eq!(found("Ho\u{300}a Bi\u{300}nh").await, spelt);
        // Five units of today bear exactly this name; they come before longer ones.
        let names = public.get(&format!("{UNITS}?first=6&search=Hòa Bình&count=exact")).await.expect(200).body;
        assert_eq!(texts(&names, "name")[..5], ["Hòa Bình"; 5]);
        let mut bare = found("hoa binh").await;
        let mut sorted = spelt.clone();
        bare.sort();
        sorted.sort();
        assert_eq!(bare, sorted);
        assert_eq!(found("phuong ba dinh").await[0], "00004");
        assert_eq!(found("00004").await, ["00004"]);
        assert!(found("không có nơi này").await.is_empty());
        let then = public.get(&format!("{UNITS}?search=truc bach&asOf=2025-06-30")).await.expect(200).body;
        assert_eq!(texts(&then, "id"), ["00004@legacy"]);
    }
);

on_both!(
    async fn the_tree_is_walked_up_and_down(s) {
        let public = s.public();
        let up = public.get(&format!("{UNITS}/00001@legacy/ancestors")).await.expect(200).body;
        assert_eq!(texts(&up, "nameWithType"), ["Quận Ba Đình", "Thành phố Hà Nội"]);
        let up = public.get(&format!("{UNITS}/26368/ancestors?asOf=2026-04-29")).await.expect(200).body;
        assert_eq!(texts(&up, "nameWithType"), ["Tỉnh Đồng Nai"]);
        let down = public.get(&format!("{UNITS}/31/descendants?first=200&count=exact")).await.expect(200).body;
        assert_eq!((down["totalCount"].as_u64(), texts(&down, "provinceCode")), (Some(114), vec!["31".to_owned(); 114]));
        let island = public.get(&format!("{UNITS}/318/descendants?asOf=2025-06-30")).await.expect(200).body;
        assert_eq!(island["items"], json!([]));
    }
);

on_both!(
    async fn pages_go_to_the_end(s) {
        let public = s.public();
        let (mut path, mut codes) = (format!("{UNITS}?level=commune&first=200"), Vec::new());
        loop {
            let answer = public.get(&path).await.expect(200);
            codes.extend(texts(&answer.body, "code"));
            let Some((next, _)) = answer.header("link").strip_prefix('<').and_then(|l| l.split_once('>')) else { break };
            path = next.to_owned();
        }
        assert_eq!(codes.len(), 3321);
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    }
);

on_both!(
    async fn pages_are_asked_for_rightly(s) {
        let public = s.public();
        let first = public.get(&format!("{UNITS}?level=province&first=2")).await.expect(200).body;
        let cursor = first["pageInfo"]["endCursor"].as_str().unwrap_or_default().to_owned();
        assert_eq!(texts(&first, "code"), ["01", "04"]);
        let get = async |query: &str| public.english().get(&format!("{UNITS}?{query}")).await;
        get(&format!("level=commune&after={cursor}")).await.expect(400).refuses("after", "foreign_cursor");
        get("after=rubbish").await.expect(400).refuses("after", "invalid_cursor");
        get("first=0").await.expect(400).refuses("first", "out_of_range");
        get("first=201").await.expect(400).refuses("first", "out_of_range");
        get("sort=area").await.expect(400).refuses("sort", "unknown_sort");
        get("asOf=2025-06-31").await.expect(400).refuses("asOf", "invalid_value");
        get("level=village").await.expect(400).refuses("level", "invalid_value");
        let typo = get("provinceCod=31").await.expect(400).refuses("provinceCod", "unknown_parameter");
        assert!(typo.text.contains("Did you mean “provinceCode”?"), "{}", typo.text);
        let typo = public.get(&format!("{UNITS}/31?asOff=2025-06-30")).await.expect(400).refuses("asOff", "unknown_parameter");
        assert!(typo.text.contains("Ý bạn là “asOf”?"), "{}", typo.text);
        let by_name = get("level=province&sort=-name&first=200&fields=name").await.expect(200).body;
        let names = texts(&by_name, "name");
        assert_eq!((names.len(), names[0].as_str(), names[33].as_str()), (34, "Vĩnh Long", "An Giang"));
    }
);

on_both!(
    async fn answers_may_be_kept(s) {
        let public = s.public();
        let path = format!("{UNITS}/00004");
        let answer = public.get(&path).await.expect(200);
        let tag = answer.header("etag").to_owned();
        assert_eq!((answer.header("cache-control"), tag.len()), ("public, max-age=3600", 18));
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let again = public.with("if-none-match", &known).get(&path).await.expect(304);
            assert_eq!((again.header("etag"), again.header("cache-control")), (tag.as_str(), "public, max-age=3600"), "{known}");
            assert!(again.text.is_empty());
        }
        public.with("if-none-match", "\"other\"").get(&path).await.expect(200);
        let head = public.send(Method::HEAD, &path, None).await.expect(200);
        assert_eq!((head.header("etag"), head.text.as_str()), (tag.as_str(), ""));
        // Another day and another language are other answers.
        let dated = public.get(&format!("{path}?asOf=2025-06-30")).await.expect(200);
        assert_ne!(dated.header("etag"), tag);
        let labels = "/v1/code-lists/gender/items";
        let (vi, en) = (public.get(labels).await.expect(200), public.english().get(labels).await.expect(200));
        assert!(vi.header("etag") != en.header("etag") && vi.header("vary").to_ascii_lowercase().contains("accept-language"));
        public.send(Method::POST, UNITS, None).await.expect(405);
    }
);
