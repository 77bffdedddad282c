//! The daemon as a real Exim uses it, with the configuration in `bindings/exim`: mail that goes, and
//! mail that must not.
//!
//! Each test has a network, an Exim and a daemon of its own: [`testkit::exim`]. What is tested is
//! tested for both ways of asking the daemon, one after the other.

use testkit::{
    exim::{self, Attempt, Configuration, Exim},
    mta::{Network, Status, skip},
    world::World,
};

use crate::daemon::Daemon;

mod dane;
mod deliveries;
mod expansions;
mod files;
mod holds;
mod module;
mod system;

use files::{GUIDE, ROUTER, TRANSPORT};
use system::Place;

/// How the configuration asks the daemon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Recipe {
    /// With `libmtasts_exim.so`.
    Module,
    /// With `${readsocket}`, which every Exim has.
    Readsocket,
}

impl Recipe {
    const ALL: [Self; 2] = [Self::Module, Self::Readsocket];

    /// The main section: the file for this recipe, after what is different in a test.
    fn main(self) -> String {
        // Mail exchangers of these tests are on loopback.
        let ignored = "MTASTS_IGNORED_HOSTS = 127.0.0.1";
        match self {
            Self::Module => {
                let module = module::path().display();
                format!("{ignored}\nMTASTS_MODULE = {module}\n{}", files::MODULE)
            }
            Self::Readsocket => format!("{ignored}\n{}", files::READSOCKET),
        }
    }

    fn exim(self, network: &Network) -> Exim<'_> {
        self.exim_with(network, "", ROUTER)
    }

    /// As [`exim`](Self::exim), with macros of the test before those of the files, and other routers.
    fn exim_with<'a>(self, network: &'a Network, macros: &str, routers: &str) -> Exim<'a> {
        let main = format!(
            "{macros}
{}",
            self.main()
        );
        Exim::new(network, &Configuration { main: &main, routers, transports: TRANSPORT })
    }
}

/// Runs a test for each Exim that there is and each recipe that it can follow, each time in a network of
/// its own.
fn for_each_recipe(test: impl Fn(&Network, Recipe) + Sync) {
    let places = system::all();
    if places.is_empty() {
        return skip("there is no Exim without MTASTS_EXIM=1");
    }
    // The other systems have no compiler.
    let _built = module::path();
    for Place { system, recipes } in places {
        for recipe in *recipes {
            exim::isolated_in(system, |network| test(network, *recipe));
        }
    }
}

/// As [`for_each_recipe`], with an Exim, and a daemon that it can ask.
fn with_daemon(test: impl Fn(&World, &Exim<'_>) + Sync) {
    for_each_recipe(|network, recipe| {
        let _daemon = Daemon::start_listening(network.world(), "");
        test(network.world(), &recipe.exim(network));
    });
}

/// Sends a message to one recipient, and returns the attempt to deliver it.
fn send(exim: &Exim<'_>, recipient: &str) -> Attempt {
    let attempts = exim.send(&[recipient]);
    let [attempt] = attempts.as_slice() else { panic!("not one attempt: {attempts:?}") };
    assert_eq!(attempt.recipient, recipient);
    attempt.clone()
}

/// Asserts that mail for the recipient was deferred for this reason, which operators find in the guide,
/// and is in the queue.
fn assert_held(exim: &Exim<'_>, attempt: &Attempt, reason: &str) {
    assert_eq!(attempt.status, Status::Deferred, "{attempt:?}");
    assert!(attempt.details.contains(reason), "{reason}: {attempt:?}");
    assert!(GUIDE.contains(reason), "{reason}");
    assert!(exim.holds(&attempt.recipient));
}
