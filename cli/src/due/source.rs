//! The certificates to look at: those of the ledger, or those in files and folders.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use wotrus::pki::{Certificate, blocks};

use super::date;
use crate::cert::identity;
use crate::charset;
use crate::failure::{Failure, Result};
use crate::input;
use crate::json::Json;
use crate::lang::say;
use crate::ledger::{Ledger, expiring};
use crate::open;
use crate::output::tell;
use crate::time::rfc3339;

/// Larger files are no certificates.
const MAX_BYTES: u64 = 1024 * 1024;
/// Deeper folders are not searched.
const MAX_DEPTH: u32 = 16;
const ENDINGS: [&str; 4] = ["pem", "crt", "cer", "der"];

/// A certificate that expires.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) sha256: String,
    pub(super) end: SystemTime,
    pub(super) order_row: Option<i64>,
    /// What the certificate is for.
    pub(super) name: String,
    /// Where it is: an order, or a file.
    pub(super) place: String,
    /// Facts that do not depend on the time.
    pub(super) facts: Json,
}

/// The certificates of the orders in a ledger.
pub(super) fn of_ledger(ledger: &Ledger) -> Result<Vec<Item>> {
    let item = |it: crate::ledger::Expiring| {
        let end = date::parse(&it.not_after).ok()?;
        let path = it.path.as_deref().map(charset::display);
        Some(Item {
            end,
            order_row: Some(it.order_row),
            place: it.order_id.clone().unwrap_or_else(|| it.idempotence_id.clone()),
            facts: Json::new()
                .with("order_id", &it.order_id)
                .with("idempotence_id", &it.idempotence_id)
                .with("common_name", &it.common_name)
                .with("serial", &it.serial)
                .with("not_after", &it.not_after)
                .with("path", &path)
                .with("sha256", &it.sha256),
            name: it.common_name,
            sha256: it.sha256,
        })
    };
    Ok(ledger.read(expiring)?.into_iter().filter_map(item).collect())
}

/// The certificates in files, and in the files of folders, each once. Those of CAs do not count.
pub(super) fn of_paths(paths: &[PathBuf]) -> Result<Vec<Item>> {
    let (mut items, mut seen) = (Vec::new(), HashSet::new());
    for path in paths {
        let before = seen.len();
        if path.is_dir() {
            let mut files = Vec::new();
            find(path, MAX_DEPTH, &mut files).map_err(|error| Failure::file(path, &error))?;
            for file in files {
                match open::read_regular(&file) {
                    Ok(content) => {
                        add(&file, &content, &mut items, &mut seen);
                    }
                    Err(error) => tell(&Failure::file(&file, &error).text()),
                }
            }
            if seen.len() == before {
                let path = charset::display(path);
                tell(&say!("{path}: no certificates found", "{path}：未找到证书"));
            }
        } else if add(path, &input::bytes("PATH", path)?, &mut items, &mut seen) == 0 {
            let problem = say!("contains no certificate, PEM or DER", "没有 PEM 或 DER 格式的证书");
            return Err(Failure::argument(&charset::display(path), problem));
        }
    }
    items.sort_by_key(|item| item.end);
    Ok(items)
}

/// Finds the files with the names of certificates. Links to folders are not followed.
fn find(folder: &Path, depth: u32, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            if depth > 0 {
                find(&path, depth - 1, files)?;
            }
            continue;
        }
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let is_certificate = ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending));
        let is_small = fs::metadata(&path).is_ok_and(|it| it.is_file() && it.len() <= MAX_BYTES);
        if is_certificate && is_small {
            files.push(path);
        }
    }
    Ok(())
}

/// Adds the certificates in a file that are not known yet, and returns how many are in it.
fn add(path: &Path, content: &[u8], items: &mut Vec<Item>, seen: &mut HashSet<String>) -> usize {
    let text = String::from_utf8_lossy(content);
    let ders = blocks(&text).filter_map(|block| block.ok()?.der().ok());
    let mut certificates: Vec<Certificate> = ders.filter_map(Certificate::from_der).collect();
    certificates.extend(Certificate::from_der(content));
    let count = certificates.len();
    for certificate in certificates {
        let found = identity(&certificate);
        let Some((_, end)) = found.validity.filter(|_| !found.is_ca) else { continue };
        if !seen.insert(found.sha256.clone()) {
            continue;
        }
        let place = charset::display(path);
        let name = found.names.first().filter(|_| found.subject.is_empty());
        let name = name.unwrap_or(&found.subject).clone();
        items.push(Item {
            end,
            order_row: None,
            facts: Json::new()
                .with("order_id", &None::<&str>)
                .with("idempotence_id", &None::<&str>)
                .with("common_name", &name)
                .with("serial", &found.serial)
                .with("not_after", &rfc3339(end))
                .with("path", &place)
                .with("sha256", &found.sha256),
            name,
            place,
            sha256: found.sha256,
        });
    }
    count
}
