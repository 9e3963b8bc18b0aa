//! What the document leaves open, each a named choice instead of a silent guess.

use std::fmt;

/// One thing the document leaves open: what can be chosen and what the choices mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The name, as in `--policy name=value`.
    pub name: &'static str,
    /// The values; the first is the default.
    pub values: &'static [&'static str],
    /// The document's section that leaves it open.
    pub section: &'static str,
    /// What is decided, and what each value does.
    pub meaning: &'static str,
}

impl Policy {
    /// The value that holds unless another is chosen.
    #[must_use]
    pub fn default_value(&self) -> &'static str {
        self.values[0]
    }
}

/// Makes, of one table, an enum a policy, the struct that holds the choices, and the list that is printed.
macro_rules! policies {
    ($($(#[doc = $doc:literal])+ $field:ident: $type:ident = $section:literal
        { $($(#[doc = $value_doc:literal])+ $variant:ident = $value:literal),+ $(,)? })+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $type { $($(#[doc = $value_doc])+ $variant),+ }

            impl $type {
                const ALL: &'static [Self] = &[$(Self::$variant),+];
                const NAMES: &'static [&'static str] = &[$($value),+];
            }

            impl Default for $type {
                fn default() -> Self { Self::ALL[0] }
            }
        )+

        /// The choices in force, one a policy.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct Policies { $($(#[doc = $doc])+ pub $field: $type),+ }

        impl Policies {
            /// Chooses by name, as in `--policy name=value`.
            ///
            /// # Errors
            /// When there is no such policy, or it has no such value; says which there are.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), UnknownPolicy> {
                match name {
                    $(stringify!($field) => {
                        let index = $type::NAMES.iter().position(|known| *known == value);
                        self.$field = index.map(|index| $type::ALL[index]).ok_or_else(|| {
                            UnknownPolicy::value(name, value, $type::NAMES)
                        })?;
                    })+
                    _ => return Err(UnknownPolicy::name(name)),
                }
                Ok(())
            }

            /// The value in force, by the policy's name.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<&'static str> {
                match name {
                    $(stringify!($field) => Some($type::NAMES[self.$field as usize]),)+
                    _ => None,
                }
            }
        }

        static TABLE: &[Policy] = &[$(Policy {
            name: stringify!($field),
            values: $type::NAMES,
            section: $section,
            meaning: concat!($($doc,)+ $(" `", $value, "`:", $($value_doc),+),+).trim_ascii(),
        }),+];
    };
}

policies! {
    /// A create or reissue with an idempotenceID that was seen before, and the same content.
    idempotence: Idempotence = "2, 7" {
        /// the same order is answered.
        Same = "same",
        /// it is refused.
        Refuse = "refuse",
    }
    /// A create or reissue with an idempotenceID that was seen before, and other content.
    idempotence_conflict: IdempotenceConflict = "2, 7" {
        /// it is refused.
        Refuse = "refuse",
        /// the first order is answered, and the new content is forgotten.
        Same = "same",
    }
    /// What becomes of the old order once the order that reissues it is issued.
    reissue: Reissue = "7" {
        /// revoked for Sectigo products, kept for others (the section's note).
        ByProduct = "by_product",
        /// revoked for every product (the section's introduction).
        Revoke = "revoke",
        /// kept for every product.
        Keep = "keep",
    }
    /// A retrieve before the certificate is there.
    not_issued: NotIssued = "4" {
        /// isSuccess is false, with a message.
        Refuse = "refuse",
        /// isSuccess is true, and `result` in data is false (the table's field that the example lacks).
        Result = "result",
        /// isSuccess is true, and data is null.
        Null = "null",
    }
    /// How a retrieve shows the certificates that the product does not have.
    absent_certificates: AbsentCertificates = "4" {
        /// as null.
        Null = "null",
        /// as an empty string and an empty list.
        Empty = "empty",
        /// not at all.
        Absent = "absent",
    }
    /// A retrieve of a revoked certificate.
    retrieve_revoked: RetrieveRevoked = "4" {
        /// it is handed out.
        Serve = "serve",
        /// it is refused.
        Refuse = "refuse",
    }
    /// Which field of create's answer has the id of an order without an SM2 certificate.
    order_id_field: OrderIdField = "2" {
        /// `orderID`; the other is null.
        OrderId = "orderID",
        /// `orderID_RSA`; the other is null.
        OrderIdRsa = "orderID_RSA",
    }
    /// The messages of a create that succeeded.
    create_messages: CreateMessages = "2" {
        /// both are the word `string`, as in the example.
        Example = "example",
        /// errorMsg is empty, as the table says.
        Table = "table",
    }
    /// The start of an SSL order with domain validation.
    dv_flow: DvFlow = "revision V1.03, 3" {
        /// pendingSubmitOrderToCA, pendingDCV, pendingCAIssued, as the revision says.
        Submitted = "submitted",
        /// pendingAutoIssue, then issued by itself, as the query's example begins.
        AutoIssue = "auto_issue",
    }
    /// How an SSL order at pendingCAIssued becomes issued.
    ssl_issue: SslIssue = "revision V1.03" {
        /// a retrieve does it, once the CA is done.
        Retrieve = "retrieve",
        /// it happens by itself, once the CA is done.
        Auto = "auto",
    }
    /// Document-signing and PDF orders at pendingCAIssued.
    signing_issue: SigningIssue = "2" {
        /// become issued by themselves, once the CA is done.
        Auto = "auto",
        /// become issued by a retrieve, once the CA is done.
        Retrieve = "retrieve",
    }
    /// An order without a CSR.
    missing_csr: MissingCsr = "2, 3" {
        /// signing products get a key made by the service, as on a USB key; SSL orders wait for the CSR.
        Ukey = "ukey",
        /// every order waits in its first state until its customer hands in a CSR at pendingLink, or the management side does.
        Wait = "wait",
        /// it is refused.
        Refuse = "refuse",
    }
    /// `isPay` of a new order.
    payment: Payment = "3" {
        /// 1, paid.
        Paid = "1",
        /// 0, unpaid.
        Unpaid = "0",
        /// 2, issued first and not paid yet.
        Later = "2",
    }
    /// The review at WoTrus (of domain-validated orders there is none).
    review: Review = "1.5, 3" {
        /// passes after the configured delay.
        Auto = "auto",
        /// waits for the management side.
        Manual = "manual",
    }
    /// Domain control validation, whose endpoint RSADCV the document no longer describes.
    domain_validation: DomainValidation = "revision V1.03" {
        /// passes after the configured delay.
        Auto = "auto",
        /// waits for the management side.
        Manual = "manual",
    }
    /// The audit of a revocation.
    revocation: Revocation = "6" {
        /// passes after the configured delay.
        Auto = "auto",
        /// waits for the management side.
        Manual = "manual",
        /// there is none: the answer says `revoked`.
        Immediate = "immediate",
    }
    /// The push that tells of a revocation (revision V1.05 only names it).
    revoked_push: RevokedPush = "8.1, revision V1.05" {
        /// isIssued stays true beside isRevoked.
        Issued = "issued",
        /// isRevoked alone is true.
        Alone = "alone",
    }
    /// The contents of documents.
    document_content: DocumentContent = "2, 6, 7" {
        /// anything that is base64.
        Any = "any",
        /// must begin as their fileType does.
        Checked = "checked",
    }
    /// The body beside HTTP status 401.
    unauthorized: Unauthorized = "1.2" {
        /// a page of HTML, as a gateway writes it.
        Html = "html",
        /// the envelope, isSuccess false.
        Json = "json",
        /// nothing.
        Empty = "empty",
    }
    /// Numbers and booleans in answers.
    scalars: Scalars = "examples" {
        /// as JSON has them.
        Typed = "typed",
        /// as strings.
        Text = "text",
    }
    /// A request with a raw line break inside a string, as the document prints its example.
    raw_newlines: RawNewlines = "2" {
        /// it is not JSON, and answered with HTTP status 400.
        Refuse = "refuse",
        /// it is read as if escaped.
        Accept = "accept",
    }
}

/// Every policy, in the order of the document's life of an order.
#[must_use]
pub fn policies() -> &'static [Policy] {
    TABLE
}

/// A policy that does not exist, or a value it does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPolicy(String);

impl UnknownPolicy {
    fn name(name: &str) -> Self {
        let known: Vec<_> = TABLE.iter().map(|policy| policy.name).collect();
        Self(format!("no policy `{name}`; there are {}", known.join(", ")))
    }

    fn value(name: &str, value: &str, known: &[&str]) -> Self {
        Self(format!("policy `{name}` cannot be `{value}`; it is one of {}", known.join(", ")))
    }
}

impl fmt::Display for UnknownPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UnknownPolicy {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_every_policy_can_be_chosen_and_read_back() {
        for policy in policies() {
            assert_eq!(Policies::default().get(policy.name), Some(policy.default_value()));
            for value in policy.values {
                let mut policies = Policies::default();
                policies.set(policy.name, value).unwrap();
                assert_eq!(policies.get(policy.name), Some(*value));
            }
            assert!(policy.values.len() > 1, "{} is no choice", policy.name);
        }
    }

    #[test]
    fn unknown_names_and_values_say_what_there_is() {
        let mut policies = Policies::default();
        let name = policies.set("reissues", "keep").unwrap_err().to_string();
        assert!(name.contains("reissue,"), "{name}");
        let value = policies.set("reissue", "kept").unwrap_err().to_string();
        assert!(value.contains("by_product, revoke, keep"), "{value}");
        assert_eq!(policies, Policies::default());
    }

    #[test]
    fn the_list_explains_each_value() {
        let reissue = TABLE.iter().find(|policy| policy.name == "reissue").unwrap();
        assert!(reissue.meaning.starts_with("What becomes of the old order"));
        assert!(reissue.meaning.contains("`keep`: kept for every product."));
    }
}
