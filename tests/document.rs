//! The service document's examples: the requests are sent exactly so, the responses are read.

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::Server;
use wotrus::{
    Document, DocumentType, Kind, OrderRequest, OrderStatus, PaymentStatus, ReissueRequest,
    RevokeRequest, product,
};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/", $name))
    };
}

const CSR: &str = fixture!("example.csr");
const ID: &str = "644A3E60-F1AA-4E25-821A-ACFBC462BC37";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn names(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// The order of the document's example, set field by field.
fn document_order() -> OrderRequest {
    let mut order =
        OrderRequest::new(product::PDF_SIGNING, "沃通电子认证服务有限公司", 12, "刘大强");
    order.info.csr_rsa = Some(CSR.to_owned());
    order.info.idempotence_id = Some(String::new());
    let empty = || Some(String::new());
    let organization = &mut order.organization;
    organization.business_category = empty();
    organization.org_phone = Some("18610077459".into());
    organization.org_email = Some("ldq@wotrus.com".into());
    organization.user_first_name = Some("大强".into());
    organization.user_last_name = Some("刘".into());
    organization.user_email = Some("ldq@wotrus.com ".into());
    organization.user_mobile = Some("18610077459".into());
    organization.id_card_no = Some("".into());
    organization.country_code = Some("CN".into());
    organization.state = empty();
    organization.city = empty();
    organization.street = empty();
    organization.zip = empty();
    organization.business_license = empty();
    order
}

#[test]
fn create_order_sends_the_example() {
    let server =
        Server::answering([fixture!("create_response.json"), fixture!("create_response.json")]);
    let client = server.client();
    client.create_order(&document_order()).unwrap();
    let from_json = OrderRequest::from_json(fixture!("create_request.json")).unwrap();
    let created = client.create_order(&from_json).unwrap();
    assert_eq!(created.value().order_id.as_deref(), Some(ID));
    assert_eq!(
        created.value().order_id_rsa.as_deref(),
        Some("89CB4BF6-3E53-4B49-9AB9-92D578144260")
    );
    assert_eq!(created.value().id(), ID);

    let mut expected = json(fixture!("create_request.json"));
    // An empty idempotenceID and a null field are not sent.
    expected["orderinfoPost"].as_object_mut().unwrap().remove("idempotenceID");
    expected["organizationPost"].as_object_mut().unwrap().remove("OtherName");
    for seen in server.seen() {
        assert_eq!(seen.line, "POST /v1/Order/Create HTTP/1.1");
        assert_eq!(seen.header("WoTrusToken"), Some(support::TOKEN));
        assert_eq!(seen.header("Content-Type"), Some("application/json"));
        assert_eq!(json(&seen.body), expected);
    }
}

#[test]
fn every_field_is_sent_under_its_documented_name() {
    let mut order = document_order();
    order.info.idempotence_id = Some("4711".into());
    order.info.ukey_password = Some("12345678".into());
    order.info.ukey_ship_address = Some("深圳".into());
    order.organization.other_name = Some("WoTrus".into());
    order.add_document(
        DocumentType::BusinessLicence,
        Document::from_bytes(*b"\x01\x02\x03", ".pdf").unwrap(),
    );
    order.add_document(DocumentType::Other(9), Document::from_bytes(*b"\xff", ".jpeg").unwrap());
    order.set_json("orderinfoPost.Hosts", r#"["a.example"]"#).unwrap();
    let server = Server::answering([fixture!("create_response.json")]);
    server.client().create_order(&order).unwrap();

    let sent = json(&server.seen()[0].body);
    let example = json(fixture!("create_request.json"));
    assert_eq!(names(&sent), names(&example));
    assert_eq!(names(&sent["organizationPost"]), names(&example["organizationPost"]));
    let mut info = names(&example["orderinfoPost"]);
    info.extend(["uKeyPassword", "uKeyShipAddress", "Hosts"]);
    assert_eq!(names(&sent["orderinfoPost"]), info);
    assert_eq!(sent["orderinfoPost"]["month"], 12);
    assert_eq!(
        sent["documentsPost"],
        json(
            r#"[{"documentType":2,"fileType":".pdf","fileContent":"AQID"},
                {"documentType":9,"fileType":".jpg","fileContent":"/w=="}]"#
        )
    );
}

#[test]
fn fields_are_set_by_name_ignoring_case() {
    let mut order = OrderRequest::default();
    for (name, value) in [
        ("productid", product::PDF_SIGNING),
        ("COMMONNAME", "沃通"),
        ("Month", "24"),
        ("orgname", "刘大强"),
        ("organizationPost.idcardno", "440301"),
        ("orderinfoPost.Csr_Sign", "x"),
    ] {
        order.set(name, value).unwrap();
    }
    assert_eq!(order.info.month, 24);
    assert_eq!(order.organization.id_card_no.as_ref().unwrap().expose(), "440301");
    for (name, value) in [("month", "twelve"), ("nonsense", "x"), ("documentsPost.x", "y")] {
        assert_eq!(order.set(name, value).unwrap_err().kind(), Kind::Argument, "{name}");
    }
    let preview = order.preview().unwrap();
    assert!(preview.contains(r#""Csr_Sign":"x""#) && preview.contains(r#""IDCardNO":"***""#));
    assert!(!preview.contains("440301"));
}

#[test]
fn query_order_reads_the_example() {
    let server = Server::answering([fixture!("query_response.json")]);
    let order = server.client().query_order(" a4a78326-0546-4602-9586-8ee3c05e8068 ").unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "GET /v1/Order/a4a78326-0546-4602-9586-8ee3c05e8068 HTTP/1.1");
    assert_eq!(seen.header("RequestID"), Some(order.reply().request_id()));
    assert_eq!(order.value().id, "a4a78326-0546-4602-9586-8ee3c05e8068");
    assert_eq!(order.value().product_name.as_deref(), Some("超快 SSL V1"));
    assert_eq!(order.value().common_name.as_deref(), Some("fyt.amazingboy.cn"));
    assert_eq!(order.value().duration, Some(12));
    assert_eq!(order.value().create_time.as_deref(), Some("2020-03-31T14:27:42.286+08:00"));
    assert_eq!(order.value().is_csr_submitted, Some(true));
    assert_eq!(order.value().is_sn_verified, Some(false));
    assert_eq!(order.value().status, OrderStatus::PendingAutoIssue);
    assert_eq!(order.value().is_pay, PaymentStatus::Paid);
    assert!(
        order
            .value()
            .pending_link
            .as_ref()
            .unwrap()
            .expose()
            .starts_with("https://buy.wosign.com/")
    );
    let organization = order.value().organization.as_ref().unwrap();
    assert_eq!(organization.org_name.as_deref(), Some("xxxx有限公司"));
    assert_eq!(organization.user_mobile, None);
    assert_eq!(organization.status.as_deref(), Some("pending"));
    let data = json(fixture!("query_response.json"))["data"].clone();
    for name in names(&data) {
        assert!(order.reply().get(name).is_some(), "{name} has no value by path");
    }
    assert!(!format!("{order:?}").contains("buy.wosign.com"), "the link is in Debug");
}

#[test]
fn retrieve_certificate_reads_the_example() {
    let server = Server::answering([fixture!("retrieve_response.json")]);
    let certificates = server.client().retrieve_certificate(ID).unwrap();
    assert_eq!(
        server.seen()[0].line,
        format!("GET /v1/Certificate/RetrievePem?orderID={ID} HTTP/1.1")
    );
    assert_eq!(
        certificates.value().iter().map(|(name, _)| name).collect::<Vec<_>>(),
        ["RSA", "Sign", "Encrypt"]
    );
    assert_eq!(certificates.value().rsa.as_ref().unwrap().chain()[2], "中级根公钥");
}

#[test]
fn cancel_order_and_notify_by_email_send_the_examples_and_read_the_refusals() {
    let server =
        Server::answering([fixture!("cancel_response.json"), fixture!("email_response.json")]);
    let client = server.client();
    let id = "A30B3F256-9D2D-43C5-ABCB-017AA9D3CB6D ";
    let error = client.cancel_order(id, "域名填写错误").unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert_eq!(error.service_message(), Some("证书已签发"));
    assert_eq!(error.delivery(), wotrus::Delivery::Answered);
    let url = "https://console.aliyun.com/ssl/order/exiud34";
    let error = client.notify_by_email(id, url).unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);

    let trimmed = |text: &str| {
        let mut value = json(text);
        value["orderID"] = value["orderID"].as_str().unwrap().trim().into();
        value
    };
    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /v1/Order/Cancel HTTP/1.1");
    assert_eq!(json(&seen[0].body), trimmed(fixture!("cancel_request.json")));
    assert_eq!(seen[1].line, "POST /v1/Notification/email HTTP/1.1");
    assert_eq!(json(&seen[1].body), trimmed(fixture!("email_request.json")));
}

#[test]
fn revoke_certificate_sends_the_example() {
    let server = Server::answering([fixture!("revoke_response.json")]);
    let request = RevokeRequest::from_json(fixture!("revoke_request.json")).unwrap();
    let revocation = server.client().revoke_certificate(&request).unwrap();
    assert_eq!(revocation.value().revoke_status.as_deref(), Some("pendingAudit"));
    assert!(!revocation.value().revoked);
    assert_eq!(revocation.reply().service_message().as_deref(), Some("申请吊销成功"));
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "POST /v1/Certificate/RevokeRequest HTTP/1.1");
    assert_eq!(json(&seen.body), json(fixture!("revoke_request.json")));
}

#[test]
fn reissue_certificate_sends_the_example() {
    let server = Server::answering([fixture!("reissue_response.json")]);
    let mut example = json(fixture!("reissue_request.json"));
    // The example has placeholders for the CSRs; they are replaced by valid ones.
    let refused = ReissueRequest::from_json(fixture!("reissue_request.json")).unwrap();
    let error = server.client().reissue_certificate(&refused).unwrap_err();
    assert_eq!(error.field(), Some("csr"));
    example["csr"] = CSR.into();
    example["csR_Encrypt"] = CSR.into();
    let request = ReissueRequest::from_json(example.to_string()).unwrap();
    let reissued = server.client().reissue_certificate(&request).unwrap();
    assert_eq!(reissued.value().new_order_id, ID);
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "POST /v1/Certificate/ReissueRequest HTTP/1.1");
    assert_eq!(json(&seen.body), example);
}

#[test]
fn numbers_and_booleans_as_strings_and_names_in_any_case_are_read() {
    let server = Server::answering([
        "\u{feff}{\"IsSuccess\":\"true\",\"Data\":{\"ID\":7,\"Status\":\"ISSUED\",\"ispay\":\"9\",\
         \"duration\":\"25\",\"includeRSA\":\"1\",\"status\":\"brandNew\",\"x\":{\"y\":[1,2]}}}",
    ]);
    let order = server.client().query_order("7").unwrap();
    assert_eq!(order.value().id, "7");
    assert_eq!(
        order.value().status,
        OrderStatus::Other("brandNew".into()),
        "the exact name has priority"
    );
    assert_eq!(order.value().is_pay, PaymentStatus::Other("9".into()));
    assert_eq!((order.value().duration, order.value().include_rsa), (Some(25), Some(true)));
    assert_eq!(order.reply().get("x.y.1").as_deref(), Some("2"));
}
