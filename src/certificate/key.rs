//! Public keys in a form that is equal where two keys are the same, however they are encoded.

use super::der::{BIT_STRING, OID, Reader};

/// rsaEncryption (1.2.840.113549.1.1.1)
pub(super) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// id-ecPublicKey (1.2.840.10045.2.1)
pub(super) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// A public key. Two are equal if they are the same key: the parameters of RSA may be NULL or
/// absent, and a point on a curve may be compressed or not.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PublicKey {
    algorithm: Vec<u8>,
    parameters: Vec<u8>,
    key: Vec<u8>,
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo in DER, as certificates and requests contain it; `None` if it is
    /// not one.
    pub fn from_spki(der: &[u8]) -> Option<Self> {
        let spki = Spki::parse(der)?;
        let key = match spki.key {
            [4, point @ ..] if spki.algorithm == EC && point.len() % 2 == 0 => {
                let (x, y) = point.split_at(point.len() / 2);
                [&[2 | y.last()? & 1], x].concat()
            }
            other => other.to_vec(),
        };
        let parameters = if spki.algorithm == RSA { &[] } else { spki.parameters };
        Some(Self { algorithm: spki.algorithm.to_vec(), parameters: parameters.to_vec(), key })
    }
}

/// The parts of a SubjectPublicKeyInfo.
pub(super) struct Spki<'a> {
    /// The algorithm's object identifier, without tag and length.
    pub(super) algorithm: &'a [u8],
    /// The algorithm's parameters in DER; empty if there are none.
    pub(super) parameters: &'a [u8],
    /// The key's bits.
    pub(super) key: &'a [u8],
}

impl<'a> Spki<'a> {
    pub(super) fn parse(der: &'a [u8]) -> Option<Self> {
        let mut whole = Reader::new(der).sequence()?;
        let mut algorithm = whole.sequence()?;
        let oid = algorithm.expect(OID)?.content;
        // The first byte counts unused bits, and no key has any.
        let key = whole.expect(BIT_STRING)?.content.strip_prefix(&[0])?;
        Some(Self { algorithm: oid, parameters: algorithm.rest(), key })
    }
}

#[cfg(test)]
mod tests {
    use super::super::der::SEQUENCE;
    use super::super::x509::tests::element;
    use super::*;

    fn key(oid: &[u8], parameters: &[u8], bits: &[u8]) -> PublicKey {
        let algorithm = element(SEQUENCE, &[&element(OID, oid), parameters].concat());
        let bits = element(BIT_STRING, &[&[0], bits].concat());
        PublicKey::from_spki(&element(SEQUENCE, &[algorithm, bits].concat())).unwrap()
    }

    #[test]
    fn the_same_key_is_equal_in_each_encoding() {
        assert!(key(RSA, &[5, 0], b"k") == key(RSA, &[], b"k"));
        assert!(key(RSA, &[], b"k") != key(RSA, &[], b"l"));
        let (curve, other) = ([6, 1, 42], [6, 1, 43]);
        assert!(key(EC, &curve, &[4, 7, 8, 1, 3]) == key(EC, &curve, &[3, 7, 8]));
        assert!(key(EC, &curve, &[4, 7, 8, 1, 2]) == key(EC, &curve, &[2, 7, 8]));
        assert!(key(EC, &curve, &[4, 7, 8, 1, 3]) != key(EC, &curve, &[2, 7, 8]));
        assert!(key(EC, &curve, &[2, 7, 8]) != key(EC, &other, &[2, 7, 8]));
        assert!(PublicKey::from_spki(&[0x30, 0]).is_none());
    }
}
