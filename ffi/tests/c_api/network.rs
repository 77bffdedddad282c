//! A loopback network with a domain that publishes a policy.

use std::path::PathBuf;

use tempfile::TempDir;
use testkit::world::{World, enforce};

pub(crate) struct Network {
    world: World,
    ca: PathBuf,
    directory: TempDir,
}

impl Network {
    pub(crate) fn start() -> Self {
        let world = World::start_blocking();
        let directory = tempfile::tempdir().unwrap();
        let ca = world.write_ca(directory.path()).unwrap();
        world.publish("good.test", "1", &enforce(&["mx.good.test"]));
        Self { world, ca, directory }
    }

    /// DNS server, HTTPS port, CA file, cache file.
    pub(crate) fn arguments(&self) -> [String; 4] {
        [
            self.world.dns_addr().to_string(),
            self.world.https_port().to_string(),
            self.ca.display().to_string(),
            self.directory.path().join("cache.sqlite").display().to_string(),
        ]
    }

    pub(crate) const fn world(&self) -> &World {
        &self.world
    }
}
