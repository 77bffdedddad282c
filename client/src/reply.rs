//! What a socketmap server replies.

use core::{fmt, str::FromStr};

/// A reply, as Postfix's socketmap_table(5) names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// `OK`, with what was found.
    Ok(String),
    /// `NOTFOUND`: there is no entry, which is an answer.
    NotFound,
    /// `TEMP` or `TIMEOUT`, with the reason: ask again later.
    Temp(String),
    /// `PERM`, with the reason: asking again is of no use.
    Perm(String),
}

/// A reply that begins with none of the words of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the reply begins with none of OK, NOTFOUND, TEMP, TIMEOUT and PERM")]
pub struct ReplyError;

impl FromStr for Reply {
    type Err = ReplyError;

    fn from_str(text: &str) -> Result<Self, ReplyError> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        match word {
            "OK" => Ok(Self::Ok(rest.to_owned())),
            "NOTFOUND" => Ok(Self::NotFound),
            "TEMP" | "TIMEOUT" => Ok(Self::Temp(rest.to_owned())),
            "PERM" => Ok(Self::Perm(rest.to_owned())),
            _ => Err(ReplyError),
        }
    }
}

/// The reply as it is sent. `TIMEOUT` has become `TEMP`.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok(found) => write!(f, "OK {found}"),
            Self::NotFound => f.write_str("NOTFOUND "),
            Self::Temp(reason) => write!(f, "TEMP {reason}"),
            Self::Perm(reason) => write!(f, "PERM {reason}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_tells() {
        assert_eq!("OK a b".parse(), Ok(Reply::Ok("a b".into())));
        assert_eq!("NOTFOUND ".parse(), Ok(Reply::NotFound));
        assert_eq!("NOTFOUND".parse(), Ok(Reply::NotFound));
        assert_eq!("TEMP later".parse(), Ok(Reply::Temp("later".into())));
        assert_eq!("TIMEOUT ".parse(), Ok(Reply::Temp(String::new())));
        assert_eq!("PERM no map".parse(), Ok(Reply::Perm("no map".into())));
        for text in ["", " OK", "ok a", "OKAY a", "220 mx ESMTP"] {
            assert_eq!(text.parse::<Reply>(), Err(ReplyError), "{text}");
        }
    }
}
