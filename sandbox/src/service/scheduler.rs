//! Automatic steps: orders advance when they are due, and pushes are sent.

use std::sync::Arc;
use std::time::Duration;

use super::Service;
use crate::push::sender::PushTarget;

/// The longest sleep. It is limited because the machine's clock may be changed.
const SLEEP_MAX: Duration = Duration::from_secs(60);

/// Runs until it is dropped.
pub(crate) async fn run(service: Arc<Service>, target: Option<PushTarget>) {
    let target = target.map(Arc::new);
    loop {
        let now = service.clock.now();
        let (begun, next) = {
            let mut state = service.state(now);
            (state.outbox.begin(now), state.next_due())
        };
        // An attempt counts before it is made: after a crash it would otherwise be made once too often.
        if !begun.is_empty() {
            let _ = service.flushed().await;
        }
        for (id, body) in begun {
            let Some(target) = target.clone() else { continue };
            let service = Arc::clone(&service);
            tokio::spawn(async move {
                let outcome = target.post(body).await;
                let now = service.clock.now();
                service.state(now).outbox.finish(id, outcome, now);
            });
        }
        let sleep = next
            .map_or(SLEEP_MAX, |due| Duration::from_millis(due.saturating_sub(now)).min(SLEEP_MAX));
        tokio::select! {
            () = tokio::time::sleep(sleep) => {}
            () = service.wake.notified() => {}
        }
    }
}
