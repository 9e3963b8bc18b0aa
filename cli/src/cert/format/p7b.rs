//! PKCS#7 without signatures and content, which carries certificates (`.p7b`).

use wotrus::pki::Block;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Encode, Tag, Tagged};

use crate::der::{constructed, context, members, sequence, tagged};

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// Whether the block contains PKCS#7.
pub(crate) fn is_pkcs7(block: &Block<'_>) -> bool {
    ["PKCS7", "PKCS #7", "CMS"].iter().any(|start| block.label().starts_with(start))
}

/// The certificates, each in DER, in the order of the file; `None` if it is not PKCS#7 in DER.
pub(crate) fn certificates(p7b: &[u8]) -> Option<Vec<Vec<u8>>> {
    let outer = sequence(p7b)?;
    let [content_type, ..] = &outer[..] else { return None };
    if content_type.decode_as::<ObjectIdentifier>().ok()? != SIGNED_DATA {
        return None;
    }
    let signed_data = sequence(tagged(&outer, 0)?)?;
    // The set is not sorted in the files of most programs, although DER asks for it.
    let certificates = members(tagged(&signed_data, 0).unwrap_or_default())?;
    // Members with another tag are attribute certificates and other forms.
    let x509 = certificates.iter().filter(|it| it.tag() == Tag::Sequence);
    x509.map(|it| it.to_der().ok()).collect()
}

/// The certificates in this order.
pub(crate) fn p7b(certificates: &[&[u8]]) -> Option<Vec<u8>> {
    const VERSION_1: &[u8] = &[2, 1, 1];
    let none = constructed(Tag::Set, &[])?;
    let no_content = constructed(Tag::Sequence, &[&DATA.to_der().ok()?])?;
    let certificates = constructed(context(0), certificates)?;
    let signed_data =
        constructed(Tag::Sequence, &[VERSION_1, &none, &no_content, &certificates, &none])?;
    let content = constructed(context(0), &[&signed_data])?;
    constructed(Tag::Sequence, &[&SIGNED_DATA.to_der().ok()?, &content])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_keep_their_order_and_their_bytes() {
        let (one, two) = ([0x30, 3, 2, 1, 9], [0x30, 3, 2, 1, 1]);
        let p7b = p7b(&[&one, &two]).unwrap();
        assert_eq!(certificates(&p7b).unwrap(), [one, two]);
        assert_eq!(certificates(&p7b[1..]), None);
        assert_eq!(certificates(&one), None);
    }
}
