//! A connection: one request, then its answer, then perhaps the next request.

use std::time::{Duration, Instant};

use ureq::Timeout;
use ureq::unversioned::transport::{NextTimeout, Transport, time};

use super::deadline::CallDeadline;
use super::exchange_error::Problem;
use super::head::{Framing, Head};
use crate::body::BodyReader;
use crate::messages::message;

/// In bytes. The buffers are larger.
const MAX_HEAD_SIZE: usize = 24 * 1024;

/// The maximum length of a line that precedes a chunk or follows the last one, in bytes.
const MAX_CHUNK_LINE_LENGTH: usize = 4 * 1024;

/// How long "100 Continue" is waited for. Not every service sends it.
const EXPECT_CONTINUE_TIMEOUT: Duration = Duration::from_secs(1);

/// The largest initial capacity of the buffer for a body, in bytes.
const INITIAL_BODY_CAPACITY: u64 = 64 * 1024;

type Result<T> = std::result::Result<T, Problem>;

#[derive(Debug)]
pub(super) struct Connection {
    transport: Box<dyn Transport>,
    /// When it became idle.
    pub(super) idle_since: Instant,
}

impl Connection {
    pub(super) fn new(transport: Box<dyn Transport>) -> Self {
        Self { transport, idle_since: Instant::now() }
    }

    /// Sends a request: `head`, without the empty line that ends it, and the body. A small request is
    /// sent in one write. With `expect_continue` the body waits until the service wants it. False if an
    /// answer came before everything was sent: the service does not read the rest.
    pub(super) fn send(
        &mut self,
        head: &[&str],
        body: Option<&mut BodyReader<'_>>,
        expect_continue: bool,
    ) -> Result<bool> {
        let mut filled = 0;
        let output = self.transport.buffers().output();
        let expect = if expect_continue { "Expect: 100-continue\r\n" } else { "" };
        for part in head.iter().chain(&[expect, "\r\n"]) {
            // The lengths of all parts were checked: they fit.
            output[filled..filled + part.len()].copy_from_slice(part.as_bytes());
            filled += part.len();
        }
        let Some(body) = body else {
            self.transmit(filled)?;
            return Ok(true);
        };
        if expect_continue {
            self.transmit(std::mem::take(&mut filled))?;
            if self.is_refused()? {
                return Ok(false);
            }
        }
        let mut head_sent = expect_continue;
        while !body.is_complete() {
            filled += body.fill(&mut self.transport.buffers().output()[filled..])?;
            if head_sent && self.is_answered() {
                return Ok(false);
            }
            self.transmit(filled)?;
            filled = 0;
            head_sent = true;
        }
        Ok(true)
    }

    /// Reads the head of the answer.
    pub(super) fn read_head(&mut self) -> Result<Head> {
        loop {
            if let Some((head, length)) = self.parse_final()? {
                self.transport.buffers().input_consume(length);
                return Ok(head);
            }
            self.receive()?;
        }
    }

    /// Reads the body of the answer, of at most `limit` bytes. If it fails, `body` has what came.
    pub(super) fn read_body(
        &mut self,
        framing: Framing,
        limit: u64,
        body: &mut Vec<u8>,
    ) -> Result<()> {
        match framing {
            Framing::Length(length) if length > limit => Err(Problem::BodyTooLarge(limit)),
            Framing::Length(length) => {
                body.reserve_exact(length.min(INITIAL_BODY_CAPACITY) as usize);
                self.take(length, body)
            }
            Framing::Chunked => self.read_chunks(limit, body),
            Framing::UntilClose => self.read_until_close(limit, body),
        }
    }

    fn read_chunks(&mut self, limit: u64, body: &mut Vec<u8>) -> Result<()> {
        loop {
            let size = self.read_line(chunk_size)?;
            match size.ok_or(Problem::NotHttp(message!("a chunk begins without its size")))? {
                0 => return self.skip_trailers(),
                size if size > limit - body.len() as u64 => {
                    return Err(Problem::BodyTooLarge(limit));
                }
                size => self.take(size, body)?,
            }
            if !self.read_line(<[u8]>::is_empty)? {
                return Err(Problem::NotHttp(message!("a chunk is longer than its size")));
            }
        }
    }

    /// Header fields may follow the last chunk. Some servers close instead of ending them.
    fn skip_trailers(&mut self) -> Result<()> {
        loop {
            match self.read_line(<[u8]>::is_empty) {
                Ok(false) => {}
                Ok(true) | Err(Problem::Closed) => return Ok(()),
                Err(problem) => return Err(problem),
            }
        }
    }

    /// Under TLS the end counts only after close_notify: rustls reports any other as an error.
    fn read_until_close(&mut self, limit: u64, body: &mut Vec<u8>) -> Result<()> {
        loop {
            let count = self.transport.buffers().input().len() as u64;
            if count > limit - body.len() as u64 {
                return Err(Problem::BodyTooLarge(limit));
            }
            let result = if count == 0 { self.receive() } else { self.take(count, body) };
            match result {
                Ok(()) => {}
                Err(Problem::Closed) => return Ok(()),
                Err(Problem::Io(ureq::Error::Io(error))) => {
                    let problem = message!(
                        "the answer does not say where it ends, and the connection broke off: {}",
                        error.to_string()
                    );
                    return Err(Problem::Unusable(problem));
                }
                Err(problem) => return Err(problem),
            }
        }
    }

    /// Whether no input is left: it would be taken for the next answer.
    pub(super) fn is_empty(&mut self) -> bool {
        self.transport.buffers().input().is_empty()
    }

    /// Whether the next request can be sent: the connection is open, all output was sent, and nothing
    /// was received since.
    pub(super) fn is_reusable(&mut self) -> bool {
        if !self.transport.is_tls() {
            return self.transport.is_open();
        }
        // TLS may have read what the socket no longer shows: an answer, a part of one, or a
        // close_notify. This returns it, and lets TLS process its own messages.
        let quiet = matches!(self.transport.await_input(NO_WAIT), Err(ureq::Error::Timeout(_)));
        quiet && self.is_empty()
    }

    /// Waits for "100 Continue"; true if the service sends an answer instead.
    fn is_refused(&mut self) -> Result<bool> {
        let _timeout = CallDeadline::within(EXPECT_CONTINUE_TIMEOUT);
        loop {
            match self.parse()? {
                Some((head, length)) if head.is_interim() => {
                    self.transport.buffers().input_consume(length);
                    if head.status == 100 {
                        return Ok(false);
                    }
                }
                Some(_) => return Ok(true),
                None => match self.receive() {
                    // If the call's own deadline has passed, sending the body reports it.
                    Err(Problem::Io(ureq::Error::Timeout(_))) => return Ok(false),
                    other => other?,
                },
            }
        }
    }

    /// Whether the service has answered while the body is being sent.
    fn is_answered(&mut self) -> bool {
        if !self.transport.is_open() {
            let _ = self.transport.await_input(NO_WAIT);
        }
        !matches!(self.parse_final(), Ok(None))
    }

    /// As [`parse`](Self::parse), past interim answers.
    fn parse_final(&mut self) -> Result<Option<(Head, usize)>> {
        loop {
            match self.parse()? {
                Some((head, length)) if head.is_interim() => {
                    self.transport.buffers().input_consume(length);
                }
                other => return Ok(other),
            }
        }
    }

    /// The head at the beginning of the input and its length, if it is there as a whole.
    fn parse(&mut self) -> Result<Option<(Head, usize)>> {
        let input = self.transport.buffers().input();
        let head = Head::parse(input)?;
        if head.as_ref().map_or(input.len(), |(_, length)| *length) > MAX_HEAD_SIZE {
            return Err(Problem::HeadTooLarge);
        }
        Ok(head)
    }

    /// Moves `count` bytes of input to `body`.
    fn take(&mut self, mut count: u64, body: &mut Vec<u8>) -> Result<()> {
        while count > 0 {
            let input = self.transport.buffers().input();
            if input.is_empty() {
                self.receive()?;
                continue;
            }
            let now = input.len().min(count.try_into().unwrap_or(usize::MAX));
            body.extend_from_slice(&input[..now]);
            self.transport.buffers().input_consume(now);
            count -= now as u64;
        }
        Ok(())
    }

    /// Reads a line between chunks, and returns what `read` makes of it.
    fn read_line<R>(&mut self, read: impl Fn(&[u8]) -> R) -> Result<R> {
        loop {
            let input = self.transport.buffers().input();
            if let Some(end) = input.iter().position(|byte| *byte == b'\n') {
                let line = &input[..end];
                let value = read(line.strip_suffix(b"\r").unwrap_or(line));
                self.transport.buffers().input_consume(end + 1);
                return Ok(value);
            }
            if input.len() > MAX_CHUNK_LINE_LENGTH {
                return Err(Problem::NotHttp(message!("a line between chunks is too long")));
            }
            self.receive()?;
        }
    }

    fn receive(&mut self) -> Result<()> {
        match self.transport.await_input(FOR_ANSWER)? {
            true => Ok(()),
            false => Err(Problem::Closed),
        }
    }

    fn transmit(&mut self, amount: usize) -> Result<()> {
        Ok(self.transport.transmit_output(amount, FOR_REQUEST)?)
    }
}

/// The size in the line before a chunk. Extensions after it are ignored.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let end = line.iter().position(|byte| matches!(byte, b';' | b' ' | b'\t'));
    let digits = &line[..end.unwrap_or(line.len())];
    let mut size = 0_u64;
    for digit in digits {
        let digit = char::from(*digit).to_digit(16)?;
        size = size.checked_mul(16)?.checked_add(digit.into())?;
    }
    (!digits.is_empty()).then_some(size)
}

/// No timeout per operation: the call's deadline applies.
const FOR_REQUEST: NextTimeout = timeout(Timeout::SendBody, time::Duration::NotHappening);
const FOR_ANSWER: NextTimeout = timeout(Timeout::RecvResponse, time::Duration::NotHappening);
/// Only input that is there already.
const NO_WAIT: NextTimeout = timeout(Timeout::RecvResponse, time::Duration::from_millis(0));

const fn timeout(reason: Timeout, after: time::Duration) -> NextTimeout {
    NextTimeout { after, reason, per_read: None, per_write: None }
}
