//! One fault: what happens, to which requests, and how it is written.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use hyper::StatusCode;

use crate::request::route::OPERATIONS;

/// An error that the sandbox makes on purpose, written `KIND[=VALUE][,KEY=VALUE]…`:
///
/// | kind | what happens |
/// | --- | --- |
/// | `status=CODE` | this HTTP status; `retry_after=SECS` or `retry_after_date=SECS` adds `Retry-After` in seconds or as a date; `body=html` (the default), `json` or `empty` |
/// | `problem=CODE` | this HTTP status with ProblemDetails (RFC 9457): `title`, `detail` and `errors` |
/// | `error_msg=list`, `error_msg=object` | a refusal with status 200 whose `errorMsg` is a list, or an object |
/// | `expectation_failed` | status 417 to a request with the header `Expect`, before its body is read; other requests are not affected |
/// | `html` | status 200 and an HTML page |
/// | `json=broken`, `json=other` | status 200 and JSON that ends too early, or that is not an envelope |
/// | `ids=zero`, `ids=zero_absent` | all order ids of the response are the all-zero GUID, or only those that are null |
/// | `ids=other` | the order ids of the response are those of another order |
/// | `delay=SECS` | the response is sent later |
/// | `hang` | no response, and the connection stays open |
/// | `reset` | no response, and the connection is reset |
/// | `cut=BYTES` | the connection ends after this many bytes of the response, counted from its head |
/// | `slow=BYTES` | the response is sent at this many bytes a second |
/// | `stale` | the response is complete and the connection stays open, but is reset when the next request arrives |
///
/// | key | which requests |
/// | --- | --- |
/// | `on=OPERATION` | only those of one operation: `create_order`, `query_order`, `retrieve_certificate`, `cancel_order`, `revoke_certificate`, `reissue_certificate` or `notify_by_email` |
/// | `request_id=PREFIX` | those whose header `RequestID` begins with this text |
/// | `percent=P` | a random share, chosen by the seed |
/// | `count=N` | the first N; without this key all |
///
/// `when=before` (the default) or `when=after` says whether the fault comes before the operation is performed, or after:
/// then the order exists and the response is lost. Possible for `status`, `problem`, `error_msg`, `html`, `delay`, `hang`
/// and `reset`.
///
/// A gateway that answers 503 although the service has done the work, for one call in ten, is
/// `status=503,when=after,percent=10`.
///
/// ```
/// use wotrus_sandbox::Fault;
///
/// let lost: Fault = "reset,when=after,on=create_order,count=1".parse()?;
/// let busy: Fault = "status=503,retry_after=2,percent=10".parse()?;
/// # Ok::<(), wotrus_sandbox::FaultError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub(crate) kind: Kind,
    pub(crate) when: When,
    pub(crate) on: Option<&'static str>,
    pub(crate) request_id: Option<String>,
    pub(crate) percent: Option<f64>,
    pub(crate) count: Option<u64>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Status { status: StatusCode, retry_after: Option<RetryAfter>, body: Body },
    Problem(StatusCode),
    ErrorMsg(ErrorMsg),
    ExpectationFailed,
    Html,
    Json(Json),
    Ids(Ids),
    Delay(Duration),
    Hang,
    Reset,
    Cut(usize),
    Slow(u32),
    Stale,
}

/// `Retry-After` in seconds, or as the date that many seconds from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryAfter {
    Seconds(u32),
    Date(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    Html,
    Json,
    Empty,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Json {
    Broken,
    Other,
}

/// The JSON type of `errorMsg`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorMsg {
    List,
    Object,
}

/// What replaces the order ids of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ids {
    Zero,
    ZeroAbsent,
    Other,
}

/// Whether the fault comes before the operation is performed, or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Before,
    After,
}

const KINDS: &str = "status=CODE, problem=CODE, error_msg=list, error_msg=object, expectation_failed, \
                     html, json=broken, json=other, ids=zero, ids=zero_absent, ids=other, \
                     delay=SECS, hang, reset, cut=BYTES, slow=BYTES, stale";
const KEYS: &str = "on, request_id, percent, count, when, and for status also retry_after, \
                    retry_after_date and body";

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(spec: &str) -> Result<Self, FaultError> {
        let invalid = |why: String| FaultError(format!("fault `{spec}`: {why}"));
        let mut parts = spec.split(',').map(|part| match part.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (part.trim(), None),
        });
        let (name, value) = parts.next().unwrap_or_default();
        let kind = Kind::read(name, value).map_err(invalid)?;
        let mut fault = Self {
            kind,
            when: When::Before,
            on: None,
            request_id: None,
            percent: None,
            count: None,
        };
        for (key, value) in parts {
            let value = value.filter(|value| !value.is_empty());
            let value = value.ok_or_else(|| invalid(format!("`{key}` needs a value")))?;
            fault.set(key, value).map_err(invalid)?;
        }
        Ok(fault)
    }
}

impl Kind {
    fn read(name: &str, value: Option<&str>) -> Result<Self, String> {
        Ok(match (name, value) {
            ("status", Some(code)) => {
                let status = status(name, code)?;
                Self::Status { status, retry_after: None, body: Body::Html }
            }
            ("problem", Some(code)) => Self::Problem(status(name, code)?),
            ("error_msg", Some("list")) => Self::ErrorMsg(ErrorMsg::List),
            ("error_msg", Some("object")) => Self::ErrorMsg(ErrorMsg::Object),
            ("expectation_failed", None) => Self::ExpectationFailed,
            ("ids", Some("zero")) => Self::Ids(Ids::Zero),
            ("ids", Some("zero_absent")) => Self::Ids(Ids::ZeroAbsent),
            ("ids", Some("other")) => Self::Ids(Ids::Other),
            ("html", None) => Self::Html,
            ("json", Some("broken")) => Self::Json(Json::Broken),
            ("json", Some("other")) => Self::Json(Json::Other),
            ("delay", Some(time)) => Self::Delay(
                time.parse()
                    .ok()
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
                    .ok_or("`delay` is a number of seconds")?,
            ),
            ("hang", None) => Self::Hang,
            ("reset", None) => Self::Reset,
            ("cut", Some(bytes)) => Self::Cut(number(name, bytes)?),
            ("slow", Some("0")) => return Err("`slow=0` would never end; use `hang`".into()),
            ("slow", Some(bytes)) => Self::Slow(number(name, bytes)?),
            ("stale", None) => Self::Stale,
            _ => return Err(format!("unknown kind: there are {KINDS}")),
        })
    }
}

impl Fault {
    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        match (key, &mut self.kind) {
            ("on", _) => {
                let known = OPERATIONS.iter().find(|name| **name == value);
                let all = OPERATIONS.join(", ");
                self.on = Some(known.ok_or_else(|| format!("`on` is one of {all}"))?);
            }
            ("request_id", _) => self.request_id = Some(value.to_owned()),
            ("percent", _) => {
                let percent = value.parse().ok().filter(|it| (0.0..=100.0).contains(it));
                self.percent = Some(percent.ok_or("`percent` is a number from 0 to 100")?);
            }
            ("count", _) => self.count = Some(number(key, value)?),
            (
                "when",
                Kind::Status { .. }
                | Kind::Problem(_)
                | Kind::ErrorMsg(_)
                | Kind::Html
                | Kind::Delay(_)
                | Kind::Hang
                | Kind::Reset,
            ) => {
                self.when = match value {
                    "before" => When::Before,
                    "after" => When::After,
                    _ => return Err("`when` is before or after".to_owned()),
                };
            }
            ("when", _) => return Err("this kind has no key `when`".to_owned()),
            ("retry_after", Kind::Status { retry_after, .. }) => {
                *retry_after = Some(RetryAfter::Seconds(number(key, value)?));
            }
            ("retry_after_date", Kind::Status { retry_after, .. }) => {
                *retry_after = Some(RetryAfter::Date(number(key, value)?));
            }
            ("body", Kind::Status { body, .. }) => {
                *body = match value {
                    "html" => Body::Html,
                    "json" => Body::Json,
                    "empty" => Body::Empty,
                    _ => return Err("`body` is html, json or empty".to_owned()),
                };
            }
            _ => return Err(format!("this kind has no key `{key}`; the keys are {KEYS}")),
        }
        Ok(())
    }
}

fn status(name: &str, code: &str) -> Result<StatusCode, String> {
    let status = StatusCode::from_u16(number(name, code)?).ok();
    let status = status.filter(|status| status.as_u16() >= 200);
    status.ok_or_else(|| format!("`{name}` is a code from 200 to 999"))
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("`{name}` is a number"))
}

/// The notation that `from_str` reads.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Status { status, retry_after, body } => {
                write!(f, "status={}", status.as_u16())?;
                match retry_after {
                    Some(RetryAfter::Seconds(seconds)) => write!(f, ",retry_after={seconds}")?,
                    Some(RetryAfter::Date(seconds)) => write!(f, ",retry_after_date={seconds}")?,
                    None => {}
                }
                match body {
                    Body::Html => {}
                    Body::Json => f.write_str(",body=json")?,
                    Body::Empty => f.write_str(",body=empty")?,
                }
            }
            Kind::Problem(status) => write!(f, "problem={}", status.as_u16())?,
            Kind::ErrorMsg(ErrorMsg::List) => f.write_str("error_msg=list")?,
            Kind::ErrorMsg(ErrorMsg::Object) => f.write_str("error_msg=object")?,
            Kind::ExpectationFailed => f.write_str("expectation_failed")?,
            Kind::Ids(Ids::Zero) => f.write_str("ids=zero")?,
            Kind::Ids(Ids::ZeroAbsent) => f.write_str("ids=zero_absent")?,
            Kind::Ids(Ids::Other) => f.write_str("ids=other")?,
            Kind::Html => f.write_str("html")?,
            Kind::Json(Json::Broken) => f.write_str("json=broken")?,
            Kind::Json(Json::Other) => f.write_str("json=other")?,
            Kind::Delay(time) => write!(f, "delay={}", time.as_secs_f64())?,
            Kind::Hang => f.write_str("hang")?,
            Kind::Reset => f.write_str("reset")?,
            Kind::Cut(bytes) => write!(f, "cut={bytes}")?,
            Kind::Slow(bytes) => write!(f, "slow={bytes}")?,
            Kind::Stale => f.write_str("stale")?,
        }
        if self.when == When::After {
            f.write_str(",when=after")?;
        }
        if let Some(on) = self.on {
            write!(f, ",on={on}")?;
        }
        if let Some(prefix) = &self.request_id {
            write!(f, ",request_id={prefix}")?;
        }
        if let Some(percent) = self.percent {
            write!(f, ",percent={percent}")?;
        }
        if let Some(count) = self.count {
            write!(f, ",count={count}")?;
        }
        Ok(())
    }
}

/// A fault that cannot be parsed. Its text lists what is possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultError(String);

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FaultError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsing_and_writing_are_inverse() {
        for spec in [
            "status=503",
            "status=429,retry_after=2,percent=12.5",
            "status=503,retry_after_date=3,body=json,when=after",
            "status=502,body=empty,on=create_order,request_id=order 42/,count=3",
            "problem=400,when=after",
            "error_msg=list",
            "error_msg=object,when=after,count=1",
            "expectation_failed,count=1",
            "ids=zero,on=create_order",
            "ids=zero_absent",
            "ids=other,percent=5",
            "html",
            "json=broken",
            "json=other,count=1",
            "delay=0.25,when=after",
            "hang",
            "reset,when=after,count=1",
            "cut=0",
            "slow=100,percent=100",
            "stale,on=query_order",
        ] {
            assert_eq!(spec.parse::<Fault>().unwrap().to_string(), spec);
        }
        let loose: Fault = " reset , when = after ,count=1".parse().unwrap();
        assert_eq!(loose.to_string(), "reset,when=after,count=1");
    }

    #[test]
    fn an_error_says_what_is_possible() {
        for (spec, said) in [
            ("", "there are status=CODE"),
            ("explode", "there are status=CODE"),
            ("status", "there are status=CODE"),
            ("status=abc", "`status` is a number"),
            ("status=100", "from 200"),
            ("problem=99", "`problem` is a code from 200"),
            ("error_msg=text", "error_msg=list"),
            ("ids=one", "ids=zero_absent"),
            ("reset=1", "there are"),
            ("json=ok", "json=other"),
            ("delay=-1", "seconds"),
            ("slow=0", "hang"),
            ("reset,count", "needs a value"),
            ("reset,count=x", "`count` is a number"),
            ("reset,percent=101", "from 0 to 100"),
            ("reset,percent=NaN", "from 0 to 100"),
            ("reset,on=create", "create_order, query_order"),
            ("reset,when=later", "before or after"),
            ("cut=1,when=after", "no key `when`"),
            ("ids=zero,when=after", "no key `when`"),
            ("reset,retry_after=1", "no key `retry_after`"),
            ("status=503,body=xml", "html, json or empty"),
        ] {
            let error = spec.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(said) && error.contains(spec), "{spec}: {error}");
        }
    }
}
