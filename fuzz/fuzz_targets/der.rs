//! Certificates and a CSR as DER: parts with their length in two bytes before each, the leaf first and
//! the CSR last. Their order, names and keys decide about the chain.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wotrus_fuzz::certificates::{check, pem};

fn parts(mut data: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    while let Some((length, rest)) = data.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length)).min(rest.len());
        let (part, behind) = rest.split_at(length);
        parts.push(part);
        data = behind;
    }
    parts
}

fuzz_target!(|data: &[u8]| {
    let parts = parts(data);
    let Some((csr, certificates)) = parts.split_last() else { return };
    let certificates: Vec<String> =
        certificates.iter().map(|der| pem("CERTIFICATE", der)).collect();
    let certificates: Vec<&str> = certificates.iter().map(String::as_str).collect();
    let Some((leaf, chain)) = certificates.split_first() else { return };
    check(leaf, chain, &pem("CERTIFICATE REQUEST", csr));
});
