use proptest::prelude::*;

use super::super::samples::certificate;
use super::*;
use crate::json::Json;

fn of(subject: &str, issuer: &str) -> String {
    pem::write(LABEL, &certificate(subject, issuer, subject))
}

fn bundle(chain: &[String]) -> CertificateBundle {
    CertificateBundle::new(of("leaf", "low"), chain.to_vec())
}

#[test]
fn files_are_in_the_order_that_a_server_needs() {
    let (root, cross, low) = (of("root", "root"), of("cross", "root"), of("low", "cross"));
    let leaf = of("leaf", "low");
    let messy = root.replace('\n', "\r\n");
    for chain in [
        vec![messy.clone(), cross.clone(), low.clone()],
        vec![low.clone(), messy.clone(), cross.clone()],
        vec![format!("{messy}{cross}"), low.clone()],
    ] {
        let bundle = bundle(&chain);
        assert_eq!(bundle.full_chain().unwrap(), format!("{leaf}{low}{cross}"));
        assert_eq!(bundle.full_chain_with_root().unwrap(), format!("{leaf}{low}{cross}{root}"));
        assert_eq!(bundle.intermediates().unwrap(), format!("{low}{cross}"));
        assert_eq!(bundle.root().unwrap().unwrap(), root);
        assert_eq!(bundle.leaf().unwrap(), leaf);
    }
    let appended = CertificateBundle::new(format!("{leaf}{low}"), vec![]);
    assert_eq!(appended.full_chain().unwrap(), format!("{leaf}{low}"));
    assert_eq!(appended.root().unwrap(), None);
    // A self-signed certificate is the whole file, and it is not a root for others.
    let own = CertificateBundle::new(of("own", "own"), vec![root, low]);
    assert_eq!(own.full_chain().unwrap(), of("own", "own"));
    assert_eq!(own.full_chain_with_root().unwrap(), of("own", "own"));
    assert_eq!((own.intermediates().unwrap().as_str(), own.root().unwrap()), ("", None));
}

#[test]
fn a_part_that_is_not_needed_for_the_chain_is_ignored() {
    let (root, low, leaf) = (of("root", "root"), of("low", "root"), of("leaf", "low"));
    for part in ["", " \r\n", "root公钥", "-----BEGIN CERTIFICATE-----\nAAAA", "<html>", &leaf] {
        let bundle = bundle(&[root.clone(), part.to_owned(), low.clone()]);
        assert_eq!(bundle.full_chain().unwrap(), format!("{leaf}{low}"), "{part}");
        assert_eq!(bundle.root().unwrap().unwrap(), root);
        assert_eq!(bundle.chain_status().unwrap(), ChainStatus::Complete);
    }
    for (part, status) in [
        ("", ChainStatus::None),
        (" \r\n", ChainStatus::None),
        (&leaf, ChainStatus::None),
        (&root, ChainStatus::Incomplete),
        (&low, ChainStatus::Complete),
    ] {
        let bundle = bundle(&[part.to_owned()]);
        assert_eq!(bundle.chain_status().unwrap(), status, "{part}");
        let low = if status == ChainStatus::Complete { part } else { "" };
        assert_eq!(bundle.full_chain().unwrap(), format!("{leaf}{low}"), "{part}");
    }
}

#[test]
fn an_unreadable_part_of_an_incomplete_chain_is_an_error_that_leaves_the_leaf() {
    for (part, why) in [
        ("root公钥", "not PEM"),
        ("-----BEGIN CERTIFICATE-----\nAAAA", "END line is missing"),
        ("<html>", "HTML"),
        ("-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----", "PKCS7"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "X.509"),
    ] {
        let bundle = bundle(&[part.to_owned(), of("low", "root")]);
        assert_eq!(bundle.leaf().unwrap(), of("leaf", "low"));
        assert_eq!(bundle.chain_status().unwrap(), ChainStatus::Incomplete);
        let error = bundle.full_chain().unwrap_err();
        assert_eq!((error.kind(), error.cause()), (Kind::Protocol, Cause::Certificate));
        assert!(error.message().contains(why), "{error}");
    }
}

#[test]
fn the_documents_placeholders_are_kept_and_reading_them_is_an_error() {
    let json = include_str!("../../../tests/fixtures/retrieve_response.json");
    let json = Json::object(json).unwrap();
    let certificates = Certificates::read(json.get("data").unwrap().members(), "r", Lang::En);
    assert_eq!(certificates.iter().count(), 3);
    let rsa = certificates.rsa.unwrap();
    assert_eq!(rsa.pem(), "---begin xxxxx ---end---");
    assert_eq!(rsa.chain(), ["root公钥", "cross公钥", "中级根公钥"]);
    let error = rsa.full_chain().unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::Protocol, Cause::Certificate));
}

#[test]
fn a_null_empty_or_absent_pem_is_not_a_certificate() {
    let json = r#"{"pem_RSA":null,"pem_Sign":"","chains_Sign":null,"chains_RSA":"x"}"#;
    assert!(Certificates::read(Json::object(json).unwrap().members(), "r", Lang::En).is_empty());
    // Half of a surrogate pair makes a text unusable, wherever it is.
    for half in [r"\ud800-----BEGIN", r"-----BEGIN\uD800", r"-----BEGIN\udfff"] {
        let json = format!(r#"{{"pem_RSA":"{half}"}}"#);
        let json = Json::object(json).unwrap();
        assert!(Certificates::read(json.members(), "r", Lang::En).is_empty(), "{half}");
    }
    let json = Json::object(r#"{"pem_RSA":"-----BEGIN\u002b\ud83d\ude00"}"#).unwrap();
    let pem = Certificates::read(json.members(), "r", Lang::En).rsa.unwrap();
    assert_eq!(pem.pem(), "-----BEGIN+😀");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1000, ..ProptestConfig::default() })]

    /// In any order, with copies, in one text or many, with unrelated certificates among them:
    /// the file is the leaf, the lowest issuer, … without the root.
    #[test]
    fn a_chain_in_any_order_is_sorted(
        length in 0_usize..7,
        with_root: bool,
        strangers in 0_usize..4,
        twice in 0_usize..4,
        crlf: bool,
        appended: bool,
        seed: u64,
    ) {
        let name = |step: usize| format!("ca-{step}");
        let issuers: Vec<String> = (0..length).map(|step| of(&name(step), &name(step + 1))).collect();
        let root = with_root.then(|| of(&name(length), &name(length)));
        let leaf = of("leaf", &name(0));
        let mut texts: Vec<String> = issuers.iter().chain(&root).cloned().collect();
        texts.extend((0..strangers).map(|n| of(&format!("stranger-{n}"), "nobody")));
        texts.extend(texts.clone().into_iter().take(twice));
        // Shuffled by a number, so that a failure can be repeated.
        let mut state = seed | 1;
        for at in (1..texts.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            texts.swap(at, (state >> 33) as usize % (at + 1));
        }
        if crlf {
            texts.iter_mut().for_each(|text| *text = text.replace('\n', "\r\n"));
        }
        let (pem, chain) = match appended {
            true => (leaf.clone() + &texts.concat(), vec![]),
            false => (leaf.clone(), texts),
        };
        let bundle = CertificateBundle::new(pem, chain);
        prop_assert_eq!(bundle.leaf().unwrap(), leaf.clone());
        prop_assert_eq!(bundle.intermediates().unwrap(), issuers.concat());
        let status = match (root.is_some(), length, strangers) {
            (true, _, _) => ChainStatus::Complete,
            (false, 0, 0) => ChainStatus::None,
            (false, 1.., 0) => ChainStatus::Complete,
            (false, _, _) => ChainStatus::Incomplete,
        };
        prop_assert_eq!(bundle.chain_status().unwrap(), status);
        let full_chain = leaf + &issuers.concat();
        let with_root = full_chain.clone() + root.as_deref().unwrap_or_default();
        prop_assert_eq!(bundle.full_chain().unwrap(), full_chain);
        prop_assert_eq!(bundle.full_chain_with_root().unwrap(), with_root);
        prop_assert_eq!(bundle.root().unwrap(), root);
    }
}
