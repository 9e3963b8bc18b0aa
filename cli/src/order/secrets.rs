//! Secret fields. They must not be on a command line, which every user of the machine can read.

use crate::charset;
use crate::failure::{Failure, Result};
use crate::input;
use crate::lang::say;

const SECRET: &[&str] = &["uKeyPassword", "IDCardNO", "UserMobile"];

/// Whether a field is secret; its part of the order may precede it (`organizationPost.UserMobile`).
fn is_secret(name: &str) -> bool {
    let field = name.rsplit('.').next().unwrap_or(name);
    SECRET.iter().any(|secret| secret.eq_ignore_ascii_case(field))
}

/// Splits `NAME=VALUE` and refuses secret fields.
pub(crate) fn public_pair(flag: &str, text: &str) -> Result<(String, String)> {
    let (name, value) = pair(flag, text)?;
    if is_secret(&name) {
        let problem = say!(
            "is a secret, and every user of the machine can see a command line; use --secret-from {name}=FILE or --from",
            "是敏感字段，而命令行对本机所有用户可见；请使用 --secret-from {name}=文件 或 --from"
        );
        return Err(Failure::argument(&name, problem));
    }
    Ok((name, value))
}

/// Splits `NAME=FILE` and reads the file without the line breaks at its end.
pub(crate) fn from_file(text: &str) -> Result<(String, String)> {
    const FLAG: &str = "--secret-from";
    let (name, file) = pair(FLAG, text)?;
    let content = input::text(FLAG, &charset::path(&file))?;
    Ok((name, content.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Splits `NAME=VALUE`.
pub(crate) fn pair(flag: &str, text: &str) -> Result<(String, String)> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        // The text is not quoted: it may be a secret.
        _ => Err(Failure::argument(
            flag,
            say!("must have the form NAME=VALUE", "须为“名称=值”的形式"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_fields_are_refused_in_any_case() {
        for name in ["ukeypassword", "IDCardNo", "organizationPost.UserMobile"] {
            let failure = public_pair("--set", &format!("{name}=18610077459")).unwrap_err();
            assert_eq!(failure.exit_code(), 2);
            assert!(!failure.message().contains("18610077459"), "{}", failure.message());
        }
        assert_eq!(public_pair("--set", "OrgName=a=b").unwrap(), ("OrgName".into(), "a=b".into()));
        assert!(public_pair("--set", "=x").is_err() && public_pair("--set", "x").is_err());
    }
}
