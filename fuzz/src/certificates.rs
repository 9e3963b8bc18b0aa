//! Certificates from foreign bytes, and the properties of the chains built from them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use wotrus::CertificateBundle;

use crate::{check_error, respond_with_body, with_client};

/// Retrieves these certificates, and reads every form of the chain.
pub fn check(leaf: &str, chain: &[&str], csr: &str) {
    let data = json!({"pem_RSA": leaf, "chains_RSA": chain});
    respond_with_body(json!({"isSuccess": true, "data": data}).to_string().as_bytes());
    match with_client(|client| client.retrieve_certificate("A1")) {
        Ok(answer) => {
            let bundle = answer.into_inner().rsa.expect("it was sent");
            check_bundle(&bundle, csr);
        }
        // An empty leaf is not a certificate.
        Err(error) => check_error(&error),
    }
}

fn check_bundle(bundle: &CertificateBundle, csr: &str) {
    let texts = [
        bundle.leaf(),
        bundle.intermediates(),
        bundle.full_chain(),
        bundle.full_chain_with_root(),
        bundle.root().map(Option::unwrap_or_default),
    ];
    for text in &texts {
        match text {
            Ok(text) => check_pem(text),
            Err(error) => check_error(error),
        }
    }
    if let [Ok(leaf), Ok(intermediates), Ok(chain), Ok(with_root), Ok(root)] = &texts {
        assert_eq!(*chain, leaf.clone() + intermediates);
        assert!(with_root.starts_with(chain.as_str()), "the root is not the last");
        assert!(chain.matches("BEGIN").count() <= bundle.chain().len() * 64 + 64);
        assert!(root.is_empty() || with_root.ends_with(root.as_str()) || !root.contains("BEGIN"));
    }
    if let Err(error) = bundle.matches_csr(csr) {
        check_error(&error);
    }
}

/// What the library writes is PEM that any program reads.
fn check_pem(text: &str) {
    for block in text.split_inclusive("-----END CERTIFICATE-----\n") {
        let body = block
            .strip_prefix("-----BEGIN CERTIFICATE-----\n")
            .and_then(|rest| rest.strip_suffix("-----END CERTIFICATE-----\n"))
            .expect("a block of PEM");
        let base64: String = body.lines().collect();
        STANDARD.decode(base64).expect("base64 between its lines");
    }
}

/// DER as PEM.
pub fn pem(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("base64 is ASCII"))
        .collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
