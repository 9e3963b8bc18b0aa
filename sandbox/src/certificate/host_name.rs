//! The host names of server certificates: domain names as A-labels (RFC 5890), and IP addresses.

use std::net::{IpAddr, Ipv6Addr};

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

/// IDNA treats these like the dot between labels.
const DOTS: [char; 4] = ['.', '\u{3002}', '\u{FF0E}', '\u{FF61}'];

/// The form in which a certificate names the host: an IP address, or a domain name in lower case whose labels are
/// ASCII, perhaps with the wildcard `*` as its first label. `None` if the text names no host.
///
/// A single label (`localhost`) is not a public name, and a numeric last label is an address that cannot be read.
pub(crate) fn host_name(text: &str) -> Option<String> {
    if let Some(address) = ip_address(text) {
        return Some(address.to_string());
    }
    let (wildcard, domain) = match text.strip_prefix('*') {
        Some(rest) => ("*.", rest.strip_prefix(DOTS)?),
        None => ("", text),
    };
    let domain = domain.strip_suffix(DOTS).unwrap_or(domain);
    let ascii = Uts46::new()
        .to_ascii(
            domain.as_bytes(),
            AsciiDenyList::STD3,
            Hyphens::CheckFirstLast,
            DnsLength::Verify,
        )
        .ok()?;
    let (_, last) = ascii.rsplit_once('.')?;
    let numeric = last.bytes().all(|byte| byte.is_ascii_digit());
    (!numeric).then(|| format!("{wildcard}{ascii}"))
}

/// An address, in brackets or not. An IPv4 address that is written as an IPv6 one is an IPv4 address.
fn ip_address(text: &str) -> Option<IpAddr> {
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match bracketed {
        Some(inner) => {
            inner.parse::<Ipv6Addr>().ok().map(|address| IpAddr::V6(address).to_canonical())
        }
        None => text.parse::<IpAddr>().ok().map(|address| address.to_canonical()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_a_labels_and_addresses_canonical() {
        for (text, expected) in [
            ("a.cn", "a.cn"),
            ("WWW.Example.COM", "www.example.com"),
            ("a.cn.", "a.cn"),
            ("*.a.cn", "*.a.cn"),
            ("例子.中国", "xn--fsqu00a.xn--fiqs8s"),
            ("*.例子.中国", "*.xn--fsqu00a.xn--fiqs8s"),
            ("例子。中国", "xn--fsqu00a.xn--fiqs8s"),
            ("*。例子。中国", "*.xn--fsqu00a.xn--fiqs8s"),
            ("XN--FSQU00A.xn--fiqs8s", "xn--fsqu00a.xn--fiqs8s"),
            ("Bücher.example", "xn--bcher-kva.example"),
            ("１２３.example", "123.example"),
            ("127.0.0.1", "127.0.0.1"),
            ("2001:DB8::0:1", "2001:db8::1"),
            ("[::1]", "::1"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
        ] {
            assert_eq!(host_name(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_name_no_host() {
        let long_label = format!("{}.cn", "a".repeat(64));
        let long_name = format!("{}cn", "abcdefgh.".repeat(30));
        for text in [
            "",
            ".",
            "*",
            "*.",
            "*.cn.*",
            "localhost",
            "中国",
            "*.cn",
            "*.中国",
            "*.*.cn",
            "a.*.cn",
            "w*.a.cn",
            "a..cn",
            ".a.cn",
            "-a.cn",
            "a-.cn",
            "a_b.cn",
            "a b.cn",
            "a.cn/",
            "a.cn:443",
            "https://a.cn",
            "A Co. Ltd",
            "xn--zzzzzzzzz-.cn",
            "xn--a.cn",
            "1.2.3",
            "256.1.1.1",
            "*.10.0.0.1",
            "[10.0.0.1]",
            "[::1",
            "沃通电子认证服务有限公司",
            "a@b.cn",
            "a\u{0}.cn",
            "a\u{202E}b.cn",
            &long_label,
            &long_name,
        ] {
            assert_eq!(host_name(text), None, "{text}");
        }
    }
}
