//! Where waits are cancelled. What cannot be interrupted, a look-up or a connect, runs on a thread of
//! its own; whoever needs it waits here, until it is done, the time is over, or the call is
//! cancelled. Who waits on a socket is told by the socket.

use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Instant;

/// One for all that waits in a set of connections.
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

/// Something under way; it may have several who wait for it.
#[derive(Debug)]
pub(super) struct Job<T>(Mutex<Option<T>>);

/// Why a wait ended without a result.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    TimeIsOver,
    Cancelled,
}

/// Enough for getaddrinfo and its plug-ins.
const STACK: usize = 256 * 1024;

impl Cancellation {
    /// Ends every wait, those to come included.
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

    /// From now on a cancel ends waits on this socket too.
    pub(super) fn watch(&self, socket: &Arc<TcpStream>) -> Result<(), Ended> {
        let mut state = self.lock();
        if state.cancelled {
            return Err(Ended::Cancelled);
        }
        state.sockets.retain(|socket| socket.strong_count() > 0);
        state.sockets.push(Arc::downgrade(socket));
        Ok(())
    }

    /// Begins `work`.
    pub(super) fn begin<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Arc<Job<T>> {
        let job = Arc::new(Job(Mutex::new(None)));
        // Where no thread can be had, the work is done at once, unbounded but done.
        let work = Arc::new(Mutex::new(Some(work)));
        let act = {
            let (cancellation, job, work) = (self.clone(), job.clone(), work.clone());
            move || {
                let work = work.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some(work) = work {
                    let result = work();
                    *job.lock() = Some(result);
                    drop(cancellation.lock());
                    cancellation.changed.notify_all();
                }
            }
        };
        let spare = act.clone();
        if thread::Builder::new().stack_size(STACK).spawn(act).is_err() {
            spare();
        }
        job
    }

    /// Waits until `take` finds what it wants in the job's result.
    pub(super) fn wait<T, R>(
        &self,
        job: &Job<T>,
        deadline: Instant,
        take: impl Fn(&mut Option<T>) -> Option<R>,
    ) -> Result<R, Ended> {
        let mut state = self.lock();
        loop {
            if state.cancelled {
                return Err(Ended::Cancelled);
            }
            if let Some(result) = take(&mut job.lock()) {
                return Ok(result);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Ended::TimeIsOver);
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
    fn lock(&self) -> MutexGuard<'_, Option<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn waits_end_with_the_result_the_deadline_or_a_cancel() {
        let cancellation = Arc::new(Cancellation::default());
        let later = |ms| Instant::now() + Duration::from_millis(ms);
        let done = cancellation.begin(|| 7);
        assert_eq!(cancellation.wait(&done, later(60_000), Option::take), Ok(7));

        let (release, blocked) = mpsc::channel::<()>();
        let stuck = cancellation.begin(move || blocked.recv().is_ok());
        assert_eq!(cancellation.wait(&stuck, later(5), Option::take), Err(Ended::TimeIsOver));
        let waiter = thread::spawn({
            let (cancellation, stuck) = (cancellation.clone(), stuck.clone());
            move || cancellation.wait(&stuck, later(60_000), Option::take)
        });
        cancellation.cancel();
        assert_eq!(waiter.join().unwrap(), Err(Ended::Cancelled));
        drop(release);
    }

    #[test]
    fn sockets_are_watched_until_they_go_and_shut_down_by_a_cancel() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let connect = || Arc::new(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        let cancellation = Cancellation::default();
        for _ in 0..100 {
            cancellation.watch(&connect()).unwrap();
        }
        assert_eq!(cancellation.lock().sockets.len(), 1, "sockets that are gone are still watched");
        let socket = connect();
        cancellation.watch(&socket).unwrap();
        cancellation.cancel();
        assert_eq!((&*socket).read(&mut [0]).unwrap(), 0);
        assert_eq!(cancellation.watch(&socket), Err(Ended::Cancelled));
    }
}
