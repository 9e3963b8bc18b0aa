//! Fetches the certificates of an issued order.

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::digest;
use wotrus::pki::{Certificate, blocks};
use wotrus::{Answer, Certificates};

use crate::cert::{SaveOptions, Which, deliver, identity};
use crate::failure::{Failure, Result};
use crate::ledger::{NewCertificate, Watched, hex};
use crate::open;
use crate::time::rfc3339;

/// Everything that has a meaning in a path is encoded, also dots.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// Longer names are shortened. File systems have names of 255 bytes at most.
const MAX_NAME: usize = 200;
/// The names of devices, which are no folders on Windows. Those of ports have a digit behind them.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
const PORTS: [&str; 2] = ["com", "lpt"];

/// The folder of an order's certificates. A reissue that has kept the id of its order has another one: dots
/// are encoded in ids.
pub(super) fn folder_of(output_dir: &Path, order: &Watched) -> PathBuf {
    let mut name = folder_name(&order.id);
    if order.has_kept_id() {
        name += &format!(".{}", order.row);
    }
    output_dir.join(name)
}

fn folder_name(order_id: &str) -> String {
    let mut name = utf8_percent_encode(order_id, NAME).to_string();
    if is_device(&name) {
        let first = name.remove(0);
        name = format!("%{:02X}{name}", u32::from(first));
    }
    if name.len() > MAX_NAME {
        let hash = digest::digest(&digest::SHA256, order_id.as_bytes());
        name.truncate(MAX_NAME - 65);
        name = format!("{name}-{}", hex(hash.as_ref()));
    }
    name
}

fn is_device(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let port = name.strip_suffix(|c: char| c.is_ascii_digit());
    DEVICES.contains(&name.as_str()) || port.is_some_and(|port| PORTS.contains(&port))
}

/// Certificates, and why their files are not all there.
pub(super) struct Saved {
    pub(super) certificates: Vec<NewCertificate>,
    pub(super) problem: Option<Failure>,
}

/// Writes the certificates into a folder, if there is one, as `cert fetch` does.
///
/// # Errors
/// If a certificate cannot be read.
pub(super) fn save(answer: &Answer<Certificates>, folder: Option<&Path>) -> Result<Saved> {
    let mut certificates = Vec::new();
    for (name, bundle) in answer.value().iter() {
        let which = Which::of(name);
        let pem = bundle.leaf()?;
        let der = blocks(&pem).find_map(|block| block.ok()?.der().ok());
        let Some(certificate) = der.and_then(Certificate::from_der) else { continue };
        let found = identity(&certificate);
        let (begin, end) = found.validity.unzip();
        certificates.push(NewCertificate {
            kind: which.name(),
            sha256: found.sha256,
            serial: found.serial,
            subject: found.subject,
            not_before: begin.map(rfc3339),
            not_after: end.map(rfc3339),
            path: folder.map(|folder| folder.join(format!("{}leaf.pem", which.prefix()))),
        });
    }
    let problem = folder.and_then(|folder| {
        let options = SaveOptions::into_folder(folder.to_owned());
        options.load().and_then(|save| deliver(answer, None, &save)).err()
    });
    if problem.is_some() {
        // Some files may be there, or those of an earlier certificate.
        for it in &mut certificates {
            it.path = it.path.take().filter(|path| has_certificate(path, &it.sha256));
        }
    }
    Ok(Saved { certificates, problem })
}

/// Whether a file has this certificate.
fn has_certificate(path: &Path, sha256: &str) -> bool {
    let read = || {
        let text = String::from_utf8(open::read_regular(path).ok()?).ok()?;
        let der = blocks(&text).find_map(|block| block.ok()?.der().ok())?;
        Some(identity(&Certificate::from_der(der)?).sha256)
    };
    read().is_some_and(|found| found == sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_an_order_is_named_by_its_id() {
        assert_eq!(folder_name("a4a78326-0546-4602"), "a4a78326-0546-4602");
        for id in ["..", "/etc", "a/../../b", "订单", "C:\\x", "A1.2"] {
            let folder = Path::new("certs").join(folder_name(id));
            assert_eq!(folder.parent(), Some(Path::new("certs")), "{id}");
            let name = folder.file_name().unwrap().to_str().unwrap();
            assert!(name.starts_with(['%', 'a', 'C', 'A']) && !name.contains('.'), "{name}");
        }
        let last = |id: &str| folder_name(id);
        assert_eq!([last("CON"), last("lpt1")], ["%43ON", "%6Cpt1"]);
        assert_eq!([last("console"), last("com")], ["console", "com"]);
        let long = ["订", "单"].map(|end| last(&("订".repeat(99) + end)));
        assert!(long.iter().all(|name| name.len() == MAX_NAME) && long[0] != long[1]);
    }
}
