//! What operators are told beside the answers, which smtpd(8) logs itself if they are errors. It throws
//! away standard error unless it runs in the foreground, so this goes to the mail log as well.

use core::ffi::CStr;

use nix::syslog::{Facility, LogFlags, Priority, Severity, openlog, syslog};

const NAME: &CStr = c"table-mtasts";
/// Most characters of a line: what others have sent is in some.
const MAX_LINE: usize = 1000;

pub(crate) fn open() {
    let flags = LogFlags::LOG_PID | LogFlags::LOG_PERROR;
    // There would be nobody to tell of a failure.
    let _ = openlog(Some(NAME), flags, Facility::LOG_MAIL);
}

/// The program cannot go on.
pub(crate) fn error(message: &str) {
    write(Severity::LOG_ERR, message);
}

/// What smtpd(8) says is not what was expected.
pub(crate) fn warning(message: &str) {
    write(Severity::LOG_WARNING, message);
}

fn write(severity: Severity, message: &str) {
    // What is about the configuration may have several lines, and each needs its place in the log.
    for line in message.lines() {
        let line: String = line.replace(char::is_control, " ").chars().take(MAX_LINE).collect();
        let _ = syslog(Priority::new(severity, Facility::LOG_MAIL), line.as_str());
    }
}
