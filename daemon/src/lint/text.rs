//! The texts that findings are about, and what people call them.

use core::fmt;

use mtasts_core::lint::{Place, Publication};

/// The texts that findings are about.
#[derive(Clone, Debug)]
pub struct Texts<'a> {
    publication: &'a Publication,
    /// What the policy is called: a file, or a URL.
    policy: TextName,
    txt: TextName,
    tlsrpt: TextName,
}

/// What a text is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextName {
    /// It is in a file.
    File(String),
    /// It is somewhere else: an argument of the command line, a record in DNS.
    Other(String),
}

impl TextName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::File(name) | Self::Other(name) => name,
        }
    }

    fn numbered(&self, index: u32, count: usize) -> Self {
        if count < 2 {
            return self.clone();
        }
        let number = index.saturating_add(1);
        match self {
            Self::File(name) => Self::File(name.clone()),
            Self::Other(name) => Self::Other(format!("{name} ({number} of {count})")),
        }
    }
}

impl fmt::Display for TextName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'a> Texts<'a> {
    /// The texts of what was given on a command line: the policy is in a file, or came over the
    /// standard input.
    #[must_use]
    pub fn of_arguments(publication: &'a Publication, policy: TextName) -> Self {
        let (txt, tlsrpt) = (TextName::Other("--txt".into()), TextName::Other("--tlsrpt".into()));
        Self { publication, policy, txt, tlsrpt }
    }

    /// The texts of a live domain.
    #[must_use]
    pub fn of_domain(publication: &'a Publication) -> Self {
        let domain = publication.domain.as_ref();
        let name = |name: Option<String>| TextName::Other(name.unwrap_or_default());
        Self {
            publication,
            policy: name(domain.map(|domain| {
                format!("https://{}{}", domain.policy_host(), mtasts_core::WELL_KNOWN_PATH)
            })),
            txt: name(domain.map(|domain| domain.txt_name().into())),
            tlsrpt: name(domain.map(|domain| domain.tlsrpt_name().into())),
        }
    }

    /// The text that a place is in, and its name. None: the place is in no text.
    #[must_use]
    pub fn find(&self, place: Place) -> Option<(TextName, Vec<u8>)> {
        let record =
            |set: &'a Option<mtasts_core::lint::RecordSet>, name: &TextName, index: u32| {
                let records = &set.as_ref()?.records;
                let record = records.get(usize::try_from(index).ok()?)?;
                Some((name.numbered(index, records.len()), record.joined()))
            };
        match place {
            Place::TxtRecord(index) => record(&self.publication.txt, &self.txt, index),
            Place::TlsRptRecord(index) => record(&self.publication.tlsrpt, &self.tlsrpt, index),
            Place::Policy => Some((self.policy.clone(), self.publication.policy.clone()?)),
            Place::Txt
            | Place::Http
            | Place::Certificate
            | Place::Mx
            | Place::MxHost(_)
            | Place::TlsRpt
            | Place::Dane
            | Place::Previous => None,
        }
    }
}

/// A text in which nothing is invisible, and nothing is there that a terminal acts on.
#[must_use]
pub fn visible(text: &str) -> String {
    // Controls, characters without width, and those that turn the direction of writing (UAX #9).
    let acts = |c: char| {
        let has_no_width = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
        let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        c.is_control() || has_no_width || turns
    };
    text.chars().map(|c| if acts(c) { '\u{fffd}' } else { c }).collect()
}
