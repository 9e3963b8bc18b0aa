//! Refusals during an upload, and redirects.

use super::{CREATED, answer};
use crate::behaviour::{Behaviour, World};
use crate::certificates::Shown;
use crate::server::Visit;

const MEBIBYTE: usize = 1024 * 1024;

/// Reads the head, sends 100 Continue, and reads `count` bytes of the document.
fn begin(visit: &mut Visit, count: usize) {
    visit.head();
    visit.send("HTTP/1.1 100 Continue\r\n\r\n");
    visit.read(count);
}

/// Reads and discards the rest.
fn drain(visit: &mut Visit) {
    while visit.read(4096).is_some() {}
}

pub(super) fn all(world: &World) -> Vec<Behaviour> {
    let upload = format!("upload:{}", world.document.display());
    let on = |name, does| Behaviour::new(name, does).calls(&upload);
    let unauthorized = || answer(401, "", r#"{"isSuccess":false,"errorMsg":"token"}"#);
    let large = || answer(413, "", "too large");
    let mut all = vec![
        on("401_before_the_document", "sends 401 instead of 100 Continue and keeps the connection")
            .plain(move |visit| {
                visit.head();
                visit.send(unauthorized());
                drain(visit);
            })
            .answered("auth", "http_status"),
        on("401_and_close", "sends 401 instead of 100 Continue and closes")
            .plain(move |visit| {
                visit.head();
                visit.send(unauthorized());
            })
            .answered("auth", "http_status"),
        on(
            "success_before_the_document",
            "sends 200 instead of 100 Continue, before any byte of the document",
        )
        .plain(move |visit| {
            visit.head();
            visit.send(answer(200, "", CREATED));
            drain(visit);
        })
        .unknown_outcome("http"),
        on("success_in_the_document", "sends 200 after 1 MiB and continues reading")
            .plain(move |visit| {
                begin(visit, MEBIBYTE);
                visit.send(answer(200, "", CREATED));
                drain(visit);
            })
            .unknown_outcome("http"),
        on(
            "401_in_the_document",
            "sends 401 after 1 MiB, continues reading and keeps the connection",
        )
        .plain(move |visit| {
            begin(visit, MEBIBYTE);
            visit.send(unauthorized());
            drain(visit);
        })
        .answered("auth", "http_status"),
        on("413_in_the_document", "sends 413 after 1 MiB and continues reading")
            .plain(move |visit| {
                begin(visit, MEBIBYTE);
                visit.send(large());
                drain(visit);
            })
            .answered("protocol", "http_status"),
        on("413_and_stop", "sends 413 after 1 MiB, stops reading and keeps the connection")
            .plain(move |visit| {
                begin(visit, MEBIBYTE);
                visit.send(large());
                visit.hold();
            })
            .answered("protocol", "http_status"),
        on("413_and_close", "sends 413 after 1 MiB and closes with unread data")
            .plain(move |visit| {
                begin(visit, MEBIBYTE);
                visit.send(large());
                visit.pause(200);
            })
            .answered("protocol", "http_status"),
        on(
            "413_and_half_close",
            "sends 413 after 1 MiB, closes its sending direction and continues reading",
        )
        .plain(move |visit| {
            begin(visit, MEBIBYTE);
            visit.send(large());
            visit.finish();
        })
        .answered("protocol", "http_status"),
        on(
            "413_unasked",
            "sends no 100 Continue; sends 413 during the document and keeps the connection",
        )
        .plain(move |visit| {
            visit.head();
            visit.read(MEBIBYTE);
            visit.send(large());
            visit.hold();
        })
        .answered("protocol", "http_status"),
        on(
            "413_under_tls",
            "under TLS, sends 413 after 1 MiB, stops reading and keeps the connection",
        )
        .tls(Shown::Good, move |visit| {
            begin(visit, MEBIBYTE);
            visit.send(large());
            visit.hold();
        })
        .answered("protocol", "http_status"),
        on(
            "413_under_tls_and_close",
            "under TLS, sends 413 after 1 MiB and closes with unread data",
        )
        .tls(Shown::Good, move |visit| {
            begin(visit, MEBIBYTE);
            visit.send(large());
            visit.pause(200);
        })
        .answered("protocol", "http_status"),
        on("503_in_the_document", "sends 503 after 1 MiB, every time")
            .plain(|visit| {
                begin(visit, MEBIBYTE);
                visit.send(answer(503, "Retry-After: 60\r\n", ""));
                visit.hold();
            })
            .answered("protocol", "http_status"),
        on("upload_reset", "resets the connection after 1 MiB, every time")
            .plain(|visit| {
                begin(visit, MEBIBYTE);
                visit.reset();
            })
            .attempts(3)
            .not_sent("connection_lost"),
        on("upload_closed", "closes after 1 MiB, every time")
            .tls(Shown::Good, |visit| begin(visit, MEBIBYTE))
            .attempts(3)
            .not_sent("connection_lost"),
        on("document_taken", "accepts the complete document").plain(super::good),
        on("document_taken_under_tls", "accepts the complete document under TLS")
            .tls(Shown::Good, super::good)
            .timeout(20),
    ];
    let elsewhere = world.elsewhere;
    for (name, status, calls) in [
        ("redirect_301", 301, "create"),
        ("redirect_302", 302, "create"),
        ("redirect_303", 303, "create_id"),
        ("redirect_307", 307, "create"),
        ("redirect_308", 308, "query"),
        ("redirect_302_to_a_query", 302, "query"),
    ] {
        let location = format!("Location: http://127.0.0.1:{elsewhere}/v1/Order/Create\r\n");
        all.push(
            Behaviour::new(name, "redirects to another address")
                .plain(move |visit| {
                    visit.request();
                    visit.send(answer(status, &location, ""));
                })
                .calls(calls)
                .answered("protocol", "redirect")
                .says("base_url"),
        );
    }
    all.push(
        Behaviour::new("redirect_to_itself", "redirects to itself, every time")
            .plain(|visit| {
                while visit.request().is_some() {
                    visit.send(answer(302, "Location: /v1/Order/A1\r\n", ""));
                }
            })
            .answered("protocol", "redirect"),
    );
    all
}
