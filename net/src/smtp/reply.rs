//! Replies of SMTP servers (RFC 5321 §4.2).

use super::session::Unusable;

/// Longest line of a reply; RFC 5321 §4.5.3.1.5 allows 512 octets.
pub(super) const MAX_LINE: usize = 2048;
/// Most lines of a reply.
pub(super) const MAX_LINES: usize = 100;
/// Longest text that is told, in characters.
const MAX_TEXT: usize = 200;

/// A reply: a code, and the text of each line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    pub(super) lines: Vec<String>,
}

/// One line of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    code: u16,
    pub(super) is_last: bool,
    text: &'a [u8],
}

impl<'a> Line<'a> {
    /// Reads a line, without its end: three digits, then nothing, or a space or hyphen and text.
    pub(super) fn parse(line: &'a [u8]) -> Result<Self, Unusable> {
        let malformed = || Unusable::Malformed(printable(line));
        let (digits, rest) = line.split_at_checked(3).ok_or_else(malformed)?;
        let code = core::str::from_utf8(digits).ok().filter(|code| !code.starts_with('+'));
        let code = code.and_then(|code| code.parse().ok()).ok_or_else(malformed)?;
        match rest {
            [] => Ok(Self { code, is_last: true, text: rest }),
            [b' ', text @ ..] => Ok(Self { code, is_last: true, text }),
            [b'-', text @ ..] => Ok(Self { code, is_last: false, text }),
            _ => Err(malformed()),
        }
    }
}

impl Reply {
    pub(super) const fn new() -> Self {
        Self { code: 0, lines: Vec::new() }
    }

    /// Adds a line, which must have the code of those before it.
    pub(super) fn push(&mut self, line: Line<'_>) -> Result<(), Unusable> {
        if !self.lines.is_empty() && line.code != self.code {
            let (first, second) = (self.code, line.code);
            return Err(Unusable::Malformed(format!(
                "one reply with the codes {first} and {second}"
            )));
        }
        if self.lines.len() >= MAX_LINES {
            return Err(Unusable::TooLong);
        }
        self.code = line.code;
        self.lines.push(printable(line.text));
        Ok(())
    }

    /// Whether the code says that all is well (RFC 5321 §4.2.1).
    pub(super) const fn is_positive(&self) -> bool {
        matches!(self.code, 200..=299)
    }

    /// Whether a reply to EHLO names an extension. The first line names the server.
    pub(super) fn offers(&self, keyword: &str) -> bool {
        self.is_positive()
            && self.lines.iter().skip(1).any(|line| {
                let word = line.split(' ').next().unwrap_or_default();
                word.eq_ignore_ascii_case(keyword)
            })
    }

    /// The code and the first line.
    pub(super) fn summary(&self) -> String {
        let text = self.lines.first().map_or("", String::as_str);
        format!("{} {text}", self.code).trim_end().to_owned()
    }
}

/// Octets from the network, made fit for terminals and logs.
pub(super) fn printable(octets: &[u8]) -> String {
    let text = String::from_utf8_lossy(octets);
    let mut printable = String::new();
    for char in text.chars().take(MAX_TEXT) {
        match char {
            ' '..='~' => printable.push(char),
            _ => printable.extend(char.escape_default()),
        }
    }
    printable
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(lines: &[&str]) -> Result<Reply, Unusable> {
        let mut reply = Reply::new();
        for line in lines {
            reply.push(Line::parse(line.as_bytes())?)?;
        }
        Ok(reply)
    }

    #[test]
    fn extensions_are_words_after_the_first_line() {
        let offers = |lines: &[&str]| reply(lines).unwrap().offers("STARTTLS");
        assert!(offers(&["250-mx.example", "250-SIZE 1000", "250 starttls"]));
        assert!(offers(&["250-mx.example", "250 STARTTLS REQUIRED"]));
        assert!(!offers(&["250-STARTTLS", "250 SIZE"]));
        assert!(!offers(&["250-mx.example", "250 XSTARTTLS"]));
        assert!(!offers(&["550-mx.example", "550 STARTTLS"]));
        assert!(!offers(&["250"]));
    }

    #[test]
    fn what_is_no_reply_is_said() {
        for line in ["", "25", "2x0 ok", "+20 ok", "220ok", "SSH-2.0-OpenSSH"] {
            let error = Line::parse(line.as_bytes()).unwrap_err().to_string();
            assert_eq!(error, format!("no SMTP reply: `{line}`"));
        }
        assert!(reply(&["250-a", "251 b"]).is_err());
        assert!(reply(&vec!["250-a"; MAX_LINES]).is_ok());
        assert!(reply(&vec!["250-a"; MAX_LINES + 1]).is_err());
    }

    #[test]
    fn what_terminals_act_on_is_escaped() {
        let reply = reply(&["220 \x1b[2Jhello\u{202e}"]).unwrap();
        assert_eq!(reply.summary(), "220 \\u{1b}[2Jhello\\u{202e}");
    }
}
