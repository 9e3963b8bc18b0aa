//! DER made for tests.

use super::der::{BIT_STRING, INTEGER, SEQUENCE};

/// An element in DER.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut der = vec![tag];
    match length {
        0..=127 => der.push(length as u8),
        _ => der.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    der.extend(content);
    der
}

/// A certificate of version 1 with these names and this key.
pub(super) fn certificate(subject: &str, issuer: &str, key: &str) -> Vec<u8> {
    let name = |text: &str| element(SEQUENCE, &element(0x0c, text.as_bytes()));
    let parts = [
        element(INTEGER, &[1]),
        element(SEQUENCE, &[]),
        name(issuer),
        element(SEQUENCE, &[]),
        name(subject),
        element(SEQUENCE, &element(BIT_STRING, key.as_bytes())),
    ];
    let tbs = element(SEQUENCE, &parts.concat());
    let rest = [element(SEQUENCE, &[]), element(BIT_STRING, &[0])];
    element(SEQUENCE, &[tbs, rest.concat()].concat())
}
