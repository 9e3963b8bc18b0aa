//! Ids in answers and pushes. .NET writes an absent id as the GUID of zeros.

use crate::messages::{Message, message};
use crate::validation;

/// The id without blanks around it; `None` if it is empty or all zeros, as a GUID in any of its
/// spellings (`{0x00000000,0x0000,…}` is one) or as the number 0.
pub(crate) fn present(id: &str) -> Option<&str> {
    let mut previous = ' ';
    let is_absent = id.chars().all(|c| {
        let after_zero = std::mem::replace(&mut previous, c) == '0';
        match c {
            '0' | '-' | '{' | '}' | '(' | ')' | ',' => true,
            'x' | 'X' => after_zero,
            _ => c.is_whitespace(),
        }
    });
    (!is_absent).then(|| id.trim())
}

/// The id without blanks around it, or why it is not usable, as in "is empty".
pub(crate) fn usable(id: &str) -> Result<&str, Message> {
    match validation::id_problem(id.trim()) {
        Some(problem) => Err(problem),
        None => present(id).ok_or_else(|| message!("is all zeros, which stands for no id")),
    }
}

/// Whether two ids name the same order: case, dashes, braces and blanks do not count.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    fn significant(id: &str) -> impl Iterator<Item = char> {
        let kept = id.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '{' | '}'));
        kept.map(|c| c.to_ascii_lowercase())
    }
    one == other || significant(one).eq(significant(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_in_every_spelling_of_a_guid_are_absent() {
        for absent in [
            "",
            " \t",
            "0",
            "00000000-0000-0000-0000-000000000000",
            "{00000000-0000-0000-0000-000000000000}",
            "(00000000-0000-0000-0000-000000000000)",
            "00000000000000000000000000000000",
            " 00000000-0000-0000-0000-000000000000\n",
            "{0x00000000,0x0000,0x0000,{0x00,0X00,0x00,0x00,0x00,0x00,0x00,0x00}}",
        ] {
            assert_eq!(present(absent), None, "{absent:?}");
        }
        for id in ["1", "00000000-0000-0000-0000-000000000001", "O", "0a", "x", "null", "A0x0"] {
            assert_eq!(present(&format!(" {id} ")), Some(id));
        }
    }

    #[test]
    fn an_id_with_a_control_character_is_unusable() {
        assert_eq!(usable(" A1 "), Ok("A1"));
        for (id, problem) in [
            (" ", "is empty"),
            ("0", "is all zeros"),
            ("a\u{1b}[2J", "contains a control character"),
            ("..", "is a path"),
        ] {
            assert!(usable(id).unwrap_err().to_string().starts_with(problem));
        }
    }

    #[test]
    fn spellings_of_a_guid_are_the_same_id() {
        let id = "89cb4bf6-3e53-4b49-9ab9-92d578144260";
        for same in [
            "89CB4BF6-3E53-4B49-9AB9-92D578144260 ",
            "{89cb4bf63e534b499ab992d578144260}",
            "89cb4bf6 3e53 4b49 9ab9 92d578144260",
        ] {
            assert!(is_same(id, same), "{same}");
        }
        assert!(!is_same(id, "89cb4bf6-3e53-4b49-9ab9-92d578144261"));
        assert!(!is_same("A1", "A10"));
    }
}
