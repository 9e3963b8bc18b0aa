//! The customer's page behind `pendingLink` (section 3), which needs no token: where a CSR that the order lacks is
//! handed in.

use hyper::{Method, StatusCode};

use crate::csr::Csr;
use crate::envelope::Refusal;
use crate::order::Order;
use crate::reply::{HTML, Reply};
use crate::service::Service;
use crate::state::State;
use crate::time::Millis;

impl State {
    /// Hands in the CSR that an order waits for: it goes on from where it is.
    pub(crate) fn hand_in(&mut self, id: &str, csr: Csr, now: Millis) -> Result<(), Refusal> {
        let order = self.query(id)?;
        if order.csr.is_some() || !order.open() {
            return Err(Refusal::new("订单不需要提交 CSR"));
        }
        csr.check(&order.terms.product())?;
        let id = order.id.clone();
        if let Some(order) = self.orders.get_mut(&id) {
            order.csr = Some(csr);
        }
        self.plan(&id, now);
        self.advance(now);
        Ok(())
    }
}

impl Service {
    /// The page of the order with this link; a POST hands its form in.
    pub(crate) fn pending(&self, link: &str, method: &Method, body: &[u8], now: Millis) -> Reply {
        let mut turn = self.state(now);
        let Some(id) = turn.orders.values().find(|it| it.link == link).map(|it| it.id.clone())
        else {
            return Reply::html(StatusCode::NOT_FOUND);
        };
        let mut said = None;
        if method == Method::POST {
            let form = form_urlencoded::parse(body).find(|(name, _)| name == "csr");
            let csr = form.map_or_else(|| Err(Refusal::missing("csr")), |(_, pem)| Csr::read(&pem));
            said = csr.and_then(|csr| turn.hand_in(&id, csr, now)).err();
        }
        let page = page(&turn.orders[&id], said.as_ref());
        Reply::new(StatusCode::OK, HTML, page.into_bytes())
    }
}

fn page(order: &Order, said: Option<&Refusal>) -> String {
    let terms = &order.terms;
    let rows = [
        ("订单", order.id.as_str()),
        ("产品", terms.product().name),
        ("通用名称", &terms.common_name),
        ("单位", &terms.organization.name),
        ("状态", order.status.name()),
    ];
    let rows: String =
        rows.iter().map(|(name, value)| format!("<dt>{name}<dd>{}", escaped(value))).collect();
    let said = said.map(|it| format!("<p role=alert>{}</p>", escaped(it.message())));
    let form = "<form method=post><p><label>CSR（PEM）<br><textarea name=csr rows=12 cols=68 required>\
                </textarea></label></p><button>提交</button></form>";
    let form = if order.csr.is_none() && order.open() { form } else { "" };
    format!(
        "<!doctype html><html lang=zh><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width\"><title>沃通沙箱</title>\
         <h1>订单处理</h1>{}<dl>{rows}</dl>{form}</html>",
        said.unwrap_or_default()
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
