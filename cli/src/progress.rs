//! What goes on inside calls, on standard error.

use std::ops::ControlFlow;
use std::time::Duration;

use wotrus::Event;

use crate::interrupt;
use crate::lang::say;
use crate::output::{plain, tell};

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Pauses only: waits, and calls that are sent again.
    Pauses,
    /// Every event, in words.
    Words,
    /// Every event, a line of JSON each.
    Json,
}

/// Hears an event. After an interrupt nothing more is begun.
pub(crate) fn hear(detail: Detail, event: &Event<'_>) -> ControlFlow<()> {
    match detail {
        Detail::Json => tell(&event.to_json()),
        Detail::Words => tell_words(event),
        Detail::Pauses => {
            if matches!(
                event,
                Event::Failed { .. } | Event::Retrying { .. } | Event::Waiting { .. }
            ) {
                tell_words(event);
            }
        }
    }
    if interrupt::has_come() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

fn tell_words(event: &Event<'_>) {
    if let Some(line) = words(event) {
        tell(&line);
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
        Event::Waiting { status, pause, elapsed, .. } => {
            let status = if status.is_empty() { "?".to_owned() } else { plain(status) };
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
