//! Malformed, truncated, oversized and inconsistent responses. It is over 500 lines because it is one
//! table, a row a behaviour.

use super::{CREATED, answer, ok};
use crate::behaviour::Behaviour;
use crate::certificates::Shown;
use crate::server::Visit;

type Answer = Box<dyn Fn(&mut Visit) + Send + Sync>;

/// Reads the request, sends these bytes and closes.
fn sends(bytes: impl Into<Vec<u8>>) -> Answer {
    let bytes = bytes.into();
    Box::new(move |visit| {
        visit.request();
        visit.send(&bytes);
        visit.finish();
    })
}

/// A head with these header lines, and a valid body.
fn framed(headers: &str) -> Answer {
    sends(format!("HTTP/1.1 200 OK\r\n{headers}\r\n{CREATED}"))
}

/// A valid head with this body.
fn body(body: impl AsRef<[u8]>) -> Answer {
    let body = body.as_ref();
    let mut bytes =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    sends(bytes)
}

pub(super) fn all() -> Vec<Behaviour> {
    [framing(), cut(), content(), size(), meaning()].into_iter().flatten().collect()
}

/// An order without idempotenceID whose outcome is unknown after this response.
fn unknown(name: &'static str, does: &'static str, answer: Answer, cause: &str) -> Behaviour {
    Behaviour::new(name, does).plain(answer).calls("create").unknown_outcome(cause)
}

/// An order without idempotenceID that this response confirms.
fn accepted(name: &'static str, does: &'static str, answer: Answer) -> Behaviour {
    Behaviour::new(name, does).plain(answer).calls("create")
}

fn framing() -> Vec<Behaviour> {
    let length = CREATED.len();
    let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{CREATED}\r\n0\r\n\r\n");
    vec![
        Behaviour::new("chunked", "a correct response in one chunk")
            .plain(sends(format!("HTTP/1.1 200 OK\r\n{chunked}")))
            .calls("create"),
        accepted("no_length", "neither Content-Length nor chunks", framed("")),
        unknown(
            "no_length_cut",
            "neither Content-Length nor chunks; closes within the JSON",
            sends(format!("HTTP/1.1 200 OK\r\n\r\n{}", &CREATED[..length - 1])),
            "not_json",
        ),
        unknown(
            "no_length_and_more",
            "neither Content-Length nor chunks, and text after the JSON",
            sends(format!("HTTP/1.1 200 OK\r\n\r\n{CREATED}x")),
            "not_json",
        ),
        unknown(
            "two_lengths",
            "two different Content-Length headers",
            framed(&format!("Content-Length: {length}\r\nContent-Length: 9\r\n")),
            "http",
        ),
        accepted(
            "length_twice",
            "the same Content-Length header twice",
            framed(&format!("Content-Length: {length}\r\nContent-Length: {length}\r\n")),
        ),
        accepted(
            "length_list",
            "the same length twice in one Content-Length",
            framed(&format!("Content-Length: {length}, {length}\r\n")),
        ),
        unknown(
            "length_list_of_two",
            "two lengths in one Content-Length",
            framed(&format!("Content-Length: {length}, 9\r\n")),
            "http",
        ),
        unknown("length_signed", "Content-Length: +42", framed("Content-Length: +42\r\n"), "http"),
        unknown("length_negative", "Content-Length: -1", framed("Content-Length: -1\r\n"), "http"),
        unknown("length_hex", "Content-Length: 0x2a", framed("Content-Length: 0x2a\r\n"), "http"),
        unknown(
            "length_empty",
            "Content-Length without a value",
            framed("Content-Length: \r\n"),
            "http",
        ),
        unknown(
            "length_overflow",
            "a Content-Length above 2^64",
            framed("Content-Length: 99999999999999999999\r\n"),
            "http",
        ),
        unknown(
            "length_and_chunks",
            "Content-Length and chunks",
            sends(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{chunked}")),
            "http",
        ),
        unknown(
            "chunks_in_gzip",
            "Transfer-Encoding: gzip, chunked",
            framed("Transfer-Encoding: gzip, chunked\r\n"),
            "http",
        ),
        unknown(
            "unknown_transfer_encoding",
            "Transfer-Encoding: identity",
            framed("Transfer-Encoding: identity\r\n"),
            "http",
        ),
        unknown(
            "chunk_size_not_hex",
            "a chunk size that is not a hexadecimal number",
            sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            "http",
        ),
        unknown(
            "chunk_size_overflow",
            "a chunk size above 2^64",
            sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}"),
            "http",
        ),
        unknown(
            "length_zero",
            "Content-Length: 0",
            sends("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            "not_json",
        ),
        unknown("no_content", "204", sends("HTTP/1.1 204 No Content\r\n\r\n"), "http"),
        unknown(
            "switching_protocols",
            "101",
            sends("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
            "http_status",
        ),
        unknown("status_of_four_digits", "status 2000", sends("HTTP/1.1 2000 OK\r\n\r\n"), "http"),
        unknown("not_http", "an SSH banner", sends("SSH-2.0-OpenSSH_9.2\r\n"), "http"),
        unknown("http_0_9", "a body without a head", sends(CREATED), "http"),
        unknown(
            "http_2",
            "HTTP/2 frames",
            sends(b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\0"),
            "http",
        ),
        accepted(
            "header_without_colon",
            "a header line without a colon, no length; closes after the JSON",
            framed("oops\r\n"),
        ),
        unknown(
            "nul_in_header",
            "a NUL inside a header",
            framed(&format!("Content-Length: {length}\r\nX: a\0b\r\n")),
            "http",
        ),
        accepted(
            "folded_header",
            "a folded header line",
            framed(&format!("X: y\r\n z\r\nContent-Length: {length}\r\n")),
        ),
        unknown(
            "folded_length",
            "a Content-Length that is too short, then another in a folded line",
            framed(&format!("Content-Length: 9\r\nContent-Length:\r\n {length}\r\n")),
            "not_json",
        ),
        unknown(
            "bare_cr_in_header",
            "a bare CR in a header value, followed by another Content-Length",
            framed(&format!("X: y\rContent-Length: 9\r\nContent-Length: {length}\r\n")),
            "http",
        ),
        accepted(
            "blank_before_colon",
            "Content-Length with a blank before its colon; closes after the JSON",
            framed(&format!("Content-Length : {length}\r\n")),
        ),
        accepted(
            "blank_before_colon_and_wrong_length",
            "a wrong Content-Length with a blank before its colon; closes after the JSON",
            framed("Content-Length : 9\r\n"),
        ),
        unknown(
            "blank_before_colon_and_chunks",
            "chunks, and Transfer-Encoding with a blank before its colon",
            sends(format!("HTTP/1.1 200 OK\r\n{}", chunked.replacen("Encoding:", "Encoding :", 1))),
            "not_json",
        ),
        unknown(
            "chunks_of_http_1_0",
            "chunks in HTTP/1.0",
            sends(format!("HTTP/1.0 200 OK\r\n{chunked}")),
            "http",
        ),
        unknown(
            "chunk_longer_than_it_says",
            "a chunk that is longer than its size",
            sends(format!("HTTP/1.1 200 OK\r\n{}", chunked.replacen("}\r\n", "}}\r\n", 1))),
            "http",
        ),
        Behaviour::new("http_1_0", "HTTP/1.0 with Content-Length")
            .plain(sends(format!("HTTP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\n{CREATED}")))
            .calls("create"),
        Behaviour::new("bare_line_feeds", "a head with LF line ends")
            .plain(sends(format!("HTTP/1.1 200 OK\nContent-Length: {length}\n\n{CREATED}")))
            .calls("create"),
        Behaviour::new(
            "closed_after_last_chunk_size",
            "closes after the size line of the last chunk",
        )
        .plain(sends(format!(
            "HTTP/1.1 200 OK\r\n{}",
            chunked.strip_suffix("\r\n").expect("the last line is empty")
        )))
        .calls("create"),
    ]
}

fn cut() -> Vec<Behaviour> {
    let length = CREATED.len();
    let more = length + 9;
    let cut = format!("HTTP/1.1 200 OK\r\nContent-Length: {more}\r\n\r\n{CREATED}");
    let (one, other) = (cut.clone(), cut.clone());
    vec![
        unknown("closed", "reads the order and closes", sends(""), "connection_lost"),
        unknown(
            "reset",
            "reads the order and resets the connection",
            Box::new(|visit| {
                visit.request();
                visit.reset();
            }),
            "connection_lost",
        ),
        unknown(
            "cut_head",
            "closes during the head",
            sends("HTTP/1.1 200 OK\r\nCont"),
            "connection_lost",
        ),
        unknown(
            "cut_body",
            "closes before the end of the body",
            sends(cut.clone()),
            "connection_lost",
        ),
        unknown(
            "reset_in_body",
            "resets the connection during the body",
            Box::new(move |visit| {
                visit.request();
                visit.send(&cut);
                visit.pause(50);
                visit.reset();
            }),
            "connection_lost",
        ),
        unknown(
            "cut_chunk",
            "closes during a chunk",
            sends(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n99\r\n{CREATED}")),
            "connection_lost",
        ),
        unknown(
            "no_last_chunk",
            "closes before the last chunk",
            sends(format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{CREATED}\r\n"
            )),
            "connection_lost",
        ),
        Behaviour::new("tls_cut", "closes during the body without close_notify")
            .tls(Shown::Good, move |visit| {
                visit.request();
                visit.send(&one);
            })
            .calls("create")
            .unknown_outcome("connection_lost"),
        Behaviour::new("tls_closed_early", "closes during the body with close_notify")
            .tls(Shown::Good, move |visit| {
                visit.request();
                visit.send(&other);
                visit.finish();
            })
            .calls("create")
            .unknown_outcome("connection_lost"),
        Behaviour::new("tls_cut_without_length", "sends no length and closes without close_notify")
            .tls(Shown::Good, |visit| {
                visit.request();
                visit.send(format!("HTTP/1.1 200 OK\r\n\r\n{CREATED}"));
            })
            .calls("create")
            .unknown_outcome("http"),
        Behaviour::new("tls_cut_before_answer", "reads the order and closes without close_notify")
            .tls(Shown::Good, |visit| drop(visit.request()))
            .calls("create")
            .unknown_outcome("connection_lost"),
        Behaviour::new("tls_garbage_in_answer", "sends an invalid TLS record")
            .tls(Shown::Good, |visit| {
                visit.request();
                visit.send_beneath_tls(b"\x17\x03\x03\x00\x20AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
                visit.hold();
            })
            .calls("create")
            .unknown_outcome("tls"),
        Behaviour::new(
            "query_lost_then_answered",
            "closes before the first response to a query, answers the second request",
        )
        .plain(|visit| {
            visit.request();
            if visit.number > 0 {
                visit.send(ok(super::QUERIED));
            }
        })
        .option("retries", "1")
        .attempts(2),
        Behaviour::new(
            "order_lost_then_answered",
            "closes before the first response to an order with idempotenceID",
        )
        .plain(|visit| {
            visit.request();
            if visit.number > 0 {
                visit.send(ok(CREATED));
            }
        })
        .calls("create_id")
        .attempts(2),
        Behaviour::new(
            "order_refused_after_loss",
            "closes before the first response, then refuses the same id",
        )
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
        Behaviour::new(
            "order_never_answered",
            "closes before every response to an order with idempotenceID",
        )
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
        unknown(
            "invalid_utf8",
            "bytes that are not UTF-8",
            body(b"{\"isSuccess\":true,\"x\":\"\xff\"}"),
            "not_json",
        ),
        unknown(
            "gbk",
            "JSON in GBK",
            body(b"{\"isSuccess\":true,\"x\":\"\xce\xd6\xcd\xa8\"}"),
            "not_json",
        ),
        unknown("utf16", "JSON in UTF-16", body(b"\xff\xfe{\0\"\0"), "not_json"),
        unknown(
            "trailing_garbage",
            "text after the JSON",
            body(format!("{CREATED} x")),
            "not_json",
        ),
        unknown("two_answers", "the JSON twice", body(CREATED.repeat(2)), "not_json"),
        unknown(
            "cut_json",
            "half of the JSON, with a matching Content-Length",
            body(&CREATED[..20]),
            "not_json",
        ),
        unknown(
            "html",
            "an HTML page with status 200",
            body("<html>maintenance</html>"),
            "not_json",
        ),
        unknown("blank", "white space only", body("  \r\n "), "not_json"),
        unknown("json_text", "a JSON string", body("\"ok\""), "envelope"),
        unknown("json_array", "a JSON array", body("[1]"), "envelope"),
        unknown(
            "other_envelope",
            "another service's envelope",
            body(r#"{"code":0,"data":{}}"#),
            "envelope",
        ),
        unknown("success_null", "isSuccess: null", body(r#"{"isSuccess":null}"#), "envelope"),
        unknown(
            "success_other_text",
            r#"isSuccess: "yes""#,
            body(r#"{"isSuccess":"yes"}"#),
            "envelope",
        ),
        Behaviour::new("depth_64", "JSON 64 deep").plain(body(nested(62))).calls("create"),
        unknown("depth_65", "JSON 65 deep", body(nested(63)), "not_json"),
        unknown(
            "depth_100000",
            "JSON 100,000 deep and not closed",
            body("[".repeat(100_000)),
            "not_json",
        ),
        unknown(
            "gzip",
            "a compressed response that was not requested",
            framed(&format!("Content-Encoding: gzip\r\nContent-Length: {}\r\n", CREATED.len())),
            "http",
        ),
        Behaviour::new("byte_order_mark", "a byte order mark before the JSON")
            .plain(body(format!("\u{feff}{CREATED}")))
            .calls("create"),
        unknown(
            "failed_with_success",
            "status 500 with a success in the body",
            sends(answer(500, "", CREATED)),
            "http_status",
        ),
        unknown("bad_gateway", "502", sends(answer(502, "", "<html>")), "http_status"),
        unknown("gateway_timeout", "504", sends(answer(504, "", "")), "http_status"),
    ]
}

fn size() -> Vec<Behaviour> {
    let members = format!(r#"{{"isSuccess":true,{}"data":null}}"#, r#""":0,"#.repeat(209_000));
    let in_data =
        format!(r#"{{"isSuccess":true,"data":{{{}"orderID":"A1"}}}}"#, r#""":0,"#.repeat(209_000));
    vec![
        unknown(
            "too_large",
            "2 MB with a matching Content-Length",
            body(" ".repeat(2_000_000)),
            "too_large",
        ),
        unknown(
            "too_large_in_chunks",
            "endless chunks",
            Box::new(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                visit.flood(format!("1000\r\n{}\r\n", " ".repeat(4096)));
            }),
            "too_large",
        ),
        unknown(
            "length_of_an_exabyte",
            "a Content-Length of 1 EiB and an endless body",
            Box::new(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\nContent-Length: 1152921504606846976\r\n\r\n");
                visit.flood(" ".repeat(4096));
            }),
            "too_large",
        ),
        unknown(
            "endless_header",
            "an endless header line",
            Box::new(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\nX: ");
                visit.flood("x".repeat(4096));
            }),
            "too_large",
        ),
        unknown(
            "endless_headers",
            "endless header lines",
            Box::new(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\n");
                visit.flood("X: y\r\n".repeat(512));
            }),
            "too_large",
        ),
        unknown(
            "endless_chunk_extension",
            "an endless chunk extension",
            Box::new(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;");
                visit.flood("x".repeat(4096));
            }),
            "http",
        ),
        unknown("members", "209,000 members in the envelope", body(members), "envelope"),
        Behaviour::new("members_in_data", "209,000 members in data")
            .plain(body(in_data))
            .calls("create"),
        Behaviour::new("error_of_a_megabyte", "a refusal with a reason of 1 MB")
            .plain(body(format!(r#"{{"isSuccess":false,"errorMsg":"{}"}}"#, "x".repeat(1_000_000))))
            .calls("create")
            .answered("refused", "refused"),
    ]
}

fn meaning() -> Vec<Behaviour> {
    let success = |data: &str| body(format!(r#"{{"isSuccess":true,"data":{data}}}"#));
    let query = |name, does, answer| Behaviour::new(name, does).plain(answer);
    vec![
        unknown("data_missing", "success without data", body(r#"{"isSuccess":true}"#), "envelope"),
        unknown("data_null", "success with data null", success("null"), "envelope"),
        unknown("data_text", "success with a string as data", success("\"A1\""), "envelope"),
        unknown("order_id_missing", "success without an order id", success("{}"), "envelope"),
        unknown(
            "order_id_blank",
            "success with a blank order id",
            success(r#"{"orderID":" "}"#),
            "envelope",
        ),
        query("query_data_null", "success without an order id", success("null"))
            .answered("protocol", "envelope"),
        query("query_html", "an HTML page with status 200", body("<html>")).unusable("not_json"),
        query("query_refused", "isSuccess: false", body(r#"{"isSuccess":false}"#))
            .answered("refused", "refused"),
        query("no_certificate", "success without a certificate", success("{}"))
            .calls("retrieve")
            .answered("not_ready", "not_issued"),
        query("no_cancel_result", "success without cancelResult", success("{}"))
            .calls("cancel")
            .unknown_outcome("envelope"),
        query("not_cancelled", "cancelResult: false", success(r#"{"cancelResult":false}"#))
            .calls("cancel")
            .answered("refused", "refused"),
        query("no_new_order", "success without newOrderID", success("{}"))
            .calls("reissue")
            .unknown_outcome("envelope"),
        query("no_sent_result", "success without sentResult", success("{}"))
            .calls("email")
            .unknown_outcome("envelope"),
        query("cancel_lost", "reads the cancellation and closes", sends(""))
            .calls("cancel")
            .unknown_outcome("connection_lost")
            .says("query the order"),
        query("revoke_lost", "reads the revocation and closes", sends(""))
            .calls("revoke")
            .unknown_outcome("connection_lost"),
        query("reissue_lost", "reads the reissue and closes", sends(""))
            .calls("reissue")
            .unknown_outcome("connection_lost"),
        query("email_lost", "reads the notification and closes", sends(""))
            .calls("email")
            .unknown_outcome("connection_lost"),
    ]
}
