//! Cancelling what a pool's calls wait for. A blocking operation that cannot be interrupted (name
//! resolution, connecting) runs on a thread of its own, and callers wait for its result here until it
//! comes, the deadline passes, or they are cancelled. Reads and writes on a socket end because
//! cancelling shuts the socket down.

use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Instant;

use super::deadline;

/// Cancels all calls of a connection pool.
#[derive(Debug, Default)]
pub(super) struct Cancellation {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    cancelled: bool,
    sockets: Vec<Weak<TcpStream>>,
}

/// An operation on another thread. Several callers may wait for it.
#[derive(Debug)]
pub(super) struct Job<T>(Mutex<Option<T>>);

/// Why waiting ended without a result.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum WaitError {
    DeadlinePassed,
    Cancelled,
}

/// The stack of a job's thread, in bytes: enough for getaddrinfo and its plug-ins.
const STACK_SIZE: usize = 256 * 1024;

impl Cancellation {
    /// Ends every wait, later ones included.
    pub(super) fn cancel(&self) {
        let sockets = {
            let mut state = self.lock();
            state.cancelled = true;
            std::mem::take(&mut state.sockets)
        };
        self.changed.notify_all();
        for socket in sockets.iter().filter_map(Weak::upgrade) {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    /// Makes the waiting threads check whether their scope was cancelled.
    pub(super) fn wake(&self) {
        // A thread that checked before this is waiting already, and is notified.
        drop(self.lock());
        self.changed.notify_all();
    }

    /// Registers a socket that a cancel shuts down.
    pub(super) fn watch(&self, socket: &Arc<TcpStream>) -> Result<(), WaitError> {
        let mut state = self.lock();
        if state.cancelled {
            return Err(WaitError::Cancelled);
        }
        state.sockets.retain(|socket| socket.strong_count() > 0);
        state.sockets.push(Arc::downgrade(socket));
        Ok(())
    }

    /// Starts a job.
    pub(super) fn start<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce() -> T + Clone + Send + 'static,
    ) -> Arc<Job<T>> {
        let job = Arc::new(Job(Mutex::new(None)));
        let run = {
            let (cancellation, job) = (self.clone(), job.clone());
            move || {
                let result = work();
                *job.lock() = Some(result);
                cancellation.wake();
            }
        };
        // If no thread can be created, the work is done on this one, without a time limit.
        let fallback = run.clone();
        if thread::Builder::new().stack_size(STACK_SIZE).spawn(run).is_err() {
            fallback();
        }
        job
    }

    /// Waits until `poll` finds what it wants in the results of jobs.
    pub(super) fn wait<R>(
        &self,
        deadline: Instant,
        mut poll: impl FnMut() -> Option<R>,
    ) -> Result<R, WaitError> {
        let mut state = self.lock();
        loop {
            if state.cancelled || deadline::is_cancelled() {
                return Err(WaitError::Cancelled);
            }
            if let Some(result) = poll() {
                return Ok(result);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(WaitError::DeadlinePassed);
            }
            let wait = self.changed.wait_timeout(state, left);
            state = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Job<T> {
    /// The result, once; nothing while the job runs.
    pub(super) fn take(&self) -> Option<T> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Job<T> {
    /// A copy of the result; nothing while the job runs.
    pub(super) fn result(&self) -> Option<T> {
        self.lock().clone()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;
    use std::sync::mpsc;
    use std::time::Duration;

    use super::super::cancel_scope::CancelScope;
    use super::super::deadline::CallDeadline;
    use super::*;

    fn later(ms: u64) -> Instant {
        Instant::now() + Duration::from_millis(ms)
    }

    #[test]
    fn a_wait_ends_with_the_result_the_deadline_or_a_cancel() {
        let cancellation = Arc::new(Cancellation::default());
        let done = cancellation.start(|| 7);
        assert_eq!(cancellation.wait(later(60_000), || done.take()), Ok(7));

        let (release, blocked) = mpsc::channel::<()>();
        let blocked = Arc::new(Mutex::new(blocked));
        let stuck = cancellation.start(move || blocked.lock().is_ok_and(|it| it.recv().is_ok()));
        let passed = Err(WaitError::DeadlinePassed);
        assert_eq!(cancellation.wait(later(5), || stuck.take()), passed);
        let waiter = thread::spawn({
            let (cancellation, stuck) = (cancellation.clone(), stuck.clone());
            move || cancellation.wait(later(60_000), || stuck.take())
        });
        cancellation.cancel();
        assert_eq!(waiter.join().unwrap(), Err(WaitError::Cancelled));
        drop(release);
    }

    #[test]
    fn a_scope_ends_its_own_waits_alone() {
        let cancellation = Arc::new(Cancellation::default());
        let parent = CancelScope::new(None);
        let (own, other) =
            (CancelScope::new(Some(parent.clone())), CancelScope::new(Some(parent.clone())));
        let (ready, started) = mpsc::channel();
        let waiter = thread::spawn({
            let (cancellation, own) = (cancellation.clone(), own.clone());
            move || {
                let _call = CallDeadline::of_call(later(60_000), Some(&own));
                cancellation.wait(later(60_000), || {
                    let _ = ready.send(());
                    None::<()>
                })
            }
        });
        started.recv().unwrap();
        own.cancel();
        cancellation.wake();
        assert_eq!(waiter.join().unwrap(), Err(WaitError::Cancelled));
        assert!(own.is_cancelled() && !other.is_cancelled() && !parent.is_cancelled());
        parent.cancel();
        assert!(other.is_cancelled());
    }

    #[test]
    fn a_cancel_shuts_down_open_sockets_and_closed_ones_are_forgotten() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let connect = || Arc::new(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        let cancellation = Cancellation::default();
        for _ in 0..100 {
            cancellation.watch(&connect()).unwrap();
        }
        assert_eq!(cancellation.lock().sockets.len(), 1, "closed sockets are still registered");
        let socket = connect();
        cancellation.watch(&socket).unwrap();
        cancellation.cancel();
        assert_eq!((&*socket).read(&mut [0]).unwrap(), 0);
        assert_eq!(cancellation.watch(&socket), Err(WaitError::Cancelled));
    }
}
