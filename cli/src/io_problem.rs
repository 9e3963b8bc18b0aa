//! Errors of files and connections in the user's language.

use std::io::{Error, ErrorKind};

use crate::lang::{self, Lang};

/// The text of an error. On Unix, the system's own texts are English without a locale of the C library,
/// which Rust programs do not set, so the frequent ones are translated here.
pub(crate) fn io_problem(error: &Error) -> String {
    // Others have a text of the command itself.
    let is_of_system = error.get_ref().is_none() && cfg!(unix);
    match chinese(error.kind()).filter(|_| is_of_system && lang::current() == Lang::Zh) {
        Some(text) => text.to_owned(),
        None => error.to_string(),
    }
}

fn chinese(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "文件或目录不存在",
        ErrorKind::PermissionDenied => "权限不足",
        ErrorKind::AlreadyExists => "已存在",
        ErrorKind::IsADirectory => "是目录，不是文件",
        ErrorKind::NotADirectory => "路径中的某一级不是目录",
        ErrorKind::InvalidFilename => "文件名无效或过长",
        ErrorKind::ReadOnlyFilesystem => "文件系统是只读的",
        ErrorKind::StorageFull => "磁盘已满",
        ErrorKind::QuotaExceeded => "超出磁盘配额",
        ErrorKind::FileTooLarge => "文件过大",
        ErrorKind::AddrInUse => "地址已被占用",
        ErrorKind::AddrNotAvailable => "本机没有该地址",
        ErrorKind::ConnectionRefused => "连接被拒绝",
        ErrorKind::ConnectionReset => "连接被重置",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "网络不可达",
        ErrorKind::TimedOut => "超时",
        _ => return None,
    })
}
