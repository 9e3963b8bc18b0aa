//! What happens by itself: orders move when their time has come, and pushes are sent.

use std::sync::Arc;
use std::time::Duration;

use crate::post::Receiver;
use crate::service::Service;

/// The longest sleep, in case the machine's clock is set.
const NAP: Duration = Duration::from_secs(60);

/// Runs until dropped.
pub(crate) async fn run(service: Arc<Service>, receiver: Option<Receiver>) {
    let receiver = receiver.map(Arc::new);
    loop {
        let now = service.clock.now();
        let (begun, next) = {
            let mut turn = service.state(now);
            (turn.outbox.begin(now), turn.next_due())
        };
        // An attempt that nobody remembers would be one too many.
        if !begun.is_empty() {
            let _ = service.settled().await;
        }
        for (id, body) in begun {
            let Some(receiver) = receiver.clone() else { continue };
            let service = Arc::clone(&service);
            tokio::spawn(async move {
                let outcome = receiver.post(body).await;
                let now = service.clock.now();
                service.state(now).outbox.finish(id, outcome, now);
            });
        }
        let pause = next.map_or(NAP, |due| Duration::from_millis(due.saturating_sub(now)).min(NAP));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = service.wake.notified() => {}
        }
    }
}
