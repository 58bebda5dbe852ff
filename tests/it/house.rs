//! The architecture of the house, read from its sources.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn all(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    sources(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder}");
    found.into_iter().map(|p| (p.clone(), std::fs::read_to_string(p).expect("a source"))).collect()
}

#[test]
fn the_wire_holds_no_database() {
    let manifest = std::fs::read_to_string(root().join("crates/api/Cargo.toml")).expect("a manifest");
    assert!(!manifest.contains("sea-orm") && !manifest.contains("sqlx"));
    for (path, text) in all("crates/api/src") {
        assert!(!text.contains("sea_orm"), "{}", path.display());
    }
}

#[test]
fn the_floors_point_downwards() {
    for (folder, foreign) in [
        ("crates/domain/src", &["gdtx_service", "gdtx_api", "gdtx_migration", "actix_web"][..]),
        ("crates/migration/src", &["gdtx_domain", "gdtx_service", "gdtx_api"][..]),
        ("crates/service/src", &["gdtx_api", "actix_web", "gdtx_migration"][..]),
    ] {
        for (path, text) in all(folder) {
            for name in foreign {
                assert!(!text.contains(name), "{} names {name}", path.display());
            }
        }
    }
}

#[test]
fn only_a_transaction_makes_a_scope() {
    for (path, text) in all("crates/service/src") {
        let made = text.lines().any(|l| l.contains("Scope {") && !l.contains("-> Scope {") && !l.starts_with("impl"));
        let may = path.ends_with("tx.rs") || path.ends_with("access/scope.rs");
        assert!(may || !made, "{} makes a scope", path.display());
    }
}

#[test]
fn files_stay_small_and_say_what_they_are() {
    for (path, text) in ["crates", "tests/it"].into_iter().flat_map(all) {
        assert!(text.lines().count() <= 400, "{} is too long", path.display());
        assert!(text.starts_with("//!"), "{} does not say what it is", path.display());
    }
}

#[test]
fn folders_stay_small() {
    fn walk(folder: &Path) {
        let entries: Vec<_> = std::fs::read_dir(folder).expect("a folder").flatten().collect();
        let files = entries.iter().filter(|e| e.path().is_file()).count();
        assert!(files <= 16, "{} holds {files} files", folder.display());
        entries.iter().map(std::fs::DirEntry::path).filter(|p| p.is_dir()).for_each(|p| walk(&p));
    }
    for floor in ["domain", "service", "api", "migration"] {
        walk(&root().join("crates").join(floor).join("src"));
    }
}

#[test]
fn the_readme_shows_the_tree() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a README");
    for folder in ["crates/domain", "crates/migration", "crates/service", "crates/api", "schema", "openapi", "tests"] {
        assert!(
            root().join(folder).is_dir() && readme.contains(folder.rsplit('/').next().unwrap_or(folder)),
            "{folder}"
        );
    }
    for room in ["territory", "centres", "programmes", "learners", "recognitions", "exchange", "access"] {
        assert!(readme.contains(&format!("{room}/")), "{room}");
        assert!(root().join("crates/domain/src").join(room).is_dir(), "{room}");
        assert!(root().join("crates/service/src").join(room).is_dir(), "{room}");
    }
}
