//! The C library: what a call costs more than the Rust it calls, and what the client costs more than
//! its socket.
//!
//! The library is the one that `cargo xtask install` installs, or the file that `MTASTS_LIBRARY` names,
//! loaded as a C program loads it.
#![expect(unsafe_code, reason = "it calls the C library")]
#![expect(clippy::expect_used, reason = "a benchmark may fail by a panic")]
#![expect(clippy::print_stdout, reason = "it reports to whoever runs it")]

use core::{
    ffi::{c_char, c_void},
    hint::black_box,
    ptr,
};
use std::{
    env, fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::net::{UnixListener, UnixStream},
    path::PathBuf,
    process::Command,
    thread,
    time::Instant,
};

use benches::{
    engines::{Asked, Contents, NOW},
    summary::Summary,
};
use criterion::Criterion;
use libloading::{Library, Symbol};
use mtasts_core::PolicyDomain;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let library = load();
    lookups(&library);
    clients(&mut criterion, &library);
    criterion.final_summary();
}

fn load() -> Library {
    // SAFETY: loading it runs nothing but the runtime's own set-up.
    unsafe { Library::new(library()) }.expect("it can be loaded")
}

fn library() -> PathBuf {
    if let Some(file) = env::var_os("MTASTS_LIBRARY") {
        return file.into();
    }
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut build = Command::new(env!("CARGO"));
    build.current_dir(root).args(["build", "--quiet", "-p", "mtasts-ffi", "--profile", "library"]);
    assert!(build.status().expect("cargo runs").success(), "the C library cannot be built");
    // This program is in target/release/deps.
    let own = env::current_exe().expect("it is a file");
    let target = own.ancestors().nth(3).expect("cargo has directories");
    target.join("library/libmtasts.so")
}

type NewEngine = unsafe extern "C" fn(*const c_void, *mut *mut c_void) -> i32;
type Lookup =
    unsafe extern "C" fn(*mut c_void, *const c_char, usize, u64, *mut *const c_void) -> i32;
type ParsePolicy = unsafe extern "C" fn(*const c_void, usize, *mut *mut c_void) -> i32;
type NewCached =
    unsafe extern "C" fn(*const c_void, *const c_char, usize, u64, u64, *mut *mut c_void) -> i32;
type Restore = unsafe extern "C" fn(*mut c_void, *const c_char, usize, *const c_void, u64) -> i32;
type NewClient = unsafe extern "C" fn(*const c_char, usize, *mut *mut c_void) -> i32;
type ClientLookup =
    unsafe extern "C" fn(*const c_void, *const c_char, usize, *mut *mut c_void) -> i32;
type Free = unsafe extern "C" fn(*mut c_void);

fn symbol<'a, T>(library: &'a Library, name: &str) -> Symbol<'a, T> {
    // SAFETY: the types above are those of the header.
    unsafe { library.get(name.as_bytes()) }.expect("the library has it")
}

const POLICY: &str = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n";
const COUNT: u32 = 1_000;

/// How often Rust and C are asked in turn, so that what else the machine does concerns both alike.
const ROUNDS: usize = 4_000;
const LOOKUPS_OF_ROUND: u32 = 500;

/// The key is read in both cases, as a server reads it from a request.
fn lookups(library: &Library) {
    let mut asked = Asked::new(COUNT, Contents::Shared);
    let engine = remembering(library, &mut asked);
    let lookup = symbol::<Lookup>(library, "mtasts_engine_lookup");
    let mut rust = || {
        let (engine, domain) = asked.ask();
        let domain = PolicyDomain::from_lookup_key(black_box(domain.as_str())).expect("it is");
        black_box(engine.lookup(&domain, NOW));
    };
    let mut asked = Asked::new(COUNT, Contents::Shared);
    let mut c = || {
        let (_, domain) = asked.ask();
        let domain = black_box(domain.as_str());
        let mut decision = ptr::null();
        // SAFETY: all pointers are valid.
        let code = unsafe {
            lookup(engine, domain.as_ptr().cast(), domain.len(), NOW.0, &raw mut decision)
        };
        assert!(code == 0 && !decision.is_null(), "it is remembered");
        black_box(decision);
    };
    let rounds: Vec<_> = (0..ROUNDS).map(|_| (round(&mut rust), round(&mut c))).collect();
    let of = |figure: fn(&(f64, f64)) -> f64| Summary::of(rounds.iter().map(figure));
    println!("ffi/lookup/rust  {:.1} ns", of(|(rust, _)| *rust));
    println!("ffi/lookup/c     {:.1} ns", of(|(_, c)| *c));
    println!("ffi/lookup: C less Rust {:.1} ns", of(|(rust, c)| c - rust));
}

/// What one of them takes, in nanoseconds.
fn round(lookup: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..LOOKUPS_OF_ROUND {
        lookup();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(LOOKUPS_OF_ROUND)
}

/// An engine of the C library that remembers the same domains.
fn remembering(library: &Library, asked: &mut Asked) -> *mut c_void {
    let mut engine = ptr::null_mut();
    let mut policy = ptr::null_mut();
    let mut cached = ptr::null_mut();
    let restore = symbol::<Restore>(library, "mtasts_engine_restore");
    // SAFETY: all pointers are valid.
    unsafe {
        symbol::<NewEngine>(library, "mtasts_engine_new")(ptr::null(), &raw mut engine);
        let parse = symbol::<ParsePolicy>(library, "mtasts_policy_parse");
        parse(POLICY.as_ptr().cast(), POLICY.len(), &raw mut policy);
        let new = symbol::<NewCached>(library, "mtasts_cached_new");
        new(policy, "1".as_ptr().cast(), 1, NOW.0, NOW.0, &raw mut cached);
    }
    for _ in 0..COUNT {
        let (_, domain) = asked.ask();
        let domain = domain.as_str();
        // SAFETY: all pointers are valid.
        let code = unsafe { restore(engine, domain.as_ptr().cast(), domain.len(), cached, NOW.0) };
        assert!(code == 0, "a policy is taken");
    }
    engine
}

const REPLY: &str = concat!(
    r#"OK {"schema_version":1,"domain":"example.com","decision":"enforce","explanation":"verified TLS to the policy's MX hosts or nothing: mode enforce under id 1, fetched 10 s ago, 86390 s left","#,
    r#""policy":{"id":"1","mode":"enforce","mx":["mx.example.com","*.example.net"],"max_age":86400,"#,
    r#""source":"cached","fetched_at":1800000000,"expires_at":1800086400,"age":10},"failure":null}"#,
);

fn clients(criterion: &mut Criterion, library: &Library) {
    let directory = tempfile::tempdir().expect("there is room");
    let path: PathBuf = directory.path().join("socket");
    let unix = UnixListener::bind(&path).expect("it is new");
    let tcp = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = tcp.local_addr().expect("it is bound").to_string();
    let reply = format!("{}:{REPLY},", REPLY.len());
    let (for_unix, for_tcp) = (reply.clone(), reply.clone());
    thread::spawn(move || unix.incoming().flatten().for_each(|stream| serve(stream, &for_unix)));
    thread::spawn(move || tcp.incoming().flatten().for_each(|stream| serve(stream, &for_tcp)));

    let socket = path.to_str().expect("it is text").to_owned();
    criterion.bench_function("ffi/client/unix/bare", |b| {
        b.iter(|| bare(UnixStream::connect(&path).expect("it listens"), reply.len()));
    });
    client(criterion, library, "ffi/client/unix/c", &socket);
    criterion.bench_function("ffi/client/tcp/bare", |b| {
        b.iter(|| bare(TcpStream::connect(&address).expect("it listens"), reply.len()));
    });
    client(criterion, library, "ffi/client/tcp/c", &address);
    fs::remove_file(&path).expect("it is there");
}

/// Reads one request of this length and answers it.
fn serve(mut stream: impl Read + Write, reply: &str) {
    let mut request = [0; 19];
    if stream.read_exact(&mut request).is_ok() {
        let _ = stream.write_all(reply.as_bytes());
    }
}

/// What cannot be left out: connecting, writing, and reading the reply.
fn bare(mut stream: impl Read + Write, length: usize) -> usize {
    stream.write_all(b"16:json example.com,").expect("it reads");
    let mut reply = [0; 4096];
    let reply = reply.get_mut(..length).expect("it fits");
    stream.read_exact(reply).expect("it writes");
    reply.len()
}

fn client(criterion: &mut Criterion, library: &Library, id: &str, address: &str) {
    let mut client = ptr::null_mut();
    // SAFETY: all pointers are valid.
    let code = unsafe {
        let new = symbol::<NewClient>(library, "mtasts_client_new");
        new(address.as_ptr().cast(), address.len(), &raw mut client)
    };
    assert_eq!(code, 0, "it is an address");
    let lookup = symbol::<ClientLookup>(library, "mtasts_client_lookup");
    let free = symbol::<Free>(library, "mtasts_decision_free");
    let key = "example.com";
    criterion.bench_function(id, |b| {
        b.iter(|| {
            let mut decision = ptr::null_mut();
            // SAFETY: all pointers are valid, and the decision is ours.
            let code = unsafe {
                let code = lookup(client, key.as_ptr().cast(), key.len(), &raw mut decision);
                free(decision);
                code
            };
            assert_eq!(code, 0, "there is an answer");
        });
    });
}
