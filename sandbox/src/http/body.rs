//! Request bodies: read whole within limits of size, time and memory, or discarded.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// The largest body that the service reads, in bytes; sections 2, 6 and 7 carry documents in base64.
pub(crate) const BODY_MAX: usize = 64 << 20;
/// The memory of all large bodies together, in bytes: one of the largest at a time.
const BUDGET: usize = BODY_MAX;
/// A body up to this size, in bytes, does not count against the budget.
const SMALL: usize = 256 << 10;
/// How long a request waits for memory.
const MEMORY_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a client may send nothing within a body.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// How much of an unread body is discarded before the connection is closed, in bytes.
const DISCARD_MAX: usize = 2 * BODY_MAX;

/// Why a body was not read.
#[derive(Debug)]
pub(crate) enum BodyError {
    TooLarge,
    /// The memory for bodies stayed in use by others.
    Busy,
    /// The client stopped sending.
    Timeout,
    Connection(hyper::Error),
}

/// A whole body. Its share of the budget is free again when it is dropped.
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// The memory for large bodies, shared by all connections.
pub(crate) struct BodyBudget(Arc<Semaphore>);

impl Default for BodyBudget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(BUDGET)))
    }
}

impl BodyBudget {
    /// Reads a body of at most `max` bytes. One that is larger is discarded.
    pub(crate) async fn read(&self, mut body: Incoming, max: usize) -> Result<Body, BodyError> {
        let declared =
            body.size_hint().exact().map(|size| usize::try_from(size).unwrap_or(usize::MAX));
        if declared.is_some_and(|size| size > max) {
            discard(body);
            return Err(BodyError::TooLarge);
        }
        // The whole size is reserved at once: bodies that each waited for more would wait for each other.
        let size = declared.unwrap_or(max);
        let mut permit = None;
        if declared.is_some() {
            permit = self.reserve(size).await?;
        }
        let mut bytes = Vec::with_capacity(declared.unwrap_or(0));
        loop {
            let frame = timeout(IDLE_TIMEOUT, body.frame()).await;
            let Some(frame) = frame.map_err(|_| BodyError::Timeout)? else { break };
            let Ok(data) = frame.map_err(BodyError::Connection)?.into_data() else { continue };
            if bytes.len() + data.len() > max {
                discard(body);
                return Err(BodyError::TooLarge);
            }
            if permit.is_none() && bytes.len() + data.len() > SMALL {
                permit = self.reserve(size).await?;
            }
            bytes.extend_from_slice(&data);
        }
        Ok(Body { bytes, _permit: permit })
    }

    /// Waits for the memory of a body of this size; a small one needs no permit.
    async fn reserve(&self, size: usize) -> Result<Option<OwnedSemaphorePermit>, BodyError> {
        if size <= SMALL {
            return Ok(None);
        }
        let permits = u32::try_from(size.min(BUDGET)).unwrap_or(u32::MAX);
        let acquired =
            timeout(MEMORY_TIMEOUT, Arc::clone(&self.0).acquire_many_owned(permits)).await;
        match acquired {
            Ok(Ok(permit)) => Ok(Some(permit)),
            Ok(Err(_)) | Err(_) => Err(BodyError::Busy),
        }
    }
}

/// Receives the rest of a body without keeping it, while the reply is already on its way: a client that sends its
/// whole request first would otherwise see a reset instead of the reply.
pub(crate) fn discard(mut body: Incoming) {
    if body.is_end_stream() {
        return;
    }
    tokio::spawn(async move {
        let mut left = DISCARD_MAX;
        while let Ok(Some(Ok(frame))) = timeout(IDLE_TIMEOUT, body.frame()).await {
            let size = frame.data_ref().map_or(0, |data| data.len());
            let Some(rest) = left.checked_sub(size) else { return };
            left = rest;
        }
    });
}
