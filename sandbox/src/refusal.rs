//! The service's refusal of a request.

/// A refusal: `isSuccess` is false and `errorMsg` is this message, with HTTP status 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal(String);

impl Refusal {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// A required parameter is missing or empty.
    pub(crate) fn missing(name: &str) -> Self {
        Self(format!("参数 {name} 不能为空"))
    }

    /// A parameter has a value that the document does not list.
    pub(crate) fn invalid(name: &str) -> Self {
        Self(format!("参数 {name} 的值不正确"))
    }

    pub(crate) fn message(&self) -> &str {
        &self.0
    }
}
