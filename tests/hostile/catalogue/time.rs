//! Slow servers.

use super::{CREATED, answer, good, ok};
use crate::behaviour::{Behaviour, World};
use crate::certificates::Shown;
use crate::server::Visit;

pub(super) fn all(world: &World) -> Vec<Behaviour> {
    let on = |name, does| Behaviour::new(name, does).timeout(1);
    let upload = format!("upload:{}", world.document.display());
    let certificate = world.certificates.server(Shown::Good);
    let mut all = vec![
        on("full_backlog", "accepts no more connections").full_backlog().not_sent("timeout"),
        on("tls_never_starts", "accepts the connection and sends nothing")
            .under_tls(|visit| visit.hold())
            .calls("create")
            .not_sent("timeout"),
        on("tls_never_finishes", "begins its ServerHello and stops")
            .under_tls(|visit| {
                visit.send(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03");
                visit.hold();
            })
            .calls("create")
            .not_sent("timeout"),
        on("tls_by_the_byte", "sends its handshake one byte at a time")
            .under_tls(move |visit| visit.tls_by_the_byte(certificate.clone()))
            .calls("create")
            .not_sent("timeout"),
        on("tls_then_silence", "completes the handshake, reads the order and sends nothing")
            .tls(Shown::Good, |visit| {
                visit.request();
                visit.hold();
            })
            .calls("create")
            .unknown_outcome("timeout"),
        on("silence", "reads the order and sends nothing")
            .plain(|visit| {
                visit.request();
                visit.hold();
            })
            .calls("create")
            .unknown_outcome("timeout")
            .says("do not send it again"),
        on("silence_to_a_query", "reads the query and sends nothing")
            .plain(|visit| {
                visit.request();
                visit.hold();
            })
            .no_answer("timeout"),
        on("one_byte_then_silence", "sends one byte")
            .plain(|visit| {
                visit.request();
                visit.send("H");
                visit.hold();
            })
            .calls("create")
            .unknown_outcome("timeout"),
        on("head_by_the_byte", "sends the response head one byte at a time")
            .plain(|visit| {
                visit.request();
                visit.drip(format!("HTTP/1.1 200 OK\r\nX: {}\r\n", "x".repeat(9000)));
            })
            .calls("create")
            .unknown_outcome("timeout"),
        on("body_by_the_byte", "sends the response body one byte at a time")
            .plain(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n");
                visit.drip(" ".repeat(9000));
            })
            .calls("create")
            .unknown_outcome("timeout"),
        on("chunks_by_the_byte", "sends chunks of one byte, a few a second")
            .plain(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                visit.drip("1\r\n \r\n".repeat(9000));
            })
            .calls("create")
            .unknown_outcome("timeout"),
        on("tls_answer_by_the_byte", "sends the response under TLS, one byte a record")
            .tls(Shown::Good, |visit| {
                visit.request();
                visit.drip(ok(&" ".repeat(9000)));
            })
            .calls("create")
            .unknown_outcome("timeout"),
        on("endless_100", "sends 100 Continue every 5 ms")
            .plain(|visit| {
                visit.request();
                while visit.send("HTTP/1.1 100 Continue\r\n\r\n") {
                    visit.pause(5);
                }
            })
            .calls("create")
            .unknown_outcome("timeout"),
        on("flood_of_100", "sends 100 Continue continuously")
            .plain(|visit| {
                visit.request();
                visit.flood("HTTP/1.1 100 Continue\r\n\r\n");
            })
            .calls("create")
            .unknown_outcome("timeout")
            .or("too_large"),
        on("flood_of_103", "sends 103 Early Hints continuously, under TLS")
            .tls(Shown::Good, |visit| {
                visit.request();
                visit.flood("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
            })
            .calls("create")
            .unknown_outcome("timeout")
            .or("too_large"),
        on("flood_of_trailers", "sends trailers continuously after the last chunk")
            .plain(|visit| {
                visit.request();
                visit.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
                visit.flood("X: y\r\n".repeat(512));
            })
            .calls("create")
            .unknown_outcome("timeout"),
        on("upload_not_read", "sends 100 Continue and reads nothing of the document")
            .plain(|visit| {
                visit.head();
                visit.send("HTTP/1.1 100 Continue\r\n\r\n");
                visit.hold();
            })
            .calls(&upload)
            .not_sent("timeout"),
        on("upload_never_asked_for", "does not answer Expect: 100-continue and reads nothing")
            .timeout(2)
            .plain(|visit| {
                visit.head();
                visit.hold();
            })
            .calls(&upload)
            .not_sent("timeout"),
        on("upload_read_slowly", "reads the document at 50 KiB/s")
            .plain(|visit| {
                visit.head();
                visit.send("HTTP/1.1 100 Continue\r\n\r\n");
                while visit.read(1024).is_some() {
                    visit.pause(20);
                }
            })
            .calls(&upload)
            .not_sent("timeout"),
        on("upload_read_steadily", "reads the document at 5 MiB/s, too slowly for the timeout")
            .plain(|visit| {
                visit.head();
                visit.send("HTTP/1.1 100 Continue\r\n\r\n");
                while visit.read(100 * 1024).is_some() {
                    visit.pause(20);
                }
            })
            .calls(&upload)
            .not_sent("timeout"),
        on("upload_stops_under_tls", "reads 1 MiB of the document under TLS and stops")
            .tls(Shown::Good, |visit| {
                visit.head();
                visit.send("HTTP/1.1 100 Continue\r\n\r\n");
                visit.read(1024 * 1024);
                visit.hold();
            })
            .calls(&upload)
            .not_sent("timeout"),
        on("upload_during_100s", "sends 100 Continue continuously instead of reading")
            .plain(|visit| {
                visit.head();
                visit.flood("HTTP/1.1 100 Continue\r\n\r\n");
            })
            .calls(&upload)
            .not_sent("timeout"),
        on("busy_for_an_hour", "sends 429 with Retry-After: 3600")
            .plain(|visit| {
                visit.request();
                visit.send(answer(429, "Retry-After: 3600\r\n", ""));
            })
            .calls("create")
            .answered("protocol", "http_status"),
        on("busy_then_ready", "sends 429 with Retry-After: 1, then accepts the order")
            .timeout(5)
            .plain(then_ready(429))
            .calls("create")
            .attempts(2),
        on("unavailable_for_an_hour", "sends 503 with Retry-After: 3600")
            .plain(|visit| {
                visit.request();
                visit.send(answer(503, "Retry-After: 3600\r\n", ""));
            })
            .calls("create")
            .unknown_outcome("http_status"),
        on("unavailable_then_ready", "sends 503 with Retry-After: 1, then would accept the order")
            .timeout(5)
            .plain(then_ready(503))
            .calls("create")
            .unknown_outcome("http_status"),
        on(
            "unavailable_then_ready_with_id",
            "sends 503 with Retry-After: 1, then accepts the order",
        )
        .timeout(5)
        .plain(then_ready(503))
        .calls("create_id")
        .attempts(2),
        on("slow_but_in_time", "sends the response one byte at a time, within the timeout")
            .timeout(5)
            .plain(|visit| {
                visit.request();
                visit.drip(ok(CREATED));
            })
            .calls("create"),
        on("nobody_listens", "refuses connections").not_sent("connect"),
        on("nobody_listens_to_an_order", "refuses connections, every time")
            .timeout(5)
            .calls("create")
            .attempts(3)
            .not_sent("connect"),
    ];
    if let Some(slow_dns) = &world.slow_dns {
        all.push(
            on("slow_dns", "the look-up of the host name takes five seconds")
                .url("https://slow.wotrus.test")
                .environment("LD_PRELOAD", slow_dns.display().to_string())
                .calls("create")
                .not_sent("timeout")
                .says("resolving"),
        );
    }
    all.push(on("good", "answers correctly").timeout(5).plain(good).calls("create"));
    all
}

/// Answers the first request with this status and `Retry-After: 1`, and accepts the second.
fn then_ready(status: u16) -> impl Fn(&mut Visit) + Send + Sync + 'static {
    move |visit| {
        visit.request();
        if visit.number == 0 {
            visit.send(answer(status, "Retry-After: 1\r\nConnection: close\r\n", ""));
        } else {
            visit.send(ok(CREATED));
        }
    }
}
