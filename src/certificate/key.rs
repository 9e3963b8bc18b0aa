//! Public keys in a form that is equal where two keys are the same, however they are encoded.

use std::borrow::Cow;

use ring::digest;

use super::der::{BIT_STRING, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE};

/// rsaEncryption (1.2.840.113549.1.1.1)
pub(super) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// id-ecPublicKey (1.2.840.10045.2.1)
pub(super) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// The object identifiers of named curves, in DER: secp256r1, secp384r1, secp521r1 and SM2.
pub(super) const P256: &[u8] = &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
pub(super) const P384: &[u8] = &[6, 5, 0x2b, 0x81, 0x04, 0x00, 0x22];
const P521: &[u8] = &[6, 5, 0x2b, 0x81, 0x04, 0x00, 0x23];
const SM2: &[u8] = &[6, 8, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d];

/// A public key. Two are equal if they are the same key: the parameters of RSA may be NULL or
/// absent, a point on a curve may be compressed or not, and a curve may be named or described by its
/// parameters.
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
        let key = if spki.algorithm == EC { compressed(spki.key) } else { spki.key.into() };
        let parameters = if spki.algorithm == RSA { &[] } else { spki.parameters };
        Some(Self {
            algorithm: spki.algorithm.to_vec(),
            parameters: parameters.to_vec(),
            key: key.into_owned(),
        })
    }
}

/// A point on a curve in its compressed form: the x coordinate, and whether y is odd.
fn compressed(point: &[u8]) -> Cow<'_, [u8]> {
    match point {
        [4, coordinates @ .., last] if coordinates.len() % 2 == 1 => {
            let x = &coordinates[..coordinates.len().div_ceil(2)];
            [&[2 | last & 1], x].concat().into()
        }
        other => other.into(),
    }
}

/// The name of a curve that is described by its parameters (SpecifiedECDomain), which old programs
/// write; `None` for other curves. All parameters are compared: with another generator, anybody can
/// make a key that has the same point as a given one.
fn curve_name(parameters: &[u8]) -> Option<&'static [u8]> {
    /// The first half of the SHA-256 of each curve's parameters, with the generator in its long and in
    /// its compressed form.
    const NAMES: [(u128, u128, &[u8]); 4] = [
        (
            0x2e09_6bba_3317_ffda_e9ac_b794_98de_e901,
            0xb97e_c03d_dc06_3508_c6b7_7faf_bcc0_4517,
            P256,
        ),
        (
            0x0006_d6b6_c84b_e63e_0820_7e5d_f521_260f,
            0xd41a_5121_b74c_e609_fd6d_0d9a_07d0_d6f9,
            P384,
        ),
        (
            0x384f_7294_72f7_34b8_50ab_4b48_06b9_dbd9,
            0xcd2c_d26a_014f_cae5_8fbd_77b6_4dd9_d84d,
            P521,
        ),
        (0x6c07_f5cc_7e03_96b7_d846_2db5_fdff_3057, 0x3349_6497_fcf5_2146_b30d_bc13_3338_c75a, SM2),
    ];
    let mut domain = Reader::new(parameters).sequence()?;
    domain.expect(INTEGER)?; // version
    let field = domain.expect(SEQUENCE)?.whole;
    let mut curve = domain.sequence()?;
    let (a, b) = (curve.expect(OCTET_STRING)?.whole, curve.expect(OCTET_STRING)?.whole);
    let base = domain.expect(OCTET_STRING)?.content;
    let order = domain.expect(INTEGER)?.whole;
    let whole = [field, a, b, order, base].concat();
    let hash = digest::digest(&digest::SHA256, &whole);
    let hash = u128::from_be_bytes(*hash.as_ref().first_chunk()?);
    NAMES.iter().find(|(long, short, _)| [*long, *short].contains(&hash)).map(|(.., name)| *name)
}

/// The parts of a SubjectPublicKeyInfo.
pub(super) struct Spki<'a> {
    /// The algorithm's object identifier, without tag and length.
    pub(super) algorithm: &'a [u8],
    /// The algorithm's parameters in DER; empty if there are none. A known curve is named.
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
        let parameters = algorithm.rest();
        Some(Self { algorithm: oid, parameters: curve_name(parameters).unwrap_or(parameters), key })
    }
}

#[cfg(test)]
mod tests {
    use super::super::der::SEQUENCE;
    use super::super::samples::element;
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
