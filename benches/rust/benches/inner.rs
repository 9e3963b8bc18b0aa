//! The inner parts of the library: an order's body as it is sent, an answer's envelope, a chain put
//! in a server's order. `make bench-inner`.
#![allow(missing_docs, reason = "Criterion's macros write a public function")]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wotrus::{Document, DocumentType, OrderRequest, inner};

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    std::fs::read_to_string(folder.join(name)).expect("the fixture is there")
}

fn body(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("body");
    let small = OrderRequest::from_json(&fixture("create_request.json")).expect("an order");
    group.bench_function("small", |bencher| bencher.iter(|| inner::body(black_box(&small))));
    let megabyte = 1024 * 1024;
    let mut large = small.clone();
    let document = Document::from_bytes(vec![0x5a; megabyte], ".pdf").expect("a document");
    large.add_document(DocumentType::BusinessLicence, document);
    group.throughput(Throughput::Bytes(megabyte as u64));
    group.bench_function("1 MiB document", |bencher| {
        bencher.iter(|| inner::body(black_box(&large)));
    });
    group.finish();
}

fn envelope(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("envelope");
    for name in ["query_response.json", "create_response.json"] {
        let answer = fixture(name);
        group.throughput(Throughput::Bytes(answer.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| inner::envelope(black_box(&answer))));
    }
    group.finish();
}

fn chain(criterion: &mut Criterion) {
    let answer = include_str!("../../fixtures/certificates.json");
    let certificates = inner::certificates(answer).expect("certificates");
    let bundle = certificates.rsa.as_ref().expect("an RSA certificate");
    let mut group = criterion.benchmark_group("chain");
    group.bench_function("read the answer", |bencher| {
        bencher.iter(|| inner::certificates(black_box(answer)));
    });
    group.bench_function("full chain", |bencher| {
        bencher.iter(|| black_box(bundle).full_chain().expect("a chain"));
    });
    group.finish();
}

criterion_group!(benches, body, envelope, chain);
criterion_main!(benches);
