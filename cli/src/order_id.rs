//! Comparing order ids.

/// Whether two ids name the same order: case, dashes, braces and blanks do not count, because the
/// service's document spells ids in several ways.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let significant = |id: &str| -> String {
        id.chars()
            .filter(|c| !matches!(c, '-' | '{' | '}') && !c.is_whitespace())
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    significant(one) == significant(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_compared_without_case_dashes_and_blanks() {
        assert!(is_same("A4A78326-0546-4602", " a4a7832605464602 "));
        assert!(!is_same("A4A78326-0546-4602", "A4A78326-0546-4603"));
        assert!(is_same("{A4A78326-0546-4602}", "A4A78326-0546-4602"));
        assert!(!is_same("", "00000000-0000-0000-0000-000000000000"));
    }
}
