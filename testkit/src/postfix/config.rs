//! The configuration of a private instance.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::SystemTime,
};

use nix::unistd::{Group, User, chown};

use crate::{mta::HOST, world::World};

/// The services that it takes to send mail, none of them in a chroot.
const MASTER_CF: &str = "\
postlog   unix-dgram n - n -     1 postlogd
pickup    unix       n - n 60    1 pickup
cleanup   unix       n - n -     0 cleanup
qmgr      unix       n - n 300   1 qmgr
rewrite   unix       - - n -     - trivial-rewrite
smtp      unix       - - n -     - smtp
tlsmgr    unix       - - n 1000? 1 tlsmgr
bounce    unix       - - n -     0 bounce
defer     unix       - - n -     0 bounce
trace     unix       - - n -     0 bounce
flush     unix       n - n 1000? 0 flush
showq     unix       n - n -     - showq
error     unix       - - n -     - error
retry     unix       - - n -     - error
proxymap  unix       - - n -     - proxymap
";

/// Where the queue of an instance is.
pub(super) fn queue(directory: &Path) -> PathBuf {
    directory.join("queue")
}

/// The directories that only Postfix itself may enter.
const PRIVATE: [&str; 12] = [
    "data",
    "queue/active",
    "queue/bounce",
    "queue/corrupt",
    "queue/defer",
    "queue/deferred",
    "queue/flush",
    "queue/hold",
    "queue/incoming",
    "queue/private",
    "queue/saved",
    "queue/trace",
];

/// The directories that the group of its commands may use as well, and how.
const SHARED: [(&str, u32); 2] = [("queue/maildrop", 0o730), ("queue/public", 0o710)];

/// Makes a directory the configuration directory of an instance that keeps all it has in there.
///
/// The deferred messages are not spread over directories, as they are by default.
pub(super) fn write(directory: &Path, world: &World, extra: &str) -> io::Result<()> {
    make_directories(directory)?;
    // Postfix then starts without looking for what is missing or in disorder.
    fs::write(queue(directory).join("quick-start"), "")?;
    let ca = world.write_ca(directory)?;
    fs::write(directory.join("master.cf"), MASTER_CF)?;
    let main_cf = format!(
        "\
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
maillog_file = /dev/stdout
myhostname = {HOST}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
hash_queue_names = defer
queue_run_delay = 1s
minimal_backoff_time = 3s
maximal_backoff_time = 3s
smtp_tls_CAfile = {ca}
smtp_tls_loglevel = 1
{extra}
",
        queue = queue(directory).display(),
        data = directory.join("data").display(),
        ca = ca.display(),
    );
    fs::write(directory.join("main.cf"), main_cf)?;
    // Postfix reads the file again and again, with pauses, while its time stamp is recent.
    File::options()
        .write(true)
        .open(directory.join("main.cf"))?
        .set_modified(SystemTime::UNIX_EPOCH)
}

/// Makes what `postfix start` makes where it is missing, in a tenth of the time.
fn make_directories(directory: &Path) -> io::Result<()> {
    let owner = User::from_name("postfix")?.ok_or(io::ErrorKind::NotFound)?;
    let group = Group::from_name("postdrop")?.ok_or(io::ErrorKind::NotFound)?;
    fs::create_dir_all(queue(directory).join("pid"))?;
    let private = PRIVATE.map(|name| (name, 0o700, None));
    let shared = SHARED.map(|(name, mode)| (name, mode, Some(group.gid)));
    for (name, mode, group) in private.into_iter().chain(shared) {
        let directory = directory.join(name);
        fs::create_dir(&directory)?;
        chown(&directory, Some(owner.uid), group)?;
        fs::set_permissions(&directory, fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}
