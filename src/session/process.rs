//! Which process this is: it tells a forked child from its parent.

#[cfg(unix)]
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

static FORKS: AtomicU64 = AtomicU64::new(0);

/// The process id alone is not enough: in another PID namespace, a child may have its parent's. Neither is
/// the counter: a child made by a bare system call does not run the handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Process {
    id: u32,
    forks: u64,
}

impl Process {
    pub(super) fn current() -> Self {
        Self { id: std::process::id(), forks: FORKS.load(Ordering::Relaxed) }
    }

    /// A process that is not this one.
    #[cfg(test)]
    pub(super) fn other() -> Self {
        Self { id: 0, forks: 0 }
    }
}

/// Registers a handler that counts forks in the child.
#[cfg(unix)]
#[allow(unsafe_code)]
pub(super) fn count_forks() {
    static REGISTERED: Once = Once::new();

    /// Between fork and exec, only what is safe in a signal handler may be done.
    unsafe extern "C" fn in_child() {
        FORKS.fetch_add(1, Ordering::Relaxed);
    }

    REGISTERED.call_once(|| {
        // SAFETY: the handler is a function of this library, which is never unloaded (it is linked with
        // -z nodelete), and only increments a counter. If registering fails for want of
        // memory, the process id still tells.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
}

#[cfg(not(unix))]
pub(super) fn count_forks() {}

#[cfg(all(test, target_os = "linux"))]
#[allow(unsafe_code)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_another_process_even_with_the_same_id() {
        count_forks();
        let parent = Process::current();
        // SAFETY: the child compares numbers and exits without running destructors.
        unsafe {
            let child = libc::fork();
            assert!(child >= 0);
            if child == 0 {
                let differs = Process::current().forks != parent.forks;
                libc::_exit(if differs { 0 } else { 1 });
            }
            let mut status = -1;
            assert_eq!(libc::waitpid(child, &mut status, 0), child);
            assert_eq!(libc::WEXITSTATUS(status), 0, "the counter did not change");
        }
        assert_eq!(Process::current(), parent);
    }
}
