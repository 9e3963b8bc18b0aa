//! A map that notes which of its entries were written, so that they can be kept in a file.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::collections::hash_map::Values;
use std::hash::Hash;
use std::ops::Index;

/// A map, and the keys of what was written since it was last asked.
pub(crate) struct Tracked<K, V> {
    map: HashMap<K, V>,
    written: Vec<K>,
}

impl<K: Eq + Hash + Clone, V> Tracked<K, V> {
    /// A map of what was kept: nothing of it is new.
    pub(crate) fn kept(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self { map: entries.into_iter().collect(), written: Vec::new() }
    }

    pub(crate) fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.map.get(key)
    }

    /// The entry to change; counts as written.
    pub(crate) fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        let entry = self.map.get_mut(key)?;
        self.written.push(key.to_owned());
        Some(entry)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.written.push(key.clone());
        self.map.insert(key, value);
    }

    pub(crate) fn values(&self) -> Values<'_, K, V> {
        self.map.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.map.len()
    }

    /// Empties the map, and its notes.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What `view` makes of the entries written since the last time, each once.
    pub(crate) fn take_written<T>(&mut self, mut view: impl FnMut(&K, &V) -> T) -> Vec<T>
    where
        K: Ord,
    {
        let mut keys = std::mem::take(&mut self.written);
        keys.sort_unstable();
        keys.dedup();
        keys.iter().filter_map(|key| Some(view(key, self.map.get(key)?))).collect()
    }

    /// Forgets which entries were written.
    pub(crate) fn forget_written(&mut self) {
        self.written.clear();
    }
}

impl<K, V> Default for Tracked<K, V> {
    fn default() -> Self {
        Self { map: HashMap::new(), written: Vec::new() }
    }
}

impl<K, V, Q> Index<&Q> for Tracked<K, V>
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
    fn what_is_written_is_told_once() {
        let mut map = Tracked::kept([("a".to_owned(), 1), ("b".to_owned(), 2)]);
        let written =
            |map: &mut Tracked<String, u8>| map.take_written(|key, value| (key.clone(), *value));
        assert!(written(&mut map).is_empty());
        map.insert("c".to_owned(), 3);
        for _ in 0..2 {
            *map.get_mut("a").unwrap() += 10;
        }
        assert_eq!(map.get("b"), Some(&2));
        assert_eq!(written(&mut map), [("a".to_owned(), 21), ("c".to_owned(), 3)]);
        assert!(written(&mut map).is_empty());
        map.insert("d".to_owned(), 4);
        map.forget_written();
        assert!(written(&mut map).is_empty() && map.len() == 4);
        map.insert("d".to_owned(), 4);
        map.clear();
        assert!(written(&mut map).is_empty() && map.len() == 0);
    }
}
