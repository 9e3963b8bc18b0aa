//! JSON that the user gives: where its mistakes are, and idempotenceIDs that would have no effect.

mod support;

use std::fs;

use serde_json::Value;
use support::{Run, bare};

const CREATE: &[&str] = &["order", "create", "--dry-run", "--from"];

fn order(info: &str) -> String {
    format!(
        r#"{{"orderinfoPost":{{"productID":"2C17C336-A772-42F8-B3DD-4F2591A5B116","commonName":"沃通","month":12{info}}},
 "organizationPost":{{"OrgName":"沃通"}}}}"#
    )
}

fn run(arguments: &[&str], json: &str) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("input.json");
    fs::write(&file, json).unwrap();
    Run::of(bare().env("WOTRUS_TOKEN", "tk_test").args(arguments).arg(&file))
}

#[test]
fn mistakes_have_a_line_and_a_column() {
    let raw_break = order(",\"note\":\"a\nb\"");
    for (json, line) in
        [(raw_break.as_str(), 1), ("{\n  \"orderinfoPost\": {},\n}", 3), ("{\"a\" 1}", 1)]
    {
        for arguments in [
            CREATE,
            &["cert", "reissue", "--from"],
            &["cert", "revoke", "--yes", "--from"],
            &["api", "POST", "/v1/Order/Create", "--data"],
        ] {
            let run = run(arguments, json);
            assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
            let places = [format!("line {line}, column "), format!("input.json:{line}:")];
            let has_place = places.iter().any(|place| run.err.contains(place));
            assert!(has_place && run.err.contains("input.json"), "{arguments:?}: {}", run.err);
        }
    }
    let run =
        Run::of(bare().args(["order", "create", "--dry-run", "--set-json", "Hosts=[\"a\",]"]));
    assert!(run.code == 2 && run.err.contains("line 1, column 6"), "{}", run.err);
}

#[test]
fn numbers_with_a_zero_fraction_are_months() {
    let json = order("").replace("\"month\":12", "\"Month\": 12.0");
    let run = run(CREATE, &json);
    assert_eq!(run.code, 0, "{}", run.err);
    let sent: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(sent["orderinfoPost"]["month"], 12);
}

#[test]
fn misspelt_and_misplaced_idempotence_ids_are_refused() {
    let top_level = order("").replacen('{', "{\"idempotenceID\":\"1\",", 1);
    let revocation = r#"{"orderID":"A1","reason":"x","idempotenceID":"1","fileType":".pdf","fileContent":"JVBERi0xLjQK"}"#;
    let misspelt = order(",\"IdempotentID\":\"1\"");
    for (arguments, json, name) in [
        (CREATE, misspelt.as_str(), "idempotenceID in orderinfoPost"),
        (CREATE, &top_level, "idempotenceID in orderinfoPost"),
        (&["api", "POST", "/v1/Order/Create", "--data"], &misspelt, "orderinfoPost.idempotenceID"),
        (&["cert", "reissue", "--from"], r#"{"idempotencyKey":"1"}"#, "idempotenceID"),
        (&["cert", "revoke", "--yes", "--from"], revocation, "a revocation has none"),
    ] {
        let run = run(arguments, json);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(name), "{arguments:?}: {}", run.err);
    }
    for set in ["idempotentID=1", "organizationPost.idempotenceID=1"] {
        let run = Run::of(bare().args(["order", "create", "--dry-run", "--set", set]));
        assert!(run.code == 2 && run.err.contains("idempotenceID in orderinfoPost"), "{}", run.err);
    }
    let run = run(CREATE, &order(",\"idempotenceid\":\"db-42\""));
    assert_eq!(run.code, 0, "{}", run.err);
    let sent: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(sent["orderinfoPost"]["idempotenceID"], "db-42");
}
