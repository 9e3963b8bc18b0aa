//! Chains, keys, signatures, requests and file formats, compared with OpenSSL.

use std::process::Command;
use std::sync::OnceLock;

use proptest::prelude::*;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, DnValue, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

use super::bundle::CertificateBundle;
use super::chain::{Chain, ChainStatus, find_leaf};
use super::csr::CertificateRequest;
use super::format::Format;
use super::pem::{self, blocks};
use super::samples::every_parameter_of_the_curve_counts;
use super::signature::{SignatureStatus, check_signature};
use super::x509::Certificate;

/// A certificate to make: its names, and by number the key it is for and the key that signs it.
#[derive(Debug, Clone)]
struct Recipe {
    subject: &'static str,
    key: usize,
    issuer: &'static str,
    issuer_key: usize,
    /// Whether it names its issuer's key by an identifier.
    authority_key_id: bool,
    expired: bool,
    /// The string types of its own and of its issuer's name.
    strings: (usize, usize),
}

const EXAMPLE: Recipe = Recipe {
    subject: "",
    key: 0,
    issuer: "",
    issuer_key: 0,
    authority_key_id: true,
    expired: false,
    strings: (0, 0),
};

fn keys() -> &'static [KeyPair] {
    static KEYS: OnceLock<Vec<KeyPair>> = OnceLock::new();
    KEYS.get_or_init(|| (0..8).map(|_| KeyPair::generate().unwrap()).collect())
}

fn name(text: &str, string: usize) -> DistinguishedName {
    let value = match string {
        0 => DnValue::Utf8String(text.into()),
        1 => DnValue::PrintableString(text.try_into().unwrap()),
        2 => DnValue::BmpString(text.try_into().unwrap()),
        3 => DnValue::TeletexString(text.try_into().unwrap()),
        4 => DnValue::Utf8String(format!("  {} ", text.replace(' ', "   ").to_uppercase())),
        _ => DnValue::UniversalString(text.try_into().unwrap()),
    };
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, value);
    name
}

impl Recipe {
    fn make(&self) -> Certificate {
        let mut issuer = CertificateParams::default();
        issuer.distinguished_name = name(self.issuer, self.strings.1);
        let mut params = CertificateParams::default();
        params.distinguished_name = name(self.subject, self.strings.0);
        params.use_authority_key_identifier_extension = self.authority_key_id;
        if self.subject == "leaf" {
            params.is_ca = IsCa::ExplicitNoCa;
        } else {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        }
        if self.expired {
            params.not_before = date_time_ymd(2010, 1, 1);
            params.not_after = date_time_ymd(2020, 1, 1);
        }
        let issuer = Issuer::new(issuer, &keys()[self.issuer_key]);
        let made = params.signed_by(&keys()[self.key], &issuer).unwrap();
        Certificate::from_der(made.der().to_vec()).unwrap()
    }

    fn is_root(&self) -> bool {
        self.subject == self.issuer && self.key == self.issuer_key
    }
}

fn write(certificates: &[&Certificate]) -> String {
    certificates.iter().map(|it| pem::write("CERTIFICATE", it.der())).collect()
}

/// Whether `openssl verify` finds a chain from the first certificate to one of the roots.
fn openssl_verifies(leaf: &Certificate, others: &[&Certificate], roots: &[&Certificate]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, certificates: &[&Certificate]| {
        let path = folder.path().join(name);
        std::fs::write(&path, write(certificates)).unwrap();
        path
    };
    if roots.is_empty() {
        return false;
    }
    let mut command = Command::new("openssl");
    command
        .args(["verify", "-partial_chain", "-no-CApath", "-no-CAstore", "-CAfile"])
        .arg(file("roots", roots));
    if !others.is_empty() {
        command.arg("-untrusted").arg(file("others", others));
    }
    let output = command.arg(file("leaf", &[leaf])).output().expect("openssl is installed");
    output.status.success()
}

/// A chain's certificates, those between leaf and root, and the root.
fn path<'a>(all: &'a [Certificate], chain: &Chain) -> (Vec<&'a Certificate>, Vec<&'a Certificate>) {
    let steps: Vec<_> = chain.path()[1..].iter().map(|at| &all[*at]).collect();
    let (between, root) = steps.split_at(steps.len() - usize::from(chain.has_root()));
    (between.to_vec(), root.to_vec())
}

/// The certificates, in the order of their recipes, and their chain. The leaf must come first.
fn chain_of(recipes: &[Recipe]) -> (Vec<Certificate>, Chain) {
    let all: Vec<Certificate> = recipes.iter().map(Recipe::make).collect();
    let chain = Chain::of(&all, 0);
    (all, chain)
}

const LEAF: Recipe = Recipe { subject: "leaf", key: 7, issuer: "Low CA", issuer_key: 1, ..EXAMPLE };
const LOW: Recipe =
    Recipe { subject: "Low CA", key: 1, issuer: "Root CA", issuer_key: 2, ..EXAMPLE };
const ROOT: Recipe =
    Recipe { subject: "Root CA", key: 2, issuer: "Root CA", issuer_key: 2, ..EXAMPLE };

#[test]
fn one_name_in_two_string_types_is_one_name() {
    for string in 0..6 {
        let low = Recipe { strings: (string, 0), ..LOW };
        let (all, chain) = chain_of(&[LEAF, ROOT, low]);
        assert_eq!(chain.path(), [0, 2, 1], "{string}");
        assert_eq!(chain.status(), ChainStatus::Complete);
        let (between, root) = path(&all, &chain);
        assert!(openssl_verifies(&all[0], &between, &root));
        assert_eq!(find_leaf(&all[1..], 2) + 1, 2, "the lower of two CAs");
    }
}

#[test]
fn of_two_cas_with_one_name_the_one_with_the_right_key_is_taken() {
    let renewed = Recipe { key: 3, ..LOW };
    for authority_key_id in [true, false] {
        let leaf = Recipe { authority_key_id, ..LEAF };
        let (all, chain) = chain_of(&[leaf.clone(), renewed.clone(), LOW, ROOT]);
        assert_eq!(chain.path(), [0, 2, 3]);
        assert_eq!(check_signature(&all[0], &all[2]), SignatureStatus::Valid);
        assert_eq!(check_signature(&all[0], &all[1]), SignatureStatus::Invalid);
        let (_, chain) = chain_of(&[Recipe { issuer_key: 3, ..leaf }, LOW, renewed.clone(), ROOT]);
        assert_eq!(chain.path(), [0, 2, 3]);
    }
    // The one that came has another key, by its identifier.
    let (all, chain) = chain_of(&[LEAF, renewed, ROOT]);
    assert_eq!((chain.path(), chain.status()), (&[0][..], ChainStatus::Incomplete));
    assert!(!openssl_verifies(&all[0], &[&all[1]], &[&all[2]]));
}

#[test]
fn an_expired_cross_certificate_gives_way_to_a_valid_root() {
    let old = Recipe {
        subject: "Old CA",
        key: 4,
        issuer: "Old CA",
        issuer_key: 4,
        expired: true,
        ..EXAMPLE
    };
    let cross = Recipe { issuer: "Old CA", issuer_key: 4, ..ROOT };
    let expired = Recipe { expired: true, ..cross.clone() };
    let (all, chain) = chain_of(&[LEAF, old.clone(), expired.clone(), ROOT, LOW]);
    assert_eq!(chain.path(), [0, 4, 3]);
    let (between, root) = path(&all, &chain);
    assert!(openssl_verifies(&all[0], &between, &root));
    // A cross certificate that is valid leads further, if its root is valid too.
    let valid_old = Recipe { expired: false, ..old.clone() };
    let (_, chain) = chain_of(&[LEAF, valid_old, cross, ROOT, LOW]);
    assert_eq!(chain.path(), [0, 4, 2, 1]);
    // Without a valid root the expired certificates are left out; nothing else can be found.
    let (_, chain) = chain_of(&[LEAF, old.clone(), expired.clone(), LOW]);
    assert_eq!((chain.path(), chain.status()), (&[0, 3][..], ChainStatus::Complete));
    // A valid root came, and only an expired issuer leads to it.
    let middle = Recipe { subject: "Middle CA", key: 3, expired: true, ..LOW };
    let low = Recipe { issuer: "Middle CA", issuer_key: 3, ..LOW };
    let (_, chain) = chain_of(&[LEAF, low.clone(), middle.clone(), ROOT]);
    assert_eq!((chain.path(), chain.status()), (&[0, 1][..], ChainStatus::Incomplete));
    let (_, chain) = chain_of(&[LEAF, low, Recipe { expired: false, ..middle }, ROOT]);
    assert_eq!((chain.path(), chain.status()), (&[0, 1, 2, 3][..], ChainStatus::Complete));
    // Nothing valid came at all: better an expired chain than none.
    let (_, chain) = chain_of(&[LEAF, old, expired, Recipe { expired: true, ..LOW }]);
    assert_eq!((chain.path(), chain.has_root()), (&[0, 3, 2, 1][..], true));
}

#[test]
fn a_certificate_that_is_not_a_cas_is_not_an_issuer() {
    let imposter = Recipe { subject: "leaf", key: 6, ..LOW };
    let low = Recipe { issuer: "leaf", issuer_key: 6, ..LOW };
    let (all, chain) = chain_of(&[LEAF, low, imposter, ROOT]);
    assert_eq!((chain.path(), chain.status()), (&[0, 1][..], ChainStatus::Incomplete));
    assert!(!openssl_verifies(&all[0], &[&all[1], &all[2]], &[&all[3]]));
}

#[test]
fn the_leaf_is_found_at_any_position() {
    let [leaf, low, root] = [LEAF, LOW, ROOT].map(|recipe| write(&[&recipe.make()]));
    let files = leaf.clone() + &low;
    for (pem, chain) in [
        (leaf.clone(), vec![root.clone(), low.clone()]),
        (root.clone() + &low + &leaf, vec![]),
        (low.clone() + &leaf, vec![root.clone()]),
        (low.clone(), vec![root.clone(), leaf.clone()]),
        (root.clone(), vec![low.clone(), leaf.clone()]),
    ] {
        let bundle = CertificateBundle::new(pem, chain);
        assert_eq!(bundle.leaf().unwrap(), leaf);
        assert_eq!(bundle.full_chain().unwrap(), files);
        assert_eq!(bundle.root().unwrap().unwrap(), root);
        assert_eq!(bundle.chain_status().unwrap(), ChainStatus::Complete);
    }
}

#[test]
fn a_renewed_certificate_is_preferred_to_the_expired_one() {
    let old = Recipe { expired: true, ..LEAF };
    let same_key = Recipe { subject: "leaf", ..LEAF };
    let same_name = Recipe { key: 6, ..LEAF };
    for new in [same_key, same_name] {
        for recipes in [[&old, &new, &LOW, &ROOT], [&new, &old, &LOW, &ROOT]] {
            let all: Vec<Certificate> = recipes.map(Recipe::make).to_vec();
            let leaf = find_leaf(&all, 4);
            assert!(all[leaf].is_valid_at(1_800_000_000), "{recipes:?}");
            let bundle =
                CertificateBundle::new(write(&[&all[0], &all[1]]), vec![write(&[&all[2]])]);
            assert_eq!(bundle.leaf().unwrap(), write(&[&all[leaf]]));
        }
    }
    // One that is for something else is no renewal.
    let stranger = Recipe { subject: "leaf", key: 5, ..EXAMPLE };
    let all = [Recipe { expired: true, ..LEAF }, stranger].map(|recipe| recipe.make());
    assert_eq!(find_leaf(&all, 2), 1, "the valid one");
}

fn recipes() -> impl Strategy<Value = Vec<Recipe>> {
    let authority = prop::sample::select(&["Low CA", "Cross CA", "Root CA"][..]);
    let certificate = (authority.clone(), 1..4_usize, authority.clone(), 1..4_usize, any::<bool>());
    let more = (prop::bool::weighted(0.2), 0..6_usize, 0..6_usize);
    let any_certificate = (certificate, more).prop_map(|(names, more)| {
        let (subject, key, issuer, issuer_key, authority_key_id) = names;
        let (expired, own, other) = more;
        let strings = (own, other);
        Recipe { subject, key, issuer, issuer_key, authority_key_id, expired, strings }
    });
    let leaf = (authority, 1..4_usize, any::<bool>()).prop_map(|(issuer, issuer_key, id)| Recipe {
        issuer,
        issuer_key,
        authority_key_id: id,
        ..LEAF
    });
    let root = (prop::sample::select(&["Low CA", "Cross CA", "Root CA"][..]), 1..4_usize).prop_map(
        |(name, key)| Recipe { subject: name, issuer: name, key, issuer_key: key, ..EXAMPLE },
    );
    (leaf, prop::collection::vec(root, 1..3), prop::collection::vec(any_certificate, 0..7))
        .prop_map(|(leaf, roots, others)| {
            std::iter::once(leaf).chain(roots).chain(others).collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 60, ..ProptestConfig::default() })]

    /// Whatever certificates come together: if OpenSSL finds a chain in them, so does this, and
    /// OpenSSL accepts each of its steps. They are looked at one by one, because OpenSSL itself
    /// tries only one of several CAs with the same name.
    #[test]
    fn a_chain_is_found_where_openssl_finds_one(recipes in recipes()) {
        let (all, chain) = chain_of(&recipes);
        let of_kind = |is_root: bool| -> Vec<&Certificate> {
            let rest = all.iter().zip(&recipes).skip(1);
            rest.filter(|(_, recipe)| recipe.is_root() == is_root).map(|(it, _)| it).collect()
        };
        if openssl_verifies(&all[0], &of_kind(false), &of_kind(true)) {
            prop_assert!(chain.has_root(), "no root in {:?}", chain);
            // OpenSSL takes a certificate with the name of its issuer for self-signed unless a key
            // identifier says otherwise, and then looks for no issuer.
            let is_judged = |step: &&[usize]| {
                let recipe = &recipes[step[0]];
                recipe.subject != recipe.issuer || recipe.authority_key_id
            };
            for step in chain.path().windows(2).filter(is_judged) {
                let issuer = &all[step[1]];
                prop_assert!(openssl_verifies(&all[step[0]], &[], &[issuer]), "{:?}", chain);
            }
        }
    }
}

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
