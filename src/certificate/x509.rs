//! The parts of an X.509 certificate that put a chain in order.

use super::der::{INTEGER, Reader, SEQUENCE};

/// A certificate: where in its DER issuer, subject and key stand.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct X509 {
    der: Vec<u8>,
    issuer: (usize, usize),
    subject: (usize, usize),
    public_key: (usize, usize),
}

impl X509 {
    pub(crate) fn parse(der: Vec<u8>) -> Option<Self> {
        let mut outer = Reader::new(&der);
        let mut certificate = outer.sequence()?;
        if !outer.is_empty() {
            return None;
        }
        let mut tbs = certificate.sequence()?;
        tbs.skip(0xa0); // version
        tbs.expect(INTEGER)?; // serial number
        tbs.sequence()?; // signature algorithm
        let issuer = tbs.expect(SEQUENCE)?.whole;
        tbs.sequence()?; // validity
        let subject = tbs.expect(SEQUENCE)?.whole;
        let public_key = tbs.expect(SEQUENCE)?.whole;
        let place = |part: &[u8]| {
            let start = part.as_ptr() as usize - der.as_ptr() as usize;
            (start, start + part.len())
        };
        let (issuer, subject, public_key) = (place(issuer), place(subject), place(public_key));
        Some(Self { issuer, subject, public_key, der })
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    pub(crate) fn issuer(&self) -> &[u8] {
        &self.der[self.issuer.0..self.issuer.1]
    }

    pub(crate) fn subject(&self) -> &[u8] {
        &self.der[self.subject.0..self.subject.1]
    }

    /// SubjectPublicKeyInfo, as a CSR holds it too.
    pub(crate) fn public_key(&self) -> &[u8] {
        &self.der[self.public_key.0..self.public_key.1]
    }

    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer() == self.subject()
    }
}

/// The certificates above `leaf`, from the lowest up, as far as `candidates` go: by issuer and
/// subject, whatever order they came in. Where several bear the issuer's name (a root and its cross
/// certificate), the one that leads further up is taken. Candidates that lead nowhere are left out.
pub(crate) fn path<'a>(leaf: &X509, candidates: &'a [X509]) -> Vec<&'a X509> {
    let mut path: Vec<&X509> = Vec::new();
    let mut lowest = leaf;
    while !lowest.is_self_issued() {
        let leads_nowhere = |c: &&X509| match c.is_self_issued() {
            false if candidates.iter().any(|top| top.subject() == c.issuer()) => 0,
            true => 1,
            false => 2,
        };
        let above = candidates
            .iter()
            .filter(|c| c.subject() == lowest.issuer() && *c != leaf && !path.contains(c))
            .min_by_key(leads_nowhere);
        let Some(above) = above else { break };
        path.push(above);
        lowest = above;
    }
    path
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let mut der = vec![tag];
        match length {
            0..=127 => der.push(length as u8),
            _ => der.extend([0x82, (length >> 8) as u8, length as u8]),
        }
        der.extend(content);
        der
    }

    /// A certificate with these names and this key, and nothing that a chain does not need.
    pub(crate) fn certificate(subject: &str, issuer: &str, key: &str) -> Vec<u8> {
        let name = |text: &str| element(SEQUENCE, &element(0x0c, text.as_bytes()));
        let parts = [
            element(0xa0, &element(INTEGER, &[2])),
            element(INTEGER, &[1]),
            element(SEQUENCE, &[]),
            name(issuer),
            element(SEQUENCE, &[]),
            name(subject),
            element(SEQUENCE, &element(0x03, key.as_bytes())),
        ];
        let tbs = element(SEQUENCE, &parts.concat());
        element(SEQUENCE, &[tbs, element(SEQUENCE, &[]), element(0x03, &[0])].concat())
    }

    fn x509(subject: &str, issuer: &str) -> X509 {
        X509::parse(certificate(subject, issuer, subject)).unwrap()
    }

    fn names(path: &[&X509]) -> Vec<String> {
        path.iter().map(|c| String::from_utf8_lossy(&c.subject()[4..]).into_owned()).collect()
    }

    #[test]
    fn paths_go_by_name_in_any_order() {
        let (leaf, low, cross, root) = (
            x509("leaf", "low"),
            x509("low", "cross"),
            x509("cross", "root"),
            x509("root", "root"),
        );
        let all = [root, low, x509("stranger", "root"), cross, leaf.clone()];
        for turn in 0..all.len() {
            let mut candidates = all.to_vec();
            candidates.rotate_left(turn);
            assert_eq!(names(&path(&leaf, &candidates)), ["low", "cross", "root"]);
        }
    }

    #[test]
    fn a_cross_certificate_leads_further_than_the_root_it_names() {
        let (leaf, low) = (x509("leaf", "low"), x509("low", "r"));
        let (own, cross, old) = (x509("r", "r"), x509("r", "old"), x509("old", "old"));
        let all = [own.clone(), cross.clone(), old, low.clone()];
        let found = path(&leaf, &all);
        assert_eq!(names(&found), ["low", "r", "old"]);
        // Without the older root above it, the cross certificate leads nowhere.
        let all = [cross, own.clone(), low];
        assert!(*path(&leaf, &all)[1] == own);
    }

    #[test]
    fn gaps_and_loops_end() {
        let leaf = x509("leaf", "a");
        assert!(path(&leaf, &[x509("b", "b")]).is_empty());
        let all = [x509("a", "b"), x509("b", "a")];
        assert_eq!(names(&path(&leaf, &all)), ["a", "b"]);
        assert!(path(&x509("self", "self"), &all).is_empty());
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        let good = certificate("a", "b", "k");
        assert!(X509::parse(good.clone()).is_some());
        for cut in 0..good.len() {
            assert!(X509::parse(good[..cut].to_vec()).is_none(), "{cut}");
        }
        assert!(X509::parse([good, vec![0]].concat()).is_none());
    }
}
