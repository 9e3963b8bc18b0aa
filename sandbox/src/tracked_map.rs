//! A map that records which of its entries changed, so that only these are saved.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::collections::hash_map::Values;
use std::hash::Hash;
use std::ops::Index;

/// A map, and the keys of the entries that changed since they were last taken.
pub(crate) struct TrackedMap<K, V> {
    map: HashMap<K, V>,
    changed: Vec<K>,
}

impl<K: Eq + Hash + Clone, V> TrackedMap<K, V> {
    /// A map of entries that count as unchanged.
    pub(crate) fn unchanged(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self { map: entries.into_iter().collect(), changed: Vec::new() }
    }

    pub(crate) fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.map.get(key)
    }

    /// The entry, mutably. It counts as changed.
    pub(crate) fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        let entry = self.map.get_mut(key)?;
        self.changed.push(key.to_owned());
        Some(entry)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.changed.push(key.clone());
        self.map.insert(key, value);
    }

    pub(crate) fn values(&self) -> Values<'_, K, V> {
        self.map.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.map.len()
    }

    /// Removes all entries and the record of changes.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes the record of changes: `view` of each changed entry, once.
    pub(crate) fn take_changed<T>(&mut self, mut view: impl FnMut(&K, &V) -> T) -> Vec<T>
    where
        K: Ord,
    {
        let mut keys = std::mem::take(&mut self.changed);
        keys.sort_unstable();
        keys.dedup();
        keys.iter().filter_map(|key| Some(view(key, self.map.get(key)?))).collect()
    }

    /// Clears the record of changes.
    pub(crate) fn clear_changed(&mut self) {
        self.changed.clear();
    }
}

impl<K, V> Default for TrackedMap<K, V> {
    fn default() -> Self {
        Self { map: HashMap::new(), changed: Vec::new() }
    }
}

impl<K, V, Q> Index<&Q> for TrackedMap<K, V>
where
    K: Eq + Hash + Borrow<Q>,
    Q: Eq + Hash + ?Sized,
{
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        &self.map[key]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_changed_entry_is_taken_once() {
        let mut map = TrackedMap::unchanged([("a".to_owned(), 1), ("b".to_owned(), 2)]);
        let changed =
            |map: &mut TrackedMap<String, u8>| map.take_changed(|key, value| (key.clone(), *value));
        assert!(changed(&mut map).is_empty());
        map.insert("c".to_owned(), 3);
        for _ in 0..2 {
            *map.get_mut("a").unwrap() += 10;
        }
        assert_eq!(map.get("b"), Some(&2));
        assert_eq!(changed(&mut map), [("a".to_owned(), 21), ("c".to_owned(), 3)]);
        assert!(changed(&mut map).is_empty());
        map.insert("d".to_owned(), 4);
        map.clear_changed();
        assert!(changed(&mut map).is_empty() && map.len() == 4);
        map.insert("d".to_owned(), 4);
        map.clear();
        assert!(changed(&mut map).is_empty() && map.len() == 0);
    }
}
