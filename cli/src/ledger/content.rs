//! What the ledger keeps of an order's content.

use wotrus::OrderRequest;

use super::order::NewOrder;
use crate::failure::Result;

/// The body with the known fields that are not secret: without secrets, documents and unknown fields,
/// whose values may be secrets too.
pub(crate) fn public_body(order: &OrderRequest) -> Result<String> {
    let mut public = OrderRequest::default();
    public.info = order.info.clone();
    public.info.ukey_password = None;
    public.organization = order.organization.clone();
    public.organization.user_mobile = None;
    public.organization.id_card_no = None;
    Ok(public.preview()?)
}

/// What is recorded of an order before it is sent. It must have an idempotenceID.
pub(crate) fn recorded(base_url: &str, token: &str, order: &OrderRequest) -> Result<NewOrder> {
    Ok(NewOrder {
        base_url: base_url.to_owned(),
        idempotence_id: order.info.idempotence_id.clone().unwrap_or_default().trim().to_owned(),
        body: public_body(order)?,
        body_hmac: hex(&order.body_hmac(token.as_bytes())?),
        product_id: order.info.product_id.clone(),
        common_name: order.info.common_name.clone(),
        org_name: order.organization.org_name.clone(),
        months: order.info.month,
        import: None,
        renews: None,
    })
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_documents_and_unknown_fields_are_not_recorded() {
        let json = r#"{"orderinfoPost":{"productID":"p","commonName":"沃通","month":12,"idempotenceID":"i",
                "uKeyPassword":"secret-1","Hosts":["secret-2"]},
            "organizationPost":{"OrgName":"o","UserMobile":"secret-3","IDCardNO":"secret-4","city":"深圳",
                "more":"secret-5"},
            "documentsPost":[{"documentType":1,"fileType":".pdf","fileContent":"c2VjcmV0"}],"agent":"secret-6"}"#;
        let order = OrderRequest::from_json(json).unwrap();
        let recorded = recorded("https://x", "tk_secret", &order).unwrap();
        let text = format!("{recorded:?}");
        for part in ["secret", "c2VjcmV0", "Hosts", "more", "agent", "***"] {
            assert!(!text.contains(part), "{part} is in {text}");
        }
        assert!(recorded.body.contains("深圳") && recorded.body_hmac.len() == 64);
        let restored = OrderRequest::from_json(&recorded.body).unwrap();
        assert_eq!(restored.preview().unwrap(), recorded.body);
    }
}
