//! The directories that OpenSMTPD cannot be told to use others for.

use core::net::Ipv4Addr;
use std::{
    fs::{self, File},
    io,
    path::Path,
};

use nix::mount::{MsFlags, mount};

use crate::mta::{add_loopback_address, bind};

/// Where it looks for tables (those of a Debian package).
const TABLES: &str = "/usr/libexec/opensmtpd";
/// Where it trusts certificates from.
const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";
/// Its resolver passes over addresses of a family that no interface has but loopback's own.
const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);

/// Covers what is there with what is the test's own. The thread is in a mount namespace that shows
/// this to nobody else.
pub(super) fn prepare(ca: &Path, table: &Path) -> io::Result<()> {
    add_loopback_address(ADDRESS)?;
    let name = table.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    // Copied while it can still be seen, wherever it is.
    let program = fs::read(table)?;
    // Its socket, its queue, its tables.
    for directory in ["/run", "/var/spool", TABLES] {
        let (memory, mode) = (Some("tmpfs"), Some("mode=755"));
        mount(memory, directory, memory, MsFlags::empty(), mode)?;
    }
    let installed = Path::new(TABLES).join(name);
    fs::write(&installed, program)?;
    fs::set_permissions(&installed, fs::metadata(table)?.permissions())?;
    if let Some(directory) = Path::new(CERTIFICATES).parent() {
        fs::create_dir_all(directory)?;
    }
    File::options().append(true).create(true).open(CERTIFICATES)?;
    bind(ca, Path::new(CERTIFICATES), MsFlags::empty())
}
