//! What is said between smtpd(8) and this program, from the first line to the last.

use std::io::{self, BufRead, ErrorKind, Read as _, Write};

use anyhow::{Context as _, bail};

use crate::{
    log,
    protocol::{Line, VERSION},
    service::Service,
};

/// Most octets of a line. What is longer is cut, and is no domain: those have 253 at most.
const MAX_LINE: u64 = 65_536;

/// Answers until smtpd(8) ends.
pub(crate) fn hold(
    input: &mut impl BufRead,
    output: &mut impl Write,
    mut service: Service,
) -> anyhow::Result<()> {
    if is_binary(input)? {
        bail!(
            "this smtpd speaks the binary protocol that tables had before OpenSMTPD 7.6, which is the \
             oldest version that this program works with: upgrade OpenSMTPD, or take the table out of \
             smtpd.conf"
        );
    }
    while let Some(line) = read_line(input).context("smtpd cannot be listened to")? {
        let reply = match Line::parse(&line) {
            Line::Config { key: "protocol", value } if value != VERSION => {
                log::warning(&format!(
                    "smtpd speaks version {value} of the table protocol, and this program {VERSION}"
                ));
                continue;
            }
            Line::Config { .. } => continue,
            Line::Ready => register(),
            Line::Request(request) => request.reply(&service.answer(request.operation)),
            Line::Other => {
                log::warning(&format!("smtpd says what cannot be understood: {line:?}"));
                continue;
            }
        };
        // In one piece, so that smtpd never reads a part.
        match output.write_all(reply.as_bytes()).and_then(|()| output.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            written => written.context("smtpd cannot be answered")?,
        }
    }
    Ok(())
}

fn register() -> String {
    let services = Service::NAMES.map(|name| format!("register|{name}\n"));
    format!("{}register|ready\n", services.concat())
}

/// Whether the first octet is none that a line of text begins with. The binary protocol (imsg) begins
/// with the number of a message, 2, in 32 bits of either order.
fn is_binary(input: &mut impl BufRead) -> anyhow::Result<bool> {
    let start = input.fill_buf().context("smtpd cannot be listened to")?;
    Ok(start.first().is_some_and(|octet| octet.is_ascii_control() && !octet.is_ascii_whitespace()))
}

/// The next line, without its end; nothing when there are no more.
fn read_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    input.take(MAX_LINE).read_until(b'\n', &mut line)?;
    match line.pop() {
        None => return Ok(None),
        Some(b'\n') => {}
        Some(last) => {
            line.push(last);
            // Cut, or the last one.
            input.skip_until(b'\n')?;
        }
    }
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(mut input: &[u8]) -> Vec<usize> {
        let mut lines = Vec::new();
        while let Some(line) = read_line(&mut input).unwrap() {
            lines.push(line.len());
        }
        lines
    }

    #[test]
    fn lines_have_bounds() {
        assert!(lines(b"").is_empty());
        assert_eq!(lines(b"\na\n\nbc"), [0, 1, 0, 2]);
        let long = "x".repeat(200_000);
        assert_eq!(lines(format!("{long}\nab\n{long}").as_bytes()), [65_536, 2, 65_536]);
    }

    #[test]
    fn the_binary_protocol_is_recognised() {
        for start in [b"\x02\0\0\0\x14\x08".as_slice(), b"\0\0\0\x02"] {
            assert!(is_binary(&mut &*start).unwrap());
        }
        for start in [b"".as_slice(), b"config|", b"\n", b"\xff"] {
            assert!(!is_binary(&mut &*start).unwrap());
        }
    }
}
