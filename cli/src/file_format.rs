//! Names the format of a file.

use wotrus::pki::Format;

use crate::lang::{self, say};

/// The name of a format and the command that converts it.
pub(crate) fn described(format: Format) -> String {
    let name = lang::text(&format.name());
    let convert = match format {
        Format::DerPkcs7 | Format::Pkcs7 => Some("wotrus cert convert FILE"),
        Format::Pkcs12 => Some("wotrus cert convert FILE --password-file PASSWORD"),
        other => other.conversion(),
    };
    match convert {
        Some(command) => {
            say!("it is {name}; convert it: {command}", "{name}；转换命令：{command}")
        }
        None => say!("it is {name}", "{name}"),
    }
}
