//! A connection: one request, then its answer, then perhaps the next request.

use std::io::Read;
use std::time::{Duration, Instant};

use ureq::Timeout;
use ureq::unversioned::transport::{NextTimeout, Transport, time};

use super::deadline::CallEnd;
use super::error::ExchangeError;
use super::head::{Framing, Head, line};
use crate::request::body::BodyReader;

/// So long a head may be; the buffers hold more.
const LONGEST_HEAD: usize = 24 * 1024;

/// So long the line before a chunk may be, or one behind the last.
const LONGEST_LINE: usize = 4 * 1024;

/// How long "100 Continue" is waited for; not every service knows it.
const ASKED: Duration = Duration::from_secs(1);

/// No answer that the document describes is longer.
const LIKELY: u64 = 64 * 1024;

type Result<T> = std::result::Result<T, ExchangeError>;

#[derive(Debug)]
pub(super) struct Connection {
    inner: Box<dyn Transport>,
    /// When it was put away.
    pub(super) since: Instant,
}

impl Connection {
    pub(super) fn new(inner: Box<dyn Transport>) -> Self {
        Self { inner, since: Instant::now() }
    }

    /// Sends a request: its head, without a blank line behind it, and its body. In one piece if it
    /// is small; if it is large it asks first whether it is wanted. False if an answer came before
    /// all was sent: nobody reads the rest.
    pub(super) fn send(
        &mut self,
        head: &[&str],
        body: Option<&mut BodyReader<'_>>,
        ask: bool,
    ) -> Result<bool> {
        let mut filled = 0;
        let output = self.inner.buffers().output();
        let expect = if ask { "Expect: 100-continue\r\n" } else { "" };
        for part in head.iter().chain(&[expect, "\r\n"]) {
            // It fits: every text in it was checked, its length too.
            output[filled..filled + part.len()].copy_from_slice(part.as_bytes());
            filled += part.len();
        }
        let Some(body) = body else {
            self.transmit(filled)?;
            return Ok(true);
        };
        if ask {
            self.transmit(std::mem::take(&mut filled))?;
            if self.refuses()? {
                return Ok(false);
            }
        }
        let mut begun = ask;
        while !body.complete() {
            let count = body.read(&mut self.inner.buffers().output()[filled..])?;
            if count == 0 {
                return Err(std::io::Error::other("the body is shorter than it was").into());
            }
            if begun && self.is_answered() {
                return Ok(false);
            }
            self.transmit(filled + count)?;
            filled = 0;
            begun = true;
        }
        Ok(true)
    }

    /// Reads the head of the answer.
    pub(super) fn head(&mut self) -> Result<Head> {
        loop {
            if let Some((head, length)) = self.parse_final()? {
                self.inner.buffers().input_consume(length);
                return Ok(head);
            }
            self.fill()?;
        }
    }

    /// Reads the body of the answer; what came of it is there even if it is not all.
    pub(super) fn body(&mut self, framing: Framing, limit: u64, body: &mut Vec<u8>) -> Result<()> {
        match framing {
            Framing::Length(length) if length > limit => {
                return Err(ExchangeError::TooLarge(limit));
            }
            Framing::Length(length) => {
                body.reserve_exact(length.min(LIKELY) as usize);
                self.take(length, body)?;
            }
            Framing::Chunks => loop {
                let size = self.line(chunk_size)?;
                match size.ok_or(ExchangeError::NotHttp("a chunk of it begins with no size"))? {
                    0 => break self.trailers()?,
                    size if size > limit - body.len() as u64 => {
                        return Err(ExchangeError::TooLarge(limit));
                    }
                    size => self.take(size, body)?,
                }
                if !self.line(<[u8]>::is_empty)? {
                    return Err(ExchangeError::NotHttp("a chunk of it is longer than it says"));
                }
            },
            Framing::Close => loop {
                let count = self.inner.buffers().input().len().max(1) as u64;
                if count > limit - body.len() as u64 {
                    return Err(ExchangeError::TooLarge(limit));
                }
                self.take(count, body)?;
            },
        }
        Ok(())
    }

    /// Headers may follow the last chunk, which nobody needs. Some close instead of ending them.
    fn trailers(&mut self) -> Result<()> {
        loop {
            match self.line(<[u8]>::is_empty) {
                Ok(false) => {}
                Ok(true) | Err(ExchangeError::Closed) => return Ok(()),
                Err(trouble) => return Err(trouble),
            }
        }
    }

    /// Whether nothing came that nobody asked for: it would be taken for the next answer.
    pub(super) fn is_empty(&mut self) -> bool {
        self.inner.buffers().input().is_empty()
    }

    /// Whether it is still there, all was sent, and nothing came meanwhile.
    pub(super) fn is_quiet(&mut self) -> bool {
        if !self.inner.is_tls() {
            return self.inner.is_open();
        }
        // TLS may hold what the socket no longer shows: a whole answer, a part of one, or the peer's
        // goodbye. Asked this way, it tells, and takes in its own messages.
        let quiet = matches!(self.inner.await_input(AT_ONCE), Err(ureq::Error::Timeout(_)));
        quiet && self.is_empty()
    }

    /// Waits a while for the service to say whether it wants the body.
    fn refuses(&mut self) -> Result<bool> {
        let _asked = CallEnd::within(ASKED);
        loop {
            match self.parse()? {
                Some((head, length)) if head.is_interim() => {
                    self.inner.buffers().input_consume(length);
                    if head.status == 100 {
                        return Ok(false);
                    }
                }
                Some(_) => return Ok(true),
                None => match self.fill() {
                    // If the call is over too, the next that is sent will find out.
                    Err(ExchangeError::Link(ureq::Error::Timeout(_))) => return Ok(false),
                    other => other?,
                },
            }
        }
    }

    /// Whether the service has answered already, while the body is on its way.
    fn is_answered(&mut self) -> bool {
        if !self.inner.is_open() {
            let _ = self.inner.await_input(AT_ONCE);
        }
        !matches!(self.parse_final(), Ok(None))
    }

    /// As [`parse`](Self::parse), past interim answers.
    fn parse_final(&mut self) -> Result<Option<(Head, usize)>> {
        loop {
            match self.parse()? {
                Some((head, length)) if head.is_interim() => {
                    self.inner.buffers().input_consume(length);
                }
                other => return Ok(other),
            }
        }
    }

    /// The head at the beginning of the input, if it is all there.
    fn parse(&mut self) -> Result<Option<(Head, usize)>> {
        let input = self.inner.buffers().input();
        // Some end their bodies with a line too much.
        let blank = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let head = Head::parse(&input[blank..]).map_err(ExchangeError::NotHttp)?;
        let too_large = head.as_ref().map_or(input.len(), |(_, length)| *length) > LONGEST_HEAD;
        if too_large {
            return Err(ExchangeError::HeadTooLarge);
        }
        if blank > 0 {
            self.inner.buffers().input_consume(blank);
        }
        Ok(head)
    }

    /// Moves so many bytes of input into `body`.
    fn take(&mut self, mut count: u64, body: &mut Vec<u8>) -> Result<()> {
        while count > 0 {
            let input = self.inner.buffers().input();
            if input.is_empty() {
                self.fill()?;
                continue;
            }
            let now = input.len().min(count.try_into().unwrap_or(usize::MAX));
            body.extend_from_slice(&input[..now]);
            self.inner.buffers().input_consume(now);
            count -= now as u64;
        }
        Ok(())
    }

    /// Reads a line.
    fn line<R>(&mut self, read: impl Fn(&[u8]) -> R) -> Result<R> {
        loop {
            let input = self.inner.buffers().input();
            if let Some((line, rest)) = line(input) {
                let (value, length) = (read(line), input.len() - rest.len());
                self.inner.buffers().input_consume(length);
                return Ok(value);
            }
            if input.len() > LONGEST_LINE {
                return Err(ExchangeError::NotHttp("a line between its chunks has no end"));
            }
            self.fill()?;
        }
    }

    /// Waits for more input.
    fn fill(&mut self) -> Result<()> {
        match self.inner.await_input(FOR_ANSWER)? {
            true => Ok(()),
            false => Err(ExchangeError::Closed),
        }
    }

    fn transmit(&mut self, amount: usize) -> Result<()> {
        Ok(self.inner.transmit_output(amount, FOR_REQUEST)?)
    }
}

/// The size in the line before a chunk; what else it says is of no interest.
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

/// As long as the call goes on: its own end is what ends a wait.
const FOR_REQUEST: NextTimeout = waiting(Timeout::SendBody, time::Duration::NotHappening);
const FOR_ANSWER: NextTimeout = waiting(Timeout::RecvResponse, time::Duration::NotHappening);
/// What is there already, and nothing else.
const AT_ONCE: NextTimeout = waiting(Timeout::RecvResponse, time::Duration::from_millis(0));

const fn waiting(reason: Timeout, after: time::Duration) -> NextTimeout {
    NextTimeout { after, reason, per_read: None, per_write: None }
}
