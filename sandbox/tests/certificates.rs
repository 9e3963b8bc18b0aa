//! The issued certificates: their contents, their signatures, and their verification by OpenSSL.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use serde_json::Value;
use support::{CSR, Client, DV, ORGANISATION, OV, PDF, order};
use wotrus_sandbox::{Config, Sandbox};
use x509_cert::Certificate;
use x509_cert::der::{Decode, DecodePem, Encode};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName,
    SubjectKeyIdentifier,
};
use x509_cert::request::CertReq;

struct Fetched {
    pem: String,
    chain: Vec<String>,
}

fn fetch(sandbox: &Sandbox, body: &Value) -> Fetched {
    let mut client = Client::new(sandbox);
    let id = client.create(body);
    let answer = client.retrieve(&id);
    assert_eq!(answer["isSuccess"], true, "{answer}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let chain = answer["data"]["chains_RSA"].as_array().unwrap().iter().map(text).collect();
    Fetched { pem: text(&answer["data"]["pem_RSA"]), chain }
}

fn order_for(product: &str, csr: &str) -> Value {
    let mut body = order(product);
    body["orderinfoPost"]["csR_RSA"] = csr.into();
    body["organizationPost"]["state"] = "广东省".into();
    body["organizationPost"]["city"] = "深圳市".into();
    body
}

fn parse(pem: &str) -> Certificate {
    Certificate::from_pem(pem).unwrap()
}

fn extension<
    T: for<'a> Decode<'a, Error = x509_cert::der::Error> + x509_cert::der::oid::AssociatedOid,
>(
    certificate: &Certificate,
) -> Option<(bool, T)> {
    certificate.tbs_certificate().get_extension::<T>().unwrap()
}

/// Checks that the certificate names its issuer and the issuer's key, and has a valid signature.
fn assert_issued(certificate: &Certificate, issuer: &Certificate) {
    let (tbs, issuer_tbs) = (certificate.tbs_certificate(), issuer.tbs_certificate());
    assert_eq!(tbs.issuer(), issuer_tbs.subject());
    let key = issuer_tbs.subject_public_key_info().subject_public_key.raw_bytes();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key)
        .verify(&tbs.to_der().unwrap(), certificate.signature().raw_bytes())
        .unwrap();
    let identifier = extension::<SubjectKeyIdentifier>(issuer).unwrap().1.0;
    if let Some((_, authority)) = extension::<AuthorityKeyIdentifier>(certificate) {
        assert_eq!(authority.key_identifier, Some(identifier));
    }
    let (critical, constraints) = extension::<BasicConstraints>(issuer).unwrap();
    assert!(critical && constraints.ca);
    assert!(extension::<KeyUsage>(issuer).unwrap().1.key_cert_sign());
}

#[test]
fn the_key_comes_from_the_csr_and_the_subject_from_the_order() {
    let sandbox = Sandbox::start(Config::immediate()).unwrap();
    for (product, csr) in [
        (PDF, CSR),
        (ORGANISATION, include_str!("fixtures/p256.csr")),
        (OV, include_str!("fixtures/p384.csr")),
    ] {
        let fetched = fetch(&sandbox, &order_for(product, csr));
        let leaf = parse(&fetched.pem);
        let request = CertReq::from_pem(csr).unwrap();
        let tbs = leaf.tbs_certificate();
        assert_eq!(*tbs.subject_public_key_info(), request.info.public_key);
        assert_eq!(
            tbs.subject().to_string(),
            "CN=沃通电子认证服务有限公司,O=刘大强,L=深圳市,ST=广东省,C=CN"
        );
        assert_eq!(fetched.chain, [sandbox.root_pem(), sandbox.intermediate_pem()]);
        let (root, intermediate) = (parse(&fetched.chain[0]), parse(&fetched.chain[1]));
        assert_issued(&root, &root);
        assert_issued(&intermediate, &root);
        assert_issued(&leaf, &intermediate);
        assert!(!extension::<BasicConstraints>(&leaf).unwrap().1.ca);
    }
}

#[test]
fn key_usages_follow_the_product() {
    let sandbox = Sandbox::start(Config::immediate()).unwrap();
    let leaf = |product| parse(&fetch(&sandbox, &order_for(product, CSR)).pem);
    let usages = |leaf: &Certificate| -> Vec<String> {
        extension::<ExtendedKeyUsage>(leaf).unwrap().1.0.iter().map(ToString::to_string).collect()
    };
    let pdf = leaf(PDF);
    assert!(usages(&pdf).contains(&"1.3.6.1.5.5.7.3.36".to_owned()));
    let usage = extension::<KeyUsage>(&pdf).unwrap().1;
    assert!(usage.digital_signature() && usage.non_repudiation() && usage.key_encipherment());
    let signing = extension::<KeyUsage>(&leaf(ORGANISATION)).unwrap().1;
    assert!(signing.digital_signature() && signing.non_repudiation());
    assert!(!signing.key_encipherment(), "it only signs");
    let ssl = leaf(OV);
    assert_eq!(usages(&ssl), ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
}

#[test]
fn server_certificates_name_their_hosts() {
    let sandbox = Sandbox::start(Config::immediate()).unwrap();
    for (common_name, hosts, subject, expected) in [
        (
            "amazingboy.cn",
            "*.amazingboy.cn,10.0.0.1 amazingboy.cn",
            "CN=amazingboy.cn",
            ["amazingboy.cn", "*.amazingboy.cn", "[10, 0, 0, 1]"].as_slice(),
        ),
        (
            "例子.中国",
            "*.例子.中国 www.例子。中国 XN--FSQU00A.xn--fiqs8s",
            "CN=xn--fsqu00a.xn--fiqs8s",
            &["xn--fsqu00a.xn--fiqs8s", "*.xn--fsqu00a.xn--fiqs8s", "www.xn--fsqu00a.xn--fiqs8s"],
        ),
        ("*.Bücher.example", "", "CN=*.xn--bcher-kva.example", &["*.xn--bcher-kva.example"]),
        (
            "[2001:db8::1]",
            "::ffff:10.0.0.1",
            "CN=2001:db8::1",
            &["[32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]", "[10, 0, 0, 1]"],
        ),
    ] {
        let mut body = order_for(DV, CSR);
        body["orderinfoPost"]["commonName"] = common_name.into();
        body["orderinfoPost"]["Hosts"] = hosts.into();
        let leaf = parse(&fetch(&sandbox, &body).pem);
        assert_eq!(leaf.tbs_certificate().subject().to_string(), subject);
        let names = extension::<SubjectAltName>(&leaf).unwrap().1.0;
        let names: Vec<String> = names
            .iter()
            .map(|name| match name {
                GeneralName::DnsName(name) => name.to_string(),
                GeneralName::IpAddress(ip) => format!("{:?}", ip.as_bytes()),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(names, expected, "{common_name}");
    }
}

#[test]
fn the_validity_is_that_of_the_ordered_months() {
    let sandbox = Sandbox::start(Config::immediate()).unwrap();
    let year = std::time::Duration::from_secs(365 * 86_400);
    for (months, years) in [(12, 1), (24, 2)] {
        let mut body = order_for(PDF, CSR);
        body["orderinfoPost"]["month"] = months.into();
        let leaf = parse(&fetch(&sandbox, &body).pem);
        let validity = leaf.tbs_certificate().validity();
        let life = validity.not_after.to_unix_duration() - validity.not_before.to_unix_duration();
        let expected = year * years;
        assert!(life >= expected && life < expected + std::time::Duration::from_secs(2 * 86_400));
    }
}

#[test]
fn serial_numbers_are_positive_and_unique() {
    let sandbox = Sandbox::start(Config::immediate()).unwrap();
    let mut serials: Vec<_> = (0..20)
        .map(|_| {
            let leaf = parse(&fetch(&sandbox, &order(PDF)).pem);
            leaf.tbs_certificate().serial_number().as_bytes().to_vec()
        })
        .collect();
    assert!(serials.iter().all(|serial| serial.len() == 16 && serial[0] < 0x80));
    serials.sort();
    serials.dedup();
    assert_eq!(serials.len(), 20);
}

#[test]
fn without_a_csr_the_service_generates_the_key() {
    let sandbox = Sandbox::start(Config::immediate()).unwrap();
    let mut body = order(PDF);
    body["orderinfoPost"]["csR_RSA"] = Value::Null;
    body["orderinfoPost"]["uKeyPassword"] = "12345678".into();
    let (one, two) = (fetch(&sandbox, &body), fetch(&sandbox, &body));
    let key = |pem| parse(pem).tbs_certificate().subject_public_key_info().clone();
    assert_ne!(key(&one.pem), key(&two.pem));
}

#[test]
fn openssl_verifies_the_chain() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("skipped: this machine has no openssl");
        return;
    }
    let sandbox = Sandbox::start(Config::immediate()).unwrap();
    let folder = Folder::new();
    let p256 = include_str!("fixtures/p256.csr");
    for (product, csr, purpose) in [
        (PDF, CSR, "smimesign"),
        (PDF, p256, "smimesign"),
        (ORGANISATION, CSR, "any"),
        (DV, CSR, "sslserver"),
        (OV, include_str!("fixtures/p384.csr"), "sslserver"),
    ] {
        let fetched = fetch(&sandbox, &order_for(product, csr));
        let root = folder.write("root.pem", &fetched.chain[0]);
        let intermediate = folder.write("intermediate.pem", &fetched.chain[1]);
        let leaf = folder.write("leaf.pem", &fetched.pem);
        let output = Command::new("openssl")
            .args(["verify", "-x509_strict", "-purpose", purpose, "-CAfile"])
            .args([&root, Path::new("-untrusted"), &intermediate, &leaf])
            .output()
            .unwrap();
        assert!(output.status.success(), "{product}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// A folder that is deleted when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = format!("wotrus-sandbox-test-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
