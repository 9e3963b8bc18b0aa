//! DER made for tests, and changed by them.

use super::der::{BIT_STRING, INTEGER, OID, Reader, SEQUENCE};
use super::key::PublicKey;
use super::x509::Certificate;

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

/// Changes each byte that describes the curve of a key. Only those of the version, the seed, the cofactor and
/// a length, which then ends inside the cofactor, may leave it the same: 1, 23, 3 and 1 bytes.
pub(super) fn every_parameter_of_the_curve_counts(certificate: &Certificate) {
    let spki = certificate.spki_der();
    let mut algorithm = Reader::new(spki).sequence().unwrap().sequence().unwrap();
    algorithm.expect(OID).unwrap();
    let parameters = algorithm.rest();
    let start = spki.windows(parameters.len()).position(|window| window == parameters).unwrap();
    let is_same = |at: &usize| {
        let mut spki = spki.to_vec();
        spki[*at] ^= 1;
        PublicKey::from_spki(&spki) == certificate.public_key()
    };
    let same: Vec<usize> = (0..parameters.len()).filter(|at| is_same(&(start + at))).collect();
    assert!(same.len() <= 28, "{same:?} of {parameters:02x?}");
}
