//! The way from a certificate up through its issuers, among certificates in any order.
//!
//! An issuer is found by what RFC 5280 calls one: its subject is the certificate's issuer by name,
//! the key identifiers do not differ, and it may issue certificates. Of several, those are preferred
//! that are valid now and lead to a root; signatures are checked only if two are left.
//! Time is linear in the number of certificates, whatever the answer contains.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::name;
use super::signature::{SignatureStatus, check_signature};
use super::x509::Certificate;
use crate::calendar;
use crate::named::named;

/// The longest path, leaf and root included. Real ones have two to five certificates.
const MAX_PATH: usize = 20;
/// How many certificates with the same subject are considered. Real ones are one to three.
const MAX_SAME_SUBJECT: usize = 32;
/// How many signatures are checked to choose among issuers.
const MAX_SIGNATURES: usize = 64;

named! {
    /// How much of a chain came with a certificate.
    #[non_exhaustive]
    ChainStatus {
        /// Each issuer up to the root came, or up to the one below a root that was left out.
        Complete = "complete",
        /// Issuers came, but the chain breaks off: none of them issued the certificate, the next issuer is
        /// missing although others came that do not fit, or it is not valid now.
        Incomplete = "incomplete",
        /// No issuer came.
        None = "none",
    }
}

/// A chain among certificates; positions are indices into the list that it was found in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    path: Vec<usize>,
    status: ChainStatus,
    has_root: bool,
}

impl Chain {
    /// Finds the chain of the certificate at `leaf` as it is now.
    ///
    /// # Panics
    /// If `leaf` is not an index of `certificates`.
    pub fn of(certificates: &[Certificate], leaf: usize) -> Self {
        Self::at(certificates, leaf, calendar::now())
    }

    /// The same at a time in seconds since 1970.
    fn at(certificates: &[Certificate], leaf: usize, now: i64) -> Self {
        // A CA may not change the bytes of a name (RFC 5280, section 4.1.2.6), and to compare them takes a
        // fraction of the time.
        let graph = Graph::new(certificates, now, <[u8]>::to_vec);
        let (path, has_root) = Search::run(&graph, leaf, true);
        // If all are in the path and the last one is not a root, there is nothing left to compare.
        let top = path[path.len() - 1];
        if has_root || (path.len() == certificates.len() && !graph.key_ids_agree(top, top)) {
            return Self { status: graph.status(&path, has_root), path, has_root };
        }
        let graph = Graph::new(certificates, now, name::normalized);
        let (mut path, mut has_root) = Search::run(&graph, leaf, true);
        let mut is_cut = false;
        if !has_root && graph.issuers(path[path.len() - 1], false).next().is_some() {
            let (any, any_root) = Search::run(&graph, leaf, false);
            if path.len() == 1 {
                // Without a valid issuer, an expired chain is better than none.
                (path, has_root) = (any, any_root);
            } else {
                // A root that has expired too is an old one, and clients have the one that took its place.
                is_cut = any_root && graph.is_valid(any[any.len() - 1]);
            }
        }
        let status = match is_cut {
            true => ChainStatus::Incomplete,
            false => graph.status(&path, has_root),
        };
        Self { path, status, has_root }
    }

    /// The leaf, then upwards each issuer.
    pub fn path(&self) -> &[usize] {
        &self.path
    }

    /// Whether the path's last certificate is a root.
    pub fn has_root(&self) -> bool {
        self.has_root
    }

    /// How much of the chain is there.
    pub fn status(&self) -> ChainStatus {
        self.status
    }
}

/// Finds the certificate that a list is about: of the first `first` ones (at least one) a
/// certificate that is not a CA's and issued none of the others. To a CA's certificate, a later one that
/// it issued is preferred. Of a certificate and its renewals, which have its name or its key, it is the one that is
/// valid now and the longest.
///
/// # Panics
/// If there is no certificate.
pub fn find_leaf(certificates: &[Certificate], first: usize) -> usize {
    let is_ca = |at: usize| certificates[at].is_ca() == Some(true);
    if first == 1 && !is_ca(0) {
        return 0;
    }
    let graph = Graph::new(certificates, calendar::now(), name::normalized);
    let mut issued = vec![false; certificates.len()];
    for at in 0..certificates.len() {
        graph.issuers(at, false).for_each(|issuer| issued[issuer] = true);
    }
    let issued_none = |at: &usize| !issued[*at];
    let end_entity = |at: &usize| issued_none(at) && !is_ca(*at);
    let below = |at: &usize| {
        let (path, _) = Search::run(&graph, *at, false);
        path.iter().skip(1).any(|issuer| *issuer < first)
    };
    let own = || (0..first).filter(end_entity);
    if let Some(leaf) = own().find(|at| graph.is_valid(*at)).or_else(|| own().next()) {
        let key = |at: usize| certificates[at].spki_der();
        let is_renewal =
            |at: &usize| graph.subjects[*at] == graph.subjects[leaf] || key(*at) == key(leaf);
        let rank = |at: usize| (graph.is_valid(at), graph.end(at));
        let later = |best, at| if rank(at) > rank(best) { at } else { best };
        return own().filter(is_renewal).fold(leaf, later);
    }
    (first..certificates.len())
        .filter(end_entity)
        .take(MAX_PATH)
        .find(below)
        .or_else(|| (0..first).find(issued_none))
        .unwrap_or(0)
}

/// The certificates, with numbers for their names: the same name has the same number.
struct Graph<'a> {
    certificates: &'a [Certificate],
    now: i64,
    subjects: Vec<usize>,
    issuers: Vec<usize>,
    /// The certificates with each name as their subject, without duplicates.
    by_subject: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    /// `form` gives the form of a name that is compared.
    fn new(certificates: &'a [Certificate], now: i64, form: fn(&[u8]) -> Vec<u8>) -> Self {
        let mut numbers = HashMap::with_capacity(2 * certificates.len());
        let mut number = |name| {
            let next = numbers.len();
            *numbers.entry(form(name)).or_insert(next)
        };
        let subjects: Vec<_> = certificates.iter().map(|it| number(it.subject_der())).collect();
        // In the service's order the issuer is a neighbour or the last, with the same bytes.
        let of_issuer = |at: usize| {
            let name = certificates[at].issuer_der();
            let near = [at, at.saturating_sub(1), certificates.len() - 1];
            let near = near.into_iter().find(|it| certificates[*it].subject_der() == name);
            near.map_or_else(|| number(name), |near| subjects[near])
        };
        let issuers: Vec<_> = (0..certificates.len()).map(of_issuer).collect();
        let mut by_subject = vec![Vec::new(); numbers.len()];
        for (at, subject) in subjects.iter().enumerate() {
            let same: &mut Vec<usize> = &mut by_subject[*subject];
            let is_new =
                |same: &[usize]| same.iter().all(|it| certificates[*it] != certificates[at]);
            if same.len() < MAX_SAME_SUBJECT && is_new(same) {
                same.push(at);
            }
        }
        Self { certificates, now, subjects, issuers, by_subject }
    }

    /// Whether a certificate is a root: its own issuer by name and key.
    fn is_root(&self, at: usize) -> bool {
        self.subjects[at] == self.issuers[at] && self.key_ids_agree(at, at)
    }

    fn key_ids_agree(&self, issuer: usize, at: usize) -> bool {
        let expected = self.certificates[at].authority_key_id();
        let found = self.certificates[issuer].subject_key_id();
        expected.is_none() || found.is_none() || expected == found
    }

    /// Whether a certificate may be the issuer of another, by all but validity and signature.
    fn fits(&self, issuer: usize, at: usize) -> bool {
        self.subjects[issuer] == self.issuers[at]
            && self.certificates[issuer] != self.certificates[at]
            && self.key_ids_agree(issuer, at)
            && self.certificates[issuer].may_issue()
    }

    fn is_valid(&self, at: usize) -> bool {
        self.certificates[at].is_valid_at(self.now)
    }

    /// When a certificate expires, in seconds since 1970.
    fn end(&self, at: usize) -> i64 {
        self.certificates[at].validity().map_or(0, |(_, end)| end)
    }

    /// The certificates that may have issued the one at `at`.
    fn issuers(&self, at: usize, valid_only: bool) -> impl Iterator<Item = usize> {
        let named = self.by_subject[self.issuers[at]].iter().copied();
        named.filter(move |it| self.fits(*it, at) && (!valid_only || self.is_valid(*it)))
    }

    fn status(&self, path: &[usize], has_root: bool) -> ChainStatus {
        let leaf = path[0];
        if has_root {
            return ChainStatus::Complete;
        }
        let is_other = |at: &usize| self.certificates[*at] != self.certificates[leaf];
        let mut others = (0..self.certificates.len()).filter(is_other).peekable();
        if others.peek().is_none() {
            return ChainStatus::None;
        }
        // An issuer outside the path, such as an expired one, does not mean that one is missing.
        let is_related = self.all_issuers(leaf);
        let mut unrelated = others.filter(|at| {
            let mut same = self.by_subject[self.subjects[*at]].iter();
            let related =
                same.any(|it| is_related[*it] && self.certificates[*it] == self.certificates[*at]);
            self.certificates[*at].may_issue() && !related
        });
        if path.len() == 1 || unrelated.next().is_some() {
            ChainStatus::Incomplete
        } else {
            ChainStatus::Complete
        }
    }

    /// Marks the certificate's issuers, their issuers, and so on, whether they are valid or not.
    fn all_issuers(&self, leaf: usize) -> Vec<bool> {
        let mut found = vec![false; self.certificates.len()];
        let mut next = vec![leaf];
        while let Some(at) = next.pop() {
            next.extend(
                self.issuers(at, false).filter(|it| !std::mem::replace(&mut found[*it], true)),
            );
        }
        found
    }
}

/// A depth-first search for a root that visits each certificate once.
struct Search<'a> {
    graph: &'a Graph<'a>,
    valid_only: bool,
    check_signatures: bool,
    signatures_left: usize,
    /// Whether a certificate had more than one possible issuer.
    is_ambiguous: bool,
    visited: Vec<bool>,
    path: Vec<usize>,
    longest: Vec<usize>,
}

impl<'a> Search<'a> {
    fn new(graph: &'a Graph<'a>, valid_only: bool, check_signatures: bool) -> Self {
        Self {
            graph,
            valid_only,
            check_signatures,
            signatures_left: MAX_SIGNATURES,
            is_ambiguous: false,
            visited: vec![false; graph.certificates.len()],
            path: Vec::new(),
            longest: Vec::new(),
        }
    }

    /// The path from `leaf` to a root, or as far up as the certificates lead; and whether there is
    /// a root.
    fn run(graph: &'a Graph<'a>, leaf: usize, valid_only: bool) -> (Vec<usize>, bool) {
        let mut search = Self::new(graph, valid_only, false);
        let mut has_root = search.climb(leaf);
        if search.is_ambiguous {
            search = Self::new(graph, valid_only, true);
            has_root = search.climb(leaf);
        }
        (if has_root { search.path } else { search.longest }, has_root)
    }

    fn climb(&mut self, at: usize) -> bool {
        self.visited[at] = true;
        self.path.push(at);
        if self.path.len() > self.longest.len() {
            self.longest.clone_from(&self.path);
        }
        if self.graph.is_root(at) && self.signature(at, at) != SignatureStatus::Invalid {
            return true;
        }
        if self.path.len() < MAX_PATH {
            for issuer in self.issuers(at) {
                if !self.visited[issuer] && self.climb(issuer) {
                    return true;
                }
            }
        }
        self.path.pop();
        false
    }

    /// The issuers of a certificate, the best first. A root comes last: its cross certificate leads
    /// further, to a root that older clients have. Then the one that is valid longer.
    fn issuers(&mut self, at: usize) -> Vec<usize> {
        let graph = self.graph;
        let mut found: Vec<usize> = graph.issuers(at, self.valid_only).collect();
        self.is_ambiguous |= found.len() > 1;
        found.retain(|issuer| self.signature(at, *issuer) != SignatureStatus::Invalid);
        let mut ranked = Vec::with_capacity(found.len());
        for issuer in found {
            let rank = (graph.is_root(issuer), Reverse(graph.end(issuer)), issuer);
            // There are few, and this is less code than a sort.
            ranked.insert(ranked.partition_point(|other| *other < rank), rank);
        }
        ranked.into_iter().map(|(_, _, issuer)| issuer).collect()
    }

    fn signature(&mut self, at: usize, issuer: usize) -> SignatureStatus {
        if !self.check_signatures || self.signatures_left == 0 {
            return SignatureStatus::Unknown;
        }
        self.signatures_left -= 1;
        check_signature(&self.graph.certificates[at], &self.graph.certificates[issuer])
    }
}

#[cfg(test)]
mod tests;
