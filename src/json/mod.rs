//! JSON: read value by value with serde_json, without a tree of values, and written.

pub(crate) mod fields;
mod list;
mod mistake;
mod text;
mod value;
mod write;

pub(crate) use list::MemberList;
pub(crate) use mistake::{problem_of_bytes, wrong_type};
pub(crate) use text::{Json, Unreadable};
pub(crate) use value::{Member, Value, find, flag};
pub(crate) use write::{ObjectWriter, quoted};
