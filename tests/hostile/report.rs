//! docs/reliability.md: what is promised, what holds it, and what was tried. Bounds stand there,
//! not measurements: it changes only where the library, or what is tried, does.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::behaviour::Behaviour;
use crate::promises::PROMISES;
use crate::run::{GRACE, GROWTH};

const COMMITTED: &str = "docs/reliability.md";
const WRITTEN: &str = "target/reliability.md";

/// Writes it anew, and compares it with the committed one.
pub(crate) fn check(groups: &[(&str, Vec<Behaviour>)]) -> Result<(), String> {
    let text = text(groups)?;
    fs::write(WRITTEN, &text).map_err(|error| format!("{WRITTEN}: {error}"))?;
    if fs::read_to_string(COMMITTED).is_ok_and(|committed| committed == text) {
        return Ok(());
    }
    Err(format!("{COMMITTED} is not what was tried: look at {WRITTEN}, and copy it there"))
}

fn text(groups: &[(&str, Vec<Behaviour>)]) -> Result<String, String> {
    let count: usize = groups.iter().map(|(_, group)| group.len()).sum();
    let mut out = String::from("# What holds when things go wrong\n\n");
    out += "<!-- Written by tests/suites/70-hostile.sh; change the tests instead. -->\n\n";
    out +=
        "## Promises, and what holds them\n\n| promise | bound | held by |\n| --- | --- | --- |\n";
    for promise in PROMISES {
        let mut tests = Vec::new();
        for (file, functions) in promise.held_by {
            tests.push(format!("`{file}`"));
            let source = fs::read_to_string(Path::new(file)).map_err(|e| format!("{file}: {e}"))?;
            for function in *functions {
                if !source.contains(&format!("fn {function}(")) {
                    return Err(format!("{file} has no {function}, which a promise rests on"));
                }
                tests.push(format!("`{function}`"));
            }
        }
        line(&mut out, &[promise.says, promise.bound, &tests.join(" ")]);
    }
    let _ = write!(
        out,
        "\n## What was tried\n\n\
         {count} behaviours of a server, a proxy or a machine, each against the Rust API and against \
         the shared library through a C program. Both must come out as it stands here: the kind, the \
         cause, whether the service may have got the call, and how often it was sent. Every call \
         ends within its time + {GRACE} ms, the process grows by at most {} MiB, prints no secret, \
         and sends no request beside those that are told.\n\n\
         Calls: `create` is an order without idempotenceID, `create_id` one with it, `upload` one \
         with a document of 40 MiB; the last of several is judged.\n",
        GROWTH / 1024
    );
    for (name, group) in groups {
        let _ = write!(out, "\n### {name}\n\n");
        out += "| behaviour | the server, proxy or machine | call | within | kind | cause | delivery | sent |\n";
        out += "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
        for behaviour in group {
            let expected = &behaviour.expected;
            let calls = behaviour.calls.split(':').next().unwrap_or_default();
            // A document's path is this machine's; a pause is no path.
            let calls = if calls == "upload" { calls } else { &behaviour.calls };
            let cause = match behaviour.or {
                Some(or) => format!("{} or {or}", expected.cause),
                None => expected.cause.clone(),
            };
            let cells = [
                &format!("`{}`", behaviour.name),
                behaviour.does,
                &format!("`{}`", calls.replace(',', " ")),
                &format!("{} s", behaviour.timeout),
                &expected.kind,
                &cause,
                &expected.delivery,
                &expected.attempts.to_string(),
            ];
            line(&mut out, &cells);
        }
    }
    Ok(out)
}

fn line(out: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}
