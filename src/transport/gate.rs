//! What cannot be interrupted, a look-up or a connect, runs on a thread of its own; whoever needs it
//! waits here, until it is done, the time is over, or the call is cancelled.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

/// One for all that waits in a set of connections.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    cancelled: Mutex<bool>,
    changed: Condvar,
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

impl Gate {
    /// Ends every wait, those to come included.
    pub(crate) fn cancel(&self) {
        *self.lock() = true;
        self.changed.notify_all();
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
            let (gate, job, work) = (self.clone(), job.clone(), work.clone());
            move || {
                let work = work.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some(work) = work {
                    let result = work();
                    *job.lock() = Some(result);
                    drop(gate.lock());
                    gate.changed.notify_all();
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
        let mut cancelled = self.lock();
        loop {
            if *cancelled {
                return Err(Ended::Cancelled);
            }
            if let Some(result) = take(&mut job.lock()) {
                return Ok(result);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Ended::TimeIsOver);
            }
            let wait = self.changed.wait_timeout(cancelled, left);
            cancelled = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.cancelled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Job<T> {
    fn lock(&self) -> MutexGuard<'_, Option<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn waits_end_with_the_result_the_deadline_or_a_cancel() {
        let gate = Arc::new(Gate::default());
        let later = |ms| Instant::now() + Duration::from_millis(ms);
        let done = gate.begin(|| 7);
        assert_eq!(gate.wait(&done, later(60_000), Option::take), Ok(7));

        let (release, blocked) = mpsc::channel::<()>();
        let stuck = gate.begin(move || blocked.recv().is_ok());
        assert_eq!(gate.wait(&stuck, later(5), Option::take), Err(Ended::TimeIsOver));
        let waiter = thread::spawn({
            let (gate, stuck) = (gate.clone(), stuck.clone());
            move || gate.wait(&stuck, later(60_000), Option::take)
        });
        gate.cancel();
        assert_eq!(waiter.join().unwrap(), Err(Ended::Cancelled));
        drop(release);
    }
}
