//! Fields that must not be on a command line, where every user of the machine can read them.

use std::path::Path;

use crate::failure::{Failure, Result};
use crate::input;
use crate::lang::say;

const SECRET: &[&str] = &["uKeyPassword", "IDCardNO", "UserMobile"];

/// Whether a field, perhaps with its part before a dot, is one of them.
fn is_secret(name: &str) -> bool {
    let field = name.rsplit('.').next().unwrap_or(name);
    SECRET.iter().any(|secret| secret.eq_ignore_ascii_case(field))
}

/// `NAME=VALUE`, where the value may stand on the command line.
pub(crate) fn open_pair(flag: &str, text: &str) -> Result<(String, String)> {
    let (name, value) = pair(flag, text)?;
    if is_secret(&name) {
        let problem = say!(
            "is personal, and a command line is seen by every user of the machine; use --secret-from {name}=FILE or --from",
            "属于个人信息，而命令行对本机所有用户可见；请使用 --secret-from {name}=文件 或 --from"
        );
        return Err(Failure::argument(&name, problem));
    }
    Ok((name, value))
}

/// `NAME=FILE`, with the file's content; a line break at its end is cut off.
pub(crate) fn from_file(text: &str) -> Result<(String, String)> {
    const FLAG: &str = "--secret-from";
    let (name, file) = pair(FLAG, text)?;
    let content = input::text(FLAG, Path::new(&file))?;
    let value = content.strip_suffix('\n').unwrap_or(&content);
    Ok((name, value.strip_suffix('\r').unwrap_or(value).to_owned()))
}

pub(crate) fn pair(flag: &str, text: &str) -> Result<(String, String)> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        // Not the text itself: it may be a secret.
        _ => Err(Failure::argument(flag, say!("is not NAME=VALUE", "不是 名称=值 的形式"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_fields_are_known_in_any_spelling() {
        for name in ["ukeypassword", "IDCardNo", "organizationPost.UserMobile"] {
            let failure = open_pair("--set", &format!("{name}=18610077459")).unwrap_err();
            assert_eq!(failure.exit_code(), 2);
            assert!(!failure.message().contains("18610077459"), "{}", failure.message());
        }
        assert_eq!(open_pair("--set", "OrgName=a=b").unwrap(), ("OrgName".into(), "a=b".into()));
        assert!(open_pair("--set", "=x").is_err() && open_pair("--set", "x").is_err());
    }
}
