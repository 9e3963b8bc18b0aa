//! The products.

use uuid::{Uuid, uuid};

/// The kind of a product: it decides the flow of its orders and the profile of its certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// PDF signing and encryption, usually on a USB key.
    Pdf,
    /// Document signing.
    Signing,
    /// A server certificate after domain validation only.
    DvSsl,
    /// A server certificate for a validated organisation.
    OvSsl,
}

/// A product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Product {
    /// `productID` of an order.
    pub id: Uuid,
    /// `productName` of a query.
    pub name: &'static str,
    /// The kind.
    pub kind: Kind,
    /// Whether Sectigo issues it: a reissue then needs the proof file and revokes the old certificate (section 7).
    pub sectigo: bool,
    /// Whether it is for SM2 keys: then a signature certificate and an encryption certificate are issued, and a reissue
    /// works as for Sectigo products (section 7).
    pub sm2: bool,
}

impl Product {
    /// Whether a reissue needs the proof file and revokes the old certificate (the note of section 7).
    pub(crate) fn strict_reissue(&self) -> bool {
        self.sectigo || self.sm2
    }

    pub(crate) fn is_ssl(&self) -> bool {
        matches!(self.kind, Kind::DvSsl | Kind::OvSsl)
    }
}

/// The known products: those of the document (sections 2 and 3), then three of the sandbox.
#[must_use]
pub fn products() -> &'static [Product] {
    TABLE
}

/// The product of a GUID. The service sells more than the document lists, so an unknown one counts as OV SSL.
pub(crate) fn product(id: Uuid) -> Product {
    let known = TABLE.iter().find(|product| product.id == id);
    known.copied().unwrap_or(Product {
        id,
        name: "RSA SSL",
        kind: Kind::OvSsl,
        sectigo: false,
        sm2: false,
    })
}

/// Whether the GUID is that of one of [`products`].
pub(crate) fn is_known(id: Uuid) -> bool {
    TABLE.iter().any(|product| product.id == id)
}

static TABLE: &[Product] = &[
    Product {
        id: uuid!("76ECE651-B59E-48F2-A47B-135614AADAD9"),
        name: "PDF签名和加密证书",
        kind: Kind::Pdf,
        sectigo: false,
        sm2: false,
    },
    Product {
        id: uuid!("2C17C336-A772-42F8-B3DD-4F2591A5B116"),
        name: "单位文档签名证书",
        kind: Kind::Signing,
        sectigo: false,
        sm2: false,
    },
    Product {
        id: uuid!("D4D30B75-68D5-471C-B66A-21299F1DFAA5"),
        name: "个人文档签名证书",
        kind: Kind::Signing,
        sectigo: false,
        sm2: false,
    },
    Product {
        id: uuid!("30B3F256-9D2D-43C5-ABCB-017AA9D3CB6D"),
        name: "超快 SSL V1",
        kind: Kind::DvSsl,
        sectigo: false,
        sm2: false,
    },
    Product {
        id: uuid!("B0C0A6F2-0D5B-4C39-9E0B-6A1C5D3E7F01"),
        name: "沙箱 OV SSL",
        kind: Kind::OvSsl,
        sectigo: false,
        sm2: false,
    },
    Product {
        id: uuid!("B0C0A6F2-0D5B-4C39-9E0B-6A1C5D3E7F02"),
        name: "沙箱 Sectigo DV SSL",
        kind: Kind::DvSsl,
        sectigo: true,
        sm2: false,
    },
    Product {
        id: uuid!("B0C0A6F2-0D5B-4C39-9E0B-6A1C5D3E7F03"),
        name: "沙箱 SM2 SSL",
        kind: Kind::OvSsl,
        sectigo: false,
        sm2: true,
    },
];
