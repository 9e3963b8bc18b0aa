//! Reports the events of calls on standard error.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use wotrus::{Event, OrderStatus};

use crate::interrupt;
use crate::lang::say;
use crate::order_status::status_text;
use crate::output::{tell, tell_json};
use crate::status_line;
use crate::terminal::wrapped_for_stderr;
use crate::text::printable;

/// Which events are reported, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// On a terminal: a status line, and a line for each retry.
    StatusLine,
    /// Without a terminal: a line for each wait, large upload and retry.
    Summary,
    /// A line for every event.
    All,
    /// A line of JSON for every event.
    Json,
}

/// Reports an event; after an interrupt the call must not continue.
pub(crate) fn on_event(detail: Detail, event: &Event<'_>) {
    report(detail, event);
    stop_if_interrupted(event);
}

/// After an interrupt the call must not continue.
pub(crate) fn stop_if_interrupted(event: &Event<'_>) {
    if interrupt::was_received() {
        event.stop();
    }
}

/// Reports an event.
pub(crate) fn report(detail: Detail, event: &Event<'_>) {
    match detail {
        Detail::Json => tell_json(&event.to_json()),
        Detail::All => report_text(event),
        Detail::StatusLine => draw(event),
        Detail::Summary if is_in_summary(event) => report_text(event),
        Detail::Summary => report_retry(event),
    }
}

fn report_text(event: &Event<'_>) {
    if let Some(line) = describe(event) {
        tell(&wrapped_for_stderr(&line));
    }
}

/// Updates the status line.
fn draw(event: &Event<'_>) {
    /// Smaller uploads end before a bar can be read.
    const MIN_UPLOAD_BYTES: u64 = 64 * 1024;
    match event {
        Event::Sending { method, path, .. } => {
            status_line::spin_if_empty(|| format!("{method} {path}"));
        }
        Event::Uploading { sent, total } if *total >= MIN_UPLOAD_BYTES => {
            status_line::upload(say!("uploading", "正在上传"), *sent, *total);
            if sent == total {
                status_line::spin(&say!("waiting for the response", "等待响应"), Duration::ZERO);
            }
        }
        Event::Waiting { elapsed, .. } => {
            let status = waiting_status(event);
            status_line::spin(&say!("waiting: {status}", "等待中：{status}"), *elapsed);
        }
        Event::Failed { .. } | Event::Retrying { .. } => report_retry(event),
        _ => {}
    }
}

/// Reports a failed attempt together with the pause before the next one. The last attempt is not
/// reported here: it is the call's own error.
fn report_retry(event: &Event<'_>) {
    thread_local! {
        static FAILED: RefCell<Option<String>> = const { RefCell::new(None) };
    }
    match event {
        Event::Failed { .. } => FAILED.set(describe(event)),
        Event::Retrying { .. } => {
            if let Some(failed) = FAILED.take() {
                tell(&wrapped_for_stderr(&failed));
            }
            report_text(event);
        }
        _ => {}
    }
}

/// Whether a log gets a line for the event: a quarter of a large upload, a changed status, or a minute
/// of waiting.
fn is_in_summary(event: &Event<'_>) -> bool {
    const MIN_UPLOAD_BYTES: u64 = 1024 * 1024;
    const WAIT_INTERVAL: Duration = Duration::from_secs(60);
    static LAST_WAIT: Mutex<Option<(String, Duration)>> = Mutex::new(None);
    static LAST_QUARTER: AtomicU64 = AtomicU64::new(0);
    match event {
        Event::Uploading { sent, total } if *total >= MIN_UPLOAD_BYTES => {
            let quarter = sent * 4 / total;
            LAST_QUARTER.swap(quarter, Ordering::Relaxed) != quarter && quarter > 0
        }
        Event::Waiting { status, elapsed, .. } => {
            let mut last = LAST_WAIT.lock().unwrap_or_else(PoisonError::into_inner);
            let is_recent = last.as_ref().is_some_and(|(last, at)| {
                last == status && elapsed.saturating_sub(*at) < WAIT_INTERVAL && at <= elapsed
            });
            if !is_recent {
                *last = Some(((*status).to_owned(), *elapsed));
            }
            !is_recent
        }
        _ => false,
    }
}

/// The status of the order that is waited for.
fn waiting_status(event: &Event<'_>) -> String {
    match event {
        Event::Waiting { status: "", .. } => "?".to_owned(),
        Event::Waiting { status, .. } => printable(&status_text(&OrderStatus::from(*status))),
        _ => String::new(),
    }
}

/// An event on one line.
fn describe(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Sending { method, path, request_id, attempt, .. } => {
            let (path, request_id) = (printable(path), printable(request_id));
            say!(
                "> {method} {path} (RequestID {request_id}, attempt {attempt})",
                "> {method} {path}（RequestID {request_id}，第 {attempt} 次）"
            )
        }
        Event::Uploading { sent, total } => {
            let percent = sent * 100 / (*total).max(1);
            say!(
                "> uploading {percent} % of {total} bytes",
                "> 已上传 {percent} %，共 {total} 字节"
            )
        }
        Event::Answered { http_status, bytes, elapsed } => {
            let time = milliseconds(*elapsed);
            say!(
                "< HTTP {http_status}, {bytes} bytes, after {time}",
                "< HTTP {http_status}，{bytes} 字节，耗时 {time}"
            )
        }
        Event::Failed { message, elapsed, .. } => {
            let (message, time) = (printable(message), milliseconds(*elapsed));
            say!("attempt failed after {time}: {message}", "本次尝试在 {time} 后失败：{message}")
        }
        Event::Retrying { pause } => {
            let pause = seconds(*pause);
            say!("sending again in {pause}", "{pause} 后重新发送")
        }
        Event::Waiting { pause, elapsed, .. } => {
            let status = waiting_status(event);
            let (elapsed, pause) = (seconds(*elapsed), seconds(*pause));
            say!(
                "waiting: {status} after {elapsed}; next query in {pause}",
                "等待中：{status}，已等待 {elapsed}，{pause} 后再次查询"
            )
        }
        _ => return None,
    })
}

pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
