//! ureq as its README shows it: an agent, JSON as types. BENCH_TIMEOUT sets a global timeout.

use std::time::Duration;

use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig};
use wotrus_bench::json::{Answer, Certificates, Created, Order, Request, csr, encoded};
use wotrus_bench::{ORDER_ID, Outcome, Peer, TOKEN, run, setting};

#[derive(Clone)]
struct Client {
    agent: Agent,
    base_url: String,
    csr: String,
}

impl Client {
    fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> Outcome<T> {
        let request = self.agent.get(format!("{}{path}", self.base_url));
        let mut answer = request.header("WoTrusToken", TOKEN).call()?;
        answer.body_mut().read_json::<Answer<T>>()?.data()
    }
}

impl Peer for Client {
    /// Threads share an agent.
    fn another(&self) -> Outcome<Self> {
        Ok(self.clone())
    }

    fn query(&mut self, show: bool) -> Outcome {
        let order: Order = self.get(&format!("/v1/Order/{ORDER_ID}"))?;
        for field in order.fields() {
            if show {
                println!("{field}");
            }
        }
        Ok(())
    }

    fn create(&mut self, show: bool, document: Option<&str>) -> Outcome {
        let document = document.map(encoded).transpose()?;
        let request = self.agent.post(format!("{}/v1/Order/Create", self.base_url));
        let mut answer =
            request.header("WoTrusToken", TOKEN).send_json(Request::new(&self.csr, document))?;
        let created = answer.body_mut().read_json::<Answer<Created>>()?.data()?;
        if show {
            println!("{}", created.order_id);
        }
        Ok(())
    }

    fn fetch(&mut self, show: bool) -> Outcome {
        let path = format!("/v1/Certificate/RetrievePem?orderID={ORDER_ID}");
        let certificates: Certificates = self.get(&path)?;
        for text in certificates.texts() {
            if show {
                print!("{text}");
            }
        }
        Ok(())
    }
}

fn main() -> Outcome {
    let pem = std::fs::read(setting("BENCH_CA"))?;
    let mut roots = Vec::new();
    for item in ureq::tls::parse_pem(&pem) {
        if let PemItem::Certificate(root) = item? {
            roots.push(root);
        }
    }
    let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&roots)).build();
    let timeout = std::env::var("BENCH_TIMEOUT").ok();
    let timeout = timeout.map(|seconds| seconds.parse().map(Duration::from_secs)).transpose()?;
    let agent = Agent::config_builder().tls_config(tls).timeout_global(timeout).build().into();
    run(Client { agent, base_url: setting("BENCH_URL"), csr: csr()? })
}
