//! What the caller should look at although a call succeeded.

use std::fmt;

use crate::json::ObjectWriter;
use crate::messages::{Message, message};

/// A remarkable answer to a call that succeeded ([`Reply::warnings`](crate::Reply::warnings)).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The answer is about another order. Ids are compared without case, dashes, braces and blanks.
    OtherOrder {
        /// The id that was asked for.
        asked: String,
        /// The id in the answer, as the service sent it, but without the token: it may contain any character.
        answered: String,
    },
}

impl Warning {
    /// The word for it in JSON: `other_order`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::OtherOrder { .. } => "other_order",
        }
    }

    /// One sentence for a person, in every language.
    pub fn message(&self) -> Message {
        match self {
            Self::OtherOrder { asked, answered } => {
                let (answered, asked) = (format!("{answered:?}"), format!("{asked:?}"));
                message!("the answer is about order {}, not about {}", answered, asked)
            }
        }
    }

    /// `{"cause":"other_order","message":…,"asked":…,"answered":…}`.
    pub fn to_json(&self) -> String {
        let mut json = ObjectWriter::new();
        json.text("cause", self.as_str());
        json.text("message", &self.to_string());
        match self {
            Self::OtherOrder { asked, answered } => {
                json.text("asked", asked);
                json.text("answered", answered);
            }
        }
        json.finish()
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}
