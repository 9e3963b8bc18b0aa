//! `wotrus order show`: the state of an order at the service.

use wotrus::{Answer, Order, PaymentStatus, Secret};

use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::lang::{say, yes_no};
use crate::order_status::status_text;
use crate::output::{Outcome, Table};
use crate::reply;
use crate::text::masked;

/// Show an order
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus order show a4a78326-0546-4602-9586-8ee3c05e8068"
    "wotrus --json order show \"$id\" | jq -r .data.status"
))]
pub(crate) struct Show {
    /// The order's id
    order: String,

    #[command(flatten)]
    secrets: ShowSecrets,
}

/// Whether the table shows secrets.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct ShowSecrets {
    /// Show pendingLink, phones and identity numbers in full
    #[arg(long)]
    pub(crate) show_secrets: bool,
}

impl Show {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let order = context.client()?.query_order(&self.order)?;
        Ok(outcome(&order, self.secrets))
    }
}

/// The result of a query. The table masks secrets; the JSON is the service's.
pub(crate) fn outcome(order: &Answer<Order>, ShowSecrets { show_secrets }: ShowSecrets) -> Outcome {
    reply::tell_warnings(order.reply());
    let mut table = Table::new();
    table.pair(say!("order", "订单"), Some(&order.value().id));
    table.pair(say!("number", "流水号"), order.value().order_number.as_ref());
    table.pair(say!("status", "状态"), Some(status_text(&order.value().status)));
    table.pair(say!("payment", "支付"), payment_text(&order.value().is_pay));
    table.pair(say!("product", "产品"), order.value().product_name.as_ref());
    table.pair(say!("product id", "产品编号"), order.value().product_id.as_ref());
    table.pair(say!("common name", "证书主题 CN"), order.value().common_name.as_ref());
    table.pair(say!("host names", "域名"), order.value().host_names.as_ref());
    table.pair(say!("months", "月数"), order.value().duration.map(|months| months.to_string()));
    table.pair(say!("created", "创建时间"), order.value().create_time.as_ref());
    table.pair(say!("CSR submitted", "已提交 CSR"), order.value().is_csr_submitted.map(yes_no));
    table.pair(say!("names validated", "域名已验证"), order.value().is_sn_verified.map(yes_no));
    table.pair(say!("documents uploaded", "材料已上传"), order.value().is_uploaded_pic.map(yes_no));
    if let Some(org) = &order.value().organization {
        let number = |secret: &Option<Secret>| {
            secret.as_ref().map(|secret| masked(secret.expose(), show_secrets))
        };
        let phone = org.org_phone.as_ref().map(|phone| masked(phone, show_secrets));
        let names = [&org.user_last_name, &org.user_first_name];
        let name: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
        table.pair(say!("organisation", "单位"), org.org_name.as_ref());
        table.pair(say!("  phone", "  电话"), phone);
        table.pair(say!("  e-mail", "  邮箱"), org.org_email.as_ref());
        table.pair(say!("applicant", "申请人"), Some(name.join(" ")));
        table.pair(say!("  mobile", "  手机"), number(&org.user_mobile));
        table.pair(say!("  e-mail", "  邮箱"), org.user_email.as_ref());
        table.pair(say!("  identity card", "  身份证号"), number(&org.id_card_number));
    }
    let link = order.value().pending_link.as_ref().filter(|link| !link.expose().is_empty());
    table.pair(
        say!("pendingLink", "待操作链接"),
        link.map(|link| match show_secrets {
            true => link.expose().to_owned(),
            false => {
                say!("(hidden; --show-secrets shows it)", "（已隐藏，可用 --show-secrets 显示）")
            }
        }),
    );
    reply::rows(&mut table, order.reply());
    Outcome { text: table.render(), json: reply::json(order.reply()) }
}

fn payment_text(payment: &PaymentStatus) -> Option<String> {
    Some(match payment {
        PaymentStatus::Unpaid => say!("unpaid", "未支付"),
        PaymentStatus::Paid => say!("paid", "已支付"),
        PaymentStatus::IssueFirst => say!("issued first, not paid yet", "先签发后支付，尚未支付"),
        other => return Some(other.as_str().to_owned()),
    })
}
