//! Base64, with SIMD where the base64 crate has it.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
type Base64 = base64::engine::Simd;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type Base64 = base64::engine::GeneralPurpose;

thread_local! {
    /// One engine for each thread: a shared one would be initialised under a lock, and a process
    /// forked at that moment would wait for the lock for ever.
    static BASE64: Base64 = {
        // Missing or superfluous padding is common in what people paste.
        let padding = DecodePaddingMode::Indifferent;
        let config = GeneralPurposeConfig::new().with_decode_padding_mode(padding);
        #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
        let engine = Base64::standard(config);
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let engine = Base64::new(&base64::alphabet::STANDARD, config);
        engine
    };
}

/// Appends `bytes` as padded base64 to `out`.
pub(crate) fn encode(bytes: &[u8], out: &mut String) {
    BASE64.with(|engine| engine.encode_string(bytes, out));
}

/// Decodes base64 with or without padding; `None` if it is not base64.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    BASE64.with(|engine| engine.decode(text)).ok()
}

#[cfg(test)]
mod tests {
    use base64::engine::GeneralPurpose;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

        /// Whichever processor it runs on.
        #[test]
        fn every_engine_writes_and_reads_the_same(
            bytes in prop::collection::vec(any::<u8>(), 0..400),
            changed in prop::option::of((any::<prop::sample::Index>(), "[-=+/A \n_.é]")),
        ) {
            let mode = DecodePaddingMode::Indifferent;
            let config = GeneralPurposeConfig::new().with_decode_padding_mode(mode);
            let scalar = GeneralPurpose::new(&base64::alphabet::STANDARD, config);
            let mut text = String::new();
            encode(&bytes, &mut text);
            prop_assert_eq!(&text, &scalar.encode(&bytes));
            if let Some((at, with)) = changed.filter(|_| !text.is_empty()) {
                let at = at.index(text.len());
                text.replace_range(at..at + 1, &with);
            }
            prop_assert_eq!(decode(text.as_bytes()), scalar.decode(&text).ok());
        }
    }
}
