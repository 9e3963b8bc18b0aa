//! Certificates and a CSR as text: parts that end in NUL, the leaf first and the CSR last.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wotrus_fuzz::certificates::check;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let parts: Vec<&str> = text.split('\0').collect();
    let (csr, rest) = parts.split_last().expect("split gives one part at least");
    let (leaf, chain) = rest.split_first().unwrap_or((csr, &[]));
    check(leaf, chain, csr);
});
