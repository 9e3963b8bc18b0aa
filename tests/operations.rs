//! Every operation and every order state, against the simulated service over TLS.

use std::io::Write;
use std::time::Duration;

use tempfile::NamedTempFile;
use wotrus::{
    Cause, Client, ClientBuilder, Delivery, Document, DocumentType, Kind, OrderRequest,
    OrderStatus, PaymentStatus, ReissueRequest, RevokeRequest, WaitOptions, product,
};
use wotrus_sandbox::{Config, Sandbox};

const CSR: &str = include_str!("fixtures/example.csr");
const ECC_CSR: &str = include_str!("fixtures/ecc.csr");
const DV_SSL: &str = "30B3F256-9D2D-43C5-ABCB-017AA9D3CB6D";
const OV_SSL: &str = "B0C0A6F2-0D5B-4C39-9E0B-6A1C5D3E7F01";
const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";

/// The service and its CA file.
struct Service {
    sandbox: Sandbox,
    ca: NamedTempFile,
}

impl Service {
    fn start(config: Config) -> Self {
        let sandbox = Sandbox::start(config).unwrap();
        let mut ca = NamedTempFile::new().unwrap();
        ca.write_all(sandbox.tls_ca_pem().as_bytes()).unwrap();
        Self { sandbox, ca }
    }

    /// Every step is immediate.
    fn immediate() -> Self {
        Self::start(Config::immediate())
    }

    /// No step ends during the test.
    fn stuck() -> Self {
        Self::start(Config::default().with_delays(Duration::from_secs(3600)))
    }

    fn with_policy(mut config: Config, policies: &[(&str, &str)]) -> Self {
        for (name, value) in policies {
            config.policies.set(name, value).unwrap();
        }
        Self::start(config)
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder().base_url(self.sandbox.https_url()).token(self.sandbox.token())
    }

    fn client(&self) -> Client {
        self.builder().ca_file(self.ca.path()).build().unwrap()
    }
}

fn order(product_id: &str) -> OrderRequest {
    let mut order = OrderRequest::new(product_id, "沃通电子认证服务有限公司", 12, "刘大强");
    order.info.csr_rsa = Some(CSR.to_owned());
    order.organization.country_code = Some("CN".into());
    order
}

fn quick() -> WaitOptions {
    let pause = Duration::from_millis(5);
    WaitOptions::new().timeout(Duration::from_secs(60)).pauses(pause, pause)
}

#[test]
fn every_product_is_ordered_and_issued() {
    let service = Service::immediate();
    let client = service.client();
    for (product_id, csr) in [
        (product::PDF_SIGNING, CSR),
        (product::ORGANIZATION_DOCUMENT_SIGNING, CSR),
        (product::PERSONAL_DOCUMENT_SIGNING, ECC_CSR),
        (DV_SSL, ECC_CSR),
        (OV_SSL, CSR),
    ] {
        let mut request = order(product_id);
        request.info.common_name = "fyt.amazingboy.cn".into();
        request.info.csr_rsa = Some(csr.to_owned());
        let created = client.create_order(&request).unwrap();
        let certificates = client.wait_for_certificate(created.value().id(), &quick()).unwrap();
        let rsa = certificates.value().rsa.as_ref().unwrap();
        assert!(rsa.matches_csr(csr).unwrap(), "{product_id}: the certificate has another key");
        let other = if csr == CSR { ECC_CSR } else { CSR };
        assert!(!rsa.matches_csr(other).unwrap());
        assert_eq!(rsa.root().unwrap().unwrap(), service.sandbox.root_pem());
        assert_eq!(rsa.intermediates().unwrap(), service.sandbox.intermediate_pem());
        assert_eq!(rsa.full_chain().unwrap(), rsa.leaf().unwrap() + &rsa.intermediates().unwrap());
        assert!(
            rsa.chain()[0].contains(service.sandbox.root_pem().trim()),
            "the chain begins with the root"
        );
        let order = client.query_order(created.value().id()).unwrap();
        assert_eq!(order.value().status, OrderStatus::Issued);
    }
}

#[test]
fn order_with_every_part() {
    let service = Service::stuck();
    let client = service.client();
    let mut request = order(product::ORGANIZATION_DOCUMENT_SIGNING);
    request.info.month = 25;
    request.organization.id_card_no = Some("440301199001011234".into());
    request.organization.user_mobile = Some("18610077459".into());
    request.organization.user_first_name = Some("大强".into());
    let licence = Document::from_bytes(b"%PDF-1.4 licence".repeat(200_000), ".pdf").unwrap();
    assert!(licence.size() > 3_000_000, "large enough for Expect: 100-continue");
    request.add_document(DocumentType::BusinessLicence, licence);
    let created = client.create_order(&request).unwrap();
    let order = client.query_order(created.value().id()).unwrap();
    assert_eq!(order.value().id, created.value().id());
    assert_eq!(order.value().common_name.as_deref(), Some("沃通电子认证服务有限公司"));
    assert_eq!(order.value().duration, Some(25));
    assert_eq!(order.value().is_pay, PaymentStatus::Paid);
    assert_eq!(order.value().is_csr_submitted, Some(true));
    assert_eq!(order.value().is_uploaded_pic, Some(true));
    assert!(order.value().pending_link.is_some());
    let organization = order.value().organization.as_ref().unwrap();
    assert_eq!(organization.org_name.as_deref(), Some("刘大强"));
    assert_eq!(organization.user_first_name.as_deref(), Some("大强"));
    assert_eq!(organization.user_mobile.as_ref().unwrap().expose(), "18610077459");
    assert_eq!(organization.id_card_number.as_ref().unwrap().expose(), "440301199001011234");
    let shown = format!("{order:?} {:?} {request:?}", order.reply());
    assert!(!shown.contains("18610077459") && !shown.contains("440301199001011234"), "{shown}");
}

#[test]
fn same_idempotence_id_gives_the_same_order() {
    let service = Service::immediate();
    let client = service.client();
    let mut request = order(product::PDF_SIGNING);
    request.info.idempotence_id = Some("db-42".into());
    let first = client.create_order(&request).unwrap();
    let again = client.create_order(&request).unwrap();
    assert_eq!(first.value().id(), again.value().id());
    request.info.common_name = "other".into();
    let error = client.create_order(&request).unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (Kind::Refused, Delivery::Answered));
    assert!(error.service_message().is_some(), "{error}");
    // An empty idempotenceID counts as none, so there are two orders.
    request.info.idempotence_id = Some(String::new());
    let one = client.create_order(&request).unwrap();
    let two = client.create_order(&request).unwrap();
    assert_ne!(one.value().id(), two.value().id());
}

#[test]
fn ssl_orders_have_the_documented_states() {
    let service = Service::with_policy(
        Config::immediate(),
        &[("review", "manual"), ("domain_validation", "manual")],
    );
    let client = service.client();
    let status = |product_id: &str| {
        let mut request = order(product_id);
        request.info.common_name = "fyt.amazingboy.cn".into();
        let created = client.create_order(&request).unwrap();
        client.query_order(created.value().id()).unwrap().into_inner().status
    };
    assert_eq!(status(OV_SSL), OrderStatus::PendingSubmitOrderToCa);
    assert_eq!(status(DV_SSL), OrderStatus::PendingDcv);

    let service = Service::immediate();
    let client = service.client();
    let mut request = order(DV_SSL);
    request.info.common_name = "fyt.amazingboy.cn".into();
    let id = client.create_order(&request).unwrap().value().id().to_owned();
    assert_eq!(client.query_order(&id).unwrap().value().status, OrderStatus::PendingCaIssued);
    client.retrieve_certificate(&id).unwrap();
    assert_eq!(client.query_order(&id).unwrap().value().status, OrderStatus::Issued);
}

#[test]
fn every_form_of_a_missing_certificate_is_not_ready() {
    for policy in ["refuse", "result", "null"] {
        let config = Config::default().with_delays(Duration::from_secs(3600));
        let service = Service::with_policy(config, &[("not_issued", policy)]);
        let client = service.client();
        let created = client.create_order(&order(product::PDF_SIGNING)).unwrap();
        let error = client.retrieve_certificate(created.value().id()).unwrap_err();
        assert_eq!((error.kind(), error.cause()), (Kind::NotReady, Cause::NotIssued), "{policy}");
        let wait = quick().timeout(Duration::from_millis(50));
        let error = client.wait_for_certificate(created.value().id(), &wait).unwrap_err();
        assert_eq!(error.kind(), Kind::NotReady);
    }
    for policy in ["null", "empty", "absent"] {
        let service = Service::with_policy(
            Config::immediate(),
            &[("absent_certificates", policy), ("scalars", "text")],
        );
        let client = service.client();
        let created = client.create_order(&order(product::PDF_SIGNING)).unwrap();
        let certificates = client.wait_for_certificate(created.value().id(), &quick()).unwrap();
        assert_eq!(certificates.value().iter().map(|(name, _)| name).collect::<Vec<_>>(), ["RSA"]);
    }
}

#[test]
fn order_id_is_read_from_either_field() {
    for field in ["orderID", "orderID_RSA"] {
        let service = Service::with_policy(Config::immediate(), &[("order_id_field", field)]);
        let client = service.client();
        let created = client.create_order(&order(product::PDF_SIGNING)).unwrap();
        assert!(client.query_order(created.value().id()).is_ok());
    }
}

#[test]
fn cancel_order_is_refused_after_issuance() {
    let service = Service::stuck();
    let client = service.client();
    let created = client.create_order(&order(product::PDF_SIGNING)).unwrap();
    client.cancel_order(created.value().id(), "域名填写错误").unwrap();
    assert_eq!(
        client.query_order(created.value().id()).unwrap().value().status,
        OrderStatus::Closed
    );
    let error = client.wait_for_certificate(created.value().id(), &quick()).unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::Refused, Cause::Ended));

    let service = Service::immediate();
    let client = service.client();
    let created = client.create_order(&order(product::PDF_SIGNING)).unwrap();
    client.wait_for_certificate(created.value().id(), &quick()).unwrap();
    let error = client.cancel_order(created.value().id(), "不需要了").unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert_eq!(error.service_message(), Some("证书已签发"));
}

#[test]
fn revocation_is_pending_until_audited() {
    let config = Config {
        review_delay: Duration::ZERO,
        validation_delay: Duration::ZERO,
        issue_delay: Duration::ZERO,
        revocation_delay: Duration::from_millis(100),
        ..Config::default()
    };
    let service = Service::start(config);
    let client = service.client();
    let created = client.create_order(&order(product::PDF_SIGNING)).unwrap();
    client.wait_for_certificate(created.value().id(), &quick()).unwrap();
    let proof = Document::from_bytes(*b"\xff\xd8\xff proof", ".jpg").unwrap();
    let request = RevokeRequest::new(created.value().id(), "私钥泄露", proof);
    let revocation = client.revoke_certificate(&request).unwrap();
    assert_eq!(revocation.value().revoke_status.as_deref(), Some("pendingAudit"));
    assert!(!revocation.value().revoked);
    let mut seen = Vec::new();
    while seen.last() != Some(&OrderStatus::Revoked) {
        let status = client.query_order(created.value().id()).unwrap().into_inner().status;
        assert!(matches!(status, OrderStatus::PendingRevoke | OrderStatus::Revoked), "{status}");
        seen.push(status);
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn reissue_creates_an_order_with_the_new_key() {
    let service = Service::immediate();
    let client = service.client();
    let created = client.create_order(&order(product::ORGANIZATION_DOCUMENT_SIGNING)).unwrap();
    client.wait_for_certificate(created.value().id(), &quick()).unwrap();
    let mut request = ReissueRequest::new(created.value().id(), ECC_CSR, "私钥泄露");
    request.idempotence_id = Some("reissue-1".into());
    request.proof = Some(Document::from_bytes(*b"GIF89a", ".gif").unwrap());
    let reissued = client.reissue_certificate(&request).unwrap();
    assert_ne!(reissued.value().new_order_id, created.value().id());
    assert_eq!(
        client.reissue_certificate(&request).unwrap().value().new_order_id,
        reissued.value().new_order_id
    );
    let certificates =
        client.wait_for_certificate(&reissued.value().new_order_id, &quick()).unwrap();
    assert!(certificates.value().rsa.as_ref().unwrap().matches_csr(ECC_CSR).unwrap());
}

#[test]
fn notify_by_email_is_refused_before_issuance() {
    let service = Service::stuck();
    let client = service.client();
    let created = client.create_order(&order(product::PDF_SIGNING)).unwrap();
    let url = "https://reseller.example/collect/1";
    let error = client.notify_by_email(created.value().id(), url).unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (Kind::Refused, Delivery::Answered));

    let service = Service::immediate();
    let client = service.client();
    let created = client.create_order(&order(product::PDF_SIGNING)).unwrap();
    client.wait_for_certificate(created.value().id(), &quick()).unwrap();
    client.notify_by_email(created.value().id(), url).unwrap();
}

#[test]
fn other_endpoints_can_be_called() {
    let service = Service::immediate();
    let client = service.client();
    let json = include_str!("fixtures/create_request.json");
    let reply = client.call("POST /v1/Order/Create", Some(json)).unwrap();
    let id = reply.get("orderID").unwrap();
    let reply = client.call(&format!("GET /v1/Order/{id}"), None).unwrap();
    assert_eq!(reply.get("org.orgName").as_deref(), Some("刘大强"));
    for (endpoint, body) in [
        ("PUT /v1/x", None),
        ("/v1/x", None),
        ("GET /v1/x", Some("{}")),
        ("POST /v1/x", Some("{")),
        ("POST v1/x", None),
    ] {
        assert_eq!(client.call(endpoint, body).unwrap_err().kind(), Kind::Argument, "{endpoint}");
    }
}

#[test]
fn refusals_have_the_service_message() {
    let service = Service::immediate();
    let client = service.client();
    let error = client.query_order(UNKNOWN).unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::Refused, Cause::Refused));
    assert!(error.service_message().is_some());
    assert_eq!(client.retrieve_certificate(UNKNOWN).unwrap_err().kind(), Kind::Refused);
    let mut request = order("no-guid");
    assert_eq!(client.create_order(&request).unwrap_err().kind(), Kind::Refused);
    request.info.month = 11;
    let error = client.create_order(&request).unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (Kind::Argument, 0));

    let unauthorized =
        service.builder().token("tk_wrong").ca_file(service.ca.path()).build().unwrap();
    for policy in ["html", "json", "empty"] {
        let service = Service::with_policy(Config::immediate(), &[("unauthorized", policy)]);
        let unauthorized = service.builder().token("tk_wrong").ca_file(service.ca.path()).build();
        let error = unauthorized.unwrap().query_order(UNKNOWN).unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (Kind::Auth, Some(401)), "{policy}");
    }
    assert_eq!(unauthorized.create_order(&order(DV_SSL)).unwrap_err().kind(), Kind::Auth);
}

#[test]
fn untrusted_service_receives_no_request() {
    let service = Service::immediate();
    // Neither the built-in roots nor the CA of another sandbox match.
    let other = Service::immediate();
    let builders = [service.builder(), service.builder().ca_file(other.ca.path()).retries(2)];
    for builder in builders {
        let error = builder.build().unwrap().create_order(&order(DV_SSL)).unwrap_err();
        assert_eq!((error.kind(), error.cause()), (Kind::Network, Cause::Tls), "{error}");
        assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 1));
        assert!(error.message().contains("ca_file"), "{error}");
    }
    // TLS to a port that expects plain HTTP.
    let plain = service.sandbox.http_url().replace("http://", "https://");
    let client = Client::builder().token("tk_x").base_url(plain).build().unwrap();
    let error = client.query_order("A1").unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::Network, Cause::Tls), "{error}");
}

#[test]
fn plain_http_works_on_loopback() {
    let service = Service::immediate();
    let builder = service.builder().base_url(service.sandbox.http_url());
    let client = builder.build().unwrap();
    let created = client.create_order(&order(product::PDF_SIGNING)).unwrap();
    assert!(client.wait_for_certificate(created.value().id(), &quick()).is_ok());
}
