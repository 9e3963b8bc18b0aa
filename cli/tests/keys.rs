//! `wotrus key`: new keys and certificate signing requests.

mod support;

use std::fs;
use std::process::Stdio;

use serde_json::Value;
use support::{CSR, Folder, Run};
use wotrus::pki::{CertificateRequest, blocks};
use x509_cert::der::{Decode, Encode};
use x509_cert::request::CertReq;

const ALGORITHMS: [&str; 6] = ["rsa2048", "rsa3072", "rsa4096", "p256", "p384", "sm2"];

fn public_key(csr: &str) -> wotrus::pki::PublicKey {
    let der = blocks(csr).next().unwrap().unwrap().der().unwrap();
    CertificateRequest::from_der(der).unwrap().public_key().unwrap()
}

#[test]
fn each_algorithm_makes_a_key_and_a_request_that_the_service_accepts() {
    let folder = Folder::new();
    let shell = support::Shell::immediate();
    for algorithm in ALGORITHMS {
        let line = format!(
            "key new {algorithm}.pem --algorithm {algorithm} --csr {algorithm}.csr --common-name 沃通"
        );
        let run = folder.done(&line);
        assert!(run.out.contains(&format!("{algorithm}.pem")), "{}", run.out);
        let (key, csr) =
            (folder.read(&format!("{algorithm}.pem")), folder.read(&format!("{algorithm}.csr")));
        assert!(key.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{algorithm}");
        assert!(csr.starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"), "{algorithm}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let meta = fs::metadata(folder.path(format!("{algorithm}.pem"))).unwrap();
            assert_eq!(meta.permissions().mode() & 0o777, 0o600);
        }
        if algorithm == "sm2" {
            continue;
        }
        // The sandbox checks the request's signature, and puts its key into the certificate.
        let csr = folder.path(format!("{algorithm}.csr")).display().to_string();
        shell.created("pdf", &["--csr", &csr, "--wait", "--output-dir", algorithm]);
        let leaf = shell.path(&format!("{algorithm}/leaf.pem"));
        let run = folder.done(&format!("cert inspect {leaf} --key {algorithm}.pem"));
        assert!(run.out.contains("for the key  yes"), "{}", run.out);
    }
}

#[test]
fn an_existing_file_is_never_overwritten() {
    let folder = Folder::new();
    folder.write("taken", "old");
    for line in [
        "key new taken",
        "key new taken --csr x.csr --common-name a",
        "key new key.pem --csr taken --common-name a",
    ] {
        let run = folder.run(line);
        assert_eq!(run.code, 9, "{line}: {}", run.err);
        assert!(run.err.contains("never overwritten"), "{}", run.err);
        assert_eq!(folder.names(), ["taken"], "{line}: nothing is left over");
        assert_eq!(folder.read("taken"), "old");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", folder.path("link")).unwrap();
        assert_eq!(folder.run("key new link").code, 9);
        assert!(!folder.path("nowhere").exists());
    }
}

#[test]
fn subjects_are_checked_before_a_key_is_made() {
    let folder = Folder::new();
    let long = "沃".repeat(65);
    for (arguments, field) in [
        ("--csr x.csr".to_owned(), "--common-name"),
        ("--common-name a".to_owned(), "--csr"),
        (format!("--csr x.csr --common-name {long}"), "--common-name"),
        ("--csr x.csr --common-name a --country CHN".to_owned(), "--country"),
        ("--csr x.csr --common-name a --host a_b.cn".to_owned(), "--host"),
        ("--csr x.csr --common-name a --org-name \u{7}".to_owned(), "--org-name"),
        ("--csr - --common-name a".to_owned(), "--csr"),
        ("--algorithm rsa1024".to_owned(), "usage"),
    ] {
        let run = folder.run(&format!("--json key new key.pem {arguments}"));
        assert_eq!(run.code, 2, "{arguments}: {}", run.out);
        let json: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(json["error"]["field"], field, "{arguments}: {json}");
        assert_eq!(folder.names(), [""; 0], "{arguments}");
    }
    assert_eq!(folder.run("key new -").code, 2);
    assert_eq!(folder.run("key new key.pem --base-url https://a.cn").code, 2);
}

#[test]
fn an_encrypted_key_is_read_with_its_password_only() {
    let folder = Folder::new();
    folder.write("password", "密码 1\r\n");
    folder.write("wrong", "other\n");
    folder.write("empty", "\n");
    assert_eq!(folder.run("key new key.pem --password-file empty").code, 2);
    folder
        .done("key new key.pem --algorithm p256 --password-file password --csr a.csr --host a.cn");
    assert!(folder.read("key.pem").starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    folder.done("key csr key.pem --password-file password --csr b.csr --host b.cn");
    assert!(public_key(&folder.read("a.csr")) == public_key(&folder.read("b.csr")));
    for (arguments, problem) in [
        ("", "is encrypted"),
        (" --password-file wrong", "the password is wrong"),
        (" --password-file missing", "missing"),
    ] {
        let run = folder.run(&format!("key csr key.pem --csr c.csr --host c.cn{arguments}"));
        assert!(run.code != 0 && run.err.contains(problem), "{arguments}: {}", run.err);
        assert!(!run.err.contains("密码 1") && !run.err.contains("other"), "{}", run.err);
    }
    folder.write("lines", "a\nb\n");
    assert_eq!(folder.run("key csr key.pem --csr c.csr --host c.cn --password-file lines").code, 2);
    assert_eq!(
        folder.names(),
        ["a.csr", "b.csr", "empty", "key.pem", "lines", "password", "wrong"]
    );
}

#[test]
fn a_request_is_made_for_a_key_on_standard_input() {
    let folder = Folder::new();
    folder.done("key new key.pem --algorithm p384 --csr a.csr --common-name a");
    let mut command = folder.command("key csr - --csr b.csr --common-name a");
    let key = fs::File::open(folder.path("key.pem")).unwrap();
    let run = Run::of(command.stdin(Stdio::from(key)));
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(public_key(&folder.read("a.csr")) == public_key(&folder.read("b.csr")));
    let run = folder.run(&format!("key csr {CSR} --csr c.csr --common-name a"));
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("contains no private key"), "{}", run.err);
}

#[test]
fn no_key_is_made_if_its_request_cannot_be_written() {
    let folder = Folder::new();
    fs::create_dir(folder.path("folder")).unwrap();
    for (line, code) in [
        ("key new key.pem --csr no/folder/x.csr --host a.cn", 9),
        ("key new key.pem --csr key.pem --host a.cn", 2),
        ("key new key.pem --csr folder/../key.pem --host a.cn", 2),
        ("key new no/folder/key.pem --csr x.csr --host a.cn", 9),
    ] {
        let run = folder.run(&format!("{line} --algorithm p256"));
        assert_eq!(run.code, code, "{line}: {}", run.err);
        assert_eq!(folder.names(), ["folder"], "{line}");
        // Windows has its own text.
        let is_described = code == 2 || run.err.contains("No such file or directory (os error 2)");
        assert!(is_described || cfg!(windows), "{line}: {}", run.err);
    }
}

/// The subject and the alternative names of a request.
fn names(csr: &str) -> (String, Vec<u8>) {
    let der = blocks(csr).next().unwrap().unwrap().der().unwrap();
    let info = CertReq::from_der(&der).unwrap().info;
    let names = info.attributes.iter().map(|it| it.to_der().unwrap()).collect::<Vec<_>>().concat();
    (info.subject.to_string(), names)
}

#[test]
fn the_name_of_an_organisation_is_not_changed_into_a_domain_name() {
    let folder = Folder::new();
    let idn = "xn--fsqu00a.xn--fiqs8s";
    for (arguments, subject, name, told) in [
        ("--common-name A.O.史密斯热水器有限公司", "CN=A.O.史密斯热水器有限公司", "", "--host"),
        ("--common-name Dr.Müller", "CN=Dr.Müller", "", "--host"),
        ("--common-name Amazon.com --org-name Amazon.com", "CN=Amazon.com,O=Amazon.com", "", ""),
        ("--common-name Dr.M --org-name Dr.M", "CN=Dr.M,O=Dr.M", "", ""),
        ("--common-name www.A.cn", "CN=www.A.cn", "www.a.cn", ""),
        ("--common-name 例子.中国 --host 例子.中国", &format!("CN={idn}"), idn, ""),
        ("--host 例子.中国", &format!("CN={idn}"), idn, ""),
    ] {
        let run = folder.done(&format!("key new k --algorithm p256 --csr c {arguments}"));
        let (found, names) = names(&folder.read("c"));
        assert_eq!(found, subject, "{arguments}");
        let has = names.windows(name.len().max(1)).any(|part| part == name.as_bytes());
        assert_eq!(has, !name.is_empty(), "{arguments}");
        assert_eq!(names.is_empty(), name.is_empty(), "{arguments}");
        assert_eq!(run.err.contains("--host"), !told.is_empty(), "{arguments}: {}", run.err);
        fs::remove_file(folder.path("k")).unwrap();
        fs::remove_file(folder.path("c")).unwrap();
    }
}
