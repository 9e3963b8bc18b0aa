//! Names the format of a file.

use wotrus::pki::Format;

use crate::lang::{self, say};

/// The name of a format and the command that converts it.
pub(crate) fn described(format: Format) -> String {
    match format {
        Format::DerPkcs7 | Format::Pkcs7 => say!(
            "it is PKCS#7 (.p7b); convert it: wotrus cert convert FILE",
            "PKCS#7（.p7b）；转换命令：wotrus cert convert FILE"
        ),
        Format::Pkcs12 => say!(
            "it is PKCS#12 (.pfx, .p12); convert it: wotrus cert convert FILE --password-file PASSWORD",
            "PKCS#12（.pfx、.p12）；转换命令：wotrus cert convert FILE --password-file PASSWORD"
        ),
        _ => {
            let name = lang::text(&format.message());
            say!("it is {name}", "{name}")
        }
    }
}
