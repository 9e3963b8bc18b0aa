//! Chains of made certificates, in part compared with OpenSSL.

use super::super::samples::certificate;
use super::*;

fn x509(subject: &str, issuer: &str) -> Certificate {
    Certificate::from_der(certificate(subject, issuer, subject)).unwrap()
}

/// The subjects of the chain of `leaf`.
fn names(leaf: &Certificate, others: &[Certificate]) -> Vec<String> {
    let all = [std::slice::from_ref(leaf), others].concat();
    let name = |at: &usize| String::from_utf8_lossy(&all[*at].subject_der()[4..]).into_owned();
    Chain::of(&all, 0).path().iter().map(name).collect()
}

fn status(certificates: &[Certificate]) -> ChainStatus {
    Chain::of(certificates, 0).status()
}

#[test]
fn a_path_is_found_in_any_order() {
    let (leaf, low, cross, root) =
        (x509("leaf", "low"), x509("low", "cross"), x509("cross", "root"), x509("root", "root"));
    let all = [root, low, x509("stranger", "root"), cross, leaf.clone()];
    for turn in 0..all.len() {
        let mut candidates = all.to_vec();
        candidates.rotate_left(turn);
        assert_eq!(names(&leaf, &candidates), ["leaf", "low", "cross", "root"]);
        candidates.retain(|it| *it != x509("stranger", "root"));
        assert!(candidates[find_leaf(&candidates, 4)] == leaf);
    }
}

#[test]
fn a_cross_certificate_is_taken_if_it_leads_to_a_root() {
    let (leaf, low) = (x509("leaf", "low"), x509("low", "r"));
    let (own, cross, old) = (x509("r", "r"), x509("r", "old"), x509("old", "old"));
    let all = [own.clone(), cross.clone(), old, low.clone()];
    assert_eq!(names(&leaf, &all), ["leaf", "low", "r", "old"]);
    // Without the older root above it, the cross certificate leads nowhere.
    let all = [leaf, cross, own, low];
    assert_eq!(Chain::of(&all, 0).path(), [0, 3, 2]);
}

#[test]
fn a_gap_and_a_loop_end_the_path() {
    let leaf = x509("leaf", "a");
    assert_eq!(names(&leaf, &[x509("b", "b")]), ["leaf"]);
    let all = [x509("a", "b"), x509("b", "a")];
    assert_eq!(names(&leaf, &all), ["leaf", "a", "b"]);
    assert_eq!(names(&x509("self", "self"), &all), ["self"]);
    // The search leaves a loop of cross certificates where one of its CAs has a root.
    let all = [&all[..], &[x509("b", "b")]].concat();
    assert_eq!(names(&leaf, &all), ["leaf", "a", "b"]);
    assert!(Chain::of(&[&[leaf], &all[..]].concat(), 0).has_root());
}

#[test]
fn a_chain_that_breaks_off_is_incomplete() {
    let (leaf, low, cross, root) =
        (x509("leaf", "low"), x509("low", "cross"), x509("cross", "root"), x509("root", "root"));
    let of = |others: &[&Certificate]| {
        status(&std::iter::once(&leaf).chain(others.iter().copied()).cloned().collect::<Vec<_>>())
    };
    assert_eq!(of(&[]), ChainStatus::None);
    assert_eq!(of(&[&leaf, &leaf]), ChainStatus::None);
    assert_eq!(of(&[&low, &cross, &root]), ChainStatus::Complete);
    assert_eq!(of(&[&low, &cross]), ChainStatus::Complete);
    assert_eq!(of(&[&low]), ChainStatus::Complete);
    assert_eq!(of(&[&low, &low]), ChainStatus::Complete);
    assert_eq!(of(&[&low, &root]), ChainStatus::Incomplete);
    assert_eq!(of(&[&cross, &root]), ChainStatus::Incomplete);
    assert_eq!(of(&[&root]), ChainStatus::Incomplete);
    assert_eq!(status(&[x509("own", "own")]), ChainStatus::Complete);
}

#[test]
fn many_certificates_take_linear_time() {
    let many = |name: &dyn Fn(usize) -> (String, String)| -> Vec<Certificate> {
        (0..2000)
            .map(|n| {
                let (subject, issuer) = name(n);
                Certificate::from_der(certificate(&subject, &issuer, &n.to_string())).unwrap()
            })
            .collect()
    };
    let began = std::time::Instant::now();
    for mut all in [
        many(&|_| ("a".into(), "a".into())),
        many(&|n| ("a".into(), if n % 2 == 0 { "a" } else { "b" }.into())),
        many(&|n| (format!("{n}"), format!("{}", n + 1))),
        many(&|n| (format!("{}", n % 60), format!("{}", (n + 1) % 60))),
        vec![x509("a", "b"); 2000],
    ] {
        all.insert(0, x509("leaf", "a"));
        let chain = Chain::of(&all, find_leaf(&all, all.len()));
        assert!(chain.path().len() <= MAX_PATH);
    }
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
}

/// Compared with the program openssl.
#[cfg(unix)]
mod with_openssl {
    use std::process::Command;
    use std::sync::OnceLock;

    use proptest::prelude::*;
    use rcgen::{
        BasicConstraints, CertificateParams, DistinguishedName, DnType, DnValue, IsCa, Issuer,
        KeyPair, KeyUsagePurpose, date_time_ymd,
    };

    use super::super::super::bundle::CertificateBundle;
    use super::super::super::pem;
    use super::*;

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
    fn openssl_verifies(
        leaf: &Certificate,
        others: &[&Certificate],
        roots: &[&Certificate],
    ) -> bool {
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
    fn path<'a>(
        all: &'a [Certificate],
        chain: &Chain,
    ) -> (Vec<&'a Certificate>, Vec<&'a Certificate>) {
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

    const LEAF: Recipe =
        Recipe { subject: "leaf", key: 7, issuer: "Low CA", issuer_key: 1, ..EXAMPLE };
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
            let (_, chain) =
                chain_of(&[Recipe { issuer_key: 3, ..leaf }, LOW, renewed.clone(), ROOT]);
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
        let certificate =
            (authority.clone(), 1..4_usize, authority.clone(), 1..4_usize, any::<bool>());
        let more = (prop::bool::weighted(0.2), 0..6_usize, 0..6_usize);
        let any_certificate = (certificate, more).prop_map(|(names, more)| {
            let (subject, key, issuer, issuer_key, authority_key_id) = names;
            let (expired, own, other) = more;
            let strings = (own, other);
            Recipe { subject, key, issuer, issuer_key, authority_key_id, expired, strings }
        });
        let leaf = (authority, 1..4_usize, any::<bool>()).prop_map(|(issuer, issuer_key, id)| {
            Recipe { issuer, issuer_key, authority_key_id: id, ..LEAF }
        });
        let root = (prop::sample::select(&["Low CA", "Cross CA", "Root CA"][..]), 1..4_usize)
            .prop_map(|(name, key)| Recipe {
                subject: name,
                issuer: name,
                key,
                issuer_key: key,
                ..EXAMPLE
            });
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
}
