//! Runs a function on many items with a bounded number of threads.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// Calls `work` for each item in the order of the items, with at most `jobs` calls at the same time.
/// Once a call returns false, no further call begins.
pub(super) fn run<T: Sync>(items: &[T], jobs: usize, work: impl Fn(&T) -> bool + Sync) {
    let (next, is_stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let worker = || {
        while !is_stopped.load(Ordering::SeqCst) {
            match items.get(next.fetch_add(1, Ordering::SeqCst)) {
                Some(item) if work(item) => {}
                Some(_) => is_stopped.store(true, Ordering::SeqCst),
                None => return,
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..jobs.min(items.len()) {
            scope.spawn(worker);
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_item_is_worked_on_once_and_calls_are_bounded() {
        let (running, most, seen) =
            (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
        let items: Vec<usize> = (0..50).collect();
        run(&items, 3, |item| {
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(1));
            seen.lock().unwrap().push(*item);
            running.fetch_sub(1, Ordering::SeqCst);
            true
        });
        let mut seen = seen.into_inner().unwrap();
        seen.sort_unstable();
        assert_eq!(seen, items);
        assert!((2..=3).contains(&most.load(Ordering::SeqCst)), "{most:?}");
    }

    #[test]
    fn nothing_begins_after_a_stop() {
        let count = AtomicUsize::new(0);
        run(&[0; 50], 1, |_| count.fetch_add(1, Ordering::SeqCst) < 4);
        assert_eq!(count.load(Ordering::SeqCst), 5);
    }
}
