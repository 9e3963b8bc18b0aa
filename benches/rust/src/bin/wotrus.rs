//! libwotrus by its Rust interface, with all defaults.

use wotrus::{DocumentType, OrderRequest};
use wotrus_bench::{ORDER_ID, Outcome, Peer, TOKEN, json, run, setting};

#[derive(Clone)]
struct Client {
    client: wotrus::Client,
    csr: String,
}

impl Peer for Client {
    /// Threads share a client.
    fn another(&self) -> Outcome<Self> {
        Ok(self.clone())
    }

    fn query(&mut self, show: bool) -> Outcome {
        let order = self.client.query_order(ORDER_ID)?.into_inner();
        let organization = order.organization.as_ref().and_then(|org| org.org_name.as_deref());
        let fields = [
            Some(order.id.as_str()),
            order.common_name.as_deref(),
            organization,
            order.create_time.as_deref(),
            Some(order.status.as_str()),
        ];
        for field in fields {
            let field = field.ok_or("a field is missing")?;
            if show {
                println!("{field}");
            }
        }
        Ok(())
    }

    fn create(&mut self, show: bool, document: Option<&str>) -> Outcome {
        let mut order = OrderRequest::new(
            wotrus::product::PDF_SIGNING,
            "沃通电子认证服务有限公司",
            12,
            "刘大强",
        );
        order.info.csr_rsa = Some(self.csr.clone());
        order.info.idempotence_id = Some("order-4711".into());
        let organization = &mut order.organization;
        organization.org_phone = Some("18610077459".into());
        organization.org_email = Some("ldq@wotrus.com".into());
        organization.user_first_name = Some("大强".into());
        organization.user_last_name = Some("刘".into());
        organization.user_email = Some("ldq@wotrus.com".into());
        organization.user_mobile = Some("18610077459".into());
        organization.country_code = Some("CN".into());
        if let Some(path) = document {
            let document = wotrus::Document::from_path(path)?;
            order.add_document(DocumentType::BusinessLicence, document);
        }
        let created = self.client.create_order(&order)?;
        if show {
            println!("{}", created.value().id());
        }
        Ok(())
    }

    fn fetch(&mut self, show: bool) -> Outcome {
        let certificates = self.client.retrieve_certificate(ORDER_ID)?;
        for (_, bundle) in certificates.value().iter() {
            for text in std::iter::once(bundle.pem()).chain(bundle.chain().iter().map(|t| &**t)) {
                if show {
                    print!("{text}");
                }
            }
        }
        Ok(())
    }
}

fn main() -> Outcome {
    let client = wotrus::Client::builder()
        .token(TOKEN)
        .base_url(setting("BENCH_URL"))
        .ca_file(setting("BENCH_CA"))
        .build()?;
    run(Client { client, csr: json::csr()? })
}
