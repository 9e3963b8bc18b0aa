//! The accepted stream beneath HTTP. Here faults cut a response short, slow it down, or reset the connection.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};
use tokio_rustls::server::TlsStream;

/// How many pieces a second a slow response is sent in.
const PIECES: u32 = 20;

/// A stream over TCP.
pub(crate) trait Transport: AsyncRead + AsyncWrite + Unpin {
    fn tcp(&self) -> &TcpStream;
}

impl Transport for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Transport for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// What happens to the bytes of a connection.
#[derive(Clone, Copy, Default)]
pub(crate) struct StreamPlan {
    /// The connection ends after this many more bytes.
    pub(crate) cut: Option<usize>,
    /// Bytes a second.
    pub(crate) rate: Option<u32>,
    /// The connection is reset when the next bytes arrive.
    pub(crate) stale: bool,
    /// The connection is reset instead of closed.
    pub(crate) reset: bool,
}

/// Sets the plan of one connection, from the code that answers its requests.
#[derive(Clone, Default)]
pub(crate) struct StreamControl(Arc<Mutex<StreamPlan>>);

impl StreamControl {
    pub(crate) fn plan(&self) -> MutexGuard<'_, StreamPlan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream that follows a plan.
pub(crate) struct FaultStream<S: Transport> {
    stream: S,
    control: StreamControl,
    /// The time until the next piece of a slow response.
    pause: Option<Pin<Box<Sleep>>>,
}

impl<S: Transport> FaultStream<S> {
    pub(crate) fn new(stream: S, control: StreamControl) -> Self {
        Self { stream, control, pause: None }
    }
}

impl<S: Transport> Drop for FaultStream<S> {
    fn drop(&mut self) {
        if self.control.plan().reset {
            // With a linger time of zero, closing the socket sends a reset.
            let _ = self.stream.tcp().set_zero_linger();
        }
    }
}

impl<S: Transport> AsyncRead for FaultStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let mut plan = self.control.plan();
        if plan.stale && buffer.filled().len() > before {
            plan.reset = true;
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: Transport> AsyncWrite for FaultStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let plan = *self.control.plan();
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        let mut most = bytes.len();
        if let Some(left) = plan.cut {
            if left == 0 {
                ready!(Pin::new(&mut self.stream).poll_flush(context))?;
                return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
            }
            most = most.min(left);
        }
        if let Some(rate) = plan.rate {
            most = most.min(rate.div_ceil(PIECES) as usize);
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, &bytes[..most]))?;
        if let Some(left) = &mut self.control.plan().cut {
            *left -= written.min(*left);
        }
        if let Some(rate) = plan.rate {
            let time = Duration::from_secs_f64(written as f64 / f64::from(rate));
            self.pause = Some(Box::pin(sleep(time)));
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Before a reset there is neither a close_notify nor a FIN.
        if self.control.plan().reset {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
