//! `wotrus cert convert`, and certificates that are fetched in other forms than PEM.

mod support;

use std::fs;

use serde_json::Value;
use support::{Folder, Shell};
use wotrus::pki::Format;

/// A folder with `key.pem`, `password`, the folder `pem` with the certificate for the key, and `all.pem` with its
/// chain upside down.
fn issued() -> Folder {
    let (shell, folder) = (Shell::immediate(), Folder::new());
    folder.write("password", "secret\n");
    folder.done("key new key.pem --algorithm p256 --csr key.csr --common-name 沃通");
    let csr = folder.path("key.csr").display().to_string();
    let pem = folder.path("pem").display().to_string();
    shell.created("pdf", &["--csr", &csr, "--wait", "--output-dir", &pem]);
    let read = |name: &str| folder.read(&format!("pem/{name}.pem"));
    folder.write("all.pem", read("root") + &read("chain") + &read("leaf"));
    folder
}

fn error(folder: &Folder, line: &str, code: i32) -> String {
    let run = folder.run(&format!("--json {line}"));
    assert_eq!(run.code, code, "{line}: {}{}", run.out, run.err);
    let json: Value = serde_json::from_str(&run.out).unwrap();
    json["error"]["message"].as_str().unwrap().to_owned()
}

#[test]
fn each_form_is_written_and_read_again() {
    let folder = issued();
    let pem = |name: &str| folder.read(&format!("pem/{name}"));
    folder.done(
        "cert convert all.pem --key key.pem --pfx a.pfx --password-file password --p7b a.p7b --der a.der",
    );
    let legacy = "cert convert all.pem key.pem --pfx legacy.pfx --password-file password --legacy";
    let run = folder.done(legacy);
    assert!(run.err.contains("3DES") && run.err.contains("weak"), "{}", run.err);
    for (name, format) in [
        ("a.pfx", Format::Pkcs12),
        ("legacy.pfx", Format::Pkcs12),
        ("a.p7b", Format::DerPkcs7),
        ("a.der", Format::DerCertificate),
    ] {
        let bytes = fs::read(folder.path(name)).unwrap();
        assert_eq!(Format::of(&bytes), Some(format), "{name}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o077;
            assert_eq!(mode == 0, format == Format::Pkcs12, "{name}: {mode:o}");
        }
    }
    for name in ["a", "legacy"] {
        folder.done(&format!(
            "cert convert {name}.pfx --password-file password --output-dir of-{name}"
        ));
        let of_pfx = |file: &str| folder.read(&format!("of-{name}/{file}"));
        for file in ["leaf.pem", "chain.pem", "fullchain.pem", "root.pem"] {
            assert_eq!(of_pfx(file), pem(file), "{name}: {file}");
        }
        assert_eq!(of_pfx("key.pem"), folder.read("key.pem"), "{name}");
    }
    assert_eq!(folder.done("cert convert a.p7b").out, pem("fullchain.pem"));
    assert_eq!(folder.done("cert convert a.der").out, pem("leaf.pem"));
    assert_eq!(folder.done("cert convert all.pem").out, pem("fullchain.pem"));
    let json = folder.done("--json cert convert a.pfx --password-file password").out;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["matches_key"], true);
    assert!(!json.to_string().contains("PRIVATE KEY"), "{json}");
}

#[test]
fn legacy_files_are_encrypted_with_3des_and_others_with_aes() {
    let folder = issued();
    folder.done("cert convert all.pem key.pem --pfx a.pfx --password-file password");
    folder.done("cert convert all.pem key.pem --pfx l.pfx --password-file password --legacy");
    let has = |name: &str, oid: &[u8]| {
        fs::read(folder.path(name)).unwrap().windows(oid.len()).any(|window| window == oid)
    };
    let pkcs12_pbe = |last| [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, last];
    let (aes256, sha256) = (
        &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42][..],
        &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1][..],
    );
    for number in 1..=6 {
        assert!(!has("a.pfx", &pkcs12_pbe(number)), "{number}");
        assert_eq!(has("l.pfx", &pkcs12_pbe(number)), number == 3, "{number}");
    }
    assert!(has("a.pfx", aes256) && has("a.pfx", sha256));
    assert!(!has("l.pfx", aes256) && !has("l.pfx", sha256));
}

#[test]
fn passwords_are_needed_and_are_not_shown() {
    let folder = issued();
    folder.done("cert convert all.pem key.pem --pfx a.pfx --password-file password");
    folder.write("wrong", "guess\n");
    folder.write("empty", "");
    let message = error(&folder, "cert convert a.pfx", 2);
    assert!(message.contains("a.pfx is encrypted"), "{message}");
    let message = error(&folder, "cert convert a.pfx --password-file wrong", 2);
    assert!(message.contains("the password is wrong") && !message.contains("guess"), "{message}");
    let line = "cert convert all.pem key.pem --pfx b.pfx";
    error(&folder, line, 2);
    let message = error(&folder, &format!("{line} --password-file empty"), 2);
    assert!(message.contains("the password is empty"), "{message}");
    assert!(!folder.path("b.pfx").exists());
    // An old password, and a new one.
    folder.done(
        "cert convert a.pfx --input-password-file password --pfx b.pfx --password-file wrong",
    );
    error(&folder, "cert convert b.pfx --password-file password", 2);
    folder.done("cert convert b.pfx --password-file wrong");
}

#[test]
fn existing_files_are_replaced_only_by_force() {
    let folder = issued();
    folder.write("a.pfx", "old");
    let line = "cert convert all.pem key.pem --pfx a.pfx --password-file password --der a.der";
    let message = error(&folder, line, 9);
    assert!(message.contains("--force"), "{message}");
    assert_eq!(folder.read("a.pfx"), "old");
    assert!(!folder.path("a.der").exists(), "nothing else is written");
    folder.done(&format!("{line} --force"));
    assert_eq!(Format::of(&fs::read(folder.path("a.pfx")).unwrap()), Some(Format::Pkcs12));
}

#[test]
fn two_outputs_with_the_same_path_are_refused() {
    let folder = issued();
    fs::create_dir(folder.path("o")).unwrap();
    for line in [
        "--der same --p7b same",
        "--der same --p7b ./same --force",
        "--der o/../same --pfx same --key key.pem --password-file password",
        "--der o/leaf.pem --output-dir o",
    ] {
        let message = error(&folder, &format!("cert convert all.pem {line}"), 2);
        assert!(message.contains("another output"), "{line}: {message}");
        assert!(!folder.path("same").exists() && !folder.path("o/leaf.pem").exists(), "{line}");
    }
}

#[test]
fn no_flag_replaces_a_private_key_by_another_one() {
    let folder = issued();
    let pfx = |to: &str| {
        format!("cert convert all.pem key.pem --pfx {to} --password-file password --force")
    };
    folder.done(&pfx("a.pfx"));
    let first = fs::read(folder.path("a.pfx")).unwrap();
    // The same key under the same password: a renewed certificate, for example.
    folder.done(&pfx("a.pfx"));
    assert_ne!(fs::read(folder.path("a.pfx")).unwrap(), first);
    // Under another password it cannot be seen which key is in it.
    folder.write("other-password", "another\n");
    let line = "cert convert all.pem key.pem --pfx a.pfx --password-file other-password --force";
    let message = error(&folder, line, 9);
    assert!(message.contains("a.pfx") && message.contains("private key"), "{message}");
    // Keys in DER, and another order's PFX file.
    let other = issued();
    other.done(&pfx("b.pfx"));
    folder.done("key new other.pem --algorithm p256");
    let der: Vec<u8> = wotrus::pki::blocks(&folder.read("other.pem"))
        .find_map(|block| block.ok()?.der().ok())
        .unwrap();
    folder.write("key.der", &der);
    folder.write("b.pfx", fs::read(other.path("b.pfx")).unwrap());
    for (name, flag) in [("b.pfx", "--pfx"), ("key.der", "--der"), ("key.der", "--p7b")] {
        let before = fs::read(folder.path(name)).unwrap();
        let line = format!("cert convert all.pem key.pem {flag} {name} --password-file password");
        let message = error(&folder, &format!("{line} --force"), 9);
        assert!(message.contains("private key"), "{message}");
        assert_eq!(fs::read(folder.path(name)).unwrap(), before);
    }
}

#[test]
fn the_certificate_must_be_for_the_key() {
    let folder = issued();
    folder.done("key new other.pem --algorithm p256");
    let line = "cert convert all.pem --key other.pem --pfx a.pfx --password-file password";
    let message = error(&folder, line, 8);
    assert!(message.contains("none of the certificates is for the private key"), "{message}");
    let message = error(&folder, "cert convert all.pem key.pem other.pem --der a.der", 2);
    assert!(message.contains("several private keys"), "{message}");
    let message = error(&folder, "cert convert all.pem --pfx a.pfx --password-file password", 2);
    assert!(message.contains("--key"), "{message}");
    assert!(!folder.path("a.pfx").exists() && !folder.path("a.der").exists());
}

#[test]
fn chains_with_a_gap_and_certificates_beside_the_chain_are_reported() {
    let (folder, other) = (issued(), issued());
    folder.write("other.pem", other.read("pem/root.pem"));
    let run = folder.done("cert convert pem/leaf.pem other.pem");
    assert_eq!(run.out, folder.read("pem/leaf.pem"));
    assert!(run.err.contains("left out: 1"), "{}", run.err);
    // The other sandbox's intermediate has the same name and another key.
    folder.write("other.pem", other.read("pem/chain.pem") + &other.read("pem/root.pem"));
    let run = folder.done("cert convert pem/leaf.pem other.pem");
    assert_eq!(run.out, folder.read("pem/leaf.pem"));
    assert!(run.err.contains("is not in the files"), "{}", run.err);
}

#[test]
fn a_private_key_is_converted_without_a_certificate() {
    let folder = Folder::new();
    folder.write("password", "secret\n");
    folder.done("key new key.pem --algorithm p384 --password-file password");
    let message = error(&folder, "cert convert key.pem --password-file password", 2);
    assert!(message.contains("no certificate in the files"), "{message}");
    folder.done("cert convert key.pem --password-file password --output-dir plain");
    assert!(folder.read("plain/key.pem").starts_with("-----BEGIN PRIVATE KEY-----\n"));
    assert_eq!(fs::read_dir(folder.path("plain")).unwrap().count(), 1);
    folder.done("key new other.pem --algorithm p256");
    folder.write("two.pem", folder.read("plain/key.pem") + &folder.read("other.pem"));
    let message = error(&folder, "cert convert other.pem --key two.pem --output-dir two", 2);
    assert!(message.contains("several private keys, and no certificate"), "{message}");
    assert!(!folder.path("two").exists());
    folder.write("twice.pem", folder.read("other.pem").repeat(2));
    folder.done("cert convert other.pem --key twice.pem --output-dir one");
    assert_eq!(folder.read("one/key.pem"), folder.read("other.pem"));
    let message = error(&folder, "cert convert plain/key.pem --output-dir no/file --der no/x", 2);
    assert!(message.contains("no certificate in the files"), "{message}");
    folder.write("file", "x");
    let message = error(&folder, "cert convert other.pem --output-dir file/x", 9);
    assert!(!message.contains(".wotrus-"), "{message}");
    let message = error(&folder, "cert convert password", 2);
    assert!(message.contains("neither a certificate nor a private key"), "{message}");
}

#[test]
fn a_certificate_is_fetched_in_each_form() {
    let (shell, folder) = (Shell::immediate(), Folder::new());
    folder.done("key new key.pem --csr key.csr --common-name 沃通");
    folder.done("key new other.pem --algorithm p256");
    folder.write("password", "secret\n");
    let path = |name: &str| folder.path(name).display().to_string();
    let (key, csr, password) = (path("key.pem"), path("key.csr"), path("password"));
    let id = &shell.created("pdf", &["--csr", &csr]);

    let pfx = ["--pfx", "a.pfx", "--password-file", &password];
    let run = shell.run(&[&["cert", "fetch", id][..], &pfx].concat());
    assert!(run.code == 2 && run.err.contains("--key"), "{}", run.err);
    let run = shell.run(&[&["cert", "fetch", id, "--key", &path("other.pem")][..], &pfx].concat());
    assert!(run.code == 8 && run.err.contains("nothing was written"), "{}", run.err);
    let (code, _) = shell.json(&["cert", "fetch", id, "--key", &path("other.pem")]);
    assert_eq!(code, 8, "the key is compared without --pfx too");
    assert!(!fs::exists(shell.path("a.pfx")).unwrap());

    let (code, json) = shell.json(
        &[
            &["cert", "fetch", id, "--key", &key, "--der", "a.der", "--p7b", "a.p7b"][..],
            &["--output-dir", "pem"],
            &pfx,
        ]
        .concat(),
    );
    assert_eq!(code, 0, "{json}");
    assert_eq!(json["matches_key"], true);
    let files = json["files"].as_array().unwrap();
    assert_eq!(files.len(), 7, "{json}");
    let convert = |name: &str| {
        let run = shell.run(&["cert", "convert", name, "--password-file", &password]);
        assert_eq!(run.code, 0, "{name}: {}", run.err);
        run.out
    };
    let full_chain = fs::read_to_string(shell.path("pem/fullchain.pem")).unwrap();
    assert_eq!(convert("a.pfx"), full_chain);
    assert_eq!(convert("a.p7b"), full_chain);
    assert_eq!(convert("a.der"), fs::read_to_string(shell.path("pem/leaf.pem")).unwrap());
    // Without the wait there is no certificate that could be written.
    let run = shell.run(&["order", "create", "--from", "x.json", "--der", "x.der"]);
    assert!(run.code == 2 && run.err.contains("--wait"), "{}", run.err);
}

#[test]
fn the_key_chooses_among_the_certificates_of_an_sm2_order() {
    let shell = Shell::immediate();
    fs::write(shell.path("password"), "secret\n").unwrap();
    let mut json: Value =
        serde_json::from_str(include_str!("../../tests/fixtures/create_request.json")).unwrap();
    let info = &mut json["orderinfoPost"];
    info["productID"] = "B0C0A6F2-0D5B-4C39-9E0B-6A1C5D3E7F03".into();
    info["commonName"] = "www.example.com".into();
    info.as_object_mut().unwrap().remove("csR_RSA");
    for (name, field) in [("sign", "Csr_Sign"), ("encrypt", "Csr_Encrypt")] {
        let (key, csr) = (format!("{name}.key"), format!("{name}.csr"));
        let flags = ["--algorithm", "sm2", "--csr", &csr, "--host", "www.example.com"];
        let run = shell.run(&[&["key", "new", &key][..], &flags].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        info[field] = fs::read_to_string(shell.path(&csr)).unwrap().into();
    }
    fs::write(shell.path("order.json"), json.to_string()).unwrap();
    let line = ["order", "create", "--from", "order.json", "--wait", "--output-dir", "pem"];
    let (code, json) = shell.json(&line);
    assert_eq!(code, 0, "{json}");
    let id = json["order_id"].as_str().unwrap();

    let run = shell.run(&["cert", "fetch", id, "--der", "a.der"]);
    assert!(run.code == 2 && run.err.contains("--only"), "{}", run.err);
    for name in ["sign", "encrypt"] {
        let (key, pfx) = (format!("{name}.key"), format!("{name}.pfx"));
        let flags = ["--key", &key, "--pfx", &pfx, "--password-file", "password"];
        let run = shell.run(&[&["cert", "fetch", id][..], &flags].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        let flags = ["--password-file", "password", "--output-dir", name];
        let run = shell.run(&[&["cert", "convert", &pfx][..], &flags].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        let read = |path: String| fs::read_to_string(shell.path(&path)).unwrap();
        assert_eq!(read(format!("{name}/leaf.pem")), read(format!("pem/{name}-leaf.pem")));
        assert_eq!(read(format!("{name}/key.pem")), read(key));
    }
}
