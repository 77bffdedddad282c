//! Table protocol 0.1 of OpenSMTPD (smtpd-tables(7)): lines of fields between `|`, of which only the
//! last may have a `|` in it.
//!
//! smtpd(8) ends at a reply that it does not understand, and waits for ever for one that does not come.

/// The version that is spoken.
pub(crate) const VERSION: &str = "0.1";

/// A line from smtpd(8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// `config|KEY|VALUE`, of which there are some at the beginning.
    Config { key: &'a str, value: &'a str },
    /// `config|ready`: now the services are to be named.
    Ready,
    /// A question.
    Request(Request<'a>),
    /// Anything else: nobody waits for an answer, or it cannot be told who.
    Other,
}

/// `table|VERSION|TIME|TABLE|OPERATION|…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Request<'a> {
    /// The word that the name of the reply is made from.
    word: &'a str,
    id: &'a str,
    pub(crate) operation: Operation<'a>,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation<'a> {
    /// Whether there is an entry for a key.
    Check { service: &'a str, key: &'a str },
    /// What the entry for a key is.
    Lookup { service: &'a str, key: &'a str },
    /// Any next entry.
    Fetch,
    /// To read the configuration anew.
    Update,
    /// Something that this version does not have.
    Unknown,
}

impl<'a> Line<'a> {
    pub(crate) fn parse(line: &'a str) -> Self {
        match line.split_once('|') {
            Some(("config", "ready")) => Self::Ready,
            Some(("config", rest)) => match rest.split_once('|') {
                Some((key, value)) => Self::Config { key, value },
                None => Self::Other,
            },
            Some(("table", rest)) => Request::parse(rest).map_or(Self::Other, Self::Request),
            _ => Self::Other,
        }
    }
}

impl<'a> Request<'a> {
    fn parse(rest: &'a str) -> Option<Self> {
        let mut fields = rest.splitn(4, '|').skip(3);
        let (word, rest) = fields.next()?.split_once('|')?;
        if word == "update" {
            return Self::new(word, rest, Operation::Update);
        }
        let (service, rest) = rest.split_once('|')?;
        let (id, operation) = match (word, rest.split_once('|')) {
            ("fetch", None) => (rest, Operation::Fetch),
            ("check", Some((id, key))) => (id, Operation::Check { service, key }),
            ("lookup", Some((id, key))) => (id, Operation::Lookup { service, key }),
            (_, Some((id, _))) => (id, Operation::Unknown),
            (_, None) => (rest, Operation::Unknown),
        };
        Self::new(word, id, operation)
    }

    fn new(word: &'a str, id: &'a str, operation: Operation<'a>) -> Option<Self> {
        let is_plain = |field: &str| {
            !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'|')
        };
        (is_plain(word) && is_plain(id)).then_some(Self { word, id, operation })
    }

    /// The reply with this result: `ok`, `found`, `found|VALUE`, `not-found` or `error|REASON`.
    pub(crate) fn reply(&self, result: &str) -> String {
        let Self { word, id, .. } = self;
        let result = result.replace(char::is_control, " ");
        format!("{word}-result|{id}|{result}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(line: &str) -> Request<'_> {
        let Line::Request(request) = Line::parse(line) else { panic!("{line}") };
        request
    }

    #[test]
    fn the_configuration_comes_in_pairs() {
        let expected = Line::Config { key: "smtpd-version", value: "7.6.0-portable" };
        assert_eq!(Line::parse("config|smtpd-version|7.6.0-portable"), expected);
        assert_eq!(Line::parse("config|ready"), Line::Ready);
    }

    #[test]
    fn questions_have_a_service_an_id_and_a_key() {
        let line = "table|0.1|1795448657.532065|sts|check|domain|cbff907f|enforce.test";
        let found = request(line);
        let expected = Operation::Check { service: "domain", key: "enforce.test" };
        assert_eq!(found.operation, expected);
        assert_eq!(found.reply("found"), "check-result|cbff907f|found\n");

        let found = request("table|0.1|1.2|sts|lookup|relayhost|5485f4af|enforce.test");
        let expected = Operation::Lookup { service: "relayhost", key: "enforce.test" };
        assert_eq!(found.operation, expected);
        let url = "found|smtp+tls://mx.test:25";
        assert_eq!(found.reply(url), format!("lookup-result|5485f4af|{url}\n"));
    }

    #[test]
    fn only_the_last_field_may_have_a_bar() {
        let found = request("table|0.1|1.2|sts|lookup|string|1|a|b|");
        assert_eq!(found.operation, Operation::Lookup { service: "string", key: "a|b|" });
        let found = request("table|0.1|1.2|sts|check|domain|1|");
        assert_eq!(found.operation, Operation::Check { service: "domain", key: "" });
    }

    /// smtpd-tables(7) has `lookup-result` in its example of `fetch`, at which smtpd(8) ends.
    #[test]
    fn each_operation_has_its_own_reply() {
        let found = request("table|0.1|1.2|sts|fetch|relayhost|189bd3ee");
        assert_eq!(found.operation, Operation::Fetch);
        assert_eq!(found.reply("not-found"), "fetch-result|189bd3ee|not-found\n");
        let found = request("table|0.1|1.2|sts|update|478ff0d2");
        assert_eq!(found.operation, Operation::Update);
        assert_eq!(found.reply("ok"), "update-result|478ff0d2|ok\n");
        for line in ["table|0.2|1.2|sts|dump|domain|7f", "table|0.2|1.2|sts|dump|domain|7f|a|b"] {
            assert_eq!(request(line).operation, Operation::Unknown);
            assert_eq!(request(line).reply("error|no"), "dump-result|7f|error|no\n");
        }
    }

    #[test]
    fn a_reply_is_one_line() {
        let found = request("table|0.1|1.2|sts|check|domain|1|a");
        assert_eq!(found.reply("error|a\r\nb"), "check-result|1|error|a  b\n");
    }

    #[test]
    fn other_lines_are_nobodys_questions() {
        for line in [
            "",
            "|",
            "table",
            "table|",
            "table|0.1|1.2|sts",
            "table|0.1|1.2|sts|check",
            "table|0.1|1.2|sts|check|domain",
            "table|0.1|1.2|sts|check|domain|",
            "table|0.1|1.2|sts|check|domain||a",
            "table|0.1|1.2|sts|update|",
            "table|0.1|1.2|sts|update|a|b",
            "table|0.1|1.2|sts||domain|1|a",
            "config",
            "config|",
            "report|0.5|1.2",
        ] {
            assert_eq!(Line::parse(line), Line::Other, "{line}");
        }
    }
}
