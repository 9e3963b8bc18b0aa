//! Describes the status of an order.

use wotrus::OrderStatus;

use crate::lang::say;

/// The service's name of the status, followed by its meaning if it is a documented one.
pub(crate) fn status_text(status: &OrderStatus) -> String {
    let meaning = match status {
        OrderStatus::PendingAutoIssue => {
            say!("issued automatically after domain validation", "完成域名验证后自动签发")
        }
        OrderStatus::Pending => say!("waiting for manual review", "等待人工审核"),
        OrderStatus::PendingSubmitOrderToCa => say!("under review at WoTrus", "沃通审核中"),
        OrderStatus::PendingDcv => say!("waiting for domain validation", "等待域名验证"),
        OrderStatus::PendingCaIssued => say!("waiting for the CA", "等待 CA 签发"),
        OrderStatus::Issued => say!("the certificate can be fetched", "已签发，可获取证书"),
        OrderStatus::PendingRevoke => say!("revocation under review", "吊销申请人工审核中"),
        OrderStatus::Revoked => say!("the certificate is revoked", "证书已吊销"),
        OrderStatus::Rejected => {
            say!("rejected, no certificate will be issued", "已拒绝，不会签发证书")
        }
        OrderStatus::Closed => {
            say!("closed, no certificate will be issued", "已关闭，不会签发证书")
        }
        _ => return status.as_str().to_owned(),
    };
    let status = status.as_str();
    say!("{status} ({meaning})", "{status}（{meaning}）")
}
