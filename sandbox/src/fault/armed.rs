//! The armed faults, and the choice of the fault that a request meets.

use std::sync::{Mutex, MutexGuard, PoisonError};

use fastrand::Rng;

use super::spec::{Fault, Kind};

/// What is known of a request before its body is read.
pub(crate) struct RequestInfo<'a> {
    pub(crate) operation: Option<&'static str>,
    pub(crate) request_id: Option<&'a [u8]>,
    /// Whether it has the header `Expect`.
    pub(crate) expects_continue: bool,
}

/// The armed faults, oldest first. A request meets the first one that applies to it.
pub(crate) struct Faults {
    seed: u64,
    configured: Vec<Fault>,
    armed: Mutex<Armed>,
}

#[derive(Default)]
struct Armed {
    list: Vec<ArmedFault>,
    last_id: u64,
}

/// One armed fault.
pub(crate) struct ArmedFault {
    pub(crate) id: u64,
    pub(crate) fault: Fault,
    /// How many requests met it.
    pub(crate) struck: u64,
    /// Each fault has its own generator, so other armed faults do not change which requests meet it.
    rng: Rng,
}

impl Faults {
    pub(crate) fn new(configured: Vec<Fault>, seed: u64) -> Self {
        let faults = Self { seed, configured, armed: Mutex::default() };
        faults.reset();
        faults
    }

    /// Arms a fault and returns its number.
    pub(crate) fn arm(&self, fault: Fault) -> u64 {
        let mut armed = self.armed();
        armed.last_id += 1;
        let id = armed.last_id;
        let rng = Rng::with_seed(self.seed.wrapping_add(id));
        armed.list.push(ArmedFault { id, fault, struck: 0, rng });
        id
    }

    /// Disarms one fault, or all. Returns whether there was one.
    pub(crate) fn disarm(&self, id: Option<u64>) -> bool {
        let mut armed = self.armed();
        let before = armed.list.len();
        armed.list.retain(|one| id.is_some_and(|id| id != one.id));
        armed.list.len() < before
    }

    /// Arms the faults of the configuration only, as at the start.
    pub(crate) fn reset(&self) {
        *self.armed() = Armed::default();
        for fault in &self.configured {
            self.arm(fault.clone());
        }
    }

    /// Passes each armed fault to `view`.
    pub(crate) fn read<T>(&self, view: impl FnMut(&ArmedFault) -> T) -> Vec<T> {
        self.armed().list.iter().map(view).collect()
    }

    /// Chooses the fault that a request meets, and counts it.
    pub(crate) fn select(&self, request: &RequestInfo<'_>) -> Option<Fault> {
        let mut armed = self.armed();
        armed.list.iter_mut().find_map(|one| one.applies(request).then(|| one.fault.clone()))
    }

    fn armed(&self) -> MutexGuard<'_, Armed> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ArmedFault {
    fn applies(&mut self, request: &RequestInfo<'_>) -> bool {
        let fault = &self.fault;
        let applies = fault.on.is_none_or(|name| request.operation == Some(name))
            && fault.request_id.as_ref().is_none_or(|prefix| {
                request.request_id.is_some_and(|id| id.starts_with(prefix.as_bytes()))
            })
            && (fault.kind != Kind::ExpectationFailed || request.expects_continue)
            && fault.count.is_none_or(|count| self.struck < count)
            && fault.percent.is_none_or(|percent| self.rng.f64() * 100.0 < percent);
        self.struck += u64::from(applies);
        applies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(specs: &[&str], seed: u64) -> Faults {
        Faults::new(specs.iter().map(|spec| spec.parse().unwrap()).collect(), seed)
    }

    fn met(faults: &Faults, operation: &'static str, request_id: Option<&str>) -> Option<String> {
        let request_id = request_id.map(str::as_bytes);
        let expects_continue = request_id == Some(b"expect".as_slice());
        let request = RequestInfo { operation: Some(operation), request_id, expects_continue };
        faults.select(&request).map(|fault| fault.to_string())
    }

    #[test]
    fn a_417_is_for_requests_with_expect_only() {
        let faults = faults(&["expectation_failed,count=1"], 0);
        assert_eq!(met(&faults, "create_order", Some("a")), None);
        assert!(met(&faults, "create_order", Some("expect")).is_some());
        assert_eq!(met(&faults, "create_order", Some("expect")), None);
    }

    #[test]
    fn a_request_meets_the_first_fault_that_applies() {
        let faults = faults(
            &[
                "hang,on=query_order",
                "reset,request_id=a-,count=2",
                "stale,request_id=a-",
                "html,count=1",
            ],
            0,
        );
        assert_eq!(met(&faults, "query_order", Some("a-1")).unwrap(), "hang,on=query_order");
        let meets: Vec<_> =
            (0..3).map(|_| met(&faults, "create_order", Some("a-1")).unwrap()).collect();
        let reset = "reset,request_id=a-,count=2";
        assert_eq!(meets, [reset, reset, "stale,request_id=a-"]);
        assert_eq!(met(&faults, "create_order", Some("b")).unwrap(), "html,count=1");
        assert_eq!(met(&faults, "create_order", None), None);
        assert_eq!(faults.read(|one| one.struck), [1, 2, 1, 1]);
        assert!(faults.disarm(Some(1)) && !faults.disarm(Some(1)));
        assert_eq!(met(&faults, "query_order", None), None);
        assert!(faults.disarm(None) && !faults.disarm(None));
        faults.reset();
        assert_eq!(faults.read(|one| (one.id, one.struck)).len(), 4);
    }

    #[test]
    fn the_same_seed_selects_the_same_requests() {
        let selected = |specs: &[&str], seed| -> Vec<bool> {
            let faults = faults(specs, seed);
            (0..1000).map(|_| met(&faults, "create_order", None).is_some()).collect()
        };
        let one = selected(&["reset,percent=10"], 7);
        assert_eq!(one, selected(&["reset,percent=10"], 7));
        // Another armed fault changes nothing.
        assert_eq!(one, selected(&["reset,percent=10", "html,request_id=x"], 7));
        assert_ne!(one, selected(&["reset,percent=10"], 8));
        let struck = one.iter().filter(|struck| **struck).count();
        assert!((60..=140).contains(&struck), "{struck} of 1000");
        assert!(selected(&["reset,percent=0"], 7).iter().all(|struck| !struck));
        assert!(selected(&["reset,percent=100"], 7).iter().all(|struck| *struck));
    }
}
