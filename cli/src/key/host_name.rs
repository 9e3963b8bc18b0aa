//! Host names as certificate requests contain them: A-labels (RFC 5890), or IP addresses.

use std::net::IpAddr;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
// Only its version matters: it selects the Unicode tables of idna.
use idna_adapter as _;

/// A host that a certificate is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Host {
    /// A domain name in lower case and in ASCII, perhaps with the wildcard `*` as its first label.
    Name(String),
    Address(IpAddr),
}

impl Host {
    /// `None` if the text names no host.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bracketed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        if let Ok(address) = bracketed.unwrap_or(text).parse::<IpAddr>() {
            return Some(Self::Address(address));
        }
        let (wildcard, domain) = match text.strip_prefix("*.") {
            Some(rest) => ("*.", rest),
            None => ("", text),
        };
        let domain = domain.strip_suffix('.').unwrap_or(domain);
        let ascii = Uts46::new()
            .to_ascii(
                domain.as_bytes(),
                AsciiDenyList::STD3,
                Hyphens::CheckFirstLast,
                DnsLength::Verify,
            )
            .ok()?;
        // A numeric last label is an address that cannot be read.
        let last = ascii.rsplit('.').next().unwrap_or_default();
        let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
        (!is_number).then(|| Self::Name(format!("{wildcard}{ascii}")))
    }

    /// Whether the text is a public domain name or an address, rather than the name of a person or an organisation.
    pub(super) fn public(text: &str) -> Option<Self> {
        Self::parse(text).filter(|host| match host {
            Self::Name(name) => name.trim_start_matches("*.").contains('.'),
            Self::Address(_) => true,
        })
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Address(address) => address.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_a_labels_and_addresses_are_recognised() {
        for (text, expected) in [
            ("a.cn", "a.cn"),
            (" WWW.Example.COM. ", "www.example.com"),
            ("*.例子.中国", "*.xn--fsqu00a.xn--fiqs8s"),
            ("例子。中国", "xn--fsqu00a.xn--fiqs8s"),
            ("localhost", "localhost"),
            ("127.0.0.1", "127.0.0.1"),
            ("[2001:DB8::0:1]", "2001:db8::1"),
        ] {
            assert_eq!(
                Host::parse(text).map(|host| host.text()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "",
            ".",
            "*",
            "*.",
            "a..cn",
            "a_b.cn",
            "a b.cn",
            "-a.cn",
            "256.1.1.1",
            "a.cn/",
            "a.*.cn",
        ] {
            assert_eq!(Host::parse(text), None, "{text}");
        }
    }

    #[test]
    fn names_of_organisations_are_no_public_hosts() {
        for text in ["沃通电子认证服务有限公司", "localhost", "WoTrus CA Limited"] {
            assert_eq!(Host::public(text), None, "{text}");
        }
        assert!(Host::public("例子.中国").is_some() && Host::public("10.0.0.1").is_some());
    }
}
