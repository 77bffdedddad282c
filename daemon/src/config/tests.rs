//! The configuration as a whole, and that what is written about it is true.

use core::time::Duration;
use std::collections::BTreeMap;

use toml::{Table, Value};

use super::*;

mod reference;

fn parse(text: &str) -> Result<Loaded, Diagnostics> {
    Config::parse(Source::new("test.toml", text))
}

/// The problems that reading a text finds, one line each.
fn problems(text: &str) -> Vec<String> {
    match parse(text) {
        Ok(loaded) => loaded.warnings.lines().collect(),
        Err(diagnostics) => diagnostics.lines().collect(),
    }
}

#[test]
fn an_empty_file_means_the_defaults() {
    let loaded = parse("").unwrap();
    assert_eq!(loaded.config, Config::default());
    assert!(loaded.warnings.is_empty());
}

#[test]
fn the_default_file_says_what_no_file_says() {
    let loaded = parse(DEFAULT_TEXT).unwrap();
    assert_eq!(loaded.config, Config::default());
    assert!(loaded.warnings.is_empty());
}

#[test]
fn every_key_is_in_the_default_file() {
    // A key without a default stands there as a comment.
    let uncommented: String =
        DEFAULT_TEXT.lines().map(|line| line.trim_start_matches('#').to_owned() + "\n").collect();
    let mut section = "";
    let mut present = Vec::new();
    for line in uncommented.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_matches(['[', ']']);
        } else if let Some((name, _)) = line.split_once(" = ") {
            present.push((section, name));
        }
    }
    for Key { section, name } in keys() {
        assert!(present.contains(&(section, name)), "{section}.{name} is missing");
    }
    for (name, _) in Maps::default().iter() {
        assert!(present.contains(&("maps", name)), "maps.{name} is missing");
    }
}

#[test]
fn what_is_commented_out_in_the_default_file_works() {
    // `# ` begins a comment for people, `#` alone a line to use.
    let used = |line: &str| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).is_some();
    let text: String = DEFAULT_TEXT
        .lines()
        .map(|line| if used(line) { line.trim_start_matches('#') } else { line })
        .flat_map(|line| [line, "\n"])
        .collect();
    let loaded = parse(&text).unwrap();
    assert!(loaded.warnings.is_empty());
    assert_eq!(loaded.config.listen.len(), 2);
    assert!(loaded.config.https.ca_file.is_some());
    assert!(loaded.config.store.path.is_some());
}

#[test]
fn what_is_shown_can_be_read_again() {
    let written = r#"
        [[listen]]
        tcp = "[::1]:8461"
        [[listen]]
        unix = "/run/mtasts/socketmap.sock"
        mode = "600"
        owner = 105
        group = "postfix"
        [maps]
        mine = "sendmail"
        "with=sign" = "postfix"
        [dns]
        servers = ["127.0.0.1", "tls://9.9.9.9#dns.quad9.net"]
        trust_ad = ["10.1.0.0/16"]
        [https]
        timeout = "1m 30s"
        max_body = "128 KiB"
        allow_networks = ["fd00::/8", "192.0.2.1"]
        ca_file = "/etc/mtasts/ca.pem"
        [cache]
        on_dns_failure = "temp-fail"
        shards = 4
        [store]
        path = "/srv/mtasts.db"
        [log]
        level = "warn,mtasts_net=trace"
        format = "journald"
    "#;
    for text in [written, ""] {
        let config = parse(text).unwrap().config;
        let shown = toml::to_string_pretty(&config).unwrap();
        assert_eq!(parse(&shown).unwrap().config, config, "{shown}");
    }
}

#[test]
fn values_arrive() {
    let text = r#"
        listen = [{ unix = "/run/sts.sock", mode = "0600", group = "postfix" }]
        https.timeout = "1m 30s"
        https.max_body = "128 KiB"
        cache.max_domains = 0x10
        [maps]
        mine = "sendmail"
        QUERY = "postfix-tlsrpt"
    "#;
    let config = parse(text).unwrap().config;
    let [Listen::Unix(socket)] = config.listen.as_slice() else { panic!("{:?}", config.listen) };
    assert_eq!(socket.path, Path::new("/run/sts.sock"));
    assert_eq!(socket.mode.bits(), 0o600);
    assert_eq!(socket.owner, None);
    assert_eq!(socket.group, Some(Principal::Name("postfix".into())));
    assert_eq!(config.https.timeout, Duration::from_secs(90));
    assert_eq!(config.https.max_body, 131_072);
    assert_eq!(config.cache.max_domains, 16);
    assert_eq!(config.maps.profile("mine"), Some(Profile::Sendmail));
    assert_eq!(config.maps.profile("QUERY"), Some(Profile::PostfixTlsrpt));
    assert_eq!(config.maps.profile("sts"), Some(Profile::Sendmail));
    assert_eq!(config.maps.profile("other"), None);
}

#[test]
fn a_missing_file_is_an_error_only_if_it_was_named() {
    let missing = Path::new("/nonexistent/mtasts.toml");
    let loaded = Config::load_or(None, missing).unwrap();
    assert_eq!((loaded.config, loaded.file), (Config::default(), None));
    let error = Config::load_or(Some(missing), missing).unwrap_err();
    assert_eq!(error.to_string(), "cannot read /nonexistent/mtasts.toml");
}

#[test]
fn the_file_that_was_read_is_known() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "[log]\nlevel = \"warn\"\n").unwrap();
    let loaded = Config::load_or(Some(file.path()), Path::new("/nonexistent")).unwrap();
    assert_eq!(loaded.file.as_deref(), Some(file.path()));
    assert_eq!(loaded.config.log.level, "warn".parse().unwrap());
}

#[test]
fn a_file_that_is_not_text_is_refused_by_line() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, b"[log]\n# caf\xe9\n").unwrap();
    let error = Config::load(Some(file.path())).unwrap_err();
    assert!(matches!(error, LoadError::NotText { line: 2, .. }), "{error:?}");
}

#[test]
fn bad_syntax_does_not_hide_other_mistakes() {
    let found = problems("[https]\ntimeout = 60s\nport = 444\nmax_bdoy = 1\n");
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found[0].starts_with("test.toml:2:11: error: string values must be quoted"));
    assert_eq!(found[1], "test.toml:3:8: warning: `https.port` is not 443");
    assert_eq!(found[2], "test.toml:4:1: error: unknown key `max_bdoy` in `[https]`");
}

#[test]
fn what_was_refused_contradicts_nothing() {
    let found = problems("[dns]\ntimeout = \"2s\"\nattempt_timeout = \"soon\"\n");
    assert_eq!(found.len(), 1, "{found:#?}");
}

#[test]
fn below_an_unreadable_header_only_syntax_counts() {
    let found = problems("[https\nlevel = \"debug\"\n");
    assert_eq!(found.len(), 1, "{found:#?}");
}

#[test]
fn nothing_that_is_written_upsets_the_reader() {
    let text = "# é\n[[listen]]\ntcp = \"127.0.0.1:8461\"\n[https]\ntimeout = '1m'\nmax_body = 0x1_0\n\
                allow_networks = [\n  \"10.0.0.0/8\", # ü\n]\n[maps]\n\"ö\".x = { a = 1.5 }\n\
                listen = \"\"\"\n\"\"\"\n[dns]\nservers = \"\\u00e9\"\n";
    let replacements =
        ["", "\"", "'", "[", "]", "{", "=", ".", "\n", "\r", "#", "\\", "é", "\u{feff}", "\0"];
    for (at, replaced) in text.char_indices() {
        let (before, rest) = text.split_at(at);
        let after = rest.strip_prefix(replaced).unwrap();
        for replacement in replacements {
            read_and_render(&format!("{before}{replacement}{after}"));
        }
        read_and_render(before);
        read_and_render(rest);
    }
}

fn read_and_render(text: &str) {
    let diagnostics = match parse(text) {
        Ok(loaded) => loaded.warnings,
        Err(diagnostics) => diagnostics,
    };
    let rendered = render(&diagnostics, Style::Plain);
    assert_eq!(rendered.is_empty(), diagnostics.is_empty());
    assert_eq!(diagnostics.lines().count(), diagnostics.iter().count());
}
