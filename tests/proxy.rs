//! Failures of the proxy between this library and the service.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use wotrus::{Cause, Client, Delivery, Error, Lang};

/// The error of a query through this proxy.
fn error(proxy: &str, lang: Lang) -> Error {
    let client = Client::builder()
        .token("tk_0123456789")
        .base_url("https://service.test")
        .proxy(format!("http://user:p%40ss-7@{proxy}"))
        .connect_timeout(Duration::from_millis(500))
        .retries(0)
        .lang(lang);
    let error = client.build().unwrap().query_order("A1").unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(!error.message().contains("ss-7"), "{error}");
    error
}

/// A proxy that answers every request with these bytes, and closes the connection.
fn proxy(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let head = BufReader::new(&stream).lines();
            head.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn a_proxy_that_cannot_be_reached_is_named() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    for (address, cause) in [("proxy.invalid:3128", Cause::Dns), (unused.as_str(), Cause::Connect)]
    {
        let error = error(address, Lang::En);
        // Without a name server in reach, the name is not found out in time.
        let is_unanswered = cause == Cause::Dns && error.cause() == Cause::Timeout;
        assert!(error.cause() == cause || is_unanswered, "{error}");
        let begin = format!("no connection to the proxy {address}: ");
        assert!(error.message().starts_with(&begin), "{error}");
    }
}

#[test]
fn what_a_proxy_answers_is_said_in_both_languages() {
    for (answer, en, zh) in [
        ("HTTP/1.1 407 No\r\n\r\n", "user and password in option proxy", "用户名和密码"),
        ("HTTP/1.1 503 No\r\n\r\n", "it answered HTTP 503", "代理返回 HTTP 503"),
        ("", "it sent no answer", "代理没有响应"),
    ] {
        let address = proxy(answer);
        for (lang, begin, reason) in [
            (Lang::En, "the proxy did not connect to https://service.test: ", en),
            (Lang::Zh, "代理未能连接 https://service.test：", zh),
        ] {
            let error = error(&address, lang);
            assert_eq!(error.cause(), Cause::Proxy, "{error}");
            assert!(error.message().starts_with(begin), "{error}");
            assert!(error.message().contains(reason), "{error}");
        }
    }
}

#[test]
fn a_proxy_that_never_answers_is_blamed_for_the_timeout() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let error = error(&silent.local_addr().unwrap().to_string(), Lang::En);
    assert_eq!(error.cause(), Cause::Timeout);
    assert!(error.message().ends_with("the proxy did not answer in time"), "{error}");
}
