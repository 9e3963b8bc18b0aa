//! The CAs that the operating system trusts.

#[cfg(all(not(windows), any(test, feature = "system-ca")))]
use crate::file;
use crate::messages::{Message, message};

/// The DER of every CA that the operating system trusts for TLS servers. Nothing is cached, and no environment
/// variable is read. On Windows these are the current user's and the machine's root certificates; Windows adds
/// public CAs to them when it first needs each.
///
/// # Errors
/// If the system has no such certificates, or if they cannot be read.
#[cfg(all(windows, feature = "system-ca"))]
pub fn certificates() -> Result<Vec<Vec<u8>>, Message> {
    use schannel::cert_context::ValidUses;
    use schannel::cert_store::CertStore;

    const SERVER_AUTHENTICATION: &str = "1.3.6.1.5.5.7.3.1";
    let store = CertStore::open_current_user("ROOT")
        .map_err(|error| Message::verbatim(error.to_string()))?;
    let trusted = store.certs().filter(|certificate| match certificate.valid_uses() {
        Ok(ValidUses::All) => true,
        Ok(ValidUses::Oids(uses)) => uses.iter().any(|usage| usage == SERVER_AUTHENTICATION),
        Err(_) => false,
    });
    let found: Vec<_> = trusted.map(|certificate| certificate.to_der().to_vec()).collect();
    match found.is_empty() {
        true => Err(message!("Windows trusts no root certificate")),
        false => Ok(found),
    }
}

/// The DER of every CA that the operating system trusts for TLS servers: those of the first file that exists of
/// the usual ones. Nothing is cached, and no environment variable is read.
///
/// # Errors
/// If there is no such file, or if it cannot be read.
#[cfg(all(not(windows), feature = "system-ca"))]
pub fn certificates() -> Result<Vec<Vec<u8>>, Message> {
    of_first_file(&[
        // Debian, Alpine, Arch Linux.
        "/etc/ssl/certs/ca-certificates.crt",
        // Red Hat, Fedora, openEuler.
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/pki/tls/certs/ca-bundle.crt",
        // openSUSE.
        "/etc/ssl/ca-bundle.pem",
        // macOS, OpenBSD, FreeBSD.
        "/etc/ssl/cert.pem",
    ])
}

/// An error: the feature `system-ca` is off.
#[cfg(not(feature = "system-ca"))]
pub fn certificates() -> Result<Vec<Vec<u8>>, Message> {
    Err(message!("needs the feature system-ca, which this program was built without"))
}

#[cfg(all(not(windows), any(test, feature = "system-ca")))]
fn of_first_file(paths: &[&str]) -> Result<Vec<Vec<u8>>, Message> {
    for path in paths {
        match file::read_regular(path.as_ref()) {
            Ok(pem) => {
                return super::ca_file::certificates(&pem)
                    .map_err(|problem| message!("{}: {}", *path, problem));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(message!("{}: {}", *path, Message::of_io(&error))),
        }
    }
    Err(message!("none of these files exists: {}", paths.join(", ")))
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::super::pem::write;
    use super::super::samples::certificate;
    use super::*;

    #[test]
    fn the_first_file_that_exists_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let (missing, empty, some) = (path("missing"), path("empty"), path("some"));
        let der = certificate("a", "a", "k");
        std::fs::write(&empty, "").unwrap();
        std::fs::write(&some, write("CERTIFICATE", &der)).unwrap();
        assert_eq!(of_first_file(&[&missing, &some, &empty]).unwrap(), [der]);
        let error = of_first_file(&[&missing, &empty, &some]).unwrap_err().to_string();
        assert!(error.starts_with(&empty) && error.contains("contains no certificate"), "{error}");
        let error = of_first_file(&[&missing]).unwrap_err().to_string();
        assert!(error.contains(&missing), "{error}");
    }
}
