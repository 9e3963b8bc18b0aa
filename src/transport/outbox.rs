//! On top of TCP or TLS: a request gets its header lines and leaves in one piece if it is small, and
//! an answer that comes before the request is through is not missed.

use std::cell::RefCell;

use ureq::Timeout;
use ureq::unversioned::transport::time::Duration;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport,
};

use crate::secret::Secret;

/// No time at all: what is there already, and nothing else.
const AT_ONCE: NextTimeout = NextTimeout {
    after: Duration::from_millis(0),
    reason: Timeout::Global,
    per_read: None,
    per_write: None,
};

thread_local! {
    static LINES: RefCell<Option<Secret>> = const { RefCell::new(None) };
}

/// While it lives, the next request of this thread gets header lines that ureq does not know: they
/// keep their names' case, are made once, and ureq has no token that it could log.
pub(super) struct Lines(());

impl Lines {
    /// Each line ends in CR LF.
    pub(super) fn new(lines: Secret) -> Self {
        LINES.set(Some(lines));
        Self(())
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        LINES.set(None);
    }
}

#[derive(Debug)]
pub(super) struct OutboxConnector {
    /// Whether requests go through TLS. Then a connection in clear is one to a proxy, on which TLS
    /// will follow: its records are no requests, and what comes is no answer.
    pub(super) https: bool,
}

impl<In: Transport> Connector<In> for OutboxConnector {
    type Out = Either<In, Outbox<In>>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        Ok(chained.map(|inner| {
            if self.https && !inner.is_tls() {
                return Either::A(inner);
            }
            Either::B(Outbox {
                inner,
                head: Vec::new(),
                between: true,
                asking: false,
                refused: false,
                untold: 0,
                filled: false,
            })
        }))
    }
}

#[derive(Debug)]
pub(super) struct Outbox<T> {
    inner: T,
    /// The request's head, kept until its body is there: together they are one segment and one TLS
    /// record.
    head: Vec<u8>,
    /// Whether the next that is sent begins a request.
    between: bool,
    /// The head of this request went out before its body: the service is asked whether it wants it.
    asking: bool,
    /// An answer came before the request was through: nobody reads the rest.
    refused: bool,
    /// So much input holds an answer that ureq has not been told of, or has not taken.
    untold: usize,
    /// The last input filled its buffer, so TLS may hold more of it.
    filled: bool,
}

impl<T: Transport> Transport for Outbox<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if std::mem::take(&mut self.between) {
            self.asking = false;
            self.keep_head(amount);
            return Ok(());
        }
        if self.head.is_empty() {
            // More of a body that is under way: has the service said something meanwhile? What is no
            // answer (a session ticket, a 100) is taken in, and goes on waiting.
            if !self.refused {
                let _ = self.inner.await_input(AT_ONCE);
                self.refused = is_answer(self.inner.buffers().input());
                self.untold = if self.refused { self.inner.buffers().input().len() } else { 0 };
            }
            return if self.refused { Ok(()) } else { self.inner.transmit_output(amount, timeout) };
        }
        let (head, output) = (self.head.len(), self.inner.buffers().output());
        if head + amount <= output.len() {
            output.copy_within(..amount, head);
            output[..head].copy_from_slice(&self.head);
            self.head.clear();
            return self.inner.transmit_output(head + amount, timeout);
        }
        let body = output[..amount].to_vec();
        self.send_head(timeout)?;
        self.inner.buffers().output()[..amount].copy_from_slice(&body);
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.asking |= self.head.starts_with(b"POST ");
        self.send_head(timeout)?;
        let untold = std::mem::take(&mut self.untold);
        if untold > 0 && untold == self.inner.buffers().input().len() {
            self.asking = false;
            return Ok(true);
        }
        let progress = self.inner.await_input(timeout)?;
        self.filled = self.inner.buffers().input_append_buf().is_empty();
        // A refusal instead of "100 Continue": ureq sees it, then waits for the answer as if it
        // had not.
        let input = self.inner.buffers().input();
        if self.asking && is_answer(input) && end_of_head(input).is_some() {
            self.untold = input.len();
        }
        Ok(progress)
    }

    fn is_open(&mut self) -> bool {
        // Input that nobody asked for would be taken for the next answer.
        if self.refused || !self.inner.buffers().input().is_empty() {
            return false;
        }
        // ureq asks when it puts the connection away, and again when it takes it out: only then does
        // it matter.
        if !std::mem::replace(&mut self.between, true) {
            return true;
        }
        if !self.filled && self.inner.is_open() {
            return true;
        }
        // There is something, or TLS may hold something: asked this way, it tells what it has
        // decrypted already, and takes in its own messages.
        let quiet = matches!(self.inner.await_input(AT_ONCE), Err(ureq::Error::Timeout(_)));
        quiet && self.inner.buffers().input().is_empty()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

impl<T: Transport> Outbox<T> {
    /// Takes the head that ureq wrote, and puts this thread's lines before its blank line.
    fn keep_head(&mut self, amount: usize) {
        const END: &[u8] = b"\r\n";
        let head = &self.inner.buffers().output()[..amount];
        self.head.extend_from_slice(head.strip_suffix(END).unwrap_or(head));
        if let Some(lines) = LINES.take() {
            self.head.extend_from_slice(lines.expose().as_bytes());
        }
        self.head.extend_from_slice(END);
    }

    fn send_head(&mut self, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if self.head.is_empty() {
            return Ok(());
        }
        let amount = self.head.len();
        self.inner.buffers().output()[..amount].copy_from_slice(&self.head);
        self.head.clear();
        self.inner.transmit_output(amount, timeout)
    }
}

/// Whether input begins with an answer that is final: not only interim ones (1xx).
fn is_answer(mut input: &[u8]) -> bool {
    const INTERIM: &[u8] = b"HTTP/1.1 1";
    while input.starts_with(INTERIM) {
        match end_of_head(input) {
            Some(end) => input = &input[end..],
            None => return false,
        }
    }
    input.len() >= INTERIM.len()
}

fn end_of_head(input: &[u8]) -> Option<usize> {
    input.windows(4).position(|end| end == b"\r\n\r\n").map(|at| at + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interim_answers_are_no_answers() {
        let interim = "HTTP/1.1 100 Continue\r\n\r\n";
        for no in ["", "HTTP/1.1 ", interim, "HTTP/1.1 103 Early\r\nLink: x", &interim.repeat(3)] {
            assert!(!is_answer(no.as_bytes()), "{no}");
        }
        let refusal = "HTTP/1.1 413 Too Large\r\n";
        for yes in [refusal, &(interim.to_owned() + refusal), "garbage, and much of it"] {
            assert!(is_answer(yes.as_bytes()), "{yes}");
        }
    }
}
