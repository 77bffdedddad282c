//! `mtasts generate` as it is called.

use std::fs;

use snapbox::{
    cmd::{Command, cargo_bin},
    str,
};

fn generate(arguments: &[&str]) -> Command {
    Command::new(cargo_bin!("mtasts")).env_clear().arg("generate").args(arguments)
}

const MX: [&str; 7] = [
    "example.com",
    "--mx",
    "mx1.example.com",
    "--mx",
    "*.mail.example.net",
    "--id",
    "20260101T000000Z",
];

#[test]
fn people_get_all_of_it_with_the_steps() {
    generate(&MX)
        .args(["--rua", "tls@example.com"])
        .assert()
        .code(0)
        .stderr_eq("")
        .stdout_eq(str![[r#"
DNS records
  _mta-sts.example.com. 3600 IN TXT "v=STSv1; id=20260101T000000Z;"
  _smtp._tls.example.com. 3600 IN TXT "v=TLSRPTv1; rua=mailto:tls@example.com;"
  In a provider's form: name _mta-sts, type TXT, value v=STSv1; id=20260101T000000Z;

Policy file  https://mta-sts.example.com/.well-known/mta-sts.txt
  version: STSv1
  mode: testing
  mx: mx1.example.com
  mx: *.mail.example.net
  max_age: 604800

What to do, in this order
  1. Make every MX host ready. Each must offer STARTTLS with a certificate that is valid for its own name and comes from an authority that senders trust.
     $ mtasts check --smtp example.com
  2. Ask for reports. Publish the TXT record at _smtp._tls.example.com, so that senders report what fails from the first day.
     $ dig +short TXT _smtp._tls.example.com
  3. Set up the web server for mta-sts.example.com. Give mta-sts.example.com an A and an AAAA record, a certificate for exactly that name, and the web server's configuration.
  4. Publish the policy. Put the policy file at https://mta-sts.example.com/.well-known/mta-sts.txt. The response must have status 200 and the media type `text/plain`; redirects are not followed.
     $ curl -si https://mta-sts.example.com/.well-known/mta-sts.txt
  5. Announce it. Publish the TXT record at _mta-sts.example.com, last of all: from then on senders fetch the policy.
     $ dig +short TXT _mta-sts.example.com
  6. Check all of it. Now, and regularly: certificates expire and MX hosts change.
     $ mtasts check example.com
  7. Enforce it. After some weeks of reports without failures, change the policy to mode `enforce`.

For a web server: --format apache, nginx or caddy. For all as files: --out DIR

"#]]);
}

#[test]
fn each_part_can_be_had_alone() {
    let output = |format: &str| {
        let output = generate(&MX).args(["--format", format]).assert().code(0);
        String::from_utf8(output.get_output().stdout.clone()).unwrap()
    };
    assert_eq!(
        output("zone"),
        "_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=20260101T000000Z;\"\n"
    );
    assert_eq!(
        output("policy"),
        "version: STSv1\nmode: testing\nmx: mx1.example.com\nmx: *.mail.example.net\n\
         max_age: 604800\n"
    );
    for (format, words) in [
        ("apache", "ServerName mta-sts.example.com\n"),
        ("nginx", "server_name mta-sts.example.com;\n"),
        ("caddy", "https://mta-sts.example.com {\n"),
    ] {
        assert!(output(format).contains(words), "{}", output(format));
    }
    let json: serde_json::Value = serde_json::from_str(&output("json")).unwrap();
    assert_eq!(json.pointer("/policy/max_age").unwrap(), 604_800);
}

#[test]
fn what_is_made_lints_clean() {
    for arguments in [&["--mode", "enforce", "--max-age", "30d"][..], &["--mode", "none"], &[]] {
        let policy = generate(&MX).args(arguments).args(["--format", "policy"]).assert().code(0);
        let policy = policy.get_output().stdout.clone();
        let lint = Command::new(cargo_bin!("mtasts")).args(["lint", "--policy", "-"]);
        let lint = lint.args(["--fail-on", "warning", "--domain", "example.com"]);
        lint.stdin(policy).assert().code(0);
    }
}

#[test]
fn an_id_is_made_of_the_time() {
    let output = generate(&["example.com", "--mx", "mx.example.com", "--format", "zone"]).assert();
    let line = String::from_utf8(output.code(0).get_output().stdout.clone()).unwrap();
    let (_, id) = line.split_once("id=").unwrap();
    let id = id.trim_end_matches(";\"\n");
    assert!(id.len() == 16 && id.starts_with("20") && id.ends_with('Z'), "{id}");
}

#[test]
fn files_are_written_and_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let out = ["--out", "sts"];
    let output = generate(&MX).args(out).current_dir(folder.path()).assert().code(0);
    output.stdout_eq(
        "sts/mta-sts.txt\nsts/records.zone\nsts/apache.conf\nsts/nginx.conf\nsts/Caddyfile\n\
         sts/STEPS.txt\n",
    );
    let policy = folder.path().join("sts/mta-sts.txt");
    assert!(fs::read_to_string(&policy).unwrap().starts_with("version: STSv1\n"));
    fs::write(&policy, "mine").unwrap();
    generate(&MX).args(out).current_dir(folder.path()).assert().code(1).stdout_eq("").stderr_eq(
        str![[r#"
error: cannot write sts/mta-sts.txt (--force replaces files)
  caused by: File exists (os error 17)

"#]],
    );
    assert_eq!(fs::read_to_string(&policy).unwrap(), "mine");
    generate(&MX).args(out).arg("--force").current_dir(folder.path()).assert().code(0);
    assert!(fs::read_to_string(&policy).unwrap().starts_with("version: STSv1\n"));
}

#[test]
fn what_is_no_use_is_refused() {
    for (arguments, error) in [
        (
            &["example.com"][..],
            "error: `--mx`: name the domain's MX hosts: without one the policy is invalid\n",
        ),
        (
            &["example.com", "--mx", "10 mx.example.com"],
            "error: `--mx 10 mx.example.com`: one host each, without the preference\n",
        ),
        (
            &["a@b", "--mx", "mx.example.com"],
            "error: `a@b`: only the name of the mail domain belongs here, such as `example.com`\n",
        ),
        (
            &["example.com", "--mx", "mx.example.com", "--max-age", "60"],
            "error: `--max-age`: below 86400 (a day): senders would forget the policy before they \
             need it\n",
        ),
    ] {
        generate(arguments).assert().code(1).stdout_eq("").stderr_eq(error);
    }
    generate(&["example.com", "--mode", "off"]).assert().code(2);
    generate(&["example.com", "--max-age", "soon"]).assert().code(2);
}
