//! How requests and replies are written: one line each, tokens between single spaces.

use core::fmt::{Display, Write as _};

/// A request being written.
#[derive(Clone, Debug)]
pub(super) struct Request(String);

impl Request {
    pub(super) fn new(verb: &str) -> Self {
        Self(verb.to_owned())
    }

    /// A word or a number.
    pub(super) fn word(mut self, word: impl Display) -> Self {
        // Writing to a string does not fail.
        let _ = write!(self.0, " {word}");
        self
    }

    pub(super) fn octets(mut self, octets: &[u8]) -> Self {
        self.0.push(' ');
        push_octets(&mut self.0, octets);
        self
    }

    pub(super) fn maybe_octets(self, octets: Option<&[u8]>) -> Self {
        match octets {
            Some(octets) => self.octets(octets),
            None => self.word('-'),
        }
    }

    pub(super) fn many<R: AsRef<[u8]>>(self, all: &[R]) -> Self {
        all.iter().fold(self, |request, octets| request.octets(octets.as_ref()))
    }

    pub(super) fn line(&self) -> &str {
        &self.0
    }
}

/// What a face replied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// It did what was asked, and this came of it.
    Ok(Members),
    /// There is none. The code says why, where there is a reason.
    None(String),
    /// It refused, for this reason.
    Err(String),
}

/// The `key=value` tokens of a reply, in order. A key may come several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Members(Vec<(String, String)>);

impl Reply {
    pub(super) fn read(line: &str) -> Result<Self, String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "ok" => {
                let members = rest.split(' ').filter(|token| !token.is_empty()).map(|token| {
                    let (key, value) = token.split_once('=').ok_or_else(|| malformed(line))?;
                    Ok((key.to_owned(), value.to_owned()))
                });
                Ok(Self::Ok(Members(members.collect::<Result<_, String>>()?)))
            }
            "none" => Ok(Self::None(rest.to_owned())),
            "err" => Ok(Self::Err(rest.to_owned())),
            _ => Err(malformed(line)),
        }
    }
}

impl Members {
    fn find(&self, key: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.as_str()).filter(|value| *value != "-")
    }

    pub(super) fn word(&self, key: &str) -> Result<&str, String> {
        self.find(key).ok_or_else(|| format!("the reply has no `{key}`: {self:?}"))
    }

    pub(super) fn maybe_word(&self, key: &str) -> Option<String> {
        self.find(key).map(str::to_owned)
    }

    pub(super) fn number<N: core::str::FromStr>(&self, key: &str) -> Result<N, String> {
        let word = self.word(key)?;
        word.parse().map_err(|_| format!("the reply's `{key}` is `{word}`"))
    }

    pub(super) fn maybe_number(&self, key: &str) -> Result<Option<u64>, String> {
        self.find(key).map(|_| self.number(key)).transpose()
    }

    pub(super) fn text(&self, key: &str) -> Result<String, String> {
        read_text(self.word(key)?)
    }

    pub(super) fn maybe_text(&self, key: &str) -> Result<Option<String>, String> {
        self.find(key).map(read_text).transpose()
    }

    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, String> {
        self.0.iter().filter(|(name, _)| name == key).map(|(_, value)| read_text(value)).collect()
    }
}

fn malformed(line: &str) -> String {
    let start: String = line.chars().take(200).collect();
    format!("a reply that the protocol does not know: `{start}`")
}

pub(super) fn push_octets(line: &mut String, octets: &[u8]) {
    line.push('x');
    for octet in octets {
        let _ = write!(line, "{octet:02x}");
    }
}

pub(super) fn read_octets(token: &str) -> Result<Vec<u8>, String> {
    let broken = || format!("`{token}` are no octets");
    let digits = token.strip_prefix('x').ok_or_else(broken)?;
    let digits: Option<Vec<u32>> = digits.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0).ok_or_else(broken)?;
    let octet = |pair: &[u32]| pair.iter().fold(0, |octet, digit| octet << 4 | digit);
    digits.chunks(2).map(|pair| u8::try_from(octet(pair)).map_err(|_| broken())).collect()
}

fn read_text(token: &str) -> Result<String, String> {
    String::from_utf8(read_octets(token)?).map_err(|_| format!("`{token}` is no text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_come_back() {
        let request =
            Request::new("txt").octets(b"").many(&["a\u{ff}\n"]).maybe_octets(None).word(7);
        assert_eq!(request.line(), "txt x x61c3bf0a - 7");
        assert_eq!(read_octets("x61c3bf0a"), Ok(b"a\xc3\xbf\n".to_vec()));
        for bad in ["", "61", "x6", "xzz", "x+1"] {
            assert!(read_octets(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_reply_is_one_of_three() {
        let Ok(Reply::Ok(members)) = Reply::read("ok mx=x61 mx=x62 id=- n=3") else {
            panic!("not read")
        };
        assert_eq!(members.texts("mx"), Ok(vec!["a".into(), "b".into()]));
        assert_eq!(members.maybe_text("id"), Ok(None));
        assert_eq!(members.number("n"), Ok(3));
        assert!(members.word("id").is_err() && members.number::<u8>("mx").is_err());
        assert_eq!(Reply::read("none policy-empty"), Ok(Reply::None("policy-empty".into())));
        assert_eq!(Reply::read("err busy"), Ok(Reply::Err("busy".into())));
        assert!(Reply::read("bad verb").is_err() && Reply::read("ok x").is_err());
    }
}
