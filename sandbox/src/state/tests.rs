use serde_json::{Value, json};

use super::*;
use crate::policy::*;
use crate::request;
use crate::request::fields::Fields;
use crate::state::operation::Retrieved;

const NOW: Millis = 1_760_000_000_000;
const PDF: &str = "76ECE651-B59E-48F2-A47B-135614AADAD9";
const DV: &str = "30B3F256-9D2D-43C5-ABCB-017AA9D3CB6D";
const OV: &str = "B0C0A6F2-0D5B-4C39-9E0B-6A1C5D3E7F01";
const SECTIGO: &str = "B0C0A6F2-0D5B-4C39-9E0B-6A1C5D3E7F02";
const CSR: &str = include_str!("../../tests/fixtures/example.csr");

fn state(policies: Policies) -> State {
    let delays = Delays { review: 10, validation: 20, issue: 30, revocation: 40 };
    State::new(delays, policies, Ca::generate(NOW).unwrap())
}

fn body(product: &str) -> Value {
    json!({
        "orderinfoPost": {"productID": product, "commonName": "fyt.amazingboy.cn", "csR_RSA": CSR, "month": 12},
        "organizationPost": {"OrgName": "沃通"},
        "documentsPost": [],
    })
}

fn create(state: &mut State, body: &Value, now: Millis) -> Result<String, Refusal> {
    let fields = Fields(body.as_object().unwrap());
    let create = request::body::Create::read(fields, &state.policies)?;
    state.advance(now);
    state.create(create, now)
}

fn ordered(state: &mut State, product: &str) -> String {
    create(state, &body(product), NOW).unwrap()
}

fn reissue(state: &mut State, id: &str, extra: &Value, now: Millis) -> Result<String, Refusal> {
    let mut body = json!({"orderID": id, "csr": CSR, "reason": "私钥泄露"});
    body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let fields = Fields(body.as_object().unwrap());
    let reissue = request::body::Reissue::read(fields, &state.policies)?;
    state.advance(now);
    state.reissue(reissue, now)
}

fn request_revocation(state: &mut State, id: &str, now: Millis) -> Result<&'static str, Refusal> {
    let body =
        json!({"orderID": id, "reason": "私钥泄露", "fileType": ".jpg", "fileContent": "AAAA"});
    let fields = Fields(body.as_object().unwrap());
    let revoke = request::body::Revoke::read(fields, &state.policies)?;
    state.advance(now);
    Ok(state.request_revocation(revoke, now)?.status)
}

fn history(state: &State, id: &str) -> Vec<(Millis, Status)> {
    state.orders[id].history.iter().map(|(at, status)| (at - NOW, *status)).collect()
}

fn retrieved(state: &mut State, id: &str, now: Millis) -> Result<bool, Refusal> {
    state.advance(now);
    Ok(matches!(state.retrieve(id, now)?, Retrieved::Certificate(_)))
}

fn message<T>(outcome: Result<T, Refusal>) -> String {
    outcome.err().unwrap().message().to_owned()
}

#[test]
fn each_step_of_a_signing_order_has_the_time_at_which_it_was_due() {
    let mut state = state(Policies::default());
    let id = ordered(&mut state, PDF);
    state.advance(NOW + 9);
    assert_eq!(state.orders[&id].status, Status::Pending);
    // The steps keep their own times, although both are taken late.
    state.advance(NOW + 1000);
    let steps = [(0, Status::Pending), (10, Status::PendingCaIssued), (40, Status::Issued)];
    assert_eq!(history(&state, &id), steps);
    assert!(state.timers.is_empty());
}

#[test]
fn ssl_orders_are_issued_by_a_retrieve() {
    for product in [DV, OV] {
        let mut state = state(Policies::default());
        let id = ordered(&mut state, product);
        assert_eq!(message(retrieved(&mut state, &id, NOW + 59)), "证书未签发");
        assert_eq!(state.orders[&id].status, Status::PendingCaIssued);
        state.advance(NOW + 5000);
        assert_eq!(
            state.orders[&id].status,
            Status::PendingCaIssued,
            "queries alone do not issue it"
        );
        assert!(retrieved(&mut state, &id, NOW + 5000).unwrap());
        let steps = [
            (0, Status::PendingSubmitOrderToCa),
            (10, Status::PendingDcv),
            (30, Status::PendingCaIssued),
            (5000, Status::Issued),
        ];
        assert_eq!(history(&state, &id), steps);
    }
}

#[test]
fn flows_follow_their_policies() {
    let auto = Policies { ssl_issue: SslIssue::Auto, ..Policies::default() };
    let mut ssl = state(auto);
    let id = ordered(&mut ssl, OV);
    ssl.advance(NOW + 60);
    assert_eq!(ssl.orders[&id].status, Status::Issued);

    let mut dv = state(Policies { dv_flow: DvFlow::AutoIssue, ..Policies::default() });
    let id = ordered(&mut dv, DV);
    dv.advance(NOW + 20);
    assert_eq!(history(&dv, &id), [(0, Status::PendingAutoIssue), (20, Status::Issued)]);

    let mut signing = state(Policies { signing_issue: SigningIssue::Retrieve, ..auto });
    let id = ordered(&mut signing, PDF);
    signing.advance(NOW + 1000);
    assert_eq!(signing.orders[&id].status, Status::PendingCaIssued);
    assert!(retrieved(&mut signing, &id, NOW + 1000).unwrap());

    let mut manual = state(Policies {
        review: Review::Manual,
        domain_validation: DomainValidation::Manual,
        ..Policies::default()
    });
    let (pdf, dv, ov) =
        (ordered(&mut manual, PDF), ordered(&mut manual, DV), ordered(&mut manual, OV));
    manual.advance(NOW + 1000);
    assert_eq!(manual.orders[&pdf].status, Status::Pending);
    assert_eq!(manual.orders[&dv].status, Status::PendingDcv);
    assert_eq!(manual.orders[&ov].status, Status::PendingSubmitOrderToCa);
}

#[test]
fn without_delays_an_order_is_issued_when_it_is_created() {
    let mut state = state(Policies::default());
    state.delays = Delays::default();
    let id = ordered(&mut state, PDF);
    assert_eq!(state.orders[&id].status, Status::Issued);
}

#[test]
fn a_missing_csr_follows_its_policy() {
    let without = |product: &str| {
        let mut body = body(product);
        body["orderinfoPost"]["csR_RSA"] = "".into();
        body
    };
    let mut ukey = state(Policies::default());
    let pdf = create(&mut ukey, &without(PDF), NOW).unwrap();
    let ssl = create(&mut ukey, &without(DV), NOW).unwrap();
    ukey.advance(NOW + 1000);
    assert_eq!(ukey.orders[&pdf].status, Status::Issued);
    assert_eq!(ukey.orders[&ssl].status, Status::PendingSubmitOrderToCa);

    let mut wait = state(Policies { missing_csr: MissingCsr::Wait, ..Policies::default() });
    let pdf = create(&mut wait, &without(PDF), NOW).unwrap();
    wait.advance(NOW + 1000);
    assert_eq!(wait.orders[&pdf].status, Status::Pending);

    let mut refuse = state(Policies { missing_csr: MissingCsr::Refuse, ..Policies::default() });
    assert_eq!(message(create(&mut refuse, &without(PDF), NOW)), "参数 csR_RSA 不能为空");
}

#[test]
fn orders_can_be_cancelled_until_they_are_issued() {
    let mut state = state(Policies::default());
    for (after, expected) in [(0, Ok(())), (10, Ok(())), (40, Err("证书已签发"))] {
        let id = ordered(&mut state, PDF);
        state.advance(NOW + after);
        assert_eq!(state.cancel(&id, NOW + after).unwrap(), expected);
        state.advance(NOW + 1000);
        let ended = if expected.is_ok() { Status::Closed } else { Status::Issued };
        assert_eq!(state.orders[&id].status, ended);
    }
    let id = ordered(&mut state, OV);
    assert_eq!(state.cancel(&format!(" {} ", id.to_lowercase()), NOW).unwrap(), Ok(()));
    assert_eq!(state.cancel(&id, NOW).unwrap(), Err("订单已关闭"));
    assert_eq!(message(retrieved(&mut state, &id, NOW + 5000)), "订单已关闭");
    assert_eq!(message(state.cancel("A30B3F256-9D2D-43C5-ABCB-017AA9D3CB6D ", NOW)), "订单不存在");
}

#[test]
fn a_revocation_is_reviewed() {
    let mut state = state(Policies::default());
    let id = ordered(&mut state, PDF);
    assert_eq!(message(request_revocation(&mut state, &id, NOW)), "证书未签发");
    assert_eq!(request_revocation(&mut state, &id, NOW + 100).unwrap(), "pendingAudit");
    assert_eq!(state.orders[&id].status, Status::PendingRevoke);
    assert_eq!(state.cancel(&id, NOW + 100).unwrap(), Err("证书已签发"));
    assert!(state.notify(&id).unwrap());
    assert_eq!(message(request_revocation(&mut state, &id, NOW + 100)), "吊销申请正在审核");
    state.advance(NOW + 140);
    assert_eq!(state.orders[&id].status, Status::Revoked);
    assert_eq!(state.orders[&id].certificate.as_ref().unwrap().revoked, Some(NOW + 140));
    assert_eq!(message(request_revocation(&mut state, &id, NOW + 140)), "证书已吊销");
    assert_eq!(state.cancel(&id, NOW + 140).unwrap(), Err("证书已吊销"));
    assert!(!state.notify(&id).unwrap());
    assert!(retrieved(&mut state, &id, NOW + 140).unwrap());
    state.policies.retrieve_revoked = RetrieveRevoked::Refuse;
    assert_eq!(message(retrieved(&mut state, &id, NOW + 140)), "证书已吊销");
}

#[test]
fn revocation_follows_its_policy() {
    let policies = |revocation| Policies { revocation, ..Policies::default() };
    let mut manual = state(policies(Revocation::Manual));
    let id = ordered(&mut manual, PDF);
    assert_eq!(request_revocation(&mut manual, &id, NOW + 100).unwrap(), "pendingAudit");
    manual.advance(NOW + 10_000);
    assert_eq!(manual.orders[&id].status, Status::PendingRevoke);

    let mut immediate = state(policies(Revocation::Immediate));
    let id = ordered(&mut immediate, PDF);
    assert_eq!(request_revocation(&mut immediate, &id, NOW + 100).unwrap(), "revoked");
    assert_eq!(immediate.orders[&id].status, Status::Revoked);
}

#[test]
fn a_reissue_is_a_new_order_with_the_same_end_of_validity() {
    for (policy, product, old_status) in [
        (Reissue::ByProduct, PDF, Status::Issued),
        (Reissue::ByProduct, SECTIGO, Status::Revoked),
        (Reissue::Revoke, PDF, Status::Revoked),
        (Reissue::Keep, SECTIGO, Status::Issued),
    ] {
        let mut state =
            state(Policies { reissue: policy, ssl_issue: SslIssue::Auto, ..Policies::default() });
        let old = ordered(&mut state, product);
        let proof = json!({"fileType": ".pdf", "fileContent": "AAAA"});
        assert_eq!(message(reissue(&mut state, &old, &proof, NOW)), "证书未签发");
        let new = reissue(&mut state, &old, &proof, NOW + 86_400_000).unwrap();
        assert_ne!(new, old);
        assert_eq!(state.orders[&old].status, Status::Issued);
        state.advance(NOW + 86_400_000 + 1000);
        assert_eq!(state.orders[&new].status, Status::Issued);
        assert_eq!(state.orders[&old].status, old_status);
        let until = |id| state.orders[id].certificate.as_ref().unwrap().until;
        assert_eq!(until(&new), until(&old));
    }
}

#[test]
fn only_sectigo_and_sm2_reissues_need_the_proof() {
    let mut state = state(Policies { ssl_issue: SslIssue::Auto, ..Policies::default() });
    let (sectigo, pdf) = (ordered(&mut state, SECTIGO), ordered(&mut state, PDF));
    assert_eq!(
        message(reissue(&mut state, &sectigo, &json!({}), NOW + 100)),
        "参数 fileContent 不能为空"
    );
    assert!(
        reissue(&mut state, &pdf, &json!({"fileType": "", "fileContent": null}), NOW + 100).is_ok()
    );
}

#[test]
fn a_repeated_idempotence_id_creates_one_order() {
    let mut state = state(Policies::default());
    let mut body = body(PDF);
    body["orderinfoPost"]["idempotenceID"] = "42".into();
    let first = create(&mut state, &body, NOW).unwrap();
    assert_eq!(create(&mut state, &body, NOW + 5).unwrap(), first);
    let mut other = body.clone();
    other["orderinfoPost"]["month"] = 24.into();
    assert_eq!(message(create(&mut state, &other, NOW + 5)), "idempotenceID 已用于其他内容的订单");
    // A reissue may have its order's idempotenceID, and can be repeated after the order is revoked.
    let key = json!({"idempotenceID": "42"});
    state.policies.reissue = Reissue::Revoke;
    let new = reissue(&mut state, &first, &key, NOW + 100).unwrap();
    state.advance(NOW + 1000);
    assert_eq!(state.orders[&first].status, Status::Revoked);
    assert_eq!(reissue(&mut state, &first, &key, NOW + 1000).unwrap(), new);
    assert_eq!(state.orders.len(), 2);

    body["orderinfoPost"]["idempotenceID"] = " ".into();
    assert_ne!(create(&mut state, &body, NOW), create(&mut state, &body, NOW));

    other["orderinfoPost"]["idempotenceID"] = "42".into();
    state.policies.idempotence_conflict = IdempotenceConflict::Same;
    assert_eq!(create(&mut state, &other, NOW + 5).unwrap(), first);
    state.policies.idempotence = Idempotence::Refuse;
    body["orderinfoPost"]["idempotenceID"] = "42".into();
    assert_eq!(message(create(&mut state, &body, NOW)), "idempotenceID 已存在");
}

#[test]
fn order_numbers_never_repeat() {
    let mut state = state(Policies::default());
    let first = state.next_number(NOW);
    assert_eq!(first, crate::time::order_number(NOW));
    assert_eq!(state.next_number(NOW), first + 1);
    assert_eq!(state.next_number(NOW - 1000), first + 2);
}

#[test]
fn an_order_with_an_unusable_key_is_rejected() {
    let mut state = state(Policies::default());
    let id = ordered(&mut state, PDF);
    state.orders.get_mut(&id).unwrap().csr = Some(Csr { public_key: b"no key".to_vec() });
    state.advance(NOW + 1000);
    assert_eq!(state.orders[&id].status, Status::Rejected);
    assert_eq!(message(retrieved(&mut state, &id, NOW + 1000)), "订单已被拒绝");
    assert_eq!(state.cancel(&id, NOW).unwrap(), Err("订单已被拒绝"));
}

#[test]
fn an_ssl_order_names_its_hosts_or_is_refused() {
    let mut state = state(Policies::default());
    let mut names = |common_name: &str, hosts: serde_json::Value| {
        let mut body = body(OV);
        body["orderinfoPost"]["commonName"] = common_name.into();
        body["orderinfoPost"]["Hosts"] = hosts;
        let id = create(&mut state, &body, NOW)?;
        Ok::<_, Refusal>(state.orders[&id].terms.host_names())
    };
    assert_eq!(names("例子.中国", "".into()).unwrap(), ["xn--fsqu00a.xn--fiqs8s"]);
    let hosts = "*.例子.中国，A.CN;a.cn ::1";
    let all = ["*.xn--fsqu00a.xn--fiqs8s", "a.cn", "::1"];
    assert_eq!(names("沃通电子认证服务有限公司", hosts.into()).unwrap(), all);
    let list = serde_json::json!(["a.cn", "b.cn"]);
    assert_eq!(names("沃通", list).unwrap(), ["a.cn", "b.cn"]);
    for wrong in ["a.cn,b", "http://a.cn", "-a.cn", "1.2.3"] {
        let refused = names("a.cn", wrong.into()).unwrap_err();
        assert!(refused.message().contains("Hosts"), "{wrong}: {}", refused.message());
    }
    for hostless in ["沃通电子认证服务有限公司", "localhost", "中国"] {
        assert!(names(hostless, "".into()).unwrap_err().message().contains("域名"), "{hostless}");
    }
    // Its A-label is longer than a common name may be.
    let long = format!("{}中国", "例子.".repeat(8));
    assert!(names(&long, "".into()).unwrap_err().message().contains("64"));
    state.policies.hostless_ssl = HostlessSsl::Issue;
    assert!(
        create(
            &mut state,
            &{
                let mut body = body(OV);
                body["orderinfoPost"]["commonName"] = "沃通".into();
                body
            },
            NOW
        )
        .is_ok()
    );
}
