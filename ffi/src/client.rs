//! Asking a running daemon.

use core::{ffi::c_char, time::Duration};

use mtasts_client::{Answer, Client as CoreClient, ClientError, Reply};
use mtasts_core::{Decision as CoreDecision, Unprotected, Why};

use crate::{
    decision::{Decision, Told},
    error::Error,
    guard::{self, Poison, entry, handle},
    input,
    out::{Buffer, Out},
};

/// Asks a running daemon. It is an address and a time limit: each lookup opens a connection and closes
/// it, and nothing else is kept. So it may be used after fork(), and by several threads at a time unless
/// one of them changes it. It starts no threads, and raises no SIGPIPE.
#[derive(Debug)]
pub struct Client {
    poison: Poison,
    client: CoreClient,
}

handle!(Client);

/// A client of the daemon at an address: the path of a Unix socket (with a `/` in it), or a host and a
/// port (`127.0.0.1:8461`, `[::1]:8461`). A host that is a name is resolved at every lookup, and the
/// system's resolver knows no time limit: better is an address. Nothing is opened yet. Free `*out` with
/// mtasts_client_free.
///
/// Errors: MTASTS_ERR_CLIENT_ADDRESS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_client_new(
    address: *const c_char,
    address_len: usize,
    out: *mut *mut Client,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let out = unsafe { Out::new(out) }?;
        // SAFETY: as above.
        let address = unsafe { input::text(address, address_len) }?;
        let client = CoreClient::new(address.parse::<mtasts_client::Address>()?);
        out.set_new(Client { poison: Poison::default(), client });
        Ok(())
    })
}

/// The time for each lookup as a whole (connecting, waiting and reading), in milliseconds, at least 1.
/// 100 s unless told otherwise; the daemon's own limit (`socketmap.lookup_timeout`) should be shorter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_client_set_timeout_ms(client: *mut Client, timeout_ms: u32) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(client, |client| {
            if timeout_ms == 0 {
                return Err(Error::VALUE);
            }
            let timeout = Duration::from_millis(timeout_ms.into());
            client.client = client.client.clone().with_timeout(timeout);
            Ok(())
        })
    }
}

/// Asks the daemon for the decision for a lookup key as MTAs write it: `example.com`, `[host]`,
/// `host:port`, `[host]:port`. A key that names no Policy Domain has no policy, which is an answer. Free
/// `*out` with mtasts_decision_free.
///
/// Errors: MTASTS_ERR_CLIENT_...: hold the mail then, for its domain may demand verified TLS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_client_lookup(
    client: *const Client,
    key: *const c_char,
    key_len: usize,
    out: *mut *mut Decision,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(client, |client| {
            let out = Out::new(out)?;
            let key = input::text(key, key_len)?;
            out.set_new(ask(&client.client, key).map_err(|error| Error::from(&error))?);
            Ok(())
        })
    }
}

/// As mtasts_client_lookup. If it fails for a MTASTS_ERR_CLIENT_... it says why in words for a log
/// ("the daemon at 127.0.0.1:8461 cannot be reached: Connection refused"): they are written to `buf`,
/// cut to its size, with a NUL. On success nothing is written there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_client_lookup_why(
    client: *const Client,
    key: *const c_char,
    key_len: usize,
    out: *mut *mut Decision,
    buf: *mut c_char,
    cap: usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(client, |client| {
            let out = Out::new(out)?;
            let buffer = Buffer::new(buf, cap, core::ptr::null_mut())?;
            let key = input::text(key, key_len)?;
            let decision = ask(&client.client, key).map_err(|error| {
                buffer.write_cut(&in_words(&error));
                Error::from(&error)
            })?;
            out.set_new(decision);
            Ok(())
        })
    }
}

fn ask(client: &CoreClient, key: &str) -> Result<Decision, ClientError> {
    match client.ask("json", key)? {
        Reply::Ok(json) => {
            let Answer { decision, explanation, failure } = Answer::from_json(&json)?;
            Ok(Decision::told(decision, Told { json, explanation, failure }))
        }
        Reply::NotFound => {
            Ok(Decision::new(CoreDecision::Opportunistic(Unprotected::new(Why::NoRecord))))
        }
        Reply::Temp(reason) => Err(ClientError::Temporary(reason)),
        Reply::Perm(reason) => Err(ClientError::Refused(reason)),
    }
}

/// The error and what caused it.
fn in_words(error: &ClientError) -> String {
    let mut text = error.to_string();
    let mut source = core::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

/// Frees a client. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_client_free(client: *mut Client) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(client) }
}
