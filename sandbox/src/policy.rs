//! What the document leaves open. Each point is a named policy with a default.

use std::fmt;

/// A point that the document leaves open, and the possible choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The name, as in `--policy name=value`.
    pub name: &'static str,
    /// The values. The first is the default.
    pub values: &'static [&'static str],
    /// The section of the document.
    pub section: &'static str,
    /// What the policy decides, and what each value means.
    pub meaning: &'static str,
    /// The same in Chinese.
    pub meaning_zh: &'static str,
}

impl Policy {
    /// The default value.
    #[must_use]
    pub fn default_value(&self) -> &'static str {
        self.values[0]
    }
}

/// Generates from one table an enum for each policy, the struct of all choices, and the printed list.
macro_rules! policies {
    ($($(#[doc = $doc:literal])+ $field:ident: $type:ident = $section:literal, $zh:literal
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

        /// The chosen value of each policy.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct Policies { $($(#[doc = $doc])+ pub $field: $type),+ }

        impl Policies {
            /// Chooses a value by name, as in `--policy name=value`.
            ///
            /// # Errors
            /// If the policy or the value does not exist. The error lists those that do.
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

            /// The chosen value of the policy with this name.
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
            meaning_zh: $zh,
        }),+];
    };
}

policies! {
    /// A create or reissue that repeats an idempotenceID with the same content.
    idempotence: Idempotence = "2, 7",
        "重复的 idempotenceID，内容相同。same：返回首次创建的订单；\
         refuse：拒绝。" {
        /// the response has the id of the first order.
        Same = "same",
        /// it is refused.
        Refuse = "refuse",
    }
    /// A create or reissue that repeats an idempotenceID with other content.
    idempotence_conflict: IdempotenceConflict = "2, 7",
        "重复的 idempotenceID，内容不同。refuse：拒绝；\
         same：返回首次创建的订单，忽略新内容。" {
        /// it is refused.
        Refuse = "refuse",
        /// the response has the id of the first order, and the new content is ignored.
        Same = "same",
    }
    /// What happens to the old order when its reissue is issued.
    reissue: Reissue = "7",
        "重新颁发签发后，原订单如何处理。\
         by_product：Sectigo 和 SM2 产品吊销，其他保留（该节的说明）；\
         revoke：一律吊销（该节的开头）；keep：一律保留。" {
        /// it is revoked for Sectigo and SM2 products, and kept for others (the section's note).
        ByProduct = "by_product",
        /// it is revoked for every product (the section's introduction).
        Revoke = "revoke",
        /// it is kept for every product.
        Keep = "keep",
    }
    /// A retrieve before the certificate is issued.
    not_issued: NotIssued = "4",
        "证书签发前取证书。refuse：isSuccess 为 false，并附说明；\
         result：isSuccess 为 true，data 中 result 为 false；\
         null：isSuccess 为 true，data 为 null。" {
        /// isSuccess is false, with a message.
        Refuse = "refuse",
        /// isSuccess is true, and `result` in data is false (a field of the table that the example does not show).
        Result = "result",
        /// isSuccess is true, and data is null.
        Null = "null",
    }
    /// How a retrieve writes the certificates that the product does not have.
    absent_certificates: AbsentCertificates = "4",
        "取证书时，产品没有的证书如何表示。null：null；empty：空字符串和空列表；\
         absent：省略字段。" {
        /// as null.
        Null = "null",
        /// as an empty string and an empty list.
        Empty = "empty",
        /// the fields are left out.
        Absent = "absent",
    }
    /// A retrieve of a revoked certificate.
    retrieve_revoked: RetrieveRevoked = "4",
        "取已吊销的证书。serve：返回；refuse：拒绝。" {
        /// it is returned.
        Serve = "serve",
        /// it is refused.
        Refuse = "refuse",
    }
    /// Which field of a create's response has the id of an order without an SM2 certificate.
    order_id_field: OrderIdField = "2",
        "非 SM2 订单的订单号放在哪个字段。orderID：orderID，另一个为 null；\
         orderID_RSA：orderID_RSA，另一个为 null。" {
        /// `orderID`; the other is null.
        OrderId = "orderID",
        /// `orderID_RSA`; the other is null.
        OrderIdRsa = "orderID_RSA",
    }
    /// The messages of a create that succeeded.
    create_messages: CreateMessages = "2",
        "下单成功时的消息。example：两者均为 string（同示例）；\
         table：errorMsg 为空（同表格）。" {
        /// both are the word `string`, as in the example.
        Example = "example",
        /// errorMsg is empty, as the table says.
        Table = "table",
    }
    /// The flow of an SSL order with domain validation only.
    dv_flow: DvFlow = "revision V1.03, 3",
        "仅验证域名的 SSL 订单的流程。\
         submitted：pendingSubmitOrderToCA、pendingDCV、pendingCAIssued；\
         auto_issue：pendingAutoIssue，随后自动签发。" {
        /// pendingSubmitOrderToCA, pendingDCV, pendingCAIssued, as the revision says.
        Submitted = "submitted",
        /// pendingAutoIssue (the status of the query's example), then issued automatically.
        AutoIssue = "auto_issue",
    }
    /// How an SSL order at pendingCAIssued is issued.
    ssl_issue: SslIssue = "revision V1.03",
        "pendingCAIssued 的 SSL 订单如何签发。\
         retrieve：CA 就绪后由取证书触发；auto：CA 就绪后自动签发。" {
        /// by a retrieve, once the CA is ready.
        Retrieve = "retrieve",
        /// automatically, once the CA is ready.
        Auto = "auto",
    }
    /// How a document-signing or PDF order at pendingCAIssued is issued.
    signing_issue: SigningIssue = "2",
        "pendingCAIssued 的文档签名和 PDF 订单如何签发。\
         auto：CA 就绪后自动签发；retrieve：CA 就绪后由取证书触发。" {
        /// automatically, once the CA is ready.
        Auto = "auto",
        /// by a retrieve, once the CA is ready.
        Retrieve = "retrieve",
    }
    /// An order without a CSR.
    missing_csr: MissingCsr = "2, 3",
        "没有 CSR 的订单。\
         ukey：签名产品由服务生成密钥（如 USB key），SSL 订单等待 CSR；\
         wait：等待在 pendingLink 或管理接口提交 CSR；refuse：拒绝。" {
        /// the service generates the key of a signing product, as on a USB key; SSL orders wait for the CSR.
        Ukey = "ukey",
        /// every order waits until a CSR is submitted at pendingLink or by the management interface.
        Wait = "wait",
        /// it is refused.
        Refuse = "refuse",
    }
    /// An order of a known SSL product whose commonName and Hosts contain neither a domain name nor an IP address.
    hostless_ssl: HostlessSsl = "2, revision V1.02",
        "commonName 和 Hosts 中既无域名也无 IP 地址的 SSL 订单。\
         refuse：拒绝；issue：签发不含主机名的证书，客户端均无法使用。" {
        /// it is refused.
        Refuse = "refuse",
        /// its certificate is issued without a host name, so no client can use it.
        Issue = "issue",
    }
    /// `isPay` of a new order.
    payment: Payment = "3",
        "新订单的 isPay。1：已支付；0：未支付；2：先签发后支付。" {
        /// 1, paid.
        Paid = "1",
        /// 0, unpaid.
        Unpaid = "0",
        /// 2, issued before it is paid.
        Later = "2",
    }
    /// The review at WoTrus. Orders with domain validation only have none.
    review: Review = "1.5, 3",
        "沃通审核（仅验证域名的订单无此步骤）。auto：到达设定时间后通过；\
         manual：等待管理接口操作。" {
        /// it passes after the configured delay.
        Auto = "auto",
        /// it waits for the management interface.
        Manual = "manual",
    }
    /// Domain control validation, whose endpoint RSADCV the document no longer describes.
    domain_validation: DomainValidation = "revision V1.03",
        "域名验证（文档已不再描述 RSADCV 接口）。auto：到达设定时间后通过；\
         manual：等待管理接口操作。" {
        /// it passes after the configured delay.
        Auto = "auto",
        /// it waits for the management interface.
        Manual = "manual",
    }
    /// The review of a revocation.
    revocation: Revocation = "6",
        "吊销审核。auto：到达设定时间后通过；manual：等待管理接口操作；\
         immediate：无审核，响应为 revoked。" {
        /// it passes after the configured delay.
        Auto = "auto",
        /// it waits for the management interface.
        Manual = "manual",
        /// there is none, and the response says `revoked`.
        Immediate = "immediate",
    }
    /// The push about a revocation, which revision V1.05 mentions without a description.
    revoked_push: RevokedPush = "8.1, revision V1.05",
        "吊销的推送（修订 V1.05 仅提及）。\
         issued：isIssued 与 isRevoked 均为 true；\
         alone：仅 isRevoked 为 true。" {
        /// isIssued and isRevoked are true.
        Issued = "issued",
        /// only isRevoked is true.
        Alone = "alone",
    }
    /// The contents of documents.
    document_content: DocumentContent = "2, 6, 7",
        "材料内容。any：任意 base64；\
         checked：开头必须与 fileType 相符。" {
        /// any base64 is accepted.
        Any = "any",
        /// they must begin as a file of their fileType does.
        Checked = "checked",
    }
    /// The body of a response with HTTP status 401.
    unauthorized: Unauthorized = "1.2",
        "HTTP 401 的响应体。html：网关风格的 HTML 页面；\
         json：isSuccess 为 false 的 JSON；empty：无响应体。" {
        /// an HTML page, as a gateway writes it.
        Html = "html",
        /// the envelope with isSuccess false.
        Json = "json",
        /// no body.
        Empty = "empty",
    }
    /// Numbers and booleans in responses.
    scalars: Scalars = "examples",
        "响应中的数字和布尔值。typed：JSON 数字和布尔值；text：字符串。" {
        /// as JSON numbers and booleans.
        Typed = "typed",
        /// as strings.
        Text = "text",
    }
    /// A request with a raw line break inside a string, as in the document's printed example.
    raw_newlines: RawNewlines = "2",
        "字符串中含未转义换行的请求（文档示例即如此）。\
         refuse：不是 JSON，返回 HTTP 400；accept：按已转义处理。" {
        /// it is not JSON: the response is HTTP status 400.
        Refuse = "refuse",
        /// it is read as if it were escaped.
        Accept = "accept",
    }
}

/// Every policy.
#[must_use]
pub fn policies() -> &'static [Policy] {
    TABLE
}

/// A policy or a value that does not exist. Its text lists those that do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPolicy(String);

impl UnknownPolicy {
    fn name(name: &str) -> Self {
        let known: Vec<_> = TABLE.iter().map(|policy| policy.name).collect();
        Self(format!("no policy `{name}`; the policies are {}", known.join(", ")))
    }

    fn value(name: &str, value: &str, known: &[&str]) -> Self {
        Self(format!("policy `{name}` has no value `{value}`; it is one of {}", known.join(", ")))
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
            assert!(policy.values.len() > 1, "{} has one value only", policy.name);
        }
    }

    #[test]
    fn an_unknown_name_or_value_lists_those_that_exist() {
        let mut policies = Policies::default();
        let name = policies.set("reissues", "keep").unwrap_err().to_string();
        assert!(name.contains("reissue,"), "{name}");
        let value = policies.set("reissue", "kept").unwrap_err().to_string();
        assert!(value.contains("by_product, revoke, keep"), "{value}");
        assert_eq!(policies, Policies::default());
    }

    #[test]
    fn the_chinese_meaning_explains_each_value() {
        for policy in policies() {
            for value in policy.values {
                let text = policy.meaning_zh;
                assert!(text.contains(&format!("{value}：")), "{}={value}: {text}", policy.name);
            }
        }
    }

    #[test]
    fn the_meaning_explains_each_value() {
        let reissue = TABLE.iter().find(|policy| policy.name == "reissue").unwrap();
        assert!(reissue.meaning.starts_with("What happens to the old order"));
        assert!(reissue.meaning.contains("`keep`: it is kept for every product."));
    }
}
