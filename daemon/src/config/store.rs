//! `[store]`: where policies outlive the daemon.

use core::time::Duration;
use std::{
    env,
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use nix::unistd::{AccessFlags, access, geteuid};
use serde::{Serialize, Serializer};

use super::{
    section::Section,
    value::{Choice, choice, duration, millis, minutes, path, write_choice, write_duration},
};

/// The state directory of a system service.
const SYSTEM_DIRECTORY: &str = "/var/lib/mtasts";

/// The database in a state directory.
const DATABASE: &str = "mtasts.db";

/// Settings of the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Store {
    /// What kind of store.
    pub kind: StoreKind,
    /// The database, if the configuration names one; see [`Store::location`].
    pub path: Option<PathBuf>,
    /// Time allowed for one read or write; a slower store delays nobody.
    #[serde(serialize_with = "write_duration")]
    pub timeout: Duration,
}

/// What keeps policies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StoreKind {
    /// A SQLite database.
    #[default]
    Sqlite,
    /// Nothing: policies are forgotten when the daemon stops.
    Memory,
}

impl Store {
    pub(super) fn read(section: &mut Section<'_, '_>) -> Self {
        let default = Self::default();
        let store = Self {
            kind: section.value("kind", default.kind, choice),
            path: section.optional("path", path),
            timeout: section.value("timeout", default.timeout, duration(millis(10)..=minutes(1))),
        };
        if store.kind == StoreKind::Memory && section.has("path") {
            section.warn("path", "has no effect", "`store.kind` is \"memory\"");
        }
        store
    }

    /// Where the database is: at `path`, or at the default place for whoever runs this. The
    /// directory may not exist yet. `None` if there is no such place.
    pub fn location(&self, surroundings: &Surroundings) -> Option<PathBuf> {
        self.path.clone().or_else(|| Some(surroundings.state_directory()?.join(DATABASE)))
    }
}

impl Default for Store {
    fn default() -> Self {
        Self { kind: StoreKind::default(), path: None, timeout: Duration::from_secs(5) }
    }
}

impl Choice for StoreKind {
    const ALL: &'static [Self] = &[Self::Sqlite, Self::Memory];

    fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Memory => "memory",
        }
    }
}

impl Serialize for StoreKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_choice(self, serializer)
    }
}

/// What decides where state is kept by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// `$STATE_DIRECTORY`, which systemd sets for units with `StateDirectory=`.
    pub given: Option<OsString>,
    /// Whether `/var/lib/mtasts` is, or can be made, a directory to write to.
    pub system: bool,
    /// `$XDG_STATE_HOME`.
    pub xdg_state_home: Option<PathBuf>,
    /// The home directory.
    pub home: Option<PathBuf>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self {
            given: env::var_os("STATE_DIRECTORY"),
            // Root keeps to the system's place even if it is read-only: an error is better than a
            // database in a surprising place.
            system: geteuid().is_root() || is_writable(Path::new(SYSTEM_DIRECTORY)),
            xdg_state_home: env::var_os("XDG_STATE_HOME").map(PathBuf::from),
            home: env::home_dir(),
        }
    }

    fn state_directory(&self) -> Option<PathBuf> {
        if let Some(first) = self.given.as_deref().and_then(first_of_list) {
            return Some(first.into());
        }
        if self.system {
            return Some(SYSTEM_DIRECTORY.into());
        }
        let is_absolute = |path: &&PathBuf| path.is_absolute();
        let xdg = self.xdg_state_home.as_ref().filter(is_absolute).cloned();
        let home = || Some(self.home.as_ref().filter(is_absolute)?.join(".local/state"));
        Some(xdg.or_else(home)?.join("mtasts"))
    }
}

/// systemd separates several directories by colons.
fn first_of_list(list: &OsStr) -> Option<&Path> {
    let first = list.as_bytes().split(|byte| *byte == b':').next()?;
    (!first.is_empty()).then(|| Path::new(OsStr::from_bytes(first)))
}

/// Whether files can be made in the directory, or the directory in the one above it.
fn is_writable(directory: &Path) -> bool {
    let nearest = directory.ancestors().take(2).find(|path| path.exists());
    let wanted = AccessFlags::W_OK | AccessFlags::X_OK;
    nearest.is_some_and(|path| access(path, wanted).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing() -> Surroundings {
        Surroundings { given: None, system: false, xdg_state_home: None, home: None }
    }

    fn location(surroundings: &Surroundings) -> Option<PathBuf> {
        Store::default().location(surroundings)
    }

    #[test]
    fn the_configured_path_comes_first() {
        let store = Store { path: Some("/srv/sts.db".into()), ..Store::default() };
        let surroundings = Surroundings { given: Some("/state".into()), ..nothing() };
        assert_eq!(store.location(&surroundings), Some("/srv/sts.db".into()));
    }

    #[test]
    fn systemd_comes_before_the_system_directory() {
        let given = Some(OsString::from("/var/lib/private/mtasts:/var/lib/other"));
        let surroundings = Surroundings { given, system: true, ..nothing() };
        assert_eq!(location(&surroundings), Some("/var/lib/private/mtasts/mtasts.db".into()));
    }

    #[test]
    fn a_service_without_systemd_uses_the_system_directory() {
        let surroundings = Surroundings { system: true, home: Some("/root".into()), ..nothing() };
        assert_eq!(location(&surroundings), Some("/var/lib/mtasts/mtasts.db".into()));
    }

    #[test]
    fn a_user_gets_a_database_of_their_own() {
        let home = Surroundings { home: Some("/home/a".into()), ..nothing() };
        assert_eq!(location(&home), Some("/home/a/.local/state/mtasts/mtasts.db".into()));
        let xdg = Surroundings { xdg_state_home: Some("/home/a/s".into()), ..home.clone() };
        assert_eq!(location(&xdg), Some("/home/a/s/mtasts/mtasts.db".into()));
        // The XDG specification: relative paths are ignored.
        let relative = Surroundings { xdg_state_home: Some("s".into()), ..home.clone() };
        assert_eq!(location(&relative), location(&home));
    }

    #[test]
    fn there_may_be_no_place_at_all() {
        assert_eq!(location(&nothing()), None);
        let empty = Surroundings { given: Some(OsString::new()), ..nothing() };
        assert_eq!(location(&empty), None);
    }

    #[test]
    fn a_directory_that_can_be_made_counts_as_writable() {
        let above = tempfile::tempdir().unwrap();
        assert!(is_writable(above.path()));
        assert!(is_writable(&above.path().join("new")));
        assert!(!is_writable(&above.path().join("two/new")));
    }
}
