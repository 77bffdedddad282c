//! What the shared library is called by those who link with it.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is_linux = env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux");
    if is_linux {
        // Until 1.0 the ABI may change with a minor version; the number changes when it does.
        // rustc's own version script exports `mtasts_*` alone: whatever is not `no_mangle` is local.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libmtasts.so.0");
    }
}
