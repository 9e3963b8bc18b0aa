//! The customer's page behind `pendingLink` (section 3), where the CSR that an order lacks is submitted. The link is a
//! secret, and the page needs no token.

use hyper::{Method, StatusCode};

use super::Service;
use crate::certificate::csr::Csr;
use crate::http::reply::{HTML, Reply};
use crate::order::Order;
use crate::refusal::Refusal;
use crate::state::State;
use crate::time::Millis;

/// The largest form that is read, in bytes.
pub(super) const FORM_MAX: usize = 64 << 10;

/// The order with this link.
pub(super) fn order_of<'a>(state: &'a State, link: &str) -> Option<&'a Order> {
    state.orders.values().find(|order| order.link == link)
}

impl Service {
    /// The page of the order with this link. A POST submits the form.
    pub(super) fn customer_page(
        &self,
        link: &str,
        method: &Method,
        body: &[u8],
        now: Millis,
    ) -> Reply {
        let mut state = self.state(now);
        let Some(id) = order_of(&state, link).map(|order| order.id.clone()) else {
            return Reply::html(StatusCode::NOT_FOUND);
        };
        let mut refused = None;
        if method == Method::POST {
            let form = form_urlencoded::parse(body).find(|(name, _)| name == "csr");
            let csr = form.map_or_else(|| Err(Refusal::missing("csr")), |(_, pem)| Csr::read(&pem));
            refused = csr.and_then(|csr| state.submit_csr(&id, csr, now)).err();
        }
        let page = page(&state.orders[&id], refused.as_ref());
        Reply::new(StatusCode::OK, HTML, page.into_bytes())
    }
}

fn page(order: &Order, refused: Option<&Refusal>) -> String {
    let terms = &order.terms;
    let rows = [
        ("订单", order.id.as_str()),
        ("产品", terms.product().name),
        ("通用名称", &terms.common_name),
        ("单位", &terms.organization.name),
        ("状态", order.status.name()),
    ];
    let rows: String =
        rows.iter().map(|(name, value)| format!("<dt>{name}<dd>{}", escape(value))).collect();
    let alert = refused.map(|it| format!("<p role=alert>{}</p>", escape(it.message())));
    let form = "<form method=post><p><label>CSR（PEM）<br><textarea name=csr rows=12 cols=68 required>\
                </textarea></label></p><button>提交</button></form>";
    let form = if order.csr.is_none() && order.open() { form } else { "" };
    format!(
        "<!doctype html><html lang=zh><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width\"><title>沃通沙箱</title>\
         <h1>订单处理</h1>{}<dl>{rows}</dl>{form}</html>",
        alert.unwrap_or_default()
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
