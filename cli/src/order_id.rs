//! Comparing order ids.

use crate::lang::say;

/// Whether two ids name the same order. The service's own examples spell ids with and without dashes,
/// in both cases and with blanks.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let significant = |id: &str| -> String {
        id.chars()
            .filter(|c| *c != '-' && !c.is_whitespace())
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    significant(one) == significant(other)
}

/// A warning if the service answered with another order than the requested one.
pub(crate) fn mismatch_warning(requested: &str, answered: &str) -> Option<String> {
    (!is_same(requested, answered)).then(|| {
        say!(
            "the service answered with order {answered}, but {requested} was requested",
            "请求的是订单 {requested}，服务端返回的却是订单 {answered}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_compared_without_case_dashes_and_blanks() {
        assert!(is_same("A4A78326-0546-4602", " a4a7832605464602 "));
        assert!(!is_same("A4A78326-0546-4602", "A4A78326-0546-4603"));
        assert_eq!(mismatch_warning("A-1", "a1"), None);
        assert!(mismatch_warning("A-1", "a2").unwrap().contains("a2"));
    }
}
