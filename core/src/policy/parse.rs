//! Reading a policy: one pass over its lines, then the rules about what must be there.

use alloc::{boxed::Box, collections::BTreeSet, vec::Vec};

use smol_str::SmolStr;

use super::{
    Deviation, DeviationKind, Extension, MAX_MAX_AGE, Mode, Policy, PolicyError, PolicyErrorKind,
    Span, piece::Piece,
};
use crate::{
    MxPattern, MxPatternError,
    txt::{TrimWsp as _, is_field_name},
};

/// A policy, and what its text gets wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The policy.
    pub policy: Policy,
    /// The deviations from the grammar, in order; the first 256 if there are more. A policy
    /// without any is strictly valid.
    pub deviations: Vec<Deviation>,
}

const MAX_DEVIATIONS: usize = 256;
/// In UTF-8. At the start of a policy it is ignored.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Where the first line starts: behind a byte order mark, which cannot be seen.
pub(crate) fn first_line(body: &[u8]) -> usize {
    if body.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }
}

impl Policy {
    /// Reads a policy file (RFC 8461 §3.2). Deviations from the grammar that cannot weaken or
    /// widen the policy are accepted and reported.
    ///
    /// # Errors
    ///
    /// When a required field is missing or invalid. The first `version`, `mode` and `max_age`
    /// count; there is no default for any of them.
    pub fn parse(body: impl AsRef<[u8]>) -> Result<Parsed, PolicyError> {
        Self::from_octets(body.as_ref())
    }

    // Compiled once and here, whatever the caller has and is compiled for.
    fn from_octets(body: &[u8]) -> Result<Parsed, PolicyError> {
        let (policy, deviations) = read(body, &mut ());
        policy.map(|policy| Parsed { policy, deviations })
    }
}

/// Is told of the fields of a policy as they are read: the linter listens to the very parse that
/// the engine makes.
pub(crate) trait Watch<'a> {
    /// The `version`, `mode` or `max_age` that counts.
    fn first(&mut self, _name: Piece<'a>, _value: Piece<'a>) {}
    /// A `version`, `mode` or `max_age` that is ignored, since one came before it.
    fn again(&mut self, _name: Piece<'a>, _value: Piece<'a>) {}
    /// An `mx` with a pattern. `is_new` unless the pattern came before.
    fn mx(&mut self, _name: Piece<'a>, _value: Piece<'a>, _is_new: bool) {}
    /// A field that RFC 8461 does not know.
    fn extension(&mut self, _name: Piece<'a>, _value: Piece<'a>) {}
}

impl Watch<'_> for () {}

/// As [`Policy::parse`], with the deviations of a text that is no policy as well.
pub(crate) fn read<'a>(
    body: &'a [u8],
    watch: &mut dyn Watch<'a>,
) -> (Result<Policy, PolicyError>, Vec<Deviation>) {
    let mut parser = Parser::new(watch);
    parser.read(body);
    parser.finish()
}

/// A field that counts once: what its first occurrence says, or what is wrong with it.
type First<T> = Option<Result<T, PolicyError>>;

struct Parser<'a, 'w> {
    watch: &'w mut dyn Watch<'a>,
    has_text: bool,
    version: First<()>,
    mode: First<Mode>,
    max_age: First<u32>,
    mx: Vec<MxPattern>,
    known_mx: BTreeSet<MxPattern>,
    first_bad_mx: Option<(MxPatternError, Span)>,
    extensions: Vec<Extension>,
    deviations: Vec<Deviation>,
}

impl<'a, 'w> Parser<'a, 'w> {
    fn new(watch: &'w mut dyn Watch<'a>) -> Self {
        Self {
            watch,
            has_text: false,
            version: None,
            mode: None,
            max_age: None,
            mx: Vec::new(),
            known_mx: BTreeSet::new(),
            first_bad_mx: None,
            extensions: Vec::new(),
            deviations: Vec::new(),
        }
    }

    fn read(&mut self, body: &'a [u8]) {
        let start = first_line(body);
        if start > 0
            && let Some((line, _)) = Piece::lines(body, 0).next()
        {
            self.deviates(DeviationKind::ByteOrderMark, line.keep(start));
        }
        for (line, terminated) in Piece::lines(body, start) {
            self.read_line(line, terminated);
        }
    }

    fn read_line(&mut self, line: Piece<'a>, terminated: bool) {
        let allowed = usize::from(terminated && line.bytes.ends_with(b"\r"));
        let line = line.keep(line.len().saturating_sub(allowed));
        let surplus = line.bytes.iter().rev().take_while(|byte| **byte == b'\r').count();
        let content = line.keep(line.len().saturating_sub(surplus));
        if surplus > 0 {
            self.deviates(DeviationKind::CarriageReturn, line.skip(content.len()));
        }
        let content = content.trim_end();
        let field = content.trim_start();
        if field.is_empty() {
            return self.deviates(DeviationKind::BlankLine, content);
        }
        self.has_text = true;
        let indent = content.len().saturating_sub(field.len());
        if indent > 0 {
            self.deviates(DeviationKind::LeadingSpace, content.keep(indent));
        }
        self.read_field(field);
    }

    fn read_field(&mut self, field: Piece<'a>) {
        let Some((name, value)) = field.split_at_byte(b':') else {
            return self.deviates(DeviationKind::NoColon, field);
        };
        let (padded, name, value) = (name, name.trim_end(), value.trim_start());
        if !is_field_name(name.bytes) {
            return self.deviates(DeviationKind::FieldName, name);
        }
        if name.len() < padded.len() {
            self.deviates(DeviationKind::SpaceBeforeColon, padded.skip(name.len()));
        }
        match name.bytes {
            //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
            //# If any non-repeated field -- i.e., all fields excepting "mx" -- is duplicated, all
            //# entries except for the first SHALL be ignored.
            b"version" if self.version.is_none() => {
                self.watch.first(name, value);
                self.version = Some(read_version(value));
            }
            b"mode" if self.mode.is_none() => {
                self.watch.first(name, value);
                self.mode = Some(read_mode(value));
            }
            b"max_age" if self.max_age.is_none() => {
                self.watch.first(name, value);
                self.max_age = Some(read_max_age(value));
            }
            //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
            //# If a policy specifies more than one MX, each MX MUST have its own "mx:" key, and
            //# each MX key/value pair MUST be on its own line in the policy file.
            b"mx" => self.read_mx(name, value),
            key => match extension_value(value.bytes) {
                None => self.deviates(DeviationKind::FieldValue, field),
                // A repetition of a field that counts once is no extension.
                Some(_) if [&b"version"[..], b"mode", b"max_age"].contains(&key) => {
                    self.watch.again(name, value);
                }
                //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
                //# Parsers MUST accept TXT records and policy files that are syntactically valid
                //# (i.e., valid key/value pairs separated by semicolons for TXT records), possibly
                //# containing additional key/value pairs not specified in this document, in which
                //# case unknown fields SHALL be ignored.
                Some(text) => {
                    self.watch.extension(name, value);
                    let name = SmolStr::new(core::str::from_utf8(key).unwrap_or_default());
                    self.extensions.push(Extension { name, value: SmolStr::new(text) });
                }
            },
        }
    }

    fn read_mx(&mut self, name: Piece<'a>, value: Piece<'a>) {
        match MxPattern::parse_tolerant(value.bytes) {
            Ok((pattern, quirks)) => {
                if quirks.trailing_dot {
                    self.deviates(DeviationKind::TrailingDot, value);
                }
                if quirks.underscore {
                    self.deviates(DeviationKind::Underscore, value);
                }
                let is_new = self.known_mx.insert(pattern.clone());
                self.watch.mx(name, value, is_new);
                if is_new {
                    self.mx.push(pattern);
                }
            }
            Err(error) => {
                self.first_bad_mx.get_or_insert_with(|| (error, value.span()));
                self.deviates(DeviationKind::InvalidMx(error), value);
            }
        }
    }

    fn finish(self) -> (Result<Policy, PolicyError>, Vec<Deviation>) {
        let Self { has_text, version, mode, max_age, mx, extensions, .. } = self;
        let policy = (|| {
            if !has_text {
                return Err(missing(PolicyErrorKind::Empty));
            }
            version.unwrap_or(Err(missing(PolicyErrorKind::MissingVersion)))?;
            let mode = mode.unwrap_or(Err(missing(PolicyErrorKind::MissingMode)))?;
            let max_age = max_age.unwrap_or(Err(missing(PolicyErrorKind::MissingMaxAge)))?;
            if mx.is_empty() && mode != Mode::None {
                return Err(match self.first_bad_mx {
                    None => missing(PolicyErrorKind::MissingMx),
                    Some((error, span)) => {
                        PolicyError { kind: PolicyErrorKind::InvalidMx(error), span: Some(span) }
                    }
                });
            }
            Ok(Policy { mode, max_age, mx: Box::from(mx), extensions: Box::from(extensions) })
        })();
        (policy, self.deviations)
    }

    fn deviates(&mut self, kind: DeviationKind, piece: Piece<'_>) {
        if self.deviations.len() < MAX_DEVIATIONS {
            self.deviations.push(Deviation { kind, span: piece.span() });
        }
    }
}

fn read_version(value: Piece<'_>) -> Result<(), PolicyError> {
    if value.bytes == b"STSv1" {
        Ok(())
    } else {
        Err(invalid(value, PolicyErrorKind::InvalidVersion))
    }
}

fn read_mode(value: Piece<'_>) -> Result<Mode, PolicyError> {
    [Mode::Enforce, Mode::Testing, Mode::None]
        .into_iter()
        .find(|mode| value.bytes == mode.as_str().as_bytes())
        .ok_or_else(|| invalid(value, PolicyErrorKind::InvalidMode))
}

fn read_max_age(value: Piece<'_>) -> Result<u32, PolicyError> {
    if value.is_empty() || value.len() > 10 || !value.bytes.iter().all(u8::is_ascii_digit) {
        return Err(invalid(value, PolicyErrorKind::InvalidMaxAge));
    }
    let digits = core::str::from_utf8(value.bytes).unwrap_or_default();
    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
    //# Max lifetime of the policy (plaintext non-negative integer seconds, maximum value of
    //# 31557600).
    let seconds = digits.parse().ok().filter(|seconds| *seconds <= MAX_MAX_AGE);
    seconds.ok_or_else(|| invalid(value, PolicyErrorKind::MaxAgeTooLarge))
}

const fn missing(kind: PolicyErrorKind) -> PolicyError {
    PolicyError { kind, span: None }
}

fn invalid(value: Piece<'_>, kind: PolicyErrorKind) -> PolicyError {
    PolicyError { kind, span: Some(value.span()) }
}

/// The text of a value: UTF-8, not empty, without controls of US-ASCII and without spaces at its
/// ends.
fn extension_value(value: &[u8]) -> Option<&str> {
    let bare = value.trim_wsp_start().trim_wsp_end();
    let valid = !bare.is_empty() && bare == value && !bare.iter().any(u8::is_ascii_control);
    core::str::from_utf8(value).ok().filter(|_| valid)
}
