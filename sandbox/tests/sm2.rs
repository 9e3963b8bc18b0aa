//! SM2 orders: a signature certificate and an encryption certificate, from authorities with SM2 keys.

mod support;

use serde_json::{Value, json};
use support::{CSR, Client, OV, order, revocation};
use wotrus_sandbox::{Config, Sandbox, Status, policy};
use x509_cert::Certificate;
use x509_cert::der::DecodePem;

const SM2: &str = "B0C0A6F2-0D5B-4C39-9E0B-6A1C5D3E7F03";
const SIGN: &str = include_str!("fixtures/sm2_sign.csr");
const ENCRYPT: &str = include_str!("fixtures/sm2_encrypt.csr");

fn sandbox() -> Sandbox {
    Sandbox::start(Config::immediate()).unwrap()
}

fn sm2_order(changes: Value) -> Value {
    let mut body = order(SM2);
    let fields = body["orderinfoPost"].as_object_mut().unwrap();
    fields.remove("csR_RSA");
    fields.insert("Csr_Sign".to_owned(), SIGN.into());
    fields.insert("Csr_Encrypt".to_owned(), ENCRYPT.into());
    fields.insert("commonName".to_owned(), "sm2.example.cn".into());
    fields.extend(changes.as_object().unwrap().clone());
    body
}

fn certificate(pem: &Value) -> Certificate {
    Certificate::from_pem(pem.as_str().expect("PEM")).unwrap()
}

/// The bits of the public key in a request.
fn key_of_request(pem: &str) -> Vec<u8> {
    let request = x509_cert::request::CertReq::from_pem(pem).unwrap();
    request.info.public_key.subject_public_key.raw_bytes().to_vec()
}

fn key_of(certificate: &Certificate) -> Vec<u8> {
    let tbs = certificate.tbs_certificate();
    tbs.subject_public_key_info().subject_public_key.raw_bytes().to_vec()
}

#[test]
fn an_sm2_order_has_two_certificates_and_no_rsa_one() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let id = client.create(&sm2_order(json!({})));
    let data = client.retrieve(&id)["data"].clone();
    assert!(data["pem_RSA"].is_null() && data["chains_RSA"].is_null());
    let (sign, encrypt) = (certificate(&data["pem_Sign"]), certificate(&data["pem_Encrypt"]));
    assert_eq!((key_of(&sign), key_of(&encrypt)), (key_of_request(SIGN), key_of_request(ENCRYPT)));
    assert_ne!(sign.tbs_certificate().serial_number(), encrypt.tbs_certificate().serial_number());
    for certificate in [&sign, &encrypt] {
        assert_eq!(certificate.signature_algorithm().oid.to_string(), "1.2.156.10197.1.501");
    }
    assert_eq!(data["chains_Sign"], data["chains_Encrypt"]);
    let root = certificate(&data["chains_Sign"][0]);
    assert_eq!(root.tbs_certificate().subject(), root.tbs_certificate().issuer());
    let record = sandbox.management().order(&id).unwrap().certificate.unwrap();
    assert_eq!(record.encryption_pem.as_deref(), data["pem_Encrypt"].as_str());
}

#[test]
fn the_encryption_key_is_generated_without_a_csr_for_it() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let id = client.create(&sm2_order(json!({"Csr_Encrypt": ""})));
    let data = client.retrieve(&id)["data"].clone();
    let encrypt = key_of(&certificate(&data["pem_Encrypt"]));
    assert_ne!(encrypt, key_of(&certificate(&data["pem_Sign"])));
}

#[test]
fn an_rsa_order_can_be_created_together_with_it() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let body = sm2_order(json!({"BindRSAProductID": OV, "csR_RSA": CSR, "idempotenceID": "7"}));
    let data = client.post_json("/v1/Order/Create", &body)["data"].clone();
    let (sm2, rsa) = (data["orderID"].as_str().unwrap(), data["orderID_RSA"].as_str().unwrap());
    assert!(client.retrieve(sm2)["data"]["pem_Sign"].is_string());
    assert!(client.retrieve(rsa)["data"]["pem_RSA"].is_string());
    assert_eq!(client.post_json("/v1/Order/Create", &body)["data"], data);
    assert_eq!(sandbox.management().orders().len(), 2);
    assert_eq!(sandbox.management().order(sm2).unwrap().paired.as_deref(), Some(rsa));
}

#[test]
fn a_key_must_fit_its_product() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let mut rsa_product = order(OV);
    rsa_product["orderinfoPost"]["csR_RSA"] = SIGN.into();
    for body in [
        rsa_product,
        sm2_order(json!({"Csr_Sign": CSR})),
        sm2_order(json!({"Csr_Encrypt": CSR})),
        sm2_order(json!({"BindRSAProductID": OV, "csR_RSA": SIGN})),
    ] {
        let answer = client.post_json("/v1/Order/Create", &body);
        assert_eq!(answer["errorMsg"], "CSR 密钥算法与产品不符", "{answer}");
    }
    assert!(sandbox.management().orders().is_empty());
}

#[test]
fn a_reissue_needs_both_keys_and_the_proof_and_revokes_the_old_certificate() {
    let mut config = Config::immediate();
    config.policies.ssl_issue = policy::SslIssue::Auto;
    let sandbox = Sandbox::start(config).unwrap();
    let mut client = Client::new(&sandbox);
    let old = client.create(&sm2_order(json!({})));
    let mut body = revocation(&old);
    body["csr"] = SIGN.into();
    let mut reissue = |body: &Value| client.post_json("/v1/Certificate/ReissueRequest", body);
    assert_eq!(reissue(&body)["errorMsg"], "参数 csR_Encrypt 不能为空");
    body["csR_Encrypt"] = CSR.into();
    assert_eq!(reissue(&body)["errorMsg"], "CSR 密钥算法与产品不符");
    body["csR_Encrypt"] = ENCRYPT.into();
    body["fileContent"] = "".into();
    body["fileType"] = "".into();
    assert_eq!(reissue(&body)["errorMsg"], "参数 fileContent 不能为空");
    body["fileContent"] = "AAAA".into();
    body["fileType"] = ".jpg".into();
    let new = reissue(&body)["data"]["newOrderID"].as_str().unwrap().to_owned();
    assert!(client.retrieve(&new)["data"]["pem_Encrypt"].is_string());
    assert_eq!(sandbox.management().order(&old).unwrap().status, Status::Revoked);
}
