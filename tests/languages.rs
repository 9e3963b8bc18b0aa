//! Messages in English and Chinese: whole sentences of each kind, which a person can judge.

mod support;

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::{Act, Server, TOKEN};
use wotrus::{
    CallOptions, Client, Document, Error, Event, Kind, Lang, OrderRequest, Push, ReissueRequest,
    WaitOptions, product,
};

const PAGE: &str = "<html><head><title>502 Bad Gateway</title><style>p{}</style></head>\
                    <body><p>&#27779;&#36890;&nbsp;gateway</p></body></html>";

fn order() -> OrderRequest {
    OrderRequest::new(product::PDF_SIGNING, "沃通", 12, "沃通")
}

/// The error of the same call in English and in Chinese, each from a server that does the same.
fn of_calls(acts: &[Act], call: impl Fn(&Client) -> wotrus::Result<()>) -> [Error; 2] {
    [Lang::En, Lang::Zh].map(|lang| {
        let server = Server::start(acts.to_vec());
        let options = CallOptions::new().request_id("r-1").retries(0);
        let client = server.builder().lang(lang).build().unwrap().with(options);
        call(&client).unwrap_err()
    })
}

#[track_caller]
fn assert_messages(errors: [Error; 2], english: &str, chinese: &str) {
    assert_eq!(errors[0].message(), english);
    assert_eq!(errors[1].message(), chinese);
    let facts = |error: &Error| (error.kind(), error.cause(), error.delivery(), error.attempts());
    assert_eq!(facts(&errors[0]), facts(&errors[1]));
    // The other language is there too.
    assert_eq!(errors[0].messages().text(Lang::Zh), chinese);
    assert_eq!(errors[1].clone().in_lang(Lang::En).to_string(), english);
}

fn answer(status: u16, body: &str) -> [Act; 1] {
    [Act::Answer(status, "", body.to_owned())]
}

fn query(client: &Client) -> wotrus::Result<()> {
    client.query_order("A1").map(drop)
}

fn create(client: &Client) -> wotrus::Result<()> {
    client.create_order(&order()).map(drop)
}

#[test]
fn refusals_quote_the_service_in_its_own_words() {
    assert_messages(
        of_calls(&answer(200, r#"{"isSuccess":false,"errorMsg":"余额不足。"}"#), create),
        "the service refused: 余额不足",
        "服务端拒绝了请求：余额不足",
    );
    assert_messages(
        of_calls(&answer(200, r#"{"isSuccess":false}"#), create),
        "the service refused: it gives no reason",
        "服务端拒绝了请求，未说明原因",
    );
    let body =
        r#"{"isSuccess":true,"data":{"cancelResult":false,"cancelFailedReason":"is empty"}}"#;
    assert_messages(
        of_calls(&answer(200, body), |client| client.cancel_order("A1", "误下单").map(drop)),
        "the order was not cancelled: is empty",
        "订单未取消：is empty",
    );
    let body = r#"{"isSuccess":true,"data":{"sentResult":false}}"#;
    assert_messages(
        of_calls(&answer(200, body), |client| client.notify_by_email("A1", "https://x").map(drop)),
        "the e-mail was not sent, and the service gives no reason",
        "邮件未发送，服务端未说明原因",
    );
    assert_messages(
        of_calls(&answer(401, r#"{"title":"Unauthorized"}"#), query),
        "the service does not accept the token (HTTP 401: Unauthorized)",
        "服务端不接受 token（HTTP 401：Unauthorized）",
    );
    assert_messages(
        of_calls(&answer(302, ""), query),
        "HTTP 302 (redirect), which is not followed: check base_url",
        "HTTP 302（重定向），不会跟随：请检查 base_url",
    );
}

#[test]
fn unknown_outcomes_say_what_to_do() {
    assert_messages(
        of_calls(&answer(502, ""), create),
        "the service failed (HTTP 502); the service may have processed the call: do not send it again \
         before you have checked; look for the order at the service (RequestID r-1)",
        "服务端出错（HTTP 502）；服务端可能已处理该请求：查明之前请勿重发；请在服务端查找该订单（RequestID r-1）",
    );
    assert_messages(
        of_calls(&[Act::CloseAfterRead], |client| {
            let mut order = order();
            order.info.idempotence_id = Some("order-4711".into());
            client.create_order(&order).map(drop)
        }),
        "the connection was lost before the whole answer was read: the other side closed it; the service \
         may have processed the call: sending it again with the same idempotenceID \"order-4711\" is safe \
         (RequestID r-1)",
        "收到完整响应之前连接中断：对方关闭了连接；服务端可能已处理该请求：\
         用同一幂等值 idempotenceID \"order-4711\" 重发是安全的（RequestID r-1）",
    );
    assert_messages(
        of_calls(&answer(200, r#"{"isSuccess":true,"data":{}}"#), |client| {
            let csr = include_str!("fixtures/example.csr");
            client.reissue_certificate(&ReissueRequest::new("A1", csr, "x")).map(drop)
        }),
        "the answer says success, but newOrderID is empty; the service may have processed the call: do \
         not send it again before you have checked; look for the new order at the service (RequestID r-1)",
        "响应表示成功，但字段 newOrderID 为空；服务端可能已处理该请求：查明之前请勿重发；\
         请在服务端查找新订单（RequestID r-1）",
    );
}

#[test]
fn answers_that_cannot_be_used_are_described() {
    for (body, english, chinese) in [
        ("", "the answer is empty", "响应为空"),
        (
            r#"{"isSuccess":true,}"#,
            "the answer is not JSON (line 1, column 19: a comma before the closing bracket)",
            "响应不是 JSON（第 1 行第 19 列：右括号前多了逗号）",
        ),
        (
            r#"{"data":{}}"#,
            "the answer is JSON, but has no isSuccess",
            "响应是 JSON，但没有 isSuccess",
        ),
        (
            PAGE,
            "the answer is not JSON (line 1, column 1: an HTML or XML tag): 502 Bad Gateway 沃通 gateway",
            "响应不是 JSON（第 1 行第 1 列：此处是 HTML 或 XML 标签）：502 Bad Gateway 沃通 gateway",
        ),
        (
            r#"{"isSuccess":true,"data":{"id":"a\u0007"}}"#,
            "the answer says success, but its id contains a control character",
            "响应表示成功，但其中的订单号包含控制字符",
        ),
    ] {
        assert_messages(of_calls(&answer(200, body), query), english, chinese);
    }
}

#[test]
fn no_message_contains_the_markup_of_a_gateway() {
    let reason = serde_json::json!({ "message": PAGE }).to_string();
    let refusal =
        serde_json::json!({ "isSuccess": false, "errorMsg": "余额&nbsp;不足<br/>请<b>充值</b>" });
    for (status, body, quoted) in [
        (502, PAGE, "502 Bad Gateway 沃通 gateway"),
        (403, PAGE, "502 Bad Gateway 沃通 gateway"),
        (500, &reason, "502 Bad Gateway 沃通 gateway"),
        (200, PAGE, "502 Bad Gateway 沃通 gateway"),
        (200, &refusal.to_string(), "余额 不足 请 充值"),
        (400, "error\n<p>R&amp;D</p>", "error R&D"),
    ] {
        for error in of_calls(&answer(status, body), query) {
            let message = error.message();
            assert!(message.contains(quoted), "{message}");
            for markup in ["</", "<h", "<p", "<b", "&nbsp;", "&#", "\n"] {
                assert!(!message.contains(markup), "{message}");
            }
        }
    }
}

#[test]
fn a_secret_in_a_page_is_not_quoted_in_any_language() {
    let entities: String = TOKEN.chars().map(|c| format!("&#{};", c as u32)).collect();
    for error in of_calls(&answer(500, &format!("<p>token {entities} refused</p>")), query) {
        assert!(error.message().contains("token *** refused"), "{error}");
    }
}

#[test]
fn connections_that_fail_are_described() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let [english, chinese] = [Lang::En, Lang::Zh].map(|lang| {
        let client = Client::builder().token(TOKEN).base_url(format!("http://127.0.0.1:{port}"));
        query(&client.retries(0).lang(lang).build().unwrap()).unwrap_err()
    });
    // The text of the operating system stays as it is.
    let system = "Connection refused (os error 111)";
    let system = if cfg!(target_os = "linux") { system } else { "refused" };
    let start = |text: &str| format!("{text} http://127.0.0.1");
    assert!(english.message().starts_with(&start("no connection to")), "{english}");
    assert!(chinese.message().starts_with(&start("无法连接")), "{chinese}");
    for error in [english, chinese] {
        assert!(error.message().contains(system), "{error}");
    }
    assert_messages(
        of_calls(&[Act::Silence(Duration::from_secs(5))], |client| {
            let timeout = CallOptions::new().timeout(Duration::from_millis(100));
            query(&client.with(timeout))
        }),
        "the answer was not complete before the deadline of the call",
        "在调用的时限内未收到完整响应",
    );
    assert_messages(
        of_calls(&[Act::Raw(b"SSH-2.0-OpenSSH\r\n".to_vec())], query),
        "the answer is not HTTP: it does not begin with a status line of HTTP/1",
        "响应不是 HTTP：开头不是 HTTP/1 的状态行",
    );
}

#[test]
fn refused_fields_are_described() {
    type Call = fn(&Client) -> wotrus::Result<()>;
    let cases: [(Call, &str, &str); 9] = [
        (|client| client.query_order(" ").map(drop), "orderID: is empty", "orderID：为空"),
        (
            |client| client.cancel_order("A1", "").map(drop),
            "reason: is required, but missing or empty",
            "reason：必填，但缺失或为空",
        ),
        (
            |client| client.create_order(&OrderRequest::default()).map(drop),
            "productID: is required in orderinfoPost, but missing or empty",
            "productID：在 orderinfoPost 中必填，但缺失或为空",
        ),
        (
            |client| client.create_order(&OrderRequest::new("p", "c", 11, "o")).map(drop),
            "month: is 11, but should be 12 or 24, or 13 or 25 for a renewal",
            "month：值为 11，但应为 12 或 24（续期时为 13 或 25）",
        ),
        (
            |client| client.call("PUT /v1", None).map(drop),
            "operation: begins with neither GET nor POST",
            "operation：开头既不是 GET 也不是 POST",
        ),
        (
            |client| client.post("/v1/x", "{'a':1}").map(drop),
            "json: is not JSON (line 1, column 2: a single quote: texts and names need double quotes)",
            "json：不是 JSON（第 1 行第 2 列：此处是单引号，文本和名称应使用双引号）",
        ),
        (
            |client| client.reissue_certificate(&ReissueRequest::new("A1", "", "x")).map(drop),
            "csr: contains no -----BEGIN CERTIFICATE REQUEST-----; it is empty",
            "csr：不包含 -----BEGIN CERTIFICATE REQUEST-----；实际格式：空文件",
        ),
        (
            |client| {
                let csr = "-----BEGIN CERTIFICATE REQUEST-----\nMII\u{a0}\n-----END CERTIFICATE REQUEST-----";
                client.reissue_certificate(&ReissueRequest::new("A1", csr, "x")).map(drop)
            },
            "csr: PEM block 1 (CERTIFICATE REQUEST): the base64 contains no-break spaces",
            "csr：第 1 个 PEM 块（CERTIFICATE REQUEST）：base64 中有不换行空格",
        ),
        (
            |client| {
                client
                    .wait_for_certificate("A1", &WaitOptions::new().timeout(Duration::ZERO))
                    .map(drop)
            },
            "timeout: is 0",
            "timeout：不能为 0",
        ),
    ];
    for (call, english, chinese) in cases {
        assert_messages(of_calls(&[], call), english, chinese);
    }
}

/// What is made without a client is in English, and can be shown in Chinese.
#[test]
fn errors_without_a_client_have_both_languages() {
    for (error, english, chinese) in [
        (
            OrderRequest::from_json(r#"{"orderinfoPost":[]}"#).unwrap_err(),
            "orderinfoPost: should be an object, but is a list",
            "orderinfoPost：应为对象，但实际为列表",
        ),
        (
            OrderRequest::from_json(r#"{"idempotenceID":"x"}"#).unwrap_err(),
            "idempotenceID: is in the wrong place: an order has it as idempotenceID in orderinfoPost",
            "idempotenceID：位置有误：订单的幂等值是 orderinfoPost 中的 idempotenceID",
        ),
        (
            Document::from_path("licence.txt").unwrap_err(),
            "fileType: licence.txt does not end in .jpg, .gif or .pdf; give its type if the service takes it",
            "fileType：licence.txt 不以 .jpg、.gif 或 .pdf 结尾；如果服务端接受该类型，请写明文件类型",
        ),
        (
            Document::from_path_as(std::env::temp_dir(), ".pdf").unwrap_err(),
            &format!("{}: is not a regular file", std::env::temp_dir().display()),
            &format!("{}：不是普通文件", std::env::temp_dir().display()),
        ),
        (
            Push::parse("[1,").unwrap_err(),
            "push: is not a JSON object (line 1, column 4: the text ends too early)",
            "push：不是 JSON 对象（第 1 行第 4 列：内容不完整）",
        ),
    ] {
        assert_eq!(error.message(), english);
        assert_eq!(error.in_lang(Lang::Zh).message(), chinese);
    }
}

#[test]
fn refused_options_are_described_in_the_language_that_is_set_so_far() {
    let zh = || Client::builder().set("lang", "zh").unwrap();
    let error = zh().set("timeout", "2,5").unwrap_err();
    assert_eq!(error.message(), "timeout：应为秒数，例如 2.5");
    let error = zh().token(TOKEN).base_url("ftp://x").build().unwrap_err();
    assert_eq!(error.message(), "base_url：开头既不是 https:// 也不是 http://");
    let error = zh().set("lang", "fr").unwrap_err();
    assert_eq!((error.kind(), error.field()), (Kind::Config, Some("lang")));
    assert_eq!(error.message(), "lang：既不是 en 也不是 zh");
    let error = Client::builder().set("lang", "fr").unwrap_err();
    assert_eq!(error.message(), "lang: is neither en nor zh");
}

#[test]
fn a_handle_may_have_a_language_of_its_own() {
    let server = Server::start([]);
    let client = server.builder().retries(0).lang(Lang::Zh).build().unwrap();
    let english = client.with(CallOptions::new().lang(Lang::En));
    assert_eq!(client.query_order("").unwrap_err().message(), "orderID：为空");
    assert_eq!(english.query_order("").unwrap_err().message(), "orderID: is empty");
    assert_eq!(
        english.with(CallOptions::new()).query_order("").unwrap_err().message(),
        "orderID: is empty"
    );
}

#[test]
fn events_warnings_and_certificates_have_the_language_of_the_client() {
    let failures = Arc::new(Mutex::new(Vec::new()));
    let seen = failures.clone();
    let bundle = r#"{"isSuccess":true,"data":{"orderID":"B2","pem_RSA":"MIIB"}}"#;
    let server = Server::start([answer(503, ""), answer(200, bundle)].concat());
    let client = server.builder().lang(Lang::Zh).observer(move |event| {
        if let Event::Failed { message, .. } = event {
            seen.lock().unwrap().push((*message).to_owned());
        }
    });
    let certificates = client.build().unwrap().retrieve_certificate("A1").unwrap();
    assert_eq!(*failures.lock().unwrap(), ["服务端出错（HTTP 503）"]);
    let warning = certificates.reply().warnings()[0].message().text(Lang::Zh);
    assert_eq!(warning, "响应中是订单 \"B2\"，而不是订单 \"A1\"");
    let error = certificates.value().rsa.as_ref().unwrap().full_chain().unwrap_err();
    let expected = "服务端发来的证书无法读取：实际格式：缺少 BEGIN 行和 END 行的 base64";
    assert_eq!(error.message(), expected);
}

#[test]
fn a_page_whose_tags_contain_a_secret_is_quoted_as_plain_text() {
    let server = Server::start(answer(500, "<html><p>502 Bad Gateway</p></html>"));
    let client = server.builder().token("html").retries(0).build().unwrap();
    let error = client.query_order("A1").unwrap_err();
    assert_eq!(error.message(), "the service failed (HTTP 500: 502 Bad Gateway)");
}
