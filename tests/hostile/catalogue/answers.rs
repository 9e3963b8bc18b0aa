//! Answers that are not what they should be.

use super::{CREATED, answer, framing, ok};
use crate::behaviour::Behaviour;
use crate::certificates::Shown;
use crate::server::Visit;

pub(super) type Answer = Box<dyn Fn(&mut Visit) + Send + Sync>;

/// Reads the request, sends these bytes, and closes.
pub(super) fn sends(bytes: impl Into<Vec<u8>>) -> Answer {
    let bytes = bytes.into();
    Box::new(move |visit| {
        visit.request();
        visit.send(&bytes);
        visit.finish();
    })
}

/// The head of a good answer with these header lines, and the good body.
pub(super) fn framed(headers: &str) -> Answer {
    sends(format!("HTTP/1.1 200 OK\r\n{headers}\r\n{CREATED}"))
}

/// A good head, with this body.
fn body(body: impl AsRef<[u8]>) -> Answer {
    let body = body.as_ref();
    let mut bytes =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    sends(bytes)
}

pub(super) fn all() -> Vec<Behaviour> {
    [framing::all(), cut(), content(), size(), meaning()].into_iter().flatten().collect()
}

/// An order without idempotenceID, which is lost by the answer.
pub(super) fn lost(
    name: &'static str,
    does: &'static str,
    answer: Answer,
    cause: &str,
) -> Behaviour {
    Behaviour::new(name, does).plain(answer).calls("create").unknown_outcome(cause)
}

/// An order without idempotenceID, which the answer confirms.
pub(super) fn taken(name: &'static str, does: &'static str, answer: Answer) -> Behaviour {
    Behaviour::new(name, does).plain(answer).calls("create")
}

fn cut() -> Vec<Behaviour> {
    let length = CREATED.len();
    let more = length + 9;
    let cut = format!("HTTP/1.1 200 OK\r\nContent-Length: {more}\r\n\r\n{CREATED}");
    let (one, other) = (cut.clone(), cut.clone());
    vec![
        lost("closed", "reads the order, and closes", sends(""), "connection_lost"),
        lost(
            "reset",
            "reads the order, and resets the connection",
            Box::new(|visit| {
                visit.request();
                visit.reset();
            }),
            "connection_lost",
        ),
        lost(
            "cut_head",
            "closes inside the head",
            sends("HTTP/1.1 200 OK\r\nCont"),
            "connection_lost",
        ),
        lost("cut_body", "closes before the body is whole", sends(cut.clone()), "connection_lost"),
        lost(
            "reset_in_body",
            "resets the connection inside the body",
            Box::new(move |visit| {
                visit.request();
                visit.send(&cut);
                visit.pause(50);
                visit.reset();
            }),
            "connection_lost",
        ),
        lost(
            "cut_chunk",
            "closes inside a chunk",
            sends(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n99\r\n{CREATED}")),
            "connection_lost",
        ),
        lost(
            "no_last_chunk",
            "closes before the last chunk",
            sends(format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{CREATED}\r\n"
            )),
            "connection_lost",
        ),
        Behaviour::new("tls_cut", "ends TLS inside the body without close_notify")
            .tls(Shown::Good, move |visit| {
                visit.request();
                visit.send(&one);
            })
            .calls("create")
            .unknown_outcome("connection_lost"),
        Behaviour::new("tls_closed_early", "ends TLS inside the body with close_notify")
            .tls(Shown::Good, move |visit| {
                visit.request();
                visit.send(&other);
                visit.finish();
            })
            .calls("create")
            .unknown_outcome("connection_lost"),
        Behaviour::new("tls_cut_without_length", "no length, and ends TLS without close_notify")
            .tls(Shown::Good, |visit| {
                visit.request();
                visit.send(format!("HTTP/1.1 200 OK\r\n\r\n{CREATED}"));
            })
            .calls("create")
            .unknown_outcome("http"),
        Behaviour::new("tls_cut_before_answer", "reads the order, ends TLS without close_notify")
            .tls(Shown::Good, |visit| drop(visit.request()))
            .calls("create")
            .unknown_outcome("connection_lost"),
        Behaviour::new("tls_garbage_in_answer", "answers with a TLS record that is none")
            .tls(Shown::Good, |visit| {
                visit.request();
                visit.send_beneath_tls(b"\x17\x03\x03\x00\x20AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
                visit.hold();
            })
            .calls("create")
            .unknown_outcome("tls"),
        Behaviour::new("query_cut_then_whole", "loses the first answer to a query, not the second")
            .plain(|visit| {
                visit.request();
                if visit.number > 0 {
                    visit.send(ok(super::QUERIED));
                }
            })
            .option("retries", "1")
            .attempts(2),
        Behaviour::new(
            "order_cut_then_whole",
            "loses the first answer to an order with idempotenceID",
        )
        .plain(|visit| {
            visit.request();
            if visit.number > 0 {
                visit.send(ok(CREATED));
            }
        })
        .calls("create_id")
        .attempts(2),
        Behaviour::new("order_refused_after_loss", "loses an answer, then says no to the same id")
            .plain(|visit| {
                visit.request();
                if visit.number > 0 {
                    visit.send(ok(r#"{"isSuccess":false,"errorMsg":"exists"}"#));
                }
            })
            .calls("create_id")
            .attempts(2)
            .unknown_outcome("refused")
            .says("is safe"),
        Behaviour::new("order_never_answered", "loses every answer to an order with idempotenceID")
            .plain(|visit| drop(visit.request()))
            .calls("create_id")
            .attempts(3)
            .unknown_outcome("connection_lost")
            .says("is safe"),
    ]
}

fn content() -> Vec<Behaviour> {
    let nested = |depth| {
        format!(
            r#"{{"isSuccess":true,"data":{{"orderID":"A1","x":{}{}}}}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    vec![
        lost(
            "invalid_utf8",
            "bytes that are not UTF-8",
            body(b"{\"isSuccess\":true,\"x\":\"\xff\"}"),
            "not_json",
        ),
        lost(
            "gbk",
            "JSON in GBK",
            body(b"{\"isSuccess\":true,\"x\":\"\xce\xd6\xcd\xa8\"}"),
            "not_json",
        ),
        lost("utf16", "JSON in UTF-16", body(b"\xff\xfe{\0\"\0"), "not_json"),
        lost(
            "trailing_garbage",
            "something after the JSON",
            body(format!("{CREATED} x")),
            "not_json",
        ),
        lost("two_answers", "the JSON twice", body(CREATED.repeat(2)), "not_json"),
        lost("cut_json", "half the JSON, whole by its length", body(&CREATED[..20]), "not_json"),
        lost("html", "an HTML page, with 200", body("<html>maintenance</html>"), "not_json"),
        lost("blank", "blanks", body("  \r\n "), "not_json"),
        lost("json_text", "a JSON text", body("\"ok\""), "envelope"),
        lost("json_array", "a JSON array", body("[1]"), "envelope"),
        lost(
            "other_envelope",
            "another service's envelope",
            body(r#"{"code":0,"data":{}}"#),
            "envelope",
        ),
        lost("no_yes_or_no", "isSuccess: null", body(r#"{"isSuccess":null}"#), "envelope"),
        lost("odd_yes", r#"isSuccess: "yes""#, body(r#"{"isSuccess":"yes"}"#), "envelope"),
        Behaviour::new("depth_64", "JSON 64 deep").plain(body(nested(62))).calls("create"),
        lost("depth_65", "JSON 65 deep", body(nested(63)), "not_json"),
        lost(
            "depth_100000",
            "JSON 100,000 deep, never closed",
            body("[".repeat(100_000)),
            "not_json",
        ),
        lost(
            "gzip",
            "a compressed answer that nobody asked for",
            framed(&format!("Content-Encoding: gzip\r\nContent-Length: {}\r\n", CREATED.len())),
            "http",
        ),
        Behaviour::new("byte_order_mark", "a byte order mark before the JSON")
            .plain(body(format!("\u{feff}{CREATED}")))
            .calls("create"),
        lost(
            "failed_with_success",
            "500 with a success inside",
            sends(answer(500, "", CREATED)),
            "http_status",
        ),
        lost("bad_gateway", "502", sends(answer(502, "", "<html>")), "http_status"),
        lost("gateway_timeout", "504", sends(answer(504, "", "")), "http_status"),
    ]
}

fn size() -> Vec<Behaviour> {
    let members = format!(r#"{{"isSuccess":true,{}"data":null}}"#, r#""":0,"#.repeat(209_000));
    let in_data =
        format!(r#"{{"isSuccess":true,"data":{{{}"orderID":"A1"}}}}"#, r#""":0,"#.repeat(209_000));
    vec![
        lost("too_large", "2 MB, as it says", body(" ".repeat(2_000_000)), "too_large"),
        lost(
            "too_large_in_chunks",
            "chunks without end",
            Box::new(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                visit.flood(format!("1000\r\n{}\r\n", " ".repeat(4096)));
            }),
            "too_large",
        ),
        lost(
            "says_an_exabyte",
            "a Content-Length of an exabyte, and as much of it as is taken",
            Box::new(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\nContent-Length: 1152921504606846976\r\n\r\n");
                visit.flood(" ".repeat(4096));
            }),
            "too_large",
        ),
        lost(
            "endless_header",
            "one header line without end",
            Box::new(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\nX: ");
                visit.flood("x".repeat(4096));
            }),
            "too_large",
        ),
        lost(
            "endless_headers",
            "header lines without end",
            Box::new(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\n");
                visit.flood("X: y\r\n".repeat(512));
            }),
            "too_large",
        ),
        lost(
            "endless_chunk_extension",
            "a chunk extension without end",
            Box::new(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;");
                visit.flood("x".repeat(4096));
            }),
            "http",
        ),
        lost("members", "209,000 members in the envelope", body(members), "envelope"),
        Behaviour::new("members_in_data", "209,000 members in data")
            .plain(body(in_data))
            .calls("create"),
        Behaviour::new("error_of_a_megabyte", "a refusal with a reason of a megabyte")
            .plain(body(format!(r#"{{"isSuccess":false,"errorMsg":"{}"}}"#, "x".repeat(1_000_000))))
            .calls("create")
            .answered("refused", "refused"),
    ]
}

fn meaning() -> Vec<Behaviour> {
    let yes = |data: &str| body(format!(r#"{{"isSuccess":true,"data":{data}}}"#));
    let query = |name, does, answer| Behaviour::new(name, does).plain(answer);
    vec![
        lost("data_missing", "success without data", body(r#"{"isSuccess":true}"#), "envelope"),
        lost("data_null", "success with data null", yes("null"), "envelope"),
        lost("data_text", "success with a text for data", yes("\"A1\""), "envelope"),
        lost("no_order_named", "success that names no order", yes("{}"), "envelope"),
        lost(
            "empty_order_named",
            "success that names a blank",
            yes(r#"{"orderID":" "}"#),
            "envelope",
        ),
        query("query_of_nothing", "success that names no order", yes("null"))
            .answered("protocol", "envelope"),
        query("query_html", "an HTML page, with 200", body("<html>")).unusable("not_json"),
        query("query_refused", "isSuccess: false", body(r#"{"isSuccess":false}"#))
            .answered("refused", "refused"),
        query("no_certificate", "success without a certificate", yes("{}"))
            .calls("retrieve")
            .answered("not_ready", "not_issued"),
        query("no_cancel_result", "success without cancelResult", yes("{}"))
            .calls("cancel")
            .unknown_outcome("envelope"),
        query("not_cancelled", "cancelResult: false", yes(r#"{"cancelResult":false}"#))
            .calls("cancel")
            .answered("refused", "refused"),
        query("no_new_order", "a reissue that names no new order", yes("{}"))
            .calls("reissue")
            .unknown_outcome("envelope"),
        query("no_sent_result", "success without sentResult", yes("{}"))
            .calls("email")
            .unknown_outcome("envelope"),
        query("cancel_lost", "reads the cancellation, and closes", sends(""))
            .calls("cancel")
            .unknown_outcome("connection_lost")
            .says("query the order"),
        query("revoke_lost", "reads the revocation, and closes", sends(""))
            .calls("revoke")
            .unknown_outcome("connection_lost"),
        query("reissue_lost", "reads the reissue, and closes", sends(""))
            .calls("reissue")
            .unknown_outcome("connection_lost"),
        query("email_lost", "reads the notification, and closes", sends(""))
            .calls("email")
            .unknown_outcome("connection_lost"),
    ]
}
