//! `wotrus cert fetch` and `wotrus cert inspect` with certificates, keys and files that OpenSSL made.
// They run the program openssl, which Windows does not have.
#![cfg(unix)]

mod support;

use std::process::{Command, Stdio};

use serde_json::{Value, json};
use support::{OpensslFolder, Run, bare};

#[test]
fn a_whole_chain_is_written_and_verifies() {
    let folder = OpensslFolder::new();
    let [root, low, leaf] = ["root.pem", "low.pem", "leaf.pem"].map(|name| folder.read(name));
    for chain in [json!([root, low]), json!([low, null, root, ""]), json!([low.clone() + &root])] {
        let data = json!({"pem_RSA": leaf, "chains_RSA": chain});
        let run = folder.fetch(data, &["--output-dir", "out", "--csr", "leaf.csr", "--force"]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{chain}");
        folder.openssl("verify -CAfile out/root.pem -untrusted out/chain.pem out/leaf.pem");
        assert_eq!(folder.read("out/fullchain.pem"), leaf.clone() + &low);
    }
    // The service mixes up the certificate and its issuer.
    let data = json!({"pem_RSA": low, "chains_RSA": [root, leaf]});
    let run = folder.fetch(data, &[]);
    assert_eq!((run.code, run.out), (0, leaf + &low));
}

#[test]
fn an_incomplete_chain_writes_the_leaf_alone_and_fails() {
    let folder = OpensslFolder::new();
    folder.authority("other", "other");
    // The same name and no key identifier, but another key.
    folder.openssl("req -x509 -new -key other.key -subj /O=测试/CN=low -utf8 -days 9 -out false.pem -extensions v3_ca -addext subjectKeyIdentifier=none");
    let [root, low, leaf] = ["root.pem", "low.pem", "leaf.pem"].map(|name| folder.read(name));
    let damaged = low.replace("-----END", "----END");
    for (index, (chain, why)) in [
        (vec![root.clone()], "incomplete"),
        (vec![folder.read("other.pem")], "incomplete"),
        (vec![folder.read("false.pem")], "did not sign"),
        (vec![root.clone(), damaged], "END line is missing"),
        (vec!["root公钥".to_owned()], "not PEM"),
    ]
    .into_iter()
    .enumerate()
    {
        let out = format!("out{index}");
        let data = json!({"pem_RSA": leaf, "chains_RSA": chain});
        let run = folder.fetch(data.clone(), &["--output-dir", &out]);
        assert_eq!(run.code, 8, "{why}: {}", run.err);
        assert!(run.err.contains(why) && run.err.contains("only leaf.pem"), "{}", run.err);
        assert_eq!(folder.read(&format!("{out}/leaf.pem")), leaf);
        for absent in ["chain.pem", "fullchain.pem", "root.pem"] {
            assert!(!folder.exists(&format!("{out}/{absent}")), "{absent}");
        }
        let run = folder.fetch(data.clone(), &[]);
        assert_eq!((run.code, run.out.as_str()), (8, ""), "nothing is written to a server's file");
        let run = folder.fetch(data, &["--json"]);
        let json: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(json["error"]["cause"], "certificate");
        assert_eq!(json["certificates"]["rsa"]["chain_status"], "incomplete");
        assert_eq!(json["certificates"]["rsa"]["leaf"], leaf.as_str());
    }
    // No issuer came at all.
    for chain in [json!([]), json!([""]), json!(null)] {
        let run = folder.fetch(json!({"pem_RSA": leaf, "chains_RSA": chain}), &[]);
        assert_eq!((run.code, run.out.as_str()), (0, leaf.as_str()));
        assert!(run.err.contains("no issuer"), "{}", run.err);
    }
}

#[test]
fn an_expired_issuer_is_avoided_or_reported() {
    let folder = OpensslFolder::new();
    let [root, low, leaf] = ["root.pem", "low.pem", "leaf.pem"].map(|name| folder.read(name));
    let [not_before, not_after] = ["20100101000000Z", "20200101000000Z"];
    folder.write("ca.cnf", "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\npolicy=p\ndefault_md=sha256\nunique_subject=no\n[p]\ncommonName=supplied\norganizationName=optional\n");
    folder.write("index", "");
    folder.write("serial", "1000");
    folder.openssl(&format!("ca -batch -config ca.cnf -in low.csr -cert root.pem -keyfile root.key -startdate {not_before} -enddate {not_after} -extfile extensions -extensions ca -notext -preserveDN -out old.pem"));
    let old = folder.read("old.pem");
    let run = folder.fetch(json!({"pem_RSA": leaf, "chains_RSA": [root, old, low]}), &[]);
    assert_eq!((run.code, run.out, run.err), (0, leaf.clone() + &low, String::new()));
    let run = folder.fetch(json!({"pem_RSA": leaf, "chains_RSA": [root, old]}), &[]);
    assert_eq!((run.code, run.out), (0, leaf + &old));
    assert!(run.err.contains("expired"), "{}", run.err);
}

#[test]
fn only_the_certificate_that_is_written_is_compared_with_the_csr() {
    let folder = OpensslFolder::new();
    folder.issue("sign", "low", "ec -pkeyopt ec_paramgen_curve:SM2", "leaf", 100);
    let [root, low, leaf, sign] =
        ["root.pem", "low.pem", "leaf.pem", "sign.pem"].map(|name| folder.read(name));
    let chain = [root, low];
    let data =
        json!({"pem_RSA": leaf, "chains_RSA": chain, "pem_Sign": sign, "chains_Sign": chain});
    for (csr, only, code) in [
        ("leaf.csr", "rsa", 0),
        ("sign.csr", "sign", 0),
        ("leaf.csr", "sign", 8),
        ("sign.csr", "rsa", 8),
    ] {
        let run = folder.fetch(data.clone(), &["--csr", csr, "--only", only, "--output-dir", only]);
        assert_eq!(run.code, code, "{csr} {only}: {}", run.err);
        if code == 8 {
            assert!(run.err.contains("nothing was written"), "{}", run.err);
        }
    }
    let run = folder.fetch(data, &["--csr", "leaf.csr", "--output-dir", "all"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(folder.exists("all/sign-fullchain.pem") && folder.exists("all/fullchain.pem"));
}

#[test]
fn every_kind_of_key_is_compared_in_every_form() {
    let folder = OpensslFolder::new();
    let ec = |curve: &str| format!("ec -pkeyopt ec_paramgen_curve:{curve}");
    for (index, (kind, shown)) in [
        ("rsa -pkeyopt rsa_keygen_bits:5120".to_owned(), "RSA 5120"),
        ("rsa -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3".into(), "RSA 2048"),
        ("rsa -pkeyopt rsa_keygen_bits:1024".into(), "RSA 1024"),
        (ec("P-256"), "EC P-256"),
        (ec("P-384"), "EC P-384"),
        (ec("P-521"), "EC P-521"),
        (ec("secp256k1"), "EC secp256k1"),
        (ec("SM2"), "EC SM2"),
        ("ed25519".into(), "Ed25519"),
    ]
    .iter()
    .enumerate()
    {
        let name = format!("k{index}");
        folder.issue(&name, "low", kind, "leaf", 10);
        let mut keys = vec![format!("{name}.key")];
        folder.openssl(&format!("pkey -in {name}.key -outform DER -out {name}.key.der"));
        keys.push(format!("{name}.key.der"));
        if !kind.starts_with("ed") && !kind.ends_with("SM2") {
            folder.openssl(&format!("pkey -in {name}.key -traditional -out {name}.old.key"));
            keys.push(format!("{name}.old.key"));
        }
        folder.openssl(&format!("req -in {name}.csr -outform DER -out {name}.csr.der"));
        folder.write("bom.key", format!("\u{feff}{}", folder.read(&format!("{name}.key"))));
        keys.push("bom.key".to_owned());
        for csr in [format!("{name}.csr"), format!("{name}.csr.der")] {
            for key in &keys {
                let (code, json) = folder.json(&[
                    "cert",
                    "inspect",
                    "root.pem",
                    "low.pem",
                    &format!("{name}.pem"),
                    "--key",
                    key,
                    "--csr",
                    &csr,
                ]);
                assert_eq!(code, 0, "{kind} {key} {csr}: {json}");
                assert_eq!(json["chain"]["order"], json!([3, 2, 1]), "{json}");
                assert_eq!(json["certificates"][2]["key"], *shown);
                assert_eq!(json["certificates"][2]["unreadable"], json!([]));
            }
        }
        let (code, _) =
            folder.json(&["cert", "inspect", &format!("{name}.pem"), "--key", "leaf.key"]);
        assert_eq!(code, 8);
    }
}

#[test]
fn an_encrypted_key_comes_with_its_password_or_through_a_pipe() {
    let folder = OpensslFolder::new();
    folder.openssl("pkcs8 -topk8 -in leaf.key -passout pass:x -out secret.key");
    folder.openssl("pkcs8 -topk8 -in leaf.key -passout pass:x -outform DER -out secret.der");
    folder.openssl("ec -in leaf.key -aes256 -passout pass:x -out old.key");
    std::fs::write(folder.0.path().join("password"), "x\n").unwrap();
    for (key, remedy) in [
        ("secret.key", "--password-file"),
        ("secret.der", "--password-file"),
        ("old.key", "openssl pkey"),
    ] {
        let run = folder.wotrus(&["cert", "inspect", "leaf.pem", "--key", key]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains("encrypted") && run.err.contains(remedy), "{}", run.err);
        let line = ["cert", "inspect", "leaf.pem", "--key", key, "--password-file", "password"];
        let run = folder.wotrus(&line);
        assert_eq!(run.code == 0, key != "old.key", "{key}: {}", run.err);
    }
    let mut decrypt = Command::new("openssl")
        .args(["pkey", "-in", "secret.key", "-passin", "pass:x"])
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let run = Run::of(
        bare()
            .args(["cert", "inspect", "leaf.pem", "--key", "-"])
            .current_dir(&folder.0)
            .stdin(decrypt.stdout.take().unwrap()),
    );
    assert!(decrypt.wait().unwrap().success());
    assert!(run.code == 0 && run.out.contains("for the key  yes"), "{} {}", run.out, run.err);
}

#[test]
fn certificates_are_read_from_files_as_programs_write_them() {
    let folder = OpensslFolder::new();
    let [root, low, leaf] = ["root.pem", "low.pem", "leaf.pem"].map(|name| folder.read(name));
    folder.openssl("x509 -in leaf.pem -text -out text.pem");
    folder.openssl("x509 -in leaf.pem -trustout -addtrust serverAuth -out trusted.pem");
    folder.openssl("x509 -in leaf.pem -outform DER -out leaf.der");
    folder.openssl(
        "pkcs12 -export -in leaf.pem -inkey leaf.key -certfile low.pem -passout pass:x -out c.pfx",
    );
    folder.openssl("pkcs12 -in c.pfx -passin pass:x -nodes -out bag.pem");
    folder.write("bom.pem", format!("\u{feff}{leaf}{low}{root}"));
    folder.write("joined.pem", format!("{}{}{root}", leaf.trim_end(), low.trim_end()));
    folder.write("old.pem", leaf.replace(" CERTIFICATE", " X509 CERTIFICATE"));
    for (file, count) in [
        ("text.pem", 1),
        ("trusted.pem", 1),
        ("leaf.der", 1),
        ("bag.pem", 2),
        ("bom.pem", 3),
        ("joined.pem", 3),
        ("old.pem", 1),
    ] {
        let (code, json) = folder.json(&["cert", "inspect", file, "--key", "leaf.key"]);
        assert_eq!((code, &json["matches_key"]), (0, &json!(true)), "{file}: {json}");
        assert_eq!(json["certificates"].as_array().unwrap().len(), count, "{file}");
        let names = json["certificates"][0]["names"].as_array().unwrap();
        assert_eq!(names.len(), 5, "{names:?}");
    }
    let (_, json) = folder.json(&["cert", "inspect", "bag.pem"]);
    assert_eq!(json["other_blocks"], json!(["PRIVATE KEY"]));
}

#[test]
fn other_formats_are_named_with_the_command_that_converts_them() {
    let folder = OpensslFolder::new();
    folder.openssl("crl2pkcs7 -nocrl -certfile leaf.pem -out c.p7b");
    folder.openssl("crl2pkcs7 -nocrl -certfile leaf.pem -outform DER -out der.p7b");
    folder.openssl("pkcs12 -export -nokeys -in leaf.pem -passout pass:x -out c.pfx");
    folder.openssl("req -in leaf.csr -outform DER -out csr.der");
    folder.openssl("pkey -in leaf.key -outform DER -out key.der");
    folder.openssl("pkey -in leaf.key -pubout -out public.pem");
    folder.openssl("x509 -in leaf.pem -outform DER -out leaf.der");
    let wide = |text: String| -> Vec<u8> {
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    folder.write("wide.pem", wide(folder.read("leaf.pem")));
    folder.write("wide.csr", wide(folder.read("leaf.csr")));
    folder.write("wide.key", wide(folder.read("leaf.key")));
    folder.write("page.html", "<html>");
    let der = folder.bytes("leaf.der");
    folder.write("cut.der", &der[..der.len() - 9]);
    let base64: String =
        folder.read("leaf.pem").lines().filter(|line| !line.starts_with('-')).collect();
    folder.write("base64", &base64);
    folder.write("marked", format!("\u{feff}{base64}\n"));
    for file in ["key.der", "c.pfx", "csr.der", "c.p7b", "der.p7b", "leaf.der"] {
        let content = folder.bytes(file);
        folder.write(&format!("line-{file}"), [&content[..], b"\r\n"].concat());
    }
    folder.write("password", "x");
    for line in ["line-c.pfx --password-file password", "line-key.der --output-dir out"] {
        let line: Vec<&str> = ["cert", "convert"].into_iter().chain(line.split(' ')).collect();
        let run = folder.wotrus(&line);
        assert_eq!(run.code, 0, "{line:?}: {}", run.err);
    }
    for file in ["c.p7b", "der.p7b", "base64", "marked", "line-der.p7b", "line-leaf.der"] {
        for command in ["inspect", "convert"] {
            let run = folder.wotrus(&["cert", command, file]);
            assert_eq!(run.code, 0, "{command} {file}: {}", run.err);
        }
    }
    let run = folder.wotrus(&[
        "cert",
        "inspect",
        "leaf.pem",
        "--csr",
        "line-csr.der",
        "--key",
        "line-key.der",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    for (file, says) in [
        ("c.pfx", "wotrus cert convert"),
        ("cut.der", "its end is missing"),
        ("csr.der", "--csr"),
        ("key.der", "openssl pkey -inform DER"),
        ("public.pem", "PUBLIC KEY"),
        ("wide.pem", "UTF-16"),
        ("page.html", "HTML"),
    ] {
        let run = folder.wotrus(&["cert", "inspect", file]);
        assert!(run.code == 2 && run.err.contains(says), "{file}: {}", run.err);
    }
    for (flag, file, says) in [
        ("--csr", "wide.csr", "UTF-16"),
        ("--csr", "leaf.pem", "CERTIFICATE"),
        ("--csr", "leaf.key", "private key"),
        ("--key", "wide.key", "UTF-16"),
        ("--key", "c.pfx", "wotrus cert convert"),
        ("--key", "leaf.csr", "no private key"),
    ] {
        let run = folder.wotrus(&["cert", "inspect", "leaf.pem", flag, file]);
        assert!(run.code == 2 && run.err.contains(says), "{flag} {file}: {}", run.err);
    }
}

#[test]
fn a_part_that_cannot_be_read_is_shown_beside_the_others() {
    let folder = OpensslFolder::new();
    let [low, leaf] = ["low.pem", "leaf.pem"].map(|name| folder.read(name));
    folder.write("damaged.pem", format!("{leaf}-----BEGIN CERTIFICATE-----\nAAAA\n{low}"));
    let (code, json) = folder.json(&["cert", "inspect", "damaged.pem"]);
    assert_eq!((code, &json["error"]["cause"]), (8, &json!("certificate")), "{json}");
    assert_eq!(json["chain"]["order"], json!([1, 3]));
    assert!(json["certificates"][1]["problem"].as_str().unwrap().contains("block 2"), "{json}");
    let run = folder.wotrus(&["cert", "inspect", "damaged.pem"]);
    assert!(run.out.contains("CANNOT BE READ") && run.err.contains("block 2"), "{}", run.out);

    folder.issue("odd", "low", "ec -pkeyopt ec_paramgen_curve:P-256", "odd", 10);
    let (code, json) = folder.json(&["cert", "inspect", "odd.pem", "low.pem"]);
    assert_eq!(code, 0, "{json}");
    let odd = &json["certificates"][0];
    assert_eq!(odd["unreadable"], json!(["subjectAltName", "keyUsage"]), "{odd}");
    assert_eq!((&odd["key"], &odd["subject"]), (&json!("EC P-256"), &json!("CN=odd,O=测试")));
    let run = folder.wotrus(&["cert", "inspect", "odd.pem"]);
    assert!(run.out.contains("CANNOT BE READ  subjectAltName, keyUsage"), "{}", run.out);
}

#[test]
fn a_damaged_csr_is_refused_with_the_reason_before_anything_is_sent() {
    let folder = OpensslFolder::new();
    let csr = folder.read("leaf.csr");
    let order = |file: &str| {
        folder.wotrus(&[
            "order",
            "create",
            "--product",
            "organization",
            "--common-name",
            "F",
            "--org-name",
            "F",
            "--months",
            "12",
            "--dry-run",
            "--csr",
            file,
        ])
    };
    let line = csr.lines().nth(2).unwrap();
    for (text, why) in [
        (csr.trim_end()[..csr.trim_end().len() - 1].to_owned(), "END line is not complete"),
        (csr.replace('\n', "\\n"), "escaped"),
        (csr.replace("-----", "–––––"), "replaced"),
        (csr.replace(line, ""), "bytes are missing"),
        (csr.lines().filter(|line| !line.starts_with('-')).collect(), "BEGIN and END lines"),
        (csr.repeat(2), "more than one"),
        (folder.read("leaf.key"), "private key"),
    ] {
        folder.write("bad.csr", text);
        let run = order("bad.csr");
        assert!(run.code == 2 && run.err.contains(why) && run.err.contains("--csr"), "{}", run.err);
    }
    folder.openssl("req -in leaf.csr -outform DER -out der.csr");
    let run = order("der.csr");
    assert!(run.code == 2 && run.err.contains("openssl req -inform DER"), "{}", run.err);
    for text in [csr.replace('\n', "\r\r\n"), csr.replace('\n', " "), format!("\u{feff}{csr}")] {
        folder.write("good.csr", text);
        let run = order("good.csr");
        assert_eq!(run.code, 0, "{}", run.err);
    }
}
