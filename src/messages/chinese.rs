//! The Chinese templates.

/// Each English template, and on the next line its Chinese one.
const TEMPLATES: &str = include_str!("zh.txt");

/// The templates of [`TEMPLATES`] in pairs, each English one with its Chinese one.
pub(super) fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut lines = TEMPLATES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    std::iter::from_fn(move || lines.next().zip(lines.next()))
}

/// The Chinese template for an English one.
pub(super) fn of(template: &str) -> Option<&'static str> {
    pairs().find(|(english, _)| *english == template).map(|(_, chinese)| chinese)
}
