//! Keys, signatures, requests and file formats, compared with OpenSSL.

use std::process::Command;

use super::csr::CertificateRequest;
use super::format::Format;
use super::pem::blocks;
use super::samples::every_parameter_of_the_curve_counts;
use super::signature::{SignatureStatus, check_signature};
use super::x509::Certificate;

/// A folder in which openssl is run.
struct Folder(tempfile::TempDir);

impl Folder {
    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    /// Runs openssl; the arguments have no blanks inside.
    fn openssl(&self, arguments: &str) {
        let mut command = Command::new("openssl");
        let output = command.args(arguments.split_whitespace()).current_dir(&self.0).output();
        let output = output.expect("openssl is installed");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {said}");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    fn certificate(&self, name: &str) -> Certificate {
        let text = self.text(name);
        let der = blocks(&text).next().unwrap().unwrap().der().unwrap();
        Certificate::from_block(der).unwrap()
    }

    /// A key and a self-signed certificate of it.
    fn self_signed(&self, name: &str, key: &str, sign: &str) -> Certificate {
        self.openssl(&format!("genpkey {key} -out {name}.key"));
        self.openssl(&format!(
            "req -x509 -new -key {name}.key -subj /CN={name} -days 9 -out {name}.pem {sign}"
        ));
        self.certificate(&format!("{name}.pem"))
    }
}

const RSA: &str = "-algorithm RSA -pkeyopt rsa_keygen_bits:";
const EC: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:";

#[test]
fn signatures_are_checked_where_the_algorithm_is_supported() {
    use SignatureStatus::{Unknown, Valid};
    let folder = Folder(tempfile::tempdir().unwrap());
    let pss = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest";
    for (index, (key, sign, expected)) in [
        (format!("{RSA}2048"), "-sha1", Valid),
        (format!("{RSA}2048"), "-sha256", Valid),
        (format!("{RSA}2048"), "-sha384", Valid),
        (format!("{RSA}2048"), "-sha512", Valid),
        (format!("{RSA}2048"), &format!("-sha256 {pss}"), Valid),
        (format!("{RSA}2048"), "-sha224", Unknown),
        (format!("{RSA}2048 -pkeyopt rsa_keygen_pubexp:3"), "-sha256", Valid),
        (format!("{RSA}1024"), "-sha256", Valid),
        (format!("{RSA}1024"), "-sha384", Unknown),
        (format!("{RSA}512"), "-sha256", Unknown),
        (format!("{EC}P-256"), "-sha256", Valid),
        (format!("{EC}P-256"), "-sha384", Valid),
        (format!("{EC}P-384"), "-sha256", Valid),
        (format!("{EC}P-384"), "-sha384", Valid),
        (format!("{EC}P-521"), "-sha512", Unknown),
        (format!("{EC}secp256k1"), "-sha256", Unknown),
        (format!("{EC}SM2"), "-sm3", Unknown),
        ("-algorithm ED25519".into(), "", Valid),
        ("-algorithm ED448".into(), "", Unknown),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("c{index}");
        let certificate = folder.self_signed(&name, &key, sign);
        assert_eq!(check_signature(&certificate, &certificate), expected, "{key} {sign}");
        if expected == Valid {
            let mut der = certificate.der().to_vec();
            *der.last_mut().unwrap() ^= 1;
            let changed = Certificate::from_der(der).unwrap();
            let status = check_signature(&changed, &certificate);
            assert_eq!(status, SignatureStatus::Invalid, "{key} {sign}");
        }
    }
}

#[test]
fn a_request_and_its_certificate_have_the_same_key_in_each_encoding() {
    let folder = Folder(tempfile::tempdir().unwrap());
    for (index, key) in [
        format!("{RSA}2048"),
        format!("{RSA}2048 -pkeyopt rsa_keygen_pubexp:3"),
        format!("{EC}P-256"),
        format!("{EC}P-384"),
        format!("{EC}P-521"),
        format!("{EC}SM2"),
        "-algorithm ED25519".into(),
    ]
    .iter()
    .enumerate()
    {
        let name = format!("k{index}");
        let certificate = folder.self_signed(&name, key, "");
        folder.openssl(&format!("req -new -key {name}.key -subj /CN=x -out {name}.csr"));
        folder.openssl(&format!("req -in {name}.csr -text -out {name}.txt"));
        for file in [format!("{name}.csr"), format!("{name}.txt")] {
            let request = CertificateRequest::from_pem(&folder.text(&file)).unwrap();
            assert!(request.public_key() == certificate.public_key(), "{key}");
        }
        if key.contains("EC ") {
            let form = "-conv_form compressed";
            folder.openssl(&format!("ec -in {name}.key {form} -out short.key"));
            folder.openssl("req -new -key short.key -subj /CN=x -out short.csr");
            let request = CertificateRequest::from_pem(&folder.text("short.csr")).unwrap();
            assert!(request.spki_der() != certificate.spki_der(), "the point is compressed");
            assert!(request.public_key() == certificate.public_key(), "{key}");
            folder.openssl(&format!("ec -in {name}.key -param_enc explicit -out long.key"));
            folder.openssl("req -x509 -new -key long.key -subj /CN=x -days 9 -out long.pem");
            let explicit = folder.certificate("long.pem");
            assert!(explicit.spki_der().len() > 200, "the curve is described");
            assert!(explicit.public_key() == certificate.public_key(), "{key}");
            folder
                .openssl("ec -in long.key -conv_form compressed -param_enc explicit -out both.key");
            folder.openssl("req -x509 -new -key both.key -subj /CN=x -days 9 -out both.pem");
            let both = folder.certificate("both.pem");
            assert!(both.public_key() == certificate.public_key(), "{key}");
            // The signature may be right, but ring does not read such a key.
            assert_eq!(check_signature(&both, &both), SignatureStatus::Unknown, "{key}");
            for certificate in [&explicit, &both] {
                every_parameter_of_the_curve_counts(certificate);
            }
            let status = check_signature(&explicit, &certificate);
            assert_eq!(check_signature(&explicit, &explicit), status, "{key}");
        }
    }
}

#[test]
fn other_formats_are_recognised_and_their_conversion_is_named() {
    let folder = Folder(tempfile::tempdir().unwrap());
    folder.self_signed("c", &format!("{RSA}2048"), "");
    for command in [
        "x509 -in c.pem -outform DER -out c.der",
        "req -new -key c.key -subj /CN=x -outform DER -out csr.der",
        "pkey -in c.key -outform DER -out pkcs8.der",
        "pkcs8 -topk8 -in c.key -passout pass:x -outform DER -out encrypted.der",
        "rsa -in c.key -traditional -outform DER -out pkcs1.der",
        "crl2pkcs7 -nocrl -certfile c.pem -out c.p7b",
        "crl2pkcs7 -nocrl -certfile c.pem -outform DER -out p7b.der",
        "pkcs12 -export -in c.pem -inkey c.key -passout pass:x -out c.pfx",
        "ecparam -name prime256v1 -genkey -noout -outform DER -out sec1.der",
        "pkey -in c.key -pubout -outform DER -out other.der",
        "req -new -key c.key -subj /CN=x -out c.csr",
        "x509 -req -in c.csr -signkey c.key -out v1.pem",
        "x509 -in v1.pem -outform DER -out v1.der",
    ] {
        folder.openssl(command);
    }
    let pem = folder.text("c.pem");
    let wide = |end: fn(u16) -> [u8; 2]| pem.encode_utf16().flat_map(end).collect::<Vec<u8>>();
    let base64: Vec<&str> = pem.lines().filter(|line| !line.starts_with('-')).collect();
    for (name, content) in [
        ("le", [&[0xff, 0xfe], &wide(u16::to_le_bytes)[..]].concat()),
        ("be", [&[0xfe, 0xff], &wide(u16::to_be_bytes)[..]].concat()),
        ("le-without-mark", wide(u16::to_le_bytes)),
        ("be-without-mark", wide(u16::to_be_bytes)),
        ("base64", base64.join("\n").into()),
        ("windows", folder.text("c.p7b").replace("PKCS7", "PKCS #7 SIGNED DATA").into()),
    ] {
        std::fs::write(folder.path(name), content).unwrap();
    }
    for (file, format) in [
        ("c.der", Format::DerCertificate),
        ("v1.der", Format::DerCertificate),
        ("csr.der", Format::DerRequest),
        ("pkcs8.der", Format::DerPrivateKey),
        ("encrypted.der", Format::DerPrivateKey),
        ("pkcs1.der", Format::DerPrivateKey),
        ("sec1.der", Format::DerPrivateKey),
        ("p7b.der", Format::DerPkcs7),
        ("c.p7b", Format::Pkcs7),
        ("windows", Format::Pkcs7),
        ("c.pfx", Format::Pkcs12),
        ("other.der", Format::Der),
        ("le", Format::Utf16),
        ("be", Format::Utf16),
        ("le-without-mark", Format::Utf16Le),
        ("be-without-mark", Format::Utf16Be),
        ("base64", Format::Base64),
    ] {
        assert_eq!(Format::of(&folder.read(file)), Some(format), "{file}");
    }
    // The commands that are named are the ones that work.
    for file in ["c.der", "p7b.der", "c.p7b", "le", "be", "le-without-mark", "be-without-mark"] {
        let format = Format::of(&folder.read(file)).unwrap();
        let command = format.conversion().unwrap().replace("FILE", file);
        let (program, arguments) = command.split_once(' ').unwrap();
        let output = Command::new(program)
            .args(arguments.split_whitespace())
            .current_dir(&folder.0)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let found = blocks(&text).next().unwrap().unwrap();
        assert!(
            Certificate::from_block(found.der().unwrap()).unwrap() == folder.certificate("c.pem")
        );
    }
}
