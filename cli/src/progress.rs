//! What goes on inside calls, on standard error.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use wotrus::{Event, OrderStatus};

use crate::interrupt;
use crate::lang::say;
use crate::live;
use crate::order::status_text;
use crate::output::{for_terminal, plain, tell};

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// On a terminal: one line that moves, and calls that are sent again.
    Live,
    /// Elsewhere: waits, large uploads, and calls that are sent again, a line each.
    Pauses,
    /// Every event, in words.
    Words,
    /// Every event, a line of JSON each.
    Json,
}

/// Hears an event. After an interrupt nothing more is begun.
pub(crate) fn hear(detail: Detail, event: &Event<'_>) {
    tell_event(detail, event);
    if interrupt::has_come() {
        event.stop();
    }
}

/// Tells an event on standard error.
pub(crate) fn tell_event(detail: Detail, event: &Event<'_>) {
    match detail {
        Detail::Json => tell(&event.to_json()),
        Detail::Words => tell_words(event),
        Detail::Live => draw(event),
        Detail::Pauses if is_worth_a_line(event) => tell_words(event),
        Detail::Pauses => tell_retry(event),
    }
}

fn tell_words(event: &Event<'_>) {
    if let Some(line) = words(event) {
        tell(&for_terminal(&line));
    }
}

/// Moves the line at the bottom of the terminal.
fn draw(event: &Event<'_>) {
    /// Smaller ones are over before anybody sees them.
    const LARGE: u64 = 64 * 1024;
    match event {
        Event::Sending { method, path, .. } => live::begin(|| format!("{method} {path}")),
        Event::Uploading { sent, total } if *total >= LARGE => {
            live::upload(say!("uploading", "正在上传"), *sent, *total);
            if sent == total {
                live::spin(say!("waiting for the answer", "等待应答"), Duration::ZERO);
            }
        }
        Event::Waiting { elapsed, .. } => {
            let status = status(event);
            live::spin(say!("waiting: {status}", "等待中：{status}"), *elapsed);
        }
        Event::Failed { .. } | Event::Retrying { .. } => tell_retry(event),
        _ => {}
    }
}

/// A failure is told with the pause that follows it: the last one is the call's own error.
fn tell_retry(event: &Event<'_>) {
    thread_local! {
        static FAILED: RefCell<Option<String>> = const { RefCell::new(None) };
    }
    match event {
        Event::Failed { .. } => FAILED.set(words(event)),
        Event::Retrying { .. } => {
            if let Some(failed) = FAILED.take() {
                tell(&for_terminal(&failed));
            }
            tell_words(event);
        }
        _ => {}
    }
}

/// A log that nobody watches should not grow by a line each look.
fn is_worth_a_line(event: &Event<'_>) -> bool {
    const LARGE: u64 = 1024 * 1024;
    const SILENCE: Duration = Duration::from_secs(60);
    static WAITED: Mutex<Option<(String, Duration)>> = Mutex::new(None);
    static QUARTER: AtomicU64 = AtomicU64::new(0);
    match event {
        Event::Uploading { sent, total } if *total >= LARGE => {
            let quarter = sent * 4 / total;
            QUARTER.swap(quarter, Ordering::Relaxed) != quarter && quarter > 0
        }
        Event::Waiting { status, elapsed, .. } => {
            let mut waited = WAITED.lock().unwrap_or_else(PoisonError::into_inner);
            let known = waited.as_ref().is_some_and(|(last, at)| {
                last == status && elapsed.saturating_sub(*at) < SILENCE && at <= elapsed
            });
            if !known {
                *waited = Some(((*status).to_owned(), *elapsed));
            }
            !known
        }
        _ => false,
    }
}

/// Where a wait stands: the service's word, and what it means.
fn status(event: &Event<'_>) -> String {
    match event {
        Event::Waiting { status: "", .. } => "?".to_owned(),
        Event::Waiting { status, .. } => plain(&status_text(&OrderStatus::from(*status))),
        _ => String::new(),
    }
}

/// An event in a line.
fn words(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Sending { method, path, request_id, attempt, .. } => say!(
            "> {method} {path} (RequestID {request_id}, attempt {attempt})",
            "> {method} {path}（RequestID {request_id}，第 {attempt} 次）"
        ),
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
            let (message, time) = (plain(message), milliseconds(*elapsed));
            say!("attempt failed after {time}: {message}", "{time} 后本次尝试失败：{message}")
        }
        Event::Retrying { pause } => {
            let pause = seconds(*pause);
            say!("sending again in {pause}", "{pause} 后重新发送")
        }
        Event::Waiting { pause, elapsed, .. } => {
            let status = status(event);
            let (elapsed, pause) = (seconds(*elapsed), seconds(*pause));
            say!(
                "waiting: {status} after {elapsed}; next look in {pause}",
                "等待中：{status}，已 {elapsed}，{pause} 后再查"
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
