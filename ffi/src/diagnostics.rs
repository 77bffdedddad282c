//! What is wrong with a policy file, and where.

use core::ffi::{CStr, c_char, c_void};

use mtasts_core::{DeviationKind, Policy, Span};

use crate::{
    error::{self, Error},
    guard::{self, Poison, entry, handle},
    input,
    out::{Out, TextOut},
};

/// A UTF-8 byte order mark at the start.
pub const MTASTS_DEVIATION_BYTE_ORDER_MARK: i32 = 1;
/// A line with nothing on it.
pub const MTASTS_DEVIATION_BLANK_LINE: i32 = 2;
/// A carriage return too many at the end of a line.
pub const MTASTS_DEVIATION_CARRIAGE_RETURN: i32 = 3;
/// White space at the start of a line.
pub const MTASTS_DEVIATION_LEADING_SPACE: i32 = 4;
/// White space before the colon.
pub const MTASTS_DEVIATION_SPACE_BEFORE_COLON: i32 = 5;
/// A line without a colon; it is ignored.
pub const MTASTS_DEVIATION_NO_COLON: i32 = 6;
/// A line whose field name is malformed; it is ignored.
pub const MTASTS_DEVIATION_FIELD_NAME: i32 = 7;
/// A line whose value is empty or malformed; it is ignored.
pub const MTASTS_DEVIATION_FIELD_VALUE: i32 = 8;
/// A dot at the end of an MX pattern.
pub const MTASTS_DEVIATION_TRAILING_DOT: i32 = 9;
/// An underscore in an MX pattern.
pub const MTASTS_DEVIATION_UNDERSCORE: i32 = 10;
/// An MX pattern that is none; it matches nothing.
pub const MTASTS_DEVIATION_INVALID_MX: i32 = 11;

/// What is wrong with a policy file: the error that makes it no policy, or the deviations that do no
/// harm, in the order of the text. Immutable.
#[derive(Debug)]
pub struct Diagnostics {
    poison: Poison,
    items: Vec<Diagnostic>,
}

#[derive(Debug)]
struct Diagnostic {
    code: i32,
    span: Option<Span>,
    message: String,
}

handle!(Diagnostics);

/// Says what is wrong with a policy file. Succeeds whatever the text is; a text without findings is
/// strictly valid. At most 256 deviations are listed. Free `*out` with mtasts_diagnostics_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_diagnose(
    body: *const c_void,
    body_len: usize,
    out: *mut *mut Diagnostics,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let out = unsafe { Out::new(out) }?;
        // SAFETY: as above.
        let body = unsafe { input::octets(body, body_len) }?;
        out.set_new(Diagnostics { poison: Poison::default(), items: diagnose(body) });
        Ok(())
    })
}

fn diagnose(body: &[u8]) -> Vec<Diagnostic> {
    match Policy::parse(body) {
        Ok(parsed) => {
            let deviations = parsed.deviations.iter().map(|deviation| Diagnostic {
                code: code(deviation.kind),
                span: Some(deviation.span),
                message: deviation.kind.to_string(),
            });
            deviations.collect()
        }
        Err(error) => vec![Diagnostic {
            code: Error::from(error).code(),
            span: error.span,
            message: error.kind.to_string(),
        }],
    }
}

/// How many findings there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_diagnostics_count(diagnostics: *const Diagnostics) -> i32 {
    // SAFETY: the header asks for it.
    unsafe { guard::shared(diagnostics, |diagnostics| Ok(diagnostics.items.len())) }
}

/// What the finding with this index is, from 0: writes a MTASTS_ERR_POLICY_... (below 0) or a
/// MTASTS_DEVIATION_... (above 0).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_diagnostics_code(
    diagnostics: *const Diagnostics,
    index: usize,
    out: *mut i32,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(diagnostics, |diagnostics| {
            let out = Out::new(out)?;
            out.set(diagnostics.items.get(index).ok_or(Error::INDEX)?.code);
            Ok(())
        })
    }
}

/// Where the finding is: offsets of its first octet and after its last one, and line and column of the
/// first, counted from 1; a column is an octet of the line. MTASTS_ERR_ABSENT where something is
/// missing, which is nowhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_diagnostics_place(
    diagnostics: *const Diagnostics,
    index: usize,
    start: *mut u32,
    end: *mut u32,
    line: *mut u32,
    column: *mut u32,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(diagnostics, |diagnostics| {
            let (start, end) = (Out::new(start)?, Out::new(end)?);
            let (line, column) = (Out::new(line)?, Out::new(column)?);
            let item = diagnostics.items.get(index).ok_or(Error::INDEX)?;
            let span = item.span.ok_or(Error::ABSENT)?;
            start.set(span.start);
            end.set(span.end);
            line.set(span.line);
            column.set(span.column);
            Ok(())
        })
    }
}

/// The finding in words. Borrowed from `diagnostics`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_diagnostics_message(
    diagnostics: *const Diagnostics,
    index: usize,
    message: *mut *const c_char,
    message_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(diagnostics, |diagnostics| {
            let out = TextOut::new(message, message_len)?;
            out.lend(&diagnostics.items.get(index).ok_or(Error::INDEX)?.message);
            Ok(())
        })
    }
}

/// What a finding's code is called: as mtasts_error_name, and "deviation-blank-line" and the like for
/// deviations. Static; never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn mtasts_diagnostic_name(code: i32) -> *const c_char {
    let row = DEVIATIONS.iter().find(|(deviation, _)| *deviation == code);
    row.map_or_else(|| error::name(code), |(_, name)| name).as_ptr()
}

const DEVIATIONS: [(i32, &CStr); 11] = [
    (MTASTS_DEVIATION_BYTE_ORDER_MARK, c"deviation-byte-order-mark"),
    (MTASTS_DEVIATION_BLANK_LINE, c"deviation-blank-line"),
    (MTASTS_DEVIATION_CARRIAGE_RETURN, c"deviation-carriage-return"),
    (MTASTS_DEVIATION_LEADING_SPACE, c"deviation-leading-space"),
    (MTASTS_DEVIATION_SPACE_BEFORE_COLON, c"deviation-space-before-colon"),
    (MTASTS_DEVIATION_NO_COLON, c"deviation-no-colon"),
    (MTASTS_DEVIATION_FIELD_NAME, c"deviation-field-name"),
    (MTASTS_DEVIATION_FIELD_VALUE, c"deviation-field-value"),
    (MTASTS_DEVIATION_TRAILING_DOT, c"deviation-trailing-dot"),
    (MTASTS_DEVIATION_UNDERSCORE, c"deviation-underscore"),
    (MTASTS_DEVIATION_INVALID_MX, c"deviation-invalid-mx"),
];

const fn code(kind: DeviationKind) -> i32 {
    match kind {
        DeviationKind::ByteOrderMark => MTASTS_DEVIATION_BYTE_ORDER_MARK,
        DeviationKind::BlankLine => MTASTS_DEVIATION_BLANK_LINE,
        DeviationKind::CarriageReturn => MTASTS_DEVIATION_CARRIAGE_RETURN,
        DeviationKind::LeadingSpace => MTASTS_DEVIATION_LEADING_SPACE,
        DeviationKind::SpaceBeforeColon => MTASTS_DEVIATION_SPACE_BEFORE_COLON,
        DeviationKind::NoColon => MTASTS_DEVIATION_NO_COLON,
        DeviationKind::FieldName => MTASTS_DEVIATION_FIELD_NAME,
        DeviationKind::FieldValue => MTASTS_DEVIATION_FIELD_VALUE,
        DeviationKind::TrailingDot => MTASTS_DEVIATION_TRAILING_DOT,
        DeviationKind::Underscore => MTASTS_DEVIATION_UNDERSCORE,
        DeviationKind::InvalidMx(_) => MTASTS_DEVIATION_INVALID_MX,
    }
}

/// Frees findings. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_diagnostics_free(diagnostics: *mut Diagnostics) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(diagnostics) }
}
