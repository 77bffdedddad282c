//! What the program can be told, in TOML. docs/opensmtpd.md describes each key.

use core::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
    time::Duration,
};
use std::{fs, path::Path};

use anyhow::{Context as _, bail};
use mtasts_client::Address;
use serde::{Deserialize, Deserializer, de};

/// Where the daemon listens unless told otherwise.
const DAEMON: &str = "127.0.0.1:8461";
/// smtpd(8) does nothing else while it waits for an answer.
const TIMEOUT: Duration = Duration::from_secs(5);
const TIMES: core::ops::RangeInclusive<Duration> =
    Duration::from_millis(100)..=Duration::from_secs(60);

/// All that the program can be told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Where the daemon listens.
    #[serde(deserialize_with = "read")]
    pub(crate) daemon: Address,
    /// How long it may take for an answer.
    #[serde(deserialize_with = "read_time")]
    pub(crate) daemon_timeout: Duration,
    /// The DNS servers; those of the system if there are none here.
    #[serde(deserialize_with = "read_servers")]
    pub(crate) dns_servers: Vec<SocketAddr>,
    /// How long they may take for an answer, all together.
    #[serde(deserialize_with = "read_time")]
    pub(crate) dns_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            daemon: Address::Tcp(DAEMON.to_owned()),
            daemon_timeout: TIMEOUT,
            dns_servers: Vec::new(),
            dns_timeout: TIMEOUT,
        }
    }
}

impl Config {
    /// Reads a file, if there is one.
    pub(crate) fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else { return Ok(Self::default()) };
        let name = file.display();
        let text = fs::read_to_string(file).with_context(|| {
            format!(
                "{name} cannot be read (smtpd runs its tables as the user `opensmtpd` or `_smtpd`)"
            )
        })?;
        match toml::from_str(&text) {
            Ok(config) => Ok(config),
            // The message shows the line and what is wrong with it.
            Err(error) => bail!("{name}: {}", error.to_string().trim_end()),
        }
    }
}

fn read<'de, T: FromStr<Err: fmt::Display>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    String::deserialize(from)?.parse().map_err(de::Error::custom)
}

fn read_time<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    let time = humantime::parse_duration(&text)
        .map_err(|error| de::Error::custom(format!("no time such as \"5s\": {error}")))?;
    if TIMES.contains(&time) {
        return Ok(time);
    }
    Err(de::Error::custom("must be from 100ms to 60s: smtpd stands still for so long"))
}

fn read_servers<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SocketAddr>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    let read = |text: &String| {
        let with_port = || text.parse::<IpAddr>().map(|address| SocketAddr::new(address, 53));
        text.parse().or_else(|_| with_port()).map_err(|_| {
            de::Error::custom(format!(
                "`{text}` is no address of a DNS server: write it as \"127.0.0.1\", \"127.0.0.1:53\" or \
                 \"[::1]:53\""
            ))
        })
    };
    texts.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn load(text: &str) -> Result<Config, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let name = file.path().display().to_string();
        Config::load(Some(file.path())).map_err(|error| format!("{error:#}").replace(&name, "FILE"))
    }

    #[test]
    fn without_a_file_and_with_an_empty_one_the_defaults_apply() {
        assert_eq!(Config::load(None).unwrap(), Config::default());
        assert_eq!(load(""), Ok(Config::default()));
    }

    #[test]
    fn each_key_is_read() {
        let text = r#"
            daemon = "/run/mtasts/socketmap.sock"
            daemon_timeout = "1s 500ms"
            dns_servers = ["127.0.0.1", "[::1]:5353", "::1"]
            dns_timeout = "2s"
        "#;
        let config = Config {
            daemon: Address::Unix("/run/mtasts/socketmap.sock".into()),
            daemon_timeout: Duration::from_millis(1500),
            dns_servers: vec![
                "127.0.0.1:53".parse().unwrap(),
                "[::1]:5353".parse().unwrap(),
                "[::1]:53".parse().unwrap(),
            ],
            dns_timeout: Duration::from_secs(2),
        };
        assert_eq!(load(text), Ok(config));
    }

    #[test]
    fn mistakes_are_shown_with_their_line_and_what_to_do() {
        for (text, what) in [
            ("\ndeamon = \"a:1\"", "unknown field `deamon`, expected one of `daemon`"),
            ("\ndaemon = \"localhost\"", "neither the path of a Unix socket nor a host and port"),
            ("\ndaemon_timeout = \"5\"", "no time such as \"5s\""),
            ("\ndaemon_timeout = 5", "invalid type: integer `5`, expected a string"),
            ("\ndns_timeout = \"5m\"", "must be from 100ms to 60s"),
            ("\ndns_servers = [\"localhost\"]", "`localhost` is no address of a DNS server"),
            ("\ndaemon = ", "string"),
        ] {
            let error = load(text).unwrap_err();
            assert!(error.starts_with("FILE: TOML parse error at line 2, column"), "{error}");
            assert!(error.contains(what), "{error}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = Config::load(Some(Path::new("/nonexistent/a.toml"))).unwrap_err();
        assert!(
            format!("{error:#}").starts_with("/nonexistent/a.toml cannot be read"),
            "{error:#}"
        );
    }
}
