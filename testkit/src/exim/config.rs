//! The configuration of a private instance.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use nix::{
    mount::{MsFlags, mount, umount},
    unistd::{User, chown},
};
use tempfile::TempDir;

use crate::{mta::HOST, world::World};

/// What a test adds to the configuration, section by section.
#[derive(Clone, Copy, Debug)]
pub struct Configuration<'a> {
    /// The main section.
    pub main: &'a str,
    /// The routers. `local_domains` is a list that there is, and it is empty.
    pub routers: &'a str,
    /// The transports.
    pub transports: &'a str,
}

/// Where GnuTLS looks for the system's trusted certificates.
const TRUST: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Where Debian's Exim looks for its configuration first. One named with `-C` costs it its privileges.
const FILE: &str = "/etc/exim4/exim4.conf";

/// What it logs of its deliveries.
pub(super) fn log(directory: &Path) -> PathBuf {
    directory.join("spool/log/mainlog")
}

/// Makes the directory of an instance.
pub(super) fn write(world: &World, configuration: &Configuration<'_>) -> io::Result<TempDir> {
    let Configuration { main, routers, transports } = configuration;
    let directory = tempfile::Builder::new()
        .prefix("exim")
        .permissions(fs::Permissions::from_mode(0o755))
        .tempdir()?;
    let spool = directory.path().join("spool");
    fs::create_dir(&spool)?;
    let owner = User::from_name("Debian-exim")?.ok_or(io::ErrorKind::NotFound)?;
    chown(&spool, Some(owner.uid), Some(owner.gid))?;
    put(&world.write_ca(directory.path())?, TRUST)?;
    let text = format!(
        "\
primary_hostname = {HOST}
spool_directory = {spool}
log_file_path = {spool}/log/%slog
domainlist local_domains =
disable_ipv6 = true
keep_environment =
{main}
begin routers
{routers}
begin transports
{transports}
begin retry
* * F,1d,15m
",
        spool = spool.display(),
    );
    let file = directory.path().join("exim.conf");
    fs::write(&file, text)?;
    put(&file, FILE)?;
    Ok(directory)
}

/// Puts a file in the place of another one. The thread is in a mount namespace of its own.
fn put(file: &Path, place: &str) -> io::Result<()> {
    let place = Path::new(place);
    if !place.exists() {
        fs::create_dir_all(place.parent().unwrap_or(place))?;
        File::create(place)?;
    }
    Ok(mount(Some(file), place, None::<&str>, MsFlags::MS_BIND, None::<&str>)?)
}

/// Ends what [`write()`] has put in the place of other files.
pub(super) fn remove() -> io::Result<()> {
    umount(TRUST)?;
    Ok(umount(FILE)?)
}
