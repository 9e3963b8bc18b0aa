//! Orders through a gateway that loses one answer in ten: the service has created the order, and the
//! caller reads HTTP 503.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use wotrus::{Client, Delivery, Kind, OrderRequest, product};
use wotrus_sandbox::{Config, Sandbox};

const ORDERS: usize = 200;
const THREADS: usize = 8;

/// The service behind such a gateway. The seed makes every run the same.
fn gateway() -> (Sandbox, Client) {
    let sandbox = Sandbox::start(Config::immediate()).unwrap();
    sandbox.management().arm("status=503,when=after,on=create_order,percent=10").unwrap();
    let client =
        Client::builder().base_url(sandbox.http_url()).token(sandbox.token()).build().unwrap();
    (sandbox, client)
}

fn request(number: usize) -> OrderRequest {
    OrderRequest::new(product::PDF_SIGNING, format!("order-{number}"), 12, "gateway")
}

/// Calls `create` for every order number, from several threads.
fn for_each_order(create: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= ORDERS {
                        return;
                    }
                    create(number);
                }
            });
        }
    });
}

/// Asserts that the service has every order exactly once.
fn assert_each_exists_once(sandbox: &Sandbox) {
    let mut counts = HashMap::new();
    for order in sandbox.management().orders() {
        *counts.entry(order.common_name).or_insert(0_usize) += 1;
    }
    let duplicates = counts.values().filter(|count| **count > 1).count();
    assert_eq!(duplicates, 0, "{duplicates} of {ORDERS} orders exist more than once");
    assert_eq!(counts.len(), ORDERS);
}

/// How many requests reached the service, and how many of them were answered with 503.
fn requests(sandbox: &Sandbox) -> (usize, usize) {
    let journal = sandbox.management().journal();
    let lost = journal.iter().filter(|entry| entry.status == Some(503)).count();
    (journal.len(), lost)
}

#[test]
fn orders_without_idempotence_id_are_not_sent_again_after_503() {
    let (sandbox, client) = gateway();
    let failures = AtomicUsize::new(0);
    for_each_order(|number| {
        if let Err(error) = client.create_order(&request(number)) {
            assert_eq!(error.kind(), Kind::UnknownOutcome, "{error}");
            assert_eq!((error.delivery(), error.attempts()), (Delivery::Unknown, 1), "{error}");
            assert_eq!(error.http_status(), Some(503), "{error}");
            assert!(error.message().contains("do not send it again"), "{error}");
            failures.fetch_add(1, Ordering::Relaxed);
        }
    });
    assert_each_exists_once(&sandbox);
    let (sent, lost) = requests(&sandbox);
    assert_eq!(sent, ORDERS, "one request an order");
    assert!(lost >= ORDERS / 20, "only {lost} answers were lost");
    assert_eq!(failures.into_inner(), lost, "every lost answer is reported");
}

#[test]
fn orders_with_idempotence_id_are_sent_again_after_503_and_exist_once() {
    let (sandbox, client) = gateway();
    for_each_order(|number| {
        let mut order = request(number);
        order.info.idempotence_id = Some(format!("key-{number}"));
        // As a caller would: with the same id until the order's id is known.
        for call in 0.. {
            assert!(call < 10, "order {number} has no result");
            match client.create_order(&order) {
                Ok(_) => return,
                Err(error) => assert_eq!(error.kind(), Kind::UnknownOutcome, "{error}"),
            }
        }
    });
    assert_each_exists_once(&sandbox);
    let (sent, lost) = requests(&sandbox);
    assert!(lost >= ORDERS / 20, "only {lost} answers were lost");
    assert_eq!(sent, ORDERS + lost, "every lost answer costs one more request");
}
