//! Connections that are answered from memory, for the fuzz targets alone: compiled only with
//! `--cfg fuzzing` (fuzz/README.md).

use std::cell::RefCell;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};

thread_local! {
    static RESPONSE: RefCell<Option<(Vec<u8>, usize)>> = const { RefCell::new(None) };
}

/// Answers every connection that this thread opens from now on with these bytes, in pieces of at
/// most `piece` bytes, whatever is sent; then the peer closes the connection.
pub fn respond(bytes: &[u8], piece: usize) {
    RESPONSE.set(Some((bytes.to_vec(), piece.max(1))));
}

/// The connection that [`respond`] has prepared.
pub(crate) fn connect() -> Option<Box<dyn Transport>> {
    let (bytes, piece) = RESPONSE.with_borrow(Clone::clone)?;
    let buffers = LazyBuffers::new(32 * 1024, 32 * 1024);
    Some(Box::new(Memory { buffers, bytes, sent: 0, piece }))
}

#[derive(Debug)]
struct Memory {
    buffers: LazyBuffers,
    bytes: Vec<u8>,
    sent: usize,
    piece: usize,
}

impl Transport for Memory {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, _: usize, _: NextTimeout) -> Result<(), Error> {
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        let rest = &self.bytes[self.sent..];
        let space = self.buffers.input_append_buf();
        let count = rest.len().min(self.piece).min(space.len());
        space[..count].copy_from_slice(&rest[..count]);
        self.buffers.input_appended(count);
        self.sent += count;
        Ok(count > 0)
    }

    /// Never used for a second call.
    fn is_open(&mut self) -> bool {
        false
    }
}
