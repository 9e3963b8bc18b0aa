//! What is wrong with a ledger, in the words of a user.

use std::io;
use std::path::Path;

use rusqlite::{Error, ErrorCode};

use crate::failure::Failure;
use crate::lang::say;

/// The failure of an operation on the ledger.
pub(super) fn failure(path: &Path, error: &Error) -> Failure {
    refused(path, &text(error))
}

/// A ledger that cannot be used.
pub(super) fn refused(path: &Path, problem: &str) -> Failure {
    Failure::file(path, &io::Error::other(say!("the ledger {problem}", "账本{problem}")))
}

fn text(error: &Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => not_a_ledger(),
        Some(ErrorCode::DatabaseCorrupt) => {
            let detail = error.to_string();
            say!(
                "is damaged ({detail}); restore it from a backup, or save what sqlite3 can read with .recover",
                "已损坏（{detail}）；请从备份恢复，或用 sqlite3 的 .recover 导出可读部分"
            )
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            say!("is locked by another process", "被其他进程锁定")
        }
        Some(ErrorCode::ReadOnly) => say!("is read-only", "是只读的"),
        Some(ErrorCode::DiskFull) => {
            say!("cannot be written: the disk is full", "无法写入：磁盘已满")
        }
        Some(ErrorCode::CannotOpen) => say!("cannot be opened", "无法打开"),
        _ => {
            let detail = error.to_string();
            say!("cannot be used: {detail}", "无法使用：{detail}")
        }
    }
}

pub(super) fn not_a_ledger() -> String {
    say!("cannot be used: the file is not a ledger", "无法使用：该文件不是账本")
}
