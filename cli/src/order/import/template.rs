//! `order import --template`: a file to fill in.

use std::io::{self, Write};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};

use super::sheet;
use crate::failure::{Failure, Result};

/// The columns, each with the example in its first row.
const COLUMNS: &[(&str, &str)] = &[
    ("idempotenceID", "order-4713"),
    ("productID", "organization"),
    ("commonName", "沃通电子认证服务有限公司"),
    ("csr", "example.csr"),
    ("month", "12"),
    ("OrgName", "沃通电子认证服务有限公司"),
    ("BusinessCategory", "Private Organization"),
    ("OrgPhone", "0755-26027828"),
    ("OrgEmail", "info@example.cn"),
    ("UserLastName", "李"),
    ("UserFirstName", "大强"),
    ("UserEmail", "li@example.cn"),
    ("UserMobile", "13800000000"),
    ("IDCardNO", ""),
    ("countryCode", "CN"),
    ("state", "广东省"),
    ("city", "深圳市"),
    ("street", "南山区南海大道1057号"),
    ("zip", "518067"),
    ("businessLicense", ""),
    ("authorization", ""),
    ("licence", "licence.pdf"),
    ("identity", ""),
];

/// Prints the template. In UTF-8 it begins with a byte order mark, without which Excel reads another
/// charset.
pub(super) fn print(charset: &str) -> Result<()> {
    let line = |cell: fn(&(&'static str, &'static str)) -> &'static str| {
        COLUMNS.iter().map(cell).collect::<Vec<_>>().join(",")
    };
    let text = format!("{}\r\n{}\r\n", line(|it| it.0), line(|it| it.1));
    sheet::decoded(b"", charset)
        .map_err(|mistake| Failure::argument("--charset", mistake.text()))?;
    let encoding = Encoding::for_label(charset.as_bytes()).unwrap_or(UTF_8);
    let mark = if encoding == UTF_8 { "\u{feff}" } else { "" };
    let bytes = encoding.encode(&format!("{mark}{text}")).0.into_owned();
    let mut out = io::stdout().lock();
    match out.write_all(&bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::file(Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}
