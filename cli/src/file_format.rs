//! Names the format of a file in both languages.

use wotrus::pki::Format;

use crate::lang::say;

/// The name of a format and the command that converts it.
pub(crate) fn described(format: Format) -> String {
    let name = match format {
        Format::Empty => "空文件",
        Format::Utf16 => "UTF-16 文本",
        Format::DerCertificate => "DER 格式的证书",
        Format::DerRequest => "DER 格式的 CSR",
        Format::DerPrivateKey => "DER 格式的私钥",
        Format::DerPkcs7 => "DER 格式的 PKCS#7（.p7b）",
        Format::Pkcs7 => "PKCS#7（.p7b）",
        Format::Pkcs12 => "PKCS#12（.pfx、.p12）",
        Format::Der => "其他 DER 内容，不是 X.509 证书",
        Format::JavaKeystore => "Java 密钥库（JKS）",
        Format::Zip => "ZIP 压缩包",
        Format::Html => "HTML 或 XML 页面",
        Format::Json => "JSON",
        Format::Base64 => "缺少 BEGIN 和 END 行的 base64",
        Format::Ssh => "SSH 格式的密钥",
        _ => "其他格式",
    };
    match (format, format.conversion()) {
        (Format::DerPkcs7 | Format::Pkcs7, _) => say!(
            "it is PKCS#7 (.p7b); convert it: wotrus cert convert FILE",
            "{name}；转换命令：wotrus cert convert FILE"
        ),
        (Format::Pkcs12, _) => say!(
            "it is PKCS#12 (.pfx, .p12); convert it: wotrus cert convert FILE --password-file PASSWORD",
            "{name}；转换命令：wotrus cert convert FILE --password-file PASSWORD"
        ),
        (Format::Der, _) => say!("it is DER, but not an X.509 certificate", "{name}"),
        (_, Some(command)) => say!("it is {format}", "{name}；转换命令：{command}"),
        (_, None) => say!("it is {format}", "{name}"),
    }
}
