//! The members that every case has.

use core::fmt::Display;

use serde::{Deserialize, Deserializer};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Meta {
    /// Unique within its file. A case without one is known by its line.
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) rfc: String,
    #[serde(default)]
    pub(super) why: String,
    strictness: Option<String>,
    level: Option<String>,
    #[serde(default)]
    ambiguous: bool,
    /// The class of what is wrong. A remark: other classes are no failure.
    pub(super) error: Option<String>,
}

impl Meta {
    /// Whether outcomes listed in `also_ok` are right too.
    pub(super) fn lenient(&self) -> bool {
        self.ambiguous || self.strictness.as_deref() != Some("abnf")
    }

    /// Adds what the case says of the error to the reason why it failed.
    pub(super) fn with_error(&self, reason: &str, got: Option<impl Display>) -> String {
        let class = self.error.as_deref().unwrap_or("none");
        let got = got.map_or_else(|| "none".into(), |error| error.to_string());
        format!("{reason}\nerror    expected class {class}, got {got}")
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if let Some(other) =
            self.strictness.as_deref().filter(|s| !["abnf", "lenient-ok"].contains(s))
        {
            return Err(format!("unknown strictness `{other}`"));
        }
        let levels = ["MUST", "SHOULD", "MAY", "quality"];
        if let Some(other) = self.level.as_deref().filter(|level| !levels.contains(level)) {
            return Err(format!("unknown level `{other}`"));
        }
        Ok(())
    }
}

/// Reads a member that may be `null` but not absent.
pub(super) fn required<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    de: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(de)
}

/// Declares a case: its own members, and those that all cases have. `serde(flatten)` cannot be
/// combined with `deny_unknown_fields`, so the common members are read beside the others.
macro_rules! case {
    ($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $member:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, serde::Deserialize)]
        #[serde(try_from = "serde_json::Value")]
        pub(super) struct $name {
            meta: $crate::vectors::meta::Meta,
            $($member: $type,)*
        }

        const _: () = {
            #[derive(serde::Deserialize)]
            #[serde(deny_unknown_fields)]
            #[expect(dead_code, reason = "the common members are read through `Meta`")]
            struct Members {
                name: Option<String>,
                rfc: Option<String>,
                why: Option<String>,
                strictness: Option<String>,
                level: Option<String>,
                #[serde(default)]
                ambiguous: bool,
                error: Option<String>,
                note: Option<String>,
                $($(#[$attribute])* $member: $type,)*
            }

            impl TryFrom<serde_json::Value> for $name {
                type Error = serde_json::Error;

                fn try_from(value: serde_json::Value) -> Result<Self, Self::Error> {
                    let meta = serde_json::from_value(value.clone())?;
                    let members: Members = serde_json::from_value(value)?;
                    Ok(Self { meta, $($member: members.$member,)* })
                }
            }
        };
    };
}

pub(super) use case;
