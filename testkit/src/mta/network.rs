//! Networks that tests make for themselves.

#![expect(clippy::expect_used, reason = "a test cannot go on without a thread")]

use core::{ffi::c_int, marker::PhantomData, net::Ipv4Addr};
use std::{
    env, fs,
    io::{self, Write as _},
    os::{fd::AsRawFd as _, unix::fs::PermissionsExt as _},
    panic,
    path::Path,
    thread,
};

use nix::{
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
    sys::socket::{AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, socket},
};

use super::{resolver::Resolver, system::System};
use crate::world::World;

/// A network that has nothing but loopback, and a World whose DNS server is the system's resolver.
///
/// It is a network and a mount namespace that the thread is in, with what it starts: threads,
/// processes, and servers. So it does not leave the thread.
#[derive(Debug)]
pub struct Network {
    world: World,
    _resolver: Resolver,
    _of_this_thread: PhantomData<*const ()>,
}

impl Network {
    /// The World that is all there is.
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// Takes the thread into a new network, for good.
    fn enter(program: Program, system: Option<&System>) -> Result<Self, String> {
        let root = system.map_or_else(|| Path::new("/"), System::root);
        if !root.join(program.path.trim_start_matches('/')).exists() {
            return Err(format!("{} is not installed", program.package));
        }
        let failed = |what: &'static str| move |error: io::Error| format!("{what}: {error}");
        unshare(CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWNS)
            .map_err(io::Error::from)
            .map_err(failed("no network namespace can be made"))?;
        keep_mounts_private().map_err(failed("mounts cannot be made private"))?;
        if let Some(system) = system {
            system.enter().map_err(failed("the system cannot be entered"))?;
        }
        resolve_here().map_err(failed("/etc/resolv.conf cannot be replaced"))?;
        bring_loopback_up().map_err(failed("loopback cannot be brought up"))?;
        let world = World::start_blocking();
        let resolver = Resolver::start(world.dns_addr()).map_err(failed("no port 53"))?;
        Ok(Self { world, _resolver: resolver, _of_this_thread: PhantomData })
    }
}

/// A server that a test cannot do without.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// Where it is installed.
    pub path: &'static str,
    /// The Debian package that it comes with.
    pub package: &'static str,
}

/// Runs a test in a network of its own, if the program is there and can be used in one.
///
/// # Panics
///
/// When the test does, and when the test is skipped although `CI` is `true`.
pub fn isolated(program: Program, test: impl FnOnce(&Network) + Send) {
    run(program, None, test);
}

/// As [`isolated`], with the programs and libraries of another system.
///
/// # Panics
///
/// As [`isolated`].
pub fn isolated_in(program: Program, system: &System, test: impl FnOnce(&Network) + Send) {
    run(program, Some(system), test);
}

fn run(program: Program, system: Option<&System>, test: impl FnOnce(&Network) + Send) {
    let caller = thread::current();
    let name = caller.name().unwrap_or_default();
    let inside = || Network::enter(program, system).map(|network| test(&network));
    let outcome = thread::scope(|scope| {
        let thread = thread::Builder::new().name(name.into()).spawn_scoped(scope, inside);
        thread.expect("a thread can be started").join()
    });
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(reason)) => skip(&reason),
        Err(panicked) => panic::resume_unwind(panicked),
    }
}

/// Says that the test of this thread is skipped.
///
/// # Panics
///
/// When `CI` is `true` in the environment: nothing may be skipped there.
pub fn skip(reason: &str) {
    assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "CI=true, but {reason}");
    let test = thread::current();
    let test = test.name().unwrap_or_default();
    // Not by `eprintln`, of which nothing is to be seen when a test passes.
    let _written = writeln!(io::stderr(), "SKIPPED: {reason} ({test})");
}

/// Keeps mounts from here from appearing elsewhere.
fn keep_mounts_private() -> io::Result<()> {
    let flags = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    Ok(mount(None::<&str>, "/", None::<&str>, flags, None::<&str>)?)
}

/// Shows what is at a path at another one as well.
pub(crate) fn bind(what: &Path, target: &Path, flags: MsFlags) -> io::Result<()> {
    Ok(mount(Some(what), target, None::<&str>, MsFlags::MS_BIND | flags, None::<&str>)?)
}

/// Makes 127.0.0.1 the only name server, and one that is believed about DNSSEC.
fn resolve_here() -> io::Result<()> {
    let mut file =
        tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o644)).tempfile()?;
    file.write_all(b"nameserver 127.0.0.1\noptions trust-ad\n")?;
    // The mount outlives the file's name.
    bind(file.path(), Path::new("/etc/resolv.conf"), MsFlags::empty())
}

/// Does what `ip link set lo up` does, without that program (rtnetlink(7)).
fn bring_loopback_up() -> io::Result<()> {
    const RTM_NEWLINK: u16 = 16;
    const IFF_UP: u32 = 1;

    let link: [&[u8]; 4] = [
        &[0; 4], // any family, padding, any type
        &LOOPBACK.to_ne_bytes(),
        &IFF_UP.to_ne_bytes(), // flags
        &IFF_UP.to_ne_bytes(), // those that change
    ];
    ask_kernel(RTM_NEWLINK, 0, &link.concat())
}

/// Does what `ip address add ADDRESS/32 dev lo` does.
pub(crate) fn add_loopback_address(address: Ipv4Addr) -> io::Result<()> {
    const RTM_NEWADDR: u16 = 20;
    const NLM_F_CREATE: u16 = 0x400;
    const AF_INET: u8 = 2;
    const IFA_ADDRESS: u16 = 1;
    const IFA_LOCAL: u16 = 2;

    let attribute = |name: u16| {
        let parts: [&[u8]; 3] = [&8_u16.to_ne_bytes(), &name.to_ne_bytes(), &address.octets()];
        parts.concat()
    };
    let interface: [&[u8]; 4] = [
        &[AF_INET, 32, 0, 0], // prefix length, flags, any scope
        &LOOPBACK.to_ne_bytes(),
        &attribute(IFA_LOCAL),
        &attribute(IFA_ADDRESS),
    ];
    ask_kernel(RTM_NEWADDR, NLM_F_CREATE, &interface.concat())
}

/// The number of the interface, which is the first one everywhere.
const LOOPBACK: i32 = 1;

/// Sends a request about the network, and waits for what comes of it.
fn ask_kernel(request: u16, flags: u16, body: &[u8]) -> io::Result<()> {
    const HEADER: u32 = 16;
    const NLM_F_REQUEST_AND_ACK: u16 = 1 | 4;

    let length = HEADER + u32::try_from(body.len()).map_err(io::Error::other)?;
    let request: [&[u8]; 6] = [
        &length.to_ne_bytes(),
        &request.to_ne_bytes(),
        &(NLM_F_REQUEST_AND_ACK | flags).to_ne_bytes(),
        &0_u32.to_ne_bytes(), // sequence number
        &0_u32.to_ne_bytes(), // port: the kernel puts in ours
        body,
    ];
    let kernel = socket(
        AddressFamily::Netlink,
        SockType::Raw,
        SockFlag::SOCK_CLOEXEC,
        SockProtocol::NetlinkRoute,
    )?;
    send(kernel.as_raw_fd(), &request.concat(), MsgFlags::empty())?;
    let mut reply = [0; 128];
    recv(kernel.as_raw_fd(), &mut reply, MsgFlags::empty())?;
    // After the header there is zero, or a negative error number.
    let error = reply.get(16..20).and_then(|octets| octets.try_into().ok());
    match error.map(c_int::from_ne_bytes) {
        Some(0) => Ok(()),
        Some(error) => Err(io::Error::from_raw_os_error(-error)),
        None => Err(io::ErrorKind::InvalidData.into()),
    }
}
