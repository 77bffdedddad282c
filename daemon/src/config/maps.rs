//! `[maps]`: what a map's name says about who is asking.

use std::collections::BTreeMap;

use clap::ValueEnum;
use serde::{Serialize, Serializer};

use super::{
    problem::Problem,
    section::Section,
    value::{Choice, choice, write_choice},
};

/// The profile of each map name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Maps(BTreeMap<String, Profile>);

/// The form of the answers on a map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, ValueEnum)]
pub enum Profile {
    /// For `smtp_tls_policy_maps` of every Postfix since 3.4.
    #[default]
    Postfix,
    /// With the TLSRPT attributes of Postfix 3.10, which earlier versions refuse.
    PostfixTlsrpt,
    /// For `FEATURE(sts)` of Sendmail.
    Sendmail,
    /// For `${readsocket}` of Exim.
    Exim,
    /// The whole decision, for programs such as those that use libmtasts.
    Json,
}

impl Maps {
    /// The profile of the map of this name. Where no map has just this name, upper and lower case
    /// are the same, as they are for postfix-tlspol.
    pub fn profile(&self, name: &str) -> Option<Profile> {
        let Self(maps) = self;
        let alike = || maps.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        maps.get(name).or_else(|| alike().map(|(_, profile)| profile)).copied()
    }

    /// Every map, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Profile)> {
        let Self(maps) = self;
        maps.iter().map(|(name, profile)| (name.as_str(), *profile))
    }

    /// Adds the maps of the file to those that are always there.
    pub(super) fn read(section: &mut Section<'_, '_>) -> Self {
        let Self(mut maps) = Self::default();
        for (name, profile) in section.entries(choice) {
            let place = name.span();
            let name = name.into_inner();
            if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()) {
                let problem = Problem::error(place, "a map's name is one word");
                section.report(problem.help("in a request, the first space ends the name"));
            } else {
                maps.insert(name, profile);
            }
        }
        Self(maps)
    }
}

impl Default for Maps {
    /// Those of this daemon, and those of postfix-tlspol (`QUERY`) and postfix-mta-sts-resolver
    /// (`postfix`), whose users need not change their MTA's configuration.
    fn default() -> Self {
        let own = Profile::ALL.iter().map(|profile| (profile.map(), *profile));
        let tlspol = [("QUERY", Profile::Postfix), ("QUERYwithTLSRPT", Profile::PostfixTlsrpt)];
        Self(own.chain(tlspol).map(|(name, profile)| (name.to_owned(), profile)).collect())
    }
}

impl Choice for Profile {
    const ALL: &'static [Self] =
        &[Self::Postfix, Self::PostfixTlsrpt, Self::Sendmail, Self::Exim, Self::Json];

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl Profile {
    /// The name of the map that has this profile whatever the configuration adds.
    pub const fn map(self) -> &'static str {
        match self {
            Self::Postfix => "postfix",
            Self::PostfixTlsrpt => "postfix-tlsrpt",
            // The name in Sendmail's own `FEATURE(sts)`.
            Self::Sendmail => "sts",
            Self::Exim => "exim",
            Self::Json => "json",
        }
    }

    /// The name in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postfix => "postfix",
            Self::PostfixTlsrpt => "postfix-tlsrpt",
            Self::Sendmail => "sendmail",
            Self::Exim => "exim",
            Self::Json => "json",
        }
    }
}

impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_choice(self, serializer)
    }
}
