//! `wotrus_call`: every operation by name, with the JSON that the document describes.

use std::ffi::{c_char, c_void};

use super::client::Call;
use super::success::Success;
use crate::error::{Error, Result};
use crate::json::{Json, wrong_type};
use crate::messages::message;
use crate::options::seconds;
use crate::push::Push;
use crate::request::{
    OrderRequest, ReissueRequest, RevokeRequest, caller_json, refuse_idempotence_id,
};
use crate::wait::WaitOptions;

impl Call<'_> {
    pub(super) fn by_name(
        &self,
        operation: *const c_char,
        json: *const c_void,
        len: usize,
    ) -> Result<Success> {
        let operation = self.text("operation", operation)?;
        if operation == "read_push" {
            // A push is the service's own bytes, which are UTF-8 in every charset.
            return Push::parse(self.scope.bytes("push", json, len)?).map(Success::from);
        }
        let json = match json.is_null() && len == 0 {
            true => None,
            false => Some(self.charset.decode("json", self.scope.bytes("json", json, len)?)?),
        };
        if operation.contains(' ') {
            return self.client.call(&operation, json.as_deref()).map(Success::from);
        }
        let json = json.as_deref().unwrap_or("{}");
        let fields = || {
            let fields = caller_json("json", json.as_bytes())?;
            for field in fields.members() {
                refuse_idempotence_id(&field.name(), &message!("this operation has none"))?;
            }
            Ok::<_, Error>(fields)
        };
        match &*operation {
            "create_order" => {
                let json = json.trim_start_matches('\u{feff}');
                let order = OrderRequest::from_json_text(json)?;
                self.client.create_order(&order).map(Success::from)
            }
            "query_order" => self.query_order(&text(&fields()?, "orderID")?),
            "retrieve_certificate" => {
                self.client.retrieve_certificate(&text(&fields()?, "orderID")?).map(Success::from)
            }
            "cancel_order" => {
                let fields = fields()?;
                let (id, reason) = (text(&fields, "orderID")?, text(&fields, "reason")?);
                self.client.cancel_order(&id, &reason).map(Success::from)
            }
            "revoke_certificate" => {
                let revocation = RevokeRequest::from_json(json)?;
                Ok(self.client.revoke_certificate(&revocation)?.reply.into())
            }
            "reissue_certificate" => {
                let reissue = ReissueRequest::from_json(json)?;
                self.client.reissue_certificate(&reissue).map(Success::from)
            }
            "notify_by_email" => {
                let fields = fields()?;
                let (id, url) = (text(&fields, "orderID")?, text(&fields, "collectUrl")?);
                self.client.notify_by_email(&id, &url).map(Success::from)
            }
            "wait_for_certificate" => {
                let fields = fields()?;
                let mut wait = WaitOptions::new();
                if let Some(time) = member(&fields, "timeout")? {
                    wait = wait.timeout(seconds("timeout", &time).map_err(Error::of_argument)?);
                }
                self.client
                    .wait_for_certificate(&text(&fields, "orderID")?, &wait)
                    .map(Success::from)
            }
            _ => {
                let rule = message!(
                    "should be an operation, such as create_order, or a method and a path, such as POST /v1/…"
                );
                Err(Error::argument("operation", rule))
            }
        }
    }
}

/// A member of a small body as text; nothing if it is absent or null.
fn member(fields: &Json<&str>, name: &str) -> Result<Option<String>> {
    let Some(value) = fields.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    match value.scalar() {
        Some(text) => Ok(Some(text.into_owned())),
        None => Err(Error::argument(name, wrong_type(message!("a text"), value))),
    }
}

/// The same, or "", which an operation that needs the member refuses by its name.
fn text(fields: &Json<&str>, name: &str) -> Result<String> {
    member(fields, name).map(Option::unwrap_or_default)
}
