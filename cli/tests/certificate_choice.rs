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
fn a_second_certificate_that_is_for_the_key_is_fetched() {
    let folder = OpensslFolder::new();
    folder.issue("second", "low", P256, "leaf", 50);
    let [leaf, second, low] =
        ["leaf", "second", "low"].map(|name| folder.read(&format!("{name}.pem")));
    let data =
        json!({"pem_RSA": leaf.clone() + &second, "chains_RSA": [low, folder.read("root.pem")]});
    for (key, expected) in [("leaf.key", &leaf), ("second.key", &second)] {
        let run = folder.fetch(data.clone(), &["--key", key]);
        assert_eq!((run.code, run.out), (0, expected.clone() + &low), "{key}: {}", run.err);
    }
    // The key of a CSR chooses too, and the certificate that is written is compared with it.
    for (keys, expected) in [
        (&["--csr", "leaf.csr"][..], Some(&leaf)),
        (&["--csr", "second.csr"], Some(&second)),
        (&["--key", "second.key", "--csr", "second.csr"], Some(&second)),
        (&["--key", "second.key", "--csr", "leaf.csr"], None),
        (&["--key", "leaf.key", "--csr", "second.csr"], None),
        (&["--key", "both.key", "--csr", "second.csr"], Some(&second)),
        (&["--csr", "low.csr"], None),
    ] {
        folder.write("both.key", folder.read("leaf.key") + &folder.read("second.key"));
        let run = folder.fetch(data.clone(), keys);
        let expected = expected.map_or((8, String::new()), |it| (0, it.clone() + &low));
        assert_eq!((run.code, run.out), expected, "{keys:?}: {}", run.err);
        assert!(run.code == 0 || run.err.contains("CSR"), "{keys:?}: {}", run.err);
    }
    let run = folder.fetch(data.clone(), &["--key", "low.key", "--output-dir", "o"]);
    assert_eq!((run.code, folder.exists("o")), (8, false), "{}", run.err);
    // It chooses among the certificates of the order too.
    let data = json!({"pem_RSA": leaf, "pem_Sign": second, "chains_RSA": data["chains_RSA"],
        "chains_Sign": data["chains_RSA"]});
    for (csr, expected) in [("leaf.csr", &leaf), ("second.csr", &second)] {
        let run = folder.fetch(data.clone(), &["--csr", csr]);
        assert_eq!((run.code, run.out), (0, expected.clone() + &low), "{csr}: {}", run.err);
    }
    let data = json!({"pem_RSA": leaf + &second, "chains_RSA": [folder.read("root.pem")]});
    let run = folder.fetch(data, &["--key", "second.key", "--output-dir", "p"]);
    assert!(run.code == 8 && run.err.contains("incomplete"), "{}", run.err);
    assert_eq!(folder.read("p/leaf.pem"), second);
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
