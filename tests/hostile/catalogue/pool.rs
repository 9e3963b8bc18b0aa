//! What a server does on a kept connection.

use super::{CREATED, QUERIED, answer, good, ok};
use crate::behaviour::Behaviour;
use crate::certificates::{RECORD, Shown};
use crate::server::Visit;

/// A response without a request, which a client must not take for the response to its next order.
const FAKE: &str = r#"{"isSuccess":true,"data":{"orderID":"FAKE","id":"FAKE"}}"#;

pub(super) fn all() -> Vec<Behaviour> {
    let on = |name, does| Behaviour::new(name, does).calls("query,pause:300,create");
    vec![
        on("kept", "keeps the connection").plain(good),
        on("leftover", "sends a second response with the first")
            .plain(|visit| first(visit, ok(QUERIED) + &ok(FAKE))),
        on(
            "leftover_at_once",
            "sends a second response with the first; no pause between the calls",
        )
        .plain(|visit| first(visit, ok(QUERIED) + &ok(FAKE)))
        .calls("query,create"),
        on("leftover_later", "sends a second response some time after the first").plain(|visit| {
            if visit.number > 0 {
                return good(visit);
            }
            visit.request();
            visit.send(ok(QUERIED));
            visit.pause(100);
            visit.send(ok(FAKE));
            visit.hold();
        }),
        on("leftover_under_tls", "the same under TLS").tls(Shown::Good, |visit| {
            if visit.number > 0 {
                return good(visit);
            }
            visit.request();
            visit.send(ok(QUERIED));
            visit.pause(100);
            visit.send(ok(FAKE));
            visit.hold();
        }),
        on("leftover_in_a_record", "a second response in the TLS record of the first")
            .tls(Shown::Good, |visit| first(visit, ok(QUERIED) + &ok(FAKE))),
        on("leftover_in_records", "a second response in TLS records of its own after the first")
            .tls(Shown::Good, |visit| {
                // The first ends at the end of a record; the second is longer than one record.
                let spare = RECORD - ok(&(QUERIED.to_owned() + &" ".repeat(999))).len() + 999;
                let queried = ok(&(QUERIED.to_owned() + &" ".repeat(spare)));
                assert_eq!(queried.len(), RECORD);
                first(visit, queried + &ok(&(FAKE.to_owned() + &" ".repeat(5000))));
            }),
        on(
            "close_notify_after_response",
            "sends close_notify after the response and keeps TCP open",
        )
        .tls(Shown::Good, |visit| {
            visit.request();
            visit.send(ok(if visit.number == 0 { QUERIED } else { CREATED }));
            visit.close_notify();
            visit.hold();
        }),
        on("leftover_after_chunks", "sends a second response after the last chunk").plain(
            |visit| {
                let chunks = format!("{:x}\r\n{QUERIED}\r\n0\r\n\r\n", QUERIED.len());
                first(
                    visit,
                    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}")
                        + &ok(FAKE),
                );
            },
        ),
        on("leftover_after_refusal", "sends a second response after a 429")
            .plain(|visit| first(visit, answer(429, "Retry-After: 0\r\n", "") + &ok(FAKE)))
            .calls("create")
            .attempts(2),
        on("leftover_line", "sends an empty line after the response")
            .plain(|visit| first(visit, ok(QUERIED) + "\r\n")),
        on("closed_when_idle", "closes the kept connection").plain(|visit| {
            visit.request();
            visit.send(ok(if visit.number == 0 { QUERIED } else { CREATED }));
        }),
        on("reset_when_idle", "resets the kept connection").plain(|visit| {
            visit.request();
            visit.send(ok(if visit.number == 0 { QUERIED } else { CREATED }));
            visit.pause(100);
            visit.reset();
        }),
        on("closed_when_idle_under_tls", "closes the kept connection with close_notify").tls(
            Shown::Good,
            |visit| {
                visit.request();
                visit.send(ok(if visit.number == 0 { QUERIED } else { CREATED }));
                visit.pause(100);
                visit.finish();
            },
        ),
        on("closed_by_an_order", "reads the order on the kept connection and closes")
            .plain(|visit| {
                visit.request();
                if visit.number == 0 {
                    visit.send(ok(QUERIED));
                    visit.request();
                }
            })
            .unknown_outcome("connection_lost"),
        on("reset_by_an_order", "resets the kept connection when the order arrives")
            .plain(|visit| {
                visit.request();
                if visit.number == 0 {
                    visit.send(ok(QUERIED));
                    visit.read(1);
                    visit.reset();
                }
            })
            .unknown_outcome("connection_lost"),
        on("closed_by_a_query", "reads a query on the kept connection and closes")
            .plain(|visit| {
                visit.request();
                visit.send(ok(QUERIED));
                if visit.number == 0 {
                    visit.request();
                }
            })
            .calls("query,query")
            .option("retries", "1")
            .attempts(2),
        on("connection_close_kept_open", "sends Connection: close and keeps the connection open")
            .plain(|visit| {
                if visit.number > 0 {
                    return good(visit);
                }
                visit.request();
                visit.send(answer(200, "Connection: close\r\n", QUERIED));
                visit.hold();
            }),
    ]
}

/// Answers the first request of the first connection with these bytes and then nothing more; later
/// connections are answered correctly.
fn first(visit: &mut Visit, bytes: String) {
    if visit.number > 0 {
        return good(visit);
    }
    visit.request();
    visit.send(bytes);
    visit.hold();
}
