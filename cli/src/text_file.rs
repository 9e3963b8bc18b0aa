//! Decodes text files as editors and shells save them.

use wotrus::pki::Format;

use crate::file_format::described;
use crate::lang::{self, say};

/// The text of a file in UTF-8, without a byte order mark; otherwise what the file is instead.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, String> {
    if let Some(format) = Format::of(&bytes).filter(|it| it.is_wide_text()) {
        let name = lang::text(&format.name());
        return Err(say!("is {name}; save it as UTF-8", "是 {name}，请另存为 UTF-8"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        if let Some(format) = Format::of(error.as_bytes()) {
            return described(format);
        }
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        say!(
            "is not UTF-8 (line {line}); a file in GBK can be converted with iconv -f GB18030 -t UTF-8",
            "不是 UTF-8 编码（第 {line} 行）；GBK 文件可用 iconv -f GB18030 -t UTF-8 转换"
        )
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_removed_and_other_encodings_are_named() {
        assert_eq!(decode(b"\xef\xbb\xbftk\r\n".to_vec()).unwrap(), "tk\r\n");
        assert_eq!(decode(Vec::new()).unwrap(), "");
        for utf16 in [&b"\xff\xfet\0k\0"[..], b"\xfe\xff\0t\0k", b"t\0k\0", b"\0t\0k"] {
            assert!(decode(utf16.to_vec()).unwrap_err().contains("UTF-16"), "{utf16:?}");
        }
        assert!(decode(b"\0\x01\x02bin".to_vec()).is_ok(), "it is UTF-8, whatever else it is");
        let problem = decode(b"\x30\x82\x01\xf0".to_vec()).unwrap_err();
        assert!(problem.contains("DER"), "{problem}");
        let problem = decode(b"a\nb\xce\xd6".to_vec()).unwrap_err();
        assert!(problem.contains("not UTF-8 (line 2)"), "{problem}");
    }
}
