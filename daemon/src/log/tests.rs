use std::{
    io::{Error, ErrorKind, Write},
    sync::{Arc, Mutex},
};

use super::*;

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn take(&self) -> String {
        String::from_utf8(core::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn level(text: &str) -> LogLevel {
    text.parse().unwrap()
}

const BARE: Look = Look { ansi: false, timestamps: false };

fn logged(output: Output, look: Look, event: impl FnOnce()) -> String {
    let kept = Kept::default();
    let writer = kept.clone();
    let (subscriber, _filter) = subscriber(&level("info"), output, look, move || writer.clone());
    tracing::subscriber::with_default(subscriber, event);
    kept.take()
}

#[test]
fn text_is_a_line_with_the_fields() {
    let text = logged(Output::Text, BARE, || tracing::info!(port = 8461, "listening"));
    assert_eq!(text, " INFO mtasts_daemon::log::tests: listening port=8461\n");
}

#[test]
fn text_has_timestamps_unless_the_journal_adds_them() {
    let look = Look { timestamps: true, ..BARE };
    let text = logged(Output::Text, look, || tracing::info!("listening"));
    let (timestamp, rest) = text.split_once(' ').unwrap();
    assert!(timestamp.starts_with("20") && timestamp.ends_with('Z'), "{text}");
    assert_eq!(rest.trim_start(), "INFO mtasts_daemon::log::tests: listening\n");
}

#[test]
fn text_from_outside_cannot_add_lines_or_colours() {
    let domain = "evil\n\x1b[31m.example";
    let text = logged(Output::Text, BARE, || tracing::info!(domain, "asked"));
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!text.contains('\x1b'), "{text}");
}

#[test]
fn json_is_an_object_with_the_fields() {
    let text = logged(Output::Json, BARE, || tracing::warn!(port = 8461, "listening"));
    let event: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(event["level"], "WARN");
    assert_eq!(event["message"], "listening");
    assert_eq!(event["port"], 8461);
    assert_eq!(event["target"], "mtasts_daemon::log::tests");
    assert!(event["timestamp"].is_string());
}

#[test]
fn the_level_can_be_changed_while_running() {
    let kept = Kept::default();
    let writer = kept.clone();
    let (subscriber, filter) =
        subscriber(&level("warn"), Output::Text, BARE, move || writer.clone());
    let handle = Handle { filter, demanded: None };
    tracing::subscriber::with_default(subscriber, || {
        tracing::debug!("unheard");
        handle.reload(&Log { level: level("debug"), ..Log::default() }).unwrap();
        tracing::debug!("heard");
        handle.reload(&Log { level: level("off"), ..Log::default() }).unwrap();
        tracing::error!("unheard");
    });
    assert_eq!(kept.take(), "DEBUG mtasts_daemon::log::tests: heard\n");
}

#[test]
fn what_the_environment_demands_outlives_a_reload() {
    let kept = Kept::default();
    let writer = kept.clone();
    let demanded = demanded_level(Some("error".into())).unwrap();
    let (subscriber, filter) =
        subscriber(&level("error"), Output::Text, BARE, move || writer.clone());
    let handle = Handle { filter, demanded };
    tracing::subscriber::with_default(subscriber, || {
        handle.reload(&Log { level: level("trace"), ..Log::default() }).unwrap();
        tracing::warn!("unheard");
    });
    assert_eq!(kept.take(), "");
}

#[test]
fn a_log_that_has_ended_cannot_be_changed() {
    let (subscriber, filter) = subscriber(&level("info"), Output::Text, BARE, io::sink);
    drop(subscriber);
    let handle = Handle { filter, demanded: None };
    assert!(matches!(handle.reload(&Log::default()), Err(LogError::Ended(_))));
}

#[test]
fn the_log_of_a_process_starts_once() {
    let handle = init(&Log::default(), ColorChoice::Never).unwrap();
    handle.reload(&Log { level: level("error"), ..Log::default() }).unwrap();
    assert!(matches!(init(&Log::default(), ColorChoice::Never), Err(LogError::Started(_))));
}

#[test]
fn the_environment_may_demand_a_level_or_not() {
    assert_eq!(demanded_level(None), Ok(None));
    assert_eq!(demanded_level(Some(OsString::new())), Ok(None));
    assert_eq!(demanded_level(Some("debug".into())), Ok(Some(level("debug"))));
    assert!(demanded_level(Some("loud".into())).is_err());
}

#[test]
fn without_a_journal_there_is_text() {
    let missing = || Err(Error::from(ErrorKind::NotFound));
    let (output, error) = Output::choose(LogFormat::Journald, missing);
    assert!(matches!(output, Output::Text));
    assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::NotFound));
}

#[test]
fn the_journal_is_recognised_by_its_stream() {
    assert!(names("8:123", 8, 123));
    assert!(!names("8:123", 8, 124));
    assert!(!names("8", 8, 123));
    assert!(!names("a:b", 8, 123));
    assert!(!is_journal(None));
    assert!(!is_journal(Some(OsStr::new("0:0"))));
}
