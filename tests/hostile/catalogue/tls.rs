//! Servers that must not be trusted, and failing TLS handshakes.

use super::good;
use crate::behaviour::{Behaviour, World};
use crate::certificates::Shown;

/// A ServerHello of TLS 1.0 (1) or 1.1 (2) for TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA.
fn old_hello(minor: u8) -> Vec<u8> {
    let mut hello = vec![0x16, 3, minor, 0, 42, 2, 0, 0, 38, 3, minor];
    hello.extend([7; 32]);
    hello.extend([0, 0xc0, 0x13, 0]);
    hello
}

pub(super) fn all(_: &World) -> Vec<Behaviour> {
    let on = |name, does| Behaviour::new(name, does).calls("create");
    let shows = |name, does, shown| on(name, does).tls(shown, good).not_sent("tls");
    let says = |name, does, bytes: Vec<u8>| {
        on(name, does)
            .under_tls(move |visit| {
                visit.read(1);
                visit.send(&bytes);
                visit.finish();
            })
            .not_sent("tls")
    };
    vec![
        on("tls", "a valid certificate from the CA in ca_file").tls(Shown::Good, good),
        shows("expired", "an expired certificate", Shown::Expired).says("expired"),
        shows("not_yet_valid", "a certificate that is not valid yet", Shown::NotYetValid)
            .says("not valid yet"),
        shows("wrong_host", "a certificate for another host", Shown::WrongHost).says("base_url"),
        shows("common_name_only", "the host in the common name only", Shown::CommonNameOnly)
            .says("base_url"),
        shows("unknown_ca", "a certificate from an unknown CA", Shown::UnknownCa).says("ca_file"),
        shows("self_signed", "a self-signed certificate", Shown::SelfSigned).says("ca_file"),
        shows("for_clients", "a certificate for client authentication only", Shown::ForClients),
        shows("private_ca", "a valid certificate from a private CA; no ca_file", Shown::Good)
            .without_ca()
            .says("ca_file"),
        says("tls_1_0", "TLS 1.0", old_hello(1)).says("no TLS 1.2"),
        says("tls_1_1", "TLS 1.1", old_hello(2)).says("no TLS 1.2"),
        says("tls_refused", "the alert protocol_version", vec![0x15, 3, 1, 0, 2, 2, 70])
            .says("no TLS 1.2"),
        says("no_tls", "plain HTTP on the TLS port", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())
            .says("does not speak TLS"),
        says("tls_garbage", "garbage on the TLS port", vec![0xee; 300]).says("does not speak TLS"),
        on("tls_closed", "closes during the handshake, every time")
            .under_tls(|visit| {
                visit.read(1);
                visit.finish();
            })
            .attempts(3)
            .not_sent("connection_lost"),
        on("tls_reset", "resets the connection during the handshake, every time")
            .under_tls(|visit| {
                visit.read(1);
                visit.reset();
            })
            .attempts(3)
            .not_sent("connection_lost"),
    ]
}
