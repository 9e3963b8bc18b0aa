//! A range of a list: `limit` and `skip` of the management API.

/// Which entries of a list are returned.
#[derive(Clone, Copy)]
pub(super) struct Range {
    pub(super) skip: usize,
    pub(super) limit: usize,
}

/// The entries of a range, and how many the whole list has.
pub(super) struct Part<T> {
    pub(super) total: usize,
    pub(super) items: Vec<T>,
}

impl Range {
    pub(super) const ALL: Self = Self { skip: 0, limit: usize::MAX };

    /// Converts the entries of the range by `view`.
    pub(super) fn of<T, R>(self, whole: &[T], view: impl FnMut(&T) -> R) -> Part<R> {
        let items = whole.iter().skip(self.skip).take(self.limit).map(view).collect();
        Part { total: whole.len(), items }
    }
}
