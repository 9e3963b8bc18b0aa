//! What all handles of a client share: the HTTP client, and for each process the connection pool, the
//! RequestIDs and the cancellation of calls.

mod process;

use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use self::process::Process;
use crate::http::{CancelScope, ConnectionPool, HttpClient};

pub(crate) struct Session {
    pub(crate) http: HttpClient,
    /// A forked child makes a state of its own, and leaves the inherited one as it is: its sockets are
    /// the parent's too, and its lock may be held by a thread that the child does not have.
    state: AtomicPtr<ProcessState>,
}

impl Session {
    pub(crate) fn new(http: HttpClient) -> Self {
        process::count_forks();
        let state = Box::new(ProcessState::new(http.new_pool()));
        Self { http, state: AtomicPtr::new(Box::into_raw(state)) }
    }

    /// The state of this process. A call asks once, because asking takes a system call.
    #[allow(unsafe_code)]
    pub(crate) fn state(&self) -> &ProcessState {
        let current = self.state.load(Ordering::Acquire);
        // SAFETY: the pointer came from Box::into_raw. A state that was replaced is never freed, and
        // the current one in `drop` only.
        let state = unsafe { &*current };
        if state.process == Process::current() {
            return state;
        }
        let fresh = Box::into_raw(Box::new(ProcessState::new(self.http.new_pool())));
        match self.state.compare_exchange(current, fresh, Ordering::AcqRel, Ordering::Acquire) {
            // SAFETY: as above; it is the current one now.
            Ok(_) => unsafe { &*fresh },
            Err(other) => {
                // SAFETY: another thread was faster, and this one was never shared.
                drop(unsafe { Box::from_raw(fresh) });
                // SAFETY: as above.
                unsafe { &*other }
            }
        }
    }

    /// Cancels all calls, pauses and waits that run now.
    pub(crate) fn cancel(&self) {
        self.state().cancel(self.http.new_pool());
    }
}

impl Drop for Session {
    #[allow(unsafe_code)]
    fn drop(&mut self) {
        let current = *self.state.get_mut();
        // SAFETY: as in `state`; `&mut self` means that nothing uses it any more.
        unsafe {
            if (*current).process == Process::current() {
                drop(Box::from_raw(current));
            }
        }
    }
}

/// What one process has of a session.
pub(crate) struct ProcessState {
    process: Process,
    /// What its RequestIDs begin with. It differs between processes, forked ones included, and between
    /// the clients of one process.
    prefix: String,
    calls: AtomicU64,
    shared: Mutex<Shared>,
    cancelled: Condvar,
}

struct Shared {
    pool: Arc<ConnectionPool>,
    /// Counts the cancels: a call that began in an earlier epoch is cancelled.
    epoch: u64,
}

/// What can cancel one call: the session, by its epoch, and the scope of its handle.
#[derive(Clone, Copy)]
pub(crate) struct CallScope<'a> {
    pub(crate) epoch: u64,
    pub(crate) handle: Option<&'a CancelScope>,
}

impl ProcessState {
    fn new(pool: ConnectionPool) -> Self {
        let process = Process::current();
        let seed = RandomState::new().hash_one((std::process::id(), SystemTime::now()));
        let prefix = format!("{seed:016x}-");
        let shared = Mutex::new(Shared { pool: pool.into(), epoch: 0 });
        Self { process, prefix, calls: AtomicU64::new(0), shared, cancelled: Condvar::new() }
    }

    /// A RequestID that no other call has.
    pub(crate) fn new_request_id(&self) -> String {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let mut id = String::with_capacity(40);
        write!(id, "{}{call}", self.prefix).expect("writing to a String never fails");
        id
    }

    /// A random number from 0 to 1.
    pub(crate) fn jitter(&self) -> f64 {
        let hash = RandomState::new().hash_one((&self.prefix, self.calls.load(Ordering::Relaxed)));
        (hash >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The scope of a call that begins now, or of one that belongs to an operation that began at `epoch`.
    pub(crate) fn begin<'a>(
        &self,
        handle: Option<&'a CancelScope>,
        epoch: Option<u64>,
    ) -> CallScope<'a> {
        CallScope { epoch: epoch.unwrap_or_else(|| self.lock().epoch), handle }
    }

    /// The connections for an attempt of a call; nothing if it is cancelled.
    pub(crate) fn pool(&self, call: CallScope<'_>) -> Option<Arc<ConnectionPool>> {
        let shared = self.lock();
        (!call.is_cancelled(&shared)).then(|| shared.pool.clone())
    }

    pub(crate) fn is_cancelled(&self, call: CallScope<'_>) -> bool {
        call.is_cancelled(&self.lock())
    }

    /// Cancels all calls that have begun; later ones use `fresh`.
    fn cancel(&self, fresh: ConnectionPool) {
        let old = {
            let mut shared = self.lock();
            shared.epoch += 1;
            std::mem::replace(&mut shared.pool, fresh.into())
        };
        self.cancelled.notify_all();
        old.cancel();
    }

    /// Makes paused and waiting calls check whether the scope of their handle was cancelled.
    pub(crate) fn wake(&self) {
        let pool = self.lock().pool.clone();
        self.cancelled.notify_all();
        pool.wake();
    }

    /// Sleeps; false if the call is cancelled meanwhile.
    pub(crate) fn pause(&self, call: CallScope<'_>, time: Duration) -> bool {
        let end = Instant::now() + time;
        let mut shared = self.lock();
        loop {
            if call.is_cancelled(&shared) {
                return false;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            let wait = self.cancelled.wait_timeout(shared, left);
            shared = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CallScope<'_> {
    fn is_cancelled(&self, shared: &Shared) -> bool {
        shared.epoch != self.epoch || self.handle.is_some_and(CancelScope::is_cancelled)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::options::ClientBuilder;

    fn session() -> Session {
        let options = ClientBuilder::default().base_url("http://127.0.0.1:1");
        Session::new(HttpClient::new(options).unwrap())
    }

    #[test]
    fn request_ids_differ_and_jitter_is_between_0_and_1() {
        let (one, other) = (session(), session());
        let ids = [&one, &one, &other].map(|session| session.state().new_request_id());
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2], "{ids:?}");
        crate::validation::request_id(&ids[0]).unwrap();
        assert!((0..100).all(|_| (0.0..=1.0).contains(&one.state().jitter())));
    }

    #[test]
    fn a_cancel_ends_the_pauses_of_calls_that_have_begun() {
        let session = Arc::new(session());
        let sleeper = thread::spawn({
            let session = session.clone();
            move || {
                let call = session.state().begin(None, None);
                session.state().pause(call, Duration::from_secs(600))
            }
        });
        let earlier = session.state().begin(None, None);
        while !sleeper.is_finished() {
            session.cancel();
            thread::sleep(Duration::from_millis(1));
        }
        assert!(!sleeper.join().unwrap(), "the pause was not cancelled");
        assert!(session.state().is_cancelled(earlier));
        assert!(session.state().pool(earlier).is_none());
        let later = session.state().begin(None, None);
        assert!(session.state().pause(later, Duration::from_millis(1)));
    }

    #[test]
    fn a_handles_scope_ends_its_own_pauses_alone() {
        let session = Arc::new(session());
        let scope = CancelScope::new(None);
        let sleeper = thread::spawn({
            let (session, scope) = (session.clone(), scope.clone());
            move || {
                let call = session.state().begin(Some(&scope), None);
                session.state().pause(call, Duration::from_secs(600))
            }
        });
        scope.cancel();
        session.state().wake();
        assert!(!sleeper.join().unwrap(), "the pause was not cancelled");
        assert!(session.state().is_cancelled(session.state().begin(Some(&scope), None)));
        assert!(!session.state().is_cancelled(session.state().begin(None, None)));
    }

    #[test]
    fn another_process_gets_its_own_state_once() {
        let mut session = session();
        let first: *const ProcessState = session.state();
        assert!(std::ptr::eq(first, session.state()));
        // As in a forked child: the state is another process's.
        let mut inherited = ProcessState::new(session.http.new_pool());
        inherited.process = Process::other();
        let inherited = Box::into_raw(Box::new(inherited));
        let old = std::mem::replace(session.state.get_mut(), inherited);
        let own: *const ProcessState = session.state();
        assert!(!std::ptr::eq(first, own) && !std::ptr::eq(inherited, own));
        assert!(std::ptr::eq(own, session.state()));
        *session.state.get_mut() = old;
    }
}
