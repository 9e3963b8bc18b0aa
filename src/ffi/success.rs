//! What a successful call returned.

use crate::answer::{Answer, CreatedOrder, Reissued};
use crate::certificate::Certificates;
use crate::push::Push;

pub(super) struct Success {
    pub(super) content: Content,
    /// In a box, because most calls have none and a reply is moved several times.
    pub(super) certificates: Option<Box<Certificates>>,
    pub(super) order_id: Option<String>,
}

/// Where the fields of a reply are read from.
pub(super) enum Content {
    Answer(crate::Reply),
    Push(Push),
    /// Nothing was sent and nothing was read.
    Nothing,
}

impl Success {
    fn new(content: Content, order_id: Option<String>) -> Self {
        Self { content, certificates: None, order_id }
    }

    /// The answer to a query, and the order's id.
    pub(super) fn queried((answer, id): (crate::Reply, String)) -> Self {
        Self::new(Content::Answer(answer), Some(id))
    }

    pub(super) fn nothing_sent() -> Self {
        Self::new(Content::Nothing, None)
    }

    /// The JSON that was read, as it came.
    pub(super) fn json(&self) -> &str {
        match &self.content {
            Content::Answer(answer) => answer.json(),
            Content::Push(push) => push.json(),
            Content::Nothing => "{}",
        }
    }
}

impl From<crate::Reply> for Success {
    fn from(answer: crate::Reply) -> Self {
        Self::new(Content::Answer(answer), None)
    }
}

impl From<Answer<CreatedOrder>> for Success {
    fn from(answer: Answer<CreatedOrder>) -> Self {
        Self::new(Content::Answer(answer.reply), Some(answer.value.id().to_owned()))
    }
}

impl From<Answer<Reissued>> for Success {
    fn from(answer: Answer<Reissued>) -> Self {
        Self::new(Content::Answer(answer.reply), Some(answer.value.new_order_id))
    }
}

impl From<Answer<Certificates>> for Success {
    fn from(answer: Answer<Certificates>) -> Self {
        Self { certificates: Some(Box::new(answer.value)), ..Self::from(answer.reply) }
    }
}

impl From<Push> for Success {
    fn from(push: Push) -> Self {
        let order_id = push.order().map(|order| order.order_id.clone());
        Self::new(Content::Push(push), order_id)
    }
}
