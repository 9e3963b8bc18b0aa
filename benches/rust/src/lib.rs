//! Shared by the Rust programs: the command line, and the service's JSON as types.

pub mod json;

use std::io::{self, Read};

/// An error ends the program, and with it the benchmark.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The order that is queried.
pub const ORDER_ID: &str = "a4a78326-0546-4602-9586-8ee3c05e8068";
/// The token that the server expects.
pub const TOKEN: &str = "tk_bench";

/// The tasks of a program. Each method does one once, and prints what it has read if `show` is true.
pub trait Peer {
    /// A client for another thread.
    fn another(&self) -> Outcome<Self>
    where
        Self: Sized;

    /// Queries the order and reads five fields.
    fn query(&mut self, show: bool) -> Outcome;

    /// Creates an order, with the document at this path if there is one.
    fn create(&mut self, show: bool, document: Option<&str>) -> Outcome;

    /// Retrieves the certificates and reads them all.
    fn fetch(&mut self, show: bool) -> Outcome;
}

/// An environment variable that the harness sets.
pub fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

/// `PROGRAM TASK COUNT`: does the task `count` times, and prints the result of the last one.
pub fn run(mut peer: impl Peer + Send) -> Outcome {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, work, count] = &arguments[..] else { return Err("usage: peer WORK COUNT".into()) };
    let count: u32 = count.parse()?;
    let document = setting("BENCH_DOCUMENT");
    for left in (0..count).rev() {
        let show = left == 0;
        match work.as_str() {
            "query" => peer.query(show)?,
            "create" => peer.create(show, None)?,
            "upload" => peer.create(show, Some(&document))?,
            "fetch" => peer.fetch(show)?,
            "threads" => {
                threads(&mut peer, count)?;
                return peer.query(true);
            }
            "idle" => {
                peer.query(true)?;
                io::stdin().read_to_end(&mut Vec::new())?;
                return Ok(());
            }
            _ => return Err("unknown work".into()),
        }
    }
    Ok(())
}

fn threads(peer: &mut (impl Peer + Send), count: u32) -> Outcome {
    let mut other = peer.another()?;
    let queries = |peer: &mut (dyn Peer + Send)| {
        (0..count).try_for_each(|_| peer.query(false)).map_err(|error| error.to_string())
    };
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| queries(&mut other));
        queries(peer)?;
        Ok(thread.join().expect("no panic")?)
    })
}
