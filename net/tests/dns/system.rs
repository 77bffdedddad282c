//! Servers that a file in the format of resolv.conf(5) names.
//!
//! Their port is 53, so nothing is served there: what counts is who is said not to have answered.
//! The scope keeps the packets on the loopback interface.

use core::time::Duration;
use std::{fs, path::Path};

use mtasts_net::dns::{DnsConfig, Resolver, Servers};
use tokio::time;

use crate::{NAME, far};

async fn asked(resolver: &Resolver) -> String {
    resolver.txt(NAME, far()).await.unwrap_err().detail
}

fn resolver(file: &Path) -> Resolver {
    let servers = Servers::File(file.into());
    Resolver::new(DnsConfig { servers, ..DnsConfig::default() })
}

#[tokio::test(start_paused = true)]
async fn the_files_servers_are_asked() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("resolv.conf");
    fs::write(&file, "nameserver fe80::1%lo\nnameserver fe80::2%lo\n").unwrap();
    let asked = asked(&resolver(&file)).await;
    assert!(asked.contains("[fe80::1%1]:53: ") && asked.contains("[fe80::2%1]:53: "), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn a_change_of_the_file_is_noticed_after_a_while() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("resolv.conf");
    fs::write(&file, "nameserver fe80::1%lo\noptions timeout:1 attempts:1\n").unwrap();
    let resolver = resolver(&file);
    fs::write(&file, "nameserver fe80::2%lo\noptions timeout:1 attempts:1\n").unwrap();
    assert!(asked(&resolver).await.contains("fe80::1%1"), "looked at too soon");
    time::advance(Duration::from_secs(3)).await;
    assert!(asked(&resolver).await.contains("fe80::2%1"), "not looked at");
}
