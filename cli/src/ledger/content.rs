//! What the ledger keeps of an order's content.

use wotrus::{OrderRequest, ReissueRequest};

use super::order::{NewOrder, Order, Reissue};
use crate::failure::Result;
use crate::json::Json;

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
        reissue: None,
    })
}

/// The same for a reissue. `reissued` is the order whose certificate it replaces, if the ledger has it.
pub(crate) fn recorded_reissue(
    base_url: &str,
    token: &str,
    reissue: &ReissueRequest,
    reissued: Option<&Order>,
) -> Result<NewOrder> {
    // Without the proof and unknown fields.
    let body = Json::new()
        .with("orderID", reissue.order_id.trim())
        .with("csr", &reissue.csr)
        .with("csR_Encrypt", &reissue.csr_encrypt)
        .with("reason", &reissue.reason)
        .with("idempotenceID", &reissue.idempotence_id);
    let text = |get: fn(&Order) -> &String| reissued.map(get).cloned().unwrap_or_default();
    Ok(NewOrder {
        base_url: base_url.to_owned(),
        idempotence_id: reissue.idempotence_id.clone().unwrap_or_default().trim().to_owned(),
        body: body.object(),
        body_hmac: hex(&reissue.body_hmac(token.as_bytes())?),
        product_id: text(|it| &it.product_id),
        common_name: text(|it| &it.common_name),
        org_name: text(|it| &it.org_name),
        months: reissued.map_or(0, |it| it.months),
        import: None,
        renews: None,
        reissue: Some(Reissue {
            order_id: reissue.order_id.trim().to_owned(),
            first: reissued.map(|it| it.reissues.unwrap_or(it.row)),
        }),
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
