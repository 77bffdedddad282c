//! `mtasts config` as it is called.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use snapbox::{
    cmd::{Command, cargo_bin},
    str,
};

/// A file in a folder of its own.
struct File {
    folder: tempfile::TempDir,
}

impl File {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mtasts.toml"), text).unwrap();
        Self { folder }
    }

    /// `mtasts ARGUMENTS --config mtasts.toml`
    fn mtasts(&self, arguments: &[&str]) -> Command {
        let mtasts = mtasts(arguments).args(["--config", "mtasts.toml"]);
        mtasts.current_dir(self.folder.path())
    }
}

fn mtasts(arguments: &[&str]) -> Command {
    // Nothing of the surroundings of the test decides how it goes.
    Command::new(cargo_bin!("mtasts")).env_clear().args(arguments)
}

#[test]
fn check_finds_nothing_in_a_good_file() {
    let file = File::new("[log]\nlevel = \"warn\"\n");
    file.mtasts(&["config", "check"])
        .assert()
        .code(0)
        .stdout_eq("mtasts.toml: no problems\n")
        .stderr_eq("");
}

#[test]
fn check_shows_warnings_and_accepts_the_file() {
    let file = File::new("[https]\nport = 8443\n");
    file.mtasts(&["config", "check"]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
warning: `https.port` is not 443
 --> mtasts.toml:2:8
  |
2 | port = 8443
  |        ^^^^
  |
  = help: no policy is published there (RFC 8461 §3.3); that is for tests

mtasts.toml: no errors, 1 warning

"#]]);
}

#[test]
fn check_shows_every_error_and_refuses_the_file() {
    let file = File::new("[https]\ntimout = \"30s\"\n[cache]\nmax_domains = 0\n");
    file.mtasts(&["config", "check"]).assert().code(1).stderr_eq("").stdout_eq(str![[r#"
error: unknown key `timout` in `[https]`
 --> mtasts.toml:2:1
  |
2 | timout = "30s"
  | ^^^^^^
  |
help: did you mean `timeout`?
  |
2 | timeout = "30s"
  |    +

error: `cache.max_domains` must be between 1 and 100000000
 --> mtasts.toml:4:15
  |
4 | max_domains = 0
  |               ^

mtasts.toml: 2 errors

"#]]);
}

#[test]
fn check_prints_json_for_programs() {
    let file = File::new("[https]\ntimeout = 30\n");
    file.mtasts(&["config", "check", "--json"]).assert().code(1).stderr_eq("").stdout_eq(str![[
        r#"
{
  "errors": 1,
  "file": "mtasts.toml",
  "problems": [
    {
      "end": {
        "column": 13,
        "line": 2
      },
      "fix": {
        "end": {
          "column": 13,
          "line": 2
        },
        "start": {
          "column": 11,
          "line": 2
        },
        "text": "/"30s/"",
        "title": "if seconds are meant"
      },
      "help": null,
      "label": "a plain number",
      "message": "`https.timeout` needs a unit",
      "severity": "error",
      "start": {
        "column": 11,
        "line": 2
      }
    }
  ],
  "schema_version": 1,
  "warnings": 0
}

"#
    ]]);
}

#[test]
fn check_needs_a_file_that_was_named() {
    mtasts(&["config", "check", "--config", "/nonexistent/mtasts.toml"])
        .assert()
        .code(1)
        .stdout_eq("")
        .stderr_eq(str![[r#"
error: cannot read /nonexistent/mtasts.toml
  caused by: No such file or directory (os error 2)

"#]]);
}

#[test]
fn show_prints_what_is_in_force() {
    let file = File::new("[store]\npath = \"/srv/mtasts.db\"\n[https]\ntimeout = \"30000ms\"\n");
    file.mtasts(&["config", "show"]).assert().code(0).stderr_eq("").stdout_eq(str![[r#"
[[listen]]
tcp = "127.0.0.1:8461"

[socketmap]
max_connections = 1024
max_request = 10000
max_pipelined = 64
lookup_timeout = "90s"
write_timeout = "1m"
drain_timeout = "20s"

[maps]
QUERY = "postfix"
QUERYwithTLSRPT = "postfix-tlsrpt"
exim = "exim"
json = "json"
postfix = "postfix"
postfix-tlsrpt = "postfix-tlsrpt"
sts = "sendmail"

[dns]
servers = []
timeout = "20s"
max_queries = 256
trust_ad = []

[https]
timeout = "30s"
connect_timeout = "10s"
max_body = 65536
max_concurrent = 100
max_per_address = 8
max_waiting = 1000
allow_networks = []
port = 443

[cache]
max_domains = 1000000
txt_recheck = "5m"
refresh_after = "1d"
refresh_jitter = 20
refresh_idle = "35d"
refresh_retry_max = "1h"
absence_min = "1m"
absence_max = "1h"
fetch_backoff = "5m"
max_lookups = 10000
max_discoveries = 1000
max_refreshes = 16
on_dns_failure = "opportunistic"
on_fetch_failure = "opportunistic"
shards = 0

[store]
kind = "sqlite"
path = "/srv/mtasts.db"
timeout = "5s"

[log]
level = "info"
format = "text"

"#]]);
}

#[test]
fn show_says_where_the_database_is() {
    let file = File::new("");
    let mtasts = file.mtasts(&["config", "show", "--json"]);
    let output = mtasts.env("STATE_DIRECTORY", "/state/mtasts").assert().code(0);
    let config: serde_json::Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
    assert_eq!(config["store"]["path"], "/state/mtasts/mtasts.db");
}

#[test]
fn show_refuses_a_bad_file_and_shows_why() {
    let file = File::new("[log]\nlevel = \"loud\"\n");
    file.mtasts(&["config", "show"]).assert().code(1).stdout_eq("").stderr_eq(str![[r#"
error: `log.level` cannot be `loud`: `loud` is not a level
 --> mtasts.toml:2:9
  |
2 | level = "loud"
  |         ^^^^^^
  |
  = help: the levels are `off`, `error`, `warn`, `info`, `debug` and `trace`

error: mtasts.toml: 1 error

"#]]);
}

#[test]
fn default_prints_a_file_without_problems() {
    let output = mtasts(&["config", "default"]).assert().code(0);
    let file = File::new(core::str::from_utf8(&output.get_output().stdout).unwrap());
    file.mtasts(&["config", "check"]).assert().code(0).stdout_eq("mtasts.toml: no problems\n");
}

#[test]
fn colours_are_for_those_who_want_them() {
    let file = File::new("[https]\nport = 8443\n");
    let coloured = |mtasts: Command| mtasts.output().unwrap().stdout.contains(&0x1b);
    assert!(!coloured(file.mtasts(&["config", "check"])));
    assert!(coloured(file.mtasts(&["config", "check", "--color", "always"])));
    assert!(!coloured(
        file.mtasts(&["config", "check", "--color", "never"]).env("CLICOLOR_FORCE", "1")
    ));
}

#[test]
fn a_mistake_on_the_command_line_has_its_own_exit_code() {
    mtasts(&["config", "chekc"]).assert().code(2).stdout_eq("");
    mtasts(&["config", "check", "--colour"]).assert().code(2).stdout_eq("");
}

#[test]
fn the_version_is_printed() {
    let expected = concat!("mtasts ", env!("CARGO_PKG_VERSION"), "\n");
    mtasts(&["--version"]).assert().code(0).stdout_eq(expected);
}
