//! Every operation over real sockets, with the example requests of the document.

mod support;

use serde_json::{Value, json};
use support::{CSR, Client, DV, ORGANISATION, OV, PDF, names, order, revocation};
use wotrus_sandbox::{Config, Sandbox, policy};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/", $name))
    };
}

fn sandbox() -> Sandbox {
    Sandbox::start(Config::immediate()).unwrap()
}

fn with(change: impl FnOnce(&mut wotrus_sandbox::Policies)) -> Sandbox {
    let mut config = Config::immediate();
    change(&mut config.policies);
    Sandbox::start(config).unwrap()
}

#[test]
fn create_accepts_the_example_and_has_its_field_names() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let answer = client.post("/v1/Order/Create", fixture!("create_request.json").as_bytes());
    assert_eq!(answer.status, 200);
    assert_eq!(names(answer.text()), names(fixture!("create_response.json")));
    let answer = answer.json();
    assert_eq!(answer["isSuccess"], true);
    assert_eq!(answer["errorMsg"], "string", "as in the example");
    assert_eq!(answer["data"]["orderID"].as_str().unwrap().len(), 36);
    assert!(answer["data"]["orderID_RSA"].is_null());
    assert_eq!(answer["page"], json!({"total": 0, "limit": 0, "skip": 0}));
}

#[test]
fn the_response_of_create_follows_the_policies() {
    let sandbox = with(|policies| {
        policies.order_id_field = policy::OrderIdField::OrderIdRsa;
        policies.create_messages = policy::CreateMessages::Table;
    });
    let answer = Client::new(&sandbox).post_json("/v1/Order/Create", &order(PDF));
    assert!(answer["data"]["orderID"].is_null());
    assert!(answer["data"]["orderID_RSA"].is_string());
    assert_eq!((&answer["errorMsg"], &answer["successMsg"]), (&json!(""), &json!("下单成功")));
}

#[test]
fn query_has_the_examples_field_names() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let mut body = order(DV);
    body["orderinfoPost"]["commonName"] = "fyt.amazingboy.cn".into();
    body["orderinfoPost"]["Hosts"] = "www.amazingboy.cn, fyt.amazingboy.cn".into();
    let id = client.create(&body);
    let answer = client.get(&format!("/v1/Order/{}", id.to_lowercase()));
    assert_eq!(names(answer.text()), names(fixture!("query_response.json")));
    let answer = answer.json();
    assert!(answer["errorMsg"].is_null() && answer["page"].is_null());
    assert_eq!(answer["successMsg"], "success");
    let data = &answer["data"];
    assert_eq!(data["id"], id.as_str());
    assert_eq!(data["productName"], "超快 SSL V1");
    assert_eq!(data["productID"], DV);
    assert_eq!(data["cn"], "fyt.amazingboy.cn");
    assert_eq!(data["sn"], "fyt.amazingboy.cn,www.amazingboy.cn");
    assert_eq!(data["duration"], 12);
    assert_eq!(data["isPay"], 1);
    assert_eq!(data["isCSRSubmited"], true);
    assert_eq!(data["org"]["orgName"], "刘大强");
    assert_eq!(data["org"]["userEmail"], "ldq@wotrus.com ", "as it was sent");
    assert_eq!(data["org"]["idCardNumber"], "");
    assert_eq!(data["orderNumber"].as_str().unwrap().len(), 15);
    let time = data["createTime"].as_str().unwrap();
    assert!(time.len() == 29 && time.ends_with("+08:00"), "{time}");
    let link = data["pendingLink"].as_str().unwrap();
    assert!(link.starts_with(sandbox.http_url()) && link.ends_with(".html"), "{link}");
}

#[test]
fn retrieve_has_the_examples_field_names_and_the_root_first() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let id = client.create(&order(PDF));
    let answer = client.get(&format!("/v1/Certificate/RetrievePem?orderID={id}"));
    assert_eq!(names(answer.text()), names(fixture!("retrieve_response.json")));
    let data = &answer.json()["data"];
    assert_eq!(data["chains_RSA"], json!([sandbox.root_pem(), sandbox.intermediate_pem()]));
    assert!(data["pem_RSA"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----\n"));
    for absent in ["pem_Sign", "chains_Sign", "pem_Encrypt", "chains_Encrypt"] {
        assert!(data[absent].is_null(), "{absent}");
    }
}

#[test]
fn absent_certificates_are_written_as_the_policy_says() {
    for (value, pem, chain) in [
        (policy::AbsentCertificates::Empty, Some(json!("")), Some(json!([]))),
        (policy::AbsentCertificates::Absent, None, None),
    ] {
        let sandbox = with(|policies| policies.absent_certificates = value);
        let mut client = Client::new(&sandbox);
        let id = client.create(&order(PDF));
        let data = client.retrieve(&id)["data"].clone();
        assert_eq!(data.get("pem_Sign"), pem.as_ref());
        assert_eq!(data.get("chains_Encrypt"), chain.as_ref());
    }
}

#[test]
fn retrieve_before_the_certificate_is_issued_follows_the_policy() {
    let not_yet = |value| {
        let sandbox = with(|policies| {
            policies.not_issued = value;
            policies.review = policy::Review::Manual;
        });
        let mut client = Client::new(&sandbox);
        let id = client.create(&order(PDF));
        client.retrieve(&id)
    };
    let refused = not_yet(policy::NotIssued::Refuse);
    assert_eq!(
        (&refused["isSuccess"], &refused["errorMsg"]),
        (&json!(false), &json!("证书未签发"))
    );
    assert!(refused["data"].is_null());
    let result = not_yet(policy::NotIssued::Result);
    assert_eq!(result["isSuccess"], true);
    assert_eq!(result["data"], json!({"result": false}));
    let null = not_yet(policy::NotIssued::Null);
    assert_eq!(null["isSuccess"], true);
    assert!(null["data"].is_null());
}

#[test]
fn cancel_is_refused_once_issued() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let issued = client.create(&order(PDF));
    let body = json!({"orderID": issued, "reason": "域名填写错误"}).to_string();
    let answer = client.post("/v1/Order/Cancel", body.as_bytes());
    let example: Value = serde_json::from_str(fixture!("cancel_response.json")).unwrap();
    assert_eq!(answer.json(), example, "the whole example");
    assert_eq!(names(answer.text()), names(fixture!("cancel_response.json")));

    let waiting = client.create(&order(OV));
    let answer = client.post_json("/v1/Order/Cancel", &json!({"orderID": waiting, "reason": "x"}));
    assert_eq!(answer["data"], json!({"cancelResult": true, "cancelFailedReason": ""}));
    assert_eq!(client.query(&waiting)["status"], "closed");
}

#[test]
fn revoke_is_accepted_and_reviewed() {
    let sandbox = with(|policies| policies.revocation = policy::Revocation::Manual);
    let mut client = Client::new(&sandbox);
    let id = client.create(&order(PDF));
    let body = revocation(&id).to_string();
    let answer = client.post("/v1/Certificate/RevokeRequest", body.as_bytes());
    let example: Value = serde_json::from_str(fixture!("revoke_response.json")).unwrap();
    assert_eq!(answer.json(), example, "the whole example");
    assert_eq!(names(answer.text()), names(fixture!("revoke_response.json")));
    assert_eq!(client.query(&id)["status"], "pendingRevoke");
}

#[test]
fn reissue_creates_a_new_order() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let id = client.create(&order(ORGANISATION));
    let old = client.retrieve(&id)["data"]["pem_RSA"].clone();
    let key = fixture!("p256.csr");
    let body = json!({"orderID": id, "csr": key, "reason": "私钥泄露", "idempotenceID": "7"});
    let answer = client.post("/v1/Certificate/ReissueRequest", body.to_string().as_bytes());
    assert_eq!(names(answer.text()), names(fixture!("reissue_response.json")));
    let answer = answer.json();
    assert_eq!(answer["successMsg"], "申请重新颁发成功");
    let new = answer["data"]["newOrderID"].as_str().unwrap();
    assert_ne!(new, id);
    assert_ne!(client.retrieve(new)["data"]["pem_RSA"], old);
    assert_eq!(client.query(&id)["status"], "issued");
    let again = client.post_json("/v1/Certificate/ReissueRequest", &body);
    assert_eq!(again["data"]["newOrderID"], new);
}

#[test]
fn email_is_sent_for_issued_orders_only() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let mut sent = |id: String| {
        let body = json!({"orderID": id, "collectUrl": "https://console.aliyun.com/ssl/order/1"});
        client.post("/v1/Notification/email", body.to_string().as_bytes())
    };
    let mut other = Client::new(&sandbox);
    let before = sent(other.create(&order(OV)));
    assert_eq!(names(before.text()), names(fixture!("email_response.json")));
    let example: Value = serde_json::from_str(fixture!("email_response.json")).unwrap();
    assert_eq!(before.json(), example, "the whole example");
    assert_eq!(sent(other.create(&order(PDF))).json()["data"], json!({"sentResult": true}));
}

#[test]
fn the_examples_with_unknown_orders_are_refused() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    for (path, body, message) in [
        ("/v1/Order/Cancel", fixture!("cancel_request.json"), "订单不存在"),
        ("/v1/Certificate/RevokeRequest", fixture!("revoke_request.json"), "订单不存在"),
        ("/v1/Certificate/ReissueRequest", fixture!("reissue_request.json"), "CSR 格式错误"),
        ("/v1/Notification/email", fixture!("email_request.json"), "订单不存在"),
    ] {
        let answer = client.post(path, body.as_bytes());
        assert_eq!(answer.status, 200);
        let answer = answer.json();
        assert_eq!(answer["isSuccess"], false, "{path}");
        assert_eq!(answer["errorMsg"], message, "{path}");
        assert!(answer["data"].is_null());
    }
    let id = "644A3E60-F1AA-4E25-821A-ACFBC462BC37";
    assert_eq!(client.retrieve(id)["errorMsg"], "订单不存在");
    let answer = client.get(&format!("/v1/Order/{id}")).json();
    assert_eq!(answer["errorMsg"], "订单不存在");
    assert!(answer["successMsg"].is_null());
}

#[test]
fn create_names_the_refused_field() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let document = |kind: Value, file: &str, content: &str| json!([{"documentType": kind, "fileType": file, "fileContent": content}]);
    let long = "长".repeat(65);
    for (part, field, value, named) in [
        ("orderinfoPost", "productID", json!(""), "productID"),
        ("orderinfoPost", "productID", json!("no guid"), "productID"),
        ("orderinfoPost", "commonName", Value::Null, "commonName"),
        ("orderinfoPost", "commonName", json!(long), "commonName"),
        ("orderinfoPost", "month", json!(36), "month"),
        ("orderinfoPost", "month", json!("twelve"), "month"),
        ("orderinfoPost", "month", Value::Null, "month"),
        ("orderinfoPost", "csR_RSA", json!(&CSR[..300]), "CSR"),
        ("orderinfoPost", "csR_RSA", json!(true), "csR_RSA"),
        ("organizationPost", "OrgName", json!("  "), "OrgName"),
        ("organizationPost", "BusinessCategory", json!("企业"), "BusinessCategory"),
        ("organizationPost", "countryCode", json!("CHN"), "countryCode"),
        ("", "orderinfoPost", Value::Null, "orderinfoPost"),
        ("", "organizationPost", json!("x"), "organizationPost"),
        ("", "documentsPost", document(json!(4), ".pdf", "AAAA"), "documentType"),
        ("", "documentsPost", document(json!(1), ".png", "AAAA"), "fileType"),
        ("", "documentsPost", document(json!(1), ".pdf", "%"), "fileContent"),
        ("", "documentsPost", document(json!(1), ".pdf", ""), "fileContent"),
    ] {
        let mut body = order(PDF);
        match part {
            "" => body[field] = value.clone(),
            part => body[part][field] = value.clone(),
        }
        let answer = client.post_json("/v1/Order/Create", &body);
        assert_eq!(answer["isSuccess"], false, "{part}.{field} {value}");
        let message = answer["errorMsg"].as_str().unwrap();
        assert!(message.contains(named) && !message.is_ascii(), "{part}.{field}: {message}");
    }
}

#[test]
fn create_accepts_other_cases_months_and_products() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    for month in [12, 24, 13, 25] {
        let mut body = order(PDF);
        body["orderinfoPost"]["month"] = month.to_string().into();
        let id = client.create(&body);
        assert_eq!(client.query(&id)["duration"], month);
    }
    let upper = order(PDF).to_string().replace("orderinfoPost", "ORDERINFOPOST");
    let upper = upper.replace("csR_RSA", "CSR_rsa").replace("OrgName", "orgname");
    let id = client.create(&serde_json::from_str(&upper).unwrap());
    assert_eq!(client.query(&id)["isCSRSubmited"], true);
    let mut body = order("b34dabd1-5e36-4a4d-8cd5-3d3b3a3c9f10");
    let content = "JVBERi0xLjQK";
    body["documentsPost"] =
        json!([{"documentType": 2, "fileType": ".pdf", "fileContent": content}]);
    let id = client.create(&body);
    let data = client.query(&id);
    assert_eq!(data["productID"], "B34DABD1-5E36-4A4D-8CD5-3D3B3A3C9F10");
    assert_eq!(data["isUploadedPic"], true);
}

#[test]
fn a_repeated_idempotence_id_creates_one_order() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let mut body = order(PDF);
    body["orderinfoPost"]["idempotenceID"] = "order-1".into();
    let id = client.create(&body);
    assert_eq!(client.create(&body), id);
    body["organizationPost"]["OrgName"] = "另一家".into();
    let answer = client.post_json("/v1/Order/Create", &body);
    assert_eq!(answer["isSuccess"], false);
    assert!(answer["errorMsg"].as_str().unwrap().contains("idempotenceID"));
}

#[test]
fn scalars_can_be_strings() {
    let sandbox = with(|policies| policies.scalars = policy::Scalars::Text);
    let mut client = Client::new(&sandbox);
    let answer = client.post_json("/v1/Order/Create", &order(PDF));
    assert_eq!(answer["isSuccess"], "true");
    let id = answer["data"]["orderID"].as_str().unwrap();
    let data = client.get(&format!("/v1/Order/{id}")).json()["data"].clone();
    assert_eq!((&data["isPay"], &data["isCSRSubmited"]), (&json!("1"), &json!("true")));
}

#[test]
fn the_printed_example_is_read_if_the_policy_says_so() {
    let printed = fixture!("create_request.json").replace("\\n", " \r\n");
    let strict = sandbox();
    assert_eq!(Client::new(&strict).post("/v1/Order/Create", printed.as_bytes()).status, 400);
    let lenient = with(|policies| policies.raw_newlines = policy::RawNewlines::Accept);
    let answer = Client::new(&lenient).post("/v1/Order/Create", printed.as_bytes());
    assert_eq!(answer.json()["isSuccess"], true);
}
