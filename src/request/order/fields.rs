//! The known fields of an order: `orderinfoPost` and `organizationPost`.

use crate::fields::wire_struct;
use crate::secret::Secret;

/// The product GUIDs that the document names. The service sells others; any GUID can be ordered.
pub mod product {
    /// PDF signing and encryption.
    pub const PDF_SIGNING: &str = "76ECE651-B59E-48F2-A47B-135614AADAD9";
    /// Document signing for an organisation.
    pub const ORGANIZATION_DOCUMENT_SIGNING: &str = "2C17C336-A772-42F8-B3DD-4F2591A5B116";
    /// Document signing for a person.
    pub const PERSONAL_DOCUMENT_SIGNING: &str = "D4D30B75-68D5-471C-B66A-21299F1DFAA5";
}

wire_struct! {
    /// The product, the subject and the validity (`orderinfoPost`).
    pub struct OrderInfo {
        /// The product's GUID. Required; [`product`] has those that the document names.
        "productID" => product_id: String,
        /// The subject's CN, usually the organisation's name. Required.
        "commonName" => common_name: String,
        /// The certificate signing request, PKCS#10 in PEM, for an RSA or an ECC key. Line
        /// endings and line lengths do not matter.
        "csR_RSA" => csr_rsa: Option<String>,
        /// The password of the USB key, for a PDF certificate that is stored on one.
        "uKeyPassword" => ukey_password: Option<Secret>,
        /// The address that the USB key is mailed to.
        "uKeyShipAddress" => ukey_ship_address: Option<String>,
        /// The validity in months: 12 or 24; 13 or 25 for a renewal that adds the remaining time of
        /// the old certificate. Required.
        "month" => month: u32,
        /// Your own id of this order, such as a database key. With it the order can be sent again
        /// safely after a lost answer: it is created once. Empty counts as none.
        "idempotenceID" => idempotence_id: Option<String>,
    }
}

wire_struct! {
    /// The organisation that the certificate is for (`organizationPost`).
    pub struct Organization {
        /// The registered name. Required.
        "OrgName" => org_name: String,
        /// `Business Entity` (sole trader), `Private Organization` (enterprise), `Government
        /// Entity` or `Non-Commercial Entity`.
        "BusinessCategory" => business_category: Option<String>,
        /// The organisation's phone.
        "OrgPhone" => org_phone: Option<String>,
        /// The organisation's e-mail address.
        "OrgEmail" => org_email: Option<String>,
        /// The applicant's given name.
        "UserFirstName" => user_first_name: Option<String>,
        /// The applicant's family name.
        "UserLastName" => user_last_name: Option<String>,
        /// The applicant's e-mail address.
        "UserEmail" => user_email: Option<String>,
        /// The applicant's mobile phone.
        "UserMobile" => user_mobile: Option<Secret>,
        /// The applicant's identity card number.
        "IDCardNO" => id_card_no: Option<Secret>,
        /// The country, two letters: `CN`, `US`, `JP`, …
        "countryCode" => country_code: Option<String>,
        /// The province.
        "state" => state: Option<String>,
        /// The city.
        "city" => city: Option<String>,
        /// The street address.
        "street" => street: Option<String>,
        /// The postal code.
        "zip" => zip: Option<String>,
        /// The unified social credit code (a number, not a file).
        "businessLicense" => business_license: Option<String>,
        /// Another name of the organisation.
        "OtherName" => other_name: Option<String>,
    }
}
