//! The subject of a certificate request, and the hosts that it names.

use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::asn1::{
    Any, Ia5String, ObjectIdentifier, OctetString, PrintableStringRef, Utf8StringRef,
};
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::{Name, RelativeDistinguishedName};

use super::host_name::Host;
use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::output::tell;

/// What a request is for. Names are checked here; the service decides what the certificate contains.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Subject {
    /// The subject's CN: the organisation's name, or the first host [default: the first --host]
    #[arg(long, value_name = "NAME")]
    pub(crate) common_name: Option<String>,

    /// A domain name or IP address for the subject alternative names; may be repeated
    #[arg(long = "host", value_name = "HOST")]
    pub(crate) hosts: Vec<String>,

    /// The organisation's registered name
    #[arg(long, value_name = "NAME")]
    pub(crate) org_name: Option<String>,

    /// A department of the organisation
    #[arg(long, value_name = "NAME")]
    pub(crate) org_unit: Option<String>,

    /// The country, two letters: CN, US, JP, …
    #[arg(long, value_name = "CC")]
    pub(crate) country: Option<String>,

    /// The province
    #[arg(long, value_name = "NAME")]
    pub(crate) state: Option<String>,

    /// The city
    #[arg(long, value_name = "NAME")]
    pub(crate) city: Option<String>,
}

/// A subject whose names have been checked.
pub(crate) struct CheckedSubject {
    pub(super) name: Name,
    pub(super) alternative_names: SubjectAltName,
}

/// The object identifiers of the attributes, and their largest lengths in characters (X.520).
const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const STATE: (ObjectIdentifier, usize) = (ObjectIdentifier::new_unwrap("2.5.4.8"), 128);
const CITY: (ObjectIdentifier, usize) = (ObjectIdentifier::new_unwrap("2.5.4.7"), 128);
const ORG_NAME: (ObjectIdentifier, usize) = (ObjectIdentifier::new_unwrap("2.5.4.10"), 64);
const ORG_UNIT: (ObjectIdentifier, usize) = (ObjectIdentifier::new_unwrap("2.5.4.11"), 64);
const COMMON_NAME: (ObjectIdentifier, usize) = (ObjectIdentifier::new_unwrap("2.5.4.3"), 64);

impl Subject {
    /// Whether nothing is given.
    pub(super) fn is_empty(&self) -> bool {
        let texts = [
            &self.common_name,
            &self.org_name,
            &self.org_unit,
            &self.country,
            &self.state,
            &self.city,
        ];
        self.hosts.is_empty() && texts.into_iter().all(Option::is_none)
    }

    /// The subject without the parts that no request can contain. The common name stays.
    pub(crate) fn without_unsuitable(mut self) -> Self {
        let fits = |kind| move |text: &String| attribute("", kind, text).is_ok();
        self.country = self.country.filter(|text| country(text).is_ok());
        self.state = self.state.filter(fits(STATE));
        self.city = self.city.filter(fits(CITY));
        self.org_name = self.org_name.filter(fits(ORG_NAME));
        self.org_unit = self.org_unit.filter(fits(ORG_UNIT));
        self.hosts.retain(|text| Host::parse(text).is_some());
        self
    }

    /// Checks the names. A common name that is a domain name or an address is also one of the alternative names,
    /// which alone count for browsers.
    pub(crate) fn checked(&self) -> Result<CheckedSubject> {
        let mut hosts = Vec::new();
        for text in &self.hosts {
            let host = Host::parse(text).ok_or_else(|| {
                let problem = say!(
                    "{text} is neither a domain name nor an IP address",
                    "{text} 既不是域名，也不是 IP 地址"
                );
                Failure::argument("--host", problem)
            })?;
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        let common_name = match self.common_name.as_deref().map(str::trim) {
            Some(text) => match self.host_in(text, &hosts) {
                Some(host) => {
                    let name = host.text();
                    if !hosts.contains(&host) {
                        hosts.insert(0, host);
                    }
                    Some(if name.eq_ignore_ascii_case(text) { text.to_owned() } else { name })
                }
                None => Some(text.to_owned()),
            },
            // A long domain name does not fit into a CN, and need not be there.
            None => hosts.first().map(Host::text).filter(|text| text.len() <= COMMON_NAME.1),
        };
        if common_name.is_none() && hosts.is_empty() {
            let problem = say!("is required, or --host", "必须提供，或提供 --host");
            return Err(Failure::argument("--common-name", problem));
        }
        let mut attributes = Vec::new();
        if let Some(text) = &self.country {
            attributes.push(country(text)?);
        }
        let fields = [
            ("--state", STATE, self.state.as_deref()),
            ("--city", CITY, self.city.as_deref()),
            ("--org-name", ORG_NAME, self.org_name.as_deref()),
            ("--org-unit", ORG_UNIT, self.org_unit.as_deref()),
            ("--common-name", COMMON_NAME, common_name.as_deref()),
        ];
        for (flag, kind, text) in fields {
            if let Some(text) = text {
                attributes.push(attribute(flag, kind, text)?);
            }
        }
        Ok(CheckedSubject {
            name: name(attributes).ok_or_else(|| unencodable("--common-name"))?,
            alternative_names: SubjectAltName(
                hosts
                    .iter()
                    .map(|host| general_name(host).ok_or_else(|| unencodable("--host")))
                    .collect::<Result<_>>()?,
            ),
        })
    }
}

impl Subject {
    /// The host that a common name is; `None` if it is the name of an organisation, of which many have the form of a
    /// domain name. One in Unicode is a host only if it is among the hosts too.
    fn host_in(&self, common_name: &str, hosts: &[Host]) -> Option<Host> {
        let host = Host::public(common_name)?;
        let is_host =
            hosts.contains(&host) || common_name.is_ascii() && !self.is_org_name(common_name);
        is_host.then_some(host)
    }

    fn is_org_name(&self, common_name: &str) -> bool {
        self.org_name.as_deref().map(str::trim) == Some(common_name)
    }

    /// Tells that a common name in Unicode was not taken for a host, though it has the form of a domain name.
    pub(super) fn tell_of_unused_host(&self) {
        let Some(common_name) = self.common_name.as_deref().map(str::trim) else { return };
        let Some(host) = Host::public(common_name) else { return };
        let is_given = self.hosts.iter().any(|text| Host::parse(text).as_ref() == Some(&host));
        if !common_name.is_ascii() && !is_given && !self.is_org_name(common_name) {
            let name = host.text();
            tell(&say!(
                "the common name is not taken for a domain name; if it is one: --host {name}",
                "通用名称未作为域名处理；如果是域名，请加上 --host {name}"
            ));
        }
    }
}

fn unencodable(flag: &str) -> Failure {
    Failure::argument(flag, say!("cannot be encoded", "无法编码"))
}

fn name(attributes: Vec<AttributeTypeAndValue>) -> Option<Name> {
    let parts: Vec<RelativeDistinguishedName> = attributes
        .into_iter()
        .map(|attribute| RelativeDistinguishedName::try_from(vec![attribute]).ok())
        .collect::<Option<_>>()?;
    Name::from_der(&parts.to_der().ok()?).ok()
}

fn general_name(host: &Host) -> Option<GeneralName> {
    Some(match host {
        Host::Name(name) => GeneralName::DnsName(Ia5String::new(name).ok()?),
        Host::Address(address) => {
            let bytes = match address {
                std::net::IpAddr::V4(four) => four.octets().to_vec(),
                std::net::IpAddr::V6(six) => six.octets().to_vec(),
            };
            GeneralName::IpAddress(OctetString::new(bytes).ok()?)
        }
    })
}

fn country(text: &str) -> Result<AttributeTypeAndValue> {
    let text = text.trim().to_ascii_uppercase();
    if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let problem = say!("must be two letters, such as CN", "须为两个字母，例如 CN");
        return Err(Failure::argument("--country", problem));
    }
    let value = PrintableStringRef::new(&text).and_then(|it| Any::encode_from(&it));
    let value = value.map_err(|_| unencodable("--country"))?;
    Ok(AttributeTypeAndValue { oid: COUNTRY, value })
}

/// A text attribute, as UTF8String.
fn attribute(
    flag: &str,
    (oid, max): (ObjectIdentifier, usize),
    text: &str,
) -> Result<AttributeTypeAndValue> {
    let text = text.trim();
    let problem = match text.chars().count() {
        0 => Some(say!("is empty", "为空")),
        length if length > max => {
            Some(say!("is longer than {max} characters", "超过 {max} 个字符"))
        }
        _ if text.contains(char::is_control) => {
            Some(say!("contains a control character", "含有控制字符"))
        }
        _ => None,
    };
    if let Some(problem) = problem {
        return Err(Failure::argument(flag, problem));
    }
    let value = Utf8StringRef::new(text).and_then(|it| Any::encode_from(&it));
    Ok(AttributeTypeAndValue { oid, value: value.map_err(|_| unencodable(flag))? })
}
