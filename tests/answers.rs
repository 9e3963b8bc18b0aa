//! What is read from answers that deviate from the document's form.

mod support;

use support::{Act, Server, TOKEN};
use wotrus::{
    Cause, Delivery, Document, Error, Kind, OrderRequest, ReissueRequest, RevokeRequest, Secret,
    Warning,
};

const ZERO: &str = "00000000-0000-0000-0000-000000000000";
const CSR: &str = include_str!("fixtures/example.csr");

fn order() -> OrderRequest {
    let mut order = OrderRequest::new("p", "c", 12, "o");
    order.info.ukey_password = Some(Secret::new("uk+/88888888"));
    order.organization.user_mobile = Some(Secret::new("18610077459"));
    order.organization.id_card_no = Some(Secret::new("11010519491231002x"));
    order
}

fn create(body: &str) -> Result<String, Error> {
    let created = Server::answering([body]).client().create_order(&order());
    created.map(|created| created.value().id().to_owned())
}

fn success(data: &str) -> String {
    format!(r#"{{"isSuccess":true,"errorMsg":"","data":{data}}}"#)
}

#[test]
fn an_id_of_zeros_or_with_a_control_character_leaves_a_create_unknown() {
    let braces = ZERO.replace('-', "").replace("00000000000000000000000000000000", "{0000}");
    for data in [
        format!(r#"{{"orderID":"{ZERO}","orderID_RSA":"{ZERO}"}}"#),
        format!(r#"{{"ORDERID":" {ZERO} ","orderID_RSA":null}}"#),
        format!(r#"{{"orderID":"{braces}"}}"#),
        r#"{"orderID":"A1\u001b[2J"}"#.to_owned(),
        r#"{"orderID":["A1"]}"#.to_owned(),
        r#""{\"orderID\":\"A1\"}""#.to_owned(),
        r#""\ud800""#.to_owned(),
        "[]".to_owned(),
        "1e999".to_owned(),
        "null".to_owned(),
    ] {
        let error = create(&success(&data)).unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (Kind::UnknownOutcome, Delivery::Unknown));
        assert!(!error.message().contains('\u{1b}'));
    }
    let real = "89cb4bf6-3e53-4b49-9ab9-92d578144260";
    let both = format!(r#"{{"orderID":"{ZERO}","orderID_RSA":"{real}"}}"#);
    assert_eq!(create(&success(&both)).unwrap(), real);
    assert_eq!(create(&success(r#"{"orderID":4711}"#)).unwrap(), "4711");
}

#[test]
fn a_reissue_answered_with_zeros_is_unknown() {
    let server = Server::answering([&*success(&format!(r#"{{"newOrderID":"{ZERO}"}}"#))]);
    let request = ReissueRequest::new("A1", CSR, "lost key");
    let error = server.client().reissue_certificate(&request).unwrap_err();
    assert_eq!(error.kind(), Kind::UnknownOutcome);
}

#[test]
fn odd_types_do_not_fail_a_query() {
    let data = r#"{"id":"A1","status":7,"org":[1],"duration":12.0,"includeRSA":"True","isPay":true,
        "pendingLink":{"x":1},"cn":"\ud800","serverCount":1e99,"sn":["a"],"productID":"00000000-0000-0000-0000-000000000000"}"#;
    let order = Server::answering([&*success(data)]).client().query_order("A1").unwrap();
    let value = order.value();
    assert_eq!((value.status.as_str(), value.duration), ("7", Some(12)));
    assert_eq!((value.include_rsa, &value.organization), (Some(true), &None));
    assert_eq!((&value.common_name, &value.product_id), (&None, &None));
    assert_eq!(order.reply().get("sn.0").as_deref(), Some("a"));
}

#[test]
fn an_answer_about_another_order_is_a_warning() {
    let queried = |id: &str, answered: &str| {
        let data = format!(r#"{{"id":"{answered}","status":"issued"}}"#);
        let order = Server::answering([&*success(&data)]).client().query_order(id).unwrap();
        order.reply().warnings().to_vec()
    };
    assert_eq!(queried("A-1b", " {a1B} "), []);
    let expected = Warning::OtherOrder { asked: "A1".into(), answered: "A2".into() };
    assert_eq!(queried("A1", "A2"), [expected]);
    let retrieved = success(r#"{"orderID":"A2","pem_RSA":"x","chains_RSA":["","y",null," "]}"#);
    let server = Server::answering([&*retrieved]);
    let answer = server.client().retrieve_certificate("A1").unwrap();
    assert_eq!(answer.reply().warnings().len(), 1);
    assert_eq!(answer.value().rsa.as_ref().unwrap().chain(), ["y"]);
}

#[test]
fn reasons_are_passed_on_from_every_layer() {
    let problem = r#"{"type":"x","title":"One or more validation errors occurred.","status":400,
        "errors":{"orderinfoPost.month":["The field month must be between 12 and 25."]}}"#;
    for (status, body, reason) in [
        (400, problem, "orderinfoPost.month: The field month must be between 12 and 25"),
        (500, r#"{"Message":"An error has occurred."}"#, "An error has occurred"),
        (401, r#"{"error":"invalid_token","error_description":"过期"}"#, "invalid_token; 过期"),
        (200, r#"{"isSuccess":false,"errorMsg":["month","zip"]}"#, "month; zip"),
        (200, r#"{"isSuccess":"False","errorMsg":{"code":1,"message":"余额不足"}}"#, "余额不足"),
        (200, r#"{"isSuccess":0,"message":"no"}"#, "no"),
    ] {
        let server = Server::start([Act::Answer(status, "", body.to_owned())]);
        let error = server.client().create_order(&order()).unwrap_err();
        assert!(error.service_message().unwrap().contains(reason), "{error:?}");
        assert!(error.message().contains(reason), "{error}");
    }
}

#[test]
fn secrets_are_redacted_in_every_text_of_the_service() {
    let secrets = [TOKEN, "uk+/88888888", "18610077459", "11010519491231002x"];
    let echoes = [
        format!("{TOKEN} uk+/88888888 18610077459 11010519491231002X"),
        format!("{} uk%2B%2f88888888 18610077459", TOKEN.to_uppercase()),
        r"fileContent JVBERi0xLjQKJeLjz9MKMyAwIG9iago8PC9UeXBl is no base64".to_owned(),
    ];
    let show = |error: Error| format!("{error} {error:?} {:?}", error.service_message());
    let proof = Document::from_bytes(*b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n3 0 obj", ".pdf").unwrap();
    for echo in &echoes {
        let mut shown = Vec::new();
        for body in [
            format!(r#"{{"isSuccess":false,"errorMsg":"{echo}"}}"#),
            format!(r#"{{"isSuccess":false,"errorMsg":{{"a":["{echo}"]}}}}"#),
            format!("<p>{echo}</p>"),
        ] {
            shown.push(show(create(&body).unwrap_err()));
        }
        let created =
            format!(r#"{{"isSuccess":true,"successMsg":"{echo}","data":{{"orderID":"A1"}}}}"#);
        let reply = Server::answering([&*created]).client().create_order(&order()).unwrap();
        shown.push(reply.reply().service_message().unwrap());
        let echo = echo.split(' ').next().unwrap();
        let no = success(&format!(
            r#"{{"cancelResult":false,"cancelFailedReason":"{echo} JVBERi0xLjQKJeLj"}}"#
        ));
        shown.push(show(Server::answering([&*no]).client().cancel_order("A1", "r").unwrap_err()));
        let no = success(&format!(r#"{{"sentResult":0,"sentFailedReason":"{TOKEN}"}}"#));
        shown
            .push(show(Server::answering([&*no]).client().notify_by_email("A1", "u").unwrap_err()));
        let no = format!(r#"{{"isSuccess":false,"errorMsg":"{TOKEN} JVBERi0xLjQKJeLj"}}"#);
        let revocation = RevokeRequest::new("A1", "r", proof.clone());
        let revoked = Server::answering([&*no]).client().revoke_certificate(&revocation);
        shown.push(show(revoked.unwrap_err()));
        for text in shown {
            assert!(text.contains("***"), "nothing was echoed: {text}");
            for secret in secrets.iter().chain(&["uk%2B", "JVBERi0"]) {
                let has = text.to_lowercase().contains(&secret.to_lowercase());
                assert!(!has, "{secret} is in {text}");
            }
        }
    }
}

#[test]
fn a_misspelt_idempotence_id_of_a_reissue_is_refused_and_unknown_fields_are_sent() {
    let json = r#"{"orderID":"A1","csr":"x","reason":"r","idempotentID":"1"}"#;
    let error = ReissueRequest::from_json(json).unwrap_err();
    assert_eq!((error.kind(), error.field()), (Kind::Argument, Some("idempotentID")));
    assert!(error.message().contains("idempotenceID beside orderID"), "{error}");
    let csr = CSR.replace('\n', "\\n");
    let json =
        format!(r#"{{"orderID":"A1","csr":"{csr}","reason":"r","IdempotenceId":"1","note":[1]}}"#);
    let server = Server::answering([&*success(r#"{"newOrderID":"A2"}"#)]);
    let request = ReissueRequest::from_json(json).unwrap();
    assert_eq!(request.idempotence_id.as_deref(), Some("1"));
    server.client().reissue_certificate(&request).unwrap();
    assert!(server.seen()[0].body.contains(r#""note":[1]"#));
}

#[test]
fn mistakes_in_the_callers_json_are_named_with_their_place() {
    let client = Server::answering([]).client();
    let broken = "{\n \"orderID\": \"A\n1\"}";
    let errors = [
        OrderRequest::from_json(broken).unwrap_err(),
        ReissueRequest::from_json(broken).unwrap_err(),
        RevokeRequest::from_json(broken).unwrap_err(),
        wotrus::Push::parse(broken).unwrap_err(),
        client.call("POST /v1/x", Some(broken)).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), Kind::Argument);
        assert!(error.message().contains("line 2, column 15: a line break"), "{error}");
    }
    let utf16: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(OrderRequest::from_json(utf16).unwrap_err().message().contains("UTF-16"));
    assert!(OrderRequest::from_json("\u{feff}\u{feff}{}").is_ok());
}

#[test]
fn an_answer_of_exactly_the_largest_size_is_read_however_it_ends() {
    let body = r#"{"isSuccess":true,"data":{"id":"A1","status":"issued"}}"#;
    let length = body.len();
    for answer in [
        format!("HTTP/1.1 200 OK\r\n\r\n{body}"),
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"),
        format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"
        ),
    ] {
        let query = |limit: usize| {
            let server = Server::start([Act::Raw(answer.clone().into_bytes())]);
            let builder = server.builder().retries(0).max_answer_size(limit as u64);
            builder.build().unwrap().query_order("A1")
        };
        assert!(query(length).is_ok(), "{answer}");
        assert_eq!(query(length - 1).unwrap_err().cause(), Cause::TooLarge, "{answer}");
    }
}
