//! Connections, and what goes with them: cancelling, and a process that forked.

use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::http::Connections;

/// What one process shares between all handles of a client.
pub(crate) struct Pool {
    process: u32,
    seed: u64,
    calls: AtomicU64,
    state: Mutex<State>,
    cancelled: Condvar,
}

struct State {
    connections: Arc<Connections>,
    /// Counts cancellations: a call that began in an earlier epoch is cancelled.
    epoch: u64,
}

impl Pool {
    fn new(connections: Connections) -> Self {
        let process = std::process::id();
        // Differs between processes, forked ones included, and between clients in one.
        let seed = RandomState::new().hash_one((process, SystemTime::now()));
        let state = Mutex::new(State { connections: connections.into(), epoch: 0 });
        Self { process, seed, calls: AtomicU64::new(0), state, cancelled: Condvar::new() }
    }

    /// A RequestID that nobody else uses.
    pub(crate) fn request_id(&self) -> String {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let mut id = String::with_capacity(40);
        write!(id, "{:016x}-{call}", self.seed).expect("a String takes all");
        id
    }

    /// A number from 0 to 1 that differs from call to call.
    pub(crate) fn jitter(&self) -> f64 {
        let hash = RandomState::new().hash_one((self.seed, self.calls.load(Ordering::Relaxed)));
        (hash >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The connections, and the epoch a call begins in.
    pub(crate) fn begin(&self) -> (Arc<Connections>, u64) {
        let state = self.lock();
        (state.connections.clone(), state.epoch)
    }

    pub(crate) fn is_cancelled(&self, epoch: u64) -> bool {
        self.lock().epoch != epoch
    }

    /// Ends every call, pause and wait that goes on; `fresh` serves those that come.
    pub(crate) fn cancel(&self, fresh: Connections) {
        let old = {
            let mut state = self.lock();
            state.epoch += 1;
            std::mem::replace(&mut state.connections, fresh.into())
        };
        self.cancelled.notify_all();
        old.cancel();
    }

    /// Sleeps, unless the epoch ends before; whether it slept to the end.
    pub(crate) fn pause(&self, epoch: u64, time: Duration) -> bool {
        let end = Instant::now() + time;
        let mut state = self.lock();
        loop {
            if state.epoch != epoch {
                return false;
            }
            let Some(left) = end.checked_duration_since(Instant::now()).filter(|l| !l.is_zero())
            else {
                return true;
            };
            state =
                self.cancelled.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The pool of the process that asks. A forked child makes one of its own and forgets the
/// inherited one without touching it: its sockets are the parent's too, and its lock may be held
/// by a thread that the child does not have.
pub(crate) struct Pools(AtomicPtr<Pool>);

impl Pools {
    pub(crate) fn new(connections: Connections) -> Self {
        Self(AtomicPtr::new(Box::into_raw(Box::new(Pool::new(connections)))))
    }

    /// The pool of this process; `connect` makes its connections if there is none yet.
    #[allow(unsafe_code)]
    pub(crate) fn get(&self, connect: impl FnOnce() -> Connections) -> &Pool {
        let current = self.0.load(Ordering::Acquire);
        // SAFETY: the pointer came from Box::into_raw, and what it points to lives as long as
        // `self`: it is freed in `drop` only, and a pool that was replaced never.
        let pool = unsafe { &*current };
        if pool.process == std::process::id() {
            return pool;
        }
        let fresh = Box::into_raw(Box::new(Pool::new(connect())));
        match self.0.compare_exchange(current, fresh, Ordering::AcqRel, Ordering::Acquire) {
            // SAFETY: as above; now it is the current one.
            Ok(_) => unsafe { &*fresh },
            Err(theirs) => {
                // SAFETY: another thread was faster; nobody else has seen ours.
                drop(unsafe { Box::from_raw(fresh) });
                // SAFETY: as above.
                unsafe { &*theirs }
            }
        }
    }
}

impl Drop for Pools {
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        let current = *self.0.get_mut();
        // SAFETY: as in `get`; `&mut self` says that nobody uses it any more.
        unsafe {
            if (*current).process == std::process::id() {
                drop(Box::from_raw(current));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn connect() -> Connections {
        Connections::new(Duration::from_secs(1))
    }

    #[test]
    fn request_ids_differ_and_chance_stays_within_its_bounds() {
        let (one, other) = (Pool::new(connect()), Pool::new(connect()));
        let ids = [one.request_id(), one.request_id(), other.request_id()];
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2], "{ids:?}");
        crate::request::validation::request_id(&ids[0]).unwrap();
        assert!((0..100).all(|_| (0.0..=1.0).contains(&one.jitter())));
    }

    #[test]
    fn cancel_ends_a_pause_of_its_epoch_only() {
        let pool = Arc::new(Pool::new(connect()));
        let (_, epoch) = pool.begin();
        let sleeper = thread::spawn({
            let pool = pool.clone();
            move || pool.pause(epoch, Duration::from_secs(600))
        });
        pool.cancel(connect());
        assert!(!sleeper.join().unwrap(), "the pause went on");
        assert!(pool.is_cancelled(epoch));
        let (_, epoch) = pool.begin();
        assert!(pool.pause(epoch, Duration::from_millis(1)));
    }

    #[test]
    fn another_process_gets_its_own_pool_once() {
        let mut pools = Pools::new(connect());
        let first: *const Pool = pools.get(connect);
        assert!(std::ptr::eq(first, pools.get(|| unreachable!("there is one"))));
        // As in a forked child: the pool is another process's.
        let mut inherited = Pool::new(connect());
        inherited.process = 0;
        let old = std::mem::replace(pools.0.get_mut(), Box::into_raw(Box::new(inherited)));
        let own: *const Pool = pools.get(connect);
        assert_ne!(first, own);
        assert!(std::ptr::eq(own, pools.get(|| unreachable!("there is one"))));
        *pools.0.get_mut() = old;
    }
}
