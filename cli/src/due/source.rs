//! The certificates to look at: those of the ledger, or those in files and folders.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use wotrus::pki::{Certificate, Format};

use crate::cert::{Contents, identity};
use crate::charset;
use crate::date;
use crate::failure::{Failure, Result};
use crate::input;
use crate::json::Json;
use crate::lang::{named, say};
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

/// The certificates in files, and in the files of folders, each once. Those of CAs do not count. In a
/// folder, and in a file with other certificates, what cannot be read is reported on standard error.
pub(super) fn of_paths(paths: &[PathBuf]) -> Result<Vec<Item>> {
    let mut found = Found::default();
    for path in paths {
        if path.is_dir() {
            let mut files = Vec::new();
            find(path, MAX_DEPTH, &mut files).map_err(|error| Failure::file(path, &error))?;
            let mut has_certificates = false;
            for file in files {
                match open::read_regular(&file) {
                    Ok(content) => has_certificates |= found.add_of_folder(&file, &content),
                    Err(error) => left_out(&file, &error),
                }
            }
            if !has_certificates {
                let path = charset::display(path);
                tell(&say!("{path}: no certificates found", "{path}：未找到证书"));
            }
        } else {
            let content = input::bytes("PATH", path)?;
            if let Err(reason) = found.add(path, &content, &Contents::of(&content)) {
                let problem = say!("contains no certificate: {reason}", "没有证书：{reason}");
                return Err(Failure::argument(&charset::display(path), problem));
            }
        }
    }
    found.items.sort_by_key(|item| item.end);
    Ok(found.items)
}

/// Finds the files with the names of certificates. Links to folders are not followed.
fn find(folder: &Path, depth: u32, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        match entry {
            Ok(entry) => entries.push(entry),
            Err(error) => left_out(folder, &error),
        }
    }
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let has_ending = ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending));
        match entry.file_type() {
            Err(error) => left_out(&path, &error),
            Ok(kind) if kind.is_dir() && depth == 0 => tell(&named(
                &charset::display(&path),
                say!("not searched: the folder is too deep", "目录层次过深，未搜索"),
            )),
            Ok(kind) if kind.is_dir() => {
                if let Err(error) = find(&path, depth - 1, files) {
                    left_out(&path, &error);
                }
            }
            Ok(_) if has_ending => match fs::metadata(&path) {
                Err(error) => left_out(&path, &error),
                Ok(it) if it.is_file() && it.len() > MAX_BYTES => tell(&named(
                    &charset::display(&path),
                    say!("not read: it is larger than 1 MiB", "超过 1 MiB，未读取"),
                )),
                Ok(it) if it.is_file() => files.push(path),
                Ok(_) => {}
            },
            Ok(_) => {}
        }
    }
    Ok(())
}

fn left_out(path: &Path, error: &std::io::Error) {
    tell(&Failure::file(path, error).text());
}

/// What was found so far.
#[derive(Default)]
struct Found {
    items: Vec<Item>,
    seen: HashSet<String>,
}

impl Found {
    /// Adds the certificates in a file of a folder, where keys and requests may lie beside them; tells whether
    /// there were any.
    fn add_of_folder(&mut self, path: &Path, content: &[u8]) -> bool {
        let contents = Contents::of(content);
        let added = self.add(path, content, &contents);
        let is_other = contents.certificates.is_empty()
            && (!contents.others.is_empty()
                || matches!(Format::of(content), Some(Format::DerPrivateKey | Format::DerRequest)));
        match &added {
            Err(reason) if !is_other => tell(&named(&charset::display(path), reason)),
            _ => {}
        }
        added.is_ok()
    }

    /// Adds the certificates in a file that are not known yet.
    ///
    /// # Errors
    /// If none can be read; the error says why, or what is there instead.
    fn add(&mut self, path: &Path, content: &[u8], contents: &Contents) -> Result<(), String> {
        if let Some(reason) = contents.problem(content) {
            return Err(reason);
        }
        let place = charset::display(path);
        for certificate in &contents.certificates {
            match certificate {
                Ok(certificate) => self.add_certificate(&place, certificate),
                Err(problem) => tell(&named(&place, problem)),
            }
        }
        Ok(())
    }

    fn add_certificate(&mut self, place: &str, certificate: &Certificate) {
        let found = identity(certificate);
        if found.is_ca || !self.seen.insert(found.sha256.clone()) {
            return;
        }
        let serial = &found.serial;
        let names = [&found.subject].into_iter().chain(&found.names);
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or(serial).clone();
        let Some((_, end)) = found.validity else {
            let problem = say!(
                "the validity of the certificate {name} cannot be read",
                "无法读取证书 {name} 的有效期"
            );
            tell(&named(place, problem));
            return;
        };
        self.items.push(Item {
            end,
            order_row: None,
            facts: Json::new()
                .with("order_id", &None::<&str>)
                .with("idempotence_id", &None::<&str>)
                .with("common_name", &name)
                .with("serial", serial)
                .with("not_after", &rfc3339(end))
                .with("path", &place)
                .with("sha256", &found.sha256),
            name,
            place: place.to_owned(),
            sha256: found.sha256,
        });
    }
}
