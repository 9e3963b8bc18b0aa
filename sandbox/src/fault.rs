//! One fault: what goes wrong, for which requests, and how that is written.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use hyper::StatusCode;

/// Something that goes wrong on purpose, written `KIND[=VALUE][,KEY=VALUE]…`:
///
/// | kind | what happens |
/// | --- | --- |
/// | `status=CODE` | this HTTP status; with `retry_after=SECS` or `retry_after_date=SECS` the header `Retry-After` in seconds or as a date; `body=html`, `json` or `empty` |
/// | `html` | status 200 and a page of HTML |
/// | `json=broken`, `json=other` | status 200 and JSON that ends too early, or that is no envelope |
/// | `delay=SECS` | the answer comes later |
/// | `hang` | no answer, and the connection stays |
/// | `reset` | no answer, and the connection is reset |
/// | `cut=BYTES` | the connection ends after so many bytes of the answer, its head included |
/// | `slow=BYTES` | the answer comes at so many bytes a second |
/// | `stale` | the answer is whole and the connection is kept, and reset as soon as the next request comes |
///
/// | key | which requests |
/// | --- | --- |
/// | `on=OPERATION` | one operation alone: `create_order`, `query_order`, `retrieve_certificate`, `cancel_order`, `revoke_certificate`, `reissue_certificate` or `notify_by_email` |
/// | `request_id=PREFIX` | those whose header `RequestID` begins so |
/// | `percent=P` | so many in a hundred, drawn by the seed |
/// | `count=N` | the first so many; all, where it is not given |
///
/// and `when=before` (the default) or `when=after`, for `status`, `html`, `delay`, `hang` and `reset`: before the work
/// is done, or after it, so that the order exists and the answer is lost.
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
    Html,
    Json(Json),
    Delay(Duration),
    Hang,
    Reset,
    Cut(usize),
    Slow(u32),
    Stale,
}

/// The two forms of the header, both from now on.
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

/// Whether the work is done when the fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Before,
    After,
}

const KINDS: &str = "status=CODE, html, json=broken, json=other, delay=SECS, hang, reset, cut=BYTES, \
                     slow=BYTES, stale";
const KEYS: &str = "on, request_id, percent, count, when, and for status retry_after, \
                    retry_after_date, body";

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(spec: &str) -> Result<Self, FaultError> {
        let wrong = |why: String| FaultError(format!("fault `{spec}`: {why}"));
        let mut parts = spec.split(',').map(|part| match part.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (part.trim(), None),
        });
        let (name, value) = parts.next().unwrap_or_default();
        let kind = Kind::read(name, value).map_err(wrong)?;
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
            let value = value.ok_or_else(|| wrong(format!("`{key}` wants a value")))?;
            fault.set(key, value).map_err(wrong)?;
        }
        Ok(fault)
    }
}

impl Kind {
    fn read(name: &str, value: Option<&str>) -> Result<Self, String> {
        Ok(match (name, value) {
            ("status", Some(code)) => {
                let status = number::<u16>(name, code)?;
                let status = StatusCode::from_u16(status).ok().filter(|it| it.as_u16() >= 200);
                let status = status.ok_or("`status` is a code from 200 to 999")?;
                Self::Status { status, retry_after: None, body: Body::Html }
            }
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
            ("slow", Some("0")) => return Err("`slow=0` would never end; that is `hang`".into()),
            ("slow", Some(bytes)) => Self::Slow(number(name, bytes)?),
            ("stale", None) => Self::Stale,
            _ => return Err(format!("there are {KINDS}")),
        })
    }
}

impl Fault {
    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        match (key, &mut self.kind) {
            ("on", _) => {
                let known = crate::route::OPERATIONS.iter().find(|name| **name == value);
                let all = crate::route::OPERATIONS.join(", ");
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
                Kind::Status { .. } | Kind::Html | Kind::Delay(_) | Kind::Hang | Kind::Reset,
            ) => {
                self.when = match value {
                    "before" => When::Before,
                    "after" => When::After,
                    _ => return Err("`when` is before or after".to_owned()),
                };
            }
            ("when", _) => return Err("this kind comes with the answer: no `when`".to_owned()),
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
            _ => return Err(format!("no key `{key}` here; there are {KEYS}")),
        }
        Ok(())
    }
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("`{name}` is a number"))
}

/// As it is written, so that it can be read again.
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

/// A fault that cannot be read; says what there is.
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
    fn what_is_read_is_written_alike() {
        for spec in [
            "status=503",
            "status=429,retry_after=2,percent=12.5",
            "status=503,retry_after_date=3,body=json,when=after",
            "status=502,body=empty,on=create_order,request_id=order 42/,count=3",
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
    fn what_cannot_be_read_says_what_there_is() {
        for (spec, said) in [
            ("", "there are status=CODE"),
            ("explode", "there are status=CODE"),
            ("status", "there are status=CODE"),
            ("status=abc", "`status` is a number"),
            ("status=100", "from 200"),
            ("reset=1", "there are"),
            ("json=ok", "json=other"),
            ("delay=-1", "seconds"),
            ("slow=0", "hang"),
            ("reset,count", "wants a value"),
            ("reset,count=x", "`count` is a number"),
            ("reset,percent=101", "from 0 to 100"),
            ("reset,percent=NaN", "from 0 to 100"),
            ("reset,on=create", "create_order, query_order"),
            ("reset,when=later", "before or after"),
            ("cut=1,when=after", "no `when`"),
            ("reset,retry_after=1", "no key `retry_after`"),
            ("status=503,body=xml", "html, json or empty"),
        ] {
            let error = spec.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(said) && error.contains(spec), "{spec}: {error}");
        }
    }
}
