//! The hostile catalogue: a test server misbehaves, and every call must have the outcome of the table,
//! end in time, stay within its memory and print no secret.
//!
//! Each behaviour is run against the Rust API by this program itself and, where WOTRUS_CALL names the
//! program of call.c, against the shared library. The tables are written to target/reliability.md and
//! target/CATALOGUE.md and compared with docs/reliability.md and tests/hostile/CATALOGUE.md.

mod behaviour;
mod call;
mod catalogue;
mod certificates;
mod promises;
mod report;
mod run;
mod server;

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::{env, thread};

use behaviour::{Behaviour, World};
use run::Program;

/// The token of every call. No output may contain it.
pub(crate) const TOKEN: &str = "tk_hostile_0123456789";

/// How many behaviours run concurrently: most of them wait.
const CONCURRENCY: usize = 8;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "call") {
        call::main(&words[1..]);
        return ExitCode::SUCCESS;
    }
    // `cargo test NAME` passes its filter to every test program; here it selects behaviours.
    let filter = words.iter().find(|word| !word.starts_with('-')).cloned();
    if words.iter().any(|word| word == "--list") {
        return ExitCode::SUCCESS;
    }
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("document.pdf");
    File::create(&document).unwrap().set_len(40 * 1024 * 1024).unwrap();
    let (elsewhere, visitors) = server::start(None, Arc::new(|visit| drop(visit.head())));
    let world = World {
        certificates: certificates::Certificates::new(),
        elsewhere,
        document,
        key_log: folder.path().join("keys"),
        slow_dns: env::var_os("WOTRUS_SLOW_DNS").map(PathBuf::from),
    };
    let mut programs = vec![Program::rust()];
    programs.extend(env::var_os("WOTRUS_CALL").map(Program::c));

    let groups = catalogue::all(&world);
    let work: Vec<(Behaviour, Program)> = groups
        .iter()
        .flat_map(|(_, group)| group)
        .filter(|behaviour| filter.as_ref().is_none_or(|name| behaviour.name.contains(&**name)))
        .flat_map(|behaviour| programs.iter().map(|program| (behaviour.clone(), program.clone())))
        .collect();
    let count = work.len();
    let work = Mutex::new(work.into_iter());
    let failures = Mutex::new(Vec::new());
    let worst = Mutex::new(run::Worst::default());
    thread::scope(|scope| {
        for _ in 0..CONCURRENCY {
            scope.spawn(|| {
                loop {
                    let Some((behaviour, program)) = work.lock().unwrap().next() else { return };
                    match run::run(&behaviour, &program, &world) {
                        Ok(cost) => worst.lock().unwrap().note(&cost),
                        Err(problem) => failures
                            .lock()
                            .unwrap()
                            .push(format!("{} ({}): {problem}", behaviour.name, program.name)),
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    if visitors.connections() > 0 {
        failures.push("a client connected to another address".into());
    }
    if world.key_log.exists() {
        failures.push("SSLKEYLOGFILE was written".into());
    }
    if filter.is_none() && world.slow_dns.is_some() {
        failures.extend(report::check(&groups).err());
    }
    for failure in &failures {
        eprintln!("FAILED {failure}");
    }
    let programs: Vec<&str> = programs.iter().map(|program| program.name).collect();
    println!("{count} hostile calls ({}): {} failed", programs.join(", "), failures.len());
    println!("{}", worst.into_inner().unwrap());
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
