//! JSON: read value by value with serde_json, without a tree of values, and written.

mod list;
mod mistake;
mod text;
mod value;
mod write;

pub(crate) use list::{Member, MemberList, Value, find};
pub(crate) use mistake::{problem_of_bytes, wrong_type};
pub(crate) use text::{Json, Unreadable};
pub(crate) use value::flag;
pub(crate) use write::{ObjectWriter, quoted};
