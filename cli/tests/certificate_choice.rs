//! Which certificate, and which issuers, `wotrus cert convert` and `cert fetch` choose by their validity.
// They run the program openssl, which Windows does not have.
#![cfg(unix)]

mod support;

use serde_json::json;
use support::OpensslFolder;

const P256: &str = "ec -pkeyopt ec_paramgen_curve:P-256";

/// Adds `name`.pem, which is expired if `days` is negative, for the key and the names of `of`.
fn another(folder: &OpensslFolder, name: &str, of: &str, issuer: &str, section: &str, days: i32) {
    folder.openssl(&format!(
        "x509 -req -in {of}.csr -days {days} -extfile extensions -extensions {section} -out {name}.pem -CA {issuer}.pem -CAkey {issuer}.key -CAcreateserial"
    ));
}

#[test]
fn of_an_expired_certificate_and_its_renewal_the_renewal_is_taken() {
    let folder = OpensslFolder::new();
    another(&folder, "old", "leaf", "low", "leaf", -1);
    another(&folder, "short", "leaf", "low", "leaf", 10);
    folder.write("password", "x");
    let leaf = folder.read("leaf.pem");
    for names in [["old", "leaf", "short"], ["leaf", "short", "old"], ["short", "old", "leaf"]] {
        let all: String = names.iter().map(|name| folder.read(&format!("{name}.pem"))).collect();
        folder.write("all.pem", &all);
        for key in [&[][..], &["--key", "leaf.key"]] {
            let line = [&["cert", "convert", "all.pem", "low.pem", "--output-dir", "o"][..], key];
            let run = folder.wotrus(&line.concat());
            assert_eq!(run.code, 0, "{}", run.err);
            assert!(!run.err.contains("expired"), "{}", run.err);
            assert_eq!(folder.read("o/leaf.pem"), leaf, "{names:?} {key:?}");
        }
        let pfx = ["--key", "leaf.key", "--pfx", "a.pfx", "--password-file", "password", "--force"];
        let run = folder.wotrus(&[&["cert", "convert", "all.pem", "low.pem"][..], &pfx].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        let run = folder.wotrus(&[
            "cert",
            "convert",
            "a.pfx",
            "--password-file",
            "password",
            "--der",
            "d",
        ]);
        assert_eq!(run.code, 0, "{}", run.err);
        let (code, json) = folder.json(&["cert", "inspect", "all.pem", "--key", "leaf.key"]);
        assert_eq!((code, &json["matches_key"]), (0, &json!(true)));
        let first = json["chain"]["order"][0].as_u64().unwrap() as usize;
        assert_eq!(names[first - 1], "leaf");
        let data = json!({"pem_RSA": all, "chains_RSA": [folder.read("low.pem")]});
        let run = folder.fetch(data, &["--key", "leaf.key"]);
        assert_eq!((run.code, run.out), (0, leaf.clone() + &folder.read("low.pem")));
    }
    // Only the expired one is there.
    let run = folder.wotrus(&["cert", "convert", "old.pem", "low.pem"]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("has expired"), "{}", run.err);
}

#[test]
fn an_issuer_that_is_left_out_because_it_is_not_valid_is_told() {
    let folder = OpensslFolder::new();
    // leaf2 <- under <- middle (expired) <- root
    folder.issue("middle", "root", P256, "ca", -1);
    folder.issue("under", "middle", P256, "ca", 100);
    folder.issue("leaf2", "under", P256, "leaf", 50);
    let [root, middle, under, leaf] =
        ["root", "middle", "under", "leaf2"].map(|name| folder.read(&format!("{name}.pem")));
    let data = json!({"pem_RSA": leaf, "chains_RSA": [root, middle, under]});
    let run = folder.fetch(data, &["--output-dir", "o"]);
    assert_eq!(run.code, 8, "{}", run.err);
    assert!(run.err.contains("has expired or is not valid yet"), "{}", run.err);
    assert!(folder.exists("o/leaf.pem") && !folder.exists("o/fullchain.pem"));
    // Without a root it cannot be known whether the chain should go on, and it is written with a warning.
    let data = json!({"pem_RSA": leaf, "chains_RSA": [middle, under]});
    let run = folder.fetch(data, &[]);
    assert_eq!((run.code, run.out), (0, leaf.clone() + &under));
    assert!(run.err.contains("left out of the rsa chain"), "{}", run.err);
    for root in [&["root.pem"][..], &[]] {
        let files = ["cert", "convert", "leaf2.pem", "under.pem", "middle.pem"];
        let run = folder.wotrus(&[&files[..], root].concat());
        assert_eq!((run.code, run.out), (0, leaf.clone() + &under));
        assert!(run.err.contains("an issuer was left out"), "{}", run.err);
    }
}
